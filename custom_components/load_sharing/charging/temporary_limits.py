"""The temporary limits that users and automations set on the supply or a charger."""

from collections.abc import Iterable
from datetime import timedelta

from homeassistant.util import dt as dt_util

from .io.currents import Clock
from .store import ChargingStore, TemporaryLimit


class TemporaryLimits:
    """The temporary limits of a site, by their owner: the supply or a charger."""

    def __init__(self, store: ChargingStore, owners: Iterable[str]) -> None:
        """Load the limits that were set before a restart."""
        self._store = store
        self._limits = {
            owner: limit for owner in owners if (limit := store.limit(owner))
        }

    def set(
        self, owner: str, current_a: float | None, duration: timedelta | None
    ) -> None:
        """Set a limit in A, or remove it; without a duration it stays until removed."""
        self._limits.pop(owner, None)
        if current_a is not None:
            until = None if duration is None else dt_util.utcnow() + duration
            self._limits[owner] = TemporaryLimit(current_a, until)
        self._store.set_limit(owner, self._limits.get(owner))

    def remove_expired(self) -> list[str]:
        """Remove expired limits, and return their owners."""
        now = dt_util.utcnow()
        expired = [
            owner
            for owner, limit in self._limits.items()
            if limit.until and limit.until <= now
        ]
        for owner in expired:
            self.set(owner, None, None)
        return expired

    def ends_s(self, clock: Clock) -> list[float]:
        """Return when the limits end, on the monotonic clock."""
        return [
            clock.monotonic_s + limit.until.timestamp() - clock.wall_s
            for limit in self._limits.values()
            if limit.until is not None
        ]
