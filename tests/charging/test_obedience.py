"""What a charger's own number says never outranks the meter."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.house import DRAW, NUMBER, STATUS, SWITCH, Car, House

PROBLEM = "binary_sensor.garage_charger_problem"
LIMITED_BY = "sensor.garage_limited_by"
SUPPLY_25_A = {"limit_a": 25.0}
GARAGE_16_A = {"max_current_a": 16.0}


def repairs(hass: HomeAssistant) -> set[str | None]:
    """Return what the open repairs say."""
    return {issue.translation_key for issue in ir.async_get(hass).issues.values()}


class Forgetful:
    """A charger that falls back to a current of its own if it hears nothing for long.

    Its number goes on showing what was written. An Alfen does so after 60 s
    (evcc#12492), a ChargeX after 20 minutes (evcc#27795).
    """

    def __init__(self, house: House, after_s: float, falls_a: float) -> None:
        """Start with the watchdog just fed."""
        self._house = house
        self._after_s = after_s
        self._falls_a = falls_a
        self._heard = len(house.sent)
        self._heard_s = house.hass.loop.time()

    @property
    def draw_a(self) -> float:
        """What the car takes now."""
        now_s = self._house.hass.loop.time()
        if len(self._house.sent) != self._heard:
            self._heard, self._heard_s = len(self._house.sent), now_s
        if now_s - self._heard_s >= self._after_s:
            return self._falls_a
        return self._house.sent[-1] if self._house.sent else 0.0


async def test_a_pause_that_the_car_ignores_is_sent_with_every_correction(
    hass: HomeAssistant, house: House
) -> None:
    """The number shows 0, and 44 A flow through 32 A: only the meter shows it."""
    house.number.show(0)
    await house.measure(28)
    await house.set_up()
    await house.wait(5)
    before = len(house.sent)
    for _ in range(60):
        await house.wait(1)
        await house.measure(28 + 16)
    assert set(house.sent[before:]) == {0}
    assert 8 <= len(house.sent) - before <= 13
    assert "overload_alarm_unproven" in repairs(hass)


async def test_an_alarm_with_a_measured_pause_says_that_it_is_paused(
    hass: HomeAssistant, house: House
) -> None:
    """Its current is measured as 0 A: the pause is not sent again either."""
    house.number.show(0)
    await house.measure(28)
    await house.set_state(DRAW, 0, "A")
    await house.set_up(charger={"draw_entity": DRAW})
    await house.wait(5)
    before = len(house.sent)
    for _ in range(60):
        await house.wait(1)
        await house.set_state(DRAW, 0, "A")
        await house.measure(44)
    assert len(house.sent) == before
    assert "overload_alarm" in repairs(hass)


@pytest.mark.parametrize("poll_s", [3, 10, 30, 60])
@pytest.mark.parametrize("shown_a", [8, 10, 16])
async def test_a_number_that_is_back_at_each_poll_is_a_problem(
    hass: HomeAssistant, house: House, poll_s: int, shown_a: float
) -> None:
    """It takes every value. At the third poll, the charger has a problem; it lasts."""
    house.number.show(shown_a)
    await house.measure(28 + shown_a)
    await house.set_up()
    for second in range(1, 5 * poll_s + 1):
        await house.wait(1)
        if second % poll_s == 0:
            house.number.show(shown_a)
        await house.measure(28 + shown_a)
        if second == 3 * poll_s + 10:
            assert house.state(PROBLEM) == "on"
    assert house.state(PROBLEM) == "on"


@pytest.mark.parametrize(("after_s", "falls_a"), [(60, 16), (60, 32), (300, 16)])
@pytest.mark.parametrize("measured", [False, True])
async def test_a_watchdog_that_forgets_is_fed(
    hass: HomeAssistant, house: House, after_s: float, falls_a: float, measured: bool
) -> None:
    """It lapses twice, is over the limit for seconds each time, and never again."""
    house.number.show(0)
    await house.measure(28)
    charger = {"draw_entity": DRAW} if measured else {}
    await house.set_state(DRAW, 0, "A")
    await house.set_up(charger=charger)
    car = Forgetful(house, after_s, falls_a)
    over_s = []
    for second in range(600 if after_s == 60 else 1500):
        await house.wait(1)
        await house.set_state(DRAW, car.draw_a, "A")
        await house.measure(28 + car.draw_a)
        if 28 + car.draw_a > 32:
            over_s.append(second)
    assert len(over_s) <= 20
    assert not over_s or over_s[-1] <= 4 * after_s


async def test_a_point_that_fell_silent_is_a_problem(
    hass: HomeAssistant, house: House
) -> None:
    """Its integration shows a current before it asks the charger, which never answers.

    A house of 14 A goes to 20 A beside a car at 16 A, on 32 A.
    """
    house.number.show(16)
    await house.measure(14 + 16)
    await house.set_up(charger=GARAGE_16_A)
    await house.wait(20)
    house.wallbox.hanging = True
    problem_s = None
    for second in range(120):
        await house.hang_meter(20 + 16)
        if house.wallbox.calls_running:
            house.number.show(12)
        await house.pass_time(1)
        if problem_s is None and house.state(PROBLEM) == "on":
            problem_s = second
    assert problem_s is not None
    assert problem_s <= 100
    assert house.state(PROBLEM) == "on"
    assert house.wallbox.tried >= 4
    house.wallbox.hanging = False
    house.wallbox.released.set()


async def test_a_problem_stays_while_another_current_is_wanted(
    hass: HomeAssistant, house: House
) -> None:
    """Each call fails, and the house's load is another each time."""
    house.number.show(16)
    await house.measure(9 + 16)
    await house.set_up(supply=SUPPLY_25_A, charger=GARAGE_16_A)
    house.wallbox.failing = True
    on_s = 0
    for second in range(120):
        await house.wait(1)
        await house.measure(16 + 10 + second // 10 % 4)
        on_s += house.state(PROBLEM) == "on"
    assert on_s >= 105


@pytest.mark.parametrize("away_s", [3, 8, 20, 60])
async def test_what_was_never_sent_counts_for_nothing(
    hass: HomeAssistant, house: House, away_s: int
) -> None:
    """The number is away in an overload: once it is back, 10 A fit beside 15 of 25 A."""
    house.number.show(0)
    await house.measure(4)
    await house.set_up(supply=SUPPLY_25_A, charger=GARAGE_16_A)
    car = Car(hass, NUMBER)
    await house.live(120, 4, car)
    assert car.draw_a == 16
    house.number.show_available(False)
    await house.live(away_s, 15, car)
    before = len(house.sent)
    house.number.show_available(True)
    reported_a = await house.live(60, 15, car)
    assert house.sent[before:][0] == 10
    assert min(house.sent[before:]) >= 6
    assert reported_a[1] <= 25


async def test_a_number_that_is_away_while_nothing_can_flow_is_no_problem(
    hass: HomeAssistant, house: House
) -> None:
    """It is away until a car is plugged in; the load varies. Then the car charges."""
    house.number.show(0)
    await house.set_state(STATUS, "disconnected")
    await house.measure(5)
    await house.set_up(
        supply=SUPPLY_25_A, charger=GARAGE_16_A | {"status_entity": STATUS}
    )
    await house.live(60, 5)
    house.number.show_available(False)
    for part in range(6):
        await house.live(60, 5 if part % 2 else 24)
        assert house.state(PROBLEM) == "off"
    house.number.show_available(True)
    await house.set_state(STATUS, "charging")
    car = Car(hass, NUMBER)
    await house.live(120, 5, car)
    assert car.draw_a >= 14


@pytest.mark.parametrize("status", ["unavailable", "unknown", "sleeping"])
@pytest.mark.parametrize("with_number", [True, False])
async def test_what_a_pause_took_away_does_not_keep_it(
    hass: HomeAssistant, house: House, status: str, with_number: bool
) -> None:
    """Switched off, the charger has no status, and perhaps no number. It starts again."""
    house.number.show(16)
    await house.set_state(STATUS, "charging")
    await house.measure(5 + 16)
    charger = {"switch_entity": SWITCH, "status_entity": STATUS}
    await house.set_up(supply=SUPPLY_25_A, charger=GARAGE_16_A | charger)

    async def live(seconds: int, base_a: float) -> None:
        for _ in range(seconds):
            await house.wait(1)
            is_on = house.state(SWITCH) == "on"
            await house.set_state(STATUS, "charging" if is_on else status)
            if not with_number:
                house.number.show_available(is_on)
            drawn_a = house.number.native_value if is_on else 0
            await house.measure(base_a + (drawn_a or 0))

    await live(60, 5)
    await live(120, 24)
    assert house.state(SWITCH) == "off"
    await live(900, 5)
    assert house.state(SWITCH) == "on"
    assert float(house.state(NUMBER)) >= 14
    assert house.state(PROBLEM) == "off"


@pytest.mark.parametrize("base_a", [2.2, 9.0])
async def test_a_repeated_pause_does_not_outdate_a_meter_that_stands_still(
    hass: HomeAssistant, house: House, base_a: float
) -> None:
    """The meter reports changes only. After the pause was sent again, its value counts.

    The house goes down to ``base_a`` of 25 A, and the meter is silent from then on.
    """
    house.number.show(0)
    await house.measure(22)
    await house.set_up(supply=SUPPLY_25_A, charger=GARAGE_16_A)
    await house.live(70, 22.0)
    await house.measure(base_a)
    before = len(house.sent)
    await house.wait(90)
    started = [current_a for current_a in house.sent[before:] if current_a > 0]
    assert started, house.state(LIMITED_BY)


class Unlimited:
    """A charger to which 0 A means that there is no limit: it gives its rating.

    Assumed: no integration was seen to do so. What counts is how the meter answers.
    """

    def __init__(self, hass: HomeAssistant, rating_a: float, lag_s: float) -> None:
        """Plug a car in that takes what it gets."""
        self._car = Car(hass, NUMBER, lag_s=lag_s)
        self._rating_a = rating_a

    @property
    def draw_a(self) -> float:
        """What the car takes now."""
        return self._car.draw_a or self._rating_a


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("lag_s", [1, 4])
@pytest.mark.parametrize("rating_a", [16, 32])
async def test_a_pause_that_is_answered_with_more_current_is_not_used_again(
    hass: HomeAssistant, house: House, measured: bool, lag_s: float, rating_a: float
) -> None:
    """The house goes from 4 to 21 A of 25 for 10 minutes, twice. 6 A is the least.

    A car that had its rating before takes no more than that, so its pause looks ignored:
    it is sent again for half a minute before the minimum is tried.
    """
    house.number.show(6)
    await house.measure(4 + 6)
    charger: dict[str, float | str] = {"max_current_a": rating_a}
    await house.set_state(DRAW, 6, "A")
    if measured:
        charger |= {"draw_entity": DRAW}
    entry = await house.set_up(supply=SUPPLY_25_A, charger=charger)
    car = Unlimited(hass, rating_a, lag_s)

    async def live(seconds: int, base_a: float) -> list[float]:
        drawn_a = []
        for _ in range(seconds):
            await house.wait(1)
            drawn_a.append(car.draw_a)
            await house.set_state(DRAW, drawn_a[-1], "A")
            await house.measure(base_a + drawn_a[-1])
        return drawn_a

    await live(120, 4)
    assert car.draw_a >= 13
    drawn_a = await live(600, 21)
    assert sum(current_a > 6 for current_a in drawn_a) <= 45
    assert drawn_a[-1] == 6
    assert house.sent.count(0) <= (4 if rating_a > 16 else 8)
    await live(120, 4)
    assert car.draw_a >= 13
    before = len(house.sent)
    await live(600, 21)
    assert 0 not in house.sent[before:]
    assert car.draw_a == 6
    assert "pause_raises" in repairs(hass)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await live(120, 21)
    assert 0 not in house.sent[before:]


async def test_a_load_that_starts_with_a_pause_does_not_refute_it(
    hass: HomeAssistant, house: House
) -> None:
    """A hob of 10 A is switched on right after the pause: it works all the same."""
    house.number.show(6)
    await house.measure(4 + 6)
    await house.set_up(supply=SUPPLY_25_A, charger=GARAGE_16_A)
    car = Car(hass, NUMBER, lag_s=3)
    await house.live(120, 4, car)
    for second in range(600):
        paused = bool(house.sent) and house.sent[-1] == 0
        await house.live(1, 31 if paused or second > 30 else 23, car)
    assert house.sent[-1] == 0
    assert "pause_raises" not in repairs(hass)
    await house.live(300, 4, car)
    assert car.draw_a >= 13
