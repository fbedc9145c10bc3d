"""Publishes one snapshot per evaluation for the entities."""

from collections.abc import Mapping
from dataclasses import replace

from homeassistant.const import MAX_LENGTH_STATE_STATE
from homeassistant.util import dt as dt_util

from ..const import OWNER_HEATING
from ..site.host import Host
from .boiler import ManagedBoiler
from .engine.evaluate import HeatingState
from .engine.evidence import count_within
from .engine.model import HeatingDecision, HeatingInput, RoomInput
from .history import make_history, note
from .moment import Seen, describe
from .notices import HeatingNotices
from .room import ManagedRoom
from .snapshot import HeatingSnapshot, RoomSnapshot
from .store import HeatingStore

HOUR_S = 3600.0


def _learned_q50_w(room: RoomInput, state: HeatingState) -> float | None:
    """Return a radiator's rating in W as learned, in steps of 10 W; None if unknown."""
    factor = state.balance.factors.get(room.settings.room_id)
    if factor is None or not room.settings.q50_w:
        return None
    return round(factor * room.settings.q50_w, -1)


class HeatingPublisher:
    """Builds snapshots of the heating, publishes them, and has changes reported."""

    def __init__(
        self,
        host: Host,
        store: HeatingStore,
        notices: HeatingNotices,
        boiler: ManagedBoiler,
        rooms: Mapping[str, ManagedRoom],
    ) -> None:
        """Start with nothing published."""
        self._host = host
        self._store = store
        self._notices = notices
        self._boiler = boiler
        self._rooms = rooms
        self.shown: HeatingSnapshot | None = None
        self.history = make_history()

    def publish(
        self,
        site: HeatingInput,
        state: HeatingState,
        decision: HeatingDecision,
        now_s: float,
    ) -> None:
        """Publish the results of an evaluation of ``site``, and report the changes."""
        note(self.history, site.local_time.timestamp(), now_s, site, state, decision)
        rooms = {}
        for room_input in site.rooms:
            room_id = room_input.settings.room_id
            room = self._rooms[room_id].snapshot(
                room_input, decision.rooms[room_id], now_s
            )
            rooms[room_id] = replace(
                room, learned_q50_w=_learned_q50_w(room_input, state)
            )
        snapshot = self._snapshot(site, state, decision, rooms, now_s)
        before, self.shown = self.shown, snapshot
        changed = {OWNER_HEATING} | {
            room_id
            for room_id, room in rooms.items()
            if before is None or room != before.rooms[room_id]
        }
        self._host.publish(changed, heating=snapshot)
        self._notices.report(before, snapshot, self._boiler.silent)

    def _snapshot(
        self,
        site: HeatingInput,
        state: HeatingState,
        decision: HeatingDecision,
        rooms: Mapping[str, RoomSnapshot],
        now_s: float,
    ) -> HeatingSnapshot:
        """Build the snapshot of the site around those of its rooms."""
        monitor, effect, store = state.monitor, state.effect, self._store
        midnight = dt_util.start_of_local_day()
        since_midnight_s = site.local_time.timestamp() - midnight.timestamp()
        boiler_problem = self._boiler.is_incomplete(now_s, is_up=self._host.is_up)
        return HeatingSnapshot(
            enabled=store.enabled,
            mode=store.mode,
            control=store.control,
            shadow=store.shadow,
            overheat_cap=site.settings.overheat_cap,
            decision=decision,
            moment=describe(
                Seen(
                    decision=decision,
                    names={key: room.config.name for key, room in self._rooms.items()},
                    enabled=store.enabled,
                    shadow=store.shadow,
                    boiler_problem=boiler_problem,
                )
            ),
            midnight=midnight,
            trigger_names=self._names(decision.trigger_rooms),
            boiler_problem=boiler_problem,
            cooldowns_today=count_within(monitor.cooldowns_s, since_midnight_s, now_s),
            cooldowns_last_hour=count_within(monitor.cooldowns_s, HOUR_S, now_s),
            starts_last_hour=count_within(monitor.starts_s, HOUR_S, now_s),
            least_output_w=state.least_output_w(site),
            sharing_s=effect.sharing_s,
            starts_today=count_within(monitor.starts_s, since_midnight_s, now_s),
            days=state.days,
            false_activation_rate=effect.false_activation_rate,
            rooms=rooms,
        )

    def _names(self, room_ids: frozenset[str]) -> str | None:
        """Return the names of rooms, cut to the longest state an entity can have."""
        names = sorted(
            self._rooms[room_id].config.name
            for room_id in room_ids
            if room_id in self._rooms
        )
        return ", ".join(names)[:MAX_LENGTH_STATE_STATE] or None
