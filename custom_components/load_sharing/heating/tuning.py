"""The tunable values of heating: defaults, ranges, and the settings they result in."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from homeassistant.const import UnitOfPower, UnitOfRatio, UnitOfTemperature, UnitOfTime
from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from ..site.tunables import Tunable
from .config import BoilerConfig, RoomConfig
from .engine.model import HeatingSettings, Ladder, RoomSettings, Tier
from .store import HeatingStore

MIN_CALLING_CAPACITY = "min_calling_capacity"
TARGET_CAPACITY = "target_capacity"
LOOKAHEAD = "schedule_lookahead"
FALLBACK_PRIORITY = "fallback_priority"
OVERHEAT_CAP = "overheat_cap"
PARTICIPATES = "participates"
TUNING = "tuning"
"""Published when a site's value has changed: rooms may use it as their default."""

DEFAULT_LOOKAHEAD_MIN = 60.0

_W, _PCT = UnitOfPower.WATT, UnitOfRatio.PERCENTAGE
_K, _C = UnitOfTemperature.KELVIN, UnitOfTemperature.CELSIUS
_MIN, _S = UnitOfTime.MINUTES, UnitOfTime.SECONDS

SENSOR_SILENCE = Tunable("sensor_silence", 6, 0, 48, 1, UnitOfTime.HOURS, expert=True)
HEATING_TUNABLES = (
    Tunable(MIN_CALLING_CAPACITY, 3500, 0, 50000, 100, _W),
    Tunable(TARGET_CAPACITY, 4000, 0, 50000, 100, _W),
    Tunable("deactivation_hysteresis", 200, 0, 5000, 50, _W, expert=True),
    Tunable("cooldown_lookback", 15, 1, 120, 1, _MIN, expert=True),
    Tunable("return_risk_delta", 5, 2, 40, 1, _K, expert=True),
    Tunable("min_activation", 5, 0, 60, 1, _MIN),
    Tunable(LOOKAHEAD, DEFAULT_LOOKAHEAD_MIN, 15, 180, 5, _MIN),
    Tunable("extended_window", 2, 1, 4, 0.1, None, expert=True),
    Tunable("tier_1_initial", 70, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_1_escalated", 80, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_1_max", 90, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_1_imminent", 100, 10, 100, 10, _PCT, expert=True),
    Tunable("imminent_window", 15, 0, 60, 1, _MIN, expert=True),
    Tunable("tier_2_initial", 40, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_2_escalated", 50, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_2_max", 60, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_3_initial", 50, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_3_escalated", 60, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_3_max", 70, 10, 100, 10, _PCT, expert=True),
    Tunable("tier_3_max_duration", 15, 1, 120, 1, _MIN),
    Tunable("tier_3_lockout", 30, 0, 240, 5, _MIN, expert=True),
    Tunable("tier_3_overheat", 0.5, 0, 5, 0.1, _K, expert=True),
    Tunable("ceiling", 25, 15, 30, 0.5, _C),
    Tunable("prewarm_margin", 0.5, 0.1, 3, 0.1, _K, expert=True),
    Tunable("on_delta", 0.3, 0.1, 2, 0.1, _K, expert=True),
    Tunable("off_delta", 0.1, 0, 2, 0.1, _K, expert=True),
    Tunable("flow_efficiency", 1.2, 0.5, 3, 0.1, None, expert=True),
    Tunable("system_delta_t", 10, 2, 30, 1, _K, expert=True),
    Tunable("pump_overrun", 180, 0, 900, 10, _S),
    Tunable("setpoint_boost", 2, 0.5, 5, 0.5, _K, expert=True),
    Tunable("frost_target", 10, 5, 16, 0.5, _C, expert=True),
    Tunable("farthest_lookahead", 2.5, 1, 4, 0.1, None, expert=True),
    Tunable("valve_moves", 12, 0, 100, 2, None, expert=True),
    Tunable("let_down", 33, 25, 60, 1, _C),
    Tunable("longest_hold", 90, 5, 180, 5, _MIN),
    Tunable("resume", 45, 25, 70, 1, _C, expert=True),
    Tunable("resume_share", 70, 10, 150, 5, _PCT, expert=True),
    Tunable("frost", 7, 3, 15, 0.5, _C, expert=True),
    Tunable("pipe_frost", 5, 2, 15, 0.5, _C, expert=True),
    Tunable("minimum_open", 0, 0, 400, 10, _PCT, expert=True),
    Tunable("short_burn", 180, 0, 900, 10, _S, expert=True),
    Tunable("return_risk_time", 60, 0, 600, 10, _S, expert=True),
    Tunable("flow_over_setpoint", 2, 0, 10, 0.5, _K, expert=True),
    Tunable("return_under_setpoint", 5, 0, 20, 0.5, _K, expert=True),
    SENSOR_SILENCE,
)


def room_tunables(
    room: RoomConfig, heating: Mapping[str, float]
) -> tuple[Tunable, ...]:
    """Return the tunables of a room.

    Its look-ahead defaults to the site's. Priority 0 means that it is no fallback.
    """
    lookahead_min = room.lookahead_min or heating.get(LOOKAHEAD, DEFAULT_LOOKAHEAD_MIN)
    return (
        Tunable(LOOKAHEAD, lookahead_min, 15, 180, 5, _MIN),
        Tunable(FALLBACK_PRIORITY, room.fallback_priority or 0, 0, 99, 1, None),
    )


def drop_outdated_tuning(rooms: Iterable[RoomConfig], store: HeatingStore) -> None:
    """Drop tuned values of rooms that their set-up has changed since.

    0 stands for a value that the set-up leaves open.
    """
    before = store.record.get("configured", {})
    configured = {
        room.room_id: {
            LOOKAHEAD: room.lookahead_min or 0,
            FALLBACK_PRIORITY: room.fallback_priority or 0,
        }
        for room in rooms
    }
    if configured == before:
        return
    for room_id, values in configured.items():
        for key, value in before.get(room_id, values).items():
            if value != values[key]:
                store.tuning(room_id).pop(key, None)
    store.record["configured"] = configured
    store.save()


def heating_settings(
    boiler: BoilerConfig, tuned: Mapping[str, float], *, overheat_cap: bool
) -> HeatingSettings:
    """Return the engine's settings of the heating."""
    value = {item.key: item.value(tuned) for item in HEATING_TUNABLES}
    by_switch = boiler.is_held_by_switch

    def ladder(tier: int) -> Ladder:
        """Return the ladder of a tier; no level is below the one before."""
        initial_pct = value[f"tier_{tier}_initial"]
        escalated_pct = max(initial_pct, value[f"tier_{tier}_escalated"])
        return Ladder(
            initial_pct, escalated_pct, max(escalated_pct, value[f"tier_{tier}_max"])
        )

    return HeatingSettings(
        min_calling_capacity_w=value[MIN_CALLING_CAPACITY],
        target_capacity_w=value[TARGET_CAPACITY],
        deactivation_hysteresis_w=value["deactivation_hysteresis"],
        cooldown_lookback_s=value["cooldown_lookback"] * 60,
        return_risk_delta_k=value["return_risk_delta"],
        min_activation_s=value["min_activation"] * 60,
        extended_window_multiplier=value["extended_window"],
        prewarm_margin_k=value["prewarm_margin"],
        on_delta_k=value["on_delta"],
        off_delta_k=value["off_delta"],
        ladders={tier: ladder(tier.value) for tier in Tier},
        imminent_s=value["imminent_window"] * 60,
        imminent_pct=value["tier_1_imminent"],
        tier_3_max_duration_s=value["tier_3_max_duration"] * 60,
        tier_3_lockout_s=value["tier_3_lockout"] * 60,
        tier_3_overheat_k=value["tier_3_overheat"],
        overheat_cap=overheat_cap,
        ceiling_c=value["ceiling"],
        flow_efficiency=value["flow_efficiency"],
        system_delta_t_k=value["system_delta_t"],
        pump_overrun_s=value["pump_overrun"],
        boost_k=value["setpoint_boost"],
        frost_target_c=value["frost_target"],
        least_output_w=boiler.least_output_w,
        farthest_factor=value["farthest_lookahead"],
        moves_a_day=value["valve_moves"],
        held_otherwise=by_switch,
        protection_floor_c=(
            boiler.floor_c if boiler.protection and not by_switch else None
        ),
        let_down_c=value["let_down"],
        longest_hold_s=value["longest_hold"] * 60,
        resume_c=value["resume"],
        resume_share=value["resume_share"] / 100,
        frost_c=value["frost"],
        pipe_frost_c=value["pipe_frost"],
        minimum_open_pct=value["minimum_open"],
        short_burn_s=value["short_burn"],
        return_risk_s=value["return_risk_time"],
        flow_over_setpoint_k=value["flow_over_setpoint"],
        return_under_setpoint_k=value["return_under_setpoint"],
    )


def room_settings(
    room: RoomConfig,
    tuned: Mapping[str, float],
    heating: Mapping[str, float],
    *,
    participates: bool,
) -> RoomSettings:
    """Return the engine's settings of a room."""
    value = {item.key: item.value(tuned) for item in room_tunables(room, heating)}
    return RoomSettings(
        room_id=room.room_id,
        q50_w=room.q50_w,
        exponent=room.exponent,
        mixed_flow_c=room.mixed_flow_c,
        lookahead_s=value[LOOKAHEAD] * 60,
        fallback_priority=int(value[FALLBACK_PRIORITY]) or None,
        participates=participates,
        comfort_c=room.comfort_c,
        actuator=room.actuator,
    )


def longest_silence(heating: Mapping[str, float]) -> timedelta | None:
    """Return how long a room's temperature is believed; None: for ever."""
    hours = SENSOR_SILENCE.value(heating)
    return timedelta(hours=hours) if hours else None


def check_heating(key: str, value: float, tuned: Mapping[str, float]) -> None:
    """Raise ServiceValidationError for a value that contradicts another."""
    if key not in (MIN_CALLING_CAPACITY, TARGET_CAPACITY):
        return
    after = {**tuned, key: value}
    effective = {item.key: item.value(after) for item in HEATING_TUNABLES}
    if effective[MIN_CALLING_CAPACITY] >= effective[TARGET_CAPACITY]:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="capacities_crossed",
            translation_placeholders={
                "min_w": f"{effective[MIN_CALLING_CAPACITY]:g}",
                "target_w": f"{effective[TARGET_CAPACITY]:g}",
            },
        )
