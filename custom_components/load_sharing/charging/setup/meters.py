"""Finds meters that other integrations have set up, and the sensors to fill in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ...const import CONF_METERS
from .discovery import can_be_present, is_present, names_of_disabled
from .presets.meters import METERS, MeterPreset, SensorSet
from .presets.preset import Groups, agree


@dataclass(frozen=True, slots=True)
class FoundMeter:
    """A meter to choose by its name, and the form fields to fill in."""

    name: str
    fields: dict[str, Any]
    disabled: tuple[str, ...] = ()
    """Names of its sensors that have to be enabled first."""

    @property
    def sensors(self) -> set[str]:
        """The meter's sensors of all phases."""
        return {self.fields[key] for key in CONF_METERS if key in self.fields}


def find_meters(hass: HomeAssistant) -> dict[str, FoundMeter]:
    """Return the meters that match a preset, by their sensor of the first phase."""
    return _find(hass, is_present)


def find_disabled_meters(hass: HomeAssistant) -> list[FoundMeter]:
    """Return the meters that would match a preset if their sensors were enabled."""
    found = _find(hass, can_be_present)
    return [meter for meter in found.values() if meter.disabled]


def _find(
    hass: HomeAssistant, counts: Callable[[HomeAssistant, er.RegistryEntry], bool]
) -> dict[str, FoundMeter]:
    """Return the meters that match a preset by the entities that count."""
    found: dict[str, FoundMeter] = {}
    for preset in METERS:
        entries = [
            entry
            for entry in er.async_get(hass).entities.values()
            if entry.platform == preset.platform
        ]
        counting = [entry for entry in entries if counts(hass, entry)]
        for first, fields in _find_sets(preset, entries, counting):
            phases = sum(key in fields for key in CONF_METERS)
            name = f"{_name_of(hass, first, phases)} ({preset.name})"
            disabled = names_of_disabled(hass, map(str, fields.values()))
            found[first.entity_id] = FoundMeter(name, fields, tuple(disabled))
    return found


def _find_sets(
    preset: MeterPreset,
    entries: list[er.RegistryEntry],
    present: list[er.RegistryEntry],
) -> Iterator[tuple[er.RegistryEntry, dict[str, Any]]]:
    """Yield the first sensor and the form fields of each meter of an integration.

    A meter whose sensors make several sets is filled in from the first of these.
    """
    seen: list[Groups] = []
    for sensors in preset.sets:
        for first, groups, fields in _match(sensors, entries, present):
            if not any(agree(other, groups) for other in seen):
                seen.append(groups)
                yield first, fields


def _match(
    sensors: SensorSet,
    entries: list[er.RegistryEntry],
    present: list[er.RegistryEntry],
) -> Iterator[tuple[er.RegistryEntry, Groups, dict[str, Any]]]:
    """Yield the meters that have all sensors of a set, and those present."""
    identifying = next(iter(sensors.sensors.values()))
    for first, groups in identifying.find(present, {}):
        if any(
            next(other.find(entries, groups), None) is not None
            for other in sensors.without
        ):
            continue
        matches = {
            key: next(pattern.find(present, groups), None)
            for key, pattern in sensors.sensors.items()
        }
        found = {key: match[0].entity_id for key, match in matches.items() if match}
        if len(found) == len(matches):
            yield first, groups, found | dict(sensors.fields)


def _name_of(hass: HomeAssistant, first: er.RegistryEntry, phases: int) -> str:
    """Return what a user calls the meter of some phases with this first sensor.

    A sensor of one phase may have a device of its own, so the integration's entry
    names a meter of several phases.
    """
    device_name = entry_name = None
    if first.device_id is not None:
        device = dr.async_get(hass).async_get(first.device_id)
        device_name = (device.name_by_user or device.name) if device else None
    if first.config_entry_id is not None:
        entry = hass.config_entries.async_get_entry(first.config_entry_id)
        entry_name = entry.title if entry else None
    names = (device_name, entry_name) if phases == 1 else (entry_name, device_name)
    return names[0] or names[1] or first.entity_id
