"""Reports a week of heating, once it is over, as an event on the bus."""

from ..const import EVENT_HEATING_WEEK
from ..site.audience import Audience
from ..site.host import Host
from .engine.days import Days
from .engine.evaluate import HeatingState
from .engine.week import Week, has_ended
from .record import read_week, write_week
from .store import HeatingStore


def _hours(seconds: float) -> float:
    return round(seconds / 3600, 1)


def _percent(part: float | None) -> int | None:
    return None if part is None else round(100 * part)


class WeeklyReport:
    """Reports each week that has ended, as soon as automations can hear it."""

    def __init__(self, host: Host, store: HeatingStore) -> None:
        """Go on with a week that an earlier run has not reported."""
        self._host = host
        self._store = store
        self._audience = Audience(host)

    def follow(self, before: HeatingState, after: HeatingState) -> None:
        """Follow one evaluation."""
        record, listens = self._store.record, self._audience.listens
        if has_ended(before.week, after.week) and (ended := write_week(before.week)):
            record["ended_week"] = ended
            self._store.save()
        if listens and "ended_week" in record:
            self._fire(read_week(record.pop("ended_week")), after.days)
            self._store.save()

    def _fire(self, week: Week, days: Days) -> None:
        """Fire the event. What was never known, or cannot be compared, is None.

        The changes are of all ``days`` that are kept, not of this week alone.
        """
        knows_burner = week.known_s > 0
        self._host.hass.bus.async_fire(
            EVENT_HEATING_WEEK,
            {
                "site": self._host.entry.title,
                "since": week.since.isoformat() if week.since else None,
                "cooldowns": week.cooldowns,
                "burner_starts": week.starts if knows_burner else None,
                "burner_h": _hours(week.burner_s) if knows_burner else None,
                "held_h": _hours(week.held_s),
                "sharing_h": _hours(week.sharing_s),
                "cooldowns_change_pct": _percent(days.change),
                "burner_time_change_pct": _percent(days.burner_time_change),
            },
        )
