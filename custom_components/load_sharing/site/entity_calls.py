"""Calls the actions of entities that set a charger, a valve or a boiler."""

from typing import Any, NamedTuple

from homeassistant.const import ATTR_ENTITY_ID, MAX_LENGTH_STATE_STATE
from homeassistant.core import Context, HomeAssistant, split_entity_id
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from .redaction import redact_text

CALL_TIMEOUT_S = 10.0


ERRORS_WITHOUT_A_SENTENCE = (LookupError, TypeError, AttributeError)
"""Errors of a program that trips over its data; their texts alone say nothing."""


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


def describe_error(error: BaseException) -> str:
    """Return the text of what a call raised, fit for a state and for the log.

    It is without secrets, and short enough. A call may raise anything, such as an
    IndexError of an integration whose device is not back yet.
    """
    if isinstance(error, TimeoutError):
        return "no answer in time"
    kind, text = type(error).__name__, str(error)
    if text and isinstance(error, ERRORS_WITHOUT_A_SENTENCE):
        text = f"{kind}: {text}"
    return redact_text(text or kind)[:MAX_LENGTH_STATE_STATE]
