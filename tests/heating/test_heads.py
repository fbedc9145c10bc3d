"""Heads as people have them: lost, shut at a window, on leave, or without a mode."""

from typing import Any

from homeassistant.components.climate import HVACMode
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..homes.radiators import BATH, HALL, LOUNGE, STATE, STUDY, RadiatorHouse

BIG = LOUNGE | {"q50_w": 7000.0}
PROBLEM = "binary_sensor.lounge_valve_problem"


async def test_a_valve_that_is_lost_while_open(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """For a minute it counts as it was; then the hall is opened, and a repair names it.

    When it returns, it is as any other valve again.
    """
    radiators.show("hall", room_c=16.2)
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": BIG, "hall": HALL})
    await radiators.cool_down()
    await radiators.wait(5)
    radiators.valves["lounge"].show_available(False)
    await radiators.wait(30)
    assert radiators.valves["hall"].sent == []
    await radiators.wait(90)
    assert radiators.valves["hall"].sent
    assert radiators.state("sensor.lounge_reason") == "valve_unavailable"
    await radiators.wait(120)
    assert radiators.state(PROBLEM) == "on"
    issues = ir.async_get(hass)
    assert issues.async_get_issue("load_sharing", "valve_problem_site_lounge")
    radiators.valves["lounge"].show_available(True)
    await radiators.wait(60)
    assert radiators.state(PROBLEM) == "off"
    await radiators.switch_on(on=False)
    await radiators.wait(60)
    assert radiators.opening("lounge") == 0


async def test_a_valve_that_shows_each_step_of_its_way(
    radiators: RadiatorHouse,
) -> None:
    """It takes minutes, and goes 2 % too far: once open and once shut is all it is sent."""
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": BIG})
    valve = radiators.valves["lounge"]
    valve.deaf = True
    await radiators.cool_down()
    for shown_pct in (10, 30, 50, 70, 92):
        await radiators.wait(20)
        valve.show(shown_pct)
    await radiators.wait(60)
    assert radiators.state("sensor.lounge_reason") == "schedule"
    assert valve.sent == [90]
    await radiators.switch_on(on=False)
    await radiators.wait(60)
    for shown_pct in (50, 30, 10, 2):
        valve.show(shown_pct)
        await radiators.wait(20)
    await radiators.wait(600)
    assert valve.sent == [90, 0]
    assert radiators.state("sensor.lounge_reason") != "yielded"


async def test_a_number_that_stays_at_its_limit_is_a_problem(
    radiators: RadiatorHouse,
) -> None:
    """It shows 100 % day and night, as the opening degree of a TRVZB does."""
    radiators.valves["lounge"].show(100)
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": BIG})
    await radiators.cool_down()
    await radiators.wait(540)
    assert radiators.state(PROBLEM) == "off"
    await radiators.wait(120)
    assert radiators.state(PROBLEM) == "on"
    assert radiators.state("sensor.lounge_reason") == "already_open"
    assert radiators.valves["lounge"].sent == []


async def test_a_window_shuts_a_room(radiators: RadiatorHouse) -> None:
    """The valve is given back when it is opened, and opened again when it is shut."""
    window = "binary_sensor.lounge_window"
    await radiators.set_state(window, "off")
    await radiators.set_up_heating(
        rooms={"bath": BATH, "lounge": LOUNGE | {"window_entity": window}}
    )
    await radiators.cool_down()
    assert radiators.opening("lounge") == 90
    await radiators.set_state(window, "on")
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_reason") == "window_open"
    await radiators.set_state(window, "off")
    await radiators.wait(5)
    assert radiators.opening("lounge") == 90


async def test_a_window_stays_open_when_its_sensor_is_lost(
    radiators: RadiatorHouse,
) -> None:
    """A battery that dies does not shut the window; after a quarter of an hour it may be.

    One that was shut counts as shut.
    """
    window = "binary_sensor.lounge_window"
    await radiators.set_state(window, "on")
    await radiators.set_up_heating(
        rooms={"bath": BATH, "lounge": LOUNGE | {"window_entity": window}}
    )
    await radiators.cool_down()
    await radiators.set_state(window, "unavailable")
    await radiators.wait(600)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_reason") == "window_open"
    await radiators.wait(330)
    assert radiators.state("sensor.lounge_reason") != "window_open"
    await radiators.set_state(window, "off")
    await radiators.set_state(window, "unavailable")
    await radiators.wait(60)
    assert radiators.state("sensor.lounge_reason") != "window_open"


@pytest.mark.parametrize("preset", ["frost_guard", "Frost protection", "holiday"])
async def test_a_preset_against_frost(radiators: RadiatorHouse, preset: str) -> None:
    """The lounge is not warmed for a block that it will not follow."""
    lounge = radiators.thermostats["lounge"]
    lounge._attr_supported_features |= 16
    lounge._attr_preset_modes, lounge._attr_preset_mode = ["none", preset], preset
    lounge.show()
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.cool_down()
    assert radiators.state("sensor.lounge_reason") == "frost_protection"
    assert radiators.valves["lounge"].sent == []


async def test_a_fallback_whose_people_are_away(radiators: RadiatorHouse) -> None:
    """It stays shut until they are back."""
    hall = radiators.thermostats["hall"]
    hall._attr_supported_features |= 16
    hall._attr_preset_modes, hall._attr_preset_mode = ["none", "away"], "away"
    hall.show(room_c=16.2)
    await radiators.set_up_heating(rooms={"bath": BATH, "hall": HALL})
    await radiators.cool_down()
    assert radiators.state("sensor.hall_reason") == "away"
    hall._attr_preset_mode = "none"
    hall.show()
    await radiators.wait(5)
    assert radiators.valves["hall"].sent


async def test_a_head_without_a_mode_is_opened_by_its_setpoint(
    radiators: RadiatorHouse,
) -> None:
    """Its state is unknown for ever, and its temperatures are good."""
    radiators.thermostats["study"]._attr_hvac_mode = None
    radiators.show("study", target_c=16.0)
    assert radiators.state("climate.study") == "unknown"
    study = STUDY | {"schedule_entity": "schedule.lounge"}
    await radiators.set_up_heating(rooms={"bath": BATH, "study": study})
    await radiators.cool_down()
    assert radiators.thermostats["study"].target_temperature == 23
    await radiators.switch_on(on=False)
    await radiators.wait(5)
    assert radiators.thermostats["study"].target_temperature == 16


async def test_a_warm_head_is_raised_above_what_it_measures(
    radiators: RadiatorHouse,
) -> None:
    """The room's own sensor says 18 °C, the head at its radiator 22.5 °C."""
    await radiators.set_state("sensor.study_air", 18, "°C")
    radiators.show("study", room_c=22.5)
    study = STUDY | {
        "schedule_entity": "schedule.lounge",
        "temperature_entity": "sensor.study_air",
    }
    await radiators.set_up_heating(rooms={"bath": BATH, "study": study})
    await radiators.cool_down()
    assert radiators.thermostats["study"].sent == [25.0]
    for room_c in (23.5, 22.0, 23.0, 21.0):
        radiators.show("study", room_c=room_c)
        await radiators.wait(90)
    assert radiators.thermostats["study"].sent == [25.0]


async def _generic_thermostat(house: RadiatorHouse) -> None:
    """Set up Home Assistant's own thermostat over a relay, at 16 °C in 18.1 °C."""
    hass = house.hass
    await set_up(house, "homeassistant", {})
    await set_up(house, "input_boolean", {"input_boolean": {"loop": {}}})
    await house.set_state("sensor.floor", 18.1, "°C")
    entry = MockConfigEntry(
        domain="generic_thermostat",
        title="Floor",
        options={
            "name": "Floor",
            "heater": "input_boolean.loop",
            "target_sensor": "sensor.floor",
            "ac_mode": False,
            "cold_tolerance": 0.3,
            "hot_tolerance": 0.3,
            "away_temp": 15,
            "eco_temp": 17,
            "comfort_temp": 21,
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await house.call("climate", "set_hvac_mode", "climate.floor", hvac_mode="heat")
    await house.call("climate", "set_temperature", "climate.floor", temperature=16)


@pytest.mark.parametrize(
    ("preset", "target_c"), [("none", 16), ("eco", 17), ("away", 15)]
)
async def test_a_generic_thermostat_has_its_preset_back(
    radiators: RadiatorHouse, preset: str, target_c: float
) -> None:
    """Its relay goes on, and off again."""
    await _generic_thermostat(radiators)
    await radiators.call(
        "climate", "set_preset_mode", "climate.floor", preset_mode=preset
    )
    floor = STUDY | {
        "climate_entity": "climate.floor",
        "schedule_entity": "schedule.lounge",
    }
    await radiators.set_up_heating(rooms={"bath": BATH, "floor": floor})
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.state("input_boolean.loop") == "on"
    await radiators.warm_bath(22.2)
    await radiators.wait(400)
    assert radiators.state("input_boolean.loop") == "off"
    assert shown(radiators, "preset_mode") == preset
    assert shown(radiators, "temperature") == target_c


async def test_a_generic_thermostat_that_is_off_stays_off(
    radiators: RadiatorHouse,
) -> None:
    """Off while its setpoint was ours, it has its own when it is on again."""
    await _generic_thermostat(radiators)
    floor = STUDY | {
        "climate_entity": "climate.floor",
        "schedule_entity": "schedule.lounge",
    }
    await radiators.set_up_heating(rooms={"bath": BATH, "floor": floor})
    await radiators.cool_down()
    await radiators.wait(60)
    await radiators.call("climate", "turn_off", "climate.floor")
    await radiators.warm_bath(22.2)
    await radiators.wait(600)
    assert radiators.state("climate.floor") == "off"
    assert shown(radiators, "temperature") == 23.1
    assert radiators.state(STATE) == "inactive"
    await radiators.call("climate", "turn_on", "climate.floor")
    await radiators.wait(10)
    assert shown(radiators, "temperature") == 16


def shown(house: RadiatorHouse, attribute: str) -> Any:
    """An attribute of the floor's thermostat."""
    state = house.hass.states.get("climate.floor")
    assert state is not None
    return state.attributes[attribute]


async def test_a_thermostat_that_is_off_without_a_setpoint_is_no_problem(
    radiators: RadiatorHouse,
) -> None:
    """Many show no target while they are off."""
    study = radiators.thermostats["study"]
    study._attr_native_target_temperature = None
    await study.async_set_hvac_mode(HVACMode.OFF)
    await radiators.set_up_heating(rooms={"bath": BATH, "study": STUDY})
    await radiators.wait(600)
    assert radiators.state("binary_sensor.study_valve_problem") == "off"
    assert radiators.state("sensor.study_reason") == "off"


COVER = {
    "name": "Mixer",
    "position": "{{ states('input_number.mixer') | int }}",
    "open_cover": [],
    "close_cover": [],
    "set_cover_position": {
        "action": "input_number.set_value",
        "target": {"entity_id": "input_number.mixer"},
        "data": {"value": "{{ position }}"},
    },
}


async def test_a_valve_that_is_a_cover(radiators: RadiatorHouse) -> None:
    """Home Assistant's own template cover, as people make one of a mixer's motor."""
    mixer = {"mixer": {"min": 0, "max": 100, "initial": 10}}
    await set_up(radiators, "input_number", {"input_number": mixer})
    await set_up(radiators, "template", {"template": {"cover": COVER}})
    lounge = LOUNGE | {"valve_entity": "cover.mixer"}
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": lounge})
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.state("input_number.mixer") == "90.0"
    await radiators.switch_on(on=False)
    await radiators.wait(5)
    assert radiators.state("input_number.mixer") == "10.0"


async def test_a_valve_that_is_a_relay(radiators: RadiatorHouse) -> None:
    """A thermal actuator is open or shut, whatever the opening."""
    await set_up(radiators, "input_boolean", {"input_boolean": {"loop": {}}})
    lounge = LOUNGE | {"valve_entity": "input_boolean.loop"}
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": lounge})
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.state("input_boolean.loop") == "on"
    assert radiators.state(PROBLEM) == "off"
    await radiators.switch_on(on=False)
    await radiators.wait(5)
    assert radiators.state("input_boolean.loop") == "off"


async def test_a_call_in_percent(radiators: RadiatorHouse) -> None:
    """A demand of 3 % is none, 20 % is a call."""
    await radiators.set_state("sensor.demand", 3, "%")
    bath = BATH | {"demand": "entity", "demand_entity": "sensor.demand"}
    await radiators.set_up_heating(rooms={"bath": bath})
    calls = "binary_sensor.bath_calls_for_heat"
    assert radiators.state(calls) == "off"
    await radiators.set_state("sensor.demand", 20, "%")
    assert radiators.state(calls) == "on"


async def test_a_burner_in_words_is_a_problem(radiators: RadiatorHouse) -> None:
    """Its text was good when it was set up, and is another since an update."""
    await radiators.set_state("sensor.status", "heating")
    await radiators.set_up_heating(
        boiler={"burner_entity": "sensor.status"}, rooms={"bath": BATH}
    )
    await radiators.wait(120)
    problem = "binary_sensor.home_heating_boiler_problem"
    assert radiators.state(problem) == "off"
    await radiators.set_state("sensor.status", "-H: central heating active")
    await radiators.wait(120)
    assert radiators.state(problem) == "on"


async def set_up(house: RadiatorHouse, domain: str, config: dict[str, Any]) -> None:
    """Set up an integration of Home Assistant."""
    assert await async_setup_component(house.hass, domain, config)
    await house.hass.async_block_till_done()


async def test_a_head_with_a_limit_below_what_it_measures(
    radiators: RadiatorHouse,
) -> None:
    """21 °C is the most that it takes, and it measures 21.5 °C beside its hot radiator.

    The room's own sensor shows 17.5 °C. The hall is opened in its place.
    """
    radiators.thermostats["study"]._attr_max_temp = 21
    radiators.show("study", room_c=21.5)
    radiators.show("hall", room_c=16.2)
    radiators.freezer.move_to("2026-01-05T06:10:00+00:00")
    await radiators.set_state("sensor.study_air", 17.5, "°C")
    study = STUDY | {"temperature_entity": "sensor.study_air", "q50_w": 9000.0}
    await radiators.set_up_heating(rooms={"bath": BATH, "study": study, "hall": HALL})
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.thermostats["study"].sent == []
    assert radiators.state("sensor.study_reason") == "head_too_warm"
    assert radiators.valves["hall"].sent
