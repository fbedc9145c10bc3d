"""Compares each step of a charger's draw with what the meters show of it.

A step of the measured draw shows where the charger is wired: on the phases that move by
the same amount. It is seen there, on other phases than those that were entered, or not
at all. What other measured chargers draw is left out. Two steps in a row have to agree
before another wiring is believed, and a meter has to miss ``UNSEEN_A`` in all before it
is taken not to see the charger.
"""

from collections.abc import Mapping
from itertools import permutations, product
from math import inf
from typing import NamedTuple

from .count import Change, counts_shown, loads_of
from .meters import chargers_on, each_alone, meters_of
from .model import NOTHING_A, ChargerInput, DrawReading, PhaseVector, Sample, SiteInput

STEP_A = 3.0
"""Smaller steps are lost among the loads of a house."""

WITHIN = 0.3
WITHIN_A = 1.0
"""A phase moved by a step if it did to within this fraction of it, or this much."""

DECIDE_S = 5.0
"""A meter has this long to show a step where it is expected."""

LONG_S = 20.0
"""A meter that has not moved after this long does not see the step."""

UNMOVED = 0.2
UNMOVED_A = 0.5
"""A phase did not move if it moved by no more than this fraction of a step."""

SILENT_S = 180.0
"""A meter that reports changes only shows what it last did, even after this long."""

UNSEEN_A = 12.0
ENOUGH = 2
CERTAIN = 3

HELD_A = 0.5
"""A battery that holds the meter at zero hides every step."""

type Wires = tuple[int, ...]
"""The site's phases that a charger's own phases are on, in their order."""


class Plateau(NamedTuple):
    """A draw that has been steady, what was drawn before it, and what a meter showed.

    ``drawn_a`` has one value for each phase of the charger, or a single one for all of
    them together. ``before_a`` is what the meter may have shown before the step.
    """

    drawn_a: PhaseVector
    since_s: float
    shown_a: PhaseVector
    former_a: PhaseVector = ()
    before_a: tuple[PhaseVector, ...] = ()
    judged: bool = False
    compared: bool = False


class Sighting(NamedTuple):
    """What a meter has shown of a charger so far.

    The last ``votes`` steps were seen on ``seen_on``, the last of all ``only`` there.
    ``found`` is where two steps in a row were seen last. ``unseen_a`` is what the meter
    has missed since it showed a step, and ``anchor`` the last draw that lasted, with
    what the meter showed at its end and at its beginning: a draw that is polled may
    have changed in between. Where that is the total of all phases, ``phases`` is how
    many are in use.
    """

    plateau: Plateau | None = None
    anchor: tuple[PhaseVector, tuple[PhaseVector, ...]] | None = None
    seen_on: Wires = ()
    only: bool = False
    votes: int = 0
    found: Wires = ()
    unseen_a: float = 0.0
    phases: int = 0

    def counted(self, now_s: float) -> int | None:
        """Return how many phases are in use; None if a step is about to show it."""
        plateau = self.plateau
        if self.phases or plateau is None or not plateau.before_a or plateau.judged:
            return self.phases
        return None if now_s < plateau.since_s + LONG_S else self.phases

    @property
    def unseen(self) -> bool:
        """Whether the meter does not see the charger."""
        return self.unseen_a >= UNSEEN_A

    def is_proven(self, wires: Wires) -> bool:
        """Whether the last step was seen on these phases."""
        return self.seen_on == wires

    def is_placed(self, wires: Wires) -> bool:
        """Whether no other load can pass for the charger on these phases.

        The last step was seen there only, or so were several in a row.
        """
        return self.is_proven(wires) and (self.only or self.votes >= ENOUGH)

    def is_certain(self, charger: ChargerInput) -> bool:
        """Whether enough steps were seen where they should be to look for no more."""
        return self.votes >= CERTAIN and self.seen_on == charger.settings.phases

    @property
    def pending_until_s(self) -> float:
        """When the present step is decided at the latest; -inf if it is."""
        plateau = self.plateau
        if plateau is None or not plateau.before_a or plateau.compared:
            return -inf
        if self.votes >= CERTAIN:
            return -inf
        return plateau.since_s + LONG_S


NOTHING_SEEN = Sighting()

type Sightings = Mapping[tuple[str, str], Sighting]
"""What each meter shows of each charger, by circuit ("" is the supply) and charger."""


def follow_sightings(
    before: Sightings, site: SiteInput, now_s: float
) -> dict[tuple[str, str], Sighting]:
    """Return what the meters have shown of the chargers, after their last readings."""
    after = {}
    for meter in meters_of(site):
        if not meter.exists:
            continue
        measured = [one for one in chargers_on(meter, site) if one.draw is not None]
        for charger in measured:
            key = (meter.meter_id, charger.settings.charger_id)
            after[key] = before.get(key, NOTHING_SEEN)
        if meter.reading is None:
            continue
        taken_s = min(meter.reading.taken_at_s)
        for charger, shown_a in each_alone(meter.reading, measured, meter.total):
            key = (meter.meter_id, charger.settings.charger_id)
            loads = loads_of(charger, meter.total)
            if loads or not after[key].is_certain(charger):
                after[key] = _follow(
                    after[key], charger, shown_a, taken_s, now_s, loads
                )
    return after


def _follow(
    before: Sighting,
    charger: ChargerInput,
    shown_a: PhaseVector,
    taken_s: float,
    now_s: float,
    loads: Mapping[int, float],
) -> Sighting:
    """Note a new step, or judge the last one by what the meter shows now."""
    drawn = charger.draw
    assert drawn is not None
    drawn_a, changed_s = _drawn(drawn), drawn.earlier[0].until_s if drawn.earlier else 0
    last = before.plateau
    if max(drawn_a) < NOTHING_A:
        before = before._replace(phases=0)
    if last is None or len(last.drawn_a) != len(drawn_a):
        plateau = Plateau(drawn_a, changed_s, shown_a)
        return before._replace(plateau=plateau, anchor=(drawn_a, (shown_a,)))
    if changed_s > last.since_s:
        return before._replace(plateau=_next(last, drawn_a, changed_s, shown_a))
    if now_s >= last.since_s + SILENT_S:
        taken_s = now_s
    if taken_s <= last.since_s:
        return before
    plateau = last._replace(drawn_a=drawn_a, shown_a=shown_a)
    after = before._replace(plateau=plateau)
    if plateau.before_a and not plateau.judged:
        late = taken_s >= plateau.since_s + DECIDE_S
        if loads:
            return _count(after, plateau, loads, charger, late=late)
        after = _judge(after, plateau, charger.settings.phases, late=late)
    if not plateau.compared and taken_s >= plateau.since_s + LONG_S:
        after = _compare(after, len(charger.settings.phases))
    return after


def _drawn(drawn: DrawReading) -> PhaseVector:
    """Return the draw by phase; the total alone where only that is known."""
    if drawn.low_a == drawn.high_a or drawn.total_a is None:
        return drawn.high_a
    return (drawn.total_a,)


def _next(
    last: Plateau, drawn_a: PhaseVector, changed_s: float, shown_a: PhaseVector
) -> Plateau:
    """Return the plateau after a step; a car that ramps up makes one step of many."""
    brief = changed_s < last.since_s + DECIDE_S
    if brief and last.before_a:
        return Plateau(drawn_a, changed_s, shown_a, last.former_a, last.before_a)
    before_a = (last.shown_a, shown_a)
    return Plateau(drawn_a, changed_s, shown_a, last.drawn_a, before_a)


def _step(drawn_a: PhaseVector, former_a: PhaseVector) -> PhaseVector:
    pairs = zip(drawn_a, former_a, strict=True)
    return tuple([now_a - then_a for now_a, then_a in pairs])


def _judge(
    before: Sighting, plateau: Plateau, entered: Wires, *, late: bool
) -> Sighting:
    """Find the phases that moved by the step: those entered first, later any others."""
    step_a = _step(plateau.drawn_a, plateau.former_a)
    if max(map(abs, step_a)) < STEP_A:
        return before
    moved = [_step(plateau.shown_a, former_a) for former_a in plateau.before_a]
    width = len(plateau.shown_a)
    for wires in _possible_wires(entered, width):
        if wires != entered and (not late or len(step_a) != len(entered)):
            continue
        for expected_a in _expected(step_a, wires, width):
            only = any(_fits(one, expected_a, everywhere=True) for one in moved)
            if only or (
                wires == entered
                and any(_fits(one, expected_a, everywhere=False) for one in moved)
            ):
                return _vote(before, plateau, wires, only=only)
    return before


def _count(
    before: Sighting,
    plateau: Plateau,
    loads: Mapping[int, float],
    charger: ChargerInput,
    *,
    late: bool,
) -> Sighting:
    """Find how many phases a step of the draw is on, by that of the total."""
    step_a = _step(plateau.drawn_a, plateau.former_a)[0]
    change = Change("", -inf, step_a, loads)
    former = [Sample(0.0, shown_a) for shown_a in plateau.before_a]
    found = counts_shown([change], former, Sample(1.0, plateau.shown_a)) if late else {}
    if not found:
        return before
    voted = _vote(before, plateau, charger.settings.phases)
    return voted._replace(phases=found[""])


def _possible_wires(entered: Wires, width: int) -> list[Wires]:
    """Return how a charger may be wired, what was entered first.

    On all of three phases, their order is that of the supply.
    """
    others = [
        wires
        for wires in permutations(range(width), len(entered))
        if wires != entered and (len(wires) < 3 or _is_rotation(wires, width))
    ]
    return [entered, *others]


def _is_rotation(wires: Wires, width: int) -> bool:
    return all(phase == (wires[0] + index) % width for index, phase in enumerate(wires))


def _expected(step_a: PhaseVector, wires: Wires, width: int) -> list[PhaseVector]:
    """Return what a meter may show of a step; of a total, on one phase or several."""
    steps = [step_a]
    if len(step_a) != len(wires):
        steps = [
            tuple([step_a[0] / count] * count) for count in range(1, len(wires) + 1)
        ]
    expected = []
    for step in steps:
        on_phase = [0.0] * width
        for phase, change_a in zip(wires, step, strict=False):
            on_phase[phase] += change_a
        expected.append(tuple(on_phase))
    return expected


def _fits(moved_a: PhaseVector, expected_a: PhaseVector, *, everywhere: bool) -> bool:
    """Return whether a meter moved as expected, there or also on no other phase."""
    within_a = max(WITHIN_A, WITHIN * max(map(abs, expected_a)))
    return all(
        abs(moved - expected) <= within_a
        for moved, expected in zip(moved_a, expected_a, strict=True)
        if everywhere or abs(expected) >= within_a
    )


def _vote(
    before: Sighting, plateau: Plateau, wires: Wires, *, only: bool = False
) -> Sighting:
    """Return what is known once a step was seen on some phases, or ``only`` there."""
    votes = before.votes + 1 if wires == before.seen_on else 1
    return before._replace(
        plateau=plateau._replace(judged=True),
        seen_on=wires,
        only=only,
        votes=votes,
        found=wires if votes >= ENOUGH else before.found,
        unseen_a=0.0,
    )


def _compare(before: Sighting, phases: int) -> Sighting:
    """Compare a draw that lasts with the last one that did: did the meter move?"""
    plateau, unseen_a = before.plateau, before.unseen_a
    assert plateau is not None
    showed_a = (plateau.shown_a, *plateau.before_a[-1:])
    if before.anchor is not None and not plateau.judged:
        drawn_a, shown_a = before.anchor
        missed_a = 0.0
        if len(drawn_a) == len(plateau.drawn_a):
            missed_a = max(map(abs, _step(plateau.drawn_a, drawn_a)))
        on_phase_a = missed_a * len(plateau.drawn_a) / phases
        if missed_a >= STEP_A and all(
            [
                did_not_move(before_a, now_a, on_phase_a)
                for before_a, now_a in product(shown_a, showed_a)
            ]
        ):
            unseen_a += missed_a
    return before._replace(
        plateau=plateau._replace(compared=True),
        anchor=(plateau.drawn_a, showed_a),
        unseen_a=unseen_a,
    )


def did_not_move(before_a: PhaseVector, now_a: PhaseVector, step_a: float) -> bool:
    """Return whether no phase of a meter moved by anything like a step per phase."""
    if step_a < UNMOVED_A / UNMOVED or max(map(abs, now_a)) < HELD_A:
        return False
    return max(map(abs, _step(now_a, before_a))) <= UNMOVED * step_a
