"""The overload state machine: none -> pending -> correcting -> none.

An overload has to last for the trigger delay before it is corrected, so that a
kettle's inrush is not one. From then on a correction is due every loop
interval until it clears, whether or not the meter reports. Corrections that
the meter had time to answer and did not are *spent*; after some of those the
chargers are stepped down without further arithmetic. They are at once where the
arithmetic rests on a guess, and a reduction changed nothing: a car that takes
less than it may does not feel one.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

SPENT_BEFORE_STEP = 2
FELT_A = 0.5
"""A reduction that lowers the excess by less than this changed nothing."""


class OverloadPhase(StrEnum):
    """Where the overload machine is."""

    NONE = "none"
    PENDING = "pending"
    CORRECTING = "correcting"


class Rung(IntEnum):
    """How far the chargers are stepped down beyond what is computed."""

    COMPUTED = 0
    MINIMUM = 1
    PAUSE = 2


class OverloadEventType(StrEnum):
    """What automations can hear of an overload."""

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
    """Something that happened to an overload.

    An alarm names its ``phase``, and its circuit: "" is the supply.
    """

    type: OverloadEventType
    excess_a: float
    duration_s: float
    reduction: Reduction | None = None
    circuit_id: str = ""
    phase: int | None = None


@dataclass(frozen=True, slots=True)
class OverloadState:
    """One overload, from its first reading. ``due_s``: next trigger or correction.

    ``asked_a``: the excess when a charger was lowered last, until that was answered.
    ``lowered``: chargers that were lowered since, and are on an overloaded phase still.
    """

    phase: OverloadPhase = OverloadPhase.NONE
    since_s: float = 0.0
    due_s: float = 0.0
    excess_a: float = 0.0
    corrections: int = 0
    spent: int = 0
    rung: Rung = Rung.COMPUTED
    asked_a: float | None = None
    lowered: frozenset[str] = frozenset()
    reductions: tuple[Reduction, ...] = ()
    """Reductions made while the overload was pending, told once it is detected."""


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
    """Move on to ``now_s``; tell whether a correction is due now.

    ``excess_a`` is the measured current above the limit on the worst phase,
    zero or less when there is no overload. ``answered`` says that the meter
    had time to show the effect of all that was commanded to those who may cause
    it, ``guessed`` that the draw of one of them is not measured.
    """
    if excess_a <= 0:
        return NO_OVERLOAD, False
    if state.phase is OverloadPhase.NONE:
        due_s = now_s + trigger_delay_s
        return OverloadState(OverloadPhase.PENDING, now_s, due_s, excess_a), False
    # A delay or interval that was just shortened counts from now at the latest.
    pending = state.phase is OverloadPhase.PENDING
    longest_s = trigger_delay_s if pending else loop_interval_s
    due_s = min(state.due_s, now_s + longest_s)
    rung, asked_a = state.rung, state.asked_a
    if asked_a is not None and excess_a <= asked_a - FELT_A:
        asked_a = None
    elif asked_a is not None and answered and not pending:
        rung = Rung(min(Rung.PAUSE, rung + 1)) if guessed else rung
        asked_a = None
    if now_s < due_s:
        waiting = replace(
            state, due_s=due_s, excess_a=excess_a, rung=rung, asked_a=asked_a
        )
        return waiting, False
    spent = state.spent + (1 if answered and not pending else 0)
    if spent >= SPENT_BEFORE_STEP + state.rung:
        rung = max(rung, Rung(min(Rung.PAUSE, state.rung + 1)))
    corrected = OverloadState(
        OverloadPhase.CORRECTING,
        state.since_s,
        now_s + loop_interval_s,
        excess_a,
        state.corrections + 1,
        spent,
        rung,
        asked_a,
        state.lowered,
        state.reductions,
    )
    return corrected, True


def report(
    before: OverloadState,
    after: OverloadState,
    reductions: tuple[Reduction, ...],
    now_s: float,
) -> tuple[OverloadState, tuple[OverloadEvent, ...]]:
    """Events of one step, and the state that remembers what is still to be told.

    Reductions that were made while the overload was pending are told once it
    turns out to be one.
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
        after = replace(after, asked_a=after.excess_a, lowered=ids)
    untold = (*after.reductions, *reductions)
    if after.phase is OverloadPhase.PENDING:
        return replace(after, reductions=untold), ()
    duration_s = now_s - after.since_s
    events = [
        OverloadEvent(_type(reduction), after.excess_a, duration_s, reduction)
        for reduction in untold
    ]
    if before.phase is not OverloadPhase.CORRECTING:
        detected = OverloadEvent(OverloadEventType.DETECTED, after.excess_a, duration_s)
        events.insert(0, detected)
    return replace(after, reductions=()), tuple(events)


def _type(reduction: Reduction) -> OverloadEventType:
    if reduction.current_a > 0:
        return OverloadEventType.CORRECTED
    return OverloadEventType.CHARGING_STOPPED
