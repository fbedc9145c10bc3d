"""Properties that hold for random houses, users, faults and times."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from custom_components.load_sharing.heating.engine.evaluate import evaluate
from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState,
    Mode,
    RoomInput,
    RoomMode,
    Tier,
)
from custom_components.load_sharing.heating.engine.reasons import RoomReason
from custom_components.load_sharing.heating.engine.schedule import (
    DayBlock,
    WeeklySchedule,
)
from custom_components.load_sharing.heating.engine.transitions import TRANSITIONS

from .house import BATH, Story, clock, daily, room

HOURS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 20, 45)]


@st.composite
def schedules(draw: st.DrawFn) -> WeeklySchedule | None:
    """No schedule, a near block, a later block, or up to two blocks on some days."""
    kind = draw(st.sampled_from(["none", "near", "later", "any"]))
    if kind == "none":
        return None
    if kind != "any":
        return daily("06:40" if kind == "near" else "07:40", "09:00")
    edges = sorted(draw(st.sets(st.sampled_from(HOURS), min_size=2, max_size=4)))
    blocks = tuple(
        DayBlock(clock(start), clock(end), draw(st.sampled_from([None, 19.0, 22.0])))
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    )
    days = draw(st.lists(st.booleans(), min_size=7, max_size=7))
    return tuple(blocks if on else () for on in days)


@st.composite
def rooms(draw: st.DrawFn) -> list[RoomInput]:
    """A calling bath, and up to eight rooms of all kinds."""
    return [BATH] + [
        room(
            f"room {number}",
            draw(st.sampled_from([None, 300, 900, 2300, 9000])),
            draw(st.sampled_from([16.0, 17.0, 18.0, 19.0])),
            target_c=draw(st.sampled_from([15.0, 16.0, 18.0, 21.0, None])),
            fallback_priority=draw(st.sampled_from([None, 1, 2, 99])),
            lookahead_s=draw(st.sampled_from([900.0, 3600.0, 10800.0])),
            actuator=draw(st.sampled_from(Actuator)),
            owner_valve_pct=draw(st.sampled_from([None, 0.0, 30.0, 100.0])),
            schedule=draw(schedules()),
        )
        for number in range(draw(st.integers(1, 8)))
    ]


temperatures = st.one_of(
    st.sampled_from([None, 16.0, 17.0, 18.0, 20.0, 21.2]), st.floats(5, 30)
)
room_modes = st.sampled_from([RoomMode.AUTO] * 5 + list(RoomMode))
modes = st.sampled_from([Mode.ALL_TIERS] * 5 + list(Mode))
waters = st.one_of(st.none(), st.floats(20, 80))


class Heating(RuleBasedStateMachine):
    """Everything that can happen to a site."""

    @initialize(items=rooms())
    def move_in(self, items: list[RoomInput]) -> None:
        """Start with a random house."""
        self.story = Story(*items)
        self.transitions_before = len(self.story.transitions)
        self.before = self.story.engine_state.context

    def _act(self, **_: Any) -> None:
        self.before = self.story.engine_state.context
        self.transitions_before = len(self.story.transitions)
        self.story.evaluate()

    @rule(data=st.data(), temperature_c=temperatures)
    def temperature(self, data: st.DataObject, temperature_c: float | None) -> None:
        """A room warms up, cools down, or loses its sensor."""
        self._change(data, temperature_c=temperature_c)

    @rule(data=st.data(), target_c=temperatures)
    def target(self, data: st.DataObject, target_c: float | None) -> None:
        """A room's target changes."""
        self._change(data, target_c=target_c)

    @rule(data=st.data(), mode=room_modes)
    def room_mode(self, data: st.DataObject, mode: RoomMode) -> None:
        """A thermostat's mode changes."""
        self._change(data, mode=mode)

    @rule(data=st.data(), demand=st.sampled_from([None, True, False]))
    def demand(self, data: st.DataObject, demand: bool | None) -> None:
        """A room's own demand changes."""
        self._change(data, demand=demand)

    @rule(data=st.data(), overridden=st.booleans())
    def take(self, data: st.DataObject, overridden: bool) -> None:
        """Someone takes over an actuator, or its grace period ends."""
        self._change(data, overridden=overridden)

    @rule(data=st.data(), schedule=schedules())
    def edit(self, data: st.DataObject, schedule: WeeklySchedule | None) -> None:
        """A schedule is edited."""
        self._change(data, schedule=schedule)

    @rule(
        data=st.data(),
        participates=st.booleans(),
        priority=st.sampled_from([None, 1, 5]),
    )
    def configure(
        self, data: st.DataObject, participates: bool, priority: int | None
    ) -> None:
        """A room's participation and priority change."""
        name = data.draw(st.sampled_from(sorted(self.story.rooms)))
        item = self.story.rooms[name]
        settings = replace(
            item.settings, participates=participates, fallback_priority=priority
        )
        self.story.rooms[name] = replace(item, settings=settings)
        self._act()

    def _change(self, data: st.DataObject, **changes: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.story.rooms)))
        self.story.rooms[name] = replace(self.story.rooms[name], **changes)
        self._act()

    @rule(
        burner=st.sampled_from([None, True, False]),
        flow_c=waters,
        return_c=waters,
        setpoint_c=st.sampled_from([None, 30.0, 55.0, 70.0]),
        dhw=st.sampled_from([None, True, False]),
    )
    def boiler(self, **changes: Any) -> None:
        """The boiler's readings change or are lost."""
        self.story.boiler = replace(self.story.boiler, **changes)
        self._act()

    @rule(times=st.integers(1, 2))
    def cycle(self, times: int) -> None:
        """The boiler short-cycles."""
        for _ in range(times):
            self._cycle()

    def _cycle(self) -> None:
        on = replace(self.story.boiler, burner=True, dhw=False, on=True)
        self.story.boiler = on
        self._act()
        self.story.boiler = replace(
            on, burner=False, setpoint_c=55.0, flow_c=58.0, return_c=51.0
        )
        self._act()

    @rule(mode=modes)
    def mode(self, mode: Mode) -> None:
        """The mode of load sharing changes."""
        self.story.mode = mode
        self._act()

    @rule(target_w=st.sampled_from([500.0, 4000.0, 20000.0]), cap=st.booleans())
    def tune(self, target_w: float, cap: bool) -> None:
        """The target capacity and the overheating cap change."""
        self.story.settings = replace(
            self.story.settings, target_capacity_w=target_w, overheat_cap=cap
        )
        self._act()

    @rule(bath_c=st.sampled_from([20.0, 20.0, 22.5]))
    def bath(self, bath_c: float) -> None:
        """The bath begins or stops calling."""
        if "bath" in self.story.rooms:
            self.story.rooms["bath"] = replace(
                self.story.rooms["bath"], temperature_c=bath_c
            )
            self._act()

    @rule(seconds=st.sampled_from([0.5, 10, 60, 200, 300, 600, 1200, 3600, 40000]))
    def time_passes(self, seconds: float) -> None:
        """Time passes, sometimes hours without an evaluation."""
        self.story.now_s += seconds
        self._act()

    @precondition(lambda self: len(self.story.rooms) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """A room is removed."""
        name = data.draw(st.sampled_from(sorted(self.story.rooms)))
        del self.story.rooms[name]
        self._act()

    @invariant()
    def only_listed_moves(self) -> None:
        """Transitions are in the table, and each starts where the last one ended."""
        state = self.before.state
        for move in self.story.transitions[self.transitions_before :]:
            assert move.before is state
            assert move.reason in TRANSITIONS[move.before, move.after], move
            state = move.after
        assert state is self.story.state

    @invariant()
    def only_who_may_is_open(self) -> None:
        """Open rooms meet all conditions of their tier."""
        story = self.story
        for name, decided in story.decision.rooms.items():
            if decided.tier is None:
                continue
            item = story.rooms[name]
            settings, temperature_c = item.settings, item.temperature_c
            assert item.mode is RoomMode.AUTO
            assert settings.participates
            assert settings.q50_w
            assert not item.overridden
            assert not decided.calling
            assert temperature_c is not None
            assert temperature_c < story.settings.ceiling_c
            if decided.tier is Tier.FALLBACK:
                assert story.mode is Mode.ALL_TIERS
                assert settings.fallback_priority is not None
                if story.settings.overheat_cap:
                    assert item.target_c is not None
                    assert temperature_c < item.target_c + 0.5
            else:
                assert decided.next_block is not None
                target_c = decided.next_block.target_c or settings.comfort_c
                assert temperature_c < target_c + 0.1
                ahead_s = decided.next_block.starts_in_s(story.local_time)
                window = 1 if decided.tier is Tier.SCHEDULE else 2
                assert 0 < ahead_s <= window * settings.lookahead_s

    @invariant()
    def the_held_value_fits_the_actuator(self) -> None:
        """Exactly the actuator of a held room has a value, and no other."""
        for name, decided in self.story.decision.rooms.items():
            actuator = self.story.rooms[name].settings.actuator
            held = decided.tier is not None
            if actuator is Actuator.VALVE:
                assert decided.setpoint_c is None
                overrun = decided.reason is RoomReason.PUMP_OVERRUN
                assert (decided.valve_pct is not None) is (held or overrun)
                assert decided.valve_pct is None or 0 < decided.valve_pct <= 100
            else:
                assert decided.valve_pct is None
                assert (decided.setpoint_c is not None) is held
                assert decided.setpoint_c is None or decided.setpoint_c <= 25.0

    @invariant()
    def lower_tiers_are_opened_wider_first(self) -> None:
        """Rooms below the highest open tier are at least escalated."""
        context = self.story.engine_state.context
        top = max((item.tier for item in context.open_rooms.values()), default=None)
        for item in context.open_rooms.values():
            assert item.tier == top or item.level >= 1

    @invariant()
    def no_fallback_is_open_for_too_long(self) -> None:
        """No fallback is open for 15 minutes, or while locked out."""
        context = self.story.engine_state.context
        for name, item in context.tier3_rooms.items():
            assert self.story.now_s - item.activated_s < 900
            assert name not in self.before.lockouts or (
                self.before.lockouts[name] <= self.story.now_s
            )

    @invariant()
    def active_means_rooms_or_a_running_minimum(self) -> None:
        """Sharing without open rooms is only active during the minimum time."""
        context = self.story.engine_state.context
        if not context.state.is_active:
            assert not context.open_rooms
            assert context.activated_s is None
        elif not context.open_rooms:
            assert not context.can_exit(self.story.now_s, 300)
        if context.state is LoadSharingState.DISABLED:
            assert not context.overruns
            assert not self.story.open

    @invariant()
    def nothing_is_opened_for_nobody(self) -> None:
        """A room is only opened while a trigger room calls."""
        context = self.story.engine_state.context
        opened = set(context.open_rooms) - set(self.before.open_rooms)
        if opened:
            decided = self.story.decision.rooms
            still_there = context.trigger_rooms & set(decided)
            assert any(decided[name].calling for name in still_there)

    @invariant()
    def nothing_is_opened_on_a_guess(self) -> None:
        """No room is opened, or opened wider, while a capacity is unknown."""
        context = self.story.engine_state.context
        if not self.story.decision.capacity_known:
            assert not set(context.open_rooms) - set(self.before.open_rooms)
            top = max((item.tier for item in context.open_rooms.values()), default=None)
            for name, item in context.open_rooms.items():
                if item.tier == top == self.before.open_rooms[name].tier:
                    assert item.level <= max(self.before.open_rooms[name].level, 1)

    @invariant()
    def every_room_that_comes_or_goes_is_told(self) -> None:
        """The decision lists every opened and released room, with its reason."""
        context, decision = self.story.engine_state.context, self.story.decision
        assert set(decision.opened) >= set(context.open_rooms) - set(
            self.before.open_rooms
        )
        assert set(decision.opened) <= set(context.open_rooms)
        assert set(decision.released) == set(self.before.open_rooms) - set(
            context.open_rooms
        )
        for name, reason in decision.opened.items():
            assert decision.rooms[name].reason is reason

    @invariant()
    def it_is_a_fixed_point(self) -> None:
        """Evaluating again changes nothing, and the result is deterministic."""
        story = self.story
        again, decision = evaluate(story.engine_state, story.site, story.now_s)
        assert decision.transitions == ()
        for name, decided in story.decision.rooms.items():
            assert decision.rooms[name].valve_pct == decided.valve_pct
            assert decision.rooms[name].setpoint_c == decided.setpoint_c
        assert evaluate(story.engine_state, story.site, story.now_s) == (
            again,
            decision,
        )

    @invariant()
    def it_wakes_in_time(self) -> None:
        """The next wake-up is in the future, and within a minute."""
        wake_at_s = self.story.decision.wake_at_s
        assert wake_at_s is not None
        assert self.story.now_s < wake_at_s <= self.story.now_s + 60


TestHeating = Heating.TestCase
