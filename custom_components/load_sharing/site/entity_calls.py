"""Calls the actions of entities that set a charger, a valve or a boiler."""

from typing import Any, NamedTuple

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Context, HomeAssistant, split_entity_id
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from ..const import DOMAIN

CALL_TIMEOUT_S = 10.0
EXPECTED_ERRORS = (HomeAssistantError, TimeoutError, vol.Invalid)
"""What a call raises when a device does not answer, or refuses the value.

Any other exception is a bug in the integration that was called.
"""


class EntityAction(NamedTuple):
    """An action of an entity's own domain, by its name, and the data for it."""

    name: str
    data: dict[str, Any]


async def async_call_entity(
    hass: HomeAssistant, entity_id: str, action: EntityAction, context: Context
) -> None:
    """Call an action of an entity and wait until it returns."""
    domain, _ = split_entity_id(entity_id)
    await hass.services.async_call(
        domain,
        action.name,
        {ATTR_ENTITY_ID: entity_id, **action.data},
        blocking=True,
        context=context,
    )


def unavailable_error(entity_id: str) -> HomeAssistantError:
    """Return the error for an entity that cannot be called now.

    Home Assistant itself raises none: it silently skips an unavailable entity.
    """
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="control_unavailable",
        translation_placeholders={"entity_id": entity_id},
    )
