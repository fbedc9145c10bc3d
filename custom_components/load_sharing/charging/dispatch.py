"""Carries out decisions: commands the chargers, and asks the meter in an overload."""

from collections.abc import Iterator, Mapping

from ..site.host import Host
from ..site.isolation import Isolation
from .charger import ManagedCharger
from .engine.decision import Decision
from .engine.latency import Response
from .io.clock import Clock
from .io.meter import Meter


class Dispatch:
    """Passes each charger its current, and knows when to send something again."""

    def __init__(
        self, host: Host, chargers: Mapping[str, ManagedCharger], meter: Meter
    ) -> None:
        """Name what is commanded, and the meter to ask while a correction is due."""
        self._host = host
        self._chargers = chargers
        self._meter = meter
        self._sending = Isolation("commanding the charger")

    def carry_out(
        self, decision: Decision, responses: Mapping[str, Response], now_s: float
    ) -> None:
        """Command the chargers. While a correction is due, also retry and poll."""
        for charger_id, charger in self._chargers.items():
            charger.use_phases(decision.known.get(charger_id), now_s)
            charger.response = responses.get(charger_id)
            if self._can_be_sent(charger):
                with self._sending.of(charger.config.name):
                    if (kept_s := decision.kept_s.get(charger_id)) is not None:
                        charger.runner.note_lapse(kept_s)
                    if charger_id in decision.never_pause:
                        charger.note_refuted_pause()
                    charger.carry_out(decision.chargers[charger_id], now_s)
        if not decision.correction_due:
            return
        for charger_id, charger in self._chargers.items():
            withheld = decision.chargers[charger_id].withheld
            if charger.is_ours and self._can_be_sent(charger) and not withheld:
                if charger_id in decision.unproven:
                    charger.runner.resend(now_s)
                charger.runner.retry_now(now_s)
        self._meter.poll(self._host.start_background_task)

    def due_s(self, decision: Decision, clock: Clock) -> Iterator[float | None]:
        """Yield when a charger is to be sent something, or may have followed."""
        for charger_id, charger in self._chargers.items():
            runner = charger.runner
            if charger.is_ours and self._can_be_sent(charger):
                if not decision.chargers[charger_id].withheld:
                    yield runner.due_s
                yield runner.settles_at(charger.settings.settle_s, clock.monotonic_s)
            yield charger.by_hand.ends_s(clock)

    def _can_be_sent(self, charger: ManagedCharger) -> bool:
        """Return whether to send; during start-up, not to an unreachable charger."""
        return self._host.is_up or charger.probe.reachable
