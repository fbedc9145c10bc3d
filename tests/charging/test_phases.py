"""Cars that use fewer phases than their charger has, and chargers on other phases."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.house import (
    CHARGER,
    DRAW,
    METERS,
    NUMBER,
    SECOND_NUMBER,
    SUPPLY,
    THREE_PHASES,
    House,
)

ALL = ["l1", "l2", "l3"]
DRAWS = {
    "draw_entity": DRAW,
    "draw_l2_entity": f"{DRAW}_l2",
    "draw_l3_entity": f"{DRAW}_l3",
}
SECOND_DRAW = "sensor.second_draw"
SECOND_DRAWS = {
    "draw_entity": SECOND_DRAW,
    "draw_l2_entity": f"{SECOND_DRAW}_l2",
    "draw_l3_entity": f"{SECOND_DRAW}_l3",
}
WIDE = {"phases": ALL, "max_current_a": 16.0}
SUPPLY_25_A = THREE_PHASES | {"limit_a": 25.0}
PHASES_USED = "sensor.garage_phases_used"

type Loads = Callable[[int], tuple[float, float, float]]
"""What the house takes at each second besides the car, by phase, in A."""


async def show_draw(house: House, draws: dict[str, str], *drawn_a: float) -> None:
    """Report what a charger takes on its own L1, L2 and L3."""
    for entity_id, value in zip(draws.values(), drawn_a, strict=True):
        await house.set_state(entity_id, round(value, 2), "A")


async def drive(
    house: House,
    seconds: int,
    loads: Loads,
    car: Callable[[int, float], tuple[float, float, float]],
    draws: dict[str, str] | None = DRAWS,
    wired: tuple[int, int, int] = (0, 1, 2),
) -> tuple[list[float], list[float]]:
    """Charge a car; return the number and the fullest phase at each second.

    ``car`` is what it takes of each own phase at a second and a value of the number.
    """
    set_a, fullest_a = [], []
    for second in range(seconds):
        await house.wait(1)
        set_a.append(float(house.state(NUMBER)))
        drawn_a = car(second, set_a[-1])
        if draws:
            await show_draw(house, draws, *drawn_a)
        line_a = list(loads(second))
        for own, phase in enumerate(wired):
            line_a[phase] += drawn_a[own]
        fullest_a.append(max(line_a))
        await house.measure(*line_a)
    return set_a, fullest_a


def on_l1(_second: int, offered_a: float) -> tuple[float, float, float]:
    """Take what is offered on one phase."""
    return offered_a, 0.0, 0.0


def issues(hass: HomeAssistant) -> dict[str, dict[str, str]]:
    """Return the placeholders of the issues that there are, by key."""
    return {
        str(issue.translation_key): issue.translation_placeholders or {}
        for issue in ir.async_get(hass).issues.values()
    }


class TestOnePhase:
    """A car that charges on one phase of a charger with three."""

    async def test_it_is_not_lowered_for_a_phase_that_it_does_not_use(
        self, house: House
    ) -> None:
        """It has 16 A on L1; an oven and a hob take 27 of 25 A on L3."""
        house.number.show(0)
        await house.measure(2, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await house.set_up(supply=SUPPLY_25_A, charger=WIDE | DRAWS)
        set_a, _ = await drive(
            house, 400, lambda s: (2, 3, 3 if s < 120 else 27), on_l1
        )
        assert set_a[119] == 16
        assert set(set_a[120:]) == {16}
        assert house.state(PHASES_USED) == "1"

    async def test_a_car_found_at_16_a_is_lowered_once(self, house: House) -> None:
        """No step has shown yet that it is on L1, but no other phase carries so much.

        An overload that outlasts that evidence is answered with a pause, which shows it.
        """
        house.number.show(16)
        await house.measure(18, 3, 3)
        await show_draw(house, DRAWS, 16, 0, 0)
        await house.set_up(supply=SUPPLY_25_A, charger=WIDE | DRAWS)
        set_a, _ = await drive(house, 300, lambda s: (2, 3, 3 if s < 60 else 27), on_l1)
        assert set_a[59] == 16
        assert set_a[-1] == 16
        assert set_a.count(0) <= 90

    async def test_paused_by_us_it_resumes_beside_a_full_phase_that_it_does_not_use(
        self, house: House
    ) -> None:
        """L1 is full for two minutes, and L3 is full all the time from then on."""
        house.number.show(0)
        await house.measure(2, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await house.set_up(supply=SUPPLY_25_A, charger=WIDE | DRAWS)

        def loads(second: int) -> tuple[float, float, float]:
            l1_a = 22 if 120 <= second < 240 else 2
            return l1_a, 3, 3 if second < 120 else 24

        set_a, _ = await drive(house, 400, loads, on_l1)
        assert set_a[200] == 0
        assert set_a[-1] == 16

    async def test_without_a_car_that_draws_every_phase_counts(
        self, house: House
    ) -> None:
        """It stops by itself beside a full L3, so the next car may use that."""
        house.number.show(0)
        await house.measure(2, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await house.set_up(supply=SUPPLY_25_A, charger=WIDE | DRAWS)

        def car(second: int, offered_a: float) -> tuple[float, float, float]:
            return (offered_a if second < 150 else 0.0), 0.0, 0.0

        set_a, _ = await drive(house, 700, lambda s: (2, 3, 3 if s < 120 else 22), car)
        assert set_a[149] == 16
        assert set_a[-1] == 0
        assert house.state(PHASES_USED) == "unknown"

    async def test_two_of_them_on_different_phases_have_16_a_each(
        self, house: House
    ) -> None:
        """Their chargers are turned against each other on a circuit of 20 A."""
        await house.put_up_second()
        house.number.show(0)
        house.second_number.show(0)
        await house.measure(3, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await show_draw(house, SECOND_DRAWS, 0, 0, 0)
        one = CHARGER | WIDE | {"circuit": "garage"} | DRAWS
        two = one | {"first_phase": "l2", "number_entity": SECOND_NUMBER} | SECOND_DRAWS
        await house.set_up(
            supply=THREE_PHASES | {"limit_a": 40.0},
            chargers=[one, two],
            circuits={"garage": {"limit_a": 20.0, "phases": ALL}},
        )
        for _ in range(300):
            await house.wait(1)
            one_a, two_a = (float(house.state(n)) for n in (NUMBER, SECOND_NUMBER))
            await show_draw(house, DRAWS, one_a, 0, 0)
            await show_draw(house, SECOND_DRAWS, two_a, 0, 0)
            await house.measure(3 + one_a, 3 + two_a, 3)
        assert (one_a, two_a) == (16, 16)


class TestChange:
    """A car goes from three phases to one and back, while base loads are 9, 14, 3 A."""

    @pytest.mark.parametrize("measured", ["phases", "total"])
    @pytest.mark.parametrize("gap_s", [0, 10])
    async def test_it_is_over_the_limit_for_a_few_seconds_at_most(
        self, house: House, measured: str, gap_s: int
    ) -> None:
        """It may stop for some seconds in between."""
        house.number.show(0)
        await house.measure(9, 14, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await house.set_state("sensor.total", 0, "W")
        sensors = DRAWS if measured == "phases" else {"draw_entity": "sensor.total"}
        await house.set_up(supply=SUPPLY_25_A, charger=WIDE | sensors)
        set_a, fullest_a = [], []
        for second in range(700):
            await house.wait(1)
            set_a.append(float(house.state(NUMBER)))
            a = (
                0.0
                if 0 <= second - 150 < gap_s or 0 <= second - 500 < gap_s
                else set_a[-1]
            )
            drawn_a = (a, a, a) if second < 150 or second >= 500 else (a, 0.0, 0.0)
            await show_draw(house, DRAWS, *drawn_a)
            await house.set_state("sensor.total", sum(drawn_a) * 230, "W")
            base_a = (9, 22 if 300 <= second < 400 else 14, 3)
            line_a = [x + y for x, y in zip(base_a, drawn_a, strict=True)]
            fullest_a.append(max(line_a))
            await house.measure(*line_a)
        assert sum(a > 25.5 for a in fullest_a) <= 2
        assert set_a[149] == set_a[-1] == 11
        assert min(set_a[200:500]) >= 6
        assert set_a[499] == 16


class TestWiring:
    """Where a charger really is, from the steps of its draw."""

    async def test_a_rotation_that_was_not_entered_is_found_and_used(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The charger's L1 is on L2, where 18 A of other loads come and go."""
        house.number.show(0)
        await house.measure(3, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await house.set_up(supply=SUPPLY_25_A, charger=WIDE | DRAWS)
        set_a, fullest_a = await drive(
            house,
            720,
            lambda s: (3, 18 if 120 <= s < 420 else 3, 3),
            on_l1,
            wired=(1, 2, 0),
        )
        assert sum(a > 25.5 for a in fullest_a) <= 2
        assert set_a[119] == set_a[-1] == 16
        assert set(set_a[150:420]) == {7}
        found = issues(hass)["charger_wired_elsewhere"]
        assert found["found"] == "L2, L3, L1"
        assert found["first"] == "L2"

    async def test_what_was_entered_right_is_left_alone(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Its L1 is on L2, as was entered."""
        house.number.show(0)
        await house.measure(3, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        charger = WIDE | DRAWS | {"first_phase": "l2"}
        await house.set_up(supply=SUPPLY_25_A, charger=charger)
        await drive(house, 200, lambda _: (3, 3, 3), on_l1, wired=(1, 2, 0))
        assert not issues(hass)

    async def test_a_charger_of_one_phase_that_is_on_another(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """It was entered on L1 and is on L3."""
        house.number.show(0)
        await house.measure(3, 3, 3)
        await house.set_state(DRAW, 0, "A")
        charger = {"phases": ["l1"], "max_current_a": 16.0, "draw_entity": DRAW}
        await house.set_up(supply=SUPPLY_25_A, charger=charger)
        set_a, fullest_a = await drive(
            house,
            400,
            lambda s: (3, 3, 18 if s > 200 else 3),
            on_l1,
            wired=(2, 0, 1),
        )
        assert set_a[199] == 16
        assert set_a[-1] == 7
        assert sum(a > 25.5 for a in fullest_a) <= 2
        assert issues(hass)["charger_wired_elsewhere"]["phases"] == "L3"


class TestUnseen:
    """A meter that does not measure what the charger draws."""

    SUPPLY = SUPPLY | {"limit_a": 25.0}

    async def set_up(self, house: House, **supply: Any) -> None:
        """Set up a charger of one phase whose draw is measured."""
        house.number.show(0)
        await house.measure(3)
        await house.set_state(DRAW, 0, "A")
        charger = {"max_current_a": 16.0, "draw_entity": DRAW}
        await house.set_up(supply=self.SUPPLY | supply, charger=charger)

    async def charge(
        self, house: House, seconds: int, *, seen: bool, base_a: float = 3
    ) -> None:
        """Charge a car for a while, beside a meter that sees it or not."""
        for _ in range(seconds):
            await house.wait(1)
            drawn_a = float(house.state(NUMBER))
            await house.set_state(DRAW, drawn_a, "A")
            await house.measure(base_a + (drawn_a if seen else 0.0))

    async def test_it_is_found(self, hass: HomeAssistant, house: House) -> None:
        """The draw rises by 16 A, and the meter stays at 3 A."""
        await self.set_up(house)
        await self.charge(house, 200, seen=False)
        assert issues(hass)["charger_not_seen"]["meter"] == METERS[0]

    async def test_one_that_sees_it_is_not_blamed(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """It moves with the draw."""
        await self.set_up(house)
        await self.charge(house, 300, seen=True)
        assert not issues(hass)

    async def test_a_battery_that_holds_the_meter_at_zero_is_not_blamed(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """It hides every load."""
        await self.set_up(house)
        await self.charge(house, 200, seen=False, base_a=0.1)
        assert not issues(hass)

    @pytest.mark.parametrize(
        ("seen", "result"), [(False, "not_seen"), (True, "passed")]
    )
    async def test_the_test_of_a_charger_reports_it(
        self, house: House, seen: bool, result: str
    ) -> None:
        """It compares the meter before and after its pause."""
        await self.set_up(house)
        await self.charge(house, 100, seen=seen)
        await house.call("button", "press", "button.garage_test")
        await self.charge(house, 200, seen=seen)
        assert house.state("sensor.garage_test_result") == result


class TestWatts:
    """A charger that is set in W: 7,590 W are 3 x 11 A, and 33 A on one phase."""

    @pytest.mark.parametrize("measured", ["nothing", "total", "phases"])
    @pytest.mark.parametrize("rating_a", [16, 32])
    async def test_a_car_that_goes_to_one_phase_has_its_power_lowered(
        self, hass: HomeAssistant, house: House, measured: str, rating_a: int
    ) -> None:
        """At 200 s it takes what three phases took on one, up to its maximum."""
        house.drive_by_watts()
        await house.measure(14, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await house.set_state("sensor.total", 0, "W")
        sensors: dict[str, str] = {}
        if measured == "phases":
            sensors = DRAWS
        elif measured == "total":
            sensors = {"draw_entity": "sensor.total"}
        charger = {"phases": ALL, "max_current_a": float(rating_a)} | sensors
        await house.set_up(supply=SUPPLY_25_A, charger=charger)
        over_s = 0
        for second in range(500):
            await house.wait(1)
            set_w = float(house.state(NUMBER))
            drawn_a = (set_w / 690,) * 3
            if second == 199:
                assert set_w == 7590
            if second >= 200:
                drawn_a = (min(rating_a, set_w / 230), 0.0, 0.0)
            await show_draw(house, DRAWS, *drawn_a)
            await house.set_state("sensor.total", sum(drawn_a) * 230, "W")
            line_a = [x + y for x, y in zip((14, 3, 3), drawn_a, strict=True)]
            over_s += max(line_a) > 25.5
            await house.measure(*[round(a, 2) for a in line_a])
        assert set_w == 2530
        assert over_s <= 8
        assert house.state(PHASES_USED) == "1"
        # With a sensor for each phase there is nothing that could be set up better.
        assert ("watts_on_fewer_phases" in issues(hass)) == (measured != "phases")

    async def test_back_on_three_phases_it_has_three_times_the_power(
        self, house: House
    ) -> None:
        """The draw of each phase shows it at once."""
        house.drive_by_watts()
        await house.measure(3, 3, 3)
        await show_draw(house, DRAWS, 0, 0, 0)
        await house.set_up(supply=SUPPLY_25_A, charger=WIDE | DRAWS)

        def car(second: int, set_w: float) -> tuple[float, float, float]:
            if second < 150:
                return set_w / 230, 0.0, 0.0
            each_a = set_w / 690
            return each_a, each_a, each_a

        set_w, fullest_a = await drive(house, 300, lambda _: (3, 3, 3), car)
        assert set_w[149] == 3680
        assert set_w[-1] == 11040
        assert max(fullest_a) <= 25


class TestAway:
    """A car that is its own charger, and charges elsewhere."""

    @pytest.mark.parametrize(
        ("entity_id", "here", "elsewhere"),
        [
            ("device_tracker.car", "home", "not_home"),
            ("device_tracker.car", "home", "Work"),
            ("person.anna", "home", "not_home"),
            ("binary_sensor.car_at_home", "on", "off"),
            ("zone.home", "1", "0"),
            ("sensor.car_location", "Home", "Work"),
        ],
    )
    async def test_it_takes_nothing_here_and_is_not_commanded(
        self, house: House, entity_id: str, here: str, elsewhere: str
    ) -> None:
        """At work it charges with 16 A, and here a load of 24 of 25 A comes."""
        house.number.show(16)
        await house.measure(3)
        await house.set_state(entity_id, elsewhere)
        await house.set_state("sensor.car", "charging")
        await house.set_state(DRAW, 16, "A")
        await house.set_up(
            supply=SUPPLY | {"limit_a": 25.0},
            charger={
                "max_current_a": 16.0,
                "status_entity": "sensor.car",
                "draw_entity": DRAW,
                "presence_entity": entity_id,
            },
        )
        for base_a in (3, 24, 27, 3):
            for _ in range(60):
                await house.wait(1)
                await house.measure(base_a)
        assert house.sent == []
        assert house.state("sensor.garage_limited_by") == "away"
        assert house.state("binary_sensor.garage_charging") == "off"
        assert house.state("sensor.garage_draw") == "0.0"

        await house.set_state(entity_id, here)
        await house.set_state(DRAW, 16, "A")
        await house.measure(30)
        await house.wait(2)
        assert house.sent[-1] < 16
        assert house.state("binary_sensor.garage_charging") == "on"

    async def test_it_leaves_all_to_the_others(self, house: House) -> None:
        """The second car has 16 of 20 A."""
        await house.put_up_second()
        house.number.show(16)
        house.second_number.show(0)
        await house.measure(3)
        await house.set_state("device_tracker.car", "not_home")
        one = CHARGER | {"max_current_a": 16.0, "presence_entity": "device_tracker.car"}
        two = CHARGER | {"max_current_a": 16.0, "number_entity": SECOND_NUMBER}
        await house.set_up(supply=SUPPLY | {"limit_a": 20.0}, chargers=[one, two])
        for _ in range(120):
            await house.wait(1)
            await house.measure(3 + float(house.state(SECOND_NUMBER)))
        assert float(house.state(SECOND_NUMBER)) == 16
        assert house.sent == []

    async def test_while_it_is_unknown_where_it_is_it_counts_as_here(
        self, house: House
    ) -> None:
        """So an overload lowers it."""
        house.number.show(16)
        await house.measure(30)
        await house.set_state("device_tracker.car", "unavailable")
        charger = {"max_current_a": 16.0, "presence_entity": "device_tracker.car"}
        await house.set_up(supply=SUPPLY | {"limit_a": 25.0}, charger=charger)
        await house.wait(2)
        assert house.sent[-1] < 16

    async def test_a_test_ends_when_it_leaves(self, house: House) -> None:
        """It is interrupted."""
        house.number.show(16)
        await house.measure(20)
        await house.set_state("device_tracker.car", "home")
        charger = {"max_current_a": 16.0, "presence_entity": "device_tracker.car"}
        await house.set_up(supply=SUPPLY | {"limit_a": 40.0}, charger=charger)
        await house.wait(5)
        await house.measure(20)
        await house.call("button", "press", "button.garage_test")
        await house.wait(2)
        await house.set_state("device_tracker.car", "not_home")
        await house.wait(2)
        assert house.state("sensor.garage_test_result") == "interrupted"


async def test_a_late_car_is_not_taken_for_one_of_fewer_phases(house: House) -> None:
    """16 s late, it takes three times 6 A at 9 A, and three times 8 A at 12 A."""
    house.number.show(0)
    await house.measure(12, 0, 0)
    await house.set_state("sensor.total", 0, "W")
    charger = WIDE | {"draw_entity": "sensor.total"}
    await house.set_up(supply=SUPPLY_25_A, charger=charger)
    set_a: list[float] = []
    counted = set()
    for second in range(200):
        await house.wait(1)
        set_a.append(float(house.state(NUMBER)))
        car_a = min(8.0, set_a[max(0, second - 16)])
        await house.set_state("sensor.total", 3 * car_a * 230, "W")
        await house.measure(12 + car_a, car_a, car_a)
        counted.add(house.state(PHASES_USED))
    assert max(set_a) > 10
    assert "2" not in counted
