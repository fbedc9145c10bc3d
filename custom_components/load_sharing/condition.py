"""Conditions for automations: something is going on, or not."""

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


def _make_condition(kind: Kind, state: str) -> type[Condition]:
    """Return the condition that binary sensors of a kind are on, or off."""
    states: set[str | bool] = {state}

    class KindCondition(EntityStateConditionBase):
        """Passes if a sensor of the kind has the state."""

        _domain_specs = BINARY_SENSORS
        _states = states
        _primary_entities_only = not kind.is_diagnostic

        @override
        @classmethod
        async def async_validate_config(
            cls, hass: HomeAssistant, config: ConfigType
        ) -> ConfigType:
            config = await super().async_validate_config(hass, config)
            kind.check_target(hass, config)
            return config

        @override
        def entity_filter(self, entities: set[str]) -> set[str]:
            return kind.select(self._hass, entities)

    return KindCondition


CONDITIONS: dict[str, type[Condition]] = {
    "is_overloaded": _make_condition(OVERLOAD, STATE_ON),
    "is_not_overloaded": _make_condition(OVERLOAD, STATE_OFF),
    "is_charging_paused": _make_condition(WAITING, STATE_ON),
    "is_meter_lost": _make_condition(METER_PROBLEM, STATE_ON),
    "is_sharing": _make_condition(SHARING, STATE_ON),
}


async def async_get_conditions(_hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of the integration."""
    return CONDITIONS
