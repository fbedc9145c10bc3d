"""The charging half as the coordinator uses it: its control, findings and entities."""

from collections.abc import Iterable

from homeassistant.const import Platform
from homeassistant.helpers.event import async_track_state_change_event

from ..const import SUBENTRY_CHARGER, SUBENTRY_CIRCUIT
from ..site.descriptions import Described
from ..site.host import Host
from ..site.repairs.findings import Finder, Finding
from .circuit_config import CircuitConfig
from .config import ChargerConfig, SupplyConfig
from .control import ChargingControl
from .entities import charger, circuit, supply
from .findings import find
from .first_steps import async_watch
from .meter_pace import MeterPace
from .store import ChargingStore


def make(host: Host) -> ChargingControl:
    """Build the charging control of a site; may raise ConfigDamagedError."""
    entry = host.entry
    supply_config = SupplyConfig.from_entry(entry.data, entry.options)
    chargers = [
        ChargerConfig.from_subentry(
            subentry.subentry_id, subentry.title, subentry.data, supply_config.mains
        )
        for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER)
    ]
    circuits = [
        CircuitConfig.from_subentry(
            subentry.subentry_id, subentry.title, subentry.data, supply_config.mains
        )
        for subentry in entry.get_subentries_of_type(SUBENTRY_CIRCUIT)
    ]
    store = ChargingStore(host.store)
    return ChargingControl(host, store, supply_config, chargers, circuits)


def make_finder(control: ChargingControl, host: Host) -> Finder:
    """Return the finder of problems, and track how often the meters report."""
    pace = MeterPace(host.hass, control.supply.mains.phase_v, control.chargers)
    host.entry.async_on_unload(
        async_track_state_change_event(
            host.hass, control.meters, pace.async_note_change
        )
    )
    async_watch(host, control.chargers, pace)

    def find_problems() -> Iterable[Finding]:
        control.silence.note_alive(host.hass.loop.time())
        return find(host, control, pace)

    return find_problems


def describe(control: ChargingControl, host: Host, platform: Platform) -> Described:
    """Describe the entities of the supply, its circuits and its chargers."""
    yield supply.owner(host), supply.describe(control, host.entry.title, platform)
    for config in control.circuits.configs.values():
        yield circuit.owner(host, config), circuit.describe(config, platform)
    for managed in control.chargers.values():
        descriptions = charger.describe(control, managed.config, platform)
        yield charger.owner(host, managed.config), descriptions
