"""Reads what a site has stored, part by part: what is damaged is set aside.

What takes its place is on the safe side: of a switch, the position in which nothing is
sent; of a limit whose end is lost, no end. A number out of its range is not damaged: the
range may have been another one, and it counts as the nearest that is allowed.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any, Final

from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..ranges import SUPPLY_LIMIT_A, Range
from ..validation import Validator, boolean, choice, number

type Path = tuple[str, ...]
"""Where something is in the store: part, owner and key, or less."""

ALL: Final[Path] = ("all",)
SWITCHES: Final[dict[str, bool]] = {"enabled": False, "shadow": True}
"""Of the charging, with the positions in which nothing is sent."""

MODE_OFF: Final = "off"
MODES: Final = (MODE_OFF, "schedule_tiers", "all_tiers")
"""The values of the heating engine's ``Mode``."""

TEST_OUTCOMES: Final = (
    "not_tested",
    "testing",
    "passed",
    "not_obeyed",
    "draws_more",
    "no_car",
    "not_resumed",
    "no_room",
    "overload",
    "meter_lost",
    "interrupted",
)
"""The values of the charging engine's ``Outcome`` of a charger test."""

YIELD: Final = timedelta(hours=2)
HELD: Final = timedelta(days=1)
"""No longer is left alone what somebody moved, or set at a charger."""

_FINITE = number(Range(-inf, inf))
_COUNTED = number(Range(0, inf))
_CURRENT = number(Range(0, SUPPLY_LIMIT_A.maximum))


@dataclass(slots=True)
class Read:
    """What can be read of a store, and what was set aside of it."""

    data: dict[str, Any]
    aside: dict[Path, Any] = field(default_factory=dict)

    def sift(
        self,
        within: dict[str, Any],
        path: Path,
        validate: Validator,
        instead: Any = None,
    ) -> None:
        """Set a value aside if it is damaged; without ``instead``, it is left out."""
        key = path[-1]
        if key not in within:
            return
        try:
            validate(within[key])
        except vol.Invalid:
            self.set_aside(within, path, instead)

    def set_aside(self, within: dict[str, Any], path: Path, instead: Any) -> None:
        """Put something else in the place of a value, or nothing."""
        self.aside[path] = within.pop(path[-1], None)
        if instead is not None:
            within[path[-1]] = instead

    def values(self, within: dict[str, Any], *path: str) -> dict[str, Any]:
        """Values by name; if it is anything else, there are none."""
        if not isinstance(within.setdefault(path[-1], {}), dict):
            self.set_aside(within, path, {})
        values: dict[str, Any] = within[path[-1]]
        return values


def read(found: Any, flags: Mapping[str, Mapping[str, bool]], now: datetime) -> Read:
    """Read what a site has stored.

    ``flags``: the switches by their owner, with their safe positions.
    """
    if not isinstance(found, dict):
        result = Read({"mode": MODE_OFF, "flags": None}, {ALL: found})
    else:
        result = Read(deepcopy(found))
    _read_switches(result)
    result.sift(result.data, ("mode",), choice(*MODES), MODE_OFF)
    _read_flags(result, flags)
    tuning = result.values(result.data, "tuning")
    for owner in list(tuning):
        for key in list(values := result.values(tuning, "tuning", owner)):
            result.sift(values, ("tuning", owner, key), _FINITE)
    yields = result.values(result.data, "yields")
    for room_id in list(yields):
        result.sift(
            yields, ("yields", room_id), _before(now + HELD), (now + YIELD).isoformat()
        )
    chargers = result.values(result.data, "chargers")
    for charger_id in list(chargers):
        charger = result.values(chargers, "chargers", charger_id)
        _read_charger(result, charger, ("chargers", charger_id), now)
    _read_record(result)
    if ALL in result.aside:
        result.aside.pop(("flags",), None)
        result.aside[("mode",)] = None
    return result


def _read_switches(result: Read) -> None:
    """Without the one that every version has written, the other is not believed."""
    known = "enabled" in result.data
    for key, safe in SWITCHES.items():
        if not known:
            result.data.setdefault(key, None)
        result.sift(result.data, (key,), boolean, safe)


def _read_flags(result: Read, flags: Mapping[str, Mapping[str, bool]]) -> None:
    all_lost = not isinstance(result.data.get("flags", {}), dict)
    by_owner = result.values(result.data, "flags")
    for owner, safe in flags.items():
        lost = all_lost or not isinstance(by_owner.get(owner, {}), dict)
        if owner not in by_owner and not lost:
            continue
        values = result.values(by_owner, "flags", owner)
        for key, position in safe.items():
            if lost:
                values[key] = None
            result.sift(values, ("flags", owner, key), boolean, position)


def _read_charger(
    result: Read, charger: dict[str, Any], path: Path, now: datetime
) -> None:
    """Read a limit and its end, what it was told, and what a test found."""
    forever = _before(None)
    result.sift(charger, (*path, "limit_until"), vol.Any(None, forever))
    result.sift(charger, (*path, "limit_a"), _CURRENT)
    result.sift(charger, (*path, "hand_a"), _CURRENT)
    held = (now + HELD).isoformat()
    if "hand_a" in charger:
        charger.setdefault("hand_until", None)
        result.sift(charger, (*path, "hand_until"), _before(now + HELD), held)
    result.sift(charger, (*path, "current_a"), _CURRENT)
    result.sift(charger, (*path, "confirmed"), boolean)
    result.sift(charger, (*path, "test"), _check_test)


def _read_record(result: Read) -> None:
    heating = result.values(result.data, "heating")
    for key, validate in _RECORD.items():
        result.sift(heating, ("heating", key), validate)


def _before(latest: datetime | None) -> Validator:
    """A time with its zone, and none that is later than it can be."""

    def validate(value: Any) -> str:
        time = dt_util.parse_datetime(value) if isinstance(value, str) else None
        if time is None or time.tzinfo is None:
            raise vol.Invalid("is no time")
        if latest is not None and time > latest:
            raise vol.Invalid("is too late")
        return str(value)

    return validate


def _each(validate: Validator) -> Validator:
    def validate_all(values: Any) -> Any:
        if not isinstance(values, list):
            raise vol.Invalid("is no list")
        for value in values:
            validate(value)
        return values

    return validate_all


def _whole(value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise vol.Invalid("is no count")
    return value


_check_test = vol.Schema(
    {
        vol.Required("outcome"): choice(*TEST_OUTCOMES),
        vol.Required("latency_s"): vol.Any(None, _COUNTED),
        vol.Required("follow_s"): vol.Any(None, _COUNTED),
        vol.Required("error_a"): vol.Any(None, _FINITE),
        vol.Required("took_all"): vol.Any(None, boolean),
    },
    extra=vol.ALLOW_EXTRA,
)

_RECORD: Final[dict[str, Validator]] = {
    "cooldowns": _each(_FINITE),
    "starts": _each(_FINITE),
    "outcomes": _each(boolean),
    "fallbacks": _each(boolean),
    "sharing_s": _COUNTED,
    "sharing_cooldowns": _whole,
    "low_load_s": _COUNTED,
    "low_load_cooldowns": _whole,
    "configured": vol.Schema({str: {str: _FINITE}}),
}
