"""The heating half as the coordinator uses it: its control, findings and entities."""

from homeassistant.const import Platform

from ..const import CONF_BOILER, SUBENTRY_ROOM
from ..site.descriptions import Described
from ..site.host import Host
from ..site.repairs.findings import Finder
from .config import BoilerConfig, RoomConfig
from .control import HeatingControl
from .entities import heating, room
from .findings import find
from .store import HeatingStore


def make(host: Host) -> HeatingControl:
    """Build the heating control of a site; may raise ConfigDamagedError."""
    entry = host.entry
    boiler = BoilerConfig.from_data(entry.data[CONF_BOILER])
    rooms = [
        RoomConfig.from_subentry(subentry.subentry_id, subentry.title, subentry.data)
        for subentry in entry.get_subentries_of_type(SUBENTRY_ROOM)
    ]
    return HeatingControl(host, HeatingStore(host.store), boiler, rooms)


def make_finder(control: HeatingControl, host: Host) -> Finder:
    """Return the finder of problems."""
    return lambda: find(host, control)


def describe(control: HeatingControl, host: Host, platform: Platform) -> Described:
    """Describe the entities of the heating as a whole, and of its rooms."""
    yield heating.owner(host), heating.describe(control, platform)
    for managed in control.rooms.values():
        descriptions = room.describe(control, managed.config, platform)
        yield room.owner(host, managed.config), descriptions
