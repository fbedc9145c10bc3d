"""Doubts about a meter or a switch: what may be right, but is wrong more often.

Each is asked about once. The user can confirm that it is meant.
"""

from collections.abc import Iterator, Mapping
import re
from typing import Any

from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN
from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ...const import CONF_METERS, CONF_NUMBER, CONF_SELECT, CONF_SWITCH
from ...site.setup.checks import Errors
from ..engine.mains import Wiring
from ..io.units import is_current
from ..wiring import mains_of

_OF_A_CHARGER = re.compile(
    r"charg|evse|wallbox|wall_connector|wall connector|\bev\b|(?:^|[._])ev_|zappi|easee"
    r"|lade|laad|carga|recharge|ricarica|lader|laddbox",
    re.IGNORECASE,
)
"""Names of chargers and of their entities in the languages that we speak."""


def doubt_supply(hass: HomeAssistant, data: Mapping[str, Any]) -> Errors:
    """Return doubts about the meter of a supply: that of a charger, or of two phases."""
    doubts: Errors = {}
    for key in CONF_METERS:
        device_id = device_of(hass, data.get(key))
        if device_id is not None and _controls(hass, device_id):
            doubts[key] = "meter_of_charger"
    mains = mains_of(data)
    if mains.wiring is Wiring.NEUTRAL and mains.phases == (0, 1):
        doubts.setdefault(CONF_METERS[2], "third_phase_unseen")
    return doubts


def doubt_control(
    hass: HomeAssistant, supply: Mapping[str, Any], data: Mapping[str, Any]
) -> Errors:
    """Return doubts about the entities that control a charger.

    The switch of an oven turns nothing off that charges. A meter beside the control may
    measure the charger alone; if that was asked about with the meter, it is not again.
    """
    doubts: Errors = {}
    key = CONF_NUMBER if CONF_NUMBER in data else CONF_SELECT
    control, switch = data.get(key), data.get(CONF_SWITCH)
    own = device_of(hass, control)
    is_own = own is not None and switch and device_of(hass, switch) == own
    if switch and not is_own and not _is_of_charger(hass, switch):
        doubts[CONF_SWITCH] = "switch_elsewhere"
    meters = {device_of(hass, supply.get(meter)) for meter in CONF_METERS}
    if own is not None and own in meters and not _controls(hass, own):
        doubts[key] = "control_beside_meter"
    return doubts


def device_of(hass: HomeAssistant, entity_id: str | None) -> str | None:
    """Return the device of an entity; None if it has none."""
    entry = er.async_get(hass).async_get(entity_id) if entity_id else None
    return entry.device_id if entry else None


def _controls(hass: HomeAssistant, device_id: str) -> list[str]:
    """Return the numbers of a device that set the current of a charger."""
    entries = er.async_entries_for_device(er.async_get(hass), device_id)
    return [
        entry.entity_id
        for entry in entries
        if entry.domain == NUMBER_DOMAIN
        and is_current(entry.unit_of_measurement)
        and _is_of_charger(hass, entry.entity_id)
    ]


def _is_of_charger(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether the name of an entity or of its device is like a charger's."""
    return any(_OF_A_CHARGER.search(name) for name in _names(hass, entity_id))


def _names(hass: HomeAssistant, entity_id: str) -> Iterator[str]:
    """Yield what an entity and its device are called."""
    yield split_entity_id(entity_id)[1]
    if state := hass.states.get(entity_id):
        yield state.name
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None:
        return
    device_id = entry.device_id
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    if device is not None:
        yield device.name_by_user or device.name or ""
