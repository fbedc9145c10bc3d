"""What a charger has use for, since when, and who comes next."""

# ruff: noqa: D102

from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.memory import Turn
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.turns import (
    SPARING_AFTER_S,
    admission_order,
    follow_turns,
    useful_current,
)

from .car import settled
from .settings import charger_settings, site_settings

ROTATION_S = 600.0
RUNS = Turn(running=True, since_s=100)
SPARES = replace(RUNS, sparing_since_s=110)


def taking(
    taken_a: float | None, told_a: float, *, status_since_s: float = 0
) -> ChargerInput:
    """A charger of which the draw is measured, if it is."""
    draw = None if taken_a is None else DrawReading((taken_a,), (taken_a,), 0)
    return ChargerInput(
        charger_settings("a"),
        settled(told_a),
        ChargerStatus.CHARGING,
        status_since_s,
        draw,
    )


def follow(before: Turn, charger: ChargerInput, now_s: float = 120) -> Turn:
    """Its turn after a look at what it takes."""
    site = SiteInput(site_settings(rotation_time_s=ROTATION_S), None, (charger,))
    drawn = Draw((0,), (0,), settled=True)
    return follow_turns({"a": before}, site, [drawn], now_s)["a"]


class TestSparing:
    """A car that leaves more than an ampere and a tenth has no use for it."""

    @pytest.mark.parametrize(
        ("taken_a", "told_a", "spares"),
        [
            (8, 9, False),
            (8, 9.1, True),
            (20, 22, False),
            (20, 22.1, True),
            (None, 32, False),
        ],
    )
    def test_when_it_begins(
        self, taken_a: float | None, told_a: float, spares: bool
    ) -> None:
        after = follow(RUNS, taking(taken_a, told_a))
        assert after == replace(RUNS, sparing_since_s=120 if spares else None)

    @pytest.mark.parametrize(
        ("told_a", "spares"), [(9, True), (8.7, True), (8.6, False), (8, False)]
    )
    def test_it_ends_where_less_than_six_tenths_of_that_are_left(
        self, told_a: float, spares: bool
    ) -> None:
        after = follow(SPARES, taking(8, told_a))
        assert after == (SPARES if spares else RUNS)


class TestIdle:
    """One that takes nothing for a minute has no car that charges."""

    @pytest.mark.parametrize(
        ("taken_a", "now_s", "idle"),
        [(0.9, 169.9, False), (0.9, 170, True), (1, 170, False)],
    )
    def test_when_it_is(self, taken_a: float, now_s: float, idle: bool) -> None:
        after = follow(SPARES, taking(taken_a, 16), now_s)
        assert after == replace(SPARES, idle=idle, tried=int(idle))

    def test_it_is_until_it_takes_something(self) -> None:
        idle = replace(RUNS, idle=True)
        assert follow(idle, taking(0, 1), 130).idle
        assert not follow(idle, taking(1, 1), 130).idle

    @pytest.mark.parametrize(
        ("status_since_s", "now_s", "idle"),
        [
            (0, 140, True),
            (110, 140, True),
            (130, 140, True),
            (130.1, 140, False),
            (0, 100 + ROTATION_S - 0.1, True),
            (0, 100 + ROTATION_S, False),
        ],
    )
    def test_while_it_is_paused_a_car_is_heard_by_its_status(
        self, status_since_s: float, now_s: float, idle: bool
    ) -> None:
        """Paused at 100 s, of which its status tells for 30 s; then a car may come."""
        paused = Turn(running=False, since_s=100, idle=True, tried=1)
        charger = taking(0, 0, status_since_s=status_since_s)
        assert follow(paused, charger, now_s).idle is idle


class TestUse:
    """What it takes, what it may leave, and a step; more is for others."""

    @pytest.mark.parametrize(
        ("taken_a", "told_a", "useful_a"),
        [(8, 10, 10), (8, 11, 11), (8, 11.1, 9), (20, 25, 25), (20, 26, 22)],
    )
    def test_near_enough_is_left_as_it_is(
        self, taken_a: float, told_a: float, useful_a: float
    ) -> None:
        now_s = 110 + SPARING_AFTER_S
        charger = taking(taken_a, told_a)
        assert useful_current(charger, SPARES, now_s) == useful_a
        assert useful_current(charger, SPARES, now_s - 0.1) == inf

    def test_it_may_be_all_or_nothing(self) -> None:
        assert useful_current(taking(8, 32), RUNS, 900) == inf
        assert useful_current(taking(None, 32), SPARES, 900) == inf
        assert useful_current(taking(8, 32), replace(SPARES, idle=True), 900) == 0


@pytest.mark.parametrize(
    ("now_s", "order"),
    [
        (699, ["over", "on", "waits", "fails"]),
        (700, ["on", "waits", "over", "fails"]),
    ],
)
def test_those_in_their_turn_come_first_and_then_those_that_wait(
    now_s: float, order: list[str]
) -> None:
    """A turn takes ten minutes. Whoever does not do what it is told comes last."""
    turns = {
        "fails": replace(RUNS, since_s=0),
        "over": RUNS,
        "waits": Turn(running=False, since_s=300),
        "on": replace(RUNS, since_s=500),
    }
    failing = replace(commands.request(settled(6), 10, 0), attempts=3)
    chargers = [
        ChargerInput(charger_settings(name), failing if name == "fails" else settled(6))
        for name in turns
    ]
    settings = site_settings(rotation_time_s=ROTATION_S)
    site = SiteInput(settings, None, tuple(chargers))
    found = [
        charger.settings.charger_id for charger in admission_order(site, turns, now_s)
    ]
    assert found == order
