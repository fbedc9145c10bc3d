"""One moment on two clocks, and when states were reported by the steady one of them."""

from dataclasses import dataclass, field
from math import inf, nextafter
import time

from homeassistant.core import HomeAssistant, State


@dataclass(slots=True)
class _Seen:
    """A time by the wall clock, and the moment that it stands for.

    ``read_s`` is when it was last read.
    """

    wall_s: float
    at_s: float
    read_s: float


class _Moments:
    """The monotonic time of what entities note by the wall clock.

    It is worked out once, when a time is first seen. So a wall clock that is set later
    makes no state older or newer than it is.
    """

    def __init__(self) -> None:
        """Start without having seen anything."""
        self._seen: dict[str, _Seen] = {}

    def at(self, entity_id: str, noted_s: float, clock: Clock) -> float:
        """Return the monotonic time of what an entity noted by the wall clock."""
        now_s, seen = clock.monotonic_s, self._seen.get(entity_id)
        if seen is not None and seen.wall_s == noted_s:
            seen.read_s = now_s
            return seen.at_s
        at_s = now_s - max(0.0, clock.wall_s - noted_s)
        if seen is not None:
            # It was noted after the one before it was last read, if only just: a command
            # may be from that very moment, and only what comes after it can show it.
            at_s = max(at_s, nextafter(seen.read_s, inf))
        self._seen[entity_id] = _Seen(noted_s, at_s, now_s)
        return at_s


@dataclass(frozen=True, slots=True)
class Clock:
    """One moment on two clocks: the monotonic one, and the wall clock of states."""

    monotonic_s: float
    wall_s: float
    _reported: _Moments = field(default_factory=_Moments, compare=False, repr=False)
    _changed: _Moments = field(default_factory=_Moments, compare=False, repr=False)

    def taken_at(self, state: State) -> float:
        """Return when a state was last reported, on the monotonic clock."""
        return self._reported.at(state.entity_id, state.last_reported_timestamp, self)

    def changed_at(self, state: State) -> float:
        """Return when a state last changed its value, on the monotonic clock."""
        return self._changed.at(state.entity_id, state.last_changed_timestamp, self)


class Clocks:
    """The clocks of a site, which remember when each state was reported."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start to remember."""
        self._hass = hass
        self._reported = _Moments()
        self._changed = _Moments()

    def now(self) -> Clock:
        """Return this moment."""
        return Clock(self._hass.loop.time(), time.time(), self._reported, self._changed)
