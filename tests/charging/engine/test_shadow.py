"""Shadow mode: decisions that are not carried out leave no trace in the engine."""

from hypothesis import given, strategies as st

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.decision import (
    BalancerState,
    Decision,
)
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.overload import (
    OverloadEventType,
    OverloadPhase,
    OverloadState,
    Reduction,
    Rung,
)
from custom_components.load_sharing.charging.engine.shadow import without_actions

from .settings import charger_settings, site_settings


def test_the_ladder_is_not_climbed_and_nothing_is_told_as_done() -> None:
    """The supply of 32 A carries 36 A for a minute, of which the car takes 26 A."""
    command = commands.adopt(commands.holding(26), 26, 0)
    state, told, wanted_a = EngineState(), [], set()
    for now_s in range(60):
        charger = ChargerInput(charger_settings("car"), command)
        reading = ServiceReading((36.0,), (float(now_s),))
        site = SiteInput(site_settings(), reading, (charger,))
        state, decision = without_actions(*evaluate(state, site, now_s))
        told += [event.type for event in decision.events]
        wanted_a.add(decision.chargers["car"].desired_a)
        assert state.overload.rung is Rung.COMPUTED
    assert state.overload.phase is OverloadPhase.CORRECTING
    assert told == [OverloadEventType.DETECTED]
    assert wanted_a == {22}


def test_of_what_was_not_done_nothing_is_remembered() -> None:
    """Only the overload itself and its duration are kept."""
    reductions = (Reduction("car", 16, 6),)
    lowered = frozenset({"car"})
    tried = OverloadState(
        OverloadPhase.CORRECTING, 1, 2, 3, 4, 5, Rung.PAUSE, 3, lowered, reductions
    )
    seen = OverloadState(OverloadPhase.CORRECTING, 1, 2, 3, 4)
    state = EngineState(overload=tried, overload_s=7, alarmed=True)
    decision = Decision(BalancerState.OVERLOAD, {})
    after, shown = without_actions(state, decision)
    assert after == EngineState(overload=seen, overload_s=7)
    assert shown == decision


@given(st.lists(st.tuples(st.sampled_from([0, 6, 16, 32]), st.integers(1, 30))))
def test_what_is_found_is_in_force_and_needs_no_sending(
    changes: list[tuple[int, int]],
) -> None:
    """This holds for any changes by hand."""
    state, now_s = commands.holding(10), 0.0
    for current_a, seconds in changes:
        now_s += seconds
        before = state.possible_at(now_s, 5)
        state = commands.adopt(state, current_a, now_s)
        assert state.in_force_a == current_a
        assert state.confirmed
        assert not commands.is_due(state, now_s)
        assert state.possible_at(now_s + 5, 5) == (current_a, current_a)
        low_a, high_a = state.possible_at(now_s, 5)
        assert (low_a, high_a) == (min(before[0], current_a), max(before[1], current_a))


def test_a_stop_on_its_way_and_a_call_that_runs_come_first() -> None:
    """A current that is found meanwhile replaces neither."""
    stop = commands.request(commands.holding(16), 0, 1)
    assert commands.adopt(stop, 16, 2) is stop
    running = commands.begin_call(commands.request(commands.holding(16), 10, 1), 1)
    assert commands.adopt(running, 16, 2) is running
