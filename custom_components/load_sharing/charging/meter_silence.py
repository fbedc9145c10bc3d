"""Learns how long each meter's sensor is usually silent, and ends the trust in it."""

from collections.abc import Iterable
from math import inf
from typing import Any

from homeassistant.core import Event, State, callback
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
)

from ..site.host import Host
from ..site.readings import has_value
from .circuit_config import CircuitConfig
from .config import SupplyConfig
from .engine.silence import Silence, interrupt, longest_usual, note_report
from .io.units import to_measured
from .store import ChargingStore

STALLED_S = 30.0
"""Home Assistant itself stood still if this long nothing was noted.

It notes something with every check-up, which is every 20 s.
"""


class MeterSilence:
    """Knows until when the reading of each sensor is to be believed."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        supply: SupplyConfig,
        circuits: Iterable[CircuitConfig],
    ) -> None:
        """Go on from what is stored."""
        self._host = host
        self._store = store
        self._exports = frozenset(supply.exports)
        self.sensors = {*supply.meters, *supply.exports}.union(
            *(circuit.meters for circuit in circuits)
        )
        """The sensors of the supply's meter and of those of the circuits."""
        stored = store.silences()
        self._silences = {
            key: stored.get(key, Silence()) for key in sorted(self.sensors)
        }
        self._usual_s = {
            key: longest_usual(silence) for key, silence in self._silences.items()
        }
        self._fed_nothing: set[str] = set()
        self._until_s: dict[str, float] = {}
        self._alive_s = host.hass.loop.time()
        # An integration may take its time to begin, so the start does not count.
        self._resumed_s = -inf if host.is_up else inf
        self.entered_s: float | None = None
        """The longest silence that the user has entered, which counts for all."""

    @callback
    def async_start(self) -> None:
        """Observe the sensors from now on."""
        hass, entry = self._host.hass, self._host.entry
        for track in (async_track_state_change_event, async_track_state_report_event):
            entry.async_on_unload(track(hass, self.sensors, self._async_note))
        for entity_id in self._exports:
            self._note_export(entity_id, hass.states.get(entity_id))

    @callback
    def _async_note(self, event: Event[Any]) -> None:
        """Note a report of a sensor, or that it has become unavailable."""
        now_s = self._host.hass.loop.time()
        self.note_alive(now_s)
        entity_id: str = event.data["entity_id"]
        state: State | None = event.data["new_state"]
        before = self._silences[entity_id]
        if state is None or not has_value(state):
            self._silences[entity_id] = interrupt(before)
            return
        after = note_report(before, now_s)
        if entity_id in self._exports:
            self._note_export(entity_id, state)
            if entity_id in self._fed_nothing:
                after = interrupt(after)
        self._silences[entity_id] = after
        if after.days_s is not before.days_s:
            self._usual_s[entity_id] = longest_usual(after)
            self.save()

    def _note_export(self, entity_id: str, state: State | None) -> None:
        """Note whether nothing is fed in, which a sensor may report once for a night.

        Believing that for too long leaves the chargers less than there is, never more.
        """
        self._fed_nothing.discard(entity_id)
        if state is not None and to_measured(state) == 0.0:
            self._fed_nothing.add(entity_id)

    def save(self) -> None:
        """Store what was learned."""
        self._store.save_silences(self._silences)

    def note_up(self, now_s: float) -> None:
        """Note that Home Assistant is up, unless it was before."""
        self._resumed_s = min(self._resumed_s, now_s)

    def note_alive(self, now_s: float) -> None:
        """Note that Home Assistant runs; what it slept through is no silence."""
        if now_s - self._alive_s > STALLED_S:
            self._resumed_s = max(self._resumed_s, now_s)
            self._silences = {
                key: interrupt(silence) for key, silence in self._silences.items()
            }
        self._alive_s = now_s

    def believed_until_s(self, entity_id: str, taken_at_s: float) -> float:
        """Return until when to believe a reading, on the monotonic clock."""
        if self.entered_s is not None:
            until_s = taken_at_s + self.entered_s
        elif entity_id in self._fed_nothing:
            until_s = inf
        else:
            usual_s = self._usual_s[entity_id]
            from_s = max(taken_at_s, self._resumed_s)
            until_s = inf if usual_s is None else from_s + usual_s
        self._until_s[entity_id] = until_s
        return until_s

    def learned_s(self, sensors: Iterable[str]) -> float | None:
        """Return the longest silence in s that was learned of any of the sensors.

        It is None until it is known of each of them.
        """
        usual_s = [self._usual_s[key] for key in sensors]
        known_s = [one_s for one_s in usual_s if one_s is not None]
        return max(known_s) if len(known_s) == len(usual_s) else None

    def report(self) -> dict[str, Any]:
        """Return for the diagnostics what was learned of each sensor."""
        return {
            key: {"usual_s": self._usual_s[key], "days_s": silence.days_s}
            for key, silence in self._silences.items()
        }

    def due_s(self, now_s: float) -> float | None:
        """Return when the next reading is no longer believed; None for never."""
        moments = [at_s for at_s in self._until_s.values() if now_s < at_s < inf]
        return min(moments, default=None)
