"""Six rooms on one boiler that is too big for any of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import pi, sin

from .boiler import Boiler
from .room import Radiator, Room
from .thermostat import Blocks, CallTimer, Cooldown, Thermostat

DT_S = 2.0
OVER_K = 0.5
WORK_DAYS = range(5)
WEEKEND = range(5, 7)


@dataclass(slots=True)
class Zone:
    """A room with its thermostat. ``override_pct``: what load sharing asks for."""

    room: Room
    thermostat: Thermostat
    override_pct: float | None = None
    sensed_c: float = 18.0

    @property
    def owner_pct(self) -> float:
        """Opening that the thermostat wants."""
        return 100.0 if self.thermostat.calling else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to.

    Temperatures count in K·h: below the target during scheduled time, and more
    than 0.5 K above the target at any time, also while a room cools down.
    """

    days: float
    starts: int
    cooldowns: int
    gas_kwh: float
    under_kh: float
    over_kh: float
    valve_moves: int
    room_moves: dict[str, int]
    """Valve moves by room: the batteries of one valve pay for its own."""


@dataclass(slots=True)
class ThermalHouse:
    """Steps rooms, boiler and their control together.

    ``sensor_lag_s`` is the time constant of the room sensors. ``held_c`` is the setpoint
    that load sharing holds the burner off with. The physics run ``speed`` times as fast
    as the clock that schedules go by.
    """

    zones: dict[str, Zone]
    boiler: Boiler
    setpoint_c: float
    outdoor_mean_c: float
    begin: datetime
    call: CallTimer = field(default_factory=CallTimer)
    cooldown: Cooldown = field(default_factory=Cooldown)
    sensor_lag_s: float = 300.0
    held_c: float | None = None
    speed: float = 1.0
    now_s: float = 0.0
    under_ks: float = 0.0
    over_ks: float = 0.0

    @property
    def now(self) -> datetime:
        """Local time."""
        return self.begin + timedelta(seconds=self.now_s / self.speed)

    @property
    def outdoor_c(self) -> float:
        """Outdoor temperature: coldest at five in the morning."""
        now = self.now
        hour = now.hour + now.minute / 60
        return self.outdoor_mean_c + 4 * sin(2 * pi * (hour - 11) / 24)

    def step(self, dt_s: float = DT_S) -> None:
        """Move on."""
        now = self.now
        self._control(now, dt_s)
        outdoor_c, pump = self.outdoor_c, self.call.pump and not self.boiler.dhw
        supply_c, flow_kg_s, returned = self.boiler.flow_c, 0.0, 0.0
        for zone in self.zones.values():
            room = zone.room
            room.valve.step(dt_s)
            own_kg_s = room.flow_kg_s if pump else 0.0
            room.step(dt_s, own_kg_s, supply_c, outdoor_c)
            flow_kg_s += own_kg_s
            returned += own_kg_s * room.radiator.return_c
        self.boiler.step(
            dt_s,
            call=self.call.on,
            pump=self.call.pump,
            flow_kg_s=flow_kg_s,
            radiators_c=returned / flow_kg_s if flow_kg_s else supply_c,
        )
        self.now_s += dt_s

    def _control(self, now: datetime, dt_s: float) -> None:
        calling = False
        for zone in self.zones.values():
            room, thermostat = zone.room, zone.thermostat
            zone.sensed_c += (room.air_c - zone.sensed_c) * min(
                1.0, dt_s / self.sensor_lag_s
            )
            thermostat.step(now, zone.sensed_c)
            calling |= thermostat.calling
            self._account(thermostat, now, room.air_c, dt_s)
        self.call.step(self.now_s, calling=calling)
        for zone in self.zones.values():
            wanted_pct = max(zone.owner_pct, zone.override_pct or 0.0)
            # While the pump runs on, the last valves stay open.
            if wanted_pct > 0 or calling or not self.call.pump:
                zone.room.valve.set_target(wanted_pct / 100)
        boiler = self.boiler
        self.cooldown.step(
            self.now_s,
            dt_s,
            burner_on=boiler.burner_on,
            call=self.call.on,
            dhw=boiler.dhw,
            flow_c=boiler.flow_c,
            return_c=boiler.return_c,
            wanted_c=self.setpoint_c,
        )
        wanted_c = (self.setpoint_c, self.cooldown.setpoint_c, self.held_c)
        boiler.setpoint_c = min(value for value in wanted_c if value is not None)

    def _account(
        self, thermostat: Thermostat, now: datetime, room_c: float, dt_s: float
    ) -> None:
        scheduled_c = thermostat.scheduled_c(now)
        if scheduled_c is not None and room_c < scheduled_c:
            self.under_ks += (scheduled_c - room_c) * dt_s
        target_c = thermostat.setback_c if scheduled_c is None else scheduled_c
        if room_c > target_c + OVER_K:
            self.over_ks += (room_c - target_c - OVER_K) * dt_s

    def report(self) -> Report:
        """What it came to so far."""
        room_moves = {name: zone.room.valve.moves for name, zone in self.zones.items()}
        return Report(
            days=self.now_s / 86400,
            starts=self.boiler.starts,
            cooldowns=self.cooldown.count,
            gas_kwh=self.boiler.gas_j / 3.6e6,
            under_kh=self.under_ks / 3600,
            over_kh=self.over_ks / 3600,
            valve_moves=sum(room_moves.values()),
            room_moves=room_moves,
        )


def _week(
    work: tuple[tuple[float, float, float], ...],
    weekend: tuple[tuple[float, float, float], ...],
) -> Blocks:
    return dict.fromkeys(WORK_DAYS, work) | dict.fromkeys(WEEKEND, weekend)


SCHEDULES: dict[str, Blocks] = {
    "Living room": _week(((17.0, 22.5, 21.0),), ((9.0, 23.0, 21.0),)),
    "Kitchen": _week(
        ((6.5, 8.0, 20.0), (17.5, 20.0, 20.0)), ((8.0, 10.5, 20.0), (17.0, 20.0, 20.0))
    ),
    "Dining room": _week(
        ((18.0, 20.5, 20.5),), ((12.0, 14.0, 20.5), (18.0, 21.0, 20.5))
    ),
    "Bedroom": _week(
        ((6.25, 7.5, 18.5), (21.0, 22.5, 18.5)), ((7.5, 9.5, 18.5), (21.5, 23.0, 18.5))
    ),
    "Study": _week(((8.5, 12.5, 20.5), (13.5, 17.0, 20.5)), ()),
    "Bathroom": _week(
        ((6.0, 7.75, 22.0), (20.0, 21.5, 22.0)), ((7.5, 9.5, 22.0), (20.0, 21.5, 22.0))
    ),
}


def _rooms() -> list[Room]:
    return [
        Room("Living room", Radiator(2290, 1.25), 42, 0.7e6, 5.5e6),
        Room("Kitchen", Radiator(1900), 34, 0.45e6, 3.5e6),
        Room("Dining room", Radiator(2500), 40, 0.6e6, 4.5e6),
        Room("Bedroom", Radiator(2800), 46, 0.8e6, 6.0e6),
        Room("Study", Radiator(900), 24, 0.3e6, 2.4e6),
        Room("Bathroom", Radiator(415, 1.2), 14, 0.15e6, 1.2e6),
    ]


def thermal_family_house(
    *,
    setpoint_c: float = 55.0,
    outdoor_mean_c: float = 9.0,
    min_w: float = 6000.0,
    begin: datetime = datetime(2026, 1, 5, tzinfo=UTC),
    protects: bool = True,
) -> ThermalHouse:
    """Six rooms from 415 to 2800 W on one boiler, on a Monday in January."""
    zones = {
        room.name: Zone(room, Thermostat(SCHEDULES[room.name])) for room in _rooms()
    }
    return ThermalHouse(
        zones=zones,
        boiler=Boiler(setpoint_c=setpoint_c, min_w=min_w),
        setpoint_c=setpoint_c,
        outdoor_mean_c=outdoor_mean_c,
        begin=begin,
        cooldown=Cooldown(protects=protects),
    )


def cold_evening(begin: datetime, speed: float = 1.0) -> ThermalHouse:
    """The demo: one small radiator calls, and other rooms will need heat soon.

    Schedules are laid around ``begin``; the physics run ``speed`` times as fast
    as the clock.
    """
    house = thermal_family_house(setpoint_c=60.0, outdoor_mean_c=4.0, begin=begin)
    house.speed = speed
    house.cooldown.protects = False
    house.sensor_lag_s = 60.0
    hours = {
        "Bathroom": (-1.0, 2.0, 23.0),
        "Living room": (0.7, 4.0, 21.0),
        "Study": (1.7, 3.0, 20.5),
        "Kitchen": (6.0, 8.0, 20.0),
        "Dining room": (7.0, 8.0, 20.5),
        "Bedroom": (8.0, 9.0, 18.5),
    }
    for name, (start_h, end_h, target_c) in hours.items():
        zone = house.zones[name]
        zone.thermostat.blocks = around(begin, start_h, end_h, target_c)
        zone.room.air_c = zone.sensed_c = 20.5 if name == "Bathroom" else 16.2
        zone.room.walls_c = zone.room.air_c - 0.8
    house.boiler.flow_c = house.boiler.return_c = 45.0
    return house


def around(begin: datetime, start_h: float, end_h: float, target_c: float) -> Blocks:
    """A block every day, from and to so many hours after ``begin``."""
    hour = begin.hour + begin.minute / 60
    start, end = (hour + start_h) % 24, (hour + end_h) % 24
    if start < end:
        day: tuple[tuple[float, float, float], ...] = ((start, end, target_c),)
    else:
        day = ((0.0, end, target_c), (start, 24.0, target_c))
    return dict.fromkeys(range(7), day)
