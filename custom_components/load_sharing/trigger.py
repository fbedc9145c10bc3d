"""Triggers for automations: what began, and what is over."""

from typing import override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.trigger import EntityTargetStateTriggerBase, Trigger
from homeassistant.helpers.typing import ConfigType

from .site.targets import (
    BINARY_SENSORS,
    METER_PROBLEM,
    OVERLOAD,
    SHARING,
    WAITING,
    Kind,
)


def _turned(kind: Kind, to_state: str) -> type[Trigger]:
    """Make the trigger for sensors of a kind that turn on, or off."""
    to_states = {to_state}

    class Turned(EntityTargetStateTriggerBase):
        """A sensor of the kind turned."""

        _domain_specs = BINARY_SENSORS
        _to_states = to_states
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

    return Turned


TRIGGERS: dict[str, type[Trigger]] = {
    "overload_started": _turned(OVERLOAD, STATE_ON),
    "overload_cleared": _turned(OVERLOAD, STATE_OFF),
    "charging_paused": _turned(WAITING, STATE_ON),
    "charging_resumed": _turned(WAITING, STATE_OFF),
    "meter_lost": _turned(METER_PROBLEM, STATE_ON),
    "meter_back": _turned(METER_PROBLEM, STATE_OFF),
    "sharing_started": _turned(SHARING, STATE_ON),
    "sharing_ended": _turned(SHARING, STATE_OFF),
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Triggers of the integration."""
    return TRIGGERS
