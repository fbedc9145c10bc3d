"""Conditions for automations: what is going on."""

from typing import override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition, EntityStateConditionBase
from homeassistant.helpers.typing import ConfigType

from .site.targets import (
    BINARY_SENSORS,
    METER_PROBLEM,
    OVERLOAD,
    SHARING,
    WAITING,
    Kind,
)


def _is(kind: Kind, state: str) -> type[Condition]:
    """Make the condition that sensors of a kind are on, or off."""
    states: set[str | bool] = {state}

    class Is(EntityStateConditionBase):
        """A sensor of the kind has the state."""

        _domain_specs = BINARY_SENSORS
        _states = states
        _primary_entities_only = not kind.is_diagnostic

        @override
        @classmethod
        async def async_validate_config(
            cls, hass: HomeAssistant, config: ConfigType
        ) -> ConfigType:
            config = await super().async_validate_config(hass, config)
            kind.check(hass, config)
            return config

        @override
        def entity_filter(self, entities: set[str]) -> set[str]:
            return kind.among(self._hass, entities)

    return Is


CONDITIONS: dict[str, type[Condition]] = {
    "is_overloaded": _is(OVERLOAD, STATE_ON),
    "is_not_overloaded": _is(OVERLOAD, STATE_OFF),
    "is_charging_paused": _is(WAITING, STATE_ON),
    "is_meter_lost": _is(METER_PROBLEM, STATE_ON),
    "is_sharing": _is(SHARING, STATE_ON),
}


async def async_get_conditions(_hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Conditions of the integration."""
    return CONDITIONS
