"""A sensor of the voltage turns watts into the amperes that really flow."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.forms import enter
from ..homes.house import DRAW, METER, NUMBER, SUPPLY, THREE_PHASES, House

VOLTAGE = "sensor.grid_voltage"
MEASURED = {"limit_a": 25.0, "voltage_entity": VOLTAGE}
USED = "sensor.home_voltage_used"
CURRENT = "sensor.home_service_current"
PROBLEM = "binary_sensor.garage_charger_problem"


class Grid:
    """A house of one phase whose meter shows W, at whatever voltage the grid has."""

    def __init__(self, house: House, *, draws: bool = False) -> None:
        """Start at 236 V. With ``draws``, the car's power is measured, too."""
        self.house = house
        self.volts = 236.0
        self.draws = draws
        self.over_s = 0
        self.car_a = 0.0

    async def measure(self, base_a: float) -> None:
        """Report the voltage, and what the house and its car take."""
        state = self.house.hass.states.get(NUMBER)
        assert state is not None
        self.car_a = float(state.state)
        if state.attributes["unit_of_measurement"] == "W":
            self.car_a /= self.volts
        self.over_s += base_a + self.car_a > 25
        await self.house.set_state(VOLTAGE, self.volts, "V")
        if self.draws:
            await self.house.set_state(DRAW, round(self.car_a * self.volts), "W")
        power_w = round((base_a + self.car_a) * self.volts)
        await self.house.measure(power_w, unit="W")

    async def live(self, seconds: int, base_a: float) -> None:
        """Report every second."""
        for _ in range(seconds):
            await self.house.wait(1)
            await self.measure(base_a)


class TestMeterInWatts:
    """230 V were entered, and the grid has another voltage."""

    @pytest.mark.parametrize("draws", [True, False])
    async def test_a_grid_above_it_settles(self, house: House, *, draws: bool) -> None:
        """10.9 A and 14 A are 24.9 A at 236 V: all 14 A, and nothing hunts."""
        house.number.show(0)
        grid = Grid(house, draws=draws)
        await grid.measure(10.9)
        drawn = {"draw_entity": DRAW} if draws else {}
        await house.set_up(supply=MEASURED, charger=drawn)
        overloads = house.listen_overload()
        await grid.live(1200, 10.9)
        assert house.state(CURRENT) == "24.9"
        assert house.state(USED) == "236.0"
        assert grid.car_a == 14
        assert grid.over_s == 0
        assert not overloads
        assert len(house.sent) <= 6

    async def test_a_grid_below_it_is_never_above_the_limit(self, house: House) -> None:
        """At 217 V, 25 A show as 23.6 A to whoever divides by 230 V."""
        house.number.show(0)
        grid = Grid(house)
        grid.volts = 217.0
        await grid.measure(10.9)
        await house.set_up(supply=MEASURED)
        await grid.live(600, 10.9)
        assert grid.car_a == 14
        assert grid.over_s == 0
        assert house.state(CURRENT) == "24.9"

    async def test_a_fall_counts_at_once(self, house: House) -> None:
        """Of 25 A, 5,750 W are all at 230 V; at 220 V they are 26.1 A."""
        await house.set_state(VOLTAGE, 230, "V")
        await house.measure(5750, unit="W")
        await house.set_up(supply=MEASURED)
        assert house.state(CURRENT) == "25.0"
        await house.set_state(VOLTAGE, 220, "V")
        assert house.state(CURRENT) == "26.1"

    async def test_a_rise_counts_once_it_has_lasted(self, house: House) -> None:
        """For a minute, 5,750 W at 240 V remain 25 A; then they are 24 A."""
        await house.set_state(VOLTAGE, 230, "V")
        await house.measure(5750, unit="W")
        await house.set_up(supply=MEASURED)
        await house.set_state(VOLTAGE, 240, "V")
        await house.wait(59)
        assert house.state(CURRENT) == "25.0"
        await house.wait(12)
        assert house.state(CURRENT) == "24.0"

    async def test_kilovolts(self, house: House) -> None:
        """0.22 kV are 220 V."""
        await house.set_state(VOLTAGE, 0.22, "kV")
        await house.measure(5720, unit="W")
        await house.set_up(supply=MEASURED)
        assert house.state(CURRENT) == "26.0"

    @pytest.mark.parametrize(
        ("value", "unit"),
        [
            ("unavailable", "V"),
            ("unknown", "V"),
            ("high", "V"),
            (236, "Hz"),
            (400, "V"),
            (0, "V"),
        ],
    )
    async def test_what_cannot_be_used_raises_nothing(
        self, house: House, value: float | str, unit: str
    ) -> None:
        """236 V counted; without them, the 230 V that were entered do."""
        await house.set_state(VOLTAGE, 236, "V")
        await house.measure(5750, unit="W")
        await house.set_up(supply=MEASURED)
        await house.wait(80)
        assert house.state(CURRENT) == "24.4"
        await house.set_state(VOLTAGE, value, unit)
        assert house.state(CURRENT) == "25.0"
        assert house.state(USED) == "230.0"

    async def test_a_silent_sensor_does_not_count_for_ever(self, house: House) -> None:
        """It has shown 236 V for ten minutes, and nothing since."""
        await house.set_state(VOLTAGE, 236, "V")
        await house.measure(5750, unit="W")
        await house.set_up(supply=MEASURED)
        await house.wait(590)
        assert house.state(USED) == "236.0"
        await house.wait(20)
        assert house.state(USED) == "230.0"

    async def test_noise_above_what_counts_decides_nothing(self, house: House) -> None:
        """The voltage moves between 230 and 232 V, and the meter is at rest."""
        await house.set_state(VOLTAGE, 230, "V")
        await house.measure(2300, unit="W")
        entry = await house.set_up(supply=MEASURED, chargers=[])
        decided = len(list(entry.runtime_data.charging.history))
        for second in range(300):
            await house.wait(1)
            await house.set_state(VOLTAGE, 230 + second % 3, "V")
        assert len(list(entry.runtime_data.charging.history)) == decided
        assert house.state(USED) == "230.0"


class TestNumberInWatts:
    """A charger that is set in W is sent a power for each current."""

    async def test_a_changed_voltage_sends_nothing(self, house: House) -> None:
        """16 A were sent as 3,680 W, and are shown so whatever the voltage becomes."""
        house.drive_by_watts(7_360)
        grid = Grid(house)
        grid.volts = 230.0
        await grid.measure(2)
        await house.set_up(supply=MEASURED, charger={"max_current_a": 16.0})
        await grid.live(120, 2)
        assert house.sent[-1] == 3680
        sent = len(house.sent)
        for volts in (224.0, 236.3, 231.0, 219.7, 230.0):
            grid.volts = volts
            await grid.live(90, 2)
        assert len(house.sent) == sent
        assert house.state(PROBLEM) == "off"
        assert house.state("sensor.garage_set_by_hand") == "unknown"

    async def test_a_repeated_command_is_the_same_power(self, house: House) -> None:
        """After 15 minutes it is sent again, as 3,680 W also at 224 V."""
        house.drive_by_watts(7_360)
        grid = Grid(house)
        grid.volts = 230.0
        await grid.measure(2)
        await house.set_up(supply=MEASURED, charger={"max_current_a": 16.0})
        await grid.live(120, 2)
        grid.volts = 224.0
        sent = len(house.sent)
        await grid.live(900, 2)
        assert house.sent[sent:] == [3680]

    async def test_the_next_current_is_that_of_the_lower_voltage(
        self, house: House
    ) -> None:
        """At 220 V, 12 A beside 13 A are 2,640 W; 2,760 W would be 12.5 A."""
        house.drive_by_watts(7_360)
        grid = Grid(house)
        grid.volts = 220.0
        await grid.measure(13)
        await house.set_up(supply=MEASURED, charger={"max_current_a": 16.0})
        await grid.live(180, 13)
        assert house.sent[-1] == 2640
        assert grid.over_s == 0

    async def test_a_higher_voltage_sends_no_more_than_was_entered(
        self, house: House
    ) -> None:
        """A charger that divides by 230 V gives its car 16 A of 3,680 W."""
        house.drive_by_watts(7_360)
        grid = Grid(house)
        await grid.measure(2)
        await house.set_up(supply=MEASURED, charger={"max_current_a": 16.0})
        await grid.live(200, 2)
        assert house.sent[-1] == 3680

    @pytest.mark.parametrize("step_w", [10, 100])
    async def test_a_noisy_grid_settles(self, house: House, step_w: float) -> None:
        """The voltage wanders by some volts, and the steps of the charger do not."""
        house.drive_by_watts(7_360)
        house.number.show_step(step_w)
        house.number.show(0)
        grid = Grid(house)
        grid.volts = 222.0
        await grid.measure(10.9)
        await house.set_up(supply=MEASURED, charger={"max_current_a": 16.0})
        for second in range(900):
            grid.volts = 222 + (second * 7 % 11) / 4
            await grid.live(1, 10.9)
        assert grid.over_s <= 3
        assert grid.car_a > 13.5
        assert len(house.sent) <= 10

    async def test_actions_get_the_power_of_the_lower_voltage(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Their variable ``current_w`` is 6 A at 220 V."""
        calls: list[ServiceCall] = []
        hass.services.async_register("test", "set", calls.append)
        await house.set_state(VOLTAGE, 220, "V")
        await house.measure(220 * 18.5, unit="W")
        action = {"action": "test.set", "data": {"watts": "{{ current_w }}"}}
        control = {"control": "actions", "set_current": [action]}
        await house.set_up(supply=MEASURED, charger=control)
        await house.wait(60)
        assert calls[-1].data["watts"] == 1320


class TestOthers:
    """What else is converted."""

    @pytest.mark.usefixtures("all_enabled")
    async def test_a_circuit_and_a_limit_in_watts(self, house: House) -> None:
        """Both at 220 V, and the limit is that of three phases."""
        await house.set_state(VOLTAGE, 220, "V")
        await house.measure(2200, 2200, 2200, unit="W")
        await house.set_state("sensor.yard", 2200, "W")
        await house.set_state("sensor.limit", 6600, "W")
        yard = {"limit_a": 16.0, "phases": ["l1"], "meter_l1": "sensor.yard"}
        limited = {"external_limit_entity": "sensor.limit"}
        await house.set_up(
            supply=THREE_PHASES | MEASURED | limited, circuits={"yard": yard}
        )
        assert house.state(CURRENT) == "10.0"
        assert house.state("sensor.yard_current") == "10.0"
        assert house.state("sensor.home_usable_current") == "10.0"

    async def test_without_a_sensor_there_is_none(self, house: House) -> None:
        """What was entered counts, and is no entity."""
        await house.measure(2300, unit="W")
        await house.set_up()
        assert house.hass.states.get(USED) is None


class TestRepairs:
    """A voltage that is not measured for long."""

    @pytest.mark.parametrize(
        ("value", "unit", "key"),
        [
            ("unavailable", "V", "voltage_lost"),
            (400, "V", "other_voltage"),
            (236, "Hz", "wrong_unit"),
        ],
    )
    async def test_it_is_reported(
        self, hass: HomeAssistant, house: House, value: float | str, unit: str, key: str
    ) -> None:
        """The repair names the sensor, and goes once the sensor is back."""
        await house.set_state(VOLTAGE, value, unit)
        await house.measure(10)
        await house.set_up(supply=MEASURED)
        issue_id = f"{key}_site_supply"
        await house.wait(700)
        issue = ir.async_get(hass).async_get_issue("load_sharing", issue_id)
        assert issue is not None
        assert VOLTAGE in str(issue.translation_placeholders)
        await house.set_state(VOLTAGE, 231, "V")
        await house.wait(40)
        assert not ir.async_get(hass).issues

    async def test_a_sensor_that_is_gone(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """That is an error like any other entity that is gone."""
        await house.measure(10)
        await house.set_up(supply=MEASURED)
        await house.wait(90)
        issues = ir.async_get(hass).issues
        assert list(issues) == [("load_sharing", "entity_gone_site_supply")]

    async def test_a_short_gap_is_none(self, hass: HomeAssistant, house: House) -> None:
        """An integration that reloads needs some seconds."""
        await house.set_state(VOLTAGE, 230, "V")
        await house.measure(10)
        await house.set_up(supply=MEASURED)
        await house.set_state(VOLTAGE, "unavailable", "V")
        await house.wait(300)
        assert not ir.async_get(hass).issues


class TestForm:
    """The sensor is checked when it is entered."""

    @pytest.mark.parametrize(
        ("value", "unit", "error"),
        [
            (236, "V", None),
            (0.23, "kV", None),
            ("unavailable", "V", None),
            (236, "W", "not_a_voltage"),
            (400, "V", "other_voltage"),
            ("high", "V", "not_a_number"),
            (None, "V", "entity_not_found"),
        ],
    )
    async def test_errors_name_the_field(
        self,
        hass: HomeAssistant,
        house: House,
        value: float | str | None,
        unit: str,
        error: str | None,
    ) -> None:
        """A sensor that is unavailable passes, as its unit is that of a voltage."""
        await house.measure(10)
        if value is not None:
            await house.set_state(VOLTAGE, value, unit)
        flow = await hass.config_entries.flow.async_init(
            "load_sharing", context={"source": SOURCE_USER}
        )

        async def submit(entered: dict[str, Any]) -> Any:
            return await enter(hass, flow["flow_id"], entered)

        if flow["type"] == "menu":
            await submit({"next_step_id": "charging"})
        form = await submit(SUPPLY | {"name": "Home", "voltage_entity": VOLTAGE})
        if error:
            assert form["errors"] == {"more": error}
            return
        assert form["data"]["supply"]["voltage_entity"] == VOLTAGE
        assert form["data"]["supply"]["meter_l1"] == METER
