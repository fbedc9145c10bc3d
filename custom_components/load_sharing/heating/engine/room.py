"""A room as the state machine sees it: calling or not, its capacity, its next block."""

from dataclasses import dataclass
from datetime import datetime

from .capacity import emission_w, valve_factor
from .model import (
    Actuator,
    HeatingSettings,
    RoomInput,
    RoomMode,
    RoomReason,
    RoomSettings,
    Tier,
)
from .schedule import Block, next_block

_BARRED_BY_MODE = {
    RoomMode.OFF: RoomReason.OFF,
    RoomMode.MANUAL: RoomReason.MANUAL,
    RoomMode.UNAVAILABLE: RoomReason.UNAVAILABLE,
}


SHUT_BELOW_PCT = 5.0


@dataclass(frozen=True, slots=True)
class RoomView:
    """One room at one moment.

    ``lost``: it called when last that could be told, and now it cannot. ``full_w``
    is what its radiator would give fully open; None: not known. ``barred`` says why
    the room must not be open at all; None: it may. ``block`` is its next scheduled
    block within the extended window.
    """

    room: RoomInput
    calling: bool
    lost: bool
    full_w: float | None
    barred: RoomReason | None
    block: Block | None

    @property
    def settings(self) -> RoomSettings:
        """The room's configuration."""
        return self.room.settings

    def capacity_w(self, sharing_pct: float | None, flow_efficiency: float) -> float:
        """Capacity with the valve where its owner or we have it, whichever is more.

        0 W if it is not known: whoever adds it up has to ask for that. A thermostat that is driven by its setpoint opens its valve fully. So does
        the owner of a room that calls, if its position is not known or not yet open.
        """
        if self.full_w is None:
            return 0.0
        owner_pct = self.room.owner_pct
        if self.settings.actuator is Actuator.SETPOINT and sharing_pct is not None:
            pct = 100.0
        elif sharing_pct is not None:
            pct = max(owner_pct or 0.0, sharing_pct)
        elif owner_pct is None or owner_pct < SHUT_BELOW_PCT:
            pct = 100.0
        else:
            pct = owner_pct
        return self.full_w * valve_factor(pct, flow_efficiency)

    def target_c(self, tier: Tier, settings: HeatingSettings) -> float | None:
        """Temperature at which the room must leave a tier; None: it may not be in it."""
        if tier is not Tier.FALLBACK:
            scheduled_c = self.scheduled_c
            return None if scheduled_c is None else scheduled_c + settings.off_delta_k
        if not settings.overheat_cap:
            return settings.ceiling_c
        if self.room.target_c is None:
            return None
        return self.room.target_c + settings.tier_3_overheat_k

    @property
    def scheduled_c(self) -> float | None:
        """Target of the next block."""
        if self.block is None:
            return None
        if self.block.target_c is None:
            return self.settings.comfort_c
        return self.block.target_c

    def tier_by_schedule(self, now: datetime) -> Tier | None:
        """How near the next block is: in the room's own window, or the extended one."""
        if self.block is None:
            return None
        if self.block.starts_in_s(now) <= self.settings.lookahead_s:
            return Tier.SCHEDULE
        return Tier.EXTENDED

    def is_imminent(self, now: datetime, settings: HeatingSettings) -> bool:
        """Whether the next block is so near that the valve may be fully open."""
        return (
            self.block is not None
            and self.block.starts_in_s(now) <= settings.imminent_s
        )

    def has_reached(self, temperature_c: float | None) -> bool:
        """Whether the room is at least as warm as that; not if either is unknown."""
        own_c = self.room.temperature_c
        return (
            temperature_c is not None and own_c is not None and own_c >= temperature_c
        )


def look(
    room: RoomInput,
    settings: HeatingSettings,
    water_c: float | None,
    now: datetime,
    *,
    was_calling: bool,
) -> RoomView:
    """See a room with the water that the boiler makes."""
    own = room.settings
    full_w = None
    if own.q50_w and water_c is not None and room.temperature_c is not None:
        full_w = emission_w(own.q50_w, own.exponent, water_c, room.temperature_c)
    window_s = own.lookahead_s * settings.extended_window_multiplier
    calls = calls_for_heat(room, settings, was_calling=was_calling)
    return RoomView(
        room,
        calls is True,
        was_calling and calls is None,
        full_w,
        _why_barred(room, settings),
        next_block(room.schedule, now, max(window_s, own.lookahead_s))
        if room.schedule
        else None,
    )


def calls_for_heat(
    room: RoomInput, settings: HeatingSettings, *, was_calling: bool
) -> bool | None:
    """Whether a room wants heat: by its own word, else by its temperature.

    A room that cools is below its target, too. None: it cannot be told.
    """
    if room.mode is RoomMode.OFF:
        return False
    if room.demand is not None:
        return room.demand
    if room.mode is RoomMode.MANUAL:
        return False
    if room.mode is RoomMode.UNAVAILABLE:
        return None
    if room.temperature_c is None or room.target_c is None:
        return None
    if was_calling:
        return room.temperature_c < room.target_c + settings.off_delta_k
    return room.temperature_c <= room.target_c - settings.on_delta_k


def _why_barred(room: RoomInput, settings: HeatingSettings) -> RoomReason | None:
    if room.mode is not RoomMode.AUTO:
        return _BARRED_BY_MODE[room.mode]
    if not room.settings.participates:
        return RoomReason.NOT_PARTICIPATING
    if not room.settings.q50_w:
        return RoomReason.NO_RATING
    if room.yielded:
        return RoomReason.YIELDED
    if room.temperature_c is None:
        return RoomReason.UNAVAILABLE
    if room.temperature_c >= settings.ceiling_c:
        return RoomReason.TOO_WARM
    return None
