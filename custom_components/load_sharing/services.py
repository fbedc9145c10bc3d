"""The actions of the integration."""

from datetime import timedelta

from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, service
import voluptuous as vol

from .const import ATTR_CURRENT, ATTR_DURATION, DOMAIN, SERVICE_SET_LIMIT
from .number import LimitFeature

LONGEST_LIMIT = timedelta(days=366)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions.

    They act on entities, so that a user needs the permission to control a charger's
    maximum in order to limit the charger.
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
        func="async_set_limit",
        required_features=[LimitFeature.SET_LIMIT],
    )
