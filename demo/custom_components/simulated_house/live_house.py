"""The simulated houses in real time."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from simulation.apartments import GARAGE, Apartments, apartments
from simulation.appliances import Kind
from simulation.car import ChargePoint
from simulation.house import House, evening
from simulation.meter import Meter, Watts
from simulation.story import Story
from simulation.thermal_house import cold_evening

STEP = timedelta(seconds=0.5)
HEATING_SPEED = 8.0
"""Nobody wants to watch a radiator get warm."""

type SimulatedHouseConfigEntry = ConfigEntry[LiveHouse]


HOUSE_METER = "house"
APARTMENTS_METER = "apartments"
GARAGE_METER = "garage"


class LiveHouse:
    """Steps the houses, and tells their entities."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Build the houses; their time stands still until it is started."""
        self._hass = hass
        self._begin_s = hass.loop.time()
        self._on_step: list[Callable[[], None]] = []
        self._on_report: defaultdict[str, list[Callable[[Watts], None]]] = defaultdict(
            list
        )
        self.house = evening()
        self.apartments = apartments()
        self.stories = (_evening_story(self.house), _hour_story(self.apartments))
        self.begin_evening()
        self.garage = self.apartments.parts[GARAGE][0]
        self.meters: dict[str, Meter] = {
            HOUSE_METER: self.house.meter,
            GARAGE_METER: self.garage.meter,
            APARTMENTS_METER: self.apartments.meter,
        }

    @property
    def now_s(self) -> float:
        """Seconds since the house came to life."""
        return self._hass.loop.time() - self._begin_s

    @property
    def charge_point(self) -> ChargePoint:
        """The garage's charger."""
        return self.house.charge_points[0]

    def tell_stories(self, *, on: bool) -> None:
        """Let things happen by themselves, time and again, or stop that."""
        for story in self.stories:
            if on:
                story.begin(self.now_s)
            else:
                story.stop()

    @property
    def tells_stories(self) -> bool:
        """Whether things happen by themselves."""
        return any(story.is_going() for story in self.stories)

    def begin_evening(self) -> None:
        """Begin the cold evening, again if need be."""
        self.heating = cold_evening(dt_util.now(), HEATING_SPEED)
        self._heating_begin_s = self.now_s

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Let the time run."""
        self._begin_s = self._hass.loop.time()
        self._heating_begin_s = 0.0
        self._step(datetime.now().astimezone())
        return async_track_time_interval(self._hass, self._step, STEP)

    @callback
    def _step(self, _now: datetime) -> None:
        now_s = self.now_s
        for story in self.stories:
            story.step(now_s)
        power_w = {
            HOUSE_METER: self.house.step(now_s),
            APARTMENTS_METER: self.apartments.step(now_s),
            GARAGE_METER: self.garage.power_w,
        }
        while self.heating.now_s < (now_s - self._heating_begin_s) * HEATING_SPEED:
            self.heating.step()
        for name, meter in self.meters.items():
            report = meter.observe(now_s, power_w[name])
            if report is not None:
                for tell in self._on_report[name]:
                    tell(report)
        for step in self._on_step:
            step()

    @callback
    def async_on_step(self, step: Callable[[], None]) -> CALLBACK_TYPE:
        """Hear of every step."""
        self._on_step.append(step)
        return lambda: self._on_step.remove(step)

    @callback
    def async_on_report(
        self, meter: str, tell: Callable[[Watts], None]
    ) -> CALLBACK_TYPE:
        """Hear of every report of a meter."""
        self._on_report[meter].append(tell)
        return lambda: self._on_report[meter].remove(tell)


def _evening_story(house: House) -> Story:
    """Something every half a minute: people cook, and the car leaves and returns."""
    kettle, oven, hob = (
        house.appliances[kind] for kind in (Kind.KETTLE, Kind.OVEN, Kind.HOB)
    )
    car = house.charge_points[0]
    return Story(
        (
            (10, kettle.turn_on),
            (35, lambda _: kettle.turn_off()),
            (55, oven.turn_on),
            (80, hob.turn_on),
            (102, kettle.turn_on),
            (118, lambda _: kettle.turn_off()),
            (125, lambda _: hob.turn_off()),
            (150, lambda _: oven.turn_off()),
            (175, lambda _: car.plug_in(plugged_in=False)),
            (190, lambda _: car.plug_in(plugged_in=True)),
            (215, kettle.turn_on),
            (232, lambda _: kettle.turn_off()),
        ),
        round_s=240,
    )


def _hour_story(site: Apartments) -> Story:
    """The hour of the apartments, again and again."""
    return Story(((0, site.begin),), round_s=210)
