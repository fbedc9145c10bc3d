"""The picture of heating that the cards draw: boiler, water, and the rooms that are open."""

from collections.abc import Sequence
from typing import Any

from ..site.descriptions import rounded
from .config import RoomConfig
from .engine.model import BoilerInput
from .snapshot import HeatingSnapshot, RoomSnapshot

type Picture = dict[str, Any]
"""Plain data for JSON. Temperatures are in °C, to one decimal."""


def draw_picture(
    snapshot: HeatingSnapshot, boiler: BoilerInput, rooms: Sequence[RoomConfig]
) -> Picture:
    """Return the picture of a boiler and its rooms."""
    decision = snapshot.decision
    return {
        "moment": snapshot.moment.plain,
        "state": decision.state,
        "reason": decision.reason,
        "enabled": snapshot.enabled,
        "shadow": snapshot.shadow,
        "boiler": {
            "burning": boiler.burner,
            "held": decision.hold.is_hold,
            "hold_reason": decision.hold,
            "tap_water": boiler.heats_tap_water,
            "on": boiler.on,
            "flow_c": rounded(boiler.flow_c, 1),
            "return_c": rounded(boiler.return_c, 1),
            "setpoint_c": rounded(boiler.setpoint_c, 1),
            "problem": snapshot.boiler_problem,
        },
        "starts_today": snapshot.starts_today,
        "cooldowns_today": snapshot.cooldowns_today,
        "rooms": [_room(config, snapshot.rooms[config.room_id]) for config in rooms],
    }


def _room(config: RoomConfig, room: RoomSnapshot) -> Picture:
    """Return one room. It is ``open`` by us if there is an opening or a setpoint."""
    decision = room.decision
    block = decision.next_block
    return {
        "id": config.room_id,
        "name": config.name,
        "temperature_c": rounded(room.temperature_c, 1),
        "target_c": rounded(room.target_c, 1),
        "calling": decision.calling,
        "held": room.held,
        "open_pct": rounded(decision.valve_pct, 0),
        "setpoint_c": rounded(decision.setpoint_c, 1),
        "tier": decision.tier,
        "reason": decision.reason,
        "participates": room.participates,
        "problem": room.problem,
        "next": None
        if block is None
        else {
            "at": block.start.isoformat(),
            "target_c": rounded(block.target_c, 1),
        },
    }
