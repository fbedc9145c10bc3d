"""Energy for the cars, and current over the limit: seven evenings, replayed.

Every way of balancing lives through the same evenings: cars come home with a need
while people cook, wash and shower. Each evening ends when a clairvoyant would have
filled the cars (from then on the laggards only catch up) or the cars leave.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from custom_components.load_sharing.charging.engine import command as commands, model
from custom_components.load_sharing.charging.engine.allocation import Claim, allocate
from custom_components.load_sharing.charging.engine.decision import Decision
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.measurement import with_earlier
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import PhaseVector
from simulation.house import DAY_S
from simulation.meter import Meter, MeterKind
from tests.charging.engine.settings import site_settings

from .evenings import (
    CALL_S,
    FAMILY,
    LAGS_S,
    PAIR,
    VOLTAGE_V,
    Evening,
    Plug,
    Score,
    Site,
    record,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the meter reports, if it does, and what each car takes, in A."""

    service_a: PhaseVector | None
    taken_a: list[float]


class Balancing:
    """A way of balancing: sees reports, sends currents.

    ``shares`` is what each charger could have beside a base load.
    """

    def __init__(self, site: Site, plugs: list[Plug], lag_s: float) -> None:
        """Begin an evening."""
        self.site, self.plugs, self.lag_s = site, plugs, lag_s
        self.sent = 0
        self.told = {plug.settings.charger_id: 6.0 for plug in plugs}

    def due_s(self) -> float:
        """When time alone makes it act."""
        return inf

    def wake(self, now_s: float) -> None:
        """Act by time alone."""

    def report(self, seen: Seen, now_s: float) -> None:
        """Look at a report of the meter, if there is one, and at the cars' own."""

    def carry_on(self, before: Balancing) -> None:
        """Keep what was learnt on the evening before."""

    def shares(self, base_a: Sequence[float]) -> dict[str, float]:
        """Share out all that a base load leaves."""
        claims = [Claim(c.charger_id, c.min_a, c.max_a) for c in self.site.chargers]
        shared = allocate(claims, self.site.constraints(base_a))
        return {key: share.current_a for key, share in shared.items()}

    def send(self, plug: Plug, current_a: float, now_s: float) -> None:
        """Tell a charger its current, unless it has it."""
        if self.told[plug.settings.charger_id] != current_a:
            self.told[plug.settings.charger_id] = current_a
            plug.offers.append((now_s + CALL_S + self.lag_s, current_a))
            self.sent += 1


class Maximum(Balancing):
    """No balancing."""

    def report(self, seen: Seen, now_s: float) -> None:
        """Every car at its maximum."""
        for plug in self.plugs:
            self.send(plug, plug.settings.max_a, now_s)


class Follower(Balancing):
    """All that is left beside the base load of this reading: nobody reacts better."""

    def report(self, seen: Seen, now_s: float) -> None:
        """Follow up and down."""
        if seen.service_a is None:
            return
        shares = self.shares(_without(seen.service_a, self.plugs, seen.taken_a))
        for plug in self.plugs:
            self.send(plug, shares[plug.settings.charger_id], now_s)


class Plain(Balancing):
    """The spec's: what is told counts as taken. Down at once, up 4 A 15 s later."""

    STEP_A = 4.0
    WAIT_S = 15.0

    def __init__(self, site: Site, plugs: list[Plug], lag_s: float) -> None:
        """Begin as if the current had just been set."""
        super().__init__(site, plugs, lag_s)
        self.changed_s = dict.fromkeys(self.told, -inf)

    def report(self, seen: Seen, now_s: float) -> None:
        """Compute the target and ramp towards it."""
        if seen.service_a is None:
            return
        told_a = list(self.told.values())
        shares = self.shares(_without(seen.service_a, self.plugs, told_a))
        for plug in self.plugs:
            charger_id = plug.settings.charger_id
            present_a, target_a = self.told[charger_id], shares[charger_id]
            if target_a > present_a:
                if now_s < self.changed_s[charger_id] + self.WAIT_S:
                    continue
                step_a = max(present_a + self.STEP_A, plug.settings.min_a)
                target_a = min(target_a, step_a)
            if target_a != present_a:
                self.changed_s[charger_id] = now_s
            self.send(plug, target_a, now_s)


def _without(
    service_a: PhaseVector, plugs: list[Plug], drawn_a: list[float]
) -> list[float]:
    base_a = list(service_a)
    for plug, current_a in zip(plugs, drawn_a, strict=True):
        for phase in plug.settings.phases:
            base_a[phase] -= current_a
    return [max(0.0, load_a) for load_a in base_a]


class Ours(Balancing):
    """The engine, run as Home Assistant runs it."""

    MEASURED = False

    def __init__(self, site: Site, plugs: list[Plug], lag_s: float) -> None:
        """Begin with chargers known to hold their minimum."""
        super().__init__(site, plugs, lag_s)
        self.settings = site_settings(limit_a=site.limit_a)
        self.engine = EngineState()
        self.decision: Decision | None = None
        self.reading: model.ServiceReading | None = None
        self.draws: list[model.DrawReading] = []
        self.commands = [commands.holding(6.0) for _ in plugs]
        self.returns_s = [inf] * len(plugs)
        self.now_s = -inf

    def carry_on(self, before: Balancing) -> None:
        """Home Assistant runs on overnight; the charger's commands do not matter."""
        if isinstance(before, Ours):
            regains, overload_s = before.engine.regains, before.engine.overload_s
            budgets = before.engine.budgets
            self.engine = EngineState(
                regains=regains, overload_s=overload_s, budgets=budgets
            )

    def due_s(self) -> float:
        """When a call returns, a command is due or settles, or the engine wakes."""
        moments = [*self.returns_s]
        if self.decision is not None and self.decision.wake_at_s is not None:
            moments.append(self.decision.wake_at_s)
        for plug, state, at_s in zip(
            self.plugs, self.commands, self.returns_s, strict=True
        ):
            if at_s == inf and state.due_s is not None:
                moments.append(state.due_s)
            if at_s == inf and state.accepted and not state.confirmed:
                moments.append(state.settled_at(plug.settings.settle_s))
        return min([at_s for at_s in moments if at_s > self.now_s], default=inf)

    def report(self, seen: Seen, now_s: float) -> None:
        """Keep what was reported; a change of a car's draw is looked at, too."""
        draws, plugs = self.draws, self.plugs
        if self.MEASURED:
            known: Sequence[model.DrawReading | None] = draws or [None] * len(plugs)
            self.draws = [
                self._drawn(plug, current_a, now_s, before)
                for plug, current_a, before in zip(
                    plugs, seen.taken_a, known, strict=True
                )
            ]
        if seen.service_a is not None:
            times_s = (now_s,) * self.site.phases
            self.reading = model.ServiceReading(seen.service_a, times_s)
        elif [d.low_a for d in draws] == [d.low_a for d in self.draws]:
            return
        self.wake(now_s)

    @staticmethod
    def _drawn(
        plug: Plug, current_a: float, now_s: float, before: model.DrawReading | None
    ) -> model.DrawReading:
        """What is measured of a car, with what was measured before, as by its sensors."""
        drawn_a = (current_a,) * len(plug.settings.phases)
        return with_earlier(model.DrawReading(drawn_a, drawn_a, now_s), before)

    def wake(self, now_s: float) -> None:
        """Let calls return, evaluate, and send what is due."""
        self.now_s = now_s
        for index, at_s in enumerate(self.returns_s):
            if at_s <= now_s:
                state = self.commands[index]
                offer = (now_s + self.lag_s, state.in_flight_a or 0.0)
                self.plugs[index].offers.append(offer)
                self.commands[index] = commands.call_succeeded(state, now_s)
                self.returns_s[index] = inf
        seen = []
        for index, plug in enumerate(self.plugs):
            state = commands.read_back(
                self.commands[index], self._seen(index, now_s), now_s
            )
            self.commands[index] = state
            draw = self.draws[index] if self.draws else None
            seen.append(model.ChargerInput(plug.settings, state, draw=draw))
        site = model.SiteInput(self.settings, self.reading, tuple(seen))
        self.engine, self.decision = evaluate(self.engine, site, now_s)
        for index in range(len(self.plugs)):
            self._order(index, self.decision, now_s)

    def _seen(self, index: int, now_s: float) -> commands.ReadBack:
        """What read-back there is: only a stop can be seen, where the draw is."""
        state = self.commands[index]
        if not self.draws or state.desired_a != 0:
            return commands.ReadBack.NONE
        settled_s = state.settled_at(self.plugs[index].settings.settle_s)
        if not state.accepted or now_s < settled_s:
            return commands.ReadBack.UNKNOWN
        stopped = max(self.draws[index].high_a) < 1
        return commands.ReadBack.OBEYS if stopped else commands.ReadBack.DIFFERS

    def _order(self, index: int, decision: Decision, now_s: float) -> None:
        state = self.commands[index]
        chosen = decision.chargers[self.plugs[index].settings.charger_id]
        if chosen.desired_a is not None:
            state = commands.request(state, chosen.desired_a, now_s)
        if decision.correction_due:
            state = commands.retry_now(state, now_s)
        if commands.is_due(state, now_s):
            state = commands.begin_call(state, now_s)
            self.returns_s[index] = now_s + CALL_S
            self.sent += 1
        self.commands[index] = state


class OursMeasured(Ours):
    """The engine, with a measurement of what each car takes."""

    MEASURED = True


WAYS: dict[str, type[Balancing]] = {
    "no balancing": Maximum,
    "plain algorithm": Plain,
    "instant follower": Follower,
    "ours": Ours,
    "ours, draw measured": OursMeasured,
}


def live(
    site: Site,
    evenings: list[Evening],
    way: type[Balancing],
    kind: MeterKind,
    lag_s: float,
) -> Score:
    """Live through the evenings with a meter and a charger's lag."""
    score, before = Score(), None
    for day, evening in enumerate(evenings):
        plugs, meter = evening.plugs(site), Meter(kind)
        balancing = way(site, plugs, lag_s)
        if before is not None:
            balancing.carry_on(before)
        before = balancing
        for second, base_a in enumerate(evening.base_a):
            now_s = day * DAY_S + second
            while (due_s := balancing.due_s()) < now_s:
                balancing.wake(due_s)
            taken_a, flow_a = _flows(plugs, base_a, now_s)
            score.count(site, base_a, flow_a)
            watts = tuple([current_a * VOLTAGE_V for current_a in flow_a])
            reported = meter.observe(now_s, watts) is not None
            balancing.report(Seen(flow_a if reported else None, taken_a), now_s)
        score.sent += balancing.sent
        score.kwh += sum(plug.given_kwh for plug in plugs)
    return score


def _flows(
    plugs: list[Plug], base_a: PhaseVector, now_s: float
) -> tuple[list[float], PhaseVector]:
    """Let the cars charge for a second: what each takes, and what flows per phase."""
    taken_a, flow_a = [], list(base_a)
    for plug in plugs:
        current_a = min(plug.offered_a(now_s), plug.accepts_a())
        if current_a:
            plug.charge(current_a)
            for phase in plug.settings.phases:
                flow_a[phase] += current_a
        taken_a.append(current_a)
    return taken_a, tuple(flow_a)


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--site", choices=("family", "pair", "both"), default="both")
    chosen = parser.parse_args()
    sites = {"family": (FAMILY,), "pair": (PAIR,), "both": (FAMILY, PAIR)}
    for site in sites[chosen.site]:
        evenings, best = record(site, chosen.days, chosen.seed)
        hours = sum(len(evening.base_a) for evening in evenings) / 3600
        print(f"\n{site.name}: {chosen.days} evenings, {hours:.0f} h of charging")
        print(
            f"{'meter, lag, way':<44}{'kWh':>8}{'of best':>9}{'in limit':>9}{'over':>10}"
            f"{'commands':>10}{'longest':>9}"
        )
        _print_row("clairvoyant", best, best, chosen.days)
        for kind in MeterKind:
            for lag_s in LAGS_S:
                for name, way in WAYS.items():
                    label = f"{kind.value}, {lag_s:g} s, {name}"
                    score = live(site, evenings, way, kind, lag_s)
                    _print_row(label, score, best, chosen.days)


def _print_row(label: str, score: Score, best: Score, days: int) -> None:
    print(
        f"{label:<44}{score.kwh:>8.1f}{score.kwh / best.kwh:>9.2%}"
        f"{score.within_kwh / best.kwh:>9.2%}"
        f"{score.over_as:>7.0f} As{score.sent / days:>8.0f}/d{score.longest_s:>7d} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
