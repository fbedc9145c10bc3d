"""Fake house: a boiler, rooms and their valves in a Home Assistant under test."""

from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.climate import (
    ATTR_TEMPERATURE,
    ClimateEntityFeature,
    HVACMode,
)
from homeassistant.components.number import NumberEntity
from homeassistant.const import UnitOfTemperature
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    setup_test_component_platform,
)

from custom_components.load_sharing.const import DOMAIN, SUBENTRY_ROOM
from custom_components.load_sharing.heating.engine.model import Control
from demo.custom_components.simulated_house.native_climate import NativeClimateEntity

from .house import House

BURNER = "binary_sensor.burner"
RELAY = "input_boolean.boiler"
FLOW = "sensor.flow"
RETURN = "sensor.return"
SETPOINT = "number.boiler_setpoint"
SWITCH = "switch.home_heating_share_heat"
MODE = "select.home_heating_sharing_mode"
STATE = "sensor.home_heating_state"
EVENT = "event.home_heating_sharing_event"

BOILER = {
    "burner_entity": BURNER,
    "flow_entity": FLOW,
    "return_entity": RETURN,
    "setpoint_entity": SETPOINT,
    "cycling_protection": False,
    "floor_c": 30.0,
}
ROOM = {
    "actuator": "valve",
    "demand": "temperature",
    "exponent": 1.3,
    "comfort_c": 20.0,
}
BATH = ROOM | {
    "temperature_entity": "sensor.bath",
    "target_entity": "number.bath_target",
    "valve_entity": "number.bath_valve",
    "q50_w": 415.0,
}
LOUNGE = ROOM | {
    "climate_entity": "climate.lounge",
    "valve_entity": "number.lounge_valve",
    "schedule_entity": "schedule.lounge",
    "q50_w": 2290.0,
}
HALL = ROOM | {
    "climate_entity": "climate.hall",
    "valve_entity": "number.hall_valve",
    "q50_w": 2500.0,
    "fallback_priority": 1,
}
STUDY = ROOM | {
    "climate_entity": "climate.study",
    "actuator": "setpoint",
    "schedule_entity": "schedule.study",
    "q50_w": 900.0,
}
ROOMS = {"bath": BATH, "lounge": LOUNGE, "hall": HALL, "study": STUDY}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def daily(start: str, end: str, temperature: float) -> dict[str, Any]:
    """A schedule helper with one block every day."""
    block = {"from": start, "to": end, "data": {"temperature": temperature}}
    return {day: [block] for day in DAYS}


SCHEDULES = {
    "schedule": {
        "lounge": {"name": "Lounge", **daily("06:40:00", "09:00:00", 21)},
        "study": {"name": "Study", **daily("07:40:00", "12:00:00", 20)},
    }
}


class FakeNumber(NumberEntity):
    """A number that obeys, fails, or accepts values without obeying."""

    _attr_should_poll = False
    _attr_native_min_value = 0
    _attr_native_max_value = 100

    def __init__(self, name: str, value: float, unit: str) -> None:
        """Start with a value."""
        self._attr_name = name
        self._attr_native_value = value
        self._attr_native_unit_of_measurement = unit
        self.sent: list[float] = []
        self.failing = False
        self.failures_left = 0
        self.error: Exception = HomeAssistantError("the valve does not answer")
        self.deaf = False

    @override
    async def async_set_native_value(self, value: float) -> None:
        if self.failing or self.failures_left:
            self.failures_left = max(0, self.failures_left - 1)
            raise self.error
        self.sent.append(value)
        if not self.deaf:
            self.show(value)

    def show(self, value: float, *, user_id: str | None = None) -> None:
        """Show another value, as if a user changed it if ``user_id`` is given."""
        self._attr_native_value = value
        if user_id is not None:
            self.async_set_context(Context(user_id=user_id))
        self.async_write_ha_state()

    def show_available(self, available: bool) -> None:
        """Become unavailable, or available again."""
        self._attr_available = available
        self.async_write_ha_state()


class Thermostat(NativeClimateEntity):
    """A thermostat at 18 °C with a setpoint of 16 °C."""

    _attr_should_poll = False
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT, HVACMode.COOL]  # noqa: RUF012
    _attr_supported_features = ClimateEntityFeature.TARGET_TEMPERATURE
    _attr_target_temperature_step = 0.5
    _attr_max_temp = 28
    _attr_hvac_mode: HVACMode | None = HVACMode.HEAT

    def __init__(self, name: str) -> None:
        """Start as it is at six in the morning."""
        self._attr_name = name
        self._attr_native_current_temperature = 18.0
        self._attr_native_target_temperature = 16.0
        self.sent: list[float] = []

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        self.sent.append(kwargs[ATTR_TEMPERATURE])
        self.show(target_c=kwargs[ATTR_TEMPERATURE])

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        self._attr_hvac_mode = hvac_mode
        self.async_write_ha_state()

    def show(
        self, *, room_c: float | None = None, target_c: float | None = None
    ) -> None:
        """Show another temperature or setpoint."""
        if room_c is not None:
            self._attr_native_current_temperature = room_c
        if target_c is not None:
            self._attr_native_target_temperature = target_c
        self.async_write_ha_state()


class RadiatorHouse(House):
    """Four rooms on one boiler, at six on a Monday morning."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Create the devices; ``put_up`` adds them to Home Assistant."""
        super().__init__(hass, freezer)
        self.valves = {
            name: FakeNumber(
                f"{name.capitalize()} valve", 100 if name == "bath" else 0, "%"
            )
            for name in ("bath", "lounge", "hall")
        }
        self.bath_target = FakeNumber("Bath target", 22, "°C")
        self.setpoint = FakeNumber("Boiler setpoint", 55, "°C")
        self.thermostats = {
            name: Thermostat(name.capitalize()) for name in ("lounge", "hall", "study")
        }

    @override
    async def put_up(self) -> None:
        """Add all devices to Home Assistant."""
        await self.hass.config.async_set_time_zone("Europe/Berlin")
        self.freezer.move_to("2026-01-05T05:00:00+00:00")
        numbers = [*self.valves.values(), self.bath_target, self.setpoint]
        setup_test_component_platform(self.hass, "number", numbers)
        setup_test_component_platform(
            self.hass, "climate", list(self.thermostats.values())
        )
        for domain in ("number", "climate"):
            config = {domain: {"platform": "test"}}
            assert await async_setup_component(self.hass, domain, config)
        assert await async_setup_component(self.hass, "schedule", SCHEDULES)
        await self.set_state(BURNER, "on")
        await self.set_state(FLOW, 50, "°C")
        await self.set_state(RETURN, 38, "°C")
        await self.set_state("sensor.bath", 20, "°C")

    async def set_up_heating(
        self,
        *,
        boiler: dict[str, Any] | None = None,
        rooms: dict[str, dict[str, Any]] | None = None,
        switched_on: bool = True,
        control: str = "tiers",
    ) -> MockConfigEntry:
        """Set up a site named Home with rooms, and switch load sharing on."""
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={"boiler": BOILER | (boiler or {})},
            entry_id="site",
            subentries_data=[
                {
                    "data": data,
                    "subentry_id": name,
                    "subentry_type": SUBENTRY_ROOM,
                    "title": name.capitalize(),
                    "unique_id": None,
                }
                for name, data in (rooms or ROOMS).items()
            ],
        )
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        entry.runtime_data.heating.async_set_control(Control(control))
        if switched_on:
            await self.switch_on()
        return entry

    async def set_up_with_relay(
        self, *, on: bool = True, **boiler: Any
    ) -> MockConfigEntry:
        """Set up a bath whose boiler is held off by a relay."""
        config = {"input_boolean": {"boiler": {"initial": on}}}
        assert await async_setup_component(self.hass, "input_boolean", config)
        return await self.set_up_heating(
            boiler={"cycling_protection": True, "hold_entity": RELAY, **boiler},
            rooms={"bath": BATH},
            control="balanced",
        )

    async def switch_on(self, entity_id: str = SWITCH, *, on: bool = True) -> None:
        """Turn a switch on or off."""
        await self.call("switch", f"turn_{'on' if on else 'off'}", entity_id)

    async def choose(self, mode: str) -> None:
        """Select the mode of load sharing."""
        await self.call("select", "select_option", MODE, option=mode)

    async def cool_down(self) -> None:
        """Turn the burner off because the flow is too hot."""
        await self.set_state(BURNER, "on")
        await self.set_state(FLOW, 57.5, "°C")
        await self.set_state(BURNER, "off")

    async def warm_bath(self, room_c: float) -> None:
        """Set the temperature of the bath."""
        await self.set_state("sensor.bath", room_c, "°C")

    def show(self, room: str, **changes: float) -> None:
        """Change what a thermostat shows."""
        self.thermostats[room].show(**changes)

    def opening(self, room: str) -> float:
        """Opening of a valve in %."""
        value = self.valves[room].native_value
        assert value is not None
        return value

    def listen_sharing(self) -> list[State]:
        """Record the events of load sharing."""
        return self.listen_event(EVENT)
