"""Meters that run backwards, from the steps of a charger and what they show of them."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.direction import (
    Direction,
    Directions,
    follow_directions,
    reversed_phases,
    without_signs,
)
from custom_components.load_sharing.charging.engine.mains import Mains, Wiring
from custom_components.load_sharing.charging.engine.measurement import with_earlier
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    Circuit,
    DrawReading,
    ServiceReading,
    SiteInput,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings

type Line = tuple[float, float, float]
type Part = tuple[int, float | Line, Line]
"""For how long a charger takes or may take a current, and what the meter shows."""

TOTAL = Mains(Wiring.NEUTRAL, 230.0, (0, 1, 2))


def watch(
    *parts: Part,
    measured: bool = True,
    total: Mains | None = None,
    other: ChargerInput | None = None,
    phases: tuple[int, ...] = (0, 1, 2),
) -> Direction:
    """Return what is known after some parts of a session."""
    directions: Directions = {}
    settings = charger_settings("car", phases=phases)
    state = commands.holding(0.0)
    drawn: DrawReading | None = None
    now_s = 100.0
    for lasts_s, level, shown_a in parts:
        own_a = level if isinstance(level, tuple) else (level,) * len(phases)
        if own_a[0] != state.in_force_a:
            state = commands.request(state, own_a[0], now_s)
            state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
        for _ in range(lasts_s):
            now_s += 1
            if measured:
                drawn = with_earlier(DrawReading(own_a, own_a, now_s), drawn, now_s)
            charger = ChargerInput(settings, state, draw=drawn)
            chargers = (charger, other) if other else (charger,)
            reading = ServiceReading(shown_a, (now_s,) * 3)
            site = SiteInput(site_settings(), reading, chargers, total=total)
            directions = follow_directions(directions, site, now_s)
    return directions["", "car"]


def base(on_a: float, *turned: int, of: Line = (3, 4, 5)) -> Line:
    """What a meter shows of the house and a car, the wrong way round on some phases."""
    one, two, three = (
        (-1 if phase in turned else 1) * (base_a + on_a)
        for phase, base_a in enumerate(of)
    )
    return one, two, three


def session(*turned: int, until_a: Sequence[float] = (6, 10, 14)) -> list[Part]:
    """A car that is raised every 15 s."""
    return [(15, 0, base(0, *turned))] + [
        (15, current_a, base(current_a, *turned)) for current_a in until_a
    ]


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("turned", [(), (0,), (1,), (0, 2), (0, 1, 2)])
def test_the_phases_that_run_backwards_are_found(
    turned: tuple[int, ...], measured: bool
) -> None:
    """The car rises to 14 A on all phases."""
    assert watch(*session(*turned), measured=measured).reversed == set(turned)


@pytest.mark.parametrize(
    ("measured", "until_a", "found"),
    [
        (True, (8,), False),
        (True, (6, 10), False),
        (True, (8, 12), True),
        (False, (8, 12), False),
        (False, (6, 9, 12), True),
        (False, (6, 8, 10, 12), False),
    ],
)
def test_it_takes_several_steps(
    measured: bool, until_a: tuple[float, ...], found: bool
) -> None:
    """Two of what is measured or three commands, of 3 A or more, and 12 A in all."""
    direction = watch(*session(0, until_a=until_a), measured=measured)
    assert direction.reversed == ({0} if found else set())


def test_a_car_on_one_of_three_phases() -> None:
    """L1 is turned. The others say nothing."""
    parts: list[Part] = [(15, 0, (-3, 4, 5))]
    parts += [(15, a, (-3 - a, 4, 5)) for a in (6, 10, 14)]
    assert watch(*parts, measured=False).reversed == {0}
    own: list[Part] = [(15, (0, 0, 0), (-3, 4, 5))]
    own += [(15, (a, 0, 0), (-3 - a, 4, 5)) for a in (6.0, 12.0)]
    assert watch(*own).reversed == {0}


def test_a_meter_without_a_sign_is_not_reversed() -> None:
    """20 A are fed in, and the car takes more and more of it."""
    parts: list[Part] = [(15, a, (20 - a, 4, 5)) for a in (0.0, 6.0, 10.0, 14.0, 6.0)]
    assert watch(*parts, phases=(0,)).votes == 0
    signed: list[Part] = [(15, a, (a - 20, 4, 5)) for a in (0.0, 6.0, 10.0, 14.0, 6.0)]
    assert watch(*signed, phases=(0,)).is_certain((0,))


def on_one_phase(start: Line, *levels: float, turned: bool) -> list[Part]:
    """A car on L1 alone, whose draw is measured, beside what the meter showed."""
    sign = -1 if turned else 1
    one, two, three = start
    return [
        (15, (level, 0.0, 0.0), (one + sign * level, two, three)) for level in levels
    ]


def test_a_car_on_one_phase_says_nothing_of_the_others() -> None:
    """All three are reversed, and then a car charges on L1."""
    found = session(0, 1, 2)
    assert watch(*found).reversed == {0, 1, 2}
    more = on_one_phase((-3, -4, -5), 0, 6, 12, 6, turned=True)
    assert watch(*found, *more).reversed == {0, 1, 2}


def test_steps_on_one_phase_acquit_no_other() -> None:
    """L2 is turned. A car on L1 comes first, and one on all phases later."""
    first = on_one_phase((3, -4, 5), 0, 6, 12, 6, 12, 0, turned=False)
    direction = watch(*first)
    assert not direction.reversed
    assert not direction.is_certain((0, 1, 2))
    assert watch(*first, *session(1)).reversed == {1}
    found = session(1)
    later = on_one_phase((3, -4, 5), 0, 6, 12, 6, 12, turned=False)
    assert watch(*found, *later).reversed == {1}


def test_what_a_car_has_shown_is_known_while_it_is_elsewhere() -> None:
    """Its charger is left out, and the meter is as reversed as before."""
    known = {("", "car"): Direction(reversed=frozenset({0}))}
    site = SiteInput(site_settings(), ServiceReading((-20.0,), (1.0,)), ())
    assert reversed_phases(follow_directions(known, site, 1.0)) == {"": {0}}


def test_a_meter_without_a_sign_beside_another_measured_charger() -> None:
    """30 A of sun cover both. Without the other's 8 A, less than nothing would flow."""
    draw = DrawReading((8.0,), (8.0,), 90.0)
    other = ChargerInput(
        charger_settings("other", phases=(0,)), commands.holding(8.0), draw=draw
    )
    parts: list[Part] = [(15, a, (22 - a, 4, 5)) for a in (10.0, 16.0, 10.0, 16.0)]
    assert watch(*parts, phases=(0,), other=other).votes == 0


def test_what_another_load_moves_says_nothing() -> None:
    """An oven of 14 A goes off as the car takes 6 A, and so on."""
    parts: list[Part] = [(15, 0, (20, 4, 5)), (15, 6, (12, 4, 5)), (15, 10, (25, 4, 5))]
    assert watch(*parts, phases=(0,)).votes == 0


@pytest.mark.parametrize("steady_s", [2, 6])
def test_a_meter_that_was_not_steady_says_nothing(steady_s: int) -> None:
    """A cloud clears while the charger is raised for it, and there is no car."""
    parts: list[Part] = [
        (steady_s, current_a, (shown_a, 4, 5))
        for current_a, shown_a in zip((0, 6, 10, 14), (0, -6, -10, -14), strict=True)
    ]
    votes = watch(*parts, measured=False, phases=(0,)).votes
    assert votes == (0 if steady_s == 2 else 3)


def test_steps_in_the_right_direction_take_it_back() -> None:
    """The clamp was turned round meanwhile. One step may be chance."""
    found = session(0)
    assert watch(*found).reversed
    one: list[Part] = [(15, 14, base(14)), (15, 6, base(6))]
    assert watch(*found, *one).reversed
    two: list[Part] = [(15, 14, base(14))]
    assert not watch(*found, *one, *two).reversed
    assert not watch(*found, *one, *two).is_certain((0, 1, 2))
    assert watch(*found, *one, *two, *one).is_certain((0, 1, 2))


def test_a_load_and_the_reduction_that_it_causes_are_no_step() -> None:
    """13 A more flow, and the charger comes down by 7 A in the same second."""
    parts: list[Part] = [*session(0), (1, 14, base(14, 0, of=(16, 4, 5)))]
    parts += [(20, 7, base(7, 0, of=(16, 4, 5)))]
    direction = watch(*parts, measured=False)
    assert not direction.upright
    assert direction.reversed == {0}


@pytest.mark.parametrize("ahead_s", [0, 1, 8])
def test_a_draw_that_is_reported_later_than_the_meter(ahead_s: int) -> None:
    """The meter has shown the step already when the draw does."""
    parts: list[Part] = [(15, 0, (-3, 4, 5))]
    for now_a, next_a in ((0, 8), (8, 16), (16, 8)):
        parts += [(ahead_s, now_a, (-3 - next_a, 4, 5))]
        parts += [(20, next_a, (-3 - next_a, 4, 5))]
    assert watch(*parts, phases=(0,)).reversed == {0}


def test_a_car_that_ramps_up_makes_one_step() -> None:
    """It rises by 1 A/s to 7 A, and to 14 A."""
    parts: list[Part] = [(15, 0, (-3, 4, 5))]
    for top_a in (7, 14):
        ramp = range(top_a - 7, top_a + 1)
        parts += [(1, float(a), (-3.0 - a, 4, 5)) for a in ramp]
        parts += [(10, top_a, (-3 - top_a, 4, 5))]
    direction = watch(*parts, phases=(0,))
    assert (direction.votes, direction.moved_a) == (2, 14)


@pytest.mark.parametrize("on", [1, 2, 3])
def test_a_total_that_is_turned(on: int) -> None:
    """The car takes 8 A and 16 A on some of its phases; each phase shows its share."""
    parts: list[Part] = []
    for current_a in (0.0, 8.0, 16.0):
        share_a = -(12 + current_a * on) / 3
        one, two, three = (current_a if index < on else 0.0 for index in range(3))
        parts.append((15, (one, two, three), (share_a, share_a, share_a)))
    assert watch(*parts, total=TOTAL).reversed == {0, 1, 2}


def test_beside_another_charger_that_steps_nothing_is_said() -> None:
    """Its draw is not measured, and its command is new."""
    state = commands.request(commands.holding(0.0), 14, 120)
    state = commands.call_succeeded(commands.begin_call(state, 120), 120)
    other = ChargerInput(charger_settings("other"), state)
    assert watch(*session(0), other=other).votes < watch(*session(0)).votes


def test_nothing_is_said_while_it_may_be_restored_or_lost() -> None:
    """No step is counted from before that."""
    settings = charger_settings("car")
    charger = ChargerInput(settings, commands.holding(6.0))
    reading = ServiceReading((5.0,), (100.0,))
    site = SiteInput(site_settings(), reading, (charger,))
    known = follow_directions({}, site, 100)
    assert known["", "car"].level_a == (6.0,)
    for blind in (replace(site, restored=True), replace(site, reading=None)):
        assert follow_directions(known, blind, 101)["", "car"].level_a == ()


def test_the_size_counts_on_each_phase_that_is_turned() -> None:
    """L2 of the supply, and L1 of a circuit."""
    known = Direction(reversed=frozenset({1}))
    below = Direction(reversed=frozenset({0}))
    turned = reversed_phases({("", "a"): known, ("garage", "a"): below})
    assert turned == {"": {1}, "garage": {0}}
    reading = ServiceReading((-3.0, -20.0, 5.0), (1.0, 1.0, 1.0))
    circuit = Circuit("garage", 20.0, (0,), frozenset("a"), "", True, reading)
    site = SiteInput(site_settings(), reading, (), circuits=(circuit,))
    after = without_signs(site, turned)
    readings = [after.reading, after.circuits[0].reading]
    assert [one and one.current_a for one in readings] == [(-3, 20, 5), (3, -20, 5)]
    assert without_signs(site, {}) is site


@pytest.mark.parametrize("lag_s", [1.0, 2.0, 8.0])
@pytest.mark.parametrize("base_a", [2.0, 9.0])
@pytest.mark.parametrize("turned", [(0,), (0, 1, 2), (1,)])
@pytest.mark.parametrize("on", [(0,), (0, 1, 2)])
def test_steps_the_wrong_way_are_steps_of_the_car(
    lag_s: float, base_a: float, turned: tuple[int, ...], on: tuple[int, ...]
) -> None:
    """16 A fit. The meter has shown where the car is, so that it gets them at once.

    What the wrong sign left free has not lasted: the ramp-up time begins anew.
    """
    car = Car(charger=charger_settings("car", max_a=16, phases=on), lag_s=lag_s)
    site = site_settings(limit_a=25.0)
    house = House(base_a, car, site=site, phases=3)
    shows_a = house.service_a
    house.service_a = lambda: tuple(  # type: ignore[method-assign]
        [
            -flow_a if phase in turned else flow_a
            for phase, flow_a in enumerate(shows_a())
        ]
    )
    found_s = inf
    while house.now_s < 120:
        house.run(house.now_s + 1)
        assert max(shows_a()) <= 25
        if reversed_phases(house.engine.directions):
            found_s = min(found_s, house.now_s)
    assert house.sent_a() == [0, 6, 10, 14, 16]
    if on == turned:
        assert found_s + 14 <= house.log[-1].at_s <= found_s + 17


def test_a_meter_that_is_turned_beside_an_overload_it_hid() -> None:
    """12 A of 25 A beside the car: it has 14 A of them until the sign is known."""
    car = Car(charger=charger_settings("car", max_a=16), lag_s=2)
    house = House(12.0, car, site=site_settings(limit_a=25.0))
    shows_a = house.service_a
    house.service_a = lambda: tuple(  # type: ignore[method-assign]
        [-flow_a for flow_a in shows_a()]
    )
    house.run(600)
    assert house.sent_a(since_s=16) == [10, 14, 13, 13]
    assert shows_a()[0] == 25


def test_what_looked_like_an_export_is_forgotten() -> None:
    """12 A of the house look like an export until two steps of the car have shown more."""
    car = Car(charger=charger_settings("car"), measured=True)
    house = House(12.0, car, site=site_settings(limit_a=40.0))
    shows_a = house.service_a
    house.service_a = lambda: tuple(  # type: ignore[method-assign]
        [-flow_a for flow_a in shows_a()]
    )
    house.run(20)
    before = house.engine
    assert (before.exports, before.trust[""].exports) == (True, True)
    house.run(120)
    assert reversed_phases(house.engine.directions) == {"": {0}}
    after = house.engine
    assert (after.exports, after.trust[""].exports) == (False, False)
    assert shows_a()[0] <= 40
