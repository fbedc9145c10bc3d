"""Properties of the gate and of patience, for random houses, readings and times."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from custom_components.load_sharing.heating.engine.evaluate import evaluate
from custom_components.load_sharing.heating.engine.model import (
    Control,
    Mode,
    RoomInput,
    RoomMode,
)
from custom_components.load_sharing.heating.engine.transitions import TRANSITIONS

from .house import Story
from .test_invariants import rooms, temperatures, waters

LONGEST_S = 90 * 60.0


class Patient(RuleBasedStateMachine):
    """A boiler that is held off, and rooms that are shared while it burns."""

    @initialize(
        items=rooms(),
        control=st.sampled_from([Control.BALANCED, Control.FEWEST_BURNS]),
        floor_c=st.sampled_from([None, 30.0]),
        least_w=st.sampled_from([None, 3500.0, 6000.0]),
    )
    def move_in(
        self,
        items: list[RoomInput],
        control: Control,
        floor_c: float | None,
        least_w: float | None,
    ) -> None:
        """Start with a random house."""
        self.story = Story(*items, protection_floor_c=floor_c, least_output_w=least_w)
        self.story.control = control
        self.moved = len(self.story.transitions)
        self.held_since_s: float | None = None
        self._act()

    def _act(self) -> None:
        self.moved = len(self.story.transitions)
        self.story.evaluate()
        if not self.story.decision.hold.is_hold:
            self.held_since_s = None
        elif self.held_since_s is None:
            self.held_since_s = self.story.now_s

    def _boiler(self, **changes: Any) -> None:
        self.story.boiler = replace(self.story.boiler, **changes)
        self._act()

    @rule(burner=st.sampled_from([True, False, None]))
    def flame(self, burner: bool | None) -> None:
        """The burner goes on or off, or is lost."""
        self._boiler(burner=burner)

    @rule(flow_c=waters, return_c=waters)
    def water(self, flow_c: float | None, return_c: float | None) -> None:
        """The water gets hotter or colder, or its sensors are lost."""
        self._boiler(flow_c=flow_c, return_c=return_c)

    @rule()
    def burn_too_hot(self) -> None:
        """A burn ends because the water is too hot."""
        self._boiler(burner=True, dhw=False, on=True, setpoint_c=55.0)
        self._boiler(burner=False, flow_c=60.0, return_c=52.0)

    @rule(dhw=st.booleans())
    def tap(self, dhw: bool) -> None:
        """Someone takes a shower, or has taken one."""
        self._boiler(dhw=dhw)

    @rule()
    def set_by_hand(self) -> None:
        """A person sets the boiler while it is held."""
        self._boiler(setpoint_overridden=True)
        self._boiler(setpoint_overridden=False)

    @rule(data=st.data(), temperature_c=st.one_of(temperatures, st.just(6.0)))
    def room(self, data: st.DataObject, temperature_c: float | None) -> None:
        """A room warms up, cools down to frost, or loses its sensor."""
        name = data.draw(st.sampled_from(sorted(self.story.rooms)))
        item = self.story.rooms[name]
        self.story.rooms[name] = replace(item, temperature_c=temperature_c)
        self._act()

    @rule(mode=st.sampled_from([Mode.ALL_TIERS, Mode.SCHEDULE_TIERS, Mode.OFF]))
    def mode(self, mode: Mode) -> None:
        """Sharing is switched off or on."""
        self.story.mode = mode
        self._act()

    @rule(control=st.sampled_from(Control))
    def control(self, control: Control) -> None:
        """The control is changed."""
        self.story.control = control
        self._act()

    @rule(minutes=st.sampled_from([0.1, 1, 3, 10, 30, 60, 100]))
    def time_passes(self, minutes: float) -> None:
        """Time passes, and the engine is evaluated whenever it asks for it."""
        until_s = self.story.now_s + 60 * minutes
        while self.story.decision.wake_at_s is not None and (
            self.story.decision.wake_at_s < until_s
        ):
            self.story.now_s = self.story.decision.wake_at_s
            self._act()
        self.story.now_s = until_s
        self._act()

    @invariant()
    def no_hold_is_longer_than_its_limit(self) -> None:
        """The burner is given back after an hour and a half at the latest."""
        if self.held_since_s is not None:
            assert self.story.now_s - self.held_since_s < LONGEST_S

    @invariant()
    def no_hold_stands_against_frost_or_tap_water(self) -> None:
        """A room at 7 °C or less, or a shower, ends every hold at once."""
        temperatures_c = [room.temperature_c for room in self.story.rooms.values()]
        cold = any(value is not None and value <= 7 for value in temperatures_c)
        if cold or self.story.boiler.dhw:
            assert not self.story.decision.hold.is_hold
            assert self.story.decision.boiler_setpoint_c is None

    @invariant()
    def the_setpoint_is_lowered_only_for_a_hold(self) -> None:
        """What is not held is given back."""
        decision = self.story.decision
        if decision.boiler_setpoint_c is not None:
            assert decision.hold.is_hold
            assert decision.hold_since is not None

    @invariant()
    def rooms_are_open_only_while_hot_water_comes(self) -> None:
        """Between burns a room is open only just before its block."""
        story, monitor = self.story, self.story.engine_state.monitor
        if story.control is Control.TIERS or story.boiler.burner is not False:
            return
        ends_s = (monitor.last_burn_s or -1e9) + story.settings.pump_overrun_s
        if story.now_s < ends_s:
            return
        for name in story.open:
            block = story.decision.rooms[name].next_block
            assert block is not None
            assert block.starts_in_s(story.local_time) <= story.settings.imminent_s

    @invariant()
    def only_who_may_is_open(self) -> None:
        """No room that is off, calls, or is not known is held open."""
        for name, decided in self.story.decision.rooms.items():
            if decided.tier is not None:
                item = self.story.rooms[name]
                assert item.mode is RoomMode.AUTO
                assert item.temperature_c is not None
                assert item.temperature_c < self.story.settings.ceiling_c
                assert not decided.calling

    @invariant()
    def only_listed_moves(self) -> None:
        """Transitions are in the table, whatever the control."""
        for move in self.story.transitions[self.moved :]:
            assert move.reason in TRANSITIONS[move.before, move.after], move

    @invariant()
    def no_valve_is_moved_too_often(self) -> None:
        """Sharing moves a valve no more often than it may, and once more to shut it."""
        limit = 2 * self.story.settings.moves_a_day
        for moves in self.story.engine_state.moves.values():
            assert len(moves.ours_s) <= max(limit, len(moves.owners_s)) + 2

    @invariant()
    def it_is_a_fixed_point(self) -> None:
        """Evaluating again changes nothing."""
        story = self.story
        _, decision = evaluate(story.engine_state, story.site, story.now_s)
        assert decision.transitions == ()
        assert decision.hold is story.decision.hold
        for name, decided in story.decision.rooms.items():
            assert decision.rooms[name].valve_pct == decided.valve_pct
            assert decision.rooms[name].setpoint_c == decided.setpoint_c


TestPatient = Patient.TestCase
