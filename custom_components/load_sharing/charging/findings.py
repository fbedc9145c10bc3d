"""Finds problems of the supply, circuits and chargers that only a person can fix."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.issue_registry import IssueSeverity

from ..const import CONF_NUMBER, CONF_SUPPLY, PHASES, SUBENTRY_CHARGER
from ..site.host import Host
from ..site.repairs.findings import (
    CHARGER_DISOBEYS,
    CHARGER_NOT_SEEN,
    CHARGER_WIRED_ELSEWHERE,
    CIRCUIT_GONE,
    LIMIT_TOO_LOW,
    METER_REVERSED,
    METER_TOO_SLOW,
    METER_UNSIGNED,
    NO_CHARGER,
    OTHER_VOLTAGE,
    PAUSE_RAISES,
    SET_UP_GRACE_S,
    VOLTAGE_LOST,
    WATTS_ON_FEWER_PHASES,
    Finding,
    Part,
    find_gone,
    report_wrong_unit,
)
from .charger import ManagedCharger
from .control import ChargingControl
from .engine.grid import lowest_current
from .engine.pace import Pace, judge_pace, median_spacing
from .engine.sightings import UNSEEN_A
from .io.units import to_amperes
from .io.voltage import SupplyVoltage
from .meter_pace import MeterPace
from .setup.checks import check_measurement, check_voltage
from .snapshot import ReadingProblem
from .tuning import circuit_limit

VOLTAGE_GRACE_S = 600.0
"""Without its voltage a supply is still protected, so this is no hurry."""


def find(host: Host, control: ChargingControl, pace: MeterPace) -> Iterator[Finding]:
    """Yield every problem that there is now."""
    hass, supply, settings = host.hass, control.supply, control.settings
    part = Part(CONF_SUPPLY, host.entry.title)
    meters = [*supply.meters, *supply.exports]
    measured = [*meters, supply.external] if supply.external else meters
    voltage = [supply.voltage_entity] if supply.voltage_entity else []
    limit_a = settings.limit_a - settings.safety_margin_a
    yield from _find_in_meters(hass, part, measured, voltage)
    yield from _find_in_voltage(hass, part, control.voltage)
    if control.meter.found_unsigned:
        yield Finding(METER_UNSIGNED, part, grace_s=0)
    known = [
        charger.known
        for charger in control.chargers.values()
        if charger.known and not charger.away
    ]
    backwards = known[0].backwards if known else {}
    yield from _find_reversed(
        part, supply.meters, supply.mains.phases, backwards.get("", ())
    )
    yield from _find_slow(part, meters, pace, settings.overload_loop_interval_s)
    yield from _find_too_low(part, limit_a, control.chargers.values())
    for circuit_id, circuit in control.circuits.configs.items():
        part, meters = Part(circuit_id, circuit.name), [*circuit.meters]
        limit_a = circuit_limit(circuit.rating_a, host.store.tuning(circuit_id))
        members = control.circuits.members(circuit_id)
        yield from _find_in_meters(hass, part, meters)
        yield from _find_slow(part, meters, pace, settings.overload_loop_interval_s)
        yield from _find_reversed(
            part, meters, circuit.phases, backwards.get(circuit_id, ())
        )
        yield from _find_too_low(
            part, limit_a, [control.chargers[key] for key in members]
        )
    if not control.chargers:
        part = Part(SUBENTRY_CHARGER, host.entry.title)
        yield Finding(NO_CHARGER, part, grace_s=SET_UP_GRACE_S)
    for charger in control.chargers.values():
        yield from _find_in_charger(host, charger)
        yield from _find_in_wiring(control, charger)
        circuit_id = charger.config.circuit_id
        if circuit_id and circuit_id not in control.circuits.configs:
            part = Part(charger.config.charger_id, charger.config.name)
            yield Finding(CIRCUIT_GONE, part, IssueSeverity.ERROR, grace_s=0)


def _find_in_meters(
    hass: HomeAssistant,
    part: Part,
    entities: Sequence[str],
    voltages: Sequence[str] = (),
) -> Iterator[Finding]:
    """Find sensors that are gone, or that measure something else than they should."""
    yield from find_gone(hass, part, [*entities, *voltages], IssueSeverity.ERROR)
    wrong = _not_currents(hass, entities) + _not_voltages(hass, voltages)
    yield from report_wrong_unit(hass, part, wrong, IssueSeverity.ERROR)


def _find_in_voltage(
    hass: HomeAssistant, part: Part, voltage: SupplyVoltage
) -> Iterator[Finding]:
    """Find a voltage sensor that has long shown nothing, or another voltage."""
    state = hass.states.get(voltage.entity_id or "")
    if state is None or voltage.problem in (None, ReadingProblem.WRONG_UNIT):
        return
    placeholders = {
        "entity_id": state.entity_id,
        "used_v": f"{voltage.mains.voltage_v:.4g}",
    }
    if voltage.problem is ReadingProblem.IMPLAUSIBLE:
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        placeholders |= {
            "shown": f"{state.state} {unit}",
            "entered_v": f"{voltage.entered_v:g}",
        }
        yield Finding(
            OTHER_VOLTAGE, part, grace_s=VOLTAGE_GRACE_S, placeholders=placeholders
        )
    else:
        yield Finding(
            VOLTAGE_LOST, part, grace_s=VOLTAGE_GRACE_S, placeholders=placeholders
        )


def _find_in_charger(host: Host, charger: ManagedCharger) -> Iterator[Finding]:
    """Find entities that are gone or have a wrong unit, and commands not obeyed."""
    hass, config, state = host.hass, charger.config, charger.runner.state
    part = Part(config.charger_id, config.name)
    gone = list(find_gone(hass, part, config.entities, IssueSeverity.ERROR))
    yield from gone
    offered = [config.offered] if config.offered else []
    wrong = _not_currents(hass, [*config.draws, *offered])
    wrong += _wrong_number(host, charger)
    yield from report_wrong_unit(hass, part, wrong, IssueSeverity.ERROR)
    if charger.answers_pause_with_more:
        yield Finding(
            PAUSE_RAISES,
            part,
            IssueSeverity.ERROR,
            grace_s=0,
            placeholders={"min_a": f"{lowest_current(charger.settings):g}"},
        )
    # A charger that cannot be reached cannot obey.
    if charger.is_ours and not state.confirmed and not gone:
        error = charger.runner.record.error or "-"
        yield Finding(
            CHARGER_DISOBEYS,
            part,
            IssueSeverity.ERROR,
            sure=state.has_problem and charger.probe.reachable,
            placeholders={"error": error},
        )


def _find_in_wiring(
    control: ChargingControl, charger: ManagedCharger
) -> Iterator[Finding]:
    """Find phases that were entered wrong, and meters that do not see a charger."""
    known, config = charger.known, charger.config
    if known is None:
        return
    part = Part(config.charger_id, config.name)
    if known.wires != config.phases:
        own = PHASES[: len(config.phases)]
        found = [PHASES[phase] for phase in known.wires]
        placeholders = {
            "own": _listed(own),
            "found": _listed(found),
            "phases": _listed(sorted(found)),
            "first": found[0].upper(),
        }
        yield Finding(
            CHARGER_WIRED_ELSEWHERE,
            part,
            IssueSeverity.ERROR,
            grace_s=0,
            placeholders=placeholders,
        )
    for circuit_id in known.unseen_by:
        circuit = control.circuits.configs.get(circuit_id)
        meters = circuit.meters if circuit else control.supply.meters
        yield Finding(
            CHARGER_NOT_SEEN,
            part,
            IssueSeverity.ERROR,
            grace_s=0,
            about=circuit_id,
            placeholders={"meter": ", ".join(meters), "missed_a": f"{UNSEEN_A:g}"},
        )
    if 0 < known.watts.phases < len(config.phases):
        placeholders = {
            "used": str(known.watts.phases),
            "phases": str(len(config.phases)),
        }
        yield Finding(WATTS_ON_FEWER_PHASES, part, grace_s=0, placeholders=placeholders)


def _listed(phases: Iterable[str]) -> str:
    """Return phases as the user reads them."""
    return ", ".join(phase.upper() for phase in phases)


def _not_currents(hass: HomeAssistant, entities: Iterable[str]) -> list[str]:
    """Return the entities that measure neither a current nor a power."""
    return [
        entity_id
        for entity_id in entities
        if check_measurement(hass, entity_id) == "wrong_unit"
    ]


def _not_voltages(hass: HomeAssistant, entities: Iterable[str]) -> list[str]:
    """Return the entities that do not measure a voltage."""
    return [
        entity_id
        for entity_id in entities
        if check_voltage(hass, entity_id, entered_v=0.0) == "not_a_voltage"
    ]


def _wrong_number(host: Host, charger: ManagedCharger) -> list[str]:
    """Return the charger's number if it has a unit, but not of a current or a power."""
    subentry = host.entry.subentries.get(charger.config.charger_id)
    data = subentry.data if subentry is not None else {}
    state = host.hass.states.get(data.get(CONF_NUMBER) or "")
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    if state is None or unit is None or to_amperes(0.0, unit, 1.0) is not None:
        return []
    return [state.entity_id]


def _find_slow(
    part: Part, meters: Iterable[str], pace: MeterPace, loop_s: float
) -> Iterator[Finding]:
    """Find meters that are too slow, or may be so; one finding for each."""
    for entity_id in meters:
        spacings_s = pace.spacings_s(entity_id)
        judged = judge_pace(spacings_s, loop_s)
        if judged is Pace.FINE:
            continue
        placeholders = {"entity_id": entity_id, "loop_s": f"{loop_s:g}"}
        if judged is Pace.SLOW:
            placeholders["interval_s"] = f"{median_spacing(spacings_s):.0f}"
        yield Finding(
            METER_TOO_SLOW,
            part,
            sure=judged is Pace.SLOW,
            about=entity_id,
            placeholders=placeholders,
        )


def _find_reversed(
    part: Part,
    meters: Sequence[str],
    phases: Sequence[int],
    backwards: Collection[int],
) -> Iterator[Finding]:
    """Find meters that show some phases the wrong way round; one finding for all."""
    if not backwards:
        return
    wrong = meters
    if len(meters) == len(phases):
        pairs = zip(phases, meters, strict=True)
        wrong = [meter for phase, meter in pairs if phase in backwards]
    placeholders = {"meter": ", ".join(wrong)}
    yield Finding(
        METER_REVERSED,
        part,
        IssueSeverity.ERROR,
        grace_s=0,
        placeholders=placeholders,
    )


def _find_too_low(
    part: Part, limit_a: float, chargers: Iterable[ManagedCharger]
) -> Iterator[Finding]:
    """Find chargers whose minimum is above a limit in A; one finding for all."""
    names = sorted(
        f"{charger.config.name} ({charger.settings.min_a:g} A)"
        for charger in chargers
        if charger.settings.min_a > limit_a
    )
    if names:
        placeholders = {
            "limit_a": f"{max(0.0, limit_a):g}",
            "chargers": ", ".join(names),
        }
        yield Finding(LIMIT_TOO_LOW, part, placeholders=placeholders)
