"""Tests a charger: whether it obeys, how soon, and whether the car follows.

A test moves a ceiling: down to the charger's minimum, up to the current at the start of
the test, to a pause, and back. The limits, the ramp and the other chargers count as
usual, so a test never gives a charger more current than it would have without.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from .draw import OBEY_TOLERANCE, OBEY_TOLERANCE_A, most_if_obeying
from .grid import lowest_current
from .model import (
    EPSILON_A,
    NOTHING_A,
    ChargerInput,
    ChargerSettings,
    DrawReading,
    PhaseVector,
    ServiceReading,
)
from .sightings import did_not_move

OBEY_WITHIN_S = 60.0
"""A charger may take this long to show a command."""
FOLLOW_WITHIN_S = 90.0
"""A car may take this long to begin to charge, or to change its draw."""
SEEN_WITHIN_S = 30.0
"""A meter may take this long to show that the charger is paused."""
RAISED_WITHIN_S = 300.0
"""After this long, the test goes on with the current that the charger has by then."""
LONGEST_S = 900.0
"""A test that takes longer is ended."""


class Outcome(StrEnum):
    """The result of a test."""

    NOT_TESTED = "not_tested"
    TESTING = "testing"
    PASSED = "passed"
    NOT_OBEYED = "not_obeyed"
    DRAWS_MORE = "draws_more"
    NO_CAR = "no_car"
    NOT_RESUMED = "not_resumed"
    NOT_SEEN = "not_seen"
    NO_ROOM = "no_room"
    OVERLOAD = "overload"
    METER_LOST = "meter_lost"
    INTERRUPTED = "interrupted"


class Stage(StrEnum):
    """The stages of a test, in order."""

    LOWEST = "lowest"
    HIGHEST = "highest"
    PAUSE = "pause"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class TrialFindings:
    """What a test measured; of all stages, the worst value.

    A command was shown by the charger's controls after ``latency_s``, and by its draw
    after ``follow_s``. ``error_a`` is the draw minus the set current, where the car
    took about all of it. ``took_all`` is whether it did at the highest current.
    """

    outcome: Outcome = Outcome.NOT_TESTED
    latency_s: float | None = None
    follow_s: float | None = None
    error_a: float | None = None
    took_all: bool | None = None

    @property
    def suggested_settle_s(self) -> float | None:
        """The shortest settle time that would have been enough, with a margin."""
        return None if self.follow_s is None else float(ceil(self.follow_s) + 1)


NOTHING_FOUND = TrialFindings()


@dataclass(frozen=True, slots=True)
class Trial:
    """A test that is running.

    ``lowest_a`` and ``top_a`` are the currents it moves between. The current stage
    began at ``since_s``. The charger's wanted current is ``set_a``; the charger obeys
    it since ``obeyed_s``, and its draw follows since ``followed_s``. When the last stage
    with a current was over, ``drawn_a`` was drawn and the meters showed ``shown_a``.
    """

    began_s: float
    lowest_a: float
    top_a: float
    stage: Stage
    since_s: float
    set_a: float | None = None
    obeyed_s: float | None = None
    followed_s: float | None = None
    drawn_a: float = 0.0
    shown_a: tuple[PhaseVector, ...] = ()
    findings: TrialFindings = TrialFindings(Outcome.TESTING)

    @property
    def ceiling_a(self) -> float:
        """The most that the charger may have in this stage, in A."""
        match self.stage:
            case Stage.LOWEST:
                return self.lowest_a
            case Stage.PAUSE:
                return 0.0
            case _:
                return self.top_a

    @property
    def is_over(self) -> bool:
        """Whether the test has a result."""
        return self.findings.outcome is not Outcome.TESTING


def begin(charger: ChargerInput, now_s: float) -> Trial | None:
    """Begin a test with up to the current that the charger has; None if it has none."""
    lowest_a = lowest_current(charger.settings)
    top_a = charger.command.desired_a
    if top_a is None or top_a < lowest_a:
        return None
    return Trial(now_s, lowest_a, top_a, Stage.LOWEST, now_s)


def end(trial: Trial, outcome: Outcome) -> Trial:
    """End a test, keeping what it measured so far."""
    return replace(trial, findings=replace(trial.findings, outcome=outcome))


def advance(
    trial: Trial,
    charger: ChargerInput,
    now_s: float,
    *,
    reads_back: bool,
    trouble: Outcome | None = None,
    shown: tuple[ServiceReading, ...] = (),
) -> Trial:
    """Advance a test to ``now_s``.

    ``reads_back`` is whether the charger's controls show its commands. ``trouble`` at
    the site ends the test. ``shown`` are the readings of the meters that should see the
    charger.
    """
    if trouble is not None:
        return end(trial, trouble)
    set_a = charger.command.desired_a or 0.0
    paused = trial.stage in (Stage.LOWEST, Stage.HIGHEST) and set_a == 0
    if paused or now_s >= trial.began_s + LONGEST_S:
        return end(trial, Outcome.NO_ROOM)
    if set_a != trial.set_a:
        trial = replace(trial, set_a=set_a, obeyed_s=None, followed_s=None)
    if not _is_set(trial, set_a, now_s):
        return trial
    trial = _check_obeyed(trial, charger, now_s, reads_back=reads_back)
    obeyed_s = trial.obeyed_s
    if obeyed_s is None:
        return trial
    if charger.draw is None:
        settled = now_s >= obeyed_s + charger.settings.settle_s
        return _next_stage(trial, now_s) if settled else trial
    return _check_followed(trial, charger, charger.draw, shown, obeyed_s, now_s)


def _is_set(trial: Trial, set_a: float, now_s: float) -> bool:
    """Return whether the wanted current is the one that this stage is about."""
    match trial.stage:
        case Stage.HIGHEST:
            waited = now_s >= trial.since_s + RAISED_WITHIN_S
            return waited or set_a >= trial.top_a - EPSILON_A
        case Stage.BACK:
            return set_a > 0
        case _:
            return set_a <= trial.ceiling_a + EPSILON_A


def _check_obeyed(
    trial: Trial, charger: ChargerInput, now_s: float, *, reads_back: bool
) -> Trial:
    """Note when the command is confirmed; end the test if that takes too long."""
    if trial.obeyed_s is not None:
        return trial
    command = charger.command
    asked_s = command.epochs[-1].begun_s
    if not command.confirmed or command.in_flight_a is not None:
        late = now_s >= max(asked_s, trial.since_s) + OBEY_WITHIN_S
        return end(trial, Outcome.NOT_OBEYED) if late else trial
    findings = trial.findings
    if reads_back and asked_s >= trial.began_s:
        latency_s = max(findings.latency_s or 0.0, now_s - asked_s)
        findings = replace(findings, latency_s=latency_s)
    return replace(trial, obeyed_s=now_s, findings=findings)


def _check_followed(
    trial: Trial,
    charger: ChargerInput,
    drawn: DrawReading,
    shown: tuple[ServiceReading, ...],
    obeyed_s: float,
    now_s: float,
) -> Trial:
    """Note when the draw follows the command; go on once it has for the settle time."""
    settle_s = charger.settings.settle_s
    set_a, draw_a = trial.set_a or 0.0, max(drawn.high_a)
    if not _least_draw(trial.stage, set_a) <= draw_a <= most_if_obeying(set_a):
        late = now_s >= obeyed_s + FOLLOW_WITHIN_S
        return _judge_late(trial, set_a, draw_a, now_s) if late else trial
    followed_s = trial.followed_s
    if followed_s is None:
        asked_s = charger.command.epochs[-1].begun_s
        if drawn.taken_at_s < asked_s and now_s < obeyed_s + settle_s:
            # Measured before the command, so not yet an answer to it.
            return trial
        followed_s = now_s
        findings = trial.findings
        if trial.began_s <= asked_s <= drawn.taken_at_s:
            follow_s = max(findings.follow_s or 0.0, drawn.taken_at_s - asked_s)
            findings = replace(findings, follow_s=follow_s)
        trial = replace(trial, followed_s=followed_s, findings=findings)
    if now_s < followed_s + settle_s:
        return trial
    shown_a = tuple([reading.current_a for reading in shown])
    if trial.stage is not Stage.PAUSE:
        trial = replace(trial, drawn_a=draw_a, shown_a=shown_a)
    elif _is_unseen(trial, draw_a, shown_a):
        late = now_s >= followed_s + settle_s + SEEN_WITHIN_S
        return end(trial, Outcome.NOT_SEEN) if late else trial
    return _next_stage(_measure(trial, charger.settings, set_a, draw_a), now_s)


def _is_unseen(trial: Trial, draw_a: float, shown_a: tuple[PhaseVector, ...]) -> bool:
    """Return whether a meter did not move when the charger was paused."""
    fell_a = trial.drawn_a - draw_a
    return len(shown_a) == len(trial.shown_a) and any(
        did_not_move(before_a, now_a, fell_a)
        for before_a, now_a in zip(trial.shown_a, shown_a, strict=True)
    )


def _least_draw(stage: Stage, set_a: float) -> float:
    """Return the least draw of a car that follows, in A.

    Only at the highest current does it have to take all of it.
    """
    if set_a == 0:
        return 0.0
    if stage is Stage.HIGHEST:
        return set_a * (1 - OBEY_TOLERANCE) - OBEY_TOLERANCE_A
    return NOTHING_A


def _judge_late(trial: Trial, set_a: float, draw_a: float, now_s: float) -> Trial:
    """Judge a car whose draw did not follow in time."""
    if draw_a > most_if_obeying(set_a):
        return end(trial, Outcome.DRAWS_MORE)
    if draw_a >= NOTHING_A:
        # A car may take less than it is offered; that is no fault of the charger.
        findings = replace(trial.findings, took_all=False)
        return _next_stage(replace(trial, findings=findings), now_s)
    resumes = trial.stage is Stage.BACK
    return end(trial, Outcome.NOT_RESUMED if resumes else Outcome.NO_CAR)


def _measure(
    trial: Trial, settings: ChargerSettings, set_a: float, draw_a: float
) -> Trial:
    """Note the error of the draw, if it is near the set current."""
    findings = trial.findings
    if trial.stage is Stage.HIGHEST:
        findings = replace(findings, took_all=True)
    error_a = draw_a - set_a
    near = (
        abs(error_a) <= max(settings.step_a, OBEY_TOLERANCE_A) + OBEY_TOLERANCE * set_a
    )
    if set_a and near and abs(error_a) >= abs(findings.error_a or 0.0):
        findings = replace(findings, error_a=error_a)
    return replace(trial, findings=findings)


def _next_stage(trial: Trial, now_s: float) -> Trial:
    """Begin the next stage, or end the test after the last one.

    A charger that has its minimum already is not raised.
    """
    match trial.stage:
        case Stage.LOWEST if trial.top_a > trial.lowest_a:
            following = Stage.HIGHEST
        case Stage.LOWEST | Stage.HIGHEST:
            following = Stage.PAUSE
        case Stage.PAUSE:
            following = Stage.BACK
        case Stage.BACK:
            return end(trial, Outcome.PASSED)
    return replace(
        trial,
        stage=following,
        since_s=now_s,
        set_a=None,
        obeyed_s=None,
        followed_s=None,
    )
