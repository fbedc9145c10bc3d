"""The test of a charger: does it obey, how soon, and does the car follow?

A ceiling goes down to the charger's minimum, up again to what it had when the test
began, to a pause, and back. A ceiling is all that a test is: the limits, the ramp and
the other chargers count as ever, so that no charger has more because it is tested.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from .claims import lowest_current
from .draw import OBEY_TOLERANCE, OBEY_TOLERANCE_A, most_drawn
from .measurement import NOTHING_A
from .model import EPSILON_A, ChargerInput, ChargerSettings

OBEY_WITHIN_S = 60.0
FOLLOW_WITHIN_S = 90.0
"""A car may take this long to begin, or to change what it takes."""
RAISED_WITHIN_S = 300.0
"""After that, the test goes on with as much as the supply had for it."""
LONGEST_S = 900.0


class Outcome(StrEnum):
    """What came of a test."""

    NOT_TESTED = "not_tested"
    TESTING = "testing"
    PASSED = "passed"
    NOT_OBEYED = "not_obeyed"
    DRAWS_MORE = "draws_more"
    NO_CAR = "no_car"
    NOT_RESUMED = "not_resumed"
    NO_ROOM = "no_room"
    OVERLOAD = "overload"
    METER_LOST = "meter_lost"
    INTERRUPTED = "interrupted"


class Stage(StrEnum):
    """What a charger is brought to, in this order."""

    LOWEST = "lowest"
    HIGHEST = "highest"
    PAUSE = "pause"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured; the worst of all stages.

    ``latency_s`` until the charger's controls showed a command, ``follow_s`` until
    its draw did. ``error_a`` is draw less current, where the car took what it might;
    ``took_all`` whether it did so at most.
    """

    outcome: Outcome = Outcome.NOT_TESTED
    latency_s: float | None = None
    follow_s: float | None = None
    error_a: float | None = None
    took_all: bool | None = None

    @property
    def suggested_settle_s(self) -> float | None:
        """Settle time that would have been enough."""
        return None if self.follow_s is None else float(ceil(self.follow_s) + 1)


NOTHING_FOUND = Findings()


@dataclass(frozen=True, slots=True)
class Trial:
    """A test under way. ``set_a`` is judged: obeyed and followed since when?"""

    began_s: float
    lowest_a: float
    top_a: float
    stage: Stage
    since_s: float
    set_a: float | None = None
    obeyed_s: float | None = None
    followed_s: float | None = None
    findings: Findings = Findings(Outcome.TESTING)

    @property
    def ceiling_a(self) -> float:
        """Most that the charger may have now."""
        match self.stage:
            case Stage.LOWEST:
                return self.lowest_a
            case Stage.PAUSE:
                return 0.0
            case _:
                return self.top_a

    @property
    def is_over(self) -> bool:
        """Whether there is a result."""
        return self.findings.outcome is not Outcome.TESTING


def begin(charger: ChargerInput, now_s: float) -> Trial | None:
    """Test a charger with up to the current it has; None if it has none."""
    lowest_a = lowest_current(charger.settings)
    top_a = charger.command.desired_a
    if top_a is None or top_a < lowest_a:
        return None
    return Trial(now_s, lowest_a, top_a, Stage.LOWEST, now_s)


def end(trial: Trial, outcome: Outcome) -> Trial:
    """End a test with what was found so far."""
    return replace(trial, findings=replace(trial.findings, outcome=outcome))


def advance(
    trial: Trial,
    charger: ChargerInput,
    now_s: float,
    *,
    reads_back: bool,
    trouble: Outcome | None = None,
) -> Trial:
    """Go on with a test. ``trouble`` is what has happened at the site, and ends it.

    ``reads_back``: the charger's controls show what it was told.
    """
    if trouble is not None:
        return end(trial, trouble)
    set_a = charger.command.desired_a or 0.0
    paused = trial.stage in (Stage.LOWEST, Stage.HIGHEST) and set_a == 0
    if paused or now_s >= trial.began_s + LONGEST_S:
        return end(trial, Outcome.NO_ROOM)
    if set_a != trial.set_a:
        trial = replace(trial, set_a=set_a, obeyed_s=None, followed_s=None)
    if not _is_given(trial, set_a, now_s):
        return trial
    trial = _obey(trial, charger, now_s, reads_back=reads_back)
    if trial.obeyed_s is None:
        return trial
    if charger.draw is None:
        done = now_s >= trial.obeyed_s + charger.settings.settle_s
        return _next_stage(trial, now_s) if done else trial
    return _follow(trial, charger, max(charger.draw.high_a), now_s)


def _is_given(trial: Trial, set_a: float, now_s: float) -> bool:
    """Whether the charger is told what this stage is about."""
    match trial.stage:
        case Stage.HIGHEST:
            waited = now_s >= trial.since_s + RAISED_WITHIN_S
            return waited or set_a >= trial.top_a - EPSILON_A
        case Stage.BACK:
            return set_a > 0
        case _:
            return set_a <= trial.ceiling_a + EPSILON_A


def _obey(
    trial: Trial, charger: ChargerInput, now_s: float, *, reads_back: bool
) -> Trial:
    """See whether the command was obeyed, and how soon."""
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


def _follow(trial: Trial, charger: ChargerInput, draw_a: float, now_s: float) -> Trial:
    """See whether the car takes what it may, and how soon."""
    assert trial.obeyed_s is not None
    assert charger.draw is not None
    set_a = trial.set_a or 0.0
    settle_s = charger.settings.settle_s
    late = now_s >= trial.obeyed_s + FOLLOW_WITHIN_S
    if not _least(trial, set_a) <= draw_a <= most_drawn(set_a):
        return _miss(trial, set_a, draw_a, now_s) if late else trial
    if trial.followed_s is None:
        asked_s, taken_s = charger.command.epochs[-1].begun_s, charger.draw.taken_at_s
        if taken_s < asked_s and now_s < trial.obeyed_s + settle_s:
            return trial
        findings = trial.findings
        if trial.began_s <= asked_s <= taken_s:
            follow_s = max(findings.follow_s or 0.0, taken_s - asked_s)
            findings = replace(findings, follow_s=follow_s)
        trial = replace(trial, followed_s=now_s, findings=findings)
    assert trial.followed_s is not None
    if now_s < trial.followed_s + settle_s:
        return trial
    return _next_stage(_measure(trial, charger.settings, set_a, draw_a), now_s)


def _least(trial: Trial, set_a: float) -> float:
    """Least that a car takes that follows; only at most it is to take it all."""
    if set_a == 0:
        return 0.0
    if trial.stage is Stage.HIGHEST:
        return set_a * (1 - OBEY_TOLERANCE) - OBEY_TOLERANCE_A
    return NOTHING_A


def _miss(trial: Trial, set_a: float, draw_a: float, now_s: float) -> Trial:
    """Judge a car that did not follow in time."""
    if draw_a > most_drawn(set_a):
        return end(trial, Outcome.DRAWS_MORE)
    if draw_a >= NOTHING_A:
        # It takes less than it may, which is its own affair.
        findings = replace(trial.findings, took_all=False)
        return _next_stage(replace(trial, findings=findings), now_s)
    resumes = trial.stage is Stage.BACK
    return end(trial, Outcome.NOT_RESUMED if resumes else Outcome.NO_CAR)


def _measure(
    trial: Trial, settings: ChargerSettings, set_a: float, draw_a: float
) -> Trial:
    """Note how far the draw is from what was set, if the car takes it all."""
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
