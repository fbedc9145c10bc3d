"""Reads what the registries know of the entities and the devices of a house."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

type Devices = Mapping[str | None, list[er.RegistryEntry]]
"""The entities of each device, by its ID."""


def by_device(hass: HomeAssistant) -> Devices:
    """Return the entities of each device that are neither disabled nor hidden.

    Those without a device are in a list of their own.
    """
    devices: dict[str | None, list[er.RegistryEntry]] = {}
    for entry in er.async_get(hass).entities.values():
        if not entry.disabled and not entry.hidden:
            devices.setdefault(entry.device_id, []).append(entry)
    return devices


def describe_device(hass: HomeAssistant, device_id: str | None) -> str:
    """Return the manufacturer and the model of a device, which presets look at."""
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    if not isinstance(device, dr.DeviceEntry):
        return ""
    parts = (device.manufacturer, device.model_id, device.model)
    return " ".join(part for part in parts if part)


def name_of_device(hass: HomeAssistant, device_id: str) -> str:
    """Return the name of a device as the user knows it."""
    device = dr.async_get(hass).async_get(device_id)
    return (device and (device.name_by_user or device.name)) or device_id


def name_of(hass: HomeAssistant, entry: er.RegistryEntry, *, is_alone: bool) -> str:
    """Return the name of an entity as the user knows it.

    Unless it is alone on its device, the device's name before it says nothing.
    """
    state = hass.states.get(entry.entity_id)
    device = name_of_device(hass, entry.device_id) if entry.device_id else None
    if state is None:
        return entry.name or device or entry.entity_id
    return state.name if is_alone else state.name.removeprefix(f"{device} ")


def area_of(hass: HomeAssistant, entry: er.RegistryEntry) -> str | None:
    """Return the name of the area that an entity, or else its device, is in."""
    device = dr.async_get(hass).async_get(entry.device_id) if entry.device_id else None
    area_id = entry.area_id or (device.area_id if device else None)
    area = ar.async_get(hass).async_get_area(area_id) if area_id else None
    return area.name if area else None
