"""Where a charger is, from the steps of its draw and what a meter shows of them."""

from collections.abc import Sequence

import pytest

from custom_components.load_sharing.charging.engine.command import holding
from custom_components.load_sharing.charging.engine.measurement import with_earlier
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    DrawReading,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.sightings import (
    NOTHING_SEEN,
    Sighting,
    Sightings,
    did_not_move,
    follow_sightings,
)

from .settings import charger_settings, site_settings

type Line = tuple[float, float, float]


def watch(
    steps: Sequence[tuple[int, DrawReading | Line, Line]],
    phases: tuple[int, ...] = (0, 1, 2),
) -> Sighting:
    """Return what is known after draws and readings that last for some seconds each."""
    sightings: Sightings = {}
    drawn: DrawReading | None = None
    now_s = 100.0
    settings = charger_settings("car", phases=phases)
    for lasts_s, draw, shown_a in steps:
        for _ in range(lasts_s):
            now_s += 1
            newest = draw
            if not isinstance(newest, DrawReading):
                own_a = newest[: len(phases)]
                newest = DrawReading(own_a, own_a, now_s)
            drawn = with_earlier(newest, drawn, now_s)
            reading = ServiceReading(shown_a, (now_s,) * 3)
            charger = ChargerInput(settings, holding(16.0), draw=drawn)
            site = SiteInput(site_settings(), reading, (charger,))
            sightings = follow_sightings(sightings, site, now_s)
    return sightings["", "car"]


IDLE: Line = (0, 0, 0)
BASE: Line = (3, 4, 5)


def test_a_step_where_it_was_entered() -> None:
    """One step is enough."""
    sighting = watch([(20, IDLE, BASE), (3, (10, 0, 0), (13, 4, 5))])
    assert sighting.is_proven((0, 1, 2))


@pytest.mark.parametrize(
    ("shown", "wires"),
    [((3, 14, 5), (1, 2, 0)), ((3, 4, 15), (2, 0, 1))],
)
def test_two_steps_on_another_phase(shown: Line, wires: tuple[int, ...]) -> None:
    """The first may be chance: a load that comes while the meter does not show the car."""
    steps = [(20, IDLE, BASE), (20, (10, 0, 0), shown)]
    assert watch(steps).found == ()
    assert watch([*steps, (20, IDLE, BASE)]).found == wires


def test_a_car_on_two_phases_shows_their_order() -> None:
    """Own L1 and L2 take 10 and 6 A; they are on L3 and L1 of the supply."""
    steps = [(20, IDLE, BASE), (20, (10, 6, 0), (9, 4, 15)), (20, IDLE, BASE)]
    assert watch(steps).found == (2, 0, 1)


def test_steps_on_all_phases_fit_what_was_entered() -> None:
    """They would fit any rotation."""
    sighting = watch([(20, IDLE, BASE), (20, (8, 8, 8), (11, 12, 13))])
    assert sighting.is_proven((0, 1, 2))
    assert not sighting.unseen


def test_a_car_that_ramps_up_makes_one_step() -> None:
    """It rises by 1 A/s from 0 to 10 A."""
    ramp = [(1, (a, 0, 0), (3 + a, 4, 5)) for a in range(1, 10)]
    sighting = watch([(20, IDLE, BASE), *ramp, (10, (10, 0, 0), (13, 4, 5))])
    assert sighting.is_proven((0, 1, 2))


def test_small_steps_show_nothing() -> None:
    """Two amperes may be a lamp."""
    sighting = watch([(30, IDLE, BASE), (30, (2, 0, 0), (3, 6, 5))])
    assert sighting.seen_on == ()


def test_a_meter_that_does_not_move() -> None:
    """It misses 16 A on the way up; a step that it shows later takes that back."""
    steps = [(20, IDLE, BASE), (30, (16, 0, 0), BASE)]
    assert watch(steps).unseen
    assert not watch([*steps, (5, IDLE, (-13, 4, 5))]).unseen


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("lasts_s", [1, 10, 19, 25])
def test_a_draw_that_is_polled_may_have_changed_long_before(
    lasts_s: int, seen: bool
) -> None:
    """It is read every 30 s: as 14 A, and 30 s later as nothing, long after it ended."""
    one, two, three = BASE
    charging = (one + (14 if seen else 0), two, three)
    steps: list[tuple[int, DrawReading | Line, Line]] = [(30, IDLE, BASE)]
    steps += [(lasts_s, (14, 0, 0), charging), (30 - lasts_s, (14, 0, 0), BASE)]
    assert watch([*steps, (30, IDLE, BASE)]).unseen is not seen


def test_one_total_is_enough_to_be_seen_or_not() -> None:
    """It may be 16 A on one phase, or a third of that on each of three."""
    none = DrawReading((0, 0, 0), (0, 0, 0), 100, total_a=0)
    some = DrawReading((5, 0, 0), (16, 8, 5), 100, total_a=16)
    # Both are known by their sum only.
    none = DrawReading((0, 0, 0), (0.1, 0, 0), 100, total_a=0)
    assert watch([(20, none, BASE), (5, some, (8, 9, 10))]).is_proven((0, 1, 2))
    assert watch([(20, none, BASE), (5, some, (19, 4, 5))]).is_proven((0, 1, 2))
    assert watch([(20, none, BASE), (30, some, BASE)]).unseen


def test_after_three_steps_it_looks_no_more() -> None:
    """A charger does not move while Home Assistant runs."""
    up: tuple[int, Line, Line] = (20, (10, 0, 0), (13, 4, 5))
    down: tuple[int, Line, Line] = (20, IDLE, BASE)
    sighting = watch([down, up, down, up])
    assert sighting.votes == 3
    assert sighting.pending_until_s < 0
    assert watch([down, up, down, up, (30, IDLE, (13, 4, 5))]) == sighting


def test_the_present_step_is_waited_for() -> None:
    """Until it is decided, each reading is looked at."""
    assert NOTHING_SEEN.pending_until_s < 0
    sighting = watch([(20, IDLE, BASE), (2, (10, 0, 0), BASE)])
    assert sighting.pending_until_s == 141


@pytest.mark.parametrize(
    ("now_a", "step_a", "unmoved"),
    [(3.0, 16, True), (5.0, 16, True), (8.0, 16, False), (3.0, 2, False)],
)
def test_a_meter_that_moved_by_a_fifth_moved(
    now_a: float, step_a: float, unmoved: bool
) -> None:
    """Nothing can be said of less than 2.5 A."""
    assert did_not_move((3.0,), (now_a,), step_a) is unmoved


def test_a_battery_holds_a_meter_at_zero() -> None:
    """That is no proof of anything."""
    assert not did_not_move((0.1, -0.1), (0.2, 0.0), 16)
