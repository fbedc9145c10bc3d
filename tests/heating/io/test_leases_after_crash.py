"""After a crash, valves are not shut on a boiler that needs some of them open."""

from typing import Any

from homeassistant.core import CoreState, HomeAssistant
import pytest

from ...homes.radiators import BATH, BURNER, HALL, LOUNGE, RadiatorHouse
from .test_leases import JOURNAL, journal

MINIMUM = "number.home_heating_minimum_open"
ROOMS = {"bath": BATH, "lounge": LOUNGE, "hall": HALL}


def held(room: str, opening: float, prior: float = 0.0) -> dict[str, Any]:
    """What the journal has of a valve that was held when the machine died."""
    return {
        "entity_id": f"number.{room}_valve",
        "kind": "valve",
        "prior": prior,
        "held": [opening],
        "taken_at": "2026-01-05T04:55:00+00:00",
    }


async def crash(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    storage: dict[str, Any],
    minimum_pct: float,
    **openings: float,
) -> None:
    """Start again after a crash that has left valves open, while the bath's is shut.

    The boiler burns, and is tuned to need so much open.
    """
    radiators.valves["bath"].show(0)
    await radiators.set_up_heating(rooms=ROOMS)
    await radiators.tune(MINIMUM, minimum_pct)
    await hass.config_entries.async_unload("site")
    for room, opening in openings.items():
        radiators.valves[room].show(opening)
    storage[JOURNAL]["data"] = {
        room: held(room, opening) for room, opening in openings.items()
    }
    assert await hass.config_entries.async_setup("site")
    await hass.async_block_till_done()


async def test_the_last_valves_wait_for_those_of_the_callers(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """100 % are needed. The lounge and the hall are at 90 % each, the bath is shut."""
    await crash(hass, radiators, hass_storage, 100, lounge=90, hall=90)
    await radiators.wait(600)
    assert (radiators.opening("lounge"), radiators.opening("hall")) == (90, 90)
    assert set(journal(hass_storage)) == {"lounge", "hall"}
    assert radiators.state("sensor.lounge_reason") == "minimum_open"
    radiators.valves["bath"].show(60)
    await radiators.wait(600)
    assert sorted((radiators.opening("lounge"), radiators.opening("hall"))) == [0, 90]
    radiators.valves["bath"].show(100)
    await radiators.wait(600)
    assert (radiators.opening("lounge"), radiators.opening("hall")) == (0, 0)
    assert journal(hass_storage) == {}


async def test_what_the_boiler_does_not_need_goes_back_at_once(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """80 % are needed, and two valves are at 90 %."""
    await crash(hass, radiators, hass_storage, 80, lounge=90, hall=90)
    await radiators.wait(5)
    assert sorted((radiators.opening("lounge"), radiators.opening("hall"))) == [0, 90]


async def test_they_go_back_when_the_pump_has_stopped(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """The burner burns for five minutes more; the pump runs on for three."""
    await crash(hass, radiators, hass_storage, 100, lounge=90)
    await radiators.wait(300)
    await radiators.set_state(BURNER, "off")
    await radiators.wait(170)
    assert radiators.opening("lounge") == 90
    await radiators.wait(20)
    assert radiators.opening("lounge") == 0


@pytest.mark.parametrize("burner", ["off", "unavailable"])
async def test_the_burner_may_have_burned_until_the_start(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_storage: dict[str, Any],
    burner: str,
) -> None:
    """It does not, as far as is known: the valve waits for the pump's overrun."""
    await radiators.set_state(BURNER, burner)
    await crash(hass, radiators, hass_storage, 100, lounge=90)
    await radiators.wait(170)
    assert radiators.opening("lounge") == 90
    await radiators.wait(70)
    assert radiators.opening("lounge") == 0


async def test_nothing_is_shut_before_everything_can_be_read(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Home Assistant still starts, and its bridges come last: 10 minutes in all."""
    hass.set_state(CoreState.starting)
    await radiators.set_state(BURNER, "unavailable")
    await crash(hass, radiators, hass_storage, 100, lounge=90)
    radiators.valves["lounge"].show_available(False)
    await radiators.wait(300)
    hass.set_state(CoreState.running)
    await radiators.warm_bath(20.1)
    await radiators.wait(60)
    await radiators.set_state(BURNER, "on")
    await radiators.wait(60)
    radiators.valves["lounge"].show_available(True)
    await radiators.wait(600)
    assert radiators.opening("lounge") == 90
    radiators.valves["bath"].show(100)
    await radiators.wait(600)
    assert radiators.opening("lounge") == 0


async def test_a_valve_that_was_moved_meanwhile_is_left_alone(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Left at 90 %, it is at 40 % by now: that is its owner's, whatever is needed."""
    await crash(hass, radiators, hass_storage, 100, lounge=90)
    assert radiators.opening("lounge") == 90
    await hass.config_entries.async_unload("site")
    radiators.valves["lounge"].show(40)
    hass_storage[JOURNAL]["data"] = {"lounge": held("lounge", 90)}
    await hass.config_entries.async_setup("site")
    await radiators.wait(120)
    assert radiators.opening("lounge") == 40
    assert journal(hass_storage) == {}


async def test_a_kept_valve_that_is_moved_by_hand_is_theirs(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Shut at the head a minute after the start: the boiler does not outrank a person."""
    await crash(hass, radiators, hass_storage, 100, lounge=90)
    await radiators.wait(60)
    radiators.valves["lounge"].show(30, user_id="someone")
    await radiators.wait(600)
    assert radiators.opening("lounge") == 30
    assert journal(hass_storage) == {}


async def test_sharing_that_is_switched_off_keeps_nothing(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Whoever switches it off has every valve back at once."""
    await crash(hass, radiators, hass_storage, 100, lounge=90)
    await radiators.switch_on(on=False)
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0


async def test_a_valve_that_is_back_elsewhere_while_sharing_wants_it(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Left at 90 % and unreachable, it returns at 5 %: its owner's, and opened anew."""
    valve = radiators.valves["lounge"]
    valve.show_available(False)
    await crash(hass, radiators, hass_storage, 100, lounge=90)
    radiators.valves["bath"].show(100)
    await radiators.wait(60)
    await radiators.cool_down()
    await radiators.wait(60)
    valve.show(5)
    valve.show_available(True)
    await radiators.wait(300)
    assert radiators.opening("lounge") == 90
    assert journal(hass_storage)["lounge"]["prior"] == 5.0
