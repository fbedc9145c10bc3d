"""Finds meters that run backwards: they show less when a charger takes more.

A clamp may be mounted the wrong way round, or a sign may be entered the wrong way. Then
an import looks like an export, and no overload is ever seen. Each step of a charger
shows the direction: that of its measured draw, or else of its command. The meter has to
be steady before and after a step, and to move by as much the other way. Several steps in
a row have to agree, because other loads move a meter, too. A meter without a sign shows
less, too, while the sun covers what the charger takes, but never less than nothing.

Until the meter is put right, the size of what it shows counts: no more than that flows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from .mains import Mains
from .meters import chargers_on, each_alone, meters_of
from .model import ChargerInput, PhaseVector, ServiceReading, SiteInput
from .steps import TOLERANCE, TOLERANCE_A

STEP_A = 3.0
"""Smaller steps are lost among the loads of a house."""

STEADY_A = 1.0
STEADY_S = 3.0
"""A meter that moved by no more than this for so long is steady."""

BRIEF_S = 5.0
"""A car that ramps up makes one step of many."""

ANSWERED_S = 20.0
"""A step that the meter has not shown by then is not looked for any longer."""

LAST_LOOK_S = 1.0
"""The last look at a step comes so long before that; a timer fires a little late."""

MEASURED_VOTES = 2
COMMANDED_VOTES = 3
LEAST_A = 12.0
"""So many steps in a row, and so much in all, have to agree that a meter is reversed."""


class Steady(NamedTuple):
    """What a meter has shown since a time, to within ``STEADY_A``."""

    shown_a: PhaseVector
    since_s: float


class Direction(NamedTuple):
    """What the steps of a charger have shown of the direction of a meter so far.

    The charger takes ``level_a`` ``since_s``; before that it took ``former_a``, and the
    meter showed one of ``before_a``, which is empty if it was not steady, or if it has
    shown the step. The last ``votes`` steps on ``wrong``, of ``moved_a`` in all, went
    the wrong way, and the last ``upright`` ones of each other phase the right way. On
    ``reversed`` phases the meter runs backwards: as many steps of the same phase have to
    show the contrary as have shown it. The last step that went either way was that to the
    level since ``judged_s``.
    """

    level_a: PhaseVector = ()
    since_s: float = -inf
    former_a: PhaseVector = ()
    before_a: tuple[PhaseVector, ...] = ()
    steady: tuple[Steady, ...] = ()
    measured: bool = False
    wrong: frozenset[int] = frozenset()
    votes: int = 0
    moved_a: float = 0.0
    upright: Mapping[int, int] = {}
    reversed: frozenset[int] = frozenset()
    judged_s: float = -inf

    def shows(self, begun_s: float) -> bool:
        """Return whether the meter has shown, either way, a command that began then."""
        return -inf < begun_s <= self.judged_s == self.since_s

    def is_certain(self, phases: Iterable[int]) -> bool:
        """Return whether enough steps of each phase went the right way."""
        return not self.reversed and all(
            [self.upright.get(phase, 0) >= COMMANDED_VOTES for phase in phases]
        )

    @property
    def pending_until_s(self) -> float:
        """When the present step is looked at last; -inf if it is decided."""
        return self.since_s + ANSWERED_S - LAST_LOOK_S if self.before_a else -inf

    def unseen(self) -> Direction:
        """Return what is known where nothing is seen of the charger or the meter."""
        return self._replace(level_a=(), before_a=(), steady=())


type Directions = Mapping[tuple[str, str], Direction]
"""What each charger shows of each meter, by circuit ("" is the supply) and charger."""

UNKNOWN = Direction()


def follow_directions(
    before: Directions, site: SiteInput, now_s: float
) -> dict[tuple[str, str], Direction]:
    """Return what chargers have shown of the meters, after their last readings.

    What a charger has shown stays known while its car is elsewhere.
    """
    after: dict[tuple[str, str], Direction] = {}
    for meter in meters_of(site):
        meter_id, reading, total = meter.meter_id, meter.reading, meter.total
        chargers = chargers_on(meter, site)
        if reading is None or site.restored:
            for charger in chargers:
                key = (meter_id, charger.settings.charger_id)
                after[key] = before.get(key, UNKNOWN).unseen()
            continue
        for charger, shown_a in each_alone(reading, chargers, total):
            key = (meter_id, charger.settings.charger_id)
            known = before.get(key, UNKNOWN)
            if not known.is_certain(charger.settings.phases):
                pairs = zip(shown_a, reading.current_a, strict=True)
                zero_a = tuple([less_a - meter_a for less_a, meter_a in pairs])
                known = _follow(known, charger, chargers, shown_a, zero_a, total, now_s)
            after[key] = known
    elsewhere = before.keys() - after.keys()
    return after | {key: before[key].unseen() for key in elsewhere}


def reversed_phases(directions: Directions) -> dict[str, frozenset[int]]:
    """Return the phases that each meter shows the wrong way round, by circuit."""
    found: dict[str, frozenset[int]] = {}
    for (meter_id, _), direction in directions.items():
        if phases := direction.reversed:
            found[meter_id] = found.get(meter_id, frozenset()) | phases
    return found


def steps_until_s(directions: Directions) -> float:
    """Return until when readings may show more of the meters' directions."""
    return max(
        [direction.pending_until_s for direction in directions.values()], default=-inf
    )


def without_signs(
    site: SiteInput, phases_of: Mapping[str, frozenset[int]]
) -> SiteInput:
    """Return the site with the size of what its meters show on reversed phases."""
    if not phases_of:
        return site
    phases = phases_of.get("", frozenset())
    circuits = [
        replace(
            circuit,
            reading=_unsigned(circuit.reading, phases_of.get(circuit.circuit_id)),
            remains=_unsigned(circuit.remains, phases_of.get(circuit.circuit_id)),
        )
        for circuit in site.circuits
    ]
    return replace(
        site,
        reading=_unsigned(site.reading, phases),
        remains=_unsigned(site.remains, phases),
        circuits=tuple(circuits),
    )


def _unsigned(
    reading: ServiceReading | None, phases: frozenset[int] | None
) -> ServiceReading | None:
    if reading is None or not phases:
        return reading
    current_a = [
        abs(current_a) if phase in phases else current_a
        for phase, current_a in enumerate(reading.current_a)
    ]
    return replace(reading, current_a=tuple(current_a))


def _follow(
    before: Direction,
    charger: ChargerInput,
    beside: Sequence[ChargerInput],
    shown_a: PhaseVector,
    zero_a: PhaseVector,
    total: Mains | None,
    now_s: float,
) -> Direction:
    """Note a new step, or judge the last one by what the meter shows now.

    That is without the draws of the others ``beside`` it: it is ``zero_a`` where the
    meter shows 0.
    """
    measured = charger.draw is not None
    level_a, steady = _level(charger), before.steady
    if not steady or _distance(shown_a, steady[0].shown_a) > STEADY_A:
        steady = (Steady(shown_a, now_s), *steady[:1])
    after = before._replace(steady=steady)
    if len(level_a) != len(before.level_a) or measured != before.measured:
        return after._replace(
            level_a=level_a,
            measured=measured,
            before_a=(),
            wrong=frozenset(),
            votes=0,
            upright={},
        )
    if _distance(level_a, before.level_a) > TOLERANCE_A:
        if not before.before_a or now_s >= before.since_s + BRIEF_S:
            # Many meters show a draw before its sensor does, but none a command that is
            # yet to be sent.
            begun_s = charger.command.epochs[-1].begun_s
            after_s = now_s - ANSWERED_S if measured else begun_s
            before_a = _before_step(steady, after_s, now_s)
            after = after._replace(former_a=before.level_a, before_a=before_a)
        return after._replace(level_a=level_a, since_s=now_s)
    if not before.before_a or now_s < steady[0].since_s + STEADY_S:
        return after
    if now_s > before.since_s + ANSWERED_S or _are_others_stepping(
        charger, beside, before.since_s
    ):
        return after._replace(before_a=())
    return _judge(after, charger, shown_a, zero_a, total)


def _level(charger: ChargerInput) -> PhaseVector:
    """Return what the charger takes on each of its phases, or in all, in A."""
    drawn, phases = charger.draw, charger.settings.phases
    if drawn is not None:
        if drawn.low_a == drawn.high_a or drawn.total_a is None:
            return drawn.high_a
        return (drawn.total_a,)
    newest = charger.command.epochs[-1]
    takes = charger.charging is not False and newest.done_s is not None
    return (newest.current_a if takes else 0.0,) * len(phases)


def _distance(one_a: PhaseVector, other_a: PhaseVector) -> float:
    pairs = zip(one_a, other_a, strict=True)
    return max([abs(now_a - then_a) for now_a, then_a in pairs])


def _before_step(
    steady: tuple[Steady, ...], after_s: float, now_s: float
) -> tuple[PhaseVector, ...]:
    """Return what the meter showed steadily, now or when it moved ``after_s``."""
    now, *earlier = steady
    before_a = [now.shown_a] if now_s >= now.since_s + STEADY_S else []
    if earlier and after_s < now.since_s >= earlier[0].since_s + STEADY_S:
        before_a.append(earlier[0].shown_a)
    return tuple(before_a)


def _are_others_stepping(
    charger: ChargerInput, beside: Iterable[ChargerInput], since_s: float
) -> bool:
    """Return whether another one that is not measured may have moved the meter, too."""
    return any(
        other.draw is None
        and other is not charger
        and other.command.epochs[-1].begun_s > since_s - ANSWERED_S
        for other in beside
    )


def _judge(
    before: Direction,
    charger: ChargerInput,
    shown_a: PhaseVector,
    zero_a: PhaseVector,
    total: Mains | None,
) -> Direction:
    """Compare what the meter moved by with the step; the right direction comes first."""
    pairs = zip(before.level_a, before.former_a, strict=True)
    step_a = tuple([now_a - then_a for now_a, then_a in pairs])
    size_a = max(map(abs, step_a))
    if size_a < STEP_A:
        return before._replace(before_a=())
    wrong: frozenset[int] = frozenset()
    for before_a in before.before_a:
        pairs = zip(shown_a, before_a, strict=True)
        moved_a = tuple([now_a - then_a for now_a, then_a in pairs])
        right, other = _directions(charger, step_a, moved_a, total)
        if right and not other:
            return _went_right(before, right)
        most_a = shown_a if sum(step_a) > 0 else before_a
        wrong = wrong or frozenset(
            [phase for phase in other if most_a[phase] < zero_a[phase]]
        )
    return _went_wrong(before, wrong, size_a) if wrong else before


def _went_right(before: Direction, right: frozenset[int]) -> Direction:
    """Return what is known once the meter has shown a step the right way on phases."""
    upright = {phase: before.upright.get(phase, 0) + 1 for phase in right}
    enough = _enough(before)
    proven = [phase for phase, steps in upright.items() if steps >= enough]
    wrong = before.wrong - right
    return before._replace(
        before_a=(),
        wrong=wrong,
        votes=before.votes if wrong else 0,
        moved_a=before.moved_a if wrong else 0.0,
        upright={**before.upright, **upright},
        judged_s=before.since_s,
        reversed=before.reversed.difference(proven),
    )


def _went_wrong(before: Direction, wrong: frozenset[int], size_a: float) -> Direction:
    """Return what is known once the meter has shown a step the wrong way on phases."""
    again = before.wrong & wrong
    votes, moved_a = (before.votes, before.moved_a) if again else (0, 0.0)
    upright = before.upright.items()
    after = before._replace(
        before_a=(),
        wrong=again or wrong,
        votes=votes + 1,
        moved_a=moved_a + size_a,
        judged_s=before.since_s,
        upright={phase: steps for phase, steps in upright if phase not in wrong},
    )
    if after.votes < _enough(after) or after.moved_a < LEAST_A:
        return after
    return after._replace(reversed=before.reversed | after.wrong)


def _enough(direction: Direction) -> int:
    return MEASURED_VOTES if direction.measured else COMMANDED_VOTES


def _directions(
    charger: ChargerInput,
    step_a: PhaseVector,
    moved_a: PhaseVector,
    total: Mains | None,
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the phases that moved by a step in the right direction, and in the wrong.

    Both are empty if a phase of the charger moved by anything else. One that did not
    move may not be used.
    """
    phases = charger.settings.phases
    expected: list[tuple[tuple[int, ...], list[float]]]
    if total is not None:
        expected = [(tuple(range(len(moved_a))), _sums(charger, step_a, total))]
    elif len(step_a) < len(phases):
        expected = [(phases, list(step_a))]
    else:
        expected = [
            ((phase,), [own_a]) for phase, own_a in zip(phases, step_a, strict=True)
        ]
    right: set[int] = set()
    wrong: set[int] = set()
    for on, steps_a in expected:
        sum_a = sum([moved_a[phase] for phase in on])
        if abs(sum_a) <= STEADY_A:
            continue
        moved = [phase for phase in on if abs(moved_a[phase]) > STEADY_A]
        if any([_is_about(sum_a, own_a) for own_a in steps_a]):
            right.update(moved)
        elif any([_is_about(-sum_a, own_a) for own_a in steps_a]):
            wrong.update(moved)
        else:
            return frozenset(), frozenset()
    return frozenset(right), frozenset(wrong)


def _sums(charger: ChargerInput, step_a: PhaseVector, total: Mains) -> list[float]:
    """Return what a total of all phases may show of a step, in A."""
    drawn, phases = charger.draw, charger.settings.phases
    if len(step_a) < len(phases):
        return list(step_a)
    if drawn is not None and not drawn.alike:
        return [total.sum_of(step_a)]
    return [step_a[0] * load for load in total.loads(len(phases)).values()]


def _is_about(moved_a: float, step_a: float) -> bool:
    return abs(moved_a - step_a) <= TOLERANCE_A + TOLERANCE * abs(step_a)
