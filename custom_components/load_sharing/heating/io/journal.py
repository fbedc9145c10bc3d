"""What is on loan, on disk: it is given back also after a crash.

Each entry is read by itself. One that cannot be read is kept apart, and keeps none of
the others from being given back.
"""

from collections.abc import Callable, Mapping
from math import inf, isfinite
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from homeassistant.core import HomeAssistant, valid_entity_id
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...const import DOMAIN
from ...site.damage import choice, entity, number
from ...site.kept_file import KeptFile
from ...site.ranges import Range

SAVE_DELAY_S = 1.0
KINDS = ("valve", "setpoint", "boiler")
"""Of dials, which are imported only where there is something to dial."""
ALL = "all"
SET_ASIDE = "set_aside"
"""Key of the entries that cannot be read, beside those that can."""


class LeaseData(TypedDict):
    """What is known of a lease on disk. Values are in the unit of the dial.

    ``registry_id`` still finds the entity when it has another entity ID by now.
    """

    entity_id: str
    registry_id: NotRequired[str | None]
    kind: str
    prior: float
    held: list[float]
    taken_at: str


class Found(NamedTuple):
    """What an earlier run did not give back.

    ``damaged`` are the entries that cannot be read, ``fresh`` the keys of those that
    were not known to be so. ``lost``: nothing at all can be read.
    """

    leases: dict[str, LeaseData]
    damaged: dict[str, Any]
    fresh: frozenset[str] = frozenset()
    lost: bool = False


class LeaseJournal:
    """What is to be given back, on disk."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the store after the config entry."""
        self._file = KeptFile(hass, f"{DOMAIN}.{entry_id}.leases")
        self._damaged: dict[str, Any] = {}

    async def async_load(self) -> Found:
        """Read what an earlier run did not give back; may raise HomeAssistantError."""
        loaded = await self._file.async_read()
        found = sort_out(loaded.data)
        self._damaged = found.damaged
        if loaded.data is None:
            # From now on there is a file: that one was lost is told once.
            await self.async_write({})
        return found._replace(lost=found.lost or loaded.lost)

    async def async_write(self, kept: Mapping[str, LeaseData]) -> None:
        """Write at once."""
        await self._file.async_save(self._with_damaged(kept))

    def write_soon(self, kept: Callable[[], dict[str, LeaseData]]) -> None:
        """Write within a moment what is to be kept by then."""
        self._file.async_delay_save(lambda: self._with_damaged(kept()), SAVE_DELAY_S)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._file.async_remove()

    def _with_damaged(self, kept: Mapping[str, LeaseData]) -> dict[str, Any]:
        return {**kept, SET_ASIDE: self._damaged} if self._damaged else {**kept}


def sort_out(data: Any) -> Found:
    """Tell the leases that can be read from those that cannot."""
    if data is None:
        return Found({}, {})
    if not isinstance(data, dict):
        return Found({}, {ALL: data}, lost=True)
    entries = {key: value for key, value in data.items() if key != SET_ASIDE}
    known = data.get(SET_ASIDE, {})
    if not isinstance(known, dict):
        known = {SET_ASIDE: known}
    leases: dict[str, LeaseData] = {}
    damaged: dict[str, Any] = {}
    # What could not be read before may be legible to this version.
    for key, value in (*known.items(), *entries.items()):
        lease = read_lease(value)
        if lease is not None:
            leases[key] = lease
        else:
            damaged[key] = value
    fresh = {key for key in damaged if key in entries}
    return Found(leases, damaged, frozenset(fresh))


def read_lease(value: Any) -> LeaseData | None:
    """Read a lease, if what it takes to give back is there."""
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
            "taken_at": time.isoformat(),
        },
    )


def legible_entity(value: Any) -> str | None:
    """Find out which entity a damaged lease is of."""
    entity_id = value.get("entity_id") if isinstance(value, dict) else None
    if isinstance(entity_id, str) and valid_entity_id(entity_id):
        return entity_id
    return None


def _is_finite(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isfinite(value)


def _some_numbers(values: Any) -> Any:
    if not isinstance(values, list) or not any(map(_is_finite, values)):
        raise vol.Invalid("holds no number")
    return values


_LEASE = vol.Schema(
    {
        vol.Required("entity_id"): entity,
        vol.Required("kind"): choice(*KINDS),
        vol.Required("prior"): number(Range(-inf, inf)),
        vol.Required("held"): _some_numbers,
    },
    extra=vol.ALLOW_EXTRA,
)
