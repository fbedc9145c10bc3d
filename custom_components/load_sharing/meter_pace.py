"""Learns how often the meters measure."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import Event, State, callback

from .charging.pace import KEPT, SWITCHED_A
from .io.readings import to_amperes, to_number


class MeterPace:
    """Notes of each meter how long it had not reported when it showed a load switch."""

    def __init__(self, volts: float) -> None:
        """``volts`` makes a current of a power."""
        self._volts = volts
        self._spacings_s: defaultdict[str, deque[float]] = defaultdict(
            lambda: deque(maxlen=KEPT)
        )

    @callback
    def hear(self, event: Event[Any]) -> None:
        """Take note of a state that changed."""
        before: State | None = event.data["old_state"]
        after: State | None = event.data["new_state"]
        if before is None or after is None:
            return
        before_a, after_a = self._current_a(before), self._current_a(after)
        if before_a is None or after_a is None:
            return
        if abs(after_a - before_a) >= SWITCHED_A:
            self._spacings_s[after.entity_id].append(
                after.last_reported_timestamp - before.last_reported_timestamp
            )

    def spacings_s(self, entity_id: str) -> Sequence[float]:
        """What was noted of a meter."""
        return self._spacings_s[entity_id]

    def _current_a(self, state: State) -> float | None:
        value = to_number(state)
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        return None if value is None else to_amperes(value, unit, self._volts)
