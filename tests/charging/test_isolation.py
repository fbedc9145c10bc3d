"""A charger or a meter that cannot even be read stops no other."""

import pytest

from custom_components.load_sharing.charging.io.chargers import ChargerProbe
from custom_components.load_sharing.charging.io.currents import CurrentGate

from ..homes.house import (
    CHARGER,
    METER,
    NUMBER,
    SECOND_CHARGER,
    SECOND_NUMBER,
    Car,
    House,
)

PROBLEM = "binary_sensor.garage_charger_problem"
SECOND_PROBLEM = "binary_sensor.garage_2_charger_problem"


def break_reading(monkeypatch: pytest.MonkeyPatch, entity_id: str) -> None:
    """Let whatever reads a charger's number trip over it."""
    read = ChargerProbe.status

    def fail(probe: ChargerProbe, *args: object) -> object:
        if getattr(probe._config.control, "entity", None) == entity_id:
            raise IndexError("list index out of range")
        return read(probe, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(ChargerProbe, "status", fail)


@pytest.mark.parametrize("broken", [NUMBER, SECOND_NUMBER])
async def test_a_charger_that_cannot_be_read_stops_no_other(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    """Both take 10 A beside 4 A; then the house takes 20 A of 32 A."""
    await house.put_up_second()
    house.number.show(10)
    house.second_number.show(10)
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await house.measure(24)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    await house.live(10, 4, *cars)
    break_reading(monkeypatch, broken)
    seen_a = await house.live(60, 20, *cars)
    assert seen_a[-1] <= 32
    problems = {NUMBER: PROBLEM, SECOND_NUMBER: SECOND_PROBLEM}
    for entity_id, problem in problems.items():
        assert house.state(problem) == ("on" if entity_id == broken else "off")
    assert caplog.text.count("reading the charger failed") == 1
    monkeypatch.undo()
    await house.live(5, 20, *cars)
    assert house.state(PROBLEM) == house.state(SECOND_PROBLEM) == "off"


async def test_a_charger_that_cannot_be_read_is_not_raised(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has 10 A, and keeps them while there are 28 A."""
    house.number.show(10)
    car = Car(house.hass, NUMBER)
    await house.measure(24)
    await house.set_up()
    await house.live(10, 14, car)
    house.sent.clear()
    break_reading(monkeypatch, NUMBER)
    await house.live(60, 4, car)
    assert house.sent == []


async def test_a_charger_that_cannot_be_read_at_first_starts_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site starts all the same, and the charger has its current once it is read."""
    house.number.show(10)
    car = Car(house.hass, NUMBER)
    await house.measure(14)
    break_reading(monkeypatch, NUMBER)
    await house.set_up()
    await house.live(10, 4, car)
    assert house.state(PROBLEM) == "on"
    monkeypatch.undo()
    await house.live(60, 4, car)
    assert house.state(PROBLEM) == "off"
    assert float(house.state(NUMBER)) > 10


async def test_a_meter_that_cannot_be_read_is_a_lost_meter(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The charger of 20 A is paused after the grace of 10 s."""
    house.number.show(20)
    await house.measure(30)
    await house.set_up()
    read = CurrentGate.read

    def fail(gate: CurrentGate, state: object, *args: object) -> object:
        if getattr(state, "entity_id", None) == METER:
            raise TypeError("unhashable type: 'list'")
        return read(gate, state, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(CurrentGate, "read", fail)
    await house.measure(31)
    assert house.state("binary_sensor.home_meter_problem") == "on"
    await house.measure(31.5)
    await house.wait(12)
    assert house.state(NUMBER) == "0.0"
    assert caplog.text.count("reading the meter failed") == 1
