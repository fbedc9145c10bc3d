"""The temporary limits that users and automations set on the supply or a charger."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from homeassistant.util import dt as dt_util

from .io.clock import Clock
from .store import ChargingStore, TemporaryLimit

CLOCK_WITHIN_S = 5.0
"""A wall clock that is adjusted by no more than this has not been set."""


class Expiry:
    """When a limit ends, which a wall clock that is set does not change.

    A limit is stored with its end on the wall clock, as only that outlasts a restart.
    While this runs, it ends on the monotonic clock.
    """

    def __init__(self) -> None:
        """Start without an end."""
        self._until: datetime | None = None
        self._ends_s = 0.0

    def ends_s(self, until: datetime | None, clock: Clock) -> float | None:
        """Return when a limit ends, on the monotonic clock; None if it does not."""
        if until is not None and until != self._until:
            self._ends_s = clock.monotonic_s + until.timestamp() - clock.wall_s
        self._until = until
        return self._ends_s if until is not None else None

    def redated(self, until: datetime, clock: Clock) -> datetime | None:
        """Return the end by a wall clock that was set; None if it was not."""
        wall_s = clock.wall_s + self._ends_s - clock.monotonic_s
        if abs(wall_s - until.timestamp()) <= CLOCK_WITHIN_S:
            return None
        self._until = dt_util.utc_from_timestamp(wall_s)
        return self._until


class TemporaryLimits:
    """The temporary limits of a site, by their owner: the supply or a charger."""

    def __init__(self, store: ChargingStore, owners: Iterable[str]) -> None:
        """Load the limits that were set before a restart."""
        self._store = store
        self._limits = {
            owner: limit for owner in owners if (limit := store.limit(owner))
        }
        self._expiries: dict[str, Expiry] = {}

    def set(
        self, owner: str, current_a: float | None, duration: timedelta | None
    ) -> None:
        """Set a limit in A, or remove it; without a duration it stays until removed."""
        limit = None
        if current_a is not None:
            until = None if duration is None else dt_util.utcnow() + duration
            limit = TemporaryLimit(current_a, until)
        self._keep(owner, limit)

    def _keep(self, owner: str, limit: TemporaryLimit | None) -> None:
        """Keep and store a limit, or remove it."""
        self._limits.pop(owner, None)
        if limit is not None:
            self._limits[owner] = limit
        self._store.set_limit(owner, limit)

    def follow(self, clock: Clock) -> list[str]:
        """Remove what has expired, and return the owners whose limits changed.

        The end of a limit is dated anew when the wall clock was set.
        """
        changed = []
        for owner, limit in list(self._limits.items()):
            expiry = self._expiries.setdefault(owner, Expiry())
            ends_s = expiry.ends_s(limit.until, clock)
            if limit.until is None or ends_s is None:
                continue
            if ends_s <= clock.monotonic_s:
                self._keep(owner, None)
            elif (until := expiry.redated(limit.until, clock)) is not None:
                self._keep(owner, TemporaryLimit(limit.current_a, until))
            else:
                continue
            changed.append(owner)
        return changed

    def ends_s(self, clock: Clock) -> list[float]:
        """Return when the limits end, on the monotonic clock."""
        moments = [
            self._expiries.setdefault(owner, Expiry()).ends_s(limit.until, clock)
            for owner, limit in self._limits.items()
        ]
        return [moment for moment in moments if moment is not None]
