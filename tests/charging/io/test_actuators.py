"""Chargers set by a number in another unit, or by the options of a select."""

from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import setup_test_component_platform

from custom_components.load_sharing.charging.engine.command import ReadBack
from custom_components.load_sharing.charging.io.actuators import (
    NumberActuator,
    SelectActuator,
    to_current,
)

from ...homes.house import DRAW, NUMBER, SWITCH, THREE_PHASES, Car, House, Wallbox

SELECT = "select.wallbox_options"
CURRENT_SET = "sensor.garage_current_set"
LIMITED_BY = "sensor.garage_limited_by"
PROBLEM = "binary_sensor.garage_charger_problem"
ERROR = "sensor.garage_last_action_error"
UNEVEN = ["Auto", "off", "6", "10 A", "13", "16 A", "20", "32"]
SELECTED = {"control": "select", "number_entity": None, "select_entity": SELECT}
PAUSED_BY_OPTION = SELECTED | {"pause_option": "off"}


class WallboxSelect(SelectEntity):
    """A select of the charger's currents."""

    _attr_should_poll = False
    _attr_name = "Wallbox options"
    _attr_options = UNEVEN

    def __init__(self, wallbox: Wallbox) -> None:
        """Start at the lowest current."""
        self._wallbox = wallbox
        self._attr_current_option = "6"
        self.selected: list[str] = []

    @override
    async def async_select_option(self, option: str) -> None:
        self.selected.append(option)
        if await self._wallbox.take(to_current(option) or 0):
            self.show(option)

    def show(self, option: str | None) -> None:
        """Show another option, as if it was selected at the charger."""
        self._attr_current_option = option
        self.async_write_ha_state()

    def show_options(self, *options: str) -> None:
        """Replace the options."""
        self._attr_options = list(options)
        self.async_write_ha_state()


@pytest.fixture
async def select(hass: HomeAssistant, house: House) -> WallboxSelect:
    """A select in Home Assistant with a few currents."""
    select = WallboxSelect(house.wallbox)
    setup_test_component_platform(hass, "select", [select])
    assert await async_setup_component(hass, "select", {"select": {"platform": "test"}})
    await hass.async_block_till_done()
    return select


def measure_in(house: House, unit: str, highest: float, step: float) -> None:
    """Change the unit, maximum and step of the charger's number."""
    house.number._attr_native_unit_of_measurement = unit
    house.number._attr_native_max_value = highest  # type: ignore[assignment]
    house.number._attr_native_step = step
    house.number.show(0)


async def rise(house: House, seconds: int, base_a: float) -> None:
    """Let time pass with a car that draws all of its current."""
    for _ in range(seconds):
        await house.wait(1)
        current_a = house.state(CURRENT_SET)
        car_a = 0.0 if current_a == "unknown" else float(current_a)
        await house.measure(base_a + car_a)


async def test_a_number_in_milliamperes(house: House) -> None:
    """Written and shown values are a thousand times the current in A."""
    measure_in(house, "mA", 32000, 500)
    await house.measure(4)
    await house.set_up()
    await rise(house, 60, 14.3)
    assert house.sent[:2] == [0, 6000]
    assert house.sent[-1] == 17500
    assert house.state(CURRENT_SET) == "17.5"
    assert house.state(PROBLEM) == "off"


async def test_a_number_in_watts_is_the_power_of_all_phases(house: House) -> None:
    """A step of 100 W is 0.145 A on each of three phases, always rounded down.

    20 A are available, which is 13800 W. At 19.9 A it is 13700 W, which is 19.86 A.
    """
    measure_in(house, "W", 22080, 100)
    await house.measure(4, 4, 4)
    await house.set_up(
        supply=THREE_PHASES, charger={"phases": ["l1", "l2", "l3"], "max_current_a": 32}
    )
    for _ in range(120):
        await house.wait(1)
        current_a = float(house.state(CURRENT_SET))
        await house.measure(*[base_a + current_a for base_a in (12, 12.1, 3)])
    assert house.sent[:2] == [0, 4200]
    assert house.sent[-1] == 13700
    assert float(house.state(CURRENT_SET)) == pytest.approx(13700 / 690)
    assert house.state(LIMITED_BY) == "l2"
    assert house.state(PROBLEM) == "off"
    assert float(house.state("sensor.garage_power_set")) == pytest.approx(13700)


async def test_a_number_in_watts_is_read_at_start_up(house: House) -> None:
    """2300 W is 10 A: nothing else is sent."""
    measure_in(house, "W", 7360, 1)
    house.number.show(2300)
    await house.measure(14)
    await house.set_up()
    assert house.sent == [2300]
    assert house.state(CURRENT_SET) == "10.0"


async def test_a_number_that_changes_to_another_quantity_is_not_written(
    house: House,
) -> None:
    """A current must not be written as a voltage."""
    await house.measure(4)
    await house.set_up()
    await rise(house, 20, 4)
    sent = list(house.sent)
    measure_in(house, "V", 400, 1)
    await rise(house, 5, 30)
    assert house.sent == sent
    assert house.state(ERROR) == f"{NUMBER} cannot be set to 0 A"


async def test_a_select_is_set_to_the_highest_option_that_fits(
    house: House, select: WallboxSelect
) -> None:
    """14 A are available: once at 13 A, nothing more is sent."""
    await house.measure(4)
    await house.set_up(charger=PAUSED_BY_OPTION)
    assert house.sent == [6]
    await rise(house, 100, 18)
    assert select.selected == ["6", "10 A", "13"]
    assert house.state(CURRENT_SET) == "13.0"
    assert house.state(LIMITED_BY) == "supply"
    assert house.state("sensor.home_balancer_state") == "active"
    await rise(house, 300, 18)
    assert len(select.selected) == 3
    await rise(house, 5, 27)
    assert select.selected[3:] == ["off"]
    assert house.state(CURRENT_SET) == "0.0"
    await rise(house, 100, 2)
    assert select.selected[4:] == ["13", "16 A", "20"]


async def test_a_select_with_a_switch_is_paused_by_it(
    house: House, select: WallboxSelect
) -> None:
    """The option does not change."""
    await house.measure(4)
    await house.set_up(charger=SELECTED | {"switch_entity": SWITCH})
    await rise(house, 20, 4)
    assert house.state(SWITCH) == "on"
    selected = len(select.selected)
    await rise(house, 5, 30)
    assert house.state(SWITCH) == "off"
    assert len(select.selected) == selected


async def test_an_option_that_is_changed_elsewhere_is_corrected(
    house: House, select: WallboxSelect
) -> None:
    """So is one that is not a current: "Auto" may be as much as 32 A."""
    await house.measure(4)
    await house.set_up(charger=PAUSED_BY_OPTION)
    await rise(house, 3, 20)
    for other in ("32", "Auto"):
        select.show(other)
        await rise(house, 3, 20)
        assert house.state(SELECT) == "6"


async def test_a_select_without_a_current_at_start_up_may_have_any(
    house: House, select: WallboxSelect
) -> None:
    """It is paused at once."""
    select.show("Auto")
    await house.measure(40)
    await house.set_up(charger=PAUSED_BY_OPTION)
    assert select.selected == ["off"]


async def test_changed_options_are_followed(
    house: House, select: WallboxSelect
) -> None:
    """A current that is no longer an option is replaced by the next lower one."""
    await house.measure(4)
    await house.set_up(charger=PAUSED_BY_OPTION)
    await rise(house, 60, 16)
    assert select.selected[-1] == "16 A"
    select.show_options("off", "6", "8", "12")
    await rise(house, 30, 16)
    assert select.selected[-1] == "12"
    assert house.state(CURRENT_SET) == "12.0"


async def test_options_that_go_away_for_a_while_are_remembered(
    house: House, select: WallboxSelect
) -> None:
    """A select without options is no charger with steps of 1 A."""
    await house.measure(4)
    await house.set_up(charger=PAUSED_BY_OPTION)
    await rise(house, 60, 16)
    assert select.selected[-1] == "16 A"
    select.show_options()
    await rise(house, 30, 19)
    select.show_options("off", "6", "10 A", "16 A")
    await rise(house, 10, 19)
    assert select.selected[-1] == "10 A"


async def test_the_maximum_of_a_number_is_followed(house: House) -> None:
    """A car lowers it to 12 A, or raises it, whenever it likes."""
    await house.measure(4)
    await house.set_up()
    await rise(house, 130, 4)
    assert house.state(CURRENT_SET) == "28.0"
    house.number._attr_native_max_value = 12
    house.number.async_write_ha_state()
    await rise(house, 60, 4)
    assert house.sent[-1] == 12
    assert house.state(LIMITED_BY) == "charger_maximum"
    assert house.state(PROBLEM) == "off"
    house.number._attr_native_max_value = 0
    house.number.async_write_ha_state()
    await rise(house, 10, 4)
    assert house.sent[-1] == 0
    house.number._attr_native_max_value = 20
    house.number.async_write_ha_state()
    await rise(house, 120, 4)
    assert house.sent[-1] == 20


async def test_the_minimum_of_a_number_is_followed(house: House) -> None:
    """A number that no longer goes below 8 A is set to 8 A, not to 6 A.

    It cannot pause the charger either: 8 A is the best there is, and an alarm.
    """
    events = house.listen_overload()
    await house.measure(4)
    await house.set_up()
    await rise(house, 60, 20)
    assert house.sent[-1] == 12
    house.number._attr_native_min_value = 8
    house.number.async_write_ha_state()
    await rise(house, 3, 23)
    assert house.sent[-1] == 9
    await rise(house, 60, 25)
    assert house.sent[-1] == 8
    assert house.state(NUMBER) == "8.0"
    assert house.state(PROBLEM) == "off"
    assert "alarm" in [event.attributes["event_type"] for event in events]
    house.number._attr_native_min_value = 0
    house.number.async_write_ha_state()
    await rise(house, 3, 25)
    assert house.sent[-1] == 0
    assert house.state(PROBLEM) == "off"


async def test_a_number_that_cannot_pause_for_a_while_is_free_again_at_once(
    house: House,
) -> None:
    """Its minimum rises in an overload. Once the overload is over, it charges on."""
    await house.measure(4)
    await house.set_up()
    await rise(house, 60, 20)
    house.number._attr_native_min_value = 8
    house.number.async_write_ha_state()
    await rise(house, 60, 36)
    assert house.state(NUMBER) == "8.0"
    await rise(house, 120, 4)
    assert house.sent[-1] >= 16
    assert house.state(PROBLEM) == "off"


async def test_the_step_of_a_number_is_followed(house: House) -> None:
    """It had 22 A; with steps of 4 A it still gets all that is free, 28 A."""
    await house.measure(3)
    await house.set_up()
    await rise(house, 100, 3)
    house.number.show_step(4)
    await rise(house, 60, 18.3)
    assert house.state(NUMBER) == "12.0"
    await rise(house, 240, 3.7)
    assert house.state(NUMBER) == "28.0"


async def test_a_missing_select_is_an_error(
    house: House, select: WallboxSelect
) -> None:
    """So is one without a suitable option."""
    await house.measure(4)
    await house.set_up(charger=SELECTED | {"switch_entity": SWITCH})
    actuator = SelectActuator(house.hass, SELECT, None)
    select.show_options("20", "32")
    with pytest.raises(Exception, match="cannot be set to 6 A"):
        actuator.action_for(6)
    assert list(actuator.range_a.levels_a) == [20, 32]
    select.show(None)
    assert actuator.read() is None
    assert actuator.read_back(20) is ReadBack.UNKNOWN
    gone = SelectActuator(house.hass, "select.gone", "off")
    assert gone.range_a.levels_a == ()
    with pytest.raises(Exception, match="cannot be set"):
        gone.action_for(0)
    assert NumberActuator(house.hass, "number.gone", 230).range_a.step_a == 1
    with pytest.raises(Exception, match="cannot be set"):
        NumberActuator(house.hass, "number.gone", 230).action_for(0)


@pytest.mark.parametrize(
    ("option", "current_a"),
    [
        ("6", 6),
        ("10 A", 10),
        ("16A", 16),
        ("13.5", 13.5),
        ("13,5 a", 13.5),
        ("16 Amps", 16),
        ("16 amp", 16),
        ("6000 mA", 6),
        ("0", 0),
        ("off", None),
        ("Auto", None),
        ("-6", None),
        ("6 kW", None),
        ("6-10", None),
        ("nan", None),
        ("", None),
    ],
)
def test_options_are_read_as_currents(option: str, current_a: float | None) -> None:
    """None for any other option."""
    assert to_current(option) == current_a


async def test_a_switch_that_is_unavailable_without_a_car_is_no_problem(
    house: House,
) -> None:
    """The number still limits; once the switch is back, it is turned on."""
    failed = house.listen("load_sharing_action_failed")
    await house.measure(4)
    await house.set_up(charger={"switch_entity": SWITCH})
    await rise(house, 30, 4)
    house.switch._attr_available = False
    house.switch.async_write_ha_state()
    await rise(house, 60, 4)
    assert float(house.state(CURRENT_SET)) > 20
    assert house.state(PROBLEM) == "off"
    assert not failed
    house.switch._attr_available = True
    house.switch.show(on=False)
    await rise(house, 2, 4)
    assert house.state(SWITCH) == "on"


async def test_a_stop_needs_its_switch(house: House) -> None:
    """While the switch is unavailable, the stop is retried."""
    await house.measure(4)
    await house.set_up(charger={"switch_entity": SWITCH})
    await rise(house, 30, 4)
    house.switch._attr_available = False
    house.switch.async_write_ha_state()
    await rise(house, 20, 40)
    assert house.state(PROBLEM) == "on"
    assert house.state(ERROR) == f"{SWITCH} is not available"
    house.switch._attr_available = True
    house.switch.show(on=True)
    await rise(house, 40, 40)
    assert house.state(SWITCH) == "off"
    assert house.state(PROBLEM) == "off"


async def test_a_car_at_a_select_gets_the_highest_option_that_fits(
    house: House, select: WallboxSelect
) -> None:
    """The car draws what it is offered; the supply is hardly ever overloaded."""
    await house.set_state(DRAW, 0, "A")
    await house.measure(4)
    await house.set_up(charger=PAUSED_BY_OPTION | {"draw_entity": DRAW})
    car = Car(house.hass, NUMBER)
    seen_a = []
    for second in range(300):
        await house.wait(1)
        base_a = 8 if second % 100 < 50 else 17
        selected_a = to_current(house.state(SELECT)) or 0.0
        draw_a = min(car.most_a, selected_a)
        seen_a.append(base_a + draw_a)
        await house.set_state(DRAW, draw_a, "A")
        await house.measure(base_a + draw_a)
    over = [current_a for current_a in seen_a if current_a > 32]
    assert len(over) <= 3
    assert {"10 A", "13", "20"} & set(select.selected)
