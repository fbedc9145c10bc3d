"""Tells people and automations of load sharing: events, the log, and repairs."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
import logging
from typing import Any

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .heating.model import LoadSharingState, Transition
from .heating_config import RoomConfig
from .host import Host
from .notices import EventListener
from .room import ManagedRoom
from .snapshot import HeatingSnapshot

_LOGGER = logging.getLogger(__name__)

KEPT_ACTIVATIONS = 20
ENOUGH_ACTIVATIONS = 5
FALSE_ACTIVATIONS = 0.2
FALLBACKS = 0.5
DOCS = "https://github.com/load-sharing/load-sharing/blob/main/docs/load-sharing.md"


class SharingEventType(StrEnum):
    """What the event entity tells."""

    ACTIVATED = "activated"
    TRANSITION = "transition"
    DEACTIVATED = "deactivated"


class HeatingNotices:
    """Compares one snapshot with the next."""

    def __init__(self, host: Host, rooms: Mapping[str, ManagedRoom]) -> None:
        """Speak for a site."""
        self._host = host
        self._site = host.entry.title
        self._rooms = rooms
        self._listeners: list[EventListener] = []
        self._fell_back = False
        self._raised: set[str] = set()

    @callback
    def async_listen(self, listener: EventListener) -> CALLBACK_TYPE:
        """Hear of events: their type and attributes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(
        self,
        before: HeatingSnapshot | None,
        after: HeatingSnapshot,
        missing: tuple[str, ...],
    ) -> None:
        """Tell what is new in ``after``."""
        for move in after.decision.transitions:
            self._tell_move(move, before, after)
        was_missing = before is not None and before.boiler_problem
        if after.boiler_problem and not was_missing:
            _LOGGER.warning(
                "%s: these entities of the boiler tell nothing: %s",
                self._site,
                ", ".join(missing),
            )
        elif was_missing and not after.boiler_problem:
            _LOGGER.info("%s: all entities of the boiler are back", self._site)
        _LOGGER.debug(
            "%s: %s (%s), %.0f W calling, %.0f W in all",
            self._site,
            after.decision.state.value,
            after.decision.reason.value,
            after.decision.calling_capacity_w,
            after.decision.total_capacity_w,
        )
        self._repair(after)

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
        names = [self._rooms[room_id].config.name for room_id in move.rooms]
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
        kind = SharingEventType.TRANSITION
        if move.after.is_active and not move.before.is_active:
            kind = SharingEventType.ACTIVATED
        elif move.before.is_active and not move.after.is_active:
            kind = SharingEventType.DEACTIVATED
            self._count_activation()
        decision = after.decision
        since = decision.active_since or (before and before.decision.active_since)
        attributes: dict[str, Any] = {
            "before": move.before.value,
            "after": move.after.value,
            "reason": move.reason.value,
            "rooms": names,
            "trigger_rooms": sorted(
                self._rooms[room_id].config.name
                for room_id in decision.trigger_rooms
                or (before.decision.trigger_rooms if before else ())
            ),
            "calling_capacity_w": round(decision.calling_capacity_w),
            "total_capacity_w": round(decision.total_capacity_w),
            "active_since": since.isoformat() if since else None,
        }
        for listener in self._listeners:
            listener(kind.value, attributes)

    def _count_activation(self) -> None:
        """Remember of the last activations whether a fallback was needed."""
        kept = self._host.store.heating
        fallbacks = [*kept.get("fallbacks", []), self._fell_back]
        kept["fallbacks"] = fallbacks[-KEPT_ACTIVATIONS:]
        self._host.store.save()
        self._fell_back = False

    def _repair(self, after: HeatingSnapshot) -> None:
        """Raise an issue for what only a person can mend; withdraw it once mended."""
        fallbacks = self._host.store.heating.get("fallbacks", [])
        rate = after.false_activation_rate
        outcomes = self._host.store.heating.get("outcomes", [])
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
                is_fixable=False,
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
