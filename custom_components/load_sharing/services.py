"""The actions of the integration."""

from datetime import timedelta
from enum import IntFlag
from typing import TYPE_CHECKING

from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
import voluptuous as vol

from .const import ATTR_CURRENT, ATTR_DURATION, DOMAIN, SERVICE_SET_LIMIT

if TYPE_CHECKING:
    from .number import MaximumNumber


LONGEST_LIMIT = timedelta(days=366)


class LimitFeature(IntFlag):
    """Marks the number whose value ``set_limit`` replaces for a time."""

    SET_LIMIT = 1


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions.

    They are actions on an entity, so that whoever may control the charger's
    maximum, and nobody else, may limit it.
    """
    service.async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_SET_LIMIT,
        entity_domain=NUMBER_DOMAIN,
        schema={
            vol.Optional(ATTR_CURRENT): vol.All(
                vol.Coerce(float), vol.Range(min=0, max=200)
            ),
            vol.Optional(ATTR_DURATION): vol.All(
                cv.positive_time_period, vol.Range(max=LONGEST_LIMIT)
            ),
        },
        func=_set_limit,
        required_features=[LimitFeature.SET_LIMIT],
    )


async def _set_limit(number: MaximumNumber, call: ServiceCall) -> None:
    """Limit the supply or a charger; without a current, remove its limit."""
    current_a: float | None = call.data.get(ATTR_CURRENT)
    duration: timedelta | None = call.data.get(ATTR_DURATION)
    rating_a = number.rating_a
    if current_a is not None and current_a > rating_a:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="limit_above_rating",
            translation_placeholders={
                "current_a": f"{current_a:g}",
                "rating_a": f"{rating_a:g}",
                "limited": number.limited,
            },
        )
    charging = number.coordinator.charging
    assert charging is not None
    charging.async_set_limit(number.owner.key, current_a, duration)
