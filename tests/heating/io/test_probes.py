"""Reading the boiler, rooms and actuators, and writing the actuators."""

from typing import Any

from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest

from custom_components.load_sharing.heating.config import (
    BoilerConfig,
    DemandSource,
    RoomConfig,
    ZeroModulation,
)
from custom_components.load_sharing.heating.engine.model import RoomMode
from custom_components.load_sharing.heating.io.actuator import ActuatorKind
from custom_components.load_sharing.heating.io.actuators import make_actuator
from custom_components.load_sharing.heating.io.boiler import BoilerProbe
from custom_components.load_sharing.heating.io.rooms import RoomProbe

CELSIUS = {"unit_of_measurement": "°C"}


def calls_of(hass: HomeAssistant, domain: str, service: str) -> list[dict[str, Any]]:
    """Record the data of all calls of an action."""
    calls: list[dict[str, Any]] = []

    async def record(call: ServiceCall) -> None:
        calls.append(
            {key: value for key, value in call.data.items() if key != "entity_id"}
        )

    hass.services.async_register(domain, service, record)
    return calls


@pytest.mark.parametrize(
    ("entity_id", "state", "is_on"),
    [
        ("binary_sensor.burner", "on", True),
        ("binary_sensor.burner", "off", False),
        ("binary_sensor.burner", "unavailable", None),
        ("binary_sensor.burner", None, None),
        ("sensor.modulation", "35", True),
        ("sensor.modulation", "0", False),
        ("sensor.modulation", "nan", None),
        ("sensor.modulation", "burning", None),
        ("sensor.status", "Heating", True),
        ("sensor.status", "standby", False),
        ("sensor.status", "-H: central heating active", None),
        ("climate.boiler", "heat", True),
        ("climate.boiler", "off", False),
    ],
)
async def test_a_burner(
    hass: HomeAssistant, entity_id: str, state: str | None, is_on: bool | None
) -> None:
    """It is a binary sensor, a modulation, or a thermostat."""
    if state is not None:
        hass.states.async_set(entity_id, state)
    probe = BoilerProbe(hass, BoilerConfig(burner=entity_id))
    assert probe.read().burner is is_on
    assert bool(probe.missing) is (state in (None, "unavailable"))
    assert bool(probe.missing or probe.unreadable) is (is_on is None)


@pytest.mark.parametrize(
    ("state", "burner", "may_burn"),
    [
        ("5", True, False),
        ("0", None, True),
        ("0.0", None, True),
        ("off", False, False),
        ("unavailable", None, False),
    ],
)
async def test_a_modulation_that_counts_from_the_least_output(
    hass: HomeAssistant, state: str, burner: bool | None, may_burn: bool
) -> None:
    """OpenTherm shows 0 % with the flame on, and without one."""
    hass.states.async_set("sensor.modulation", state)
    config = BoilerConfig(
        burner="sensor.modulation", zero_modulation=ZeroModulation.LEAST
    )
    probe = BoilerProbe(hass, config)
    reading = probe.read()
    assert (reading.burner, reading.may_burn) == (burner, may_burn)
    assert not probe.unreadable


@pytest.mark.parametrize(
    ("state", "unit", "value_c"),
    [
        ("55", "°C", 55.0),
        ("131", "°F", 55.0),
        ("328.15", "K", 55.0),
        ("55", None, None),
        ("55", "bar", None),
        ("nan", "°C", None),
        ("inf", "°C", None),
        ("warm", "°C", None),
        ("unknown", "°C", None),
        ("850", "°C", None),
    ],
)
async def test_a_temperature(
    hass: HomeAssistant, state: str, unit: str | None, value_c: float | None
) -> None:
    """Only plausible values count: 850 °C is a lost decimal point."""
    hass.states.async_set("sensor.flow", state, {"unit_of_measurement": unit})
    probe = BoilerProbe(hass, BoilerConfig(flow="sensor.flow"))
    flow_c = probe.read().flow_c
    assert flow_c == (pytest.approx(value_c) if value_c is not None else None)


async def test_the_setpoint_of_a_thermostat(hass: HomeAssistant) -> None:
    """It is an attribute in the unit that Home Assistant is set to."""
    hass.states.async_set("climate.boiler", "heat", {"temperature": 140})
    probe = BoilerProbe(hass, BoilerConfig(setpoint="climate.boiler"))
    assert probe.read().setpoint_c is None
    hass.config.units = US_CUSTOMARY_SYSTEM
    assert probe.read().setpoint_c == pytest.approx(60)


async def test_cooldown_signals(hass: HomeAssistant) -> None:
    """A binary sensor turns on, or a counter goes up."""
    for entity_id, states in (
        ("binary_sensor.cooldown", ("off", "on", "on", "off", "unavailable", "on")),
        ("counter.cooldowns", ("3", "4", "unknown", "4", "0", "1")),
    ):
        probe = BoilerProbe(hass, BoilerConfig(cooldown=entity_id))
        counted = []
        for state in states:
            hass.states.async_set(entity_id, state)
            counted.append(probe.read().cooldown_signals)
        assert counted == [0, 1, 1, 1, 1, 2]
    hass.states.async_set("counter.cooldowns", "many")
    assert probe.read().cooldown_signals == 2
    assert BoilerProbe(hass, BoilerConfig()).read().cooldown_signals is None


@pytest.mark.parametrize(
    ("state", "mode"),
    [
        ("heat", RoomMode.AUTO),
        ("auto", RoomMode.AUTO),
        ("heat_cool", RoomMode.AUTO),
        ("off", RoomMode.OFF),
        ("cool", RoomMode.MANUAL),
        ("unavailable", RoomMode.UNAVAILABLE),
        (None, RoomMode.UNAVAILABLE),
    ],
)
async def test_the_mode_of_a_room(
    hass: HomeAssistant, state: str | None, mode: RoomMode
) -> None:
    """Only a room in a heating mode takes part."""
    if state is not None:
        hass.states.async_set("climate.lounge", state)
    config = RoomConfig(room_id="lounge", name="Lounge", climate="climate.lounge")
    assert RoomProbe(hass, config).read(held=False).mode is mode


async def test_a_room_is_read_from_its_thermostat(hass: HomeAssistant) -> None:
    """Of two targets, the lower one counts."""
    config = RoomConfig(room_id="lounge", name="Lounge", climate="climate.lounge")
    probe = RoomProbe(hass, config)
    attributes = {"current_temperature": 19.5, "temperature": 21}
    hass.states.async_set("climate.lounge", "heat", attributes)
    reading = probe.read(held=False)
    assert (reading.temperature_c, reading.target_c) == (19.5, 21.0)
    attributes = {"current_temperature": 19.5, "target_temp_low": 20}
    hass.states.async_set("climate.lounge", "heat_cool", attributes)
    assert probe.read(held=False).target_c == 20.0
    hass.states.async_set("climate.lounge", "heat", {"current_temperature": "warm"})
    reading = probe.read(held=False)
    assert (reading.temperature_c, reading.target_c) == (None, None)


async def test_a_room_is_read_from_its_own_sensor(hass: HomeAssistant) -> None:
    """The thermostat on the radiator is no substitute while that sensor is lost."""
    config = RoomConfig(
        room_id="lounge",
        name="Lounge",
        climate="climate.lounge",
        temperature="sensor.lounge",
    )
    attributes = {"current_temperature": 28, "temperature": 21}
    hass.states.async_set("climate.lounge", "heat", attributes)
    hass.states.async_set("sensor.lounge", "19", CELSIUS)
    probe = RoomProbe(hass, config)
    assert probe.read(held=False).temperature_c == 19.0
    hass.states.async_set("sensor.lounge", "unavailable", CELSIUS)
    assert probe.read(held=False).temperature_c is None


@pytest.mark.parametrize("odd", [None, True, [], {}, "warm", [21], {"value": 21}])
async def test_attributes_of_a_wrong_type_are_not_temperatures(
    hass: HomeAssistant, odd: Any
) -> None:
    """They raise no error."""
    config = RoomConfig(
        room_id="lounge",
        name="Lounge",
        climate="climate.lounge",
        target="number.target",
        demand=DemandSource.HVAC_ACTION,
    )
    attributes = {"current_temperature": odd, "temperature": odd, "hvac_action": odd}
    hass.states.async_set("climate.lounge", "heat", attributes)
    hass.states.async_set("number.target", "21", {"unit_of_measurement": odd})
    reading = RoomProbe(hass, config).read(held=False)
    assert (reading.temperature_c, reading.target_c) == (None, None)
    assert not reading.demand
    hass.states.async_set("sensor.flow", "50", {"unit_of_measurement": odd})
    hass.states.async_set("climate.boiler", "heat", {"temperature": odd})
    boiler = BoilerConfig(flow="sensor.flow", setpoint="climate.boiler")
    read = BoilerProbe(hass, boiler).read()
    assert (read.flow_c, read.setpoint_c) == (None, None)


@pytest.mark.parametrize(
    ("action", "held", "demand"),
    [
        ("heating", False, True),
        ("preheating", False, True),
        ("idle", False, False),
        (None, False, None),
        ("heating", True, None),
    ],
)
async def test_a_call_for_heat_by_the_action_of_a_thermostat(
    hass: HomeAssistant, action: str | None, held: bool, demand: bool | None
) -> None:
    """It does not count while the room is held: then a raised setpoint may cause it."""
    config = RoomConfig(
        room_id="lounge",
        name="Lounge",
        climate="climate.lounge",
        demand=DemandSource.HVAC_ACTION,
    )
    hass.states.async_set("climate.lounge", "heat", {"hvac_action": action})
    assert RoomProbe(hass, config).read(held=held).demand is demand


@pytest.mark.parametrize(
    ("valve", "held", "state", "demand"),
    [
        ("number.valve", False, "on", True),
        ("number.valve", False, "off", False),
        ("number.valve", False, "unavailable", None),
        # A valve that is held open does not make its thermostat call ...
        ("number.valve", True, "on", True),
        # ... but a raised setpoint does.
        (None, True, "on", None),
    ],
)
async def test_a_call_for_heat_by_an_entity_of_its_own(
    hass: HomeAssistant,
    valve: str | None,
    held: bool,
    state: str,
    demand: bool | None,
) -> None:
    """The entity is on while the room calls for heat."""
    config = RoomConfig(
        room_id="lounge",
        name="Lounge",
        valve=valve,
        demand=DemandSource.ENTITY,
        demand_entity="binary_sensor.calls",
    )
    hass.states.async_set("binary_sensor.calls", state)
    assert RoomProbe(hass, config).read(held=held).demand is demand


@pytest.mark.parametrize(
    ("attributes", "state", "shown", "written"),
    [
        ({"min": 0, "max": 100, "step": 1, "unit_of_measurement": "%"}, "40", 40, 70),
        ({"min": 0, "max": 255, "step": 1}, "51", 20, 178),
        ({"min": 0, "max": 1, "step": 0.01}, "0.4", 40, 0.7),
        ({"min": 5, "max": 60, "step": 5, "unit_of_measurement": "%"}, "40", 40, 60),
        ({"min": None, "max": None}, "40", 40, 70),
    ],
)
async def test_a_valve_that_is_a_number(
    hass: HomeAssistant,
    attributes: dict[str, Any],
    state: str,
    shown: float,
    written: float,
) -> None:
    """It is in % or has a range that stands for 0 % to 100 %; its limits are kept."""
    calls = calls_of(hass, "number", "set_value")
    hass.states.async_set("number.valve", state, attributes)
    actuator = make_actuator(hass, ActuatorKind.VALVE, "number.valve")
    assert actuator.read() == pytest.approx(shown)
    await actuator.async_write(70, Context())
    assert calls == [{"value": pytest.approx(written)}]


async def test_a_valve_with_a_position(hass: HomeAssistant) -> None:
    """Positions are whole %."""
    calls = calls_of(hass, "valve", "set_valve_position")
    hass.states.async_set("valve.lounge", "open", {"current_position": 30})
    actuator = make_actuator(hass, ActuatorKind.VALVE, "valve.lounge")
    assert actuator.read() == 30.0
    await actuator.async_write(69.6, Context())
    assert calls == [{"position": 70}]
    hass.states.async_set("valve.lounge", "open")
    assert actuator.read() is None


async def test_a_thermostat_with_two_targets(hass: HomeAssistant) -> None:
    """The lower one is raised, and the upper one along with it if necessary."""
    calls = calls_of(hass, "climate", "set_temperature")
    attributes = {
        "temperature": None,
        "target_temp_low": 18,
        "target_temp_high": 21,
        "target_temp_step": 0.5,
    }
    hass.states.async_set("climate.lounge", "heat_cool", attributes)
    actuator = make_actuator(hass, ActuatorKind.SETPOINT, "climate.lounge")
    assert actuator.read() == 18.0
    await actuator.async_write(22.3, Context())
    assert calls == [{"target_temp_low": 22.5, "target_temp_high": 22.5}]


async def test_a_thermostat_in_fahrenheit(hass: HomeAssistant) -> None:
    """20 °C is 68 °F."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    calls = calls_of(hass, "climate", "set_temperature")
    attributes = {"temperature": 64.4, "max_temp": 86, "target_temp_step": 1}
    hass.states.async_set("climate.lounge", "heat", attributes)
    actuator = make_actuator(hass, ActuatorKind.SETPOINT, "climate.lounge")
    assert actuator.read() == pytest.approx(18)
    await actuator.async_write(20, Context())
    assert calls == [{"temperature": 68}]


async def test_the_boilers_setpoint(hass: HomeAssistant) -> None:
    """It is a number in °F, or a water heater."""
    numbers = calls_of(hass, "number", "set_value")
    hass.states.async_set(
        "number.boiler", "131", {"unit_of_measurement": "°F", "min": 68, "max": 180}
    )
    actuator = make_actuator(hass, ActuatorKind.BOILER, "number.boiler")
    assert actuator.read() == pytest.approx(55)
    await actuator.async_write(30, Context())
    assert numbers == [{"value": pytest.approx(86)}]
    heaters = calls_of(hass, "water_heater", "set_temperature")
    hass.states.async_set("water_heater.boiler", "gas", {"temperature": 60})
    actuator = make_actuator(hass, ActuatorKind.BOILER, "water_heater.boiler")
    assert actuator.read() == 60.0
    await actuator.async_write(30, Context())
    assert heaters == [{"temperature": 30}]


@pytest.mark.parametrize("state", ["unavailable", "unknown", None])
async def test_an_unavailable_actuator(hass: HomeAssistant, state: str | None) -> None:
    """Home Assistant would silently skip the call."""
    if state is not None:
        hass.states.async_set("number.valve", state)
    actuator = make_actuator(hass, ActuatorKind.VALVE, "number.valve")
    assert actuator.read() is None
    with pytest.raises(HomeAssistantError):
        await actuator.async_write(70, Context())
