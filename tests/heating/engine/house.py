"""A simulated site for the engine tests: change a reading, then check the decision."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.load_sharing.heating.config import BoilerConfig, RoomConfig
from custom_components.load_sharing.heating.engine.evaluate import (
    HeatingState,
    evaluate,
)
from custom_components.load_sharing.heating.engine.model import (
    BoilerInput,
    Control,
    HeatingDecision,
    HeatingInput,
    LoadSharingState,
    Mode,
    RoomInput,
    RoomSettings,
    Transition,
)
from custom_components.load_sharing.heating.engine.reasons import RoomReason
from custom_components.load_sharing.heating.engine.schedule import (
    DayBlock,
    WeeklySchedule,
)
from custom_components.load_sharing.heating.tuning import (
    heating_settings,
    room_settings,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_SIX = datetime(2026, 1, 5, 6, 0, tzinfo=BERLIN)


HEATING = heating_settings(BoilerConfig(), {}, overheat_cap=True)
"""The settings of a site on which nothing was tuned."""


def daily(start: str, end: str, target_c: float | None = 21.0) -> WeeklySchedule:
    """A schedule with the same block on every day."""
    return ((DayBlock(clock(start), clock(end), target_c),),) * 7


def clock(text: str) -> time:
    """A time of day; 24:00 becomes ``time.max``."""
    return time.max if text == "24:00" else time.fromisoformat(text)


def room(
    room_id: str, q50_w: float | None, temperature_c: float = 18.0, **changes: Any
) -> RoomInput:
    """A room at 18 °C with a target of 18 °C and its valve shut."""
    of_settings = set(RoomSettings.__dataclass_fields__)
    settings = {key: value for key, value in changes.items() if key in of_settings}
    inputs = {key: value for key, value in changes.items() if key not in of_settings}
    config = RoomConfig(room_id=room_id, name=room_id, q50_w=q50_w)
    untuned = room_settings(config, {}, {}, participates=True)
    return RoomInput(
        settings=replace(untuned, **settings),
        **{
            "temperature_c": temperature_c,
            "target_c": 18.0,
            "owner_valve_pct": 0.0,
            **inputs,
        },
    )


BATH = room("bath", 415, 20.0, target_c=22.0, owner_valve_pct=100.0, exponent=1.2)
"""Calls for heat, and can take about 280 W at a setpoint of 55 °C."""


class Story:
    """A house that is evaluated after every change."""

    def __init__(self, *rooms: RoomInput, **settings: Any) -> None:
        """Start on a Monday at 06:00 with the burner on at a setpoint of 55 °C."""
        self.rooms = {item.settings.room_id: item for item in rooms}
        self.settings = replace(HEATING, **settings)
        self.mode = Mode.ALL_TIERS
        self.control = Control.TIERS
        self.boiler = BoilerInput(
            burner=True, flow_c=50.0, return_c=38.0, setpoint_c=55.0, dhw=False, on=True
        )
        self.now_s = 1000.0
        self.begin = MONDAY_SIX
        self.engine_state = HeatingState()
        self.transitions: list[Transition] = []
        self.decision: HeatingDecision
        self.evaluate()

    @property
    def local_time(self) -> datetime:
        """Local time in Berlin."""
        passed = timedelta(seconds=self.now_s - 1000.0)
        return (self.begin.astimezone(ZoneInfo("UTC")) + passed).astimezone(BERLIN)

    @property
    def site(self) -> HeatingInput:
        """The input of the next evaluation."""
        return HeatingInput(
            settings=self.settings,
            mode=self.mode,
            boiler=self.boiler,
            rooms=tuple(self.rooms.values()),
            local_time=self.local_time,
            control=self.control,
        )

    def evaluate(self) -> HeatingDecision:
        """Evaluate now."""
        self.engine_state, self.decision = evaluate(
            self.engine_state, self.site, self.now_s
        )
        self.transitions += self.decision.transitions
        return self.decision

    def wait(self, minutes: float = 0.0, seconds: float = 0.0) -> HeatingDecision:
        """Let time pass, and evaluate whenever the engine asks for it."""
        until_s = self.now_s + 60 * minutes + seconds
        while self.decision.wake_at_s is not None and self.decision.wake_at_s < until_s:
            self.now_s = self.decision.wake_at_s
            self.evaluate()
        self.now_s = until_s
        return self.evaluate()

    def set_boiler(self, **changes: Any) -> HeatingDecision:
        """Change readings of the boiler, and evaluate."""
        self.boiler = replace(self.boiler, **changes)
        return self.evaluate()

    def set_room(self, room_id: str, **changes: Any) -> HeatingDecision:
        """Change readings or settings of a room, and evaluate."""
        of_settings = set(RoomSettings.__dataclass_fields__)
        item = self.rooms[room_id]
        settings = {key: value for key, value in changes.items() if key in of_settings}
        inputs = {
            key: value for key, value in changes.items() if key not in of_settings
        }
        self.rooms[room_id] = replace(
            item, settings=replace(item.settings, **settings), **inputs
        )
        return self.evaluate()

    def cool_down(self) -> HeatingDecision:
        """Let the burner go off because the water is too hot: a cooldown."""
        self.set_boiler(burner=True)
        return self.set_boiler(burner=False, flow_c=57.5, return_c=50.5)

    @property
    def state(self) -> LoadSharingState:
        """The state of the state machine."""
        return self.decision.state

    @property
    def open(self) -> dict[str, float | None]:
        """Valve openings in % of the rooms that are held open."""
        return {
            room_id: decided.valve_pct
            for room_id, decided in self.decision.rooms.items()
            if decided.valve_pct is not None
        }

    def reason_of(self, room_id: str) -> RoomReason:
        """The reason why a room is open or not."""
        return self.decision.rooms[room_id].reason
