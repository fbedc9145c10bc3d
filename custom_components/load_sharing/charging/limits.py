"""Limits that somebody set for a time, on the supply or on a charger."""

from collections.abc import Iterable
from datetime import timedelta

from homeassistant.util import dt as dt_util

from .io.currents import Clock
from .store import ChargingStore, TemporaryLimit


class TemporaryLimits:
    """Keeps those of a site, by the supply or the charger they are of."""

    def __init__(self, store: ChargingStore, owners: Iterable[str]) -> None:
        """Take up what was set before a restart."""
        self._store = store
        self._limits = {
            owner: limit for owner in owners if (limit := store.limit(owner))
        }

    def set(
        self, owner: str, current_a: float | None, duration: timedelta | None
    ) -> None:
        """Set a limit, or remove it; without a duration until further notice."""
        self._limits.pop(owner, None)
        if current_a is not None:
            until = None if duration is None else dt_util.utcnow() + duration
            self._limits[owner] = TemporaryLimit(current_a, until)
        self._store.set_limit(owner, self._limits.get(owner))

    def drop_expired(self) -> list[str]:
        """Remove those whose time is over, and tell whose they were."""
        now = dt_util.utcnow()
        expired = [
            owner
            for owner, limit in self._limits.items()
            if limit.until and limit.until <= now
        ]
        for owner in expired:
            self.set(owner, None, None)
        return expired

    def end_s(self, clock: Clock) -> list[float]:
        """When they end, on the monotonic clock."""
        return [
            clock.monotonic_s + limit.until.timestamp() - clock.wall_s
            for limit in self._limits.values()
            if limit.until is not None
        ]
