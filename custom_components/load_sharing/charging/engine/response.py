"""Follows how each charger responds to its commands, as readings show it.

No time proves that a car has followed a command: cloud chargers take 20 s and more.
Only a reading that moves by the step of the command does. Where the charger's draw is
measured, that is the reading. Otherwise it is the meter, which the house's own loads
move, too: a step counts as seen if two readings within ``WINDOW_S`` differ by it, to
within ``TOLERANCE_A`` and ``TOLERANCE``. Several chargers may move at the same time:
then the readings differ by the sum of their steps. The meter is compared with a measured
draw, too: the sensors of that may show a step later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from .arrival import TOGETHER_S, follow_arrival, sample_of
from .count import Change, counts_shown, loads_of, with_step
from .draw import most_if_obeying
from .epochs import Epoch
from .latency import Response
from .lateness import with_lateness
from .mains import Mains
from .model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    Sample,
    ServiceReading,
    SiteInput,
)
from .steps import (
    MOVING_A,
    PART_OF_STEP,
    TOLERANCE,
    TOLERANCE_A,
    Step,
    explained,
    steps_of,
    with_movement,
)

WINDOW_S = 20.0
"""A car that ramps up by 1 A/s takes about this long for a usual step."""

AT_ONCE_S = 5.0
"""A car that ramps up shows between two readings that are no further apart."""

STEADY_S = 3.0
"""A draw that did not change for this long is not on its way to another."""

RATIO_KEPT_S = 600.0

LATENCIES_KEPT = 8

LONGEST_LATENCY_S = 30.0
"""What shows later than this is more likely another load, or a car that has woken."""

UNKNOWN = Response()


class Responses(NamedTuple):
    """How the chargers responded so far, by charger.

    ``samples`` are the latest readings of the supply's meter, without what measured
    chargers draw. They are kept while a charger has a command that none has shown.
    ``in_part``: the meter is lost in part, and they are what is left of it. Of the
    ``arriving`` one, further phases may be reported within the moment. Where phases are
    reported one by one, they have shown steps of those that are ``likely`` since
    ``likely_s``. ``by_meter`` is all this as the meter shows it without any measured
    draw, if one is measured.
    """

    chargers: Mapping[str, Response]
    samples: tuple[Sample, ...] = ()
    in_part: bool = False
    arriving: Sample | None = None
    by_meter: Responses | None = None
    likely: frozenset[str] = frozenset()
    likely_s: float = -inf

    @property
    def complete_s(self) -> float:
        """Return when a report is complete by the clock, if one is waited for."""
        open_s = [self.arriving.at_s + TOGETHER_S] if self.arriving else []
        return max([*open_s, self.by_meter.complete_s if self.by_meter else -inf])


NO_RESPONSES = Responses({})


def follow_responses(
    before: Responses, earlier: ServiceReading | None, site: SiteInput, now_s: float
) -> Responses:
    """Return how the chargers respond after the site's readings.

    ``earlier`` is the supply's reading at the previous evaluation.
    """
    after = _follow(before, earlier, site, now_s)
    if all([charger.draw is None for charger in site.chargers]):
        return after
    unmeasured = [replace(charger, draw=None) for charger in site.chargers]
    alone = replace(site, chargers=tuple(unmeasured))
    by_meter = _follow(before.by_meter or NO_RESPONSES, earlier, alone, now_s)
    chargers = dict(after.chargers)
    for charger in site.chargers:
        if charger.draw is not None:
            charger_id = charger.settings.charger_id
            chargers[charger_id] = with_lateness(
                before.chargers.get(charger_id, UNKNOWN),
                after.chargers[charger_id],
                by_meter.chargers[charger_id],
            )
    return after._replace(chargers=chargers, by_meter=by_meter)


def _follow(
    before: Responses, earlier: ServiceReading | None, site: SiteInput, now_s: float
) -> Responses:
    """Return the responses by the draws that are measured, and by the meter else."""
    responses: dict[str, Response] = {}
    pending: list[ChargerInput] = []
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        response = before.chargers.get(charger_id, UNKNOWN)
        if charger.draw is not None:
            response = _follow_draw(charger, charger.draw, response, now_s)
        else:
            if response.phases and not _still_used(charger, response, site):
                response = response._replace(phases=0)
            if _is_pending(charger, response):
                pending.append(charger)
        responses[charger_id] = response
    if not pending:
        return Responses(responses)
    in_part = site.reading is None
    kept = before.samples if before.in_part == in_part else ()
    if not kept and earlier is not None and not in_part:
        kept = (sample_of(site, earlier),)
    newest, arriving, oldest_s, in_turns = follow_arrival(
        before.arriving, kept, site, now_s
    )
    if newest is None or (kept and newest.at_s <= kept[-1].at_s):
        return before._replace(
            chargers=responses,
            samples=kept,
            in_part=in_part,
            arriving=arriving,
            by_meter=None,
        )
    former = tuple(_recent(kept, newest.at_s))
    shown = _shown(pending, responses, former, newest, site.total)
    if in_turns and (waiting := _waiting(before, shown, newest.at_s, oldest_s)):
        return Responses(responses, kept, in_part, newest, None, *waiting)
    for charger_id, count in _counts(shown, responses, former, newest, site).items():
        responses[charger_id] = responses[charger_id]._replace(phases=count)
    rests_a = _rests(pending, shown, former, newest, site.total)
    for charger in pending:
        charger_id = charger.settings.charger_id
        if (step := shown.get(charger_id)) is not None:
            rest_a = max([rests_a[phase] for phase in charger.settings.phases])
            responses[charger_id] = _showed(
                responses[charger_id], step.epoch, newest.at_s, max(0.0, rest_a)
            )
    for charger in pending:
        charger_id = charger.settings.charger_id
        if former and charger_id not in shown:
            responses[charger_id] = with_movement(
                responses[charger_id], charger, former[-1], newest, site.total
            )
    samples = (*former, newest)
    if shown:
        pairs = zip(newest.current_a, rests_a, strict=True)
        samples = (
            newest._replace(arrived_a=tuple([now + rest for now, rest in pairs])),
        )
    return Responses(responses, samples, in_part, arriving)


def _waiting(
    before: Responses, shown: Mapping[str, Step], newest_s: float, oldest_s: float
) -> tuple[frozenset[str], float] | None:
    """Return which steps wait since when for every phase to be reported once more.

    A step between the reports of two phases is whole by then. None if nothing waits.
    """
    likely = before.likely.union(shown)
    since_s = before.likely_s if likely == before.likely else newest_s
    return (likely, since_s) if shown and oldest_s <= since_s else None


def _rests(
    chargers: Sequence[ChargerInput],
    shown: Mapping[str, Step],
    former: Sequence[Sample],
    newest: Sample,
    total: Mains | None,
) -> list[float]:
    """Return what the steps still lack on each phase that the newest sample shows, in A.

    A car that ramps shows its step before it has arrived. The rest of that step is none
    of its next command. A car that took less than it might has no rest.
    """
    rests_a = [0.0] * len(newest.current_a)
    if total is not None or not shown:
        return rests_a
    for phase, now_a in enumerate(newest.current_a):
        step_a = sum(
            [
                shown[charger.settings.charger_id].step_a
                for charger in chargers
                if charger.settings.charger_id in shown
                and phase in charger.settings.phases
            ]
        )
        before_a = [sample.current_a[phase] for sample in former]
        rest_a = (min if step_a > 0 else max)(before_a) + step_a - now_a
        if 0 < rest_a * step_a <= (TOLERANCE_A + TOLERANCE * abs(step_a)) * abs(step_a):
            rests_a[phase] = rest_a
    return rests_a


def _still_used(charger: ChargerInput, response: Response, site: SiteInput) -> bool:
    """Return whether as much flows as the phases in use take, by the total of all."""
    commanded_a = charger.command.epochs[-1].current_a
    if charger.status is ChargerStatus.NOT_CHARGING or not commanded_a:
        return False
    if site.reading is None or site.exports or _is_pending(charger, response):
        return True
    load = loads_of(charger, site.total).get(response.phases, 0.0)
    least_a = commanded_a * (1 - TOLERANCE) - TOLERANCE_A
    return sum(site.reading.current_a) >= load * least_a


def _counts(
    shown: Mapping[str, Step],
    responses: Mapping[str, Response],
    former: Sequence[Sample],
    newest: Sample,
    site: SiteInput,
) -> dict[str, int]:
    """Return how many phases the cars use whose steps a total of all phases shows."""
    changes = [
        Change(charger_id, step.epoch.begun_s, step.full_a, loads)
        for charger in site.chargers
        if (charger_id := charger.settings.charger_id) in shown
        and (loads := loads_of(charger, site.total))
        for step in [shown[charger_id]]
    ]
    rose = {change.charger_id: change.step_a > 0 for change in changes}
    return {
        charger_id: with_step(
            responses[charger_id].phases, found, rose=rose[charger_id]
        )
        for charger_id, found in counts_shown(changes, former, newest).items()
    }


def _is_pending(charger: ChargerInput, response: Response) -> bool:
    """Return whether no reading has shown the newest command yet."""
    begun_s = charger.command.epochs[-1].begun_s
    return begun_s > -inf and begun_s != response.epoch_s


def _showed(
    before: Response, epoch: Epoch, at_s: float, rest_a: float = 0.0
) -> Response:
    """Return the response once a reading shows a command."""
    latencies_s, latency_s = before.latencies_s, max(0.0, at_s - epoch.begun_s)
    if latency_s <= LONGEST_LATENCY_S:
        latencies_s = (latency_s, *latencies_s[: LATENCIES_KEPT - 1])
    return before._replace(
        epoch_s=epoch.begun_s,
        shown_s=at_s,
        former_s=before.epoch_s,
        latencies_s=latencies_s,
        rest_a=rest_a,
    )


def _follow_draw(
    charger: ChargerInput, drawn: DrawReading, before: Response, now_s: float
) -> Response:
    """Return the response of a charger whose own sensors show it."""
    if not _is_pending(charger, before):
        return _with_ratio(charger, drawn, before, now_s)
    newest = Sample(drawn.taken_at_s, drawn.high_a)
    # A change that showed a command shows no other one.
    former = [
        Sample(past.until_s, past.high_a)
        for past in drawn.earlier
        if past.until_s > before.shown_s
    ]
    for step in steps_of(charger, before, newest.at_s):
        if max(newest.current_a) > most_if_obeying(step.epoch.current_a):
            continue
        sign = 1 if step.step_a > 0 else -1
        least_a = PART_OF_STEP * abs(step.step_a)
        if any(
            [
                sign * (newest.current_a[index] - sample.current_a[index]) >= least_a
                for sample in former
                for index in range(len(drawn.high_a))
            ]
        ):
            return _showed(before, step.epoch, newest.at_s)
    return before


def _with_ratio(
    charger: ChargerInput, drawn: DrawReading, before: Response, now_s: float
) -> Response:
    """Return the response with what the charger takes of its command, once steady.

    More than commanded is due to the car's own steps or to the voltage. The greatest
    ratio counts until it was not reached for ``RATIO_KEPT_S``.
    """
    commanded_a = charger.command.epochs[-1].current_a
    changed_s = drawn.earlier[0].until_s if drawn.earlier else drawn.taken_at_s
    if not commanded_a or now_s < max(changed_s, before.shown_s) + STEADY_S:
        return before
    taken_a = max(drawn.low_a)
    if taken_a > most_if_obeying(commanded_a):
        return before
    ratio = max(1.0, round(taken_a / commanded_a, 3))
    if ratio < before.takes and now_s < before.takes_s + RATIO_KEPT_S:
        return before
    if ratio == before.takes == 1.0:
        return before
    return before._replace(takes=ratio, takes_s=now_s)


def _recent(samples: Sequence[Sample], now_s: float) -> Iterable[Sample]:
    """Return the samples within the window, or else the last one before it."""
    recent = [sample for sample in samples if sample.at_s >= now_s - WINDOW_S]
    return recent or samples[-1:]


def _shown(
    chargers: Sequence[ChargerInput],
    responses: Mapping[str, Response],
    former: Sequence[Sample],
    newest: Sample,
    total: Mains | None,
) -> dict[str, Step]:
    """Return the steps that the newest sample shows, by charger.

    In a ``total`` of all phases, every phase shows its share of a step, which depends
    on how many phases the car uses. A rise that goes on may be one on more phases.
    """
    on_phase: dict[int, list[list[Step]]] = {}
    for charger in sorted(chargers, key=lambda one: one.command.epochs[-1].begun_s):
        response = responses[charger.settings.charger_id]
        steps = steps_of(charger, response, newest.at_s - response.soonest_s)
        phases = charger.settings.phases
        if total is not None:
            loads = reversed(total.loads(len(phases)).values())
            shares = [load / len(newest.current_a) for load in loads]
            steps = [
                step._replace(step_a=step.step_a * share)
                for step in steps
                for share in shares
                if len(shares) == 1
                or step.step_a < 0
                or not _still_rises(former, newest)
            ]
            phases = (0,)
        for phase in phases if steps else ():
            on_phase.setdefault(phase, []).append(steps)
    shown: dict[str, Step] = {}
    for phase, steps_by_charger in on_phase.items():
        for step in explained(steps_by_charger, former, newest, phase):
            shown[step.charger_id] = step
    return shown


def _still_rises(former: Sequence[Sample], newest: Sample) -> bool:
    """Return whether a total rises now, as a car does that ramps up."""
    if not former or newest.at_s > former[-1].at_s + AT_ONCE_S:
        return False
    return newest.current_a[0] - former[-1].current_a[0] >= MOVING_A
