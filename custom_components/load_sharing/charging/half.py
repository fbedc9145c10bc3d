"""The charging half as a site takes it up: how it is made, and which entities it has."""

from collections.abc import Iterable

from homeassistant.const import EntityCategory, Platform
from homeassistant.helpers.device_registry import DeviceInfo

from ..const import DOMAIN, SUBENTRY_CHARGER, SUBENTRY_CIRCUIT
from ..coordinator import LoadSharingCoordinator
from ..entity import subentry_owner
from ..site.descriptions import (
    Described,
    Listen,
    Owner,
    PartButtonDescription,
    PartEventDescription,
    PartSwitchDescription,
    TunableDescription,
)
from ..site.host import Host
from ..site.snapshot import SUPPLY, ChargerSnapshot, ChargingSnapshot, CircuitSnapshot
from ..site.tunables import Tunable
from .charger_entities import HAND_LIMIT, TEST, TEST_WITH_DRAW
from .circuits import CircuitConfig
from .config import ChargerConfig, SupplyConfig
from .control import ChargingControl
from .engine.overload import OverloadEventType
from .entities import (
    CHARGER_BINARY_SENSORS,
    CHARGER_SENSORS,
    CIRCUIT_BINARY_SENSORS,
    CIRCUIT_SENSORS,
    LIMITING_CIRCUIT,
    SUPPLY_BINARY_SENSORS,
    SUPPLY_SENSORS,
    phase_sensors,
)
from .tuning import (
    MAX_CHARGER_CURRENT,
    MAX_SERVICE_CURRENT,
    charger_tunables,
    circuit_tunables,
    has_controls,
    supply_tunables,
)


def make(host: Host) -> ChargingControl:
    """Put the charging of a site together; ConfigDamagedError for what is no site."""
    entry = host.entry
    supply = SupplyConfig.from_entry(entry.data, entry.options)
    chargers = [
        ChargerConfig.from_subentry(
            subentry.subentry_id, subentry.title, subentry.data, supply.phases
        )
        for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER)
    ]
    circuits = [
        CircuitConfig.from_subentry(
            subentry.subentry_id, subentry.title, subentry.data, supply.phases
        )
        for subentry in entry.get_subentries_of_type(SUBENTRY_CIRCUIT)
    ]
    return ChargingControl(host, supply, chargers, circuits)


def describe(control: ChargingControl, host: Host, platform: Platform) -> Described:
    """Name the entities of the supply, its circuits and its chargers."""
    match platform:
        case Platform.SENSOR:
            return _sensors(control, host)
        case Platform.BINARY_SENSOR:
            return _binary_sensors(control, host)
        case Platform.NUMBER:
            return _numbers(control, host)
        case Platform.SWITCH:
            return iter([(_supply(host), SWITCHES)])
        case Platform.BUTTON:
            return (
                (_charger(host, charger.config), (TEST_BUTTON,))
                for charger in control.chargers.values()
            )
        case Platform.EVENT:
            return iter(
                [(_supply(host), [overload_event(control.notices.async_listen)])]
            )
        case _:
            return iter(())


def _sensors(control: ChargingControl, host: Host) -> Described:
    supply, phases = _supply(host), control.supply.phases
    yield supply, SUPPLY_SENSORS
    if phases > 1:
        for phase in range(phases):
            yield supply, phase_sensors(phase)
    for circuit in control.circuits.configs.values():
        if circuit.meters:
            yield _circuit(host, circuit), CIRCUIT_SENSORS
    for charger in control.chargers.values():
        owner = _charger(host, charger.config)
        yield owner, CHARGER_SENSORS
        yield owner, TEST
        if charger.config.draws:
            yield owner, TEST_WITH_DRAW
        if has_controls(charger.config):
            yield owner, HAND_LIMIT
        if control.circuits.configs:
            yield owner, LIMITING_CIRCUIT


def _binary_sensors(control: ChargingControl, host: Host) -> Described:
    yield _supply(host), SUPPLY_BINARY_SENSORS
    for circuit in control.circuits.configs.values():
        if circuit.meters:
            yield _circuit(host, circuit), CIRCUIT_BINARY_SENSORS
    for charger in control.chargers.values():
        yield _charger(host, charger.config), CHARGER_BINARY_SENSORS


def _numbers(control: ChargingControl, host: Host) -> Described:
    tunables = supply_tunables(control.supply)
    yield _supply(host), _describe(tunables, host.entry.title)
    for circuit in control.circuits.configs.values():
        yield _circuit(host, circuit), _describe(circuit_tunables(circuit.rating_a), "")
    for charger in control.chargers.values():
        config = charger.config
        tunables = charger_tunables(config)
        yield _charger(host, config), _describe(tunables, config.name)


def _describe(tunables: Iterable[Tunable], name: str) -> list[TunableDescription]:
    """Describe numbers. A maximum is no configuration: actions pass over that."""
    return [
        TunableDescription(
            key=tunable.key,
            tunable=tunable,
            limited=name if (is_limit := tunable.key in MAXIMUMS) else None,
            entity_category=None if is_limit else EntityCategory.CONFIG,
        )
        for tunable in tunables
    ]


MAXIMUMS = (MAX_SERVICE_CURRENT, MAX_CHARGER_CURRENT)
"""Numbers on which a limit can be set for a time."""


def _balance(coordinator: LoadSharingCoordinator, _owner: str, on: bool) -> None:
    assert coordinator.charging is not None
    coordinator.charging.async_set_enabled(enabled=on)


def _shadow(coordinator: LoadSharingCoordinator, _owner: str, on: bool) -> None:
    assert coordinator.charging is not None
    coordinator.charging.async_set_shadow(shadow=on)


def _test(coordinator: LoadSharingCoordinator, charger_id: str) -> None:
    assert coordinator.charging is not None
    coordinator.charging.async_test(charger_id)


SWITCHES: tuple[PartSwitchDescription[ChargingSnapshot], ...] = (
    PartSwitchDescription(
        key="balancing",
        translation_key="balancing",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda snapshot: snapshot.enabled,
        turn_fn=_balance,
    ),
    PartSwitchDescription(
        key="shadow",
        translation_key="shadow",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda snapshot: snapshot.shadow,
        turn_fn=_shadow,
    ),
)

TEST_BUTTON = PartButtonDescription(
    key="test",
    translation_key="test_charger",
    entity_category=EntityCategory.DIAGNOSTIC,
    press_fn=_test,
)


def overload_event(listen: Listen) -> PartEventDescription:
    """Describe the event entity, fed by who tells of the events."""
    return PartEventDescription(
        key="overload_event",
        translation_key="overload_event",
        event_types=[event_type.value for event_type in OverloadEventType],
        listen=listen,
    )


def _supply(host: Host) -> Owner[ChargingSnapshot]:
    """Own the entities of the supply: they are on the site's device."""
    entry = host.entry
    return Owner(
        key=SUPPLY,
        unique_id=entry.entry_id,
        device=DeviceInfo(identifiers={(DOMAIN, entry.entry_id)}),
        part=lambda snapshot: snapshot.charging,
    )


def _charger(host: Host, charger: ChargerConfig) -> Owner[ChargerSnapshot]:
    charger_id = charger.charger_id
    return subentry_owner(
        host,
        charger_id,
        charger.name,
        lambda snapshot: snapshot.charging.chargers[charger_id],
    )


def _circuit(host: Host, circuit: CircuitConfig) -> Owner[CircuitSnapshot]:
    circuit_id = circuit.circuit_id
    return subentry_owner(
        host,
        circuit_id,
        circuit.name,
        lambda snapshot: snapshot.charging.circuits[circuit_id],
    )
