"""Finds chargers that other integrations have set up, and fills in their presets."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.components.number import ATTR_MAX
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ...const import CONF_CONTROL, CONF_MAX_CURRENT, CONF_NUMBER
from .presets import FORM_FIELDS, PRESETS, Preset


@dataclass(frozen=True, slots=True)
class FoundCharger:
    """A charger to choose by its name, and the form fields to fill in.

    ``guessed``: its integration is set up, but may not have a charger.
    """

    name: str
    fields: dict[str, Any]
    guessed: bool = False


def find_chargers(hass: HomeAssistant) -> dict[str, FoundCharger]:
    """Return the chargers that match a preset, by device ID or integration."""
    found = {}
    for preset in PRESETS:
        if not preset.required:
            if hass.config_entries.async_entries(preset.platform):
                found[preset.platform] = FoundCharger(
                    preset.name, _fixed_fields(preset, {}), guessed=True
                )
            continue
        for device_id, entries in _entries_by_device(hass, preset.platform).items():
            charger = _match_device(hass, preset, device_id, entries)
            if charger is not None:
                found[device_id or preset.platform] = charger
    return found


def _entries_by_device(
    hass: HomeAssistant, platform: str
) -> dict[str | None, list[er.RegistryEntry]]:
    """Return the enabled entities of an integration by device ID.

    The key is None for entities without a device.
    """
    by_device: dict[str | None, list[er.RegistryEntry]] = {}
    for entry in er.async_get(hass).entities.values():
        if entry.platform == platform and not entry.disabled:
            by_device.setdefault(entry.device_id, []).append(entry)
    return by_device


def _match_device(
    hass: HomeAssistant,
    preset: Preset,
    device_id: str | None,
    entries: list[er.RegistryEntry],
) -> FoundCharger | None:
    """Return the charger that a device is; None if it lacks a required entity."""
    values: dict[str, str] = {}
    for key, pattern in {**preset.required, **preset.optional}.items():
        entry = next((entry for entry in entries if pattern.matches(entry)), None)
        if entry is None:
            if key in preset.required:
                return None
            continue
        if not values and (match := re.match(preset.id_pattern, entry.unique_id)):
            values |= match.groupdict("1")
        values[key] = entry.entity_id
    fields: dict[str, Any] = {key: values[key] for key in FORM_FIELDS if key in values}
    name = preset.name
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    if device is not None:
        values["device"] = device.id
        fields[CONF_NAME] = device.name_by_user or device.name or preset.name
        name = f"{fields[CONF_NAME]} ({preset.name})"
    if (rating_a := _maximum(hass, values.get(CONF_NUMBER))) is not None:
        fields[CONF_MAX_CURRENT] = rating_a
    return FoundCharger(name, fields | _fixed_fields(preset, values))


def _fixed_fields(preset: Preset, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a preset with the values that were found for a charger."""
    fields: dict[str, Any] = _substitute(dict(preset.fields), values)
    return {CONF_CONTROL: preset.control, **fields}


def _substitute(part: Any, values: Mapping[str, str]) -> Any:
    """Replace every ``<key>`` in the texts of nested fields by its value."""
    match part:
        case str():
            return re.sub(r"<(\w+)>", lambda key: values.get(key[1], key[0]), part)
        case dict():
            return {key: _substitute(value, values) for key, value in part.items()}
        case list():
            return [_substitute(item, values) for item in part]
    return part


def _maximum(hass: HomeAssistant, number: str | None) -> float | None:
    """Return the maximum of a number entity; None if it is not known."""
    state = hass.states.get(number) if number else None
    maximum = None if state is None else state.attributes.get(ATTR_MAX)
    return float(maximum) if isinstance(maximum, int | float) else None
