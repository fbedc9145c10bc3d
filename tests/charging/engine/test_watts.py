"""How many phases a charger that is set in W charges on, by the answer of the meter."""

from collections.abc import Sequence

import pytest

from custom_components.load_sharing.charging.engine.command import holding
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    DrawReading,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.watts import (
    NOT_WATCHED,
    WattsWatch,
    follow_watts,
)

from .settings import charger_settings, site_settings

type Line = tuple[float, float, float]

PER_A = (230.0, 460.0, 690.0)


def watch(
    *steps: tuple[float, Line | None],
    watts_per_a: tuple[float, ...] = PER_A,
    draw: DrawReading | None = None,
    lasts_s: int = 5,
    max_a: float = 32,
) -> WattsWatch:
    """Return what is known after currents that were sent, and what a meter showed."""
    settings = charger_settings(
        "car", phases=(0, 1, 2), max_a=max_a, watts_per_a=watts_per_a
    )
    known, now_s = NOT_WATCHED, 100.0
    shown: Sequence[tuple[float, Line | None]] = steps
    for sent_a, shown_a in shown:
        for _ in range(lasts_s):
            reading = None
            if shown_a is not None:
                reading = ServiceReading(shown_a, (now_s,) * 3)
            charger = ChargerInput(settings, holding(sent_a), draw=draw)
            site = SiteInput(site_settings(), reading, (charger,))
            known = follow_watts(known, charger, site, now_s)
            now_s += 1
    return known


IDLE: Line = (3, 3, 3)


@pytest.mark.parametrize(
    ("shown_a", "phases"),
    [((9, 9, 9), 3), ((21, 3, 3), 1), ((12, 12, 3), 2), ((30, 30, 3), 0)],
)
def test_the_step_of_each_phase_shows_it(shown_a: Line, phases: int) -> None:
    """4,140 W are 6 A on three phases, 9 A on two, and 18 A on one."""
    assert watch((0, IDLE), (0, IDLE), (6, IDLE), (6, shown_a)).phases == phases


@pytest.mark.parametrize(("shown_a", "phases"), [((30, 3, 3), 1), ((19, 3, 3), 1)])
def test_a_charger_may_go_beyond_the_maximum_that_was_entered(
    shown_a: Line, phases: int
) -> None:
    """6,210 W are 27 A on one phase. Entered are 16 A, which may also be its own limit."""
    steps = [(0, IDLE), (0, IDLE), (9, IDLE), (9, shown_a)]
    assert watch(*steps, max_a=16).phases == phases


def test_the_lost_meter_takes_nothing_back() -> None:
    """Otherwise three times the power would be sent."""
    steps = [(0, IDLE), (6, IDLE), (6, (21, 3, 3))]
    assert watch(*steps, (6, None)).phases == 1


def report(*readings: tuple[float, Line, Line]) -> WattsWatch:
    """Return what is known as each phase is reported: when, the currents, and since when.

    The power was changed from 3 x 18 A to 3 x 20 A at 100 s.
    """
    settings = charger_settings("car", phases=(0, 1, 2), max_a=32, watts_per_a=PER_A)
    known = NOT_WATCHED
    for now_s, shown_a, taken_s in readings:
        reading = ServiceReading(shown_a, taken_s)
        charger = ChargerInput(settings, holding(18 if now_s < 100 else 20))
        site = SiteInput(site_settings(), reading, (charger,))
        known = follow_watts(known, charger, site, now_s)
    return known


BEFORE = [
    (98.0, (21.0, 21.0, 21.0), (98.0, 98.0, 98.0)),
    (99.0, (21.0, 21.0, 21.0), (99.0, 99.0, 99.0)),
    (100.0, (21.0, 21.0, 21.0), (100.0, 100.0, 100.0)),
]


def test_two_phases_of_a_report_that_is_arriving_are_no_car_of_two() -> None:
    """L1 and L2 show 2 A more already, L3 does so with the next sensor."""
    arriving = [
        (101.0, (23.0, 21.0, 21.0), (101.0, 100.0, 100.0)),
        (101.0, (23.0, 23.0, 21.0), (101.0, 101.0, 100.0)),
    ]
    assert report(*BEFORE, *arriving).phases == 0
    whole = (101.0, (23.0, 23.0, 23.0), (101.0, 101.0, 101.0))
    assert report(*BEFORE, *arriving, whole).phases == 3


@pytest.mark.parametrize(
    "later",
    [
        (101.6, (24.0, 24.0, 21.0), (101.0, 101.0, 100.0)),
        (109.0, (24.1, 24.0, 21.0), (109.0, 101.0, 100.0)),
    ],
)
def test_a_phase_that_does_not_change_need_not_be_reported(
    later: tuple[float, Line, Line],
) -> None:
    """Two phases have 3 A more each. Half a second or a report later that is all."""
    arriving = (101.0, (24.0, 24.0, 21.0), (101.0, 101.0, 100.0))
    assert report(*BEFORE, arriving).phases == 0
    assert report(*BEFORE, arriving, later).phases == 2


def test_it_is_only_needed_where_a_power_may_be_on_several_phases() -> None:
    """Not for amperes, and not beside a draw that is measured on each phase."""
    steps = [(0, IDLE), (6, IDLE), (6, (21, 3, 3))]
    assert watch(*steps, watts_per_a=()) == NOT_WATCHED
    drawn = DrawReading((6, 6, 6), (6, 6, 6), 100)
    assert watch(*steps, draw=drawn) == NOT_WATCHED


def test_a_car_that_shows_nothing_after_a_pause_may_be_another() -> None:
    """One phase was known. Two minutes after the resumption nothing has moved."""
    steps = [(0, IDLE), (6, IDLE), (6, (21, 3, 3)), (0, IDLE), (0, IDLE)]
    assert watch(*steps).phases == 1
    assert watch(*steps, *[(16, IDLE)] * 30).phases == 0
