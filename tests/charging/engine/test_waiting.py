"""A charger that is paused because there is too little current for it."""

from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    ChargerDecision,
    Decision,
)
from custom_components.load_sharing.charging.engine.model import Limit, SiteInput
from custom_components.load_sharing.charging.engine.waiting import waits_for_current

from .car import Car
from .house import House
from .settings import charger_settings, site_settings


def chosen(
    current_a: float | None, limit: Limit, action: ActionReason | None = None
) -> ChargerDecision:
    return ChargerDecision(current_a, limit, action, ())


@pytest.mark.parametrize("limit", list(Limit))
@pytest.mark.parametrize("before", [True, False, None])
def test_a_charger_with_current_waits_for_none(
    limit: Limit, before: bool | None
) -> None:
    assert waits_for_current(before, chosen(6, limit)) is False
    assert waits_for_current(before, chosen(None, limit)) is None


@pytest.mark.parametrize(
    "limit",
    [
        Limit.BELOW_MINIMUM,
        Limit.WAITING_FOR_TURN,
        Limit.CIRCUIT,
        Limit.EXTERNAL_LIMIT,
        Limit.USER_LIMIT,
        Limit.DEMAND_LIMIT,
    ],
)
def test_too_little_is_left(limit: Limit) -> None:
    """Whatever limits it."""
    assert waits_for_current(None, chosen(0, limit)) is True


@pytest.mark.parametrize(
    "limit",
    [
        Limit.CHARGER_MAXIMUM,
        Limit.TEMPORARY_LIMIT,
        Limit.METER_LOST,
        Limit.DISABLED,
    ],
)
def test_another_reason_for_a_pause_is_not_for_lack_of_current(limit: Limit) -> None:
    """It has no current either, so it was not resumed."""
    assert waits_for_current(True, chosen(0, limit)) is None


def test_a_pause_out_of_an_overload() -> None:
    """While stepped down, the limit is the overload; it still waits afterwards."""
    paused = chosen(0, Limit.OVERLOAD, ActionReason.OVERLOAD)
    assert waits_for_current(False, paused) is True
    assert waits_for_current(None, chosen(0, Limit.OVERLOAD)) is None


class Watch:
    """Records what limits a charger, and when it begins and ends to wait."""

    def __init__(self, house: House, name: str) -> None:
        """Watch one charger of a house, beside others that watch."""
        self.name = name
        self.waits: bool | None = None
        self.changes: list[tuple[int, bool | None]] = []
        self.limits: set[Limit] = set()
        self._next = house.witness
        house.witness = self

    def __call__(self, house: House, site: SiteInput, decision: Decision) -> None:
        """Record a decision."""
        if self._next is not None:
            self._next(house, site, decision)
        decided = decision.chargers[self.name]
        self.limits.add(decided.limit)
        now = waits_for_current(self.waits, decided)
        if now is not self.waits:
            self.changes.append((round(house.now_s), now))
        self.waits = now


def test_a_pause_is_one_wait_from_the_first_to_the_last_second() -> None:
    """A hob takes 28 of 32 A from 100 s to 200 s, but for a gap of 5 s.

    What limits the charger changes many times meanwhile. It waits until it charges
    again, after 15 s of lasting headroom.
    """
    gap = range(150, 155)
    house = House(
        lambda now_s: 28.0 if 100 <= now_s < 200 and now_s not in gap else 4.0,
        Car(holds_a=16.0, reads_back=True),
    )
    watch = Watch(house, "car")
    house.run(300)
    assert watch.changes == [(0, False), (100, True), (215, False)]
    assert {Limit.BELOW_MINIMUM, Limit.RAMP_UP, Limit.SETTLING} <= watch.limits


def test_those_that_take_turns_wait_in_turn() -> None:
    """10 A for two, in turns of ten minutes: one waits while the other charges."""
    cars = [
        Car(charger=charger_settings(name), measured=True, reads_back=True)
        for name in "ab"
    ]
    house = House(22.0, *cars, site=site_settings(rotation_time_s=600))
    watches = [Watch(house, name) for name in "ab"]
    for until_s in range(60, 3000, 60):
        house.run(until_s)
        waits = [watch.waits for watch in watches]
        assert True in waits
        assert waits == [car.takes_a(until_s) == 0 for car in cars] or all(waits)
    assert all(len(watch.changes) >= 4 for watch in watches)


def test_a_lower_maximum_is_no_wait() -> None:
    """A maximum of 0 A is no lack of current."""
    car = Car(holds_a=16.0, reads_back=True)
    house = House(4.0, car)
    watch = Watch(house, "car")
    house.run(50)
    car.charger = replace(car.charger, max_a=0.0)
    house.run(120)
    assert car.told[-1][1] == 0
    assert [waits for _, waits in watch.changes] == [False, None]
