"""The judge: knows the truth at every reading, and holds every command against it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from simulation.meter import MeterKind

from .chargers import CALL_S, Charger
from .plan import OF_CALLS, Fault
from .site import LIMITS_A, MAX_AGE_S, MIN_A, PERIOD_S, SETTLE_S, SUPPLY

TOLERANCE_A = 0.1
ROUNDING_S = 0.01
RISE_A = 0.2
"""A load that rises by more than this within an overload is another one."""
RECOVERS_S = 45.0
"""A charger that failed is tried again after this long at most."""
STOP_WITHIN_S = 90.0
TRIGGER_DELAY_S = 2.0
LOOP_INTERVAL_S = 5.0
RUNGS = 3
SILENT_S = 15.0
PARKED_AFTER_S = 300.0
"""A car that has taken nothing for so long keeps what it may take, for free."""
ELECTRONICS_A = 0.5
LITTLE_LESS_A, LITTLE_LESS = 0.5, 0.05
"""A car that follows may take so much less than it may, or this fraction."""
LATER = 1.25
SHINES_S = 7200.0
"""The sun that was seen may still shine, behind a car or an oven, for this long."""

type Place = tuple[str, int]
"""A phase of the supply or the circuit."""


class Truth(NamedTuple):
    """What really was when a meter was read: in all, and by charger, in A."""

    at_s: float
    flow_a: float
    takes_a: dict[str, float]
    shown: bool

    @property
    def base_a(self) -> float:
        """What flows beside the chargers."""
        return self.flow_a - sum(self.takes_a.values())


@dataclass(slots=True)
class Episode:
    """A measured overload. ``since_s`` is when the time for it began to count."""

    began_s: float
    since_s: float
    base_a: float
    measured: bool
    excused: bool = False
    late: bool = False


@dataclass(slots=True)
class Sent:
    """A command that arrived."""

    charger: Charger
    current_a: float
    before_a: float


@dataclass
class Judge:
    """Keeps the truths of the readings, and judges."""

    kind: MeterKind
    chargers: list[Charger]
    truths: dict[Place, Truth] = field(default_factory=dict)
    maximum_a: dict[str, float] = field(default_factory=dict)
    margin_a: float = 0.0
    external_a: float = inf
    violations: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    longest_s: Counter[str] = field(default_factory=Counter)
    episodes: dict[Place, Episode] = field(default_factory=dict)
    resting_since_s: float = inf
    """When the site was set up last; inf while it is not."""
    troubled_s: dict[str, float] = field(default_factory=dict)
    """When a charger was in trouble last."""
    stops_s: dict[str, float] = field(default_factory=dict)
    wanted_a: dict[str, float] = field(default_factory=dict)
    idle_since_s: dict[str, float] = field(default_factory=dict)
    """Since when a charger has shown that it takes nothing of what it may."""
    raised_s: dict[str, float] = field(default_factory=dict)
    fed_in: dict[Place, list[tuple[float, float]]] = field(default_factory=dict)
    """When a meter showed lately that something was fed in, and how much in A."""
    frozen: set[Place] = field(default_factory=set)
    """Where the meter goes on showing what was."""
    _sent: list[Sent] = field(default_factory=list)

    def blame(self, now_s: float, what: str) -> None:
        """Write down what must not be."""
        day, second = divmod(now_s, 86400)
        hour, second = divmod(second, 3600)
        minute, second = divmod(second, 60)
        at = f"day {day:.0f} {hour:02.0f}:{minute:02.0f}:{second:04.1f}"
        self.violations.append(f"{at} ({now_s:.1f} s): {what}")

    def hear(self, charger: Charger, current_a: float) -> None:
        """Take note of a command."""
        self.seen["commands"] += 1
        self.seen["stops"] += current_a == 0
        self._sent.append(Sent(charger, current_a, charger.held_a))
        name = charger.wiring.charger_id
        self.wanted_a[name] = current_a
        if current_a > charger.held_a:
            self.raised_s[name] = charger.called_s

    def usable_a(self, circuit: str) -> float:
        """What may be planned with on each phase."""
        if circuit != SUPPLY:
            return LIMITS_A[circuit]
        return max(0.0, min(LIMITS_A[SUPPLY] - self.margin_a, self.external_a))

    def judge_commands(self, now_s: float) -> None:
        """Judge all commands of one moment."""
        sent, self._sent = self._sent, []
        batch = [command.charger for command in sent]
        for command in sent:
            if command.current_a > 0:
                self._within_range(command, now_s)
                if command.current_a > command.before_a + TOLERANCE_A:
                    self.seen["raises"] += 1
                    self._may_rise(command, now_s)
                else:
                    self._fits(command, batch, now_s)

    def _within_range(self, command: Sent, now_s: float) -> None:
        wiring = command.charger.wiring
        maximum_a = min(wiring.max_a, self.maximum_a.get(wiring.charger_id, inf))
        most_a = min(maximum_a, self.usable_a(SUPPLY))
        for circuit in wiring.meters:
            most_a = min(most_a, self.usable_a(circuit))
        if not MIN_A <= command.current_a <= most_a:
            what = f"is told {command.current_a} A of at most {most_a}"
            self.blame(now_s, f"{wiring.charger_id} {what}")

    def _places(self, charger: Charger) -> Iterator[Place]:
        for circuit in charger.wiring.meters:
            for phase in charger.wiring.phases:
                yield circuit, phase

    def _members(self, place: Place) -> list[Charger]:
        circuit, phase = place
        return [
            charger
            for charger in self.chargers
            if circuit in charger.wiring.meters and phase in charger.wiring.phases
        ]

    def is_good(self, place: Place, now_s: float) -> bool:
        """Whether a meter's last report can be used."""
        truth = self.truths[place]
        return truth.shown and now_s - truth.at_s < MAX_AGE_S[self.kind] + ROUNDING_S

    def _may_rise(self, command: Sent, now_s: float) -> None:
        """On good readings only, and only into what was free at the reading."""
        charger = command.charger
        name = charger.wiring.charger_id
        told = f"{name} is raised from {command.before_a} to {command.current_a} A"
        read = set(self._places(charger)) | {(SUPPLY, phase) for phase in range(3)}
        for place in sorted(read):
            if not self.is_good(place, now_s):
                self.blame(now_s, f"{told} on a bad reading of {place}")
                return
        for place in self._places(charger):
            truth = self.truths[place]
            room_a = self.usable_a(place[0]) - max(0.0, self._other_load(place, truth))
            for other in self._members(place):
                if other is not charger and not self._is_parked(other, now_s):
                    room_a -= other.held_a
            if command.current_a > room_a + TOLERANCE_A:
                free = f"{room_a:.2f} A are free on {place}, read at {truth.at_s}"
                self.blame(now_s, f"{told}, but {free}")

    def _fits(self, command: Sent, batch: list[Charger], now_s: float) -> None:
        """What is lowered or repeated leaves no more than fits, if that is to be seen.

        A charger with an earlier call on its way will be told the rest after that. One
        that was measured to disobey until a moment ago has the settle time anew: a meter
        may be that much later than the charger's own sensor, and what it shows then was
        subtracted before.
        """
        for place in self._places(command.charger):
            truth = self.truths[place]
            members = self._members(place)
            settled = all(
                len(
                    set(
                        member.held_between(
                            truth.at_s - self._followed_after_s(member), now_s
                        )
                    )
                )
                == 1
                and truth.at_s >= member.obeyed_late_s + SETTLE_S
                and self.wanted_a.get(member.wiring.charger_id) is not None
                and not member.faults
                and (not member.busy or member in batch)
                and _same(member.point.current_a, truth.takes_a, member)
                for member in members
            )
            read = {(SUPPLY, phase) for phase in range(3)} | {place}
            if not settled or not all(self.is_good(one, now_s) for one in read):
                continue
            wanted_a = sum(
                self.wanted_a[member.wiring.charger_id]
                for member in members
                if not self._is_parked(member, now_s)
            )
            room_a = self.usable_a(place[0]) - max(0.0, self._least_load(place, truth))
            if wanted_a > max(0.0, room_a) + TOLERANCE_A:
                name = command.charger.wiring.charger_id
                told = f"{name} is told {command.current_a} A, all {wanted_a} A"
                free = f"{room_a:.2f} A are free on {place}, read at {truth.at_s}"
                self.blame(now_s, f"{told}, but {free}")

    def _followed_after_s(self, charger: Charger) -> float:
        """How long after a command a reading shows it, as far as can be known.

        Without a measured draw, that is longer than the meter showed it before.
        """
        settles_s = charger.wiring.settles_s
        if charger.tells_draw:
            return settles_s
        return LATER * (settles_s + PERIOD_S[self.kind])

    def _other_load(self, place: Place, truth: Truth) -> float:
        """Load beside the chargers as far as it can be known.

        What a charger takes is known where it is measured, or where it says that it
        takes nothing; else it may pass for taking what it is set to, as long as all
        of the house takes so much, with what the sun may hide of it.
        """
        load_a = truth.flow_a
        hidden_a = max([fed_a for _, fed_a in self.fed_in.get(place, [])], default=0.0)
        for charger in self._members(place):
            took_a = truth.takes_a[charger.wiring.charger_id]
            nothing = charger.idle or self._is_parked(charger, truth.at_s)
            if not charger.measured and not (nothing and took_a == 0):
                settles_s = charger.wiring.settles_s
                held_a = charger.held_between(truth.at_s - settles_s, truth.at_s)
                told_a = min(held_a)
                most_a = truth.flow_a + hidden_a
                if most_a >= told_a - max(LITTLE_LESS_A, LITTLE_LESS * told_a):
                    took_a = max(took_a, min(told_a, most_a))
            load_a -= took_a
        return load_a

    def _least_load(self, place: Place, truth: Truth) -> float:
        """Load beside the chargers at the least: each takes all it may, if unmeasured.

        Of which only the power is measured may take it on fewer of its phases.
        """
        load_a = truth.flow_a
        for charger in self._members(place):
            took_a = truth.takes_a[charger.wiring.charger_id]
            if not charger.measured:
                took_a = charger.held_a
            elif charger.wiring.draw == "W":
                all_a = took_a * len(charger.wiring.phases)
                took_a = max(took_a, min(charger.held_a, all_a))
            load_a -= took_a
        return load_a

    def read(self, place: Place, truth: Truth) -> None:
        """Take note of a report, and follow the overload that it shows."""
        self.truths[place] = truth
        recent = [
            (at_s, fed_a)
            for at_s, fed_a in self.fed_in.get(place, [])
            if at_s > truth.at_s - SHINES_S
        ]
        if truth.shown and truth.flow_a < 0:
            recent.append((truth.at_s, -truth.flow_a))
        self.fed_in[place] = recent

    def follow(self, now_s: float, reported: list[Place]) -> None:
        """Look at the overloads that the reports of this second show, or do not."""
        for place in reported:
            truth = self.truths[place]
            over_a = truth.flow_a - LIMITS_A[place[0]]
            if not truth.shown or over_a <= TOLERANCE_A or not self._curable(place):
                self._close(place, now_s)
            elif place not in self.episodes:
                self._open(place, truth)
        for place, episode in self.episodes.items():
            self._watch(place, episode, now_s)

    def _curable(self, place: Place) -> bool:
        """Whether the chargers have a part in it."""
        truth = self.truths[place]
        return truth.base_a <= LIMITS_A[place[0]]

    def _open(self, place: Place, truth: Truth) -> None:
        self.seen["overloads"] += 1
        measured = self._is_measured(place)
        episode = Episode(truth.at_s, truth.at_s, truth.base_a, measured)
        self.episodes[place] = episode

    def _is_measured(self, place: Place) -> bool:
        """Whether all that the chargers take is measured, or is said to be nothing."""
        takes_a = self.truths[place].takes_a
        return all(
            charger.tells_draw
            or (charger.idle and takes_a[charger.wiring.charger_id] == 0)
            for charger in self._members(place)
        )

    def _close(self, place: Place, now_s: float) -> None:
        if (episode := self.episodes.pop(place, None)) is None:
            return
        truth = self.truths[place]
        if truth.shown and truth.flow_a <= LIMITS_A[place[0]] + TOLERANCE_A:
            kind = "measured" if episode.measured else "guessed"
            if episode.excused:
                kind = "in trouble"
            self.seen[f"corrected, {kind}"] += 1
            passed_s = now_s - episode.since_s
            self.longest_s[kind] = max(self.longest_s[kind], round(passed_s))

    def _watch(self, place: Place, episode: Episode, now_s: float) -> None:
        truth = self.truths[place]
        if truth.base_a > episode.base_a + RISE_A:
            episode.since_s = truth.at_s
        episode.base_a = truth.base_a
        members = self._members(place)
        episode.measured &= self._is_measured(place)
        if self._is_troubled(place, members, now_s):
            episode.since_s, episode.excused = now_s, True
        lag_s = max(charger.wiring.lag_s for charger in members) + 2.0
        bound_s = TRIGGER_DELAY_S + LOOP_INTERVAL_S + CALL_S + lag_s + self._period_s
        if self.kind is MeterKind.ON_CHANGE:
            # Its last word may have come while a command settled.
            bound_s += SILENT_S
        if not episode.measured:
            settles_s = max(charger.wiring.settles_s for charger in members)
            bound_s += RUNGS * (settles_s + LOOP_INTERVAL_S + self._period_s)
        if now_s > episode.since_s + bound_s and not episode.late:
            episode.late = True
            what = f"{truth.flow_a:.2f} A on {place} since {episode.since_s:.1f} s"
            takes = {k: round(a, 2) for k, a in truth.takes_a.items()}
            how = "measured" if episode.measured else "guessed"
            self.blame(now_s, f"overload not corrected: {what}, {how}, {takes}")

    @property
    def _period_s(self) -> float:
        return PERIOD_S[self.kind] + 1.0

    def _is_troubled(self, place: Place, members: list[Charger], now_s: float) -> bool:
        """Whether something keeps it from being corrected that is no fault of ours."""
        if self.resting_since_s > now_s:
            return True
        places = {(SUPPLY, phase) for phase in range(3)} | {place}
        if not all(self.is_good(read, now_s) for read in places):
            return True
        if self.kind is MeterKind.ON_CHANGE and place in self.frozen:
            # It has no maximum age, and what was corrected is not to be seen.
            return True
        return any(
            now_s < self.troubled_s.get(charger.wiring.charger_id, -inf) + RECOVERS_S
            for charger in members
        )

    def _is_parked(self, charger: Charger, now_s: float) -> bool:
        since_s = self.idle_since_s.get(charger.wiring.charger_id, inf)
        raised_s = self.raised_s.get(charger.wiring.charger_id, -inf)
        return now_s >= max(since_s, raised_s) + PARKED_AFTER_S

    def note_idle(self, now_s: float) -> None:
        """Remember which chargers show that they take nothing."""
        for charger in self.chargers:
            name = charger.wiring.charger_id
            shows = charger.tells_draw or charger.idle
            if shows and charger.held_a > 0 and charger.point.current_a < ELECTRONICS_A:
                self.idle_since_s.setdefault(name, now_s)
            else:
                self.idle_since_s.pop(name, None)

    def note_troubles(self, now_s: float) -> None:
        """Remember which chargers cannot be told anything."""
        for charger in self.chargers:
            deaf = charger.faults & {*OF_CALLS, Fault.CHARGER_UNAVAILABLE}
            if deaf or self.resting_since_s > now_s:
                self.troubled_s[charger.wiring.charger_id] = now_s

    def follow_stop(
        self, charger: Charger, pending: bool, wanted_a: float | None, now_s: float
    ) -> None:
        """Look whether a stop that was wanted came about."""
        name = charger.wiring.charger_id
        if pending:
            since_s = self.stops_s.setdefault(name, now_s)
            since_s = max(since_s, self.troubled_s.get(name, -inf))
            if now_s > since_s + STOP_WITHIN_S:
                self.blame(now_s, f"{name} was to be stopped since {since_s:.0f} s")
                self.stops_s[name] = inf
            return
        if (since_s := self.stops_s.pop(name, inf)) == inf:
            return
        self.seen["stops confirmed"] += 1
        since_s = max(since_s, self.troubled_s.get(name, -inf))
        passed_s = max(0.0, now_s - since_s)
        self.longest_s["stop"] = max(self.longest_s["stop"], round(passed_s))
        if wanted_a == 0 and charger.held_a > 0:
            self.blame(now_s, f"{name} passes for stopped, but has {charger.held_a} A")


def _same(takes_a: float, took_a: dict[str, float], charger: Charger) -> bool:
    """Whether a car still takes what it took at the reading."""
    return abs(takes_a - took_a[charger.wiring.charger_id]) <= TOLERANCE_A
