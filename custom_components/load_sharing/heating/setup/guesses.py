"""Guesses what the entities of an unknown head or boiler are for, by their names.

A guess only fills in a form. Where two entities come into question, neither is taken.
"""

from collections.abc import Iterable
import re
from typing import Any

from homeassistant.const import UnitOfRatio, UnitOfTemperature
from homeassistant.helpers import entity_registry as er

from ...const import CONF_BURNER, CONF_DHW, CONF_FLOW, CONF_RETURN, CONF_SETPOINT
from .checks import SET_POSITION
from .limits import is_limit

_VALVE = re.compile(r"valve|opening|position", re.IGNORECASE)
_OTHER_VALVE = re.compile(
    r"limit|max|min|calib|clos|idle|offset|alarm|steps", re.IGNORECASE
)
_BURNER = re.compile(r"flame|burner|brenner|brander|br[uû]leur", re.IGNORECASE)
_OTHER_FLAG = re.compile(
    r"fault|fail|error|alarm|lock|health|start|support|enabled|present", re.IGNORECASE
)
_DHW = re.compile(r"dhw|tap.?water|hot.?water", re.IGNORECASE)
_FLOW = re.compile(
    r"flow|supply|(?:ch|boiler|heating).?(?:water)?.?temp", re.IGNORECASE
)
_RETURN = re.compile(r"return|ruecklauf|rücklauf|retour", re.IGNORECASE)
_SETPOINT = re.compile(
    r"\b(?:control|flow|boiler|ch|heating|water).*(?:set.?point|target)", re.IGNORECASE
)
_ASKED_FOR = re.compile(r"set.?point|target|desired|wanted|selected", re.IGNORECASE)
_OTHER_WATER = re.compile(
    r"dhw|tap|hot.?water|max|min|limit|room|outdoor|outside|exhaust|solar|rate|ch2|2$"
    r"|floor|mix|storage|tank|cylinder|bound|lower|upper|delta|hyst",
    re.IGNORECASE,
)


def guess_valve(
    climate: er.RegistryEntry, entries: Iterable[er.RegistryEntry]
) -> str | None:
    """Return the one entity that can set how far the valve of a thermostat is open.

    It is a valve with a position, or a number in % whose name says so. Where a device
    has several of both, it is the one that is named like the thermostat.
    """
    valves = [entry for entry in entries if _is_valve(entry)]
    if len(valves) > 1 and climate.original_name:
        own = climate.original_name
        valves = [entry for entry in valves if own in (entry.original_name or "")]
    return valves[0].entity_id if len(valves) == 1 else None


def _is_valve(entry: er.RegistryEntry) -> bool:
    if entry.domain == "valve":
        return bool(entry.supported_features & SET_POSITION)
    return (
        entry.domain == "number"
        and entry.unit_of_measurement == UnitOfRatio.PERCENTAGE
        and _says(entry, _VALVE, _OTHER_VALVE)
        and not is_limit(entry)
    )


def guess_boiler(entries: Iterable[er.RegistryEntry]) -> dict[str, Any]:
    """Return the form fields that the entities of a device may stand for.

    Without a burner and one temperature, it is no boiler.
    """
    own = list(entries)
    flags = [entry for entry in own if entry.domain == "binary_sensor"]
    water = [entry for entry in own if _is_temperature(entry)]
    shown = [entry for entry in water if entry.domain == "sensor"]
    asked_for = [entry for entry in water if _says(entry, _SETPOINT, _OTHER_WATER)]
    measured = [entry for entry in shown if not _says(entry, _ASKED_FOR)]
    fields = {
        CONF_BURNER: _only(flags, _BURNER, _OTHER_FLAG),
        CONF_FLOW: _only(
            [entry for entry in measured if not _says(entry, _RETURN)],
            _FLOW,
            _OTHER_WATER,
        ),
        CONF_RETURN: _only(measured, _RETURN, _OTHER_WATER),
        CONF_SETPOINT: _only(asked_for, _SETPOINT, _OTHER_WATER),
        CONF_DHW: _only(flags, _DHW, _OTHER_FLAG),
    }
    known = {key: value for key, value in fields.items() if value}
    is_boiler = CONF_BURNER in known and known.keys() & {CONF_FLOW, CONF_RETURN}
    return known if is_boiler else {}


def _only(
    entries: Iterable[er.RegistryEntry],
    what: re.Pattern[str],
    other: re.Pattern[str],
) -> str | None:
    """Return the one entity whose name says what it is for; None if several do."""
    found = [entry.entity_id for entry in entries if _says(entry, what, other)]
    return found[0] if len(found) == 1 else None


def _says(
    entry: er.RegistryEntry,
    what: re.Pattern[str],
    other: re.Pattern[str] | None = None,
) -> bool:
    """Return whether the name of an entity says what it is for, and nothing else."""
    name = entry.original_name or entry.unique_id
    name = f"{entry.translation_key or ''} {name}"
    return bool(what.search(name)) and not (other and other.search(name))


def _is_temperature(entry: er.RegistryEntry) -> bool:
    """Return whether an entity shows or sets a temperature."""
    return entry.domain in ("sensor", "number") and entry.unit_of_measurement in (
        UnitOfTemperature.CELSIUS,
        UnitOfTemperature.FAHRENHEIT,
    )
