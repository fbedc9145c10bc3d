"""The rules change nothing in place, and the guard holds them to what none may do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from unittest.mock import patch

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.load_sharing.charging.engine import evaluate as engine
from custom_components.load_sharing.charging.engine.balance import Place
from custom_components.load_sharing.charging.engine.command import (
    holding,
    holding_up_to,
)
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    ChargerDecision,
)
from custom_components.load_sharing.charging.engine.grid import (
    least_current,
    lowest_current,
)
from custom_components.load_sharing.charging.engine.guard import ROUNDING_A, enforce
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.meter_lost import LostMeters
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    Limit,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.overload import (
    OverloadPhase,
    OverloadState,
)
from custom_components.load_sharing.charging.engine.plan import NOTHING_PLANNED, Plan
from custom_components.load_sharing.charging.engine.rules import RULES, make_plan
from custom_components.load_sharing.charging.engine.situation import (
    Situation,
    assess,
    measure,
)

from .car import Car, settled
from .house import House
from .settings import charger_settings, site_settings
from .test_invariants import CHANGING, Change, complex_houses, houses, spend_the_day

WILD_A = st.integers(0, 80).map(lambda halves: halves / 2)


@contextmanager
def recorded() -> Iterator[list[Situation]]:
    """Record every situation that the engine decides on."""
    situations: list[Situation] = []

    def make(situation: Situation) -> Plan:
        situations.append(situation)
        return make_plan(situation)

    with patch.object(engine, "make_plan", make):
        yield situations


@given(complex_houses(), CHANGING)
@settings(max_examples=25)
def test_a_rule_changes_neither_the_situation_nor_the_plan(
    house: House, changing: list[tuple[int, Change]]
) -> None:
    with recorded() as situations:
        spend_the_day(house, changing)
    for situation in situations[:: max(1, len(situations) // 40)]:
        plan = NOTHING_PLANNED
        for rule in RULES:
            before = deepcopy((situation, plan))
            after = rule.apply(situation, plan)
            assert (situation, plan) == before
            plan = after


@given(houses() | complex_houses(), CHANGING)
def test_the_guard_finds_nothing_to_object_to_in_the_rules(
    house: House, changing: list[tuple[int, Change]]
) -> None:
    """It is a second line of defence: the rules keep within the limits by themselves."""

    def keep(situation: Situation, plan: Plan) -> Plan:
        assert enforce(situation, plan) is plan
        return plan

    with patch.object(engine, "enforce", keep):
        spend_the_day(house, changing)


def test_one_of_which_nothing_is_known_takes_no_more_than_a_minimum_that_fits() -> None:
    """``a`` keeps 10 A of 14 A, which leaves less than the minimum of ``b``.

    It may as well be that ``a`` takes nothing. Then the house takes 8 A, and what is
    left would be enough for the minimum of ``b`` alone.
    """
    a = ChargerInput(
        charger_settings("a", min_a=10), settled(10), ChargerStatus.UNKNOWN
    )
    b = ChargerInput(charger_settings("b"), holding_up_to(32))
    reading = ServiceReading((8.0,), (100.0,))
    site = SiteInput(site_settings(limit_a=14), reading, (a, b))
    situation = assess(
        EngineState(), site, measure(EngineState(), site, reading, 100), 100
    )
    plan = make_plan(situation)
    assert [plan.decisions[name].desired_a for name in "ab"] == [10, 0]
    assert enforce(situation, plan) is plan


@given(houses() | complex_houses(), CHANGING, st.data())
@settings(max_examples=40)
def test_whatever_a_rule_decides_the_guard_keeps_to_the_limits(
    house: House, changing: list[tuple[int, Change]], data: st.DataObject
) -> None:
    """Currents at random, in situations of real days."""
    with recorded() as situations:
        spend_the_day(house, changing)
    for situation in situations[:: max(1, len(situations) // 25)]:
        wild = {
            charger.settings.charger_id: data.draw(WILD_A)
            for charger, _ in situation.chargers
        }
        decisions = {key: decided(current_a) for key, current_a in wild.items()}
        kept = enforce(situation, Plan(decisions, {})).decisions
        keeps_to_ceilings(situation, wild, kept)
        keeps_to_constraints(situation, kept)
        rises_only_on_what_is_known(situation, kept)


def decided(current_a: float) -> ChargerDecision:
    return ChargerDecision(current_a, Limit.SUPPLY, ActionReason.HEADROOM, ())


def keeps_to_ceilings(
    situation: Situation,
    wild: Mapping[str, float],
    kept: Mapping[str, ChargerDecision],
) -> None:
    """Never above a charger's ceiling, and never above what the rule asked for."""
    for charger, _ in situation.chargers:
        charger_id = charger.settings.charger_id
        current_a = kept[charger_id].desired_a or 0.0
        least_a = least_current(charger.settings)
        assert current_a <= max(charger.settings.ceiling_a, least_a) + ROUNDING_A
        assert current_a <= wild[charger_id]


def keeps_to_constraints(
    situation: Situation, kept: Mapping[str, ChargerDecision]
) -> None:
    """The proven base load and all currents together fit every constraint."""
    never_pause = {
        charger.settings.charger_id
        for charger, _ in situation.chargers
        if charger.settings.never_pauses
    }
    for constraint in situation.shares.limits:
        planned_a = sum(
            takes * (kept[key].desired_a or 0.0)
            for key, takes in constraint.members.items()
            if key not in never_pause
        )
        assert planned_a <= max(0.0, constraint.capacity_a) + ROUNDING_A


def rises_only_on_what_is_known(
    situation: Situation, kept: Mapping[str, ChargerDecision]
) -> None:
    """A command that is confirmed and shown, a status, a meter, no overload."""
    overloaded = situation.overload.phase is not OverloadPhase.NONE
    for charger, draw in situation.chargers:
        charger_id, command = charger.settings.charger_id, charger.command
        present_a = command.in_force_a
        planned_a = kept[charger_id].desired_a or 0.0
        held_a = max(present_a or 0.0, least_current(charger.settings))
        if present_a is None or planned_a <= held_a + ROUNDING_A:
            continue
        assert command.confirmed
        assert draw.final_at_s <= situation.now_s
        if charger.status is ChargerStatus.UNKNOWN:
            # A pause may be what took the status away.
            assert present_a == 0
            assert planned_a <= lowest_current(charger.settings)
        assert situation.site.may_rise
        assert charger_id not in situation.lost.ceilings_a
        assert not (overloaded and charger_id in situation.balance.overloaded_ids)


NOW_S = 100.0


def at_ten_amperes(service_a: float) -> Situation:
    """A charger that has had 10 A for long, on a supply of 32 A."""
    charger = ChargerInput(charger_settings("a", max_a=20), settled(10))
    reading = ServiceReading((service_a,), (NOW_S,))
    site = SiteInput(site_settings(), reading, (charger,))
    before = EngineState()
    return assess(before, site, measure(before, site, reading, NOW_S), NOW_S)


def with_charger(situation: Situation, changed: ChargerInput) -> Situation:
    ((_, draw),) = situation.chargers
    return situation._replace(chargers=((changed, draw),))


def unconfirmed(situation: Situation) -> Situation:
    ((charger, _),) = situation.chargers
    command = replace(charger.command, confirmed=False)
    return with_charger(situation, replace(charger, command=command))


def only_found(situation: Situation) -> Situation:
    ((charger, _),) = situation.chargers
    return with_charger(situation, replace(charger, command=holding(10)))


def status_unknown(situation: Situation) -> Situation:
    ((charger, _),) = situation.chargers
    return with_charger(situation, replace(charger, status=ChargerStatus.UNKNOWN))


def not_settled(situation: Situation) -> Situation:
    ((charger, draw),) = situation.chargers
    late = draw._replace(final_at_s=NOW_S + 1)
    return situation._replace(chargers=((charger, late),))


def external_limit_not_heard(situation: Situation) -> Situation:
    return situation._replace(site=replace(situation.site, may_rise=False))


def circuit_meter_lost(situation: Situation) -> Situation:
    return situation._replace(lost=LostMeters(ceilings_a={"a": 10.0}))


def overloaded(situation: Situation) -> Situation:
    place = Place("", 0, 1.0, frozenset("a"))
    return situation._replace(
        overload=OverloadState(OverloadPhase.PENDING),
        balance=situation.balance._replace(overloaded=(place,)),
    )


def commanded(situation: Situation, current_a: float) -> float | None:
    """What the guard makes of a rule that wants a current."""
    return (
        enforce(situation, Plan({"a": decided(current_a)}, {})).decisions["a"].desired_a
    )


def test_a_rise_that_fits_is_let_through() -> None:
    assert commanded(at_ten_amperes(18), 16) == 16


@pytest.mark.parametrize(
    "unknown",
    [
        unconfirmed,
        only_found,
        status_unknown,
        not_settled,
        external_limit_not_heard,
        circuit_meter_lost,
        overloaded,
    ],
)
def test_each_thing_that_is_not_known_forbids_a_rise(
    unknown: Callable[[Situation], Situation],
) -> None:
    assert commanded(unknown(at_ten_amperes(18)), 16) == 10


def test_no_rise_above_what_is_free() -> None:
    """18 A are 8 A of other load and 10 A of the car: 24 A are free, but 20 A its most."""
    assert commanded(at_ten_amperes(18), 32) == 20
    assert commanded(at_ten_amperes(29), 14) == 10


def test_a_current_that_no_longer_fits_comes_down_whatever_a_rule_wants() -> None:
    """36 A are 26 A of other load, which leave 6 A."""
    assert commanded(at_ten_amperes(36), 10) == 6


def test_a_charger_of_which_nothing_is_known_starts_at_its_minimum() -> None:
    charger = ChargerInput(charger_settings("a"), holding_up_to(32))
    assert commanded(with_charger(at_ten_amperes(18), charger), 20) == 6


def test_a_rise_that_does_not_fit_is_taken_back_and_nothing_else() -> None:
    """Two cars share the 24 A beside 8 A of 32 A; then a rule gives one of them 24 A."""
    cars = [Car(charger=charger_settings(name), measured=True) for name in "ab"]
    house = House(8.0, *cars)
    with recorded() as situations:
        house.run(120)
    situation = situations[-1]
    plan = make_plan(situation)
    assert [plan.decisions[name].desired_a for name in "ab"] == [12, 12]
    greedy = replace(plan.decisions["a"], desired_a=24.0)
    kept = enforce(situation, plan.with_decisions({"a": greedy}))
    assert kept.decisions["a"] == replace(
        greedy, desired_a=12, limit=Limit.SETTLING, action=None
    )
    assert kept.decisions["b"] == plan.decisions["b"]
