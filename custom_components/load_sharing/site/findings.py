"""What is wrong with a site that only a person can mend, and where it is mended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.issue_registry import IssueSeverity

from ..charging.engine.pace import Pace, judge, typical
from ..charging.meter_pace import MeterPace
from ..charging.setup.checks import check_measurement
from ..charging.tuning import circuit_limit
from ..const import CONF_BOILER, CONF_NUMBER, CONF_SUPPLY
from ..heating.setup.checks import check_temperature
from .host import Host
from .readings import to_amperes

if TYPE_CHECKING:
    from ..charging.charger import ManagedCharger
    from ..charging.control import ChargingControl
    from ..heating.control import HeatingControl

CIRCUIT_GONE = "circuit_gone"
ENTITY_GONE = "entity_gone"
WRONG_UNIT = "wrong_unit"
CHARGER_DISOBEYS = "charger_disobeys"
LIMIT_TOO_LOW = "limit_too_low"
METER_TOO_SLOW = "meter_too_slow"
KEYS = (
    CIRCUIT_GONE,
    ENTITY_GONE,
    WRONG_UNIT,
    CHARGER_DISOBEYS,
    LIMIT_TOO_LOW,
    METER_TOO_SLOW,
)
GRACE_S = 60.0
"""What lasts no longer than this mends itself: a device restarts, an entity is moved."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a site: the supply, the boiler, or a subentry by its ID."""

    part_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a part. Not ``sure``: it may be, so what was raised stays.

    It is raised once it has lasted ``grace_s``.
    ``told`` fills the text, ``about`` tells it from others of the part.
    """

    key: str
    part: Part
    severity: IssueSeverity = IssueSeverity.WARNING
    sure: bool = True
    grace_s: float = GRACE_S
    about: str = ""
    told: dict[str, str] = field(default_factory=dict)

    def issue_id(self, entry_id: str) -> str:
        """Name of the issue."""
        names = (self.key, entry_id, self.part.part_id, self.about)
        return "_".join(name for name in names if name)


def find_in_charging(
    host: Host, charging: ChargingControl, pace: MeterPace
) -> Iterator[Finding]:
    """Look at the supply, the circuits and the chargers."""
    hass, supply, settings = host.hass, charging.supply, charging.settings
    part = Part(CONF_SUPPLY, host.entry.title)
    meters = [*supply.meters, *supply.exports]
    measured = [*meters, supply.external] if supply.external else meters
    yield from _gone(hass, part, measured, IssueSeverity.ERROR)
    yield from _wrong(hass, part, _no_currents(hass, measured), IssueSeverity.ERROR)
    yield from _slow(part, meters, pace, settings.overload_loop_interval_s)
    limit_a = settings.limit_a - settings.safety_margin_a
    yield from _too_low(part, limit_a, charging.chargers.values())
    for circuit_id, circuit in charging.circuits.configs.items():
        part, meters = Part(circuit_id, circuit.name), [*circuit.meters]
        yield from _gone(hass, part, meters, IssueSeverity.ERROR)
        yield from _wrong(hass, part, _no_currents(hass, meters), IssueSeverity.ERROR)
        yield from _slow(part, meters, pace, settings.overload_loop_interval_s)
        limit_a = circuit_limit(circuit.rating_a, host.store.tuning(circuit_id))
        members = charging.circuits.members(circuit_id)
        yield from _too_low(part, limit_a, [charging.chargers[key] for key in members])
    for charger in charging.chargers.values():
        yield from _find_in_charger(host, charger)
        circuit_id = charger.config.circuit_id
        if circuit_id and circuit_id not in charging.circuits.configs:
            part = Part(charger.config.charger_id, charger.config.name)
            yield Finding(CIRCUIT_GONE, part, IssueSeverity.ERROR, grace_s=0)


def _find_in_charger(host: Host, charger: ManagedCharger) -> Iterator[Finding]:
    hass, config, state = host.hass, charger.config, charger.runner.state
    part = Part(config.charger_id, config.name)
    gone = list(_gone(hass, part, config.entities, IssueSeverity.ERROR))
    yield from gone
    offered = [config.offered] if config.offered else []
    wrong = _no_currents(hass, [*config.draws, *offered])
    wrong += _no_number(host, charger)
    yield from _wrong(hass, part, wrong, IssueSeverity.ERROR)
    # A charger that cannot be reached cannot obey.
    if charger.is_ours and not state.confirmed and not gone:
        error = charger.runner.record.error or "-"
        yield Finding(
            CHARGER_DISOBEYS,
            part,
            IssueSeverity.ERROR,
            sure=state.has_problem and charger.probe.reachable,
            told={"error": error},
        )


def find_in_heating(host: Host, heating: HeatingControl) -> Iterator[Finding]:
    """Look at the boiler and the rooms."""
    hass, boiler = host.hass, heating.boiler
    part = Part(CONF_BOILER, host.entry.title)
    water = (boiler.flow, boiler.return_, boiler.setpoint)
    yield from _gone(hass, part, boiler.entities)
    yield from _wrong(hass, part, _no_temperatures(hass, water))
    for room in heating.rooms.values():
        part = Part(room.room_id, room.config.name)
        air = (room.config.temperature, room.config.target)
        yield from _gone(hass, part, room.config.entities)
        yield from _wrong(hass, part, _no_temperatures(hass, air))


def _gone(
    hass: HomeAssistant,
    part: Part,
    entities: Iterable[str],
    severity: IssueSeverity = IssueSeverity.WARNING,
) -> Iterator[Finding]:
    """One finding for all entities of a part that are not there, not even unavailable."""
    gone = [entity_id for entity_id in entities if hass.states.get(entity_id) is None]
    if gone:
        told = {"entities": ", ".join(gone)}
        yield Finding(ENTITY_GONE, part, severity, told=told)


def _wrong(
    hass: HomeAssistant,
    part: Part,
    entities: Iterable[str],
    severity: IssueSeverity = IssueSeverity.WARNING,
) -> Iterator[Finding]:
    """One finding for all entities of a part that measure something else."""
    named = []
    for state in filter(None, map(hass.states.get, entities)):
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        named.append(f"{state.entity_id} ({unit})" if unit else state.entity_id)
    if named:
        told = {"entities": ", ".join(named)}
        yield Finding(WRONG_UNIT, part, severity, told=told)


def _no_currents(hass: HomeAssistant, entities: Iterable[str]) -> list[str]:
    return [
        entity_id
        for entity_id in entities
        if check_measurement(hass, entity_id) == "wrong_unit"
    ]


def _no_number(host: Host, charger: ManagedCharger) -> list[str]:
    """Name the charger's number, if it sets something else; it may be without unit."""
    subentry = host.entry.subentries.get(charger.config.charger_id)
    data = subentry.data if subentry is not None else {}
    state = host.hass.states.get(data.get(CONF_NUMBER) or "")
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    if state is None or unit is None or to_amperes(0.0, unit, 1.0) is not None:
        return []
    return [state.entity_id]


def _no_temperatures(hass: HomeAssistant, entities: Iterable[str | None]) -> list[str]:
    return [
        state.entity_id
        for entity_id in entities
        if entity_id and (state := hass.states.get(entity_id)) is not None
        if check_temperature(state) == "not_a_temperature"
    ]


def _slow(
    part: Part, meters: Iterable[str], pace: MeterPace, loop_s: float
) -> Iterator[Finding]:
    """One finding for each meter that is too slow, or may be."""
    for entity_id in meters:
        spacings_s = pace.spacings_s(entity_id)
        judged = judge(spacings_s, loop_s)
        if judged is Pace.FINE:
            continue
        told = {"entity_id": entity_id, "loop_s": f"{loop_s:g}"}
        if judged is Pace.SLOW:
            told["interval_s"] = f"{typical(spacings_s):.0f}"
        yield Finding(
            METER_TOO_SLOW,
            part,
            sure=judged is Pace.SLOW,
            about=entity_id,
            told=told,
        )


def _too_low(
    part: Part, limit_a: float, chargers: Iterable[ManagedCharger]
) -> Iterator[Finding]:
    """One finding for all chargers that a part leaves less than their minimum, ever."""
    never = [charger for charger in chargers if charger.settings.min_a > limit_a]
    if never:
        names = sorted(
            f"{charger.config.name} ({charger.settings.min_a:g} A)" for charger in never
        )
        told = {"limit_a": f"{max(0.0, limit_a):g}", "chargers": ", ".join(names)}
        yield Finding(LIMIT_TOO_LOW, part, told=told)
