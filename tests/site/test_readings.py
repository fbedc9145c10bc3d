"""Which readings of the meter are accepted."""

from homeassistant.core import HomeAssistant
import pytest

from ..homes.house import DRAW, METER, NUMBER, SUPPLY, THREE_PHASES, House

METER_PROBLEM = "binary_sensor.home_meter_problem"
SERVICE_CURRENT = "sensor.home_service_current"


@pytest.mark.parametrize(
    ("value", "unit", "amperes"),
    [
        (20.0, "A", "20.0"),
        (20500, "mA", "20.5"),
        (4600, "W", "20.0"),
        (4.6, "kW", "20.0"),
        (0.0046, "MW", "20.0"),
        (-2300, "W", "-10.0"),
        (0, "W", "0.0"),
    ],
)
async def test_every_unit_of_current_and_power_becomes_amperes(
    house: House, value: float, unit: str, amperes: str
) -> None:
    """A meter in kW is not one in W."""
    await house.measure(value, unit=unit)
    await house.set_up()
    assert house.state(SERVICE_CURRENT) == amperes
    assert house.state(METER_PROBLEM) == "off"


@pytest.mark.parametrize(
    ("value", "unit", "problem"),
    [
        ("nan", "A", "not_a_number"),
        ("inf", "A", "not_a_number"),
        ("-inf", "W", "not_a_number"),
        ("much", "A", "not_a_number"),
        ("", "A", "not_a_number"),
        ("unknown", "A", "unavailable"),
        ("unavailable", "A", "unavailable"),
        (20, "kWh", "wrong_unit"),
        (20, "V", "wrong_unit"),
        (20, None, "wrong_unit"),
        (10, "MW", "implausible"),
        (321, "A", "implausible"),
        (-321, "A", "implausible"),
    ],
)
async def test_a_reading_that_means_nothing_is_not_used(
    house: House, value: float | str, unit: str | None, problem: str
) -> None:
    """20 A, then nonsense: the charger keeps 10 A for the grace, then pauses."""
    lost = house.listen("load_sharing_meter_lost")
    house.number.show(10)
    await house.measure(20)
    await house.set_up()
    await house.wait(30)
    offered = house.sent[-1]
    await house.measure(value, unit=unit)
    assert house.state(METER_PROBLEM) == "on"
    assert house.state(SERVICE_CURRENT) == "unknown"
    assert [event.data["reason"] for event in lost] == [problem]
    await house.wait(9)
    assert house.sent[-1] == offered
    await house.wait(2)
    assert house.sent[-1] == 0


async def test_nonsense_each_second_is_told_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """A faulty meter fills neither the log nor the event bus."""
    lost = house.listen("load_sharing_meter_lost")
    await house.measure(20)
    await house.set_up()
    for second in range(10):
        await house.measure(f"babble {second}")
        await house.wait(1)
    assert len(lost) == 1
    assert caplog.text.count(f"{METER} cannot be used: not_a_number") == 1


async def test_a_meter_that_disappears_is_lost(
    hass: HomeAssistant, house: House
) -> None:
    """A missing state is no reading."""
    lost = house.listen("load_sharing_meter_lost")
    await house.measure(20)
    await house.set_up()
    hass.states.async_remove(METER)
    await hass.async_block_till_done()
    assert house.state(METER_PROBLEM) == "on"
    assert lost[0].data == {"site": "Home", "entity_id": METER, "reason": "not_found"}


async def test_a_frozen_meter_is_lost_by_time_alone(house: House) -> None:
    """Silent for 30 s with a maximum age of 30 s; one report, and it is back."""
    lost = house.listen("load_sharing_meter_lost")
    await house.measure(20)
    await house.set_up(options={"max_age_s": 30.0})
    await house.wait(29)
    assert house.state(METER_PROBLEM) == "off"
    await house.wait(2)
    assert house.state(METER_PROBLEM) == "on"
    assert [event.data["reason"] for event in lost] == ["stale"]
    await house.wait(11)
    assert house.state("binary_sensor.home_without_the_meter") == "on"
    await house.measure(20)
    assert house.state(METER_PROBLEM) == "off"
    assert house.state("binary_sensor.home_without_the_meter") == "off"


async def test_a_meter_that_repeats_itself_is_not_frozen(house: House) -> None:
    """The same 20 A every 20 s is fresh every 20 s."""
    await house.measure(20)
    await house.set_up(options={"max_age_s": 30.0})
    for _ in range(5):
        await house.wait(20)
        await house.measure(20)
        assert house.state(METER_PROBLEM) == "off"


async def test_the_oldest_phase_tells_the_age_of_a_three_phase_meter(
    house: House,
) -> None:
    """L3 falls silent while L1 and L2 go on."""
    lost = house.listen("load_sharing_meter_lost")
    await house.measure(10, 11, 12)
    await house.set_up(supply=THREE_PHASES, options={"max_age_s": 30.0})
    for second in range(31):
        await house.wait(1)
        await house.set_state(METER, 10 + second % 2, "A")
        await house.set_state("sensor.meter_l2", 11, "A")
    assert [event.data["entity_id"] for event in lost] == ["sensor.meter_l3"]


async def test_a_meter_without_a_maximum_age_is_trusted_for_ever(house: House) -> None:
    """0 s stands for no maximum age."""
    await house.measure(20)
    await house.set_up()
    await house.wait(3600)
    assert house.state(METER_PROBLEM) == "off"


async def test_export_may_be_shown_as_positive(house: House) -> None:
    """-20 A of such a meter is an import of 20 A."""
    await house.measure(-20)
    await house.set_up(supply={"export_sign": "positive"})
    assert house.state(SERVICE_CURRENT) == "20.0"
    await house.measure(5)
    assert house.state(SERVICE_CURRENT) == "-5.0"
    assert house.state("sensor.home_headroom") == "37.0"


@pytest.mark.parametrize("value", ["nan", "inf", "unknown", "-5"])
async def test_a_number_that_shows_nonsense_is_not_taken_for_a_current(
    house: House, value: str
) -> None:
    """Nothing is known of such a charger, so it starts at its minimum."""
    house.number.show(float(value) if value != "unknown" else None)
    await house.measure(10)
    await house.set_up()
    await house.wait(1)
    assert house.sent == [6.0]
    assert house.state("sensor.garage_current_set") == "6.0"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [("nan", "A", "10.0"), ("unknown", "A", "10.0"), (3.68, "kW", "16.0")],
)
async def test_a_draw_that_means_nothing_is_not_used(
    house: House, value: float | str, unit: str, shown: str
) -> None:
    """Without a good reading of the charger, it is taken to draw its command."""
    house.number.show(10)
    await house.set_state(DRAW, value, unit)
    await house.measure(20)
    await house.set_up(charger={"draw_entity": DRAW})
    await house.wait(6)
    assert house.state("sensor.garage_draw") == shown


@pytest.mark.usefixtures("all_enabled")
async def test_power_of_three_phases_is_a_current_on_each(house: House) -> None:
    """11 kW on L1, L2 and L3 is 16 A on each; the meters say how much is left."""
    house.number.show(16)
    await house.set_state(DRAW, 11.04, "kW")
    await house.measure(20, 18, 26)
    await house.set_up(
        supply=THREE_PHASES,
        charger={"phases": ["l1", "l2", "l3"], "draw_entity": DRAW},
    )
    await house.wait(6)
    assert house.state("sensor.garage_draw") == "16.0"
    assert house.state("sensor.home_available_current") == "22.0"
    assert house.state("sensor.home_headroom_l3") == "6.0"
    assert house.state(NUMBER) == "16.0"


async def test_the_meter_may_be_the_site_of_another_voltage(house: House) -> None:
    """2400 W at 120 V is 20 A."""
    await house.measure(2400, unit="W")
    await house.set_up(supply=SUPPLY | {"voltage_v": 120.0})
    assert house.state(SERVICE_CURRENT) == "20.0"
