"""Supplies without a neutral, with two legs, or with a meter on two of three phases."""

from math import sqrt

import pytest

from ..homes.house import METER, METERS, NUMBER, THREE_PHASES, House

NO_NEUTRAL = THREE_PHASES | {"wiring": "no_neutral", "limit_a": 25.0}
TOTAL = {"wiring": "no_neutral", "limit_a": 25.0, "total": True}
SPLIT_PHASE = {"wiring": "split_phase", "voltage_v": 120.0, "meter_l2": METERS[1]}
L1_AND_L3 = {"meter_l3": METERS[2], "limit_a": 25.0}
THREE_LINES = {"phases": ["l1", "l2", "l3"], "max_current_a": 20.0}
DRAW = "sensor.draw"


class TestNoNeutral:
    """Three phases with 230 V between each two of them."""

    async def test_a_total_power_is_divided_by_the_root_of_three(
        self, house: House
    ) -> None:
        """8 kW are 20.1 A on each phase, so a car with 6 A would be too much on 25 A."""
        await house.measure(8000, unit="W")
        await house.set_up(supply=TOTAL, charger=THREE_LINES)
        assert house.state("sensor.home_service_current") == "20.1"
        await house.wait(120)
        assert float(house.state(NUMBER)) == 0

    async def test_a_car_on_three_phases_never_exceeds_the_line(
        self, house: House
    ) -> None:
        """With 4 kW of other loads, 10 A, the car has the other 15 A."""
        house.number.show(0)
        await house.measure(4000, unit="W")
        await house.set_up(supply=TOTAL, charger=THREE_LINES)
        most_a = 0.0
        for _ in range(240):
            await house.wait(1)
            total_w = 4000 + float(house.state(NUMBER)) * 230 * sqrt(3)
            most_a = max(most_a, total_w / (230 * sqrt(3)))
            await house.measure(total_w, unit="W")
        assert 24 < most_a <= 25
        assert float(house.state(NUMBER)) == 14

    @pytest.mark.parametrize("phases", [2, 3])
    async def test_a_number_in_watts_is_set_to_the_power_of_the_car(
        self, house: House, phases: int
    ) -> None:
        """15 A are 230 V between two phases, and sqrt(3) times that on three."""
        house.drive_by_watts(22_000)
        volts = {2: 230, 3: 230 * sqrt(3)}[phases]
        await house.measure(10, 10, 10)
        wiring = {"phases": ["l1", "l2", "l3"][:phases], "max_current_a": 16.0}
        await house.set_up(supply=NO_NEUTRAL, charger=wiring)
        for _ in range(180):
            await house.wait(1)
            car_a = float(house.state(NUMBER)) / volts
            line_a = 10 + car_a
            assert line_a <= 25
            await house.measure(line_a, line_a, line_a if phases == 3 else 10)
        assert car_a == pytest.approx(15, abs=0.1)

    async def test_a_one_phase_charger_counts_on_both_of_its_lines(
        self, house: House
    ) -> None:
        """20 A on L2 leave 5 A of 25 A, although L1 has 23 A left."""
        await house.measure(2, 20, 2)
        await house.set_up(supply=NO_NEUTRAL, charger={"phases": ["l1", "l2"]})
        await house.wait(60)
        assert float(house.state(NUMBER)) == 0
        await house.measure(2, 2, 20)
        await house.wait(60)
        assert float(house.state(NUMBER)) == 6

    async def test_a_measured_power_is_spread_over_both_lines(
        self, house: House
    ) -> None:
        """3,680 W between two phases are 16 A on each."""
        await house.measure(18, 18, 2)
        house.number.show(16)
        await house.set_state(DRAW, 3680, "W")
        wiring = {"phases": ["l1", "l2"], "draw_entity": DRAW}
        await house.set_up(supply=NO_NEUTRAL, charger=wiring)
        assert float(house.state("sensor.garage_draw")) == 16

    async def test_a_limit_in_watts_is_that_of_three_lines(self, house: House) -> None:
        """7,967 W are 20 A per line: 15 A beside the other 5 A."""
        await house.measure(5, 5, 5)
        await house.set_state("sensor.limit", 230 * sqrt(3) * 20, "W")
        limited = {"external_limit_entity": "sensor.limit"}
        await house.set_up(supply=NO_NEUTRAL | limited, charger=THREE_LINES)
        for _ in range(120):
            await house.wait(1)
            line_a = 5 + float(house.state(NUMBER))
            await house.measure(line_a, line_a, line_a)
        assert line_a == 20
        assert house.state("sensor.garage_limited_by") == "external_limit"

    async def test_a_charger_with_one_line_is_not_guessed_at(
        self, house: House
    ) -> None:
        """Its other line is unknown, so the site says so instead of balancing it."""
        await house.measure(5, 5, 5)
        with pytest.raises(AssertionError):
            await house.set_up(supply=NO_NEUTRAL, charger={"phases": ["l1"]})


class TestTwoOfThree:
    """A meter with two current transformers measures L1 and L3."""

    async def test_both_lines_are_protected(self, house: House) -> None:
        """L3 carries 15 A of 25 A, so a charger on L1 and L3 has 10 A."""
        house.number.show(0)
        await measure_l1_l3(house, 5, 15)
        await house.set_up(supply=L1_AND_L3, charger={"phases": ["l1", "l3"]})
        for _ in range(120):
            await house.wait(1)
            car_a = float(house.state(NUMBER))
            await measure_l1_l3(house, 5 + car_a, 15 + car_a)
        assert car_a == 10
        assert house.state("sensor.garage_limited_by") == "l3"
        await measure_l1_l3(house, 30, 15 + car_a)
        await house.wait(3)
        assert float(house.state(NUMBER)) == 0

    @pytest.mark.usefixtures("all_enabled")
    async def test_only_what_is_measured_is_shown(self, house: House) -> None:
        """L2 has no sensors."""
        await measure_l1_l3(house, 5, 15)
        await house.set_up(supply=L1_AND_L3, charger={"phases": ["l1", "l3"]})
        assert house.state("sensor.home_service_current_l1") == "5.0"
        assert house.state("sensor.home_service_current_l3") == "15.0"
        assert house.hass.states.get("sensor.home_service_current_l2") is None

    async def test_a_lost_sensor_is_a_lost_meter(self, house: House) -> None:
        """The other one goes on protecting its line."""
        house.number.show(16)
        await measure_l1_l3(house, 20, 20)
        await house.set_up(
            supply=L1_AND_L3,
            charger={"phases": ["l1", "l3"]},
            options={"meter_lost_action": "hold"},
        )
        await house.set_state(METERS[2], "unavailable", "A")
        assert house.state("binary_sensor.home_meter_problem") == "on"
        await house.set_state(METER, 30, "A")
        await house.wait(3)
        assert float(house.state(NUMBER)) <= 11


async def measure_l1_l3(house: House, l1_a: float, l3_a: float) -> None:
    """Report the currents of L1 and L3."""
    await house.set_state(METER, l1_a, "A")
    await house.set_state(METERS[2], l3_a, "A")


class TestSplitPhase:
    """Two legs of 120 V with 240 V between them."""

    async def test_a_240_v_charger_counts_on_both_legs(self, house: House) -> None:
        """The fuller leg, 70 A of 100 A, leaves 30 A."""
        house.number.show(0)
        await legs(house, 40, 70)
        both = {"phases": ["l1", "l2"]}
        await house.set_up(supply=SPLIT_PHASE | {"limit_a": 100.0}, charger=both)
        for _ in range(180):
            await house.wait(1)
            car_a = float(house.state(NUMBER))
            await legs(house, 40 + car_a, 70 + car_a)
        assert car_a == 30

    async def test_watts_are_those_of_both_legs(self, house: House) -> None:
        """3,840 W are 16 A at 240 V; the car cannot use one leg alone."""
        house.drive_by_watts(22_000)
        house.number.show(3840)
        await legs(house, 20, 20)
        await house.set_state(DRAW, 3840, "W")
        both = {"phases": ["l1", "l2"], "draw_entity": DRAW}
        await house.set_up(supply=SPLIT_PHASE, charger=both)
        assert float(house.state("sensor.garage_current_set")) == 16
        assert float(house.state("sensor.garage_draw")) == 16

    async def test_a_total_is_spread_over_two_legs(self, house: House) -> None:
        """4.8 kW are 20 A on each leg."""
        await house.measure(4.8, unit="kW")
        total = {"wiring": "split_phase", "voltage_v": 120.0, "total": True}
        await house.set_up(supply=total, charger={"phases": ["l1", "l2"]})
        assert house.state("sensor.home_service_current") == "20.0"


async def legs(house: House, l1_a: float, l2_a: float) -> None:
    """Report the currents of both legs."""
    await house.set_state(METER, l1_a, "A")
    await house.set_state(METERS[1], l2_a, "A")


class TestTotal:
    """One meter for all phases, and a charger that does not use all of them."""

    @pytest.mark.parametrize("measured", [True, False])
    @pytest.mark.parametrize(
        ("supply", "phases", "volts"),
        [
            ({"total": True, "limit_a": 25.0}, ["l1"], 230),
            (TOTAL, ["l1", "l2"], 230),
            (TOTAL, ["l1", "l2", "l3"], 230 * sqrt(3)),
        ],
    )
    async def test_a_car_counts_on_its_own_phases(
        self,
        house: House,
        supply: dict[str, object],
        phases: list[str],
        volts: float,
        measured: bool,
    ) -> None:
        """10 A are drawn on each phase, so 15 A are left for the car on its own."""
        house.number.show(0)
        base_w = 10 * 230 * (sqrt(3) if "wiring" in supply else 3)
        await house.measure(base_w, unit="W")
        await house.set_state(DRAW, 0, "W")
        draw = {"draw_entity": DRAW} if measured else {}
        await house.set_up(supply=supply, charger={"phases": phases} | draw)
        for _ in range(240):
            await house.wait(1)
            car_a = float(house.state(NUMBER))
            assert 10 + car_a <= 25
            await house.set_state(DRAW, car_a * volts, "W")
            await house.measure(base_w + car_a * volts, unit="W")
        assert car_a >= (15 if measured or len(phases) == 3 else 10)

    async def test_an_overload_of_one_phase_shows_in_the_total(
        self, house: House
    ) -> None:
        """A car with 16 A on L1, and 12 A on each phase besides: 28 A of 25 A."""
        house.number.show(16)
        await house.measure(3 * 8 * 230 + 16 * 230, unit="W")
        await house.set_state(DRAW, 16 * 230, "W")
        supply = {"total": True, "limit_a": 25.0}
        await house.set_up(supply=supply, charger={"draw_entity": DRAW})
        await house.wait(10)
        assert house.state("sensor.home_headroom") == "1.0"
        await house.measure(3 * 12 * 230 + 16 * 230, unit="W")
        assert house.state("binary_sensor.home_overload") == "on"
        assert float(house.state(NUMBER)) <= 13


class TestCircuits:
    """A garage between two phases, with a fuse and a meter of its own."""

    @pytest.mark.parametrize(("unit", "volts"), [("A", 1), ("W", 230), ("kW", 0.23)])
    async def test_one_sensor_measures_both_lines(
        self, house: House, unit: str, volts: float
    ) -> None:
        """A freezer takes 4 A of the garage's 16 A: 12 A are left."""
        house.number.show(0)
        await house.measure(9, 9, 5)
        await house.set_state(DRAW, 4 * volts, unit)
        garage = {"limit_a": 16.0, "phases": ["l1", "l2"], "meter_l1": DRAW}
        charger = {"phases": ["l1", "l2"], "circuit": "garage"}
        await house.set_up(
            supply=NO_NEUTRAL, charger=charger, circuits={"garage": garage}
        )
        for _ in range(150):
            await house.wait(1)
            car_a = float(house.state(NUMBER))
            await house.set_state(DRAW, (4 + car_a) * volts, unit)
            await house.measure(9 + car_a, 9 + car_a, 5)
        assert car_a == 12
        assert house.state("sensor.garage_limited_by") == "circuit"
