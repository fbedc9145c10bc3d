"""Finds heads and boilers that other integrations have set up, and fills in the forms.

What is filled in is seen, and can be changed, before it is saved. What is doubtful is
left out.
"""

from collections.abc import Collection, Iterable, Iterator, Set as AbstractSet
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ...const import (
    CONF_ACTUATOR,
    CONF_CLIMATE,
    CONF_DEMAND,
    CONF_DEMAND_ENTITY,
    CONF_SCHEDULE,
    CONF_VALVE,
)
from ..config import DemandSource
from ..engine.model import Actuator
from ..io.schedule_sources import is_schedule
from .guesses import guess_boiler, guess_valve
from .owners import entities_led_by_others
from .presets import BOILERS, HEADS
from .presets.preset import Boiler, Head, find_one
from .registry import (
    Devices,
    area_of,
    by_device,
    describe_device,
    name_of,
    name_of_device,
)

_TARGET_TEMPERATURE = 1
"""Bit of the supported features of a thermostat: it has one target, which can be set.

Forms import nothing of other integrations.
"""
_COOLS = {"cool", "dry", "fan_only"}


@dataclass(frozen=True, slots=True)
class Found:
    """A head or a boiler to choose by its name, and the form fields to fill in.

    ``is_known``: a preset has recognised it.
    """

    name: str
    fields: dict[str, Any]
    is_known: bool


def find_heads(hass: HomeAssistant, in_use: Collection[str]) -> dict[str, Found]:
    """Return the thermostats that a room may have, by their entity; known ones first.

    Those ``in_use`` are left out, and those that another thermostat leads. Without a
    single device among them, there is nothing that their entity does not show.
    """
    led = entities_led_by_others(hass)
    devices = by_device(hass)
    climates = [
        entry
        for entries in devices.values()
        for entry in entries
        if entry.domain == "climate"
        and entry.entity_id not in in_use
        and entry.entity_id not in led
        and _has_target(entry)
        and not _cools(entry)
    ]
    if not any(climate.device_id for climate in climates):
        return {}
    areas = [area_of(hass, climate) for climate in climates]
    boilers = {device_id for device_id, _ in _known_boilers(hass, devices)}
    found: dict[str, Found] = {}
    for climate, area in zip(climates, areas, strict=True):
        preset = _preset_of(hass, climate)
        if preset is None and climate.device_id in boilers:
            continue
        siblings = devices[climate.device_id] if climate.device_id else [climate]
        own = name_of(hass, climate, is_alone=_is_alone(siblings))
        room = area if area and areas.count(area) == 1 else own
        found[climate.entity_id] = Found(
            f"{own} ({preset.name})" if preset else own,
            {CONF_NAME: room, **_head_fields(hass, preset, climate, siblings)},
            is_known=preset is not None,
        )
    ordered = sorted(found, key=lambda key: (not found[key].is_known, found[key].name))
    return {key: found[key] for key in ordered}


def _preset_of(hass: HomeAssistant, climate: er.RegistryEntry) -> Head | None:
    """Return the preset that a thermostat matches."""
    text = describe_device(hass, climate.device_id)
    return next((head for head in HEADS if head.matches(climate, text)), None)


def _head_fields(
    hass: HomeAssistant,
    preset: Head | None,
    climate: er.RegistryEntry,
    siblings: Iterable[er.RegistryEntry],
) -> dict[str, Any]:
    """Return the form fields of a thermostat; ``siblings`` are those of its device."""
    fields: dict[str, Any] = {
        CONF_CLIMATE: climate.entity_id,
        CONF_ACTUATOR: Actuator.SETPOINT.value,
        CONF_DEMAND: DemandSource.TEMPERATURE.value,
    }
    if preset is None:
        if valve := guess_valve(climate, siblings):
            fields[CONF_VALVE] = valve
        return fields
    for key, patterns in preset.entities.items():
        if entity_id := find_one(patterns, siblings):
            fields[key] = entity_id
    if CONF_VALVE in fields:
        fields[CONF_ACTUATOR] = preset.actuator.value
    if CONF_DEMAND_ENTITY in fields:
        fields[CONF_DEMAND] = DemandSource.ENTITY.value
    state = hass.states.get(climate.entity_id)
    if preset.shows_schedule and state is not None and is_schedule(state):
        fields[CONF_SCHEDULE] = climate.entity_id
    return fields


def find_boilers(hass: HomeAssistant, in_use: AbstractSet[str]) -> dict[str, Found]:
    """Return the boilers by their device, known ones first, without those ``in_use``."""
    devices = by_device(hass)
    known = dict(_known_boilers(hass, devices))
    guessed = {
        device_id: Found(name_of_device(hass, device_id), fields, is_known=False)
        for device_id, entries in devices.items()
        if device_id and device_id not in known and (fields := guess_boiler(entries))
    }
    return {
        device_id: boiler
        for device_id, boiler in (known | guessed).items()
        if in_use.isdisjoint(boiler.fields.values())
    }


def _known_boilers(
    hass: HomeAssistant, devices: Devices
) -> Iterator[tuple[str, Found]]:
    """Yield the devices that match a preset of a boiler."""
    for device_id, entries in devices.items():
        if device_id is None:
            continue
        text = describe_device(hass, device_id)
        for preset in BOILERS:
            fields = _boiler_fields(preset, entries)
            if fields and re.search(preset.device, text):
                name = f"{name_of_device(hass, device_id)} ({preset.name})"
                yield device_id, Found(name, fields, is_known=True)
                break


def _boiler_fields(
    preset: Boiler, entries: Iterable[er.RegistryEntry]
) -> dict[str, Any]:
    """Return the fields of a device by a preset; empty if it is not such a boiler."""
    own = [entry for entry in entries if entry.platform == preset.platform]
    fields: dict[str, Any] = {
        key: entity_id
        for key, patterns in {**preset.required, **preset.optional}.items()
        if (entity_id := find_one(patterns, own))
    }
    is_complete = preset.required.keys() <= fields.keys()
    return {**fields, **preset.fields} if is_complete else {}


def _has_target(climate: er.RegistryEntry) -> bool:
    """Return whether a thermostat has one target that can be set."""
    return bool(climate.supported_features & _TARGET_TEMPERATURE)


def _is_alone(entries: Iterable[er.RegistryEntry]) -> bool:
    """Return whether a device has only one thermostat, which then has its name."""
    return sum(entry.domain == "climate" for entry in entries) == 1


def _cools(climate: er.RegistryEntry) -> bool:
    """Return whether a thermostat can do what no radiator does."""
    modes = (climate.capabilities or {}).get("hvac_modes") or ()
    return bool(_COOLS & {str(mode) for mode in modes})
