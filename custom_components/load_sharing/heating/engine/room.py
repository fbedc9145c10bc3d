"""A room as the state machine sees it: its call for heat, capacity and next block."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import NamedTuple

from .capacity import behind_mixer_c, emission_w, valve_factor
from .model import Actuator, HeatingSettings, RoomInput, RoomMode, RoomSettings, Tier
from .pace import Pace
from .reasons import RoomReason
from .schedule import Block, active_block, next_blocks

_BLOCKING_MODES = {
    RoomMode.AWAY: RoomReason.AWAY,
    RoomMode.FROST: RoomReason.FROST_PROTECTION,
    RoomMode.OFF: RoomReason.OFF,
    RoomMode.MANUAL: RoomReason.MANUAL,
    RoomMode.UNAVAILABLE: RoomReason.UNAVAILABLE,
}

SHUT_BELOW_PCT = 5.0
STAYS_SHUT_S = 960.0
"""A valve that has not opened for a call by then is not going to.

Battery-powered heads may take a quarter of an hour to fetch a command.
"""
OPEN_FROM_PCT = 90.0
"""A valve as wide open as this cannot be opened any further.

If its room does not call for heat, what it shows may also be a limit: how far the head
opens when it heats (Sonoff TRVZB, zigbee2mqtt#24905).
"""
IDLE_LIMIT_PCT = 50.0
"""Such a valve of a thermostat that says it does not heat shows a limit."""
WARM_LIMIT_PCT = 20.0
WARM_K = 0.5
"""Such a valve of a room that is as much above its target shows a limit, too."""
AT_TARGET_S = 1800.0
"""A sensor that can show that a room is above its target has done so by then.

At 0.2 K/h, the slowest that counts as warming, 0.1 K takes half an hour.
"""
HEAD_MARGIN_K = 1.0
"""A head heats if its setpoint is as much above what it measures itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """One room at one moment.

    ``call_lost``: the room called when this was last known, and now it is unknown.
    ``full_capacity_w`` is its radiator's output with a fully open valve, None if
    unknown. ``blocked_by`` is the reason why the room must not be opened at all; None
    if it may be. ``block`` is the next block within the extended window that it has to
    be warmed for, else the very next one; ``ahead_s`` how long before that the room may
    be opened; None: as soon as it is in the window. ``stays_shut``: the room calls, and
    its valve has not opened for that. ``is_in_dead_band``: in a running
    block, it is not warm but does not call yet.
    """

    room: RoomInput
    calling: bool
    call_lost: bool
    full_capacity_w: float | None
    blocked_by: RoomReason | None
    block: Block | None
    ahead_s: float | None = None
    is_in_dead_band: bool = False
    stays_shut: bool = False

    @property
    def settings(self) -> RoomSettings:
        """The room's configuration."""
        return self.room.settings

    def capacity_w(self, held_pct: float | None, flow_efficiency: float) -> float:
        """Return the radiator's output in W; ``held_pct`` None: its valve is not held.

        The owner's opening counts if it is wider. Of an actuator that does not follow,
        only what it shows counts. A thermostat that is held by its setpoint opens its
        valve fully. The owner of a calling room is expected to do
        the same if its valve position is unknown, or not yet open for its call.

        0 W if the capacity is unknown, so the caller must check ``full_capacity_w``.
        """
        if self.full_capacity_w is None:
            return 0.0
        owner_valve_pct = self.room.owner_valve_pct
        stuck_pct = self.room.stuck_pct
        if held_pct is not None and stuck_pct is not None:
            pct = max(owner_valve_pct or 0.0, stuck_pct)
        elif self.settings.actuator is Actuator.SETPOINT and held_pct is not None:
            pct = 100.0
        elif held_pct is not None:
            pct = max(owner_valve_pct or 0.0, held_pct)
        elif owner_valve_pct is None or (self.is_shut and not self.stays_shut):
            pct = 100.0
        else:
            pct = owner_valve_pct
        return self.full_capacity_w * valve_factor(pct, flow_efficiency)

    def release_at_c(self, tier: Tier, settings: HeatingSettings) -> float | None:
        """Return the room temperature in °C that ends the room's stay in a tier.

        None if the temperature is unknown, which keeps the room out of the tier.
        """
        if tier is not Tier.FALLBACK:
            target_c = self.block_target_c
            return None if target_c is None else target_c + settings.off_delta_k
        if not settings.overheat_cap:
            return settings.ceiling_c
        if self.room.target_c is None:
            return None
        return self.room.target_c + settings.tier_3_overheat_k

    def raised_c(
        self, release_c: float | None, settings: HeatingSettings
    ) -> float | None:
        """Return the setpoint in °C that opens a room by its thermostat.

        It is above the temperature that releases the room, and above what the head
        measures, which beside a hot radiator is more, and no more than the thermostat
        takes. In whole degrees, and never lowered while the room is held, it seldom
        changes.
        """
        if release_c is None:
            return None
        raised_c = release_c + settings.boost_k
        head_c, held_c = self.room.head_c, self.room.held_c
        if head_c is not None and head_c + HEAD_MARGIN_K > max(raised_c, held_c or 0.0):
            raised_c = float(ceil(head_c + settings.boost_k))
        if held_c is not None:
            raised_c = max(raised_c, held_c)
        return min(raised_c, settings.ceiling_c, self.room.highest_c)

    @property
    def block_target_c(self) -> float | None:
        """Target temperature of the next block; None without such a block."""
        return target_of(self.block, self.settings)

    def release_from_dead_band_c(self, settings: HeatingSettings) -> float | None:
        """Return the room temperature in °C that ends a stay in the dead band."""
        target_c = self.room.target_c
        return None if target_c is None else target_c + settings.off_delta_k

    @property
    def need_k(self) -> float:
        """How far the room is below the target of its next block, in K."""
        return need_k(self.block, self.room)

    @property
    def owner_is_open(self) -> bool:
        """Whether the room's valve would be open without us."""
        if self.room.owner_valve_pct is None:
            return self.calling
        return self.room.owner_valve_pct >= SHUT_BELOW_PCT

    def scheduled_tier(self, now: datetime, settings: HeatingSettings) -> Tier | None:
        """Return the tier of a room that needs heat for its next block, or None."""
        if self.block is None or self.need_k <= settings.prewarm_margin_k:
            return None
        if self.ahead_s is not None and self.block.starts_in_s(now) > self.ahead_s:
            return None
        return self.tier_by_schedule(now)

    def tier_by_schedule(self, now: datetime) -> Tier | None:
        """Return the tier of the next block, by the room's or the extended window."""
        if self.block is None:
            return None
        if self.block.starts_in_s(now) <= self.settings.lookahead_s:
            return Tier.SCHEDULE
        return Tier.EXTENDED

    def is_imminent(self, now: datetime, settings: HeatingSettings) -> bool:
        """Return whether the next block is so near that the valve may be fully open."""
        return (
            self.block is not None
            and self.block.starts_in_s(now) <= settings.imminent_s
        )

    @property
    def is_shut(self) -> bool:
        """Whether the room's valve shows that it would be shut without us."""
        valve_pct = self.room.owner_valve_pct
        return valve_pct is not None and valve_pct < SHUT_BELOW_PCT

    @property
    def is_at_target(self) -> bool:
        """Whether the room is known to be as warm as its owner wants it."""
        target_c = self.room.target_c
        return target_c is not None and self.has_reached(target_c)

    def has_reached(self, temperature_c: float) -> bool:
        """Return whether the room is known to be at least this warm."""
        room_c = self.room.temperature_c
        return room_c is not None and room_c >= temperature_c


def target_of(block: Block | None, settings: RoomSettings) -> float | None:
    """Return the target of a block, by default the room's comfort; None without one."""
    if block is None:
        return None
    return settings.comfort_c if block.target_c is None else block.target_c


def need_k(block: Block | None, room: RoomInput) -> float:
    """Return how far a room is below the target of a block, in K; 0 if unknown."""
    target_c = target_of(block, room.settings)
    if target_c is None or room.temperature_c is None:
        return 0.0
    return target_c - room.temperature_c


class LastCall(NamedTuple):
    """Whether a room called when that was last known, and how that call has gone.

    ``at_target_s`` is how long the room has been at its target, and ``shut_s`` how long
    its valve has shown that it is shut, in s.
    """

    was_calling: bool = False
    at_target_s: float = 0.0
    shut_s: float = 0.0


class Lookout(NamedTuple):
    """How far ahead of its blocks a room is looked after while the burner burns.

    ``pace`` limits that by the room's own rates; None looks as far as its window.
    """

    pace: Pace | None


def view_room(
    room: RoomInput,
    settings: HeatingSettings,
    water_c: float | None,
    now: datetime,
    *,
    last: LastCall,
    lookout: Lookout | None = None,
) -> RoomView:
    """View a room with radiator water at ``water_c``, the mean in °C.

    ``lookout`` is given where rooms are shared while the burner burns.
    """
    own = room.settings
    full_capacity_w = None
    if own.q50_w and water_c is not None and room.temperature_c is not None:
        own_water_c = behind_mixer_c(water_c, own.mixed_flow_c)
        full_capacity_w = emission_w(
            own.q50_w, own.exponent, own_water_c, room.temperature_c
        )
    calling = _calls_for_heat(room, settings, last)
    factor = settings.extended_window_multiplier
    if lookout is not None:
        factor = settings.farthest_factor
    window_s = own.lookahead_s * max(1.0, factor)
    block = _block_to_warm_for(room, settings, now, window_s)
    return RoomView(
        room=room,
        calling=calling is True,
        call_lost=last.was_calling and calling is None,
        full_capacity_w=full_capacity_w,
        blocked_by=_blocking_reason(room, settings, block)
        or _actuator_reason(room, settings, calling=calling is True),
        block=block,
        ahead_s=None if lookout is None else _ahead_s(room, block, lookout),
        stays_shut=last.shut_s >= STAYS_SHUT_S,
        is_in_dead_band=(
            lookout is not None
            and not calling
            and _is_in_dead_band(room, settings, now)
        ),
    )


def _ahead_s(room: RoomInput, block: Block | None, lookout: Lookout) -> float | None:
    """Return how long before its block a room may be opened; None: in its window.

    A room that has not shown yet how fast it warms up has its look-ahead.
    """
    if lookout.pace is None:
        return None
    ahead_s = lookout.pace.ahead_s(need_k(block, room))
    return room.settings.lookahead_s if ahead_s is None else ahead_s


def _is_in_dead_band(room: RoomInput, settings: HeatingSettings, now: datetime) -> bool:
    """Return whether a room has not yet reached its target, while that matters.

    Between the blocks of its schedule it does not.
    """
    target_c = room.target_c
    if room.temperature_c is None or target_c is None:
        return False
    if room.schedule is not None:
        scheduled_c = target_of(active_block(room.schedule, now), room.settings)
        if scheduled_c is None:
            return False
        target_c = min(target_c, scheduled_c)
    return room.temperature_c < target_c + settings.off_delta_k


def _block_to_warm_for(
    room: RoomInput, settings: HeatingSettings, now: datetime, window_s: float
) -> Block | None:
    """Return the next block that the room is too cold for, else the very next one.

    A block may be a small step before a big one: 19 °C at six, 21 °C at seven.
    """
    if not room.schedule:
        return None
    blocks = next_blocks(room.schedule, now, window_s)
    cold = (
        block for block in blocks if need_k(block, room) > settings.prewarm_margin_k
    )
    return next(cold, blocks[0] if blocks else None)


def _calls_for_heat(
    room: RoomInput, settings: HeatingSettings, last: LastCall
) -> bool | None:
    """Return whether a room calls for heat, by its demand or else inferred, or None.

    None is unknown. The call is inferred from the temperature in auto mode only: a room
    in cooling mode is below its target, too, and so is one in which nobody is, or one
    that is aired. A last call adds hysteresis. At its target, a call ends with its
    valve, with its thermostat's, or after a while: a sensor of half degrees may never
    show more.
    """
    if room.mode is RoomMode.OFF:
        return False
    if room.demand is not None:
        return room.demand
    if room.mode is RoomMode.UNAVAILABLE:
        return None
    if room.mode is not RoomMode.AUTO or room.window_open:
        return False
    if room.temperature_c is None or room.target_c is None:
        return None
    if last.was_calling:
        valve_pct = room.owner_valve_pct
        is_shut = valve_pct is not None and valve_pct < SHUT_BELOW_PCT
        has_enough = is_shut or room.idle or last.at_target_s >= AT_TARGET_S
        margin_k = 0.0 if has_enough else settings.off_delta_k
        return room.temperature_c < room.target_c + margin_k
    return room.temperature_c <= room.target_c - settings.on_delta_k


def _blocking_reason(
    room: RoomInput, settings: HeatingSettings, block: Block | None
) -> RoomReason | None:
    """Return why a room must not be opened by any tier; None if it may be."""
    awaited = room.mode is RoomMode.AWAY and block is not None
    if room.mode is not RoomMode.AUTO and not awaited:
        return _BLOCKING_MODES[room.mode]
    if room.window_open:
        return RoomReason.WINDOW_OPEN
    if room.target_c is not None and room.target_c <= settings.frost_target_c:
        return RoomReason.FROST_PROTECTION
    if not room.settings.participates:
        return RoomReason.NOT_PARTICIPATING
    if not room.settings.q50_w:
        return RoomReason.NO_RATING
    if room.overridden:
        return RoomReason.YIELDED
    if room.temperature_c is None:
        return RoomReason.UNAVAILABLE
    if room.temperature_c >= settings.ceiling_c:
        return RoomReason.TOO_WARM
    return None


def _actuator_reason(
    room: RoomInput, settings: HeatingSettings, *, calling: bool
) -> RoomReason | None:
    """Return why a room's actuator cannot open it any further; None if it can."""
    if not room.reachable:
        return RoomReason.VALVE_UNAVAILABLE
    if room.settings.actuator is Actuator.SETPOINT:
        limit_c = min(settings.ceiling_c, room.highest_c)
        if room.held_c is None:
            limit_c -= HEAD_MARGIN_K
        too_warm = room.head_c is not None and room.head_c >= limit_c
        return RoomReason.HEAD_TOO_WARM if too_warm else None
    open_from_pct = IDLE_LIMIT_PCT if room.idle else OPEN_FROM_PCT
    if (
        room.temperature_c is not None
        and room.target_c is not None
        and room.temperature_c >= room.target_c + WARM_K
    ):
        open_from_pct = WARM_LIMIT_PCT
    if not calling and (room.owner_valve_pct or 0.0) >= open_from_pct:
        return RoomReason.ALREADY_OPEN
    return None
