"""Triggers for automations: something started, or ended."""

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


def _make_trigger(kind: Kind, to_state: str) -> type[Trigger]:
    """Return the trigger for binary sensors of a kind that turn on, or off."""
    to_states = {to_state}

    class KindTrigger(EntityTargetStateTriggerBase):
        """Fires when a sensor of the kind turns to the state."""

        _domain_specs = BINARY_SENSORS
        _to_states = to_states
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

    return KindTrigger


TRIGGERS: dict[str, type[Trigger]] = {
    "overload_started": _make_trigger(OVERLOAD, STATE_ON),
    "overload_cleared": _make_trigger(OVERLOAD, STATE_OFF),
    "charging_paused": _make_trigger(WAITING, STATE_ON),
    "charging_resumed": _make_trigger(WAITING, STATE_OFF),
    "meter_lost": _make_trigger(METER_PROBLEM, STATE_ON),
    "meter_back": _make_trigger(METER_PROBLEM, STATE_OFF),
    "sharing_started": _make_trigger(SHARING, STATE_ON),
    "sharing_ended": _make_trigger(SHARING, STATE_OFF),
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of the integration."""
    return TRIGGERS
