"""Reads the limit that a grid operator or an energy manager sets."""

from dataclasses import replace

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from ..config import SupplyConfig
from ..engine.model import Limit, SiteSettings
from .currents import read_current
from .voltage import SupplyVoltage


class ExternalLimit:
    """Reads the limit in A per phase from an entity; a power is that of all phases.

    While the entity is unknown, there is no limit. While it cannot be read, its last
    limit stays in force.
    """

    def __init__(
        self, hass: HomeAssistant, entity_id: str, voltage: SupplyVoltage
    ) -> None:
        """Wrap the entity of a supply that has this voltage."""
        self._hass = hass
        self._entity_id = entity_id
        self._voltage = voltage
        self._last_a: float | None = None
        self.has_reported = False
        """Whether the limit is known. Until then, no current may be raised."""

    def read(self) -> float | None:
        """Return the limit in A, not below 0; None if there is none."""
        state = self._hass.states.get(self._entity_id)
        if state is None or state.state == STATE_UNAVAILABLE:
            return self._last_a
        if state.state == STATE_UNKNOWN:
            self.has_reported, self._last_a = True, None
            return None
        limit_a = read_current(state, self._voltage.mains.total_v)
        if limit_a is not None:
            self.has_reported, self._last_a = True, max(0.0, limit_a)
        return self._last_a


def with_external_limit(
    settings: SiteSettings, external: ExternalLimit | None
) -> tuple[SiteSettings, bool]:
    """Return the settings with the external limit, and whether current may rise."""
    if external is None:
        return settings, True
    if (limit_a := external.read()) is not None:
        ceiling = (Limit.EXTERNAL_LIMIT, limit_a)
        settings = replace(settings, ceilings=(*settings.ceilings, ceiling))
    return settings, external.has_reported


def make_external_limit(
    hass: HomeAssistant, supply: SupplyConfig, voltage: SupplyVoltage
) -> ExternalLimit | None:
    """Return the external limit of the supply; None if none is configured."""
    if not supply.external:
        return None
    return ExternalLimit(hass, supply.external, voltage)
