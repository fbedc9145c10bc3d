"""What is wrong with a site that only the user can fix, and where to fix it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.issue_registry import IssueSeverity

CIRCUIT_GONE = "circuit_gone"
ENTITY_GONE = "entity_gone"
WRONG_UNIT = "wrong_unit"
CHARGER_DISOBEYS = "charger_disobeys"
CHARGER_WIRED_ELSEWHERE = "charger_wired_elsewhere"
CHARGER_NOT_SEEN = "charger_not_seen"
WATTS_ON_FEWER_PHASES = "watts_on_fewer_phases"
PAUSE_RAISES = "pause_raises"
LIMIT_TOO_LOW = "limit_too_low"
METER_TOO_SLOW = "meter_too_slow"
METER_UNSIGNED = "meter_unsigned"
METER_REVERSED = "meter_reversed"
VOLTAGE_LOST = "voltage_lost"
OTHER_VOLTAGE = "other_voltage"
BOILER_NEVER_SHARES = "boiler_never_shares"
TAP_WATER_ALWAYS_ON = "tap_water_always_on"
SENSOR_SILENT = "sensor_silent"
NO_CHARGER = "no_charger"
NO_ROOM = "no_room"
KEYS = (
    CIRCUIT_GONE,
    ENTITY_GONE,
    WRONG_UNIT,
    CHARGER_DISOBEYS,
    CHARGER_WIRED_ELSEWHERE,
    CHARGER_NOT_SEEN,
    WATTS_ON_FEWER_PHASES,
    PAUSE_RAISES,
    LIMIT_TOO_LOW,
    METER_TOO_SLOW,
    METER_UNSIGNED,
    METER_REVERSED,
    VOLTAGE_LOST,
    OTHER_VOLTAGE,
    BOILER_NEVER_SHARES,
    TAP_WATER_ALWAYS_ON,
    SENSOR_SILENT,
    NO_CHARGER,
    NO_ROOM,
)
"""Keys of both halves, so that the issues of a removed half are withdrawn too."""

GRACE_S = 60.0
"""A shorter problem is temporary: a device restarts, an entity is renamed."""

SET_UP_GRACE_S = 600.0
"""Until then, the user may still be filling in the form of the first part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a site: the supply, the boiler, or a subentry by its ID.

    A type of subentry stands for one that is still to be added.
    """

    part_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a part.

    It is raised once it has lasted ``grace_s``. If it is not ``sure``, it is not
    raised, but an earlier issue stays. ``about`` distinguishes findings with the same
    key and part. ``placeholders`` are those of the issue's text.
    """

    key: str
    part: Part
    severity: IssueSeverity = IssueSeverity.WARNING
    sure: bool = True
    grace_s: float = GRACE_S
    about: str = ""
    placeholders: dict[str, str] = field(default_factory=dict)

    def issue_id(self, entry_id: str) -> str:
        """Return the ID of the issue."""
        names = (self.key, entry_id, self.part.part_id, self.about)
        return "_".join(name for name in names if name)


type Finder = Callable[[], Iterable[Finding]]
"""Returns what is wrong with a half now."""


def find_gone(
    hass: HomeAssistant,
    part: Part,
    entities: Iterable[str],
    severity: IssueSeverity = IssueSeverity.WARNING,
) -> Iterator[Finding]:
    """Find entities without any state, not even unavailable; one finding for all."""
    gone = [entity_id for entity_id in entities if hass.states.get(entity_id) is None]
    if gone:
        placeholders = {"entities": ", ".join(gone)}
        yield Finding(ENTITY_GONE, part, severity, placeholders=placeholders)


def report_wrong_unit(
    hass: HomeAssistant,
    part: Part,
    entities: Iterable[str],
    severity: IssueSeverity = IssueSeverity.WARNING,
) -> Iterator[Finding]:
    """Report the entities of a part that have a wrong unit; one finding for all."""
    names = []
    for state in filter(None, map(hass.states.get, entities)):
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        names.append(f"{state.entity_id} ({unit})" if unit else state.entity_id)
    if names:
        placeholders = {"entities": ", ".join(names)}
        yield Finding(WRONG_UNIT, part, severity, placeholders=placeholders)
