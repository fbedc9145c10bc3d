"""The tunable values of charging: defaults, ranges, and the settings they result in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from homeassistant.const import UnitOfPower, UnitOfRatio, UnitOfTime
from homeassistant.util import dt as dt_util

from ..const import (
    COMMANDS_CLOUD,
    COMMANDS_MEMORY,
    CONF_FALLBACK_CURRENT,
    CONF_GRACE,
    CONF_MAX_AGE,
)
from ..site.ranges import FALLBACK_CURRENT_A, GRACE_S, MAX_AGE_S
from ..site.tunables import Tunable
from .config import ChargerConfig, SupplyConfig
from .engine.demand import DemandLimit
from .engine.mains import Mains
from .engine.model import ChargerSettings, ControlRange, Fallback, Limit, SiteSettings

MAX_SERVICE_CURRENT = "max_service_current"
SAFETY_MARGIN = "safety_margin"
RAMP_UP_TIME = "ramp_up_time"
RAMP_UP_STEP = "ramp_up_step"
OVERLOAD_TRIGGER_DELAY = "overload_trigger_delay"
OVERLOAD_LOOP_INTERVAL = "overload_loop_interval"
MAX_CHARGER_CURRENT = "max_charger_current"
MIN_CHARGER_CURRENT = "min_charger_current"
SETTLE_TIME = "settle_time"
MANUAL_CHANGE_TIME = "respect_manual_changes"
INCREASE_INTERVAL = "increase_interval"
LEAST_PAUSE = "least_pause"
DEAD_BAND = "dead_band"
WEIGHT = "weight"
PRIORITY = "priority"
ROTATION_TIME = "rotation_time"
EXPORT_SHARE = "export_share"
DEMAND_LIMIT = "demand_limit"
DEMAND_WINDOW = "demand_window"
FALLBACK_CURRENT = CONF_FALLBACK_CURRENT
METER_GRACE = CONF_GRACE
METER_MAX_AGE = CONF_MAX_AGE
MAX_CIRCUIT_CURRENT = "max_circuit_current"

_S = UnitOfTime.SECONDS
MINUTE_S = 60.0
KILOWATT_W = 1000.0


class CommandBudget(NamedTuple):
    """How many commands a charger should get: the defaults of its numbers."""

    increase_interval_s: float
    least_pause_s: float
    dead_band_a: float


_BUDGETS = {
    COMMANDS_CLOUD: CommandBudget(60, 300, 1),
    COMMANDS_MEMORY: CommandBudget(300, 600, 2),
}
"""By why there should be few: a cloud has a limit of calls, flash memory one of writes."""

_ANY_NUMBER = CommandBudget(0, 60, 0.5)


def supply_tunables(supply: SupplyConfig) -> tuple[Tunable, ...]:
    """Return the tunables of the supply. No limit exceeds the supply's rating."""
    rating_a = supply.rating_a
    tunables = (
        Tunable(MAX_SERVICE_CURRENT, rating_a, 1, rating_a),
        Tunable(SAFETY_MARGIN, 0, 0, min(20.0, rating_a), 0.5),
        Tunable(EXPORT_SHARE, 0, 0, 100, 5, UnitOfRatio.PERCENTAGE),
        Tunable(RAMP_UP_TIME, 15, 5, 300, unit=_S),
        Tunable(RAMP_UP_STEP, 4, 1, 32, expert=True),
        Tunable(OVERLOAD_TRIGGER_DELAY, 2, 1, 60, unit=_S, expert=True),
        Tunable(OVERLOAD_LOOP_INTERVAL, 5, 1, 60, unit=_S, expert=True),
        Tunable(ROTATION_TIME, 15, 1, 1440, unit=UnitOfTime.MINUTES),
        Tunable(DEMAND_LIMIT, 0, 0, 150, 0.1, UnitOfPower.KILO_WATT),
        Tunable(DEMAND_WINDOW, 15, 15, 60, 15, UnitOfTime.MINUTES, expert=True),
        Tunable(FALLBACK_CURRENT, 6, 0, min(FALLBACK_CURRENT_A.maximum, rating_a), 0.5),
        Tunable(METER_GRACE, 10, *GRACE_S, unit=_S),
        Tunable(METER_MAX_AGE, 0, *MAX_AGE_S, unit=_S),
    )
    return _started(tunables, supply.starting_values)


def _started(
    tunables: tuple[Tunable, ...], starting: Mapping[str, float]
) -> tuple[Tunable, ...]:
    """Return the tunables with their own starting values instead of the defaults."""
    if not starting:
        return tunables
    return tuple(
        replace(item, default=starting.get(item.key, item.default)) for item in tunables
    )


def charger_tunables(charger: ChargerConfig) -> tuple[Tunable, ...]:
    """Return the tunables of a charger. No current exceeds the charger's rating.

    The charger's own starting values, which come from its preset, go before the
    defaults.
    """
    rating_a = charger.rating_a
    budget = _BUDGETS.get(charger.commands, _ANY_NUMBER)
    manual_change_time = Tunable(
        MANUAL_CHANGE_TIME, 60, 0, 1440, unit=UnitOfTime.MINUTES
    )
    tunables = (
        Tunable(MAX_CHARGER_CURRENT, rating_a, 0, rating_a),
        Tunable(MIN_CHARGER_CURRENT, charger.min_a, 1, min(32.0, rating_a)),
        Tunable(SETTLE_TIME, 5, 1, 120, unit=_S),
        Tunable(
            INCREASE_INTERVAL, budget.increase_interval_s, 0, 3600, unit=_S, expert=True
        ),
        Tunable(LEAST_PAUSE, budget.least_pause_s, 0, 3600, unit=_S, expert=True),
        Tunable(DEAD_BAND, budget.dead_band_a, 0, 6, 0.1, expert=True),
        Tunable(WEIGHT, 1, 0.1, 10, 0.1, None),
        Tunable(PRIORITY, 0, 0, 9, 1, None),
        *((manual_change_time,) if charger.has_control_entities else ()),
    )
    return _started(tunables, charger.starting_values)


def hand_limit_duration(
    charger: ChargerConfig, tuned: Mapping[str, float]
) -> timedelta:
    """Return how long a current that was set by hand limits the charger."""
    minutes = (
        item.value(tuned)
        for item in charger_tunables(charger)
        if item.key == MANUAL_CHANGE_TIME
    )
    return timedelta(minutes=next(minutes, 0.0))


def circuit_tunables(rating_a: float) -> tuple[Tunable, ...]:
    """Return the tunables of a circuit. No limit exceeds the circuit's rating."""
    return (Tunable(MAX_CIRCUIT_CURRENT, rating_a, 0, rating_a),)


def circuit_limit(rating_a: float, tuned: Mapping[str, float]) -> float:
    """Return the limit of a circuit, in A."""
    (limit,) = circuit_tunables(rating_a)
    return limit.value(tuned)


def supply_settings(supply: SupplyConfig, tuned: Mapping[str, float]) -> SiteSettings:
    """Return the engine's settings of the supply."""
    value = {item.key: item.value(tuned) for item in supply_tunables(supply)}
    return SiteSettings(
        limit_a=value[MAX_SERVICE_CURRENT],
        safety_margin_a=value[SAFETY_MARGIN],
        ramp_up_time_s=value[RAMP_UP_TIME],
        ramp_up_step_a=value[RAMP_UP_STEP],
        overload_trigger_delay_s=value[OVERLOAD_TRIGGER_DELAY],
        overload_loop_interval_s=value[OVERLOAD_LOOP_INTERVAL],
        rotation_time_s=value[ROTATION_TIME] * MINUTE_S,
        fallback=Fallback(
            supply.fallback_action, value[FALLBACK_CURRENT], value[METER_GRACE]
        ),
        export_share=value[EXPORT_SHARE] / 100,
    )


def meter_max_age(supply: SupplyConfig, tuned: Mapping[str, float]) -> float | None:
    """Return how long the meters may be silent, in s; None if that does not matter."""
    ages_s = (
        item.value(tuned)
        for item in supply_tunables(supply)
        if item.key == METER_MAX_AGE
    )
    return next(ages_s) or None


def demand_limit(
    supply: SupplyConfig,
    mains: Mains,
    tuned: Mapping[str, float],
    now_s: float,
    wall_s: float,
) -> DemandLimit | None:
    """Return the demand limit and its running window; None if there is none.

    ``mains`` is the supply at its present voltage.

    Windows begin on the quarter-hour, the half-hour or the hour of the local time, as
    they are billed. Not every time zone is whole hours away from UTC.
    """
    if not tuned.get(DEMAND_LIMIT):
        # It is off by default, and every evaluation calls this.
        return None
    value = {item.key: item.value(tuned) for item in supply_tunables(supply)}
    if not (limit_kw := value[DEMAND_LIMIT]):
        return None
    window_s = value[DEMAND_WINDOW] * MINUTE_S
    mean_a = limit_kw * KILOWATT_W / mains.sum_v
    offset = dt_util.as_local(dt_util.utc_from_timestamp(wall_s)).utcoffset()
    local_s = wall_s + (offset or timedelta(0)).total_seconds()
    return DemandLimit(mean_a, window_s, now_s + window_s - local_s % window_s)


def charger_settings(
    charger: ChargerConfig,
    tuned: Mapping[str, float],
    control: ControlRange,
    temporary_limit_a: float | None,
    ceilings: tuple[tuple[Limit, float], ...] = (),
    watts_per_a: tuple[float, ...] = (),
    *,
    never_pauses: bool = False,
) -> ChargerSettings:
    """Return the engine's settings of a charger.

    ``control`` is what the charger's control takes now. It may change while a car
    charges, so it only ever narrows the charger's own range. A temporary limit is capped
    at the charger's rating.
    """
    value = {item.key: item.value(tuned) for item in charger_tunables(charger)}
    if temporary_limit_a is not None:
        temporary_limit_a = min(max(0.0, temporary_limit_a), charger.rating_a)
    if control.most_a < charger.rating_a:
        ceilings = (*ceilings, (Limit.CHARGER_MAXIMUM, control.most_a))
    return ChargerSettings(
        charger_id=charger.charger_id,
        phases=charger.phases,
        min_a=max(value[MIN_CHARGER_CURRENT], control.least_a),
        max_a=value[MAX_CHARGER_CURRENT],
        step_a=control.step_a,
        levels_a=control.levels_a,
        settle_s=value[SETTLE_TIME],
        temporary_limit_a=temporary_limit_a,
        weight=value[WEIGHT],
        priority=round(value[PRIORITY]),
        ceilings=ceilings,
        rise_interval_s=value[INCREASE_INTERVAL],
        least_pause_s=value[LEAST_PAUSE],
        dead_band_a=value[DEAD_BAND],
        watts_per_a=watts_per_a,
        never_pauses=never_pauses or not control.pauses,
    )
