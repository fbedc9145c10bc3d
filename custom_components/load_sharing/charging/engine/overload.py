"""The overload state machine: none -> pending -> correcting -> none.

An overload has to last for the trigger delay before it is corrected, so that an inrush
current does not count as one. From then on, a correction is due every loop interval
until the overload clears, whether or not the meter reports. A correction is *spent* if
there is still an overload when the meter has had time to show its effect. After some
spent corrections the chargers are stepped down without further arithmetic: first to
their minimum, then to a pause.

Where the draw is not measured, the arithmetic rests on a guess: a car that takes less
than it may does not feel a reduction. There, one reduction without effect is enough to
step down.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

SPENT_BEFORE_STEP = 2
"""After this many spent corrections, step down to the minimum; after one more, pause."""

FELT_A = 0.5
"""A reduction that lowers the excess by less than this had no effect."""


class OverloadPhase(StrEnum):
    """The states of the overload state machine."""

    NONE = "none"
    PENDING = "pending"
    CORRECTING = "correcting"


class Rung(IntEnum):
    """How far the chargers are stepped down, beyond what is computed."""

    COMPUTED = 0
    MINIMUM = 1
    PAUSE = 2


class OverloadEventType(StrEnum):
    """The events of an overload that automations can react to."""

    DETECTED = "detected"
    CORRECTED = "corrected"
    CHARGING_STOPPED = "charging_stopped"
    ALARM = "alarm"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Reduction:
    """One charger's current before and after a reduction."""

    charger_id: str
    previous_a: float
    current_a: float


@dataclass(frozen=True, slots=True)
class OverloadEvent:
    """One event of an overload; an alarm also names the phase and circuit.

    It is ``proven`` if more than their controls shows that the chargers there paused.
    """

    type: OverloadEventType
    excess_a: float
    duration_s: float
    reduction: Reduction | None = None
    circuit_id: str = ""
    phase: int | None = None
    proven: bool = True


@dataclass(frozen=True, slots=True)
class OverloadState:
    """One overload, from its first reading on.

    ``due_s`` is when it triggers, or when the next correction is due.
    ``excess_when_lowered_a`` is the excess when a charger was last lowered, until the
    meter shows the effect. ``lowered`` are the chargers lowered since that are still on
    an overloaded phase.
    """

    phase: OverloadPhase = OverloadPhase.NONE
    since_s: float = 0.0
    due_s: float = 0.0
    excess_a: float = 0.0
    corrections: int = 0
    spent: int = 0
    rung: Rung = Rung.COMPUTED
    excess_when_lowered_a: float | None = None
    lowered: frozenset[str] = frozenset()
    reductions: tuple[Reduction, ...] = ()
    """Reductions made while the overload was pending; reported once it is detected."""


NO_OVERLOAD = OverloadState()


def advance(
    state: OverloadState,
    excess_a: float,
    now_s: float,
    trigger_delay_s: float,
    loop_interval_s: float,
    answered: bool,
    guessed: bool,
) -> tuple[OverloadState, bool]:
    """Advance to ``now_s``; the second value is whether a correction is due now.

    ``excess_a`` is the measured current above the limit on the worst phase, zero or
    less without an overload. ``answered`` is whether the meter has had time to show the
    effect of all commands to the chargers that may cause it, ``guessed`` whether the
    draw of one of them is not measured.
    """
    if excess_a <= 0:
        return NO_OVERLOAD, False
    if state.phase is OverloadPhase.NONE:
        due_s = now_s + trigger_delay_s
        return OverloadState(OverloadPhase.PENDING, now_s, due_s, excess_a), False
    # A delay or interval that was just shortened applies from now on.
    pending = state.phase is OverloadPhase.PENDING
    longest_s = trigger_delay_s if pending else loop_interval_s
    due_s = min(state.due_s, now_s + longest_s)
    rung, excess_when_lowered_a = state.rung, state.excess_when_lowered_a
    if excess_when_lowered_a is not None and excess_a <= excess_when_lowered_a - FELT_A:
        excess_when_lowered_a = None
    elif excess_when_lowered_a is not None and answered and not pending:
        rung = _next(rung) if guessed else rung
        excess_when_lowered_a = None
    if now_s < due_s:
        waiting = replace(
            state,
            due_s=due_s,
            excess_a=excess_a,
            rung=rung,
            excess_when_lowered_a=excess_when_lowered_a,
        )
        return waiting, False
    spent = state.spent + (1 if answered and not pending else 0)
    if spent >= SPENT_BEFORE_STEP + state.rung:
        rung = max(rung, _next(state.rung))
    corrected = OverloadState(
        OverloadPhase.CORRECTING,
        state.since_s,
        now_s + loop_interval_s,
        excess_a,
        state.corrections + 1,
        spent,
        rung,
        excess_when_lowered_a,
        state.lowered,
        state.reductions,
    )
    return corrected, True


def _next(rung: Rung) -> Rung:
    """Return the next rung of the ladder; the last one is a pause."""
    return Rung(min(Rung.PAUSE, rung + 1))


def report_events(
    before: OverloadState,
    after: OverloadState,
    reductions: tuple[Reduction, ...],
    now_s: float,
) -> tuple[OverloadState, tuple[OverloadEvent, ...]]:
    """Return the state with the reductions noted, and the events of this step.

    Reductions made while the overload is pending are reported once it is detected.
    """
    if after.phase is OverloadPhase.NONE:
        if before.phase is OverloadPhase.CORRECTING:
            cleared = OverloadEvent(
                OverloadEventType.CLEARED, 0.0, now_s - before.since_s
            )
            return after, (cleared,)
        return after, ()
    if reductions:
        ids = after.lowered.union([reduction.charger_id for reduction in reductions])
        after = replace(after, excess_when_lowered_a=after.excess_a, lowered=ids)
    unreported = (*after.reductions, *reductions)
    if after.phase is OverloadPhase.PENDING:
        return replace(after, reductions=unreported), ()
    duration_s = now_s - after.since_s
    events = [
        OverloadEvent(_event_type(reduction), after.excess_a, duration_s, reduction)
        for reduction in unreported
    ]
    if before.phase is not OverloadPhase.CORRECTING:
        detected = OverloadEvent(OverloadEventType.DETECTED, after.excess_a, duration_s)
        events.insert(0, detected)
    return replace(after, reductions=()), tuple(events)


def _event_type(reduction: Reduction) -> OverloadEventType:
    """Return the event of a reduction; a pause has its own."""
    if reduction.current_a > 0:
        return OverloadEventType.CORRECTED
    return OverloadEventType.CHARGING_STOPPED
