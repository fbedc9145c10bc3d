"""Chargers that are there already, and what their presets fill in."""

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
class Found:
    """A charger that is there: its name to choose it by, and what to fill in.

    ``guessed``: the integration is there, but nobody knows whether a charger is.
    """

    name: str
    fields: dict[str, Any]
    guessed: bool = False


def find_chargers(hass: HomeAssistant) -> dict[str, Found]:
    """Chargers of the integrations that are set up, by an ID."""
    found = {}
    for preset in PRESETS:
        if not preset.needs:
            if hass.config_entries.async_entries(preset.platform):
                found[preset.platform] = Found(
                    preset.name, _fill(preset, {}), guessed=True
                )
            continue
        for device_id, entries in _devices(hass, preset.platform).items():
            if (charger := _match(hass, preset, device_id, entries)) is not None:
                found[device_id or preset.platform] = charger
    return found


def _devices(
    hass: HomeAssistant, platform: str
) -> dict[str | None, list[er.RegistryEntry]]:
    """Enabled entities of an integration by their device, if it has devices."""
    devices: dict[str | None, list[er.RegistryEntry]] = {}
    for entry in er.async_get(hass).entities.values():
        if entry.platform == platform and not entry.disabled:
            devices.setdefault(entry.device_id, []).append(entry)
    return devices


def _match(
    hass: HomeAssistant,
    preset: Preset,
    device_id: str | None,
    entries: list[er.RegistryEntry],
) -> Found | None:
    values: dict[str, str] = {}
    for key, find in {**preset.needs, **preset.has}.items():
        entry = next((entry for entry in entries if find.matches(entry)), None)
        if entry is None:
            if key in preset.needs:
                return None
            continue
        if not values and (match := re.match(preset.ids, entry.unique_id)):
            values |= match.groupdict("1")
        values[key] = entry.entity_id
    fields: dict[str, Any] = {key: values[key] for key in FORM_FIELDS if key in values}
    name = preset.name
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    if device is not None:
        values["device"] = device.id
        fields[CONF_NAME] = device.name_by_user or device.name or preset.name
        name = f"{fields[CONF_NAME]} ({preset.name})"
    if (rating_a := _highest(hass, values.get(CONF_NUMBER))) is not None:
        fields[CONF_MAX_CURRENT] = rating_a
    return Found(name, fields | _fill(preset, values))


def _fill(preset: Preset, values: Mapping[str, str]) -> dict[str, Any]:
    """Fields of a preset with the entities that were found."""
    filled: dict[str, Any] = _replace(dict(preset.fields), values)
    return {CONF_CONTROL: preset.control, **filled}


def _replace(part: Any, values: Mapping[str, str]) -> Any:
    match part:
        case str():
            return re.sub(r"<(\w+)>", lambda name: values.get(name[1], name[0]), part)
        case dict():
            return {key: _replace(value, values) for key, value in part.items()}
        case list():
            return [_replace(item, values) for item in part]
    return part


def _highest(hass: HomeAssistant, number: str | None) -> float | None:
    """Highest current of a number."""
    state = hass.states.get(number) if number else None
    highest = None if state is None else state.attributes.get(ATTR_MAX)
    return float(highest) if isinstance(highest, int | float) else None
