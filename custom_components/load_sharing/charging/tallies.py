"""Keeps the counts of charging: from every evaluation, and across restarts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from homeassistant.util import dt as dt_util

from ..site.audience import Audience
from ..site.host import Host
from .charger import ManagedCharger
from .engine.model import PhaseVector
from .engine.tally import (
    ChargerTally,
    Tally,
    begin_day,
    count_energy,
    count_overloads,
    count_peak,
    power_w,
)
from .engine.week import begin_week, sum_up
from .evaluation import Evaluation
from .notices import ChargingNotices
from .store import ChargingStore

SAVE_EVERY_S = 300.0
"""So much may be lost in a crash; a stop and a reload lose nothing."""


class Tallies:
    """The counts of a site, restored when it starts."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        notices: ChargingNotices,
        chargers: Mapping[str, ManagedCharger],
    ) -> None:
        """Go on from what is stored."""
        self._host = host
        self._store = store
        self._notices = notices
        self._chargers = chargers
        self._saved_s = host.hass.loop.time()
        self.tally = store.tally(chargers, self._wall_offset_s)
        self._week = store.week(chargers)
        self._audience = Audience(host)

    @property
    def _wall_offset_s(self) -> float:
        """What the wall clock is ahead of the loop's clock."""
        return dt_util.utcnow().timestamp() - self._host.hass.loop.time()

    def note(self, evaluation: Evaluation, now_s: float) -> None:
        """Count what an evaluation measured and decided."""
        counted = count_overloads(self._today(), evaluation.decision.events)
        before = self.tally
        self.tally = replace(
            counted,
            chargers={
                charger_input.settings.charger_id: count_energy(
                    before.chargers.get(
                        charger_input.settings.charger_id, ChargerTally()
                    ),
                    None
                    if charger_input.away
                    else power_w(
                        charger_input.draw,
                        evaluation.mains,
                        charger.known.in_use if charger.known else None,
                    ),
                    now_s,
                    paused=not charger_input.command.in_force_a,
                )
                for charger, charger_input in zip(
                    self._chargers.values(), evaluation.chargers, strict=True
                )
            },
        )
        if evaluation.service_a:
            self.note_current(evaluation.service_a)
        self._follow_week()
        if now_s >= self._saved_s + SAVE_EVERY_S:
            self._saved_s = now_s
            self.save()

    def note_current(self, service_a: PhaseVector) -> None:
        """Count a reading that changes no decision."""
        highest_a = max(service_a)
        self.tally = count_peak(self._today(), highest_a)
        if self._week.peak_a is None or highest_a > self._week.peak_a:
            self._week = replace(self._week, peak_a=highest_a)

    def _follow_week(self) -> None:
        """Report the week when another one has begun, in local time.

        It waits until automations can hear it. A clock that is set back ends none.
        """
        listens = self._audience.listens
        today = dt_util.now().date()
        monday = (today - timedelta(days=today.weekday())).isoformat()
        if self._week.monday == monday or (self._week.monday and not listens):
            return
        if "" < self._week.monday < monday:
            self._notices.report_week(sum_up(self._week, self.tally))
        self._week = begin_week(self.tally, monday, today.isoformat())
        self.save()

    def save(self) -> None:
        """Write the counts."""
        self._store.save_tally(self._today(), self._wall_offset_s)
        self._store.save_week(self._week)

    def _today(self) -> Tally:
        """Return the counts, begun anew at midnight in local time."""
        return begin_day(self.tally, dt_util.now().date().isoformat())
