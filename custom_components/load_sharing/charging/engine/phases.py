"""Finds which phases a charger is on, and which of them its car uses.

A car may use fewer phases than its charger has, and may change that at any time. Where
the draw is measured per phase, a charger counts only on the phases that its car uses:

- A phase counts as unused once the car has drawn on others alone for a while, and the
  meter has shown that the charger's phases are those that were entered.
- It counts again as soon as anything is drawn on it, or once the car stops by itself.
- While the charger is paused by us, and until the car wakes up after that, the phases
  are expected to be the same.
- An overload that lasts is reason to doubt all of this unless it was just measured.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import NamedTuple

from .grid import lowest_current
from .measurement import only_on
from .model import EXPORTS_A, NOTHING_A, ChargerInput, Limit, ServiceReading, SiteInput
from .overload import OverloadPhase, OverloadState
from .recount import NO_RECOUNT, Recount, follow_recount
from .sightings import Sighting, Sightings, Wires, follow_sightings
from .watts import NOT_WATCHED, WattsWatch, follow_watts

UNUSED_AFTER_S = 15.0
"""A car begins to charge on all of its phases within this time."""

WAKE_UP_S = 90.0
"""A car that was paused may take this long to draw again."""

DOUBTED_AFTER_S = 10.0
"""An overload that lasts longer than this may be due to what is not measured."""

APART_A = 2.0


class PhaseUse(NamedTuple):
    """Which of a charger's own phases, by index, its car uses.

    It was found to use ``used``; that is empty if unknown or all. It draws, or drew
    last, on ``drawing``, since ``since_s``. While it draws nothing, ``used`` counts only
    if ``expected``, and is forgotten at ``until_s``.
    """

    used: Wires = ()
    drawing: Wires = ()
    since_s: float = inf
    expected: bool = True
    paused: bool = False
    until_s: float = inf
    on_entered: bool = False


class Known(NamedTuple):
    """What is known of a charger's phases.

    ``wires`` are the site's phases that it is on: as entered, or as found. ``use`` is
    that of its car, and ``trusted`` whether it counts. The meters of the circuits in
    ``unseen_by`` do not see it; "" is that of the supply. ``counted`` is how many phases
    its car uses by the total of all: 0 if unknown, None if that is about to be seen.
    ``placed``: every meter above it has seen its steps on ``wires``, and nowhere else.
    ``backwards`` are the phases that meters show the wrong way round, by circuit. A
    ``recount`` may try more phases than the car was seen to use.
    """

    wires: Wires
    use: PhaseUse
    watts: WattsWatch
    trusted: bool
    unseen_by: tuple[str, ...] = ()
    pending_until_s: float = -inf
    counted: int | None = 0
    placed: bool = False
    backwards: Mapping[str, frozenset[int]] = {}
    recount: Recount = NO_RECOUNT

    @property
    def used(self) -> Wires:
        """The charger's own phases that count, by index."""
        if self.trusted and self.use.expected and self.use.used:
            return self.use.used
        return tuple(range(len(self.wires)))

    @property
    def in_use(self) -> int | None:
        """The number of phases that it charges on, or is tried on; None if unknown."""
        return self.recount.phases or self.watts.phases or len(self.use.drawing) or None


class Wirings(NamedTuple):
    """What is known of all chargers' phases, by charger, and what the meters showed."""

    chargers: Mapping[str, Known]
    sightings: Sightings


NO_WIRINGS = Wirings({}, {})


def follow_phases(
    before: Wirings, overload: OverloadState, site: SiteInput, now_s: float
) -> Wirings:
    """Return what is known of the chargers' phases after the last readings."""
    sightings = follow_sightings(before.sightings, site, now_s)
    seen: dict[str, dict[str, Sighting]] = {}
    for (meter_id, charger_id), sighting in sightings.items():
        seen.setdefault(charger_id, {})[meter_id] = sighting
    known = {}
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        last, by_meter = before.chargers.get(charger_id), seen.get(charger_id, {})
        known[charger_id] = _know(last, by_meter, overload, charger, site, now_s)
    return Wirings(known, sightings)


def _know(
    before: Known | None,
    seen: Mapping[str, Sighting],
    overload: OverloadState,
    charger: ChargerInput,
    site: SiteInput,
    now_s: float,
) -> Known:
    """Return what is known of one charger, from what each meter has ``seen`` of it."""
    entered = charger.settings.phases
    sighting = seen.get("")
    wires = sighting.found if sighting and sighting.found else entered
    use = before.use if before else PhaseUse()
    proven = sighting is not None and sighting.is_proven(wires)
    if not proven and wires == entered and not use.on_entered:
        proven = on_entered = _is_evident(charger, site.reading)
        use = use._replace(on_entered=on_entered)
    use = _follow_use(use, charger, now_s, proven=proven or use.on_entered)
    trusted = proven or use.on_entered
    if (
        overload.phase is not OverloadPhase.NONE
        and now_s >= overload.since_s + DOUBTED_AFTER_S
    ):
        drawn = charger.draw
        steady = drawn is not None and drawn.taken_at_s >= overload.since_s
        trusted = steady and sighting is not None and sighting.is_proven(wires)
    watts, recount = _recount(before, charger, site, now_s)
    pending = [one.pending_until_s for one in seen.values()]
    if 0 < len(use.drawing) < len(entered) and use.used != use.drawing:
        pending.append(use.since_s + UNUSED_AFTER_S)
    if not recount.idle:
        pending.append(watts.complete_s)
    if recount is not NO_RECOUNT:
        pending.append(recount.next_s(now_s))
    return Known(
        wires,
        use,
        watts,
        trusted,
        tuple([meter_id for meter_id, one in seen.items() if one.unseen]),
        max(pending, default=-inf),
        sighting.counted(now_s) if sighting else 0,
        bool(seen) and all([one.is_placed(wires) for one in seen.values()]),
        recount=recount,
    )


def _recount(
    before: Known | None, charger: ChargerInput, site: SiteInput, now_s: float
) -> tuple[WattsWatch, Recount]:
    """Return how many phases the meter shows, and whether more are tried."""
    former = before.watts if before else NOT_WATCHED
    trial = before.recount if before else NO_RECOUNT
    watts = follow_watts(former, charger, site, now_s, trial)
    if trial.phases and watts.answered and not former.answered:
        return watts, Recount(tried_s=now_s)
    return watts, follow_recount(trial, watts.phases, charger, site, now_s)


def _is_evident(charger: ChargerInput, reading: ServiceReading | None) -> bool:
    """Return whether a charger can only be on the phases that were entered.

    On any other phase, less flows than it draws. An export would hide that.
    """
    drawn, wires = charger.draw, charger.settings.phases
    if drawn is None or reading is None or min(reading.current_a) < EXPORTS_A:
        return False
    drawing = [i for i, low_a in enumerate(drawn.low_a) if low_a >= NOTHING_A]
    on = {wires[index] for index in drawing}
    return bool(on) and all(
        reading.current_a[wires[index]] >= drawn.low_a[index] - EXPORTS_A
        and all(
            flow_a < drawn.low_a[index] - APART_A
            for phase, flow_a in enumerate(reading.current_a)
            if phase not in on
        )
        for index in drawing
    )


def _follow_use(
    before: PhaseUse, charger: ChargerInput, now_s: float, *, proven: bool
) -> PhaseUse:
    """Return which phases the car uses, by its draw on each of them."""
    drawn = charger.draw
    if drawn is None:
        # All phases count, but a power is still set for those that were seen.
        return PhaseUse(drawing=before.drawing)
    if drawn.low_a != drawn.high_a:
        return PhaseUse()
    paused = charger.command.in_force_a == 0
    if max(drawn.low_a) < NOTHING_A:
        return _while_idle(before, now_s, paused=paused)
    on = tuple([i for i, high_a in enumerate(drawn.high_a) if high_a >= NOTHING_A])
    if drawn.total_a is not None and len(on) == len(drawn.high_a):
        # A single sensor may be about any of them.
        return PhaseUse()
    since_s = before.since_s if on == before.drawing else now_s
    used = before.used
    if used:
        used = tuple(sorted({*used, *on}))
    # A total that has followed a change of the command is not from a car that begins.
    sure_s = since_s + UNUSED_AFTER_S if drawn.total_a is None else since_s
    if proven and now_s >= sure_s:
        used = on
    return before._replace(
        used=used,
        drawing=on,
        since_s=since_s,
        expected=True,
        paused=False,
        until_s=inf,
    )


def _while_idle(before: PhaseUse, now_s: float, *, paused: bool) -> PhaseUse:
    """Return what is still known of a car that draws nothing."""
    if paused:
        return before._replace(expected=True, paused=True, since_s=inf, until_s=inf)
    if before.paused:
        return before._replace(paused=False, until_s=now_s + WAKE_UP_S)
    if before.until_s == inf:
        # It stopped by itself, and may go on with other phases.
        until_s = now_s + WAKE_UP_S
        return before._replace(expected=False, since_s=inf, until_s=until_s)
    return before if now_s < before.until_s else PhaseUse()


def with_reversed(
    known: Mapping[str, Known], backwards: Mapping[str, frozenset[int]]
) -> Mapping[str, Known]:
    """Return what is known of all chargers, with the meters that run backwards."""
    if not backwards:
        return known
    return {key: one._replace(backwards=backwards) for key, one in known.items()}


def as_wired(site: SiteInput, wirings: Wirings) -> SiteInput:
    """Return the site with each charger on the phases that it uses, and no others."""
    chargers = tuple(
        [
            _as_known(charger, wirings.chargers[charger.settings.charger_id])
            for charger in site.chargers
        ]
    )
    return replace(site, chargers=chargers)


def _as_known(charger: ChargerInput, known: Known) -> ChargerInput:
    used, settings, drawn = known.used, charger.settings, charger.draw
    if known.recount.due:
        least = (Limit.SETTLING, lowest_current(settings))
        settings = replace(settings, ceilings=(*settings.ceilings, least))
    phases: tuple[int, ...] = tuple([known.wires[index] for index in used])
    if phases != settings.phases:
        settings = replace(settings, phases=phases)
        if drawn is not None and len(used) < len(drawn.low_a):
            drawn = only_on(drawn, used)
    return replace(
        charger,
        settings=settings,
        draw=drawn,
        counted=known.counted,
        placed=known.placed,
    )


def pending_until_s(wirings: Wirings) -> float:
    """Return until when readings may show more of the chargers' phases."""
    return max([one.pending_until_s for one in wirings.chargers.values()], default=-inf)


def completes_s(wirings: Wirings) -> list[float]:
    """Return when reports that show a number of phases are complete by the clock."""
    return [
        one.watts.complete_s
        for one in wirings.chargers.values()
        if not one.recount.idle
    ]
