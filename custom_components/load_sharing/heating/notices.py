"""Reports changes of heating as events, log entries and repairs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
import logging
from typing import Any

from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..site.host import Host
from ..site.notices import Notices
from .config import RoomConfig
from .engine.model import HeatingDecision, LoadSharingState, Tier, Transition
from .engine.reasons import RoomReason
from .room import ManagedRoom
from .snapshot import HeatingSnapshot
from .store import HeatingStore

_LOGGER = logging.getLogger(__name__)

KEPT_ACTIVATIONS = 20
_TIERS = {
    RoomReason.SCHEDULE: Tier.SCHEDULE,
    RoomReason.DEAD_BAND: Tier.SCHEDULE,
    RoomReason.EXTENDED_SCHEDULE: Tier.EXTENDED,
    RoomReason.FALLBACK: Tier.FALLBACK,
}
"""The tier of a room, by the reason for which it was opened."""
MANY_OVERRIDES = 3
"""A boiler that is set so often a day while it is held has another controller."""
MIN_ACTIVATIONS = 5
"""Repairs about the last activations need at least this many."""
HIGH_FALSE_RATE = 0.2
HIGH_FALLBACK_RATE = 0.5
UNLOADED = "unloaded"
"""Reason of a deactivation that the state machine did not decide."""
DOCS = "https://github.com/load-sharing/load-sharing/blob/main/docs/load-sharing.md"


class SharingEventType(StrEnum):
    """Types of the event entity's events."""

    ACTIVATED = "activated"
    TRANSITION = "transition"
    ROOMS_CHANGED = "rooms_changed"
    DEACTIVATED = "deactivated"


class HeatingNotices(Notices):
    """Reports what changed from one snapshot of heating to the next."""

    def __init__(
        self, host: Host, store: HeatingStore, rooms: Mapping[str, ManagedRoom]
    ) -> None:
        """Report under the title of the config entry."""
        super().__init__()
        self._host = host
        self._store = store
        self._site = host.entry.title
        self._rooms = rooms
        self._used_fallback = False
        self._boiler_overrides: list[datetime] = []
        self._raised: set[str] = set()

    def report(
        self,
        before: HeatingSnapshot | None,
        after: HeatingSnapshot,
        missing: tuple[str, ...],
    ) -> None:
        """Report what is new in ``after``; ``missing`` entities of the boiler too."""
        decision = after.decision
        for transition in decision.transitions:
            self._report_transition(transition, before, after)
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
        self._log_missing(before, after, missing)
        if _LOGGER.isEnabledFor(logging.DEBUG):
            _LOGGER.debug(
                "%s: %s (%s), %.0f W calling, %.0f W in all; %s",
                self._site,
                decision.state.value,
                decision.reason.value,
                decision.calling_capacity_w,
                decision.total_capacity_w,
                ", ".join(self._each_room(decision)),
            )
        self._update_repairs(after)

    def _callers(self, decision: HeatingDecision) -> str:
        """Return the rooms that load is shared for, with what each can take."""
        callers = []
        for name, room_id in sorted(
            (self._rooms[room_id].config.name, room_id)
            for room_id in decision.trigger_rooms & self._rooms.keys()
        ):
            capacity_w = decision.rooms[room_id].capacity_w
            callers.append(
                name if capacity_w is None else f"{name} ({capacity_w:.0f} W)"
            )
        return f"; for {', '.join(callers)}" if callers else ""

    def _each_room(self, decision: HeatingDecision) -> Iterator[str]:
        """Yield why each room is open, or is not."""
        for room_id, room in decision.rooms.items():
            value = room.valve_pct if room.setpoint_c is None else room.setpoint_c
            held = "" if value is None else f" at {value:g}"
            yield f"{self._rooms[room_id].config.name}: {room.reason.value}{held}"

    def report_unload(self, last: HeatingSnapshot) -> None:
        """Report that sharing ends, if it was active, because the site is unloaded."""
        if not last.decision.state.is_active:
            return
        rooms = [key for key, room in last.decision.rooms.items() if room.tier]
        attributes = self._describe(last, last) | {
            "after": LoadSharingState.INACTIVE.value,
            "reason": UNLOADED,
            "opened": {},
            "released": dict.fromkeys(self._names(rooms), UNLOADED),
        }
        self._report_deactivated(attributes, rooms, last.decision.active_since)

    def report_override(self, room: RoomConfig, until: datetime) -> None:
        """Report that something else has set a room's actuator or thermostat."""
        _LOGGER.info(
            "%s: %s was set by hand, and is left alone until %s",
            self._site,
            room.name,
            until.strftime("%H:%M"),
        )

    def report_boiler_override(self, now: datetime) -> None:
        """Report that something else has set the boiler while its burner was held off.

        Something that does so time and again is a controller: a person has to decide
        which of both sets the boiler.
        """
        _LOGGER.info(
            "%s: something else set the boiler's setpoint or switch while its burner was "
            "held off; it is left alone for two hours",
            self._site,
        )
        self._boiler_overrides = [
            at for at in self._boiler_overrides if now - at < timedelta(days=1)
        ] + [now]
        self._raise_if(
            len(self._boiler_overrides) >= MANY_OVERRIDES, "boiler_rewritten"
        )

    def _report_transition(
        self,
        transition: Transition,
        before: HeatingSnapshot | None,
        after: HeatingSnapshot,
    ) -> None:
        """Log a transition and send its event; a fallback is worth a warning."""
        old, new = transition.before, transition.after
        names = self._names(transition.rooms)
        is_fallback = _is_fallback(new) and not _is_fallback(old)
        _LOGGER.log(
            logging.WARNING if is_fallback else logging.INFO,
            "%s: load sharing %s -> %s (%s)%s%s%s",
            self._site,
            old.value,
            new.value,
            transition.reason.value,
            f": {', '.join(names)}" if names else "",
            "; no schedule is near enough" if is_fallback else "",
            self._callers(after.decision) if new.is_active else "",
        )
        self._used_fallback |= is_fallback
        attributes = self._describe(before, after) | {
            "before": old.value,
            "after": new.value,
            "reason": transition.reason.value,
        }
        if old.is_active and not new.is_active:
            since = before.decision.active_since if before else None
            self._report_deactivated(attributes, transition.rooms, since)
            return
        starts = new.is_active and not old.is_active
        event_type = (
            SharingEventType.ACTIVATED if starts else SharingEventType.TRANSITION
        )
        self._send(event_type.value, attributes | {"rooms": names})

    def _report_deactivated(
        self,
        attributes: dict[str, Any],
        rooms: Iterable[str],
        since: datetime | None,
    ) -> None:
        """Report that an activation has ended, and how long it lasted."""
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
        """Return the attributes of an evaluation's events, with all room changes."""
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
        """Log why each room was opened or released."""
        for room_id in decision.opened:
            _LOGGER.info(
                "%s: %s opened in tier %s",
                self._site,
                *self._name_and_tier(decision, room_id),
            )
        for name, reason in self._reasons(decision.released).items():
            _LOGGER.info("%s: %s let go (%s)", self._site, name, reason)

    def _name_and_tier(
        self, decision: HeatingDecision, room_id: str
    ) -> tuple[str, str]:
        """Return the name of an opened room, and its tier with the cause."""
        room, decided = self._rooms[room_id], decision.rooms[room_id]
        if decision.opened[room_id] is RoomReason.DEAD_BAND:
            cause = "not yet at its target"
        elif decision.opened[room_id] is RoomReason.FALLBACK:
            cause = f"fallback priority {room.settings.fallback_priority}"
        elif decided.next_block is None:
            cause = "schedule"
        else:
            minutes = decided.next_block.starts_in_s(dt_util.now()) / 60
            cause = f"schedule in {minutes:.0f} min"
        return room.config.name, f"{_TIERS[decision.opened[room_id]].value} ({cause})"

    def _log_missing(
        self,
        before: HeatingSnapshot | None,
        after: HeatingSnapshot,
        missing: tuple[str, ...],
    ) -> None:
        """Log once that entities of the boiler are missing, and once their return."""
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
        """Record whether the activation that has ended needed a fallback."""
        record = self._store.record
        fallbacks = [*record.get("fallbacks", []), self._used_fallback]
        record["fallbacks"] = fallbacks[-KEPT_ACTIVATIONS:]
        self._store.save()
        self._used_fallback = False

    def _update_repairs(self, after: HeatingSnapshot) -> None:
        """Raise a repair for what only a person can fix; withdraw what is fixed."""
        self._update_activation_repairs(after.false_activation_rate or 0.0)
        for room_id, room in self._rooms.items():
            name = room.config.name
            self._raise_if(
                after.rooms[room_id].problem, "valve_problem", room_id, room=name
            )
            self._raise_if(not room.config.q50_w, "no_rating", room_id, room=name)
        names = self._same_priorities()
        self._raise_if(bool(names), "same_priority", rooms=", ".join(names))

    def _update_activation_repairs(self, false_rate: float) -> None:
        """Update the repairs about the last activations: false ones, and fallbacks."""
        judged = len(self._store.record.get("outcomes", []))
        self._raise_if(
            judged >= MIN_ACTIVATIONS and false_rate > HIGH_FALSE_RATE,
            "false_activations",
            percent=f"{100 * false_rate:.0f}",
        )
        fallbacks = self._store.record.get("fallbacks", [])
        fallback_rate = sum(fallbacks) / len(fallbacks) if fallbacks else 0.0
        self._raise_if(
            len(fallbacks) >= MIN_ACTIVATIONS and fallback_rate >= HIGH_FALLBACK_RATE,
            "schedule_gap",
            percent=f"{100 * fallback_rate:.0f}",
        )

    def _same_priorities(self) -> list[str]:
        """Return the names of rooms that share their fallback priority with another."""
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
        """Raise a repair if something is wrong, else withdraw it."""
        hass = self._host.hass
        issue_id = "_".join(
            part for part in (key, self._host.entry.entry_id, room_id) if part
        )
        if wrong and issue_id not in self._raised:
            self._raised.add(issue_id)
            told = "".join(f", {name} {value}" for name, value in placeholders.items())
            _LOGGER.warning("%s: %s%s", self._site, key.replace("_", " "), told)
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
        """Withdraw all repairs: the next start raises those that still apply."""
        for issue_id in self._raised:
            ir.async_delete_issue(self._host.hass, DOMAIN, issue_id)
        self._raised.clear()


def _is_fallback(state: LoadSharingState) -> bool:
    return state in (LoadSharingState.TIER3_ACTIVE, LoadSharingState.TIER3_ESCALATED)
