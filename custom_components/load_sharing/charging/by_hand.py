"""The limit that a current set by hand puts on a charger for a while."""

from datetime import timedelta
import logging

from homeassistant.util import dt as dt_util

from .config import ChargerConfig
from .engine import hand
from .engine.command import CommandState
from .engine.model import ChargerStatus
from .io.clock import Clock
from .store import ChargingStore, TemporaryLimit
from .temporary_limits import Expiry
from .tuning import hand_limit_duration

_LOGGER = logging.getLogger(__name__)


class HandLimit:
    """One charger's limit by hand, which outlasts a restart."""

    def __init__(
        self, config: ChargerConfig, store: ChargingStore, now_s: float
    ) -> None:
        """Start without a limit; ``load`` finds the one that is stored."""
        self._config = config
        self._store = store
        self._expiry = Expiry()
        self.limit: TemporaryLimit | None = None
        self.set_s = now_s
        """When the current was last set by hand; before that, when this run began."""

    def load(self) -> None:
        """Read the stored limit; none while changes by hand are not respected."""
        respected = self.duration > timedelta(0)
        stored = self._store.hand_limit(self._config.charger_id)
        self.limit = stored if respected else None

    @property
    def duration(self) -> timedelta:
        """How long a current that was set by hand limits the charger."""
        tuned = self._store.tuning(self._config.charger_id)
        return hand_limit_duration(self._config, tuned)

    def ends_s(self, clock: Clock) -> float | None:
        """Return when the limit ends, on the monotonic clock; None without one."""
        return self._expiry.ends_s(self.limit.until if self.limit else None, clock)

    def set(self, current_a: float | None) -> None:
        """Set the limit in A; None removes it."""
        if current_a is None and self.limit is None:
            return
        until = dt_util.utcnow() + self.duration
        self._store.set_hand_limit(self._config.charger_id, current_a, until)
        self.load()
        if current_a is not None:
            _LOGGER.info(
                "%s was set to %g A by hand: no more until %s",
                self._config.name,
                current_a,
                dt_util.as_local(until).strftime("%H:%M"),
            )

    def follow(
        self,
        command: CommandState,
        status: ChargerStatus,
        since_s: float,
        clock: Clock,
    ) -> bool:
        """Remove the limit once its time is up or its session is over.

        Its end is dated anew when the wall clock was set. Returns whether it changed.
        """
        if self.limit is None:
            return False
        ends_s, now_s = self.ends_s(clock), clock.monotonic_s
        expired = ends_s is not None and ends_s <= now_s
        if expired or hand.is_session_over(command, status, since_s, self.set_s, now_s):
            self.set(None)
            return True
        until = None
        if self.limit.until is not None:
            until = self._expiry.redated(self.limit.until, clock)
        if until is None:
            return False
        charger_id = self._config.charger_id
        self._store.set_hand_limit(charger_id, self.limit.current_a, until)
        self.load()
        return True
