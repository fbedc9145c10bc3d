"""Forgets what a meter has shown the wrong way round, once its direction is found out.

What looked like an export was none, and headroom was never measured. Current that turned
out too much, a rise that waits and a pause were judged by such readings, too. Only the
steps stand, as they were steps the other way: what took them has followed its command.
"""

from collections.abc import Mapping
from dataclasses import replace

from .direction import Directions, reversed_phases
from .latency import Response
from .memory import EngineState
from .meters import meters_of
from .model import ChargerInput, SiteInput
from .response import Responses


def with_turned(
    before: EngineState,
    directions: Directions,
    backwards: Mapping[str, frozenset[int]],
    site: SiteInput,
    now_s: float,
) -> EngineState:
    """Return what is remembered without what ``directions`` turn out to contradict.

    ``backwards`` are the phases, by meter, that are reversed by these directions.
    """
    former = reversed_phases(before.directions)
    if former == backwards:
        return before
    turned = {
        meter_id
        for meter_id in former.keys() | backwards.keys()
        if former.get(meter_id) != backwards.get(meter_id)
    }
    behind = frozenset().union(
        *[meter.members for meter in meters_of(site) if meter.meter_id in turned]
    )
    before = replace(
        before,
        trust=_without(before.trust, turned),
        feed_in=_without(before.feed_in, turned),
        edges=_without(before.edges, behind),
        ramps=_without(before.ramps, behind),
    )
    if "" not in turned:
        return before
    responses = _with_steps(before.responses, directions, site.chargers, now_s)
    pauses = {
        charger_id: pause
        for charger_id, pause in before.pauses.items()
        if pause.refuted or charger_id not in behind
    }
    return replace(
        before, exports=False, reading=None, responses=responses, pauses=pauses
    )


def _without[Value](
    known: Mapping[str, Value], forgotten: set[str] | frozenset[str]
) -> dict[str, Value]:
    return {key: known[key] for key in known.keys() - forgotten}


def _with_steps(
    before: Responses,
    directions: Directions,
    chargers: tuple[ChargerInput, ...],
    now_s: float,
) -> Responses:
    """Return the responses with the commands whose steps the supply's meter has shown.

    It showed them the wrong way. How long they took is not learned from that.
    """
    responses = dict(before.chargers)
    for charger in chargers:
        charger_id = charger.settings.charger_id
        known = responses.get(charger_id, Response())
        begun_s = charger.command.epochs[-1].begun_s
        direction = directions.get(("", charger_id))
        if charger.draw is None and direction and direction.shows(begun_s):
            responses[charger_id] = known._replace(
                epoch_s=begun_s, shown_s=now_s, former_s=known.epoch_s
            )
    return Responses(responses)
