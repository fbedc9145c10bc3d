"""What the diagnostics keep of a heating decision, and when two are the same."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..site.history import History
from .engine.context import Overrun
from .engine.evaluate import HeatingState
from .engine.model import HeatingDecision, HeatingInput, RoomDecision

type HeatingHistory = History[HeatingInput, Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A decision, with what keeps rooms shut or open beyond it.

    ``lockouts`` are monotonic times in s, ``overruns`` the valves that wait for the pump.
    """

    decision: HeatingDecision
    lockouts: Mapping[str, float]
    overruns: Mapping[str, Overrun]


def make_history() -> HeatingHistory:
    """Return an empty history."""
    return History(_is_same)


def note(
    history: HeatingHistory,
    wall_s: float,
    monotonic_s: float,
    site: HeatingInput,
    state: HeatingState,
    decision: HeatingDecision,
) -> None:
    """Add a decision. Schedules are left out: the decision has each room's next block."""
    rooms = tuple(replace(room, schedule=None) for room in site.rooms)
    outcome = Outcome(
        decision=decision,
        lockouts=state.context.lockouts,
        overruns=state.context.overruns,
    )
    history.note(wall_s, monotonic_s, replace(site, rooms=rooms), outcome)


def _is_same(outcome: Outcome, before: Outcome) -> bool:
    """Return whether two decisions are equal, for equal reasons, and change nothing."""
    if outcome.decision.transitions or before.decision.transitions:
        return False
    return _gist(outcome) == _gist(before)


def _gist(outcome: Outcome) -> object:
    """Return what makes a decision differ from another: not its capacities or times."""
    decision = outcome.decision
    return (
        decision.state,
        decision.reason,
        decision.evidence,
        decision.hold,
        decision.boiler_setpoint_c,
        {key: _gist_of_room(room) for key, room in decision.rooms.items()},
        dict(outcome.lockouts),
        set(outcome.overruns),
    )


def _gist_of_room(room: RoomDecision) -> object:
    return (room.reason, room.calling, room.tier, room.valve_pct, room.setpoint_c)
