"""Tells people and automations of load sharing: events, the log, and repairs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
import logging
from typing import Any

from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..site.host import Host
from ..site.notices import Notices
from .config import RoomConfig
from .engine.model import (
    HeatingDecision,
    LoadSharingState,
    RoomReason,
    Tier,
    Transition,
)
from .room import ManagedRoom
from .snapshot import HeatingSnapshot
from .store import HeatingStore

_LOGGER = logging.getLogger(__name__)

KEPT_ACTIVATIONS = 20
ENOUGH_ACTIVATIONS = 5
FALSE_ACTIVATIONS = 0.2
FALLBACKS = 0.5
UNLOADED = "unloaded"
"""Reason of a deactivation that is none of the state machine's."""
DOCS = "https://github.com/load-sharing/load-sharing/blob/main/docs/load-sharing.md"


class SharingEventType(StrEnum):
    """What the event entity tells."""

    ACTIVATED = "activated"
    TRANSITION = "transition"
    ROOMS_CHANGED = "rooms_changed"
    DEACTIVATED = "deactivated"


class HeatingNotices(Notices):
    """Compares one snapshot with the next."""

    def __init__(
        self, host: Host, store: HeatingStore, rooms: Mapping[str, ManagedRoom]
    ) -> None:
        """Speak for a site."""
        super().__init__()
        self._host = host
        self._store = store
        self._site = host.entry.title
        self._rooms = rooms
        self._fell_back = False
        self._raised: set[str] = set()

    def tell(
        self,
        before: HeatingSnapshot | None,
        after: HeatingSnapshot,
        missing: tuple[str, ...],
    ) -> None:
        """Tell what is new in ``after``."""
        decision = after.decision
        for move in decision.transitions:
            self._tell_move(move, before, after)
        if decision.opened or decision.released:
            self._log_rooms(decision)
            if not decision.transitions:
                self._send(
                    SharingEventType.ROOMS_CHANGED.value, self._describe(before, after)
                )
        if decision.exhausted and not (before and before.decision.exhausted):
            _LOGGER.info(
                "%s: all tiers are exhausted at %.0f W; the boiler may cycle",
                self._site,
                decision.total_capacity_w,
            )
        self._log_boiler(before, after, missing)
        _LOGGER.debug(
            "%s: %s (%s), %.0f W calling, %.0f W in all",
            self._site,
            decision.state.value,
            decision.reason.value,
            decision.calling_capacity_w,
            decision.total_capacity_w,
        )
        self._repair(after)

    def tell_end(self, last: HeatingSnapshot) -> None:
        """Tell that sharing ends because the site is unloaded, if it was active."""
        if not last.decision.state.is_active:
            return
        rooms = [key for key, room in last.decision.rooms.items() if room.tier]
        attributes = self._describe(last, last) | {
            "after": LoadSharingState.INACTIVE.value,
            "reason": UNLOADED,
            "opened": {},
            "released": dict.fromkeys(self._names(rooms), UNLOADED),
        }
        self._tell_deactivated(attributes, rooms, last.decision.active_since)

    def yielded(self, room: RoomConfig, until: datetime) -> None:
        """Tell that somebody took a room's actuator from us."""
        _LOGGER.info(
            "%s: somebody else moved %s; it is left alone until %s",
            self._site,
            room.name,
            until.strftime("%H:%M"),
        )

    def _tell_move(
        self, move: Transition, before: HeatingSnapshot | None, after: HeatingSnapshot
    ) -> None:
        names = self._names(move.rooms)
        falls_back = _is_fallback(move.after) and not _is_fallback(move.before)
        _LOGGER.log(
            logging.WARNING if falls_back else logging.INFO,
            "%s: load sharing %s -> %s (%s)%s%s",
            self._site,
            move.before.value,
            move.after.value,
            move.reason.value,
            f": {', '.join(names)}" if names else "",
            "; no schedule is near enough" if falls_back else "",
        )
        self._fell_back |= falls_back
        attributes = self._describe(before, after) | {
            "before": move.before.value,
            "after": move.after.value,
            "reason": move.reason.value,
        }
        if move.before.is_active and not move.after.is_active:
            since = before.decision.active_since if before else None
            self._tell_deactivated(attributes, move.rooms, since)
            return
        began = move.after.is_active and not move.before.is_active
        kind = SharingEventType.ACTIVATED if began else SharingEventType.TRANSITION
        self._send(kind.value, attributes | {"rooms": names})

    def _tell_deactivated(
        self,
        attributes: dict[str, Any],
        rooms: Iterable[str],
        since: datetime | None,
    ) -> None:
        """Tell that an activation is over, and how long it was."""
        duration_s = (dt_util.now() - since).total_seconds() if since else 0.0
        _LOGGER.info(
            "%s: load sharing was active for %.1f min, until %s",
            self._site,
            duration_s / 60,
            attributes["reason"],
        )
        self._count_activation()
        self._send(
            SharingEventType.DEACTIVATED.value,
            attributes | {"rooms": self._names(rooms), "duration_s": round(duration_s)},
        )

    def _describe(
        self, before: HeatingSnapshot | None, after: HeatingSnapshot
    ) -> dict[str, Any]:
        """What every event tells of an evaluation: all rooms that came and went."""
        decision = after.decision
        last = before.decision if before else decision
        since = decision.active_since or last.active_since
        changed = [*decision.opened, *decision.released]
        return {
            "before": decision.state.value,
            "after": decision.state.value,
            "reason": decision.reason.value,
            "rooms": self._names(changed),
            "opened": self._reasons(decision.opened),
            "released": self._reasons(decision.released),
            "trigger_rooms": sorted(
                self._names(decision.trigger_rooms or last.trigger_rooms)
            ),
            "calling_capacity_w": round(decision.calling_capacity_w),
            "total_capacity_w": round(decision.total_capacity_w),
            "active_since": since.isoformat() if since else None,
        }

    def _log_rooms(self, decision: HeatingDecision) -> None:
        """Say of each room why it was opened or let go."""
        for room_id in decision.opened:
            _LOGGER.info(
                "%s: %s opened in tier %s", self._site, *self._why(decision, room_id)
            )
        for name, reason in self._reasons(decision.released).items():
            _LOGGER.info("%s: %s let go (%s)", self._site, name, reason)

    def _why(self, decision: HeatingDecision, room_id: str) -> tuple[str, str]:
        """Name of an opened room, and its tier with what put it there."""
        room, decided = self._rooms[room_id], decision.rooms[room_id]
        if decided.tier is Tier.FALLBACK or decided.next_block is None:
            why = f"fallback priority {room.settings.fallback_priority}"
        else:
            minutes = decided.next_block.starts_in_s(dt_util.now()) / 60
            why = f"schedule in {minutes:.0f} min"
        return room.config.name, f"{decided.tier} ({why})"

    def _log_boiler(
        self,
        before: HeatingSnapshot | None,
        after: HeatingSnapshot,
        missing: tuple[str, ...],
    ) -> None:
        was_missing = before is not None and before.boiler_problem
        if after.boiler_problem and not was_missing:
            _LOGGER.warning(
                "%s: these entities of the boiler tell nothing: %s",
                self._site,
                ", ".join(missing),
            )
        elif was_missing and not after.boiler_problem:
            _LOGGER.info("%s: all entities of the boiler are back", self._site)

    def _names(self, room_ids: Iterable[str]) -> list[str]:
        return [self._rooms[room_id].config.name for room_id in room_ids]

    def _reasons(self, rooms: Mapping[str, RoomReason]) -> dict[str, str]:
        return {
            self._rooms[room_id].config.name: reason.value
            for room_id, reason in rooms.items()
        }

    def _count_activation(self) -> None:
        """Remember of the last activations whether a fallback was needed."""
        kept = self._store.record
        fallbacks = [*kept.get("fallbacks", []), self._fell_back]
        kept["fallbacks"] = fallbacks[-KEPT_ACTIVATIONS:]
        self._store.save()
        self._fell_back = False

    def _repair(self, after: HeatingSnapshot) -> None:
        """Raise an issue for what only a person can mend; withdraw it once mended."""
        fallbacks = self._store.record.get("fallbacks", [])
        rate = after.false_activation_rate
        outcomes = self._store.record.get("outcomes", [])
        enough = len(outcomes) >= ENOUGH_ACTIVATIONS
        self._raise_if(
            enough and rate is not None and rate > FALSE_ACTIVATIONS,
            "false_activations",
            percent=f"{100 * (rate or 0):.0f}",
        )
        share = sum(fallbacks) / len(fallbacks) if fallbacks else 0.0
        self._raise_if(
            len(fallbacks) >= ENOUGH_ACTIVATIONS and share >= FALLBACKS,
            "schedule_gap",
            percent=f"{100 * share:.0f}",
        )
        for room_id, room in self._rooms.items():
            name = room.config.name
            self._raise_if(
                after.rooms[room_id].problem, "valve_problem", room_id, room=name
            )
            self._raise_if(not room.config.q50_w, "no_rating", room_id, room=name)
        twice = self._same_priorities()
        self._raise_if(bool(twice), "same_priority", rooms=", ".join(twice))

    def _same_priorities(self) -> list[str]:
        by_priority: dict[int, list[str]] = {}
        for room in self._rooms.values():
            if (priority := room.settings.fallback_priority) is not None:
                by_priority.setdefault(priority, []).append(room.config.name)
        return [
            name for names in by_priority.values() if len(names) > 1 for name in names
        ]

    def _raise_if(
        self, wrong: bool, key: str, room_id: str = "", **placeholders: str
    ) -> None:
        hass = self._host.hass
        issue_id = "_".join(
            part for part in (key, self._host.entry.entry_id, room_id) if part
        )
        if wrong and issue_id not in self._raised:
            self._raised.add(issue_id)
            ir.async_create_issue(
                hass,
                DOMAIN,
                issue_id,
                data={"entry_id": self._host.entry.entry_id, "part": room_id},
                is_fixable=key == "no_rating",
                learn_more_url=DOCS,
                severity=ir.IssueSeverity.WARNING,
                translation_key=key,
                translation_placeholders={"site": self._site, **placeholders},
            )
        elif issue_id in self._raised and not wrong:
            self._raised.discard(issue_id)
            ir.async_delete_issue(hass, DOMAIN, issue_id)

    def withdraw(self) -> None:
        """Withdraw all issues: the next start raises what is still wrong."""
        for issue_id in self._raised:
            ir.async_delete_issue(self._host.hass, DOMAIN, issue_id)
        self._raised.clear()


def _is_fallback(state: LoadSharingState) -> bool:
    return state in (LoadSharingState.TIER3_ACTIVE, LoadSharingState.TIER3_ESCALATED)
