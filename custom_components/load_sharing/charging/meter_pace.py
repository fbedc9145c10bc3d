"""Learns how often the meters measure, from the reports that show a load switching."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from homeassistant.core import Event, HomeAssistant, State, callback

from .charger import ManagedCharger
from .engine.pace import NOTE_EVERY_S, SPACINGS_KEPT, SWITCHED_A
from .io.currents import read_current


class MeterPace:
    """Records how long each meter was silent before it showed a switched load."""

    def __init__(
        self,
        hass: HomeAssistant,
        phase_v: float,
        chargers: Mapping[str, ManagedCharger],
    ) -> None:
        """Start without any spacings."""
        self._hass = hass
        self._phase_v = phase_v
        self._chargers = chargers
        self.has_moved = False
        """Whether a meter has shown a load switching."""
        self._noted_s: dict[str, float] = {}
        self._spacings_s: defaultdict[str, deque[float]] = defaultdict(
            lambda: deque(maxlen=SPACINGS_KEPT)
        )

    @callback
    def async_note_change(self, event: Event[Any]) -> None:
        """Record the spacing of a meter's reports if a load was switched."""
        before: State | None = event.data["old_state"]
        after: State | None = event.data["new_state"]
        if before is None or after is None:
            return
        reported_s = after.last_reported_timestamp
        noted_s = self._noted_s.get(after.entity_id, 0.0)
        if reported_s - noted_s < NOTE_EVERY_S:
            return
        before_a = read_current(before, self._phase_v)
        after_a = read_current(after, self._phase_v)
        if before_a is None or after_a is None or abs(after_a - before_a) < SWITCHED_A:
            return
        self.has_moved = True
        self._noted_s[after.entity_id] = reported_s
        # A car that follows a command of ours shows our own rhythm.
        if not self._is_settling:
            spacing_s = reported_s - before.last_reported_timestamp
            self._spacings_s[after.entity_id].append(spacing_s)

    @property
    def _is_settling(self) -> bool:
        """Whether a car may still be following the last command."""
        now_s = self._hass.loop.time()
        return any(
            now_s - charger.runner.state.begun_s < 2 * charger.settings.settle_s
            for charger in self._chargers.values()
        )

    def spacings_s(self, entity_id: str) -> Sequence[float]:
        """Return the recorded spacings of a meter in s, oldest first."""
        return self._spacings_s[entity_id]
