"""Six rooms on one boiler, told as a story: what happens, and what comes of it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.load_sharing.heating.engine.evaluate import (
    HeatingState,
    evaluate,
)
from custom_components.load_sharing.heating.engine.model import (
    BoilerInput,
    HeatingDecision,
    HeatingInput,
    HeatingSettings,
    LoadSharingState,
    Mode,
    RoomInput,
    RoomReason,
    RoomSettings,
    Transition,
)
from custom_components.load_sharing.heating.engine.schedule import (
    DayBlock,
    WeeklySchedule,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_SIX = datetime(2026, 1, 5, 6, 0, tzinfo=BERLIN)


def daily(start: str, end: str, target_c: float | None = 21.0) -> WeeklySchedule:
    """One block every day."""
    return ((DayBlock(clock(start), clock(end), target_c),),) * 7


def clock(text: str) -> time:
    """Time of day; 24:00 is its last moment."""
    return time.max if text == "24:00" else time.fromisoformat(text)


def room(
    room_id: str, q50_w: float | None, temperature_c: float = 18.0, **changes: Any
) -> RoomInput:
    """A room that is at 18 °C, wants 18 °C and has its valve shut."""
    of_settings = set(RoomSettings.__dataclass_fields__)
    settings = {key: value for key, value in changes.items() if key in of_settings}
    inputs = {key: value for key, value in changes.items() if key not in of_settings}
    return RoomInput(
        settings=RoomSettings(room_id=room_id, q50_w=q50_w, **settings),
        **{
            "temperature_c": temperature_c,
            "target_c": 18.0,
            "owner_pct": 0.0,
            **inputs,
        },
    )


BATH = room("bath", 415, 20.0, target_c=22.0, owner_pct=100.0, exponent=1.2)
"""Calls for heat: some 280 W at 55 °C."""


class Story:
    """A house to which things happen, evaluated after each."""

    def __init__(self, *rooms: RoomInput, **settings: Any) -> None:
        """Begin with a burner that runs at 55 °C, at six on a Monday."""
        self.rooms = {item.settings.room_id: item for item in rooms}
        self.settings = HeatingSettings(**settings)
        self.mode = Mode.ALL_TIERS
        self.boiler = BoilerInput(
            burner=True, flow_c=50.0, return_c=38.0, setpoint_c=55.0, dhw=False, on=True
        )
        self.now_s = 1000.0
        self.begin = MONDAY_SIX
        self.state_before = HeatingState()
        self.told: list[Transition] = []
        self.decision: HeatingDecision
        self.look()

    @property
    def local_time(self) -> datetime:
        """Time on the wall."""
        passed = timedelta(seconds=self.now_s - 1000.0)
        return (self.begin.astimezone(ZoneInfo("UTC")) + passed).astimezone(BERLIN)

    @property
    def site(self) -> HeatingInput:
        """All that the engine is told."""
        return HeatingInput(
            settings=self.settings,
            mode=self.mode,
            boiler=self.boiler,
            rooms=tuple(self.rooms.values()),
            local_time=self.local_time,
        )

    def look(self) -> HeatingDecision:
        """Evaluate."""
        self.state_before, self.decision = evaluate(
            self.state_before, self.site, self.now_s
        )
        self.told += self.decision.transitions
        return self.decision

    def wait(self, minutes: float = 0.0, seconds: float = 0.0) -> HeatingDecision:
        """Let time pass, evaluating when the engine asks for it."""
        until_s = self.now_s + 60 * minutes + seconds
        while self.decision.wake_at_s is not None and self.decision.wake_at_s < until_s:
            self.now_s = self.decision.wake_at_s
            self.look()
        self.now_s = until_s
        return self.look()

    def boil(self, **changes: Any) -> HeatingDecision:
        """Change something of the boiler."""
        self.boiler = replace(self.boiler, **changes)
        return self.look()

    def change(self, room_id: str, **changes: Any) -> HeatingDecision:
        """Change something of a room."""
        of_settings = set(RoomSettings.__dataclass_fields__)
        item = self.rooms[room_id]
        settings = {key: value for key, value in changes.items() if key in of_settings}
        inputs = {
            key: value for key, value in changes.items() if key not in of_settings
        }
        self.rooms[room_id] = replace(
            item, settings=replace(item.settings, **settings), **inputs
        )
        return self.look()

    def cool_down(self) -> HeatingDecision:
        """Let the burner go off because the water is too hot."""
        self.boil(burner=True)
        return self.boil(burner=False, flow_c=57.5, return_c=50.5)

    @property
    def state(self) -> LoadSharingState:
        """Where the state machine is."""
        return self.decision.state

    @property
    def open(self) -> dict[str, float | None]:
        """Rooms that are held open, and how wide."""
        return {
            room_id: decided.valve_pct
            for room_id, decided in self.decision.rooms.items()
            if decided.valve_pct is not None
        }

    def why(self, room_id: str) -> RoomReason:
        """Why a room is open or not."""
        return self.decision.rooms[room_id].reason
