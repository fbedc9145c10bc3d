"""How the status sensor of a charger affects its draw."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.charging.engine.measurement import draw_since

from ..homes.house import CHARGER, DRAW, METERS, STATUS, THREE_PHASES, House

AVAILABLE = "sensor.home_available_current"
LIMITED_BY = "sensor.garage_limited_by"
CURRENT_SET = "sensor.garage_current_set"


async def set_up_charger(
    house: House, status: str | None, *, service_a: float = 30
) -> None:
    """Set up a charger at 26 A."""
    house.number.show(26)
    charger = {}
    if status is not None:
        await house.set_state(STATUS, status)
        charger["status_entity"] = STATUS
    await house.wait(10)
    await house.measure(service_a)
    await house.set_up(charger=charger)


@pytest.mark.usefixtures("all_enabled")
async def test_an_idle_charger_draws_nothing(house: House) -> None:
    """All of the 30 A are other load, so 2 A are available and not 28 A."""
    await set_up_charger(house, "Available")
    assert house.state(AVAILABLE) == "2.0"
    assert house.state("binary_sensor.garage_charging") == "off"
    assert house.state("sensor.garage_draw") == "0.0"


@pytest.mark.usefixtures("all_enabled")
async def test_a_charging_charger_draws_its_current(house: House) -> None:
    """26 A of the 30 A are the car's, so 28 A are available to it."""
    await set_up_charger(house, "Charging")
    assert house.state(AVAILABLE) == "28.0"
    assert house.state("binary_sensor.garage_charging") == "on"


@pytest.mark.usefixtures("all_enabled")
async def test_without_a_status_sensor_the_command_counts_as_drawn(
    house: House,
) -> None:
    """Nothing shows that the car takes less than 26 A."""
    await set_up_charger(house, None)
    assert house.state(AVAILABLE) == "28.0"
    assert house.state("binary_sensor.garage_charging") == "unknown"


@pytest.mark.usefixtures("all_enabled")
async def test_a_status_sensor_may_be_added_later(
    hass: HomeAssistant, house: House
) -> None:
    """A changed configuration of the charger takes effect without a restart."""
    await set_up_charger(house, None)
    assert house.state(AVAILABLE) == "28.0"
    await house.set_state(STATUS, "Available")
    await house.wait(10)
    await house.measure(30)
    entry = hass.config_entries.async_entries("load_sharing")[0]
    hass.config_entries.async_update_subentry(
        entry,
        entry.subentries["charger0"],
        data=CHARGER | {"status_entity": STATUS},
    )
    await hass.async_block_till_done()
    assert house.state("binary_sensor.garage_charging") == "off"
    await house.wait(6)
    await house.measure(30)
    assert house.state(AVAILABLE) == "2.0"


@pytest.mark.parametrize("status", ["Charging", "charging", "CHARGING"])
async def test_the_case_of_the_status_does_not_matter(
    house: House, status: str
) -> None:
    """The default state is `charging`."""
    await set_up_charger(house, status)
    assert house.state("binary_sensor.garage_charging") == "on"


async def test_the_charging_states_can_be_configured(house: House) -> None:
    """Some chargers report `C2`, others `SuspendedEV` while they still draw."""
    await house.set_state(STATUS, "c2")
    await house.measure(30)
    await house.set_up(
        charger={"status_entity": STATUS, "charging_states": ["C2", "D2"]}
    )
    assert house.state("binary_sensor.garage_charging") == "on"
    await house.set_state(STATUS, "charging")
    assert house.state("binary_sensor.garage_charging") == "off"


@pytest.mark.parametrize("status", ["unknown", "unavailable"])
async def test_a_charger_of_unknown_status_is_never_raised(
    house: House, status: str
) -> None:
    """It keeps 10 A of 32 A for five minutes, and rises once the status is known."""
    house.number.show(10)
    await house.set_state(STATUS, status)
    await house.measure(10)
    await house.set_up(charger={"status_entity": STATUS})
    for _ in range(60):
        await house.wait(5)
        await house.measure(10)
    assert set(house.sent) == {10.0}
    assert house.state(LIMITED_BY) == "status_unknown"
    assert house.state("binary_sensor.garage_charging") == "unknown"
    await house.set_state(STATUS, "Charging")
    for _ in range(10):
        await house.wait(5)
        await house.measure(10)
    assert house.sent[-1] > 10


async def test_a_charger_of_unknown_status_is_still_lowered(house: House) -> None:
    """Its 26 A count as drawn: 36 A at the meter lower it to 22 A."""
    await set_up_charger(house, "unavailable")
    await house.measure(36)
    await house.wait(3)
    assert house.sent[-1] == 22


async def test_a_status_sensor_that_does_not_exist_is_unknown(house: House) -> None:
    """It may belong to an integration that starts later."""
    house.number.show(10)
    await house.measure(10)
    await house.set_up(charger={"status_entity": STATUS})
    await house.wait(60)
    assert set(house.sent) == {10.0}
    assert house.state(LIMITED_BY) == "status_unknown"


async def test_a_car_that_begins_to_charge_counts_at_once(house: House) -> None:
    """Nothing is raised until the meter shows the draw of the 26 A that were offered."""
    await set_up_charger(house, "Available", service_a=4)
    await house.wait(30)
    await house.measure(4)
    offered_a = float(house.state(CURRENT_SET))
    await house.set_state(STATUS, "Charging")
    await house.measure(4)
    await house.wait(4)
    assert float(house.state(CURRENT_SET)) <= offered_a
    await house.measure(4 + offered_a)
    await house.wait(10)
    assert float(house.state(CURRENT_SET)) + 4 <= 32


@pytest.mark.parametrize(
    ("value", "unit", "shown_a"),
    [(3.68, "kW", "16.0"), (11040, "W", "16.0"), (2760, "W", "4.0"), (9, "A", "9.0")],
)
async def test_the_power_shows_how_many_phases_a_car_uses(
    house: House, value: float, unit: str, shown_a: str
) -> None:
    """At 16 A, 3.7 kW are one phase, 11 kW three; 2.8 kW are a car that tapers."""
    house.number.show(16)
    for meter in METERS:
        await house.set_state(meter, 16, "A")
    await house.set_state(DRAW, value, unit)
    await house.set_up(
        supply=THREE_PHASES,
        charger={"phases": ["l1", "l2", "l3"], "draw_entity": DRAW},
    )
    assert house.state("sensor.garage_draw") == shown_a


async def test_a_change_of_draw_is_dated_by_the_youngest_phase(house: House) -> None:
    """The meter reports 30 s after the draw of L2 and L3, and 2 s before that of L1."""
    house.number.show(16)
    draws = [DRAW, "sensor.draw_l2", "sensor.draw_l3"]
    for meter in METERS:
        await house.set_state(meter, 4, "A")
    for sensor in draws:
        await house.set_state(sensor, 0, "A")
    keys = ("draw_entity", "draw_l2_entity", "draw_l3_entity")
    entry = await house.set_up(
        supply=THREE_PHASES,
        charger={
            "phases": ["l1", "l2", "l3"],
            **dict(zip(keys, draws, strict=True)),
        },
    )
    await house.wait(30)
    for meter in METERS:
        await house.set_state(meter, 5, "A")
    await house.wait(2)
    await house.set_state(DRAW, 16, "A")
    (charger,) = [*entry.runtime_data.charging.history][-1].site.chargers
    reading_s = house.hass.loop.time() - 2
    assert draw_since(charger.draw, 0, reading_s, house.hass.loop.time()) == (0, 16)
    assert draw_since(charger.draw, 1, reading_s, house.hass.loop.time()) == (0, 0)
    assert charger.draw.taken_at_s < reading_s


@pytest.mark.parametrize(
    ("states", "state", "charges"),
    [
        (None, "on", True),
        (None, "off", False),
        (["Charging"], "on", True),
        (["on"], "on", True),
        (["off"], "off", True),
        (["off"], "on", False),
    ],
)
@pytest.mark.usefixtures("all_enabled")
async def test_a_binary_sensor_is_on_while_charging(
    house: House, states: list[str] | None, state: str, charges: bool
) -> None:
    """It need not be listed. A sensor of the opposite is one where off is listed."""
    status = "binary_sensor.wallbox_charging"
    house.number.show(26)
    await house.set_state(status, state)
    await house.wait(10)
    await house.measure(30)
    charger: dict[str, object] = {"status_entity": status}
    if states is not None:
        charger["charging_states"] = states
    await house.set_up(charger=charger)
    expected = "on" if charges else "off"
    assert house.state("binary_sensor.garage_charging") == expected
    assert house.state("sensor.garage_draw") == ("26.0" if charges else "0.0")


async def test_a_sensor_that_says_on_does_not_charge(house: House) -> None:
    """Only what has no other word for it charges while it is on."""
    await set_up_charger(house, "on")
    assert house.state("binary_sensor.garage_charging") == "off"
