"""The heating half as a site takes it up: how it is made, and which entities it has."""

from collections.abc import Callable

from homeassistant.const import EntityCategory, Platform
from homeassistant.helpers.device_registry import DeviceInfo

from ..const import CONF_BOILER, DOMAIN, SUBENTRY_ROOM
from ..coordinator import LoadSharingCoordinator
from ..entity import MANUFACTURER, register_site, subentry_owner
from ..site.descriptions import (
    Described,
    Listen,
    Owner,
    PartEventDescription,
    PartSelectDescription,
    PartSwitchDescription,
    TunableDescription,
)
from ..site.host import Host
from ..site.snapshot import HEATING, HeatingSnapshot, RoomSnapshot
from ..site.tunables import Tunable
from .config import BoilerConfig, RoomConfig
from .control import ENABLED, SHADOW, HeatingControl
from .engine.model import Mode
from .entities import (
    HEATING_BINARY_SENSORS,
    HEATING_SENSORS,
    ROOM_BINARY_SENSORS,
    ROOM_SENSORS,
)
from .notices import SharingEventType
from .tuning import HEATING_TUNABLES, OVERHEAT_CAP, PARTICIPATES, TUNING, room_tunables


def make(host: Host) -> HeatingControl:
    """Put the heating of a site together; ConfigDamagedError for what is no boiler."""
    entry = host.entry
    boiler = BoilerConfig.from_data(entry.data[CONF_BOILER])
    rooms = [
        RoomConfig.from_subentry(subentry.subentry_id, subentry.title, subentry.data)
        for subentry in entry.get_subentries_of_type(SUBENTRY_ROOM)
    ]
    return HeatingControl(host, boiler, rooms)


def describe(control: HeatingControl, host: Host, platform: Platform) -> Described:
    """Name the entities of the heating and its rooms."""
    of_heating, of_room = _DESCRIPTIONS.get(platform, ((), ()))
    match platform:
        case Platform.NUMBER:
            yield from _numbers(control, host)
        case Platform.EVENT:
            yield _heating(host), [sharing_event(control.notices.async_listen)]
        case _ if of_heating:
            yield _heating(host), of_heating
            if of_room:
                for room in control.rooms.values():
                    yield _room(host, room.config), of_room


def _numbers(control: HeatingControl, host: Host) -> Described:
    yield (
        _heating(host),
        [
            TunableDescription(
                key=tunable.key,
                tunable=tunable,
                entity_category=EntityCategory.CONFIG,
            )
            for tunable in HEATING_TUNABLES
        ],
    )
    for room in control.rooms.values():
        tunables = room_tunables(room.config, host.store.tuning(HEATING))
        descriptions = [
            TunableDescription(
                key=tunable.key,
                tunable=tunable,
                entity_category=EntityCategory.CONFIG,
                default_fn=_as_it_is_now(host, room.config, tunable.key),
                follows=TUNING,
            )
            for tunable in tunables
        ]
        yield _room(host, room.config), descriptions


def _as_it_is_now(host: Host, room: RoomConfig, key: str) -> Callable[[], Tunable]:
    """Give a room's tunable, whose default may be the site's value."""

    def find() -> Tunable:
        tunables = room_tunables(room, host.store.tuning(HEATING))
        return next(tunable for tunable in tunables if tunable.key == key)

    return find


def _set_flag(key: str) -> Callable[[LoadSharingCoordinator, str, bool], None]:
    def turn(coordinator: LoadSharingCoordinator, owner: str, on: bool) -> None:
        coordinator.async_set_flag(owner, key, value=on)

    return turn


def _set_mode(coordinator: LoadSharingCoordinator, option: str) -> None:
    assert coordinator.heating is not None
    coordinator.heating.async_set_mode(Mode(option))


SWITCHES: tuple[PartSwitchDescription[HeatingSnapshot], ...] = (
    PartSwitchDescription(
        key=ENABLED,
        translation_key="load_sharing",
        is_on_fn=lambda heating: heating.enabled,
        turn_fn=_set_flag(ENABLED),
    ),
    PartSwitchDescription(
        key=SHADOW,
        translation_key="shadow",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda heating: heating.shadow,
        turn_fn=_set_flag(SHADOW),
    ),
    PartSwitchDescription(
        key=OVERHEAT_CAP,
        translation_key="overheat_cap",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda heating: heating.overheat_cap,
        turn_fn=_set_flag(OVERHEAT_CAP),
    ),
)

ROOM_SWITCHES: tuple[PartSwitchDescription[RoomSnapshot], ...] = (
    PartSwitchDescription(
        key=PARTICIPATES,
        translation_key="participates",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda room: room.participates,
        turn_fn=_set_flag(PARTICIPATES),
    ),
)

SELECTS: tuple[PartSelectDescription[HeatingSnapshot], ...] = (
    PartSelectDescription(
        key="mode",
        translation_key="load_sharing_mode",
        options=[mode.value for mode in Mode],
        option_fn=lambda heating: heating.mode.value,
        select_fn=_set_mode,
    ),
)

_DESCRIPTIONS = {
    Platform.SENSOR: (HEATING_SENSORS, ROOM_SENSORS),
    Platform.BINARY_SENSOR: (HEATING_BINARY_SENSORS, ROOM_BINARY_SENSORS),
    Platform.SWITCH: (SWITCHES, ROOM_SWITCHES),
    Platform.SELECT: (SELECTS, ()),
}
"""Those of the heating as a whole, and those of each room."""


def sharing_event(listen: Listen) -> PartEventDescription:
    """Describe the event entity, fed by who tells of the events."""
    return PartEventDescription(
        key="sharing_event",
        translation_key="sharing_event",
        event_types=[event_type.value for event_type in SharingEventType],
        listen=listen,
    )


def _heating(host: Host) -> Owner[HeatingSnapshot]:
    """Own the entities of the heating as a whole."""
    entry = host.entry
    unique_id = f"{entry.entry_id}_{HEATING}"
    return Owner(
        key=HEATING,
        unique_id=unique_id,
        device=DeviceInfo(
            identifiers={(DOMAIN, unique_id)},
            translation_key=HEATING,
            translation_placeholders={"site": entry.title},
            manufacturer=MANUFACTURER,
            via_device_id=register_site(host.hass, entry).id,
        ),
        part=lambda snapshot: snapshot.heating,
    )


def _room(host: Host, room: RoomConfig) -> Owner[RoomSnapshot]:
    room_id = room.room_id
    return subentry_owner(
        host, room_id, room.name, lambda snapshot: snapshot.heating.rooms[room_id]
    )
