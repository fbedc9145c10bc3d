"""A reading that is left out would have changed nothing, then or later."""

# ruff: noqa: D102

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from hypothesis import event, given, settings
from hypothesis.strategies import sampled_from
import pytest

from custom_components.load_sharing.charging.engine.command import holding
from custom_components.load_sharing.charging.engine.decision import Calm, Decision
from custom_components.load_sharing.charging.engine.demand import DemandLimit
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    Limit,
    ServiceReading,
    SiteInput,
    SiteSettings,
)
from custom_components.load_sharing.charging.engine.overload import OverloadPhase

from .house import House
from .settings import charger_settings, site_settings
from .test_invariants import CHANGING, Change, complex_houses, houses, spend_the_day

LATEST_S = 10.0
NOW_S = 100.0


def wanted_a(decision: Decision) -> dict[str, float | None]:
    return {key: chosen.desired_a for key, chosen in decision.chargers.items()}


def readings_within(calm: Calm) -> Iterator[tuple[float, ...]]:
    """The lowest that holds, the highest, and one between."""
    lowest_a = [max(low_a, -60.0) for low_a in calm.low_a]
    yield tuple(lowest_a)
    yield calm.high_a
    pairs = zip(lowest_a, calm.high_a, strict=True)
    yield tuple([(low_a + high_a) / 2 for low_a, high_a in pairs])


@dataclass
class Sceptic:
    """Evaluates what would be left out, and what may follow."""

    calms: int = 0
    seen: list[Calm] = field(default_factory=list)

    def __call__(self, house: House, site: SiteInput, decision: Decision) -> None:
        if (calm := decision.calm) is None or site.reading is None:
            return
        self.calms += 1
        ends_s = min(
            house.now_s + LATEST_S, decision.wake_at_s or house.now_s + LATEST_S
        )
        for current_a in readings_within(calm):
            assert calm.holds(current_a)
            for at_s in (house.now_s + 0.1, ends_s - 0.001):
                if house.now_s < at_s < ends_s:
                    self.changes_nothing(house, site, decision, current_a, at_s)

    def changes_nothing(
        self,
        house: House,
        site: SiteInput,
        decision: Decision,
        current_a: tuple[float, ...],
        at_s: float,
    ) -> None:
        between = reading_at(site, current_a, at_s)
        state, same = evaluate(house.engine, between, at_s)
        assert wanted_a(same) == wanted_a(decision)
        assert all(chosen.action is None for chosen in same.chargers.values())
        assert not same.events
        assert not same.correction_due
        assert same.state is decision.state
        assert state.overload.phase is OverloadPhase.NONE
        assert state.ramps == house.engine.ramps
        # Whatever the meter shows next, it makes no difference that this was left out.
        later_s = at_s + 0.5
        for other_a in (60.0, 0.0, -10.0, current_a[0] + 2, current_a[0] - 2):
            after = reading_at(site, (other_a,) * len(current_a), later_s)
            _, with_it = evaluate(state, after, later_s)
            _, without = evaluate(house.engine, after, later_s)
            assert wanted_a(with_it) == wanted_a(without)
            assert with_it.events == without.events


def reading_at(site: SiteInput, current_a: tuple[float, ...], at_s: float) -> SiteInput:
    reading = ServiceReading(current_a, (at_s,) * len(current_a))
    return replace(site, reading=reading)


@settings(max_examples=60)
@given(houses(), CHANGING, sampled_from((0.0, 0.5, 1.0)))
def test_what_is_left_out_changes_nothing(
    house: House, changing: list[tuple[int, Change]], export_share: float
) -> None:
    house.site = replace(house.site, export_share=export_share)
    house.witness = sceptic = Sceptic()
    spend_the_day(house, changing)
    event("calm" if sceptic.calms else "never calm")


@settings(max_examples=30)
@given(complex_houses(), CHANGING)
def test_nor_with_circuits_and_limits_and_turns(
    house: House, changing: list[tuple[int, Change]]
) -> None:
    house.witness = sceptic = Sceptic()
    spend_the_day(house, changing)
    event("calm" if sceptic.calms else "never calm")


def charger(name: str = "car", told_a: float = 16.0, **changes: object) -> ChargerInput:
    """A charger of 16 A that takes what it was told, as its own sensor shows."""
    settings_ = charger_settings(name, max_a=16.0)
    seen = ChargerInput(
        settings_,
        replace(holding(told_a), desired_a=told_a, accepted=True, confirmed=True),
        draw=DrawReading((told_a,), (told_a,), NOW_S),
    )
    return replace(seen, **changes)  # type: ignore[arg-type]


def calm_of(
    current_a: float, *chargers: ChargerInput, site: SiteSettings | None = None
) -> Calm | None:
    """Calm of a site of 32 A, once everything has settled, and a second later."""
    reading = ServiceReading((current_a,), (NOW_S,))
    inputs = SiteInput(site or site_settings(), reading, chargers or (charger(),))
    state, _ = evaluate(EngineState(), inputs, NOW_S)
    later_s = NOW_S + 1
    _, decision = evaluate(state, reading_at(inputs, (current_a,), later_s), later_s)
    return decision.calm


def bounds(calm: Calm | None) -> tuple[float, float]:
    assert calm is not None
    return calm.low_a[0], calm.high_a[0]


def test_a_charger_at_its_maximum_is_calm_up_to_the_limit() -> None:
    low_a, high_a = bounds(calm_of(20.0))
    assert low_a == float("-inf")
    assert high_a == pytest.approx(32.0, abs=1e-3)


def test_the_safety_margin_counts_before_the_limit() -> None:
    _, high_a = bounds(calm_of(20.0, site=site_settings(safety_margin_a=2.0)))
    assert high_a == pytest.approx(30.0, abs=1e-3)


def test_without_a_step_more_the_house_may_give_back_less_than_one() -> None:
    """10 A of 16 A beside 21.5 A of the house: 0.5 A free; 11 A would be a rise."""
    low_a, high_a = bounds(calm_of(31.5, charger(told_a=10.0)))
    assert low_a == pytest.approx(31.0, abs=1e-3)
    assert high_a == pytest.approx(32.0, abs=1e-3)


def test_a_paused_charger_waits_for_its_minimum() -> None:
    """28 A of the house leave 4 A of 6 A."""
    low_a, high_a = bounds(calm_of(28.0, charger(told_a=0.0)))
    assert low_a == pytest.approx(26.0, abs=1e-3)
    assert high_a == pytest.approx(32.0, abs=1e-3)


def test_an_unmeasured_charger_is_known_to_charge_while_the_house_takes_as_much() -> (
    None
):
    low_a, _ = bounds(calm_of(20.0, charger(draw=None)))
    assert low_a == pytest.approx(16.0, abs=1e-3)


def test_chargers_that_all_have_what_they_may_have() -> None:
    several = charger("one", 8.0), charger("two", 8.0)
    capped = [
        replace(seen, settings=replace(seen.settings, max_a=8.0)) for seen in several
    ]
    _, high_a = bounds(calm_of(20.0, *capped))
    assert high_a == pytest.approx(32.0, abs=1e-3)


def test_a_charger_that_waits_to_rise_needs_what_was_free_all_the_while() -> None:
    """16 A of 32 A have been free: more load than that shortens the rise.

    A meter that falls to less than the car and 1.5 A beside it may have slipped.
    """
    low_a, high_a = bounds(calm_of(16.0, charger(told_a=6.0)))
    assert low_a == pytest.approx(7.5, abs=1e-3)
    assert high_a == pytest.approx(32.0 - 10.0, abs=1e-3)


def test_the_second_reading_of_a_rise_is_not_left_out() -> None:
    """A rise may wait for a reading younger than its beginning, and for nothing else.

    The timer that evaluates the first one again leaves the second to be evaluated.
    """
    reading = ServiceReading((16.0,), (NOW_S,))
    site = SiteInput(site_settings(), reading, (charger(told_a=6.0),))
    state, began = evaluate(EngineState(), site, NOW_S)
    assert state.ramps["car"].since_s == NOW_S
    assert began.calm is None
    had = replace(state.regains["car"], had_a=16.0, patience=1 / 15)
    state = replace(state, regains={"car": had})
    state, by_timer = evaluate(state, site, NOW_S + 1)
    assert wanted_a(by_timer) == {"car": 6.0}
    assert by_timer.calm is None
    later = reading_at(site, (16.0,), NOW_S + 1.02)
    _, risen = evaluate(state, later, NOW_S + 1.02)
    assert wanted_a(risen) == {"car": 16.0}


def test_chargers_that_wait_to_rise_need_room_for_all_of_them() -> None:
    """Twice 6 A, which may be 16 A each, beside nothing: 32 A fit, and not a watt more."""
    several = charger("one", 6.0), charger("two", 6.0)
    assert calm_of(12.5, *several) is None
    low_a, high_a = bounds(calm_of(11.9, *several))
    assert low_a == pytest.approx(-0.5)
    assert high_a == pytest.approx(12.0, abs=1e-3)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(charger(status=ChargerStatus.UNKNOWN), id="status unknown"),
        pytest.param(
            charger(draw=DrawReading((8.0,), (16.0,), NOW_S)), id="draw not known"
        ),
        pytest.param(
            charger(command=replace(charger().command, confirmed=False)),
            id="not confirmed",
        ),
    ],
)
def test_no_calm_where_something_is_open(seen: ChargerInput) -> None:
    assert calm_of(20.0, seen) is None


def test_no_calm_in_an_overload_and_beyond_the_limit() -> None:
    assert calm_of(33.0) is None


def test_no_calm_where_chargers_share() -> None:
    assert calm_of(31.5, charger("one", 8.0), charger("two", 8.0)) is None


def test_no_calm_while_the_mean_power_counts() -> None:
    reading = ServiceReading((20.0,), (NOW_S,))
    demand = DemandLimit(30.0, 900.0, NOW_S + 600)
    site = SiteInput(site_settings(), reading, (charger(),), demand=demand)
    state, _ = evaluate(EngineState(), site, NOW_S)
    _, decision = evaluate(state, site, NOW_S)
    assert decision.calm is None


def test_bounds_count_on_every_phase() -> None:
    calm = Calm((0.0, 5.0, float("-inf")), (10.0, 10.0, 10.0))
    for one, two, three in product((-1, 5, 11), (4, 6, 11), (-99, 9, 11)):
        within = one == 5 and two == 6 and three in (-99, 9)
        assert calm.holds((one, two, three)) == within


def test_the_limit_is_named_as_before() -> None:
    """What is left out are evaluations, not reasons."""
    reading = ServiceReading((31.5,), (NOW_S,))
    site = SiteInput(site_settings(), reading, (charger(told_a=10.0),))
    state, _ = evaluate(EngineState(), site, NOW_S)
    _, decision = evaluate(state, site, NOW_S)
    assert decision.calm is not None
    assert decision.chargers["car"].limit is Limit.SUPPLY
