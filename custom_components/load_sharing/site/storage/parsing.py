"""Parses what a site has stored, part by part, and sets damaged parts aside.

A safe value takes the place of a damaged one: for a switch, the position in which
nothing is sent; for a limit whose end is lost, no end. A number outside its range is not
damaged: the range may have been different when it was set. The nearest allowed value is
used.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any, Final

from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...const import PHASES
from ..ranges import SUPPLY_LIMIT_A, Range
from ..validation import Validator, boolean, choice, number, text

type Path = tuple[str, ...]
"""Where a value is in the store: part, owner and key, or fewer."""

ALL: Final[Path] = ("all",)
SWITCHES: Final[dict[str, bool]] = {"enabled": False, "shadow": True}
"""The switches of the charging, with the positions in which nothing is sent."""

MODE_OFF: Final = "off"
MODES: Final = (MODE_OFF, "schedule_tiers", "all_tiers")
"""The values of the heating engine's ``Mode``."""
CONTROLS: Final = ("balanced", "fewest_burns", "tiers")
"""The values of the heating engine's ``Control``."""

HOLD_REASONS: Final = (
    "too_hot",
    "small_load",
    "not_needed",
    "cold",
    "callers_suffice",
    "longest",
    "burns",
    "dhw",
    "dhw_unknown",
    "frost",
    "overridden",
)
"""The values of the heating engine's ``HoldReason``."""

TEST_OUTCOMES: Final = (
    "not_tested",
    "testing",
    "passed",
    "not_obeyed",
    "draws_more",
    "no_car",
    "not_resumed",
    "not_seen",
    "no_room",
    "overload",
    "meter_lost",
    "interrupted",
)
"""The values of the charging engine's ``Outcome`` of a charger test."""

DEFAULT_YIELD: Final = timedelta(hours=2)
"""How long a room is left alone if it is not known until when."""
LONGEST_OVERRIDE: Final = timedelta(days=1)
"""The longest that a valve moved by hand, or a limit set at a charger, is respected."""

_FINITE = number(Range(-inf, inf))
_NOT_NEGATIVE = number(Range(0, inf))
_CURRENT = number(Range(0, SUPPLY_LIMIT_A.maximum))


@dataclass(slots=True)
class ParsedStore:
    """The readable values of a store, and the damaged ones by their path."""

    data: dict[str, Any]
    damaged: dict[Path, Any] = field(default_factory=dict)

    def check(
        self,
        parent: dict[str, Any],
        path: Path,
        validate: Validator,
        default: Any = None,
    ) -> None:
        """Set a value aside if it is damaged. Without a default, it is dropped."""
        key = path[-1]
        if key not in parent:
            return
        try:
            validate(parent[key])
        except vol.Invalid:
            self.set_aside(parent, path, default)

    def set_aside(self, parent: dict[str, Any], path: Path, default: Any) -> None:
        """Replace a value by a default, or drop it."""
        self.damaged[path] = parent.pop(path[-1], None)
        if default is not None:
            parent[path[-1]] = default

    def mapping(self, parent: dict[str, Any], *path: str) -> dict[str, Any]:
        """Return the values at a path by key; empty if it holds anything else."""
        if not isinstance(parent.setdefault(path[-1], {}), dict):
            self.set_aside(parent, path, {})
        values: dict[str, Any] = parent[path[-1]]
        return values


def parse_store(
    stored: Any, flags: Mapping[str, Mapping[str, bool]], now: datetime
) -> ParsedStore:
    """Parse what a site has stored.

    ``flags`` has the switches by their owner, with their safe positions.
    """
    if not isinstance(stored, dict):
        result = ParsedStore({"mode": MODE_OFF, "flags": None}, {ALL: stored})
    else:
        result = ParsedStore(deepcopy(stored))
    _check_switches(result)
    result.check(result.data, ("mode",), choice(*MODES), MODE_OFF)
    result.check(result.data, ("control",), choice(*CONTROLS), CONTROLS[0])
    _check_flags(result, flags)
    tuning = result.mapping(result.data, "tuning")
    for owner in list(tuning):
        for key in list(values := result.mapping(tuning, "tuning", owner)):
            result.check(values, ("tuning", owner, key), _FINITE)
    yields = result.mapping(result.data, "yields")
    yields_end = (now + DEFAULT_YIELD).isoformat()
    for room_id in list(yields):
        not_too_late = _time_before(now + LONGEST_OVERRIDE)
        result.check(yields, ("yields", room_id), not_too_late, yields_end)
    chargers = result.mapping(result.data, "chargers")
    for charger_id in list(chargers):
        charger = result.mapping(chargers, "chargers", charger_id)
        _check_charger(result, charger, ("chargers", charger_id), now)
    _check_record(result)
    if ALL in result.damaged:
        result.damaged.pop(("flags",), None)
        result.damaged[("mode",)] = None
    return result


def _check_switches(result: ParsedStore) -> None:
    """Check the switches of the charging.

    Every version writes ``enabled``. Without it, ``shadow`` is not trusted either.
    """
    has_enabled = "enabled" in result.data
    for key, safe in SWITCHES.items():
        if not has_enabled:
            result.data.setdefault(key, None)
        result.check(result.data, (key,), boolean, safe)


def _check_flags(result: ParsedStore, flags: Mapping[str, Mapping[str, bool]]) -> None:
    """Check the switches of the heating and its rooms."""
    all_lost = not isinstance(result.data.get("flags", {}), dict)
    by_owner = result.mapping(result.data, "flags")
    for owner, safe_positions in flags.items():
        lost = all_lost or not isinstance(by_owner.get(owner, {}), dict)
        if owner not in by_owner and not lost:
            continue
        values = result.mapping(by_owner, "flags", owner)
        for key, safe in safe_positions.items():
            if lost:
                values[key] = None
            result.check(values, ("flags", owner, key), boolean, safe)


def _check_charger(
    result: ParsedStore, charger: dict[str, Any], path: Path, now: datetime
) -> None:
    """Check what is stored of a charger or the supply."""
    any_time = _time_before(None)
    result.check(charger, (*path, "limit_until"), vol.Any(None, any_time))
    result.check(charger, (*path, "limit_a"), _CURRENT)
    result.check(charger, (*path, "hand_a"), _CURRENT)
    latest = now + LONGEST_OVERRIDE
    if "hand_a" in charger:
        charger.setdefault("hand_until", None)
        hand_until = (*path, "hand_until")
        result.check(charger, hand_until, _time_before(latest), latest.isoformat())
    result.check(charger, (*path, "current_a"), _CURRENT)
    result.check(charger, (*path, "confirmed"), boolean)
    result.check(charger, (*path, "test"), _check_test)
    for key in ("energy_kwh", "session_kwh", "week_kwh"):
        result.check(charger, (*path, key), _NOT_NEGATIVE)
    for key in ("corrected", "corrected_today", "week_corrected"):
        result.check(charger, (*path, key), _count)
    for key in ("peak_a", "idle_since", "week_peak_a"):
        result.check(charger, (*path, key), vol.Any(None, _FINITE))
    for key in ("day", "week", "week_since"):
        result.check(charger, (*path, key), text)
    result.check(charger, (*path, "silences"), vol.Schema({str: _check_silence}))
    result.check(charger, (*path, "reversed"), _check_reversed)


def _check_record(result: ParsedStore) -> None:
    """Check what was counted of the heating."""
    heating = result.mapping(result.data, "heating")
    for key, validate in _RECORD.items():
        result.check(heating, ("heating", key), validate)


def _time_before(latest: datetime | None) -> Validator:
    """Accept a time with a time zone that is not later than ``latest``."""

    def validate(value: Any) -> str:
        time = dt_util.parse_datetime(value) if isinstance(value, str) else None
        if time is None or time.tzinfo is None:
            raise vol.Invalid("is no time")
        if latest is not None and time > latest:
            raise vol.Invalid("is too late")
        return str(value)

    return validate


def _each(validate: Validator) -> Validator:
    """Accept a list of values that ``validate`` accepts."""

    def validate_all(values: Any) -> Any:
        if not isinstance(values, list):
            raise vol.Invalid("is no list")
        for value in values:
            validate(value)
        return values

    return validate_all


def _count(value: Any) -> Any:
    """Accept a whole number that is not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise vol.Invalid("is no count")
    return value


_check_test = vol.Schema(
    {
        vol.Required("outcome"): choice(*TEST_OUTCOMES),
        vol.Required("latency_s"): vol.Any(None, _NOT_NEGATIVE),
        vol.Required("follow_s"): vol.Any(None, _NOT_NEGATIVE),
        vol.Required("error_a"): vol.Any(None, _FINITE),
        vol.Required("took_all"): vol.Any(None, boolean),
    },
    extra=vol.ALLOW_EXTRA,
)


_check_reversed = vol.Schema(
    {
        vol.Required("meters"): text,
        vol.Required("found"): _each(
            vol.Schema(
                {
                    vol.Required("circuit"): text,
                    vol.Required("charger"): text,
                    vol.Required("phases"): _each(vol.In(range(len(PHASES)))),
                }
            )
        ),
    },
    extra=vol.ALLOW_EXTRA,
)


_check_silence = vol.Schema(
    {
        vol.Required("days_s"): _each(_NOT_NEGATIVE),
        vol.Required("longest_s"): _NOT_NEGATIVE,
        vol.Required("observed_s"): _NOT_NEGATIVE,
    },
    extra=vol.ALLOW_EXTRA,
)


def _date(value: Any) -> Any:
    """Accept an ISO date."""
    if not isinstance(value, str) or dt_util.parse_date(value) is None:
        raise vol.Invalid("is no date")
    return value


_check_day = vol.Schema(
    {
        vol.Required("day"): _date,
        vol.Required("shares"): vol.Any(None, boolean),
        vol.Required("burner_s"): _NOT_NEGATIVE,
        vol.Required("heating_s"): _NOT_NEGATIVE,
        vol.Required("cooldowns"): _count,
        vol.Optional("held_s"): _NOT_NEGATIVE,
        vol.Optional("known_s"): _NOT_NEGATIVE,
    },
    extra=vol.ALLOW_EXTRA,
)

_check_week = vol.Schema(
    {
        vol.Required("monday"): _date,
        vol.Required("since"): _date,
        vol.Required("cooldowns"): _count,
        vol.Required("starts"): _count,
        vol.Required("burner_s"): _NOT_NEGATIVE,
        vol.Required("held_s"): _NOT_NEGATIVE,
        vol.Required("known_s"): _NOT_NEGATIVE,
        vol.Required("sharing_s"): _NOT_NEGATIVE,
    },
    extra=vol.ALLOW_EXTRA,
)

_RECORD: Final[dict[str, Validator]] = {
    "heat_capacities": _each(_NOT_NEGATIVE),
    "end_rates": _each(_NOT_NEGATIVE),
    "factors": vol.Schema({str: _NOT_NEGATIVE}),
    "warming": vol.Schema({str: _NOT_NEGATIVE}),
    "cooling": vol.Schema({str: _NOT_NEGATIVE}),
    "hold_since": vol.Any(None, _FINITE),
    "hold_reason": vol.Any(None, choice(*HOLD_REASONS)),
    "hold_spent": boolean,
    "hold_yields_until": vol.Any(None, _FINITE),
    "lockouts": vol.Schema({str: _FINITE}),
    "cooldowns": _each(_FINITE),
    "starts": _each(_FINITE),
    "outcomes": _each(boolean),
    "fallbacks": _each(boolean),
    "sharing_s": _NOT_NEGATIVE,
    "days": _each(_check_day),
    "week": _check_week,
    "ended_week": _check_week,
    "configured": vol.Schema({str: {str: _FINITE}}),
    "writes": vol.Schema({str: _count}),
    "writes_day": text,
}
