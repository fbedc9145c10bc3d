"""Steps: the changes that commands may make, and which of them a meter shows."""

from collections.abc import Sequence
from itertools import combinations, product
from math import inf
from typing import NamedTuple

from .epochs import Epoch, open_epochs
from .latency import Response
from .mains import Mains
from .model import ChargerInput, Sample

TOLERANCE_A = 0.5
TOLERANCE = 0.15
"""Other loads vary, and cars round to steps of their own."""

PART_OF_STEP = 0.5
"""A fall by this part of a reduction may be all of it that the car felt."""

MOVING_A = 0.3
"""A car that ramps by 0.5 A/s moves a meter by more than this each second."""

LEAST_STEP_A = 0.05
"""Smaller steps than this cannot be seen."""

TOGETHER = 4
"""Up to this many chargers, every combination is compared with what the meter shows."""

PAIR = 2
"""Beyond a pair, no combination in which a charger skipped a command is compared."""


class Step(NamedTuple):
    """A change that a meter may show: the charger, its command, and the step in A.

    ``skips``: commands in between were never followed. ``full_a`` is the step of the
    command, of which a total of all phases shows a share.
    """

    charger_id: str
    epoch: Epoch
    step_a: float
    skips: bool
    full_a: float


def steps_of(charger: ChargerInput, response: Response, before_s: float) -> list[Step]:
    """Return the steps that a reading may show, the most careful one first.

    That is the increase that came first, and the reduction that came last.
    """
    steps: list[Step] = []
    epochs = open_epochs(charger.command.epochs, response.epoch_s)
    for index in range(1, len(epochs)):
        epoch = epochs[index]
        if -inf < epoch.begun_s < before_s:
            for former in reversed(epochs[:index]):
                step_a = epoch.current_a - former.current_a
                skips = former is not epochs[index - 1]
                if abs(step_a) >= LEAST_STEP_A:
                    charger_id = charger.settings.charger_id
                    steps.append(Step(charger_id, epoch, step_a, skips, step_a))
    reductions = [step for step in steps if step.step_a < 0]
    return reductions[::-1] + [step for step in steps if step.step_a > 0]


def explained(
    steps_by_charger: Sequence[Sequence[Step]],
    former: Sequence[Sample],
    newest: Sample,
    phase: int,
) -> Sequence[Step]:
    """Return the likeliest steps whose sum a phase moved by; empty if it did not.

    These are the fewest, and rather none that skips a command. What a phase moved by
    before the first of their commands is no step of theirs.
    """
    together = min(len(steps_by_charger), TOGETHER)
    distinct = [_distinct(steps) for steps in steps_by_charger]
    explained: Sequence[Step] = ()
    for count in range(1, together + 1):
        if count > PAIR:
            distinct = [
                [step for step in steps if not step.skips] for steps in distinct
            ]
        for some in combinations(distinct, count):
            for steps in product(*some):
                total_a = sum([step.step_a for step in steps])
                begun_s = min([step.epoch.begun_s for step in steps])
                since = _since(former, begun_s)
                if any([moved_by(past, newest, phase, total_a) for past in since]):
                    if _still_falls(former, newest, phase, total_a):
                        continue
                    if not any([step.skips for step in steps]):
                        return steps
                    explained = explained or steps
    return explained


def _since(former: Sequence[Sample], begun_s: float) -> Sequence[Sample]:
    """Return the samples since a command, from the last one before it on."""
    before = sum([sample.at_s <= begun_s for sample in former])
    return former[max(0, before - 1) :]


def _distinct(steps: Sequence[Step]) -> list[Step]:
    """Return the first step of each size, rather one that skips no command.

    Where no car is plugged in, all the commands of a charger stay open, and most of the
    steps between them are of a size that another has, too.
    """
    first: dict[tuple[float, float], Step] = {}
    for step in steps:
        size = (step.step_a, step.full_a)
        known = first.get(size)
        if known is not None and known.skips and not step.skips:
            del first[size]
        first.setdefault(size, step)
    return list(first.values())


def _still_falls(
    former: Sequence[Sample], newest: Sample, phase: int, step_a: float
) -> bool:
    """Return whether a phase falls, and has not fallen by all of a step yet."""
    highest_a = max([sample.current_a[phase] for sample in former])
    fallen_a = highest_a - newest.current_a[phase]
    falls = former[-1].current_a[phase] - newest.current_a[phase] >= MOVING_A
    return step_a < 0 and falls and fallen_a < -step_a * (1 - TOLERANCE) - TOLERANCE_A


def moved_by(former: Sample, newest: Sample, phase: int, step_a: float) -> bool:
    """Return whether a phase moved by a step between two samples.

    A car that took less than it might feels only a part of a reduction.
    """
    moved_a = newest.current_a[phase] - former.before_step(phase, step_a)
    within_a = TOLERANCE_A + TOLERANCE * abs(step_a)
    if step_a < 0:
        return step_a - within_a <= moved_a <= step_a * PART_OF_STEP
    return abs(moved_a - step_a) <= within_a and moved_a > 0


def with_movement(
    response: Response,
    charger: ChargerInput,
    before: Sample,
    now: Sample,
    total: Mains | None,
) -> Response:
    """Return the response once the meter moved, and did not show the newest command."""
    *_, former, newest = charger.command.epochs
    step_a = newest.current_a - former.current_a
    moved_a = [
        now.current_a[phase] - before.current_a[phase]
        for phase in charger.settings.phases
    ]
    if max(moved_a if step_a > 0 else [-one_a for one_a in moved_a]) >= MOVING_A:
        response = response._replace(moved_s=now.at_s)
    share = 1 if total is None else 1 / len(now.current_a)
    if max(map(abs, moved_a)) > PART_OF_STEP * abs(step_a) * share:
        response = response._replace(blurred_s=now.at_s)
    return response
