"""The simulated house in real time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from simulation.car import Car, ChargePoint
from simulation.house import evening
from simulation.meter import MeterFault, Watts
from simulation.thermal_house import cold_evening

STEP = timedelta(seconds=0.5)
HEATING_SPEED = 8.0
"""Nobody wants to watch a radiator get warm."""

type SimulatedHouseConfigEntry = ConfigEntry[LiveHouse]


class LiveHouse:
    """Steps the house, and tells its entities."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Build the house; its time stands still until it is started."""
        self._hass = hass
        self._begin_s = hass.loop.time()
        self._on_step: list[Callable[[], None]] = []
        self._on_report: list[Callable[[Watts], None]] = []
        self.house = evening()
        self.heating = cold_evening(dt_util.now(), HEATING_SPEED)
        self.parked_car: Car | None = None

    @property
    def now_s(self) -> float:
        """Seconds since the house came to life."""
        return self._hass.loop.time() - self._begin_s

    @property
    def charge_point(self) -> ChargePoint:
        """The garage's charger."""
        return self.house.charge_points[0]

    @property
    def meter_available(self) -> bool:
        """Whether the meter is there at all."""
        return self.house.meter.fault is not MeterFault.UNAVAILABLE

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Let the time run."""
        self._begin_s = self._hass.loop.time()
        self._step(datetime.now().astimezone())
        return async_track_time_interval(self._hass, self._step, STEP)

    @callback
    def _step(self, _now: datetime) -> None:
        now_s = self.now_s
        power_w = self.house.step(now_s)
        while self.heating.now_s < now_s * HEATING_SPEED:
            self.heating.step()
        report = self.house.meter.observe(now_s, power_w)
        if report is not None:
            for tell in self._on_report:
                tell(report)
        for step in self._on_step:
            step()

    @callback
    def async_on_step(self, step: Callable[[], None]) -> CALLBACK_TYPE:
        """Hear of every step."""
        self._on_step.append(step)
        return lambda: self._on_step.remove(step)

    @callback
    def async_on_report(self, tell: Callable[[Watts], None]) -> CALLBACK_TYPE:
        """Hear of every report of the meter."""
        self._on_report.append(tell)
        return lambda: self._on_report.remove(tell)

    def plug_in(self, plugged_in: bool) -> None:
        """Plug the car in, or drive away with it."""
        if plugged_in and self.charge_point.car is None:
            self.charge_point.car = self.parked_car or Car()
        elif not plugged_in and self.charge_point.car is not None:
            self.parked_car = self.charge_point.car
            self.charge_point.car = None
