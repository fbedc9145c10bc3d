"""Finds problems of the boiler and the rooms that only a person can fix."""

from collections.abc import Iterable, Iterator

from homeassistant.core import HomeAssistant

from ..const import CONF_BOILER, SUBENTRY_ROOM
from ..site.host import Host
from ..site.repairs.findings import (
    BOILER_NEVER_SHARES,
    NO_ROOM,
    SENSOR_SILENT,
    SET_UP_GRACE_S,
    TAP_WATER_ALWAYS_ON,
    Finding,
    Part,
    find_gone,
    report_wrong_unit,
)
from .control import HeatingControl
from .setup.checks import check_temperature


def find(host: Host, control: HeatingControl) -> Iterator[Finding]:
    """Yield every problem that there is now."""
    hass, boiler = host.hass, control.boiler.config
    part = Part(CONF_BOILER, host.entry.title)
    water = (boiler.flow, boiler.return_, boiler.setpoint)
    yield from find_gone(hass, part, boiler.entities)
    yield from report_wrong_unit(hass, part, _not_temperatures(hass, water))
    if not boiler.shows_water:
        yield Finding(BOILER_NEVER_SHARES, part, grace_s=0)
    if control.doubts_tap_water and boiler.dhw:
        told = {"entities": boiler.dhw}
        yield Finding(TAP_WATER_ALWAYS_ON, part, grace_s=0, placeholders=told)
    if not control.rooms:
        missing = Part(SUBENTRY_ROOM, host.entry.title)
        yield Finding(NO_ROOM, missing, grace_s=SET_UP_GRACE_S)
    for room in control.rooms.values():
        part = Part(room.room_id, room.config.name)
        air = (room.config.temperature, room.config.target)
        yield from find_gone(hass, part, room.config.entities)
        yield from report_wrong_unit(hass, part, _not_temperatures(hass, air))
        if room.silent_sensor is not None:
            told = {"entities": room.silent_sensor}
            yield Finding(SENSOR_SILENT, part, grace_s=0, placeholders=told)


def _not_temperatures(hass: HomeAssistant, entities: Iterable[str | None]) -> list[str]:
    """Return the entities that measure something other than a temperature."""
    return [
        state.entity_id
        for entity_id in entities
        if entity_id and (state := hass.states.get(entity_id)) is not None
        if check_temperature(state) == "not_a_temperature"
    ]
