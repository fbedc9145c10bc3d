"""Level-triggered commands: compares what a charger should have with what it has.

A command is done when the read-back shows that the charger obeys, not when the service
call returns. Until then it is sent again, with growing pauses. The latest wanted
current wins, with one exception: a stop stays wanted until it is confirmed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from .epochs import (
    Epoch,
    followed_at,
    greatest_possible,
    possible_at,
    reduces,
    with_disobeyed,
    with_done,
    with_epoch,
)
from .obedience import NO_RECORD, PROBLEM_AFTER_ATTEMPTS, Obedience, confirm_within_s

REASSERT_EVERY_S = 300.0
"""A command that nothing can confirm is first repeated after this time."""

REASSERT_SEEN_EVERY_S = 900.0
"""A command that the charger's own entities confirm is first repeated after this."""

REASSERT_STOP_EVERY_S = 60.0
"""A stop that nothing can confirm is first repeated after this time."""

SOON_REPEATED_STOPS = 3
"""That many repetitions of it do not wait for longer, because it protects the fuse."""

LONGEST_REASSERT_DOUBLINGS = 4
"""Each repetition waits twice as long as the one before, up to this many times."""

SENT_WITHIN_S = 1.0
"""What has been due for longer than this cannot be sent."""

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 30.0


class ReadBack(StrEnum):
    """How the charger's own entities compare with the wanted current."""

    OBEYS = "obeys"
    CLAIMS = "claims"
    """They show the current, although no call for it has succeeded yet.

    Some integrations show a current before the charger has been asked for it.
    """
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    NONE = "none"
    """No entity is configured that could show it."""


@dataclass(frozen=True, slots=True)
class CommandState:
    """One charger's wanted current, and how far the charger is from having it.

    ``desired_a`` is None before the first command; 0 is a stop. ``accepted`` means that
    the call for it returned, ``confirmed`` that the charger obeys. ``due_s`` is when to
    send it next. ``attempts`` are the calls for this current that are not confirmed.
    """

    desired_a: float | None = None
    accepted: bool = False
    confirmed: bool = False
    in_flight_a: float | None = None
    begun_s: float = 0.0
    attempts: int = 0
    due_s: float | None = None
    repeats: int = 0
    reassert_s: float = REASSERT_SEEN_EVERY_S
    obedience: Obedience = NO_RECORD
    epochs: tuple[Epoch, ...] = ()
    """Currents that may have been in force, oldest first."""

    @property
    def stop_pending(self) -> bool:
        """Whether a stop is wanted and not confirmed yet."""
        return self.desired_a == 0 and not self.confirmed

    @property
    def has_problem(self) -> bool:
        """Whether the charger failed to obey several times in a row."""
        return self.obedience.is_problem(self.attempts)

    @property
    def in_force_a(self) -> float | None:
        """The current that the charger is held to; None if unknown."""
        if self.desired_a is not None:
            return self.desired_a
        if self.epochs and self.epochs[-1].done_s is not None:
            return self.epochs[-1].current_a
        return None

    @property
    def is_refused(self) -> bool:
        """Whether a call for the wanted current failed, or the charger did not obey."""
        if self.confirmed or not self.attempts:
            return False
        return not self.accepted or self.epochs[-1].obeyed is False

    @property
    def least_in_force_a(self) -> float | None:
        """The current in force, without an increase that is not confirmed yet.

        The current that the charger may have had at start-up is not an increase.
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
        """Return the least and greatest command that a reading at ``at_s`` may show."""
        return possible_at(self.epochs, at_s, settle_s)

    def greatest_former_at(self, at_s: float, settle_s: float) -> float:
        """Return the greatest command before the newest that a reading may show."""
        return possible_at(self.epochs[:-1] or self.epochs, at_s, settle_s)[1]

    @property
    def _is_unsent(self) -> bool:
        return self.desired_a not in (None, self.epochs[-1].current_a)

    def has_unsent(self, now_s: float) -> bool:
        """Return whether the wanted current was not sent yet, but is about to be.

        It waits for the running call, or is due right now.
        """
        return self._is_unsent and (self.in_flight_a is not None or self.due_s == now_s)

    def is_blocked(self, now_s: float) -> bool:
        """Return whether the wanted current was never sent, and cannot be sent now.

        It was due earlier and did not go out, or is not due yet.
        """
        if not self._is_unsent or self.in_flight_a is not None:
            return False
        return self.due_s is None or not now_s - SENT_WITHIN_S <= self.due_s <= now_s

    @property
    def greatest_possible_a(self) -> float:
        """The greatest command that the charger may follow, be it the newest or not."""
        return greatest_possible(self.epochs)

    def followed_at(self, needs_a: float, settle_s: float) -> float:
        """Return when a car that needs ``needs_a`` has followed the last change."""
        return followed_at(self.epochs, needs_a, settle_s)

    def settled_at(self, settle_s: float) -> float:
        """Return from when on a reading is certain to show the newest command."""
        done_s = self.epochs[-1].done_s
        return inf if done_s is None else done_s + settle_s


def holding(current_a: float) -> CommandState:
    """Return the state at start-up of a charger that is known to hold a current."""
    return CommandState(epochs=(Epoch(current_a, -inf, -inf, obeyed=True),))


def holding_up_to(max_a: float) -> CommandState:
    """Return the state at start-up of a charger that may hold up to ``max_a``."""
    lowest = Epoch(0.0, -inf, -inf, obeyed=True)
    return CommandState(epochs=(lowest, Epoch(max_a, -inf, None)))


def request(
    state: CommandState, current_a: float, now_s: float, *, replaces_stop: bool = False
) -> CommandState:
    """Want another current. A stop is kept until it is confirmed, unless it is refuted."""
    kept = state.stop_pending and current_a > 0 and not replaces_stop
    if state.desired_a == current_a or kept:
        return state
    # The newest call may still turn out to have worked.
    may_work = state.accepted and not state.has_problem and state.attempts > 0
    failed = state.attempts - may_work
    return replace(
        state,
        desired_a=current_a,
        accepted=False,
        confirmed=False,
        attempts=0,
        obedience=state.obedience.given_up(failed),
        due_s=now_s,
        repeats=0,
    )


def adopt(state: CommandState, current_a: float, now_s: float) -> CommandState:
    """Adopt a current that was set by hand as wanted and confirmed, without sending it.

    A running call and an unconfirmed stop take precedence.
    """
    if state.in_flight_a is not None or state.stop_pending:
        return state
    if state.confirmed and state.desired_a == current_a:
        return state
    state = replace(state, desired_a=current_a, accepted=True, attempts=0, repeats=0)
    return _confirm(state, now_s, REASSERT_SEEN_EVERY_S)


def is_due(state: CommandState, now_s: float) -> bool:
    """Return whether to send the wanted current now; there is one call at a time."""
    if state.in_flight_a is not None or state.desired_a is None:
        return False
    return state.due_s is not None and state.due_s <= now_s


def retry_now(state: CommandState, now_s: float) -> CommandState:
    """Make an unconfirmed command due now instead of after its pause."""
    if state.confirmed or state.desired_a is None or state.in_flight_a is not None:
        return state
    return replace(state, due_s=now_s)


def resend(state: CommandState, now_s: float) -> CommandState:
    """Make the wanted current due now, as the charger may have forgotten it.

    It counts as new: the first of its repetitions is still to come.
    """
    if state.desired_a is None or state.in_flight_a is not None:
        return state
    return replace(state, due_s=now_s, repeats=-1)


def leave_alone(state: CommandState, now_s: float) -> CommandState:
    """Postpone the repetition of a command to a charger that takes nothing.

    Each command may wake a sleeping car. A stop that nothing confirms, and what a
    charger would forget, is repeated all the same.
    """
    unseen_stop = state.desired_a == 0 and state.reassert_s < REASSERT_SEEN_EVERY_S
    forgets = state.obedience.remind_s < inf
    if not state.confirmed or unseen_stop or forgets or not is_due(state, now_s):
        return state
    return _reassert_later(replace(state, repeats=state.repeats + 1), now_s)


def wait(state: CommandState, until_s: float | None = None) -> CommandState:
    """Send nothing until then, or until something changes: nothing flows meanwhile."""
    return state if state.in_flight_a is not None else replace(state, due_s=until_s)


def note_lapse(state: CommandState, kept_s: float) -> CommandState:
    """Note that the charger seems to have kept a current only for ``kept_s``."""
    return replace(state, obedience=state.obedience.lapsed(kept_s))


def was_sent_to_charge(state: CommandState) -> bool:
    """Return whether the newest command is to charge, and was sent successfully."""
    newest = state.epochs[-1]
    return newest.current_a > 0 and newest.done_s is not None and newest.begun_s > -inf


def begin_call(
    state: CommandState, now_s: float, *, reaches: bool = True
) -> CommandState:
    """Note that a call for the wanted current begins.

    Unless it ``reaches`` the charger, because the controls are away, the current in
    force stays what it is.
    """
    if state.desired_a is None:
        raise ValueError("no current is wanted")
    epochs = state.epochs
    if reaches:
        epochs = with_epoch(epochs, state.desired_a, now_s)
    return replace(
        state,
        in_flight_a=state.desired_a,
        begun_s=now_s,
        due_s=None,
        repeats=state.repeats + 1 if state.confirmed else 0,
        epochs=epochs,
    )


def call_succeeded(state: CommandState, now_s: float) -> CommandState:
    """Note that the call returned; the read-back has yet to confirm it."""
    superseded = state.in_flight_a != state.desired_a
    attempts = 0 if superseded else state.attempts + 1
    wait_s = confirm_within_s(attempts)
    epochs = state.epochs
    if state.in_flight_a is not None:
        epochs = with_epoch(epochs, state.in_flight_a, state.begun_s)
    return replace(
        state,
        in_flight_a=None,
        accepted=not superseded,
        epochs=with_done(epochs, now_s),
        attempts=attempts,
        due_s=now_s if superseded else now_s + wait_s,
    )


def call_failed(state: CommandState, now_s: float) -> CommandState:
    """Note that the call raised or timed out; it is repeated after a growing pause."""
    superseded = state.in_flight_a != state.desired_a
    attempts = 0 if superseded else state.attempts + 1
    pause_s = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** min(attempts - 1, 10))
    return replace(
        state,
        in_flight_a=None,
        accepted=False,
        confirmed=False,
        attempts=attempts,
        obedience=state.obedience.given_up(state.attempts + 1 if superseded else 0),
        due_s=now_s if superseded else now_s + pause_s,
    )


def read_back(
    state: CommandState, shown: ReadBack, now_s: float, *, by_hand: bool = False
) -> CommandState:
    """Confirm the wanted current, or note that the charger does not obey it.

    A current that was set ``by_hand`` is no fault of the charger.
    """
    if state.desired_a is None or state.in_flight_a is not None:
        return state
    match shown:
        case ReadBack.OBEYS if not state.confirmed or state.attempts:
            return _confirm(state, now_s, REASSERT_SEEN_EVERY_S)
        case ReadBack.OBEYS if state.obedience.reverts:
            return replace(state, obedience=state.obedience.lasted(now_s))
        case ReadBack.DIFFERS if state.confirmed:
            return _contradicted(state, now_s, by_hand=by_hand)
        case ReadBack.DIFFERS if state.epochs[-1].obeyed is not False:
            return replace(state, epochs=with_disobeyed(state.epochs, state.desired_a))
        case ReadBack.NONE if state.accepted and (
            not state.confirmed or state.attempts
        ):
            stop = state.desired_a == 0
            pause_s = REASSERT_STOP_EVERY_S if stop else REASSERT_EVERY_S
            return _confirm(state, now_s, pause_s)
        case _:
            return state


def _contradicted(state: CommandState, now_s: float, *, by_hand: bool) -> CommandState:
    """Take back a confirmation; a charger that reverts again and again is left longer."""
    obedience = state.obedience
    if not by_hand:
        obedience = obedience.contradicted(state.begun_s, now_s)
    gives_up = obedience.reverts >= PROBLEM_AFTER_ATTEMPTS
    wait_s = confirm_within_s(obedience.reverts) if gives_up else 0.0
    return replace(
        state,
        confirmed=False,
        attempts=0,
        obedience=obedience,
        due_s=now_s + wait_s,
        repeats=0,
        epochs=with_disobeyed(state.epochs, state.desired_a),
    )


def _confirm(state: CommandState, now_s: float, reassert_s: float) -> CommandState:
    """Mark the wanted current as obeyed; it is first repeated after ``reassert_s``."""
    epochs = state.epochs
    if state.desired_a is not None:
        epochs = with_epoch(epochs, state.desired_a, now_s)
    newest = epochs[-1]
    done_s = newest.done_s
    if done_s is None or newest.obeyed is False:
        done_s = now_s
    elif state.attempts > 1 and not reduces(epochs):
        # The call that worked may be the last one, not the first that returned. A
        # repeated reduction is no new one: that would outdate what the meter shows.
        done_s = max(done_s, state.begun_s)
    confirmed = replace(
        state,
        confirmed=True,
        attempts=0,
        obedience=state.obedience.confirmed(now_s),
        reassert_s=reassert_s,
        epochs=(*epochs[:-1], replace(newest, done_s=done_s, obeyed=True)),
    )
    return _reassert_later(confirmed, now_s)


def _reassert_later(state: CommandState, now_s: float) -> CommandState:
    """Set when to repeat the confirmed command: later each time."""
    repeats = state.repeats
    if state.reassert_s == REASSERT_STOP_EVERY_S:
        repeats -= SOON_REPEATED_STOPS
    doublings = min(max(0, repeats), LONGEST_REASSERT_DOUBLINGS)
    wait_s = min(state.reassert_s * 2**doublings, state.obedience.remind_s)
    return replace(state, due_s=now_s + wait_s)
