"""A room that cannot even be read, or written, stops no other room."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.heating.io.rooms import RoomProbe
from custom_components.load_sharing.heating.io.valves import NumberValve

from ..homes.radiators import BATH, LOUNGE, STUDY, RadiatorHouse

ROOMS = {"bath": BATH, "lounge": LOUNGE, "study": STUDY}


async def share(radiators: RadiatorHouse) -> None:
    """Share: the bath calls, and the lounge and the study take some of the heat."""
    await radiators.set_up_heating(rooms=ROOMS)
    await radiators.cool_down()
    await radiators.wait(5)


def break_room(monkeypatch: pytest.MonkeyPatch, climate: str) -> None:
    """Let whatever reads a room trip over its thermostat."""
    read = RoomProbe.read

    def fail(probe: RoomProbe, *, held: bool) -> Any:
        if probe._config.climate == climate:
            raise IndexError("list index out of range")
        return read(probe, held=held)

    monkeypatch.setattr(RoomProbe, "read", fail)


async def test_a_room_that_cannot_be_read_stops_no_other(
    radiators: RadiatorHouse,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The lounge takes no part, the study does; then the lounge is back."""
    break_room(monkeypatch, "climate.lounge")
    await share(radiators)
    assert radiators.opening("lounge") == 0
    assert radiators.thermostats["study"].sent == [22.0]
    assert radiators.state("sensor.lounge_reason") == "unavailable"
    assert caplog.text.count("Lounge: reading failed") == 1
    monkeypatch.undo()
    await radiators.wait(120)
    assert radiators.opening("lounge") > 0


async def test_a_valve_that_cannot_be_read_keeps_no_other_open(
    hass: HomeAssistant, radiators: RadiatorHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the site is unloaded, all others are given back."""
    await share(radiators)
    assert radiators.opening("lounge") == 90
    read = NumberValve.read

    def fail(valve: NumberValve) -> float | None:
        if valve.entity_id == "number.lounge_valve":
            raise TypeError("not a number")
        return read(valve)

    monkeypatch.setattr(NumberValve, "read", fail)
    await radiators.wait(120)
    assert await hass.config_entries.async_unload("site")
    assert radiators.thermostats["study"].target_temperature == 16.0
