"""Stands in for the integration of OCPP: one charge point in the middle of a session.

It registers what the real one registers of an OCPP 1.6 charge point named *charger*, and
takes charging profiles as that does. There is no charge point behind it.
"""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_send
import voluptuous as vol

DOMAIN = "ocpp"
OFFERED = "ocpp_offered"
TRANSACTION = 4711
PLATFORMS = [Platform.NUMBER, Platform.SENSOR]
SET_CHARGE_RATE = vol.Schema(
    {
        vol.Optional("devid"): cv.string,
        vol.Optional("limit_amps"): vol.Coerce(float),
        vol.Optional("limit_watts"): cv.positive_int,
        vol.Optional("conn_id"): cv.positive_int,
        vol.Optional("custom_profile"): vol.Any(cv.string, dict),
    }
)


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry[None]) -> bool:
    """Add the charge point, and the action that sends it profiles."""

    async def set_charge_rate(call: ServiceCall) -> None:
        """Offer what the profile of the running session allows."""
        profile: dict[str, Any] = call.data["custom_profile"]
        assert profile["chargingProfilePurpose"] == "TxProfile"
        assert profile["transactionId"] == TRANSACTION
        assert (call.data["devid"], call.data["conn_id"]) == ("charger", 1)
        (period,) = profile["chargingSchedule"]["chargingSchedulePeriod"]
        async_dispatcher_send(hass, OFFERED, float(period["limit"]))

    hass.services.async_register(
        DOMAIN, "set_charge_rate", set_charge_rate, SET_CHARGE_RATE
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True
