"""Stores on disk which actuators must be given back, so that a crash loses none.

Each entry is parsed on its own. An unreadable entry is set aside and does not prevent
the others from being given back.
"""

from collections.abc import Callable, Mapping
from math import inf, isfinite
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from homeassistant.core import HomeAssistant, valid_entity_id
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...const import DOMAIN
from ...site.ranges import Range
from ...site.storage.file import SiteFile
from ...site.validation import actions, boolean, choice, entity, number, optional

SAVE_DELAY_S = 1.0
KINDS = ("valve", "setpoint", "boiler", "boiler_switch")
"""Values of ActuatorKind.

That module imports climate and valve, which must not load on a site without heating.
"""
ALL = "all"
SET_ASIDE = "set_aside"
"""Key of the unreadable entries, next to the keys of the readable ones."""


class ThermostatData(TypedDict):
    """What a thermostat is owed: its ``ThermostatMode``, and that its setpoint is sent."""

    entity_id: str
    mode: list[Any] | None
    send_setpoint: bool


class LeaseData(TypedDict):
    """A lease on disk. Values are in the unit of its actuator.

    ``registry_id`` finds the entity even after its entity ID was changed. Not
    ``confirmed``: the actuator had not yet shown the last of the ``held`` values.
    ``actions`` set it if its entity cannot.
    """

    entity_id: str
    registry_id: NotRequired[str | None]
    kind: str
    prior: float
    held: list[float]
    confirmed: NotRequired[bool]
    thermostat: NotRequired[ThermostatData | None]
    actions: NotRequired[list[dict[str, Any]] | None]
    taken_at: str


class Recovered(NamedTuple):
    """What an earlier run did not give back.

    ``damaged`` are the unreadable entries; ``fresh`` are the keys of those that were
    not set aside before. ``lost``: the journal as a whole is unreadable.
    """

    leases: dict[str, LeaseData]
    damaged: dict[str, Any]
    fresh: frozenset[str] = frozenset()
    lost: bool = False


class LeaseJournal:
    """The leases of a site on disk."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Use a file that is named after the config entry."""
        self._file = SiteFile(hass, f"{DOMAIN}.{entry_id}.leases")
        self._damaged: dict[str, Any] = {}

    async def async_load(self) -> Recovered:
        """Read the journal of an earlier run; may raise HomeAssistantError."""
        loaded = await self._file.async_read()
        recovered = parse_journal(loaded.data)
        self._damaged = recovered.damaged
        if loaded.data is None:
            # Create the file now, so that a lost one is reported only once.
            await self.async_write({})
        return recovered._replace(lost=recovered.lost or loaded.lost)

    async def async_write(self, leases: Mapping[str, LeaseData]) -> None:
        """Write at once."""
        await self._file.async_save(self._with_damaged(leases))

    def write_soon(self, leases: Callable[[], dict[str, LeaseData]]) -> None:
        """Write after a short delay what ``leases`` returns by then."""
        self._file.async_delay_save(lambda: self._with_damaged(leases()), SAVE_DELAY_S)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._file.async_remove()

    def _with_damaged(self, leases: Mapping[str, LeaseData]) -> dict[str, Any]:
        return {**leases, SET_ASIDE: self._damaged} if self._damaged else {**leases}


def parse_journal(data: Any) -> Recovered:
    """Separate the readable leases from the damaged entries."""
    if data is None:
        return Recovered({}, {})
    if not isinstance(data, dict):
        return Recovered({}, {ALL: data}, lost=True)
    entries = {key: value for key, value in data.items() if key != SET_ASIDE}
    set_aside = data.get(SET_ASIDE, {})
    if not isinstance(set_aside, dict):
        set_aside = {SET_ASIDE: set_aside}
    leases: dict[str, LeaseData] = {}
    damaged: dict[str, Any] = {}
    # This version may be able to read what another one set aside.
    for key, value in (*set_aside.items(), *entries.items()):
        lease = parse_lease(value)
        if lease is not None:
            leases[key] = lease
        else:
            damaged[key] = value
    fresh = {key for key in damaged if key in entries}
    return Recovered(leases, damaged, frozenset(fresh))


def parse_lease(value: Any) -> LeaseData | None:
    """Parse a lease; None without all that is needed to give it back."""
    try:
        _LEASE(value)
    except vol.Invalid:
        return None
    registry_id, taken_at = value.get("registry_id"), value.get("taken_at")
    time = dt_util.parse_datetime(taken_at) if isinstance(taken_at, str) else None
    if time is None or time.tzinfo is None:
        time = dt_util.now()
    return cast(
        "LeaseData",
        {
            **value,
            "registry_id": registry_id if isinstance(registry_id, str) else None,
            "held": [held for held in value["held"] if _is_finite(held)],
            "confirmed": value.get("confirmed") is not False,
            "thermostat": _parse_thermostat(value.get("thermostat")),
            "taken_at": time.isoformat(),
        },
    )


def _parse_thermostat(value: Any) -> ThermostatData | None:
    """Parse what a thermostat is owed; None if that is damaged, or nothing."""
    try:
        _THERMOSTAT(value)
    except vol.Invalid:
        return None
    return cast("ThermostatData", value)


def readable_entity_id(value: Any) -> str | None:
    """Return the entity ID in a damaged lease; None if that is damaged too."""
    entity_id = value.get("entity_id") if isinstance(value, dict) else None
    if isinstance(entity_id, str) and valid_entity_id(entity_id):
        return entity_id
    return None


def _is_finite(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isfinite(value)


def _list_with_a_number(values: Any) -> Any:
    """Accept a list of which at least one item is a finite number."""
    if not isinstance(values, list) or not any(map(_is_finite, values)):
        raise vol.Invalid("holds no number")
    return values


_LEASE = vol.Schema(
    {
        vol.Required("entity_id"): entity,
        vol.Required("kind"): choice(*KINDS),
        vol.Required("prior"): number(Range(-inf, inf)),
        vol.Required("held"): _list_with_a_number,
        vol.Optional("actions"): optional(actions),
    },
    extra=vol.ALLOW_EXTRA,
)

_THERMOSTAT = vol.Schema(
    {
        vol.Required("entity_id"): entity,
        vol.Required("mode"): vol.Any(
            None,
            vol.ExactSequence(
                [
                    vol.Any(str, None),
                    vol.Any(str, None),
                    vol.Any(number(Range(-inf, inf)), None),
                ]
            ),
        ),
        vol.Required("send_setpoint"): boolean,
    },
    extra=vol.ALLOW_EXTRA,
)
