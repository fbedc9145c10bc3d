"""What load sharing does to a boiler that is too big: days of a simulated house.

Prints, for four winters and with sharing off and on: burner starts, cooldowns,
gas, and how far rooms were from their targets.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import time
import sys

from custom_components.load_sharing.heating.config import BoilerConfig, RoomConfig
from custom_components.load_sharing.heating.engine.evaluate import (
    HeatingState,
    evaluate,
)
from custom_components.load_sharing.heating.engine.model import (
    BoilerInput,
    Control,
    HeatingInput,
    HeatingSettings,
    Mode,
    RoomInput,
)
from custom_components.load_sharing.heating.engine.schedule import (
    DayBlock,
    WeeklySchedule,
)
from custom_components.load_sharing.heating.tuning import (
    heating_settings,
    room_settings,
)
from simulation.thermal_house import (
    DT_S,
    Report,
    ThermalHouse,
    Zone,
    thermal_family_house,
)
from simulation.thermostat import Blocks

DAYS = 4
LOOK_EVERY_S = 10.0
CASES = ((55.0, 3.0), (55.0, 9.0), (70.0, 3.0), (70.0, 9.0))
"""Setpoint and mean outdoor temperature in °C."""
PRIORITIES = {"Living room": 1, "Dining room": 2, "Kitchen": 3, "Bedroom": 4}


def weekly(blocks: Blocks, late_min: int = 0) -> WeeklySchedule:
    """The house's own schedule, as load sharing reads it."""
    late_h = late_min / 60
    return tuple(
        tuple(
            DayBlock(_time(start + late_h), _time(end + late_h), target_c)
            for start, end, target_c in blocks.get(day, ())
        )
        for day in range(7)
    )


def _time(hour: float) -> time:
    return time(int(hour), round(hour % 1 * 60))


@dataclass(slots=True)
class Sharing:
    """The engine on a simulated house."""

    house: ThermalHouse
    mode: Mode
    settings: HeatingSettings
    control: Control = Control.TIERS
    capacity_error: float = 0.0
    sensor_delay_s: float = 0.0
    late_min: int = 0
    seen: deque[BoilerInput] = field(default_factory=deque)
    state: HeatingState = field(default_factory=HeatingState)
    schedules: dict[str, WeeklySchedule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the schedules once."""
        for name, zone in self.house.zones.items():
            self.schedules[name] = weekly(zone.thermostat.blocks, self.late_min)

    def look(self) -> None:
        """Evaluate, and hold the valves where the engine wants them."""
        house = self.house
        site = HeatingInput(
            settings=self.settings,
            mode=self.mode,
            control=self.control,
            boiler=self._boiler(),
            rooms=tuple(
                self._room(name, zone) for name, zone in self.house.zones.items()
            ),
            local_time=house.now,
        )
        self.state, decision = evaluate(self.state, site, house.now_s)
        house.held_c = decision.boiler_setpoint_c
        for name, room in decision.rooms.items():
            house.zones[name].override_pct = room.valve_pct

    def _boiler(self) -> BoilerInput:
        """What the boiler's sensors show, some of them late."""
        boiler = self.house.boiler
        self.seen.append(
            BoilerInput(
                burner=boiler.burner_on,
                flow_c=boiler.flow_c,
                return_c=boiler.return_c,
                setpoint_c=self.house.setpoint_c,
                dhw=boiler.dhw,
                on=self.house.call.on,
            )
        )
        if len(self.seen) > self.sensor_delay_s / LOOK_EVERY_S + 1:
            self.seen.popleft()
        return self.seen[0]

    def _room(self, name: str, zone: Zone) -> RoomInput:
        radiator = zone.room.radiator
        config = RoomConfig(
            room_id=name,
            name=name,
            q50_w=radiator.q50_w * (1 + self.capacity_error),
            exponent=radiator.exponent,
            fallback_priority=PRIORITIES.get(name),
        )
        return RoomInput(
            settings=room_settings(config, {}, {}, participates=True),
            temperature_c=round(zone.sensed_c, 1),
            target_c=zone.thermostat.target_c(self.house.now),
            demand=zone.thermostat.calling,
            owner_valve_pct=zone.owner_pct,
            schedule=self.schedules[name],
        )


def run(
    setpoint_c: float,
    outdoor_c: float,
    mode: Mode,
    days: float = DAYS,
    settings: HeatingSettings | None = None,
    capacity_error: float = 0.0,
    min_w: float = 6000.0,
    control: Control = Control.TIERS,
    sensor_delay_s: float = 0.0,
    late_min: int = 0,
) -> Report:
    """Some days of one case. Schedules are read ``late_min`` minutes late."""
    house = thermal_family_house(
        setpoint_c=setpoint_c, outdoor_mean_c=outdoor_c, min_w=min_w
    )
    if settings is None:
        settings = heating_settings(BoilerConfig(), {}, overheat_cap=True)
    sharing = Sharing(
        house,
        mode,
        settings,
        control,
        capacity_error=capacity_error,
        sensor_delay_s=sensor_delay_s,
        late_min=late_min,
    )
    steps_a_look = round(LOOK_EVERY_S / DT_S)
    for step in range(round(days * 86400 / DT_S)):
        if step % steps_a_look == 0:
            sharing.look()
        house.step()
    return house.report()


def main() -> None:
    """Print the table."""
    days = float(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    print(f"{days:g} days, burner from 6 kW; a day each")
    print(
        f"{'setpoint/outdoor, sharing':<34}{'starts':>8}{'cooldowns':>11}{'gas':>10}"
        f"{'under':>9}{'over':>9}{'moves':>8}"
    )
    for setpoint_c, outdoor_c in CASES:
        base: Report | None = None
        for mode in Mode:
            report = run(setpoint_c, outdoor_c, mode, days)
            base = base or report
            name = f"{setpoint_c:g}/{outdoor_c:g} °C, {mode.value}"
            print(
                f"{name:<34}{report.starts / days:>8.0f}"
                f"{report.cooldowns / days:>6.0f}{_change(report.cooldowns, base.cooldowns)}"
                f"{report.gas_kwh / days:>6.1f}{_change(report.gas_kwh, base.gas_kwh)}"
                f"{report.under_kh / days:>7.1f}{report.over_kh / days:>9.1f}"
                f"{report.valve_moves / days / 6:>8.1f}"
            )


def _change(value: float, base: float) -> str:
    return f"{100 * (value / base - 1):>+4.0f}%" if base else "     "


if __name__ == "__main__":
    main()
