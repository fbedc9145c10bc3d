"""Level-triggered commands: what a charger shall have against what it has.

A command is not done when the service call returns; it is done when the
charger is seen to obey. Until then it is sent again, with growing pauses. The
latest wish wins, with one exception: a stop stays wanted until it is confirmed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

CONFIRM_WITHIN_S = 10.0
"""A command that is not seen to be obeyed after this long is sent again."""

LONGEST_CONFIRM_S = 60.0
"""A charger with a problem is waited for twice as long each time, and this at most."""

REASSERT_EVERY_S = 300.0
"""A command that nothing can confirm is repeated this often."""

REASSERT_SEEN_EVERY_S = 900.0
"""A command that the charger's own entities confirm is repeated this often."""

REASSERT_STOP_EVERY_S = 60.0
"""A stop that nothing can confirm is repeated this often."""

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 30.0
PROBLEM_AFTER_ATTEMPTS = 3
EPOCHS_KEPT = 16


class ReadBack(StrEnum):
    """What the charger's own entities say of the wanted current."""

    OBEYS = "obeys"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    NONE = "none"
    """Nothing is configured that could tell."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """A current that may have been in force since ``begun_s``.

    ``done_s`` is when the call for it succeeded; None while it runs or failed,
    and then nobody knows which current is in force. ``obeyed`` is what was seen
    since: None as long as nothing was.
    """

    current_a: float
    begun_s: float
    done_s: float | None
    obeyed: bool | None = None


@dataclass(frozen=True, slots=True)
class CommandState:
    """One charger's wanted current and the way to it.

    ``desired_a`` None means that nothing was wanted yet. 0 is a stop.
    ``accepted`` is a call that returned, ``confirmed`` a charger that obeys.
    """

    desired_a: float | None = None
    accepted: bool = False
    confirmed: bool = False
    in_flight_a: float | None = None
    begun_s: float = 0.0
    attempts: int = 0
    due_s: float | None = None
    epochs: tuple[Epoch, ...] = ()

    @property
    def stop_pending(self) -> bool:
        """A stop is wanted and not yet known to have happened."""
        return self.desired_a == 0 and not self.confirmed

    @property
    def has_problem(self) -> bool:
        """The charger failed to obey several times in a row."""
        return self.attempts >= PROBLEM_AFTER_ATTEMPTS

    @property
    def in_force_a(self) -> float | None:
        """Current the charger is held to, as far as known."""
        if self.desired_a is not None:
            return self.desired_a
        if self.epochs and self.epochs[-1].done_s is not None:
            return self.epochs[-1].current_a
        return None

    @property
    def is_refused(self) -> bool:
        """A call for the wanted current failed, or the charger did not obey it."""
        if self.confirmed or not self.attempts:
            return False
        return not self.accepted or self.epochs[-1].obeyed is False

    @property
    def kept_a(self) -> float | None:
        """Current in force, without an increase that nobody has seen yet.

        What a charger may have been found with is no increase.
        """
        if self.desired_a is None or self.confirmed:
            return self.in_force_a
        held_a = [
            epoch.current_a
            for epoch in self.epochs
            if epoch.obeyed or epoch.begun_s == -inf
        ]
        return min([self.desired_a, *held_a[-1:]])

    def possible_at(self, at_s: float, settle_s: float) -> tuple[float, float]:
        """Least and greatest command that a reading taken at ``at_s`` may show.

        A charger has ``settle_s`` to follow a command, so until then a reading
        may show the old current or the new.
        """
        first = 0
        for index, epoch in enumerate(self.epochs):
            done_s = epoch.done_s
            obeys = epoch.obeyed is not False
            if obeys and done_s is not None and done_s + settle_s <= at_s:
                first = index
        low_a = high_a = self.epochs[first].current_a
        for epoch in self.epochs[first + 1 :]:
            if epoch.begun_s <= at_s:
                low_a = min(low_a, epoch.current_a)
                high_a = max(high_a, epoch.current_a)
        return low_a, high_a

    def former_at(self, at_s: float, settle_s: float) -> float:
        """Greatest command but the newest that a reading taken then may show."""
        former = replace(self, epochs=self.epochs[:-1] or self.epochs)
        return former.possible_at(at_s, settle_s)[1]

    def is_behind(self, now_s: float) -> bool:
        """Another current is wanted than was sent, and goes out once a call returned.

        One that was due before and did not go out cannot be sent.
        """
        if self.desired_a is None or self.desired_a == self.epochs[-1].current_a:
            return False
        return self.in_flight_a is not None or self.due_s == now_s

    @property
    def most_possible_a(self) -> float:
        """Greatest command that the charger may follow, whatever it was told last."""
        most_a = 0.0
        for epoch in reversed(self.epochs):
            most_a = max(most_a, epoch.current_a)
            if epoch.obeyed:
                break
        return most_a

    def felt_at(self, needs_a: float, settle_s: float) -> float:
        """When a car had followed the last change that it could feel.

        A change between two currents above ``needs_a`` is none to it, and neither is
        one that the charger was seen not to make.
        """
        made = [epoch for epoch in self.epochs if epoch.obeyed is not False]
        while len(made) > 1 and min(made[-1].current_a, made[-2].current_a) > needs_a:
            made.pop()
        done_s = made[-1].done_s if made else None
        return inf if done_s is None else done_s + settle_s

    def settled_at(self, settle_s: float) -> float:
        """When a reading begins to show the newest command for sure."""
        done_s = self.epochs[-1].done_s
        return inf if done_s is None else done_s + settle_s


def known(current_a: float) -> CommandState:
    """State at start-up of a charger that holds ``current_a``."""
    return CommandState(epochs=(Epoch(current_a, -inf, -inf, obeyed=True),))


def unknown(max_a: float) -> CommandState:
    """State at start-up of a charger that may hold anything up to ``max_a``."""
    lowest = Epoch(0.0, -inf, -inf, obeyed=True)
    return CommandState(epochs=(lowest, Epoch(max_a, -inf, None)))


def want(state: CommandState, current_a: float, now_s: float) -> CommandState:
    """Want another current. A stop that is not confirmed is kept instead."""
    if state.desired_a == current_a or (state.stop_pending and current_a > 0):
        return state
    return replace(
        state,
        desired_a=current_a,
        accepted=False,
        confirmed=False,
        attempts=0,
        due_s=now_s,
    )


def found(state: CommandState, current_a: float, now_s: float) -> CommandState:
    """Want what somebody else set the charger to; nothing is sent for that.

    A call that runs, and a stop that is not confirmed, come first.
    """
    if state.in_flight_a is not None or state.stop_pending:
        return state
    if state.confirmed and state.desired_a == current_a:
        return state
    state = replace(state, desired_a=current_a, accepted=True, attempts=0)
    return _confirm(state, now_s, now_s + REASSERT_SEEN_EVERY_S)


def is_due(state: CommandState, now_s: float) -> bool:
    """Whether the wanted current is to be sent now. One call at a time."""
    return (
        state.in_flight_a is None
        and state.desired_a is not None
        and state.due_s is not None
        and state.due_s <= now_s
    )


def hurry(state: CommandState, now_s: float) -> CommandState:
    """Do not wait out the pause before an unconfirmed command is sent again."""
    if state.confirmed or state.desired_a is None or state.in_flight_a is not None:
        return state
    return replace(state, due_s=now_s)


def repeat(state: CommandState, now_s: float) -> CommandState:
    """Send what is wanted once more: the charger may have forgotten it."""
    if state.desired_a is None or state.in_flight_a is not None:
        return state
    return replace(state, due_s=now_s)


def is_running(state: CommandState) -> bool:
    """Whether a command of ours for more than 0 A got through last."""
    last = state.epochs[-1]
    return last.current_a > 0 and last.done_s is not None and last.begun_s > -inf


def begin(state: CommandState, now_s: float) -> CommandState:
    """The wanted current is being sent."""
    if state.desired_a is None:
        raise ValueError("no current is wanted")
    return replace(
        state,
        in_flight_a=state.desired_a,
        begun_s=now_s,
        due_s=None,
        epochs=_with(state.epochs, state.desired_a, now_s),
    )


def succeeded(state: CommandState, now_s: float) -> CommandState:
    """The call returned. Whether the charger obeys is still to be seen."""
    superseded = state.in_flight_a != state.desired_a
    attempts = 0 if superseded else state.attempts + 1
    doublings = max(0, min(attempts - PROBLEM_AFTER_ATTEMPTS, 10))
    wait_s = min(LONGEST_CONFIRM_S, CONFIRM_WITHIN_S * 2**doublings)
    return replace(
        state,
        in_flight_a=None,
        accepted=not superseded,
        epochs=_done(state.epochs, now_s),
        attempts=attempts,
        due_s=now_s if superseded else now_s + wait_s,
    )


def failed(state: CommandState, now_s: float) -> CommandState:
    """The call raised or timed out: try again after a pause that grows."""
    superseded = state.in_flight_a != state.desired_a
    attempts = 0 if superseded else state.attempts + 1
    pause_s = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** min(attempts - 1, 10))
    return replace(
        state,
        in_flight_a=None,
        accepted=False,
        confirmed=False,
        attempts=attempts,
        due_s=now_s if superseded else now_s + pause_s,
    )


def read_back(state: CommandState, seen: ReadBack, now_s: float) -> CommandState:
    """Compare what the charger is seen to do with what is wanted."""
    if state.desired_a is None or state.in_flight_a is not None:
        return state
    match seen:
        case ReadBack.OBEYS if not state.confirmed or state.attempts:
            return _confirm(state, now_s, now_s + REASSERT_SEEN_EVERY_S)
        case ReadBack.DIFFERS if state.confirmed:
            epochs = _disobeyed(state)
            return replace(
                state, confirmed=False, attempts=0, due_s=now_s, epochs=epochs
            )
        case ReadBack.DIFFERS if state.epochs[-1].obeyed is not False:
            return replace(state, epochs=_disobeyed(state))
        case ReadBack.NONE if state.accepted and (
            not state.confirmed or state.attempts
        ):
            stop = state.desired_a == 0
            pause_s = REASSERT_STOP_EVERY_S if stop else REASSERT_EVERY_S
            return _confirm(state, now_s, now_s + pause_s)
        case _:
            return state


def _confirm(state: CommandState, now_s: float, due_s: float | None) -> CommandState:
    epochs = state.epochs
    if state.desired_a is not None:
        epochs = _with(epochs, state.desired_a, now_s)
    last = epochs[-1]
    done_s = last.done_s
    if done_s is None or last.obeyed is False:
        done_s = now_s
    elif state.attempts > 1:
        # It may be the last call that worked, and not the first that returned.
        done_s = max(done_s, state.begun_s)
    return replace(
        state,
        confirmed=True,
        attempts=0,
        due_s=due_s,
        epochs=(*epochs[:-1], replace(last, done_s=done_s, obeyed=True)),
    )


def _with(
    epochs: tuple[Epoch, ...], current_a: float, now_s: float
) -> tuple[Epoch, ...]:
    """Begin an epoch, unless it goes on. The last that was obeyed is never dropped."""
    if epochs[-1].current_a == current_a:
        return epochs
    if len(epochs) >= EPOCHS_KEPT:
        obeyed_since = any([epoch.obeyed for epoch in epochs[1:]])
        epochs = epochs[1:] if obeyed_since else epochs[:-1]
    return (*epochs, Epoch(current_a, now_s, None))


def _done(epochs: tuple[Epoch, ...], now_s: float) -> tuple[Epoch, ...]:
    if epochs[-1].done_s is not None:
        return epochs
    return (*epochs[:-1], replace(epochs[-1], done_s=now_s))


def _disobeyed(state: CommandState) -> tuple[Epoch, ...]:
    """The wanted current was seen not to be in force, if it was sent at all."""
    *earlier, last = state.epochs
    if last.current_a != state.desired_a:
        return state.epochs
    return (*earlier, replace(last, obeyed=False))
