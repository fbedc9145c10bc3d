"""What one charger was seen to make of the currents that it was sent."""

from homeassistant.core import HomeAssistant

from .config import ChargerConfig
from .controls import NumberControl
from .engine.command import CommandState
from .engine.hand import Shown
from .engine.model import ControlRange
from .engine.rounding import Rounding, rounding_shown, still_trusted, without_skipped
from .io.chargers import ChargerProbe


class Roundings:
    """Narrows the range of a charger's number to the currents that it really takes."""

    def __init__(
        self, hass: HomeAssistant, config: ChargerConfig, probe: ChargerProbe
    ) -> None:
        """Start without any. Only a number in A is watched."""
        self._monotonic = hass.loop.time
        self._config = config
        self._probe = probe
        self._seen: tuple[Rounding, ...] = ()

    def notice(self, command: CommandState, shown: Shown) -> bool:
        """Notice that a charger made another current of the one it was sent.

        ``shown`` is what its controls show. Returns whether it is a rounding.
        """
        is_number = isinstance(self._config.control, NumberControl)
        if not is_number or self._probe.watts_per_a:
            return False
        found = rounding_shown(command, shown, self._monotonic())
        if found is None:
            return False
        self._seen = (*self._seen, found)
        return True

    @property
    def range_a(self) -> ControlRange:
        """The currents in A that the charger can be set to at present, as far as known."""
        control = self._probe.control_range
        if not self._seen:
            return control
        shown_a = self._probe.current_in_force()
        self._seen = still_trusted(self._seen, shown_a, self._monotonic())
        return without_skipped(control, self._seen, self._config.rating_a)
