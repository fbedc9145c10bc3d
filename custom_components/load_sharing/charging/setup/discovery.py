"""Finds chargers that other integrations have set up, and fills in their presets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.components.number import ATTR_MAX
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    ATTR_RESTORED,
    ATTR_UNIT_OF_MEASUREMENT,
    CONF_NAME,
    UnitOfElectricCurrent,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ...const import (
    CONF_CONTROL,
    CONF_DRAWS,
    CONF_MAX_CURRENT,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_SET_CURRENT,
    CONF_STARTING_VALUES,
    CONF_STATUS,
    CONF_SWITCH,
)
from .presets import PRESETS
from .presets.preset import LIMIT, Groups, Preset, agree

FORM_FIELDS = (CONF_NUMBER, CONF_SWITCH, CONF_STATUS, *CONF_DRAWS, CONF_OFFERED)
"""Fields of the forms that take an entity."""

CONTROL_FIELDS = (CONF_NUMBER, CONF_SET_CURRENT, CONF_STATUS)
"""Fields that no two chargers have in common."""


@dataclass(frozen=True, slots=True)
class FoundCharger:
    """A charger to choose by its name, and the form fields to fill in.

    ``guessed``: its integration is set up, but may not have a charger.
    ``disabled``: names of the sensors that would be filled in if they were enabled.
    """

    name: str
    fields: dict[str, Any]
    guessed: bool = False
    disabled: tuple[str, ...] = ()

    def is_used_by(self, chargers: Iterable[Mapping[str, Any]]) -> bool:
        """Return whether one of the configured chargers is the same one.

        A preset may have changed since: by its status, or by the number that its
        actions set, it is known all the same.
        """
        actions = str(self.fields.get(CONF_SET_CURRENT))
        return any(
            f"'{charger.get(CONF_NUMBER)}'" in actions
            or any(
                self.fields.get(key) and self.fields[key] == charger.get(key)
                for key in CONTROL_FIELDS
            )
            for charger in chargers
        )


def find_chargers(hass: HomeAssistant) -> dict[str, FoundCharger]:
    """Return the chargers that match a preset, by the entity that identifies them.

    The key of a guessed one is its integration.
    """
    found: dict[str, FoundCharger] = {}
    for preset in PRESETS:
        if not preset.required:
            if hass.config_entries.async_entries(preset.platform):
                found[preset.platform] = FoundCharger(
                    preset.name, _fixed_fields(preset, {}), guessed=True
                )
            continue
        for entries in _entries_by_device(hass, preset.platform):
            found |= _match_device(hass, preset, entries)
    return found


def own_measurements(hass: HomeAssistant) -> Iterator[str]:
    """Yield the sensors of known chargers that measure the charger alone."""
    for charger in find_chargers(hass).values():
        for key in (*CONF_DRAWS, CONF_OFFERED):
            if entity_id := charger.fields.get(key):
                yield entity_id


def is_present(hass: HomeAssistant, entry: er.RegistryEntry) -> bool:
    """Return whether an entity is enabled, and not left over.

    An integration that is loaded does not have those that are still only restored: they
    are of an older version, or of a device that is gone or has another name.
    """
    owner = hass.config_entries.async_get_entry(entry.config_entry_id or "")
    state = hass.states.get(entry.entity_id)
    left_over = (
        owner is not None
        and owner.state is ConfigEntryState.LOADED
        and state is not None
        and state.attributes.get(ATTR_RESTORED, False)
    )
    return not entry.disabled and not left_over


def can_be_present(hass: HomeAssistant, entry: er.RegistryEntry) -> bool:
    """Return whether an entity is present, or would be if the user enabled it.

    What the user has disabled is not wanted.
    """
    by_integration = entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    return by_integration or is_present(hass, entry)


def names_of_disabled(hass: HomeAssistant, entity_ids: Iterable[str]) -> list[str]:
    """Return the names of the disabled ones among some entities, as their device has them."""
    entries = map(er.async_get(hass).async_get, entity_ids)
    return [
        entry.name or entry.original_name or entry.entity_id
        for entry in entries
        if entry is not None and entry.disabled
    ]


def _entries_by_device(
    hass: HomeAssistant, platform: str
) -> Iterable[list[er.RegistryEntry]]:
    """Return the entities of an integration that are present or can be, by device.

    Those without a device are in a list of their own.
    """
    by_device: dict[str | None, list[er.RegistryEntry]] = {}
    for entry in er.async_get(hass).entities.values():
        if entry.platform == platform and can_be_present(hass, entry):
            by_device.setdefault(entry.device_id, []).append(entry)
    return by_device.values()


def _match_device(
    hass: HomeAssistant, preset: Preset, entries: list[er.RegistryEntry]
) -> dict[str, FoundCharger]:
    """Return the chargers of a device, by the entity that identifies each."""
    found: dict[str, FoundCharger] = {}
    device_id = entries[0].device_id
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    fuller = dict(_match_entities(preset, entries))
    present = [entry for entry in entries if not entry.disabled]
    for first, values in _match_entities(preset, present):
        fields = {key: values[key] for key in FORM_FIELDS if key in values}
        name = preset.name
        if device is not None:
            values["device"] = device.id
            own = device.name_by_user or device.name or preset.name
            fields[CONF_NAME] = f"{own} {len(found) + 1}" if found else own
            name = f"{fields[CONF_NAME]} ({preset.name})"
        number = values.get(CONF_NUMBER) or values.get(LIMIT)
        if (rating_a := maximum(hass, number)) is not None:
            fields[CONF_MAX_CURRENT] = rating_a
        known = fuller.get(first, {})
        disabled = names_of_disabled(
            hass, [known[key] for key in FORM_FIELDS if key in known]
        )
        fields |= _fixed_fields(preset, values)
        found[first] = FoundCharger(name, fields, disabled=tuple(disabled))
    return found


def _match_entities(
    preset: Preset, entries: list[er.RegistryEntry]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Find the chargers among the entities of a device.

    Yields the entity that identifies each, and what ``<key>`` stands for in its fields.
    """
    seen: list[Groups] = []
    identifying = next(iter(preset.required.values()))
    for first, groups in identifying.find(entries, {}):
        if any(agree(groups, other) for other in seen):
            # The same charger again: its entity of an older version is left over.
            continue
        seen.append(groups)
        values: dict[str, Any] = {key: value or "1" for key, value in groups.items()}
        second = preset.second_outlet
        has_two = bool(second and next(second.find(entries, groups), None))
        optional = {} if has_two else preset.optional
        for key, pattern in {**preset.required, **optional}.items():
            if match := next(pattern.find(entries, groups), None):
                values[key] = match[0].entity_id
        if not has_two:
            values |= _find_draws(preset, entries, groups)
        if preset.required.keys() <= values.keys():
            yield first.entity_id, values


def _find_draws(
    preset: Preset, entries: list[er.RegistryEntry], groups: Groups
) -> dict[str, str]:
    """Return the sensors of the measured draw that the charger has in full."""
    for draws in preset.draws:
        found = [next(draw.find(entries, groups), None) for draw in draws]
        sensors = [match[0].entity_id for match in found if match is not None]
        if len(sensors) == len(draws):
            return dict(zip(CONF_DRAWS, sensors, strict=False))
    return {}


def _fixed_fields(preset: Preset, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a preset with the values that were found for a charger."""
    fields: dict[str, Any] = _substitute(dict(preset.fields), values)
    if preset.starting_values:
        fields[CONF_STARTING_VALUES] = dict(preset.starting_values)
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


def maximum(hass: HomeAssistant, number: str | None) -> float | None:
    """Return the maximum of a number entity in A; None if it is not known."""
    state = hass.states.get(number) if number else None
    if state is None or state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) not in (
        None,
        UnitOfElectricCurrent.AMPERE,
    ):
        return None
    maximum = state.attributes.get(ATTR_MAX)
    return float(maximum) if isinstance(maximum, int | float) else None
