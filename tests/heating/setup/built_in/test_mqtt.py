"""Heads and boilers that announce themselves to Home Assistant's own MQTT integration.

The messages have the form that these sources give them: Zigbee2MQTT 2.12.1
(lib/extension/homeassistant.ts) with zigbee-herdsman-converters 26.99.0, EMS-ESP 3.8.1-dev
(core/mqtt.cpp), ebusd 26.1 (mqtt-hassio.cfg).
"""

import json
from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.load_sharing.heating.setup.discovery import (
    find_boilers,
    find_heads,
)

from ....homes.forms import enter_part, suggested
from ....homes.radiators import BATH, RadiatorHouse

IEEE = "0x94deb8fffe5a7b21"
TOPIC = "zigbee2mqtt/Lounge head"
SETTABLE = {"command_topic": f"{TOPIC}/set", "min": 0, "max": 100}
SWITCHES = {"command_topic": f"{TOPIC}/set", "payload_on": True, "payload_off": False}
CLIMATE = {
    "name": None,
    "temperature_unit": "C",
    "temp_step": 0.5,
    "min_temp": "4",
    "max_temp": "35",
    "current_temperature_topic": TOPIC,
    "current_temperature_template": '{{ value_json["local_temperature"] }}',
    "mode_state_topic": TOPIC,
    "mode_state_template": '{{ value_json["system_mode"] }}',
    "modes": ["off", "auto", "heat"],
    "mode_command_topic": f"{TOPIC}/set/system_mode",
    "temperature_command_topic": f"{TOPIC}/set/occupied_heating_setpoint",
    "temperature_state_topic": TOPIC,
    "temperature_state_template": '{{ value_json["occupied_heating_setpoint"] }}',
}

type Exposes = tuple[tuple[str, str, dict[str, Any]], ...]


def percent(**more: Any) -> dict[str, Any]:
    """Return what a value in % is announced with."""
    return {"unit_of_measurement": "%", **more}


HEADS: dict[str, tuple[str, str, Exposes, dict[str, str]]] = {
    "Sonoff TRVZB": (
        "SONOFF",
        "TRVZB",
        (
            ("number", "valve_opening_degree", percent(**SETTABLE)),
            ("number", "valve_closing_degree", percent(**SETTABLE)),
            ("number", "local_temperature_calibration", SETTABLE),
            ("switch", "open_window", SWITCHES),
        ),
        {},
    ),
    "Sonoff TRV-ZBT": (
        "SONOFF",
        "TRV-ZBT",
        (
            ("number", "heating_valve_position", percent(**SETTABLE)),
            ("number", "idle_valve_position", percent(**SETTABLE)),
        ),
        {},
    ),
    "Aqara E1": (
        "Aqara",
        "SRTS-A01",
        (
            ("switch", "window_detection", SWITCHES),
            ("binary_sensor", "window_open", {}),
            ("binary_sensor", "valve_alarm", {}),
        ),
        {"window_entity": "window_open"},
    ),
    "Danfoss Ally": (
        "Danfoss",
        "014G2461",
        (
            ("sensor", "pi_heating_demand", percent()),
            ("sensor", "window_open_internal", {}),
            ("switch", "window_open_external", SWITCHES),
        ),
        {"demand": "entity", "demand_entity": "pi_heating_demand"},
    ),
    "Eurotronic Spirit": (
        "Eurotronic",
        "SPZB0001",
        (
            ("sensor", "pi_heating_demand", percent()),
            ("number", "valve_position", percent(**SETTABLE)),
            (
                "select",
                "trv_mode",
                {"command_topic": f"{TOPIC}/set", "options": ["1", "2"]},
            ),
        ),
        {"demand": "entity", "demand_entity": "pi_heating_demand"},
    ),
    "Moes BRT-100": (
        "Moes",
        "BRT-100-TRV",
        (
            ("sensor", "position", percent()),
            ("binary_sensor", "valve_state", {}),
            ("binary_sensor", "window", {}),
            ("switch", "window_detection", SWITCHES),
        ),
        {"window_entity": "window"},
    ),
    "A Tuya head whose window is on while it is shut": (
        "Tuya",
        "TS0601_thermostat_1",
        (("binary_sensor", "window", {}),),
        {},
    ),
    "Bosch II": (
        "Bosch",
        "BTH-RA",
        (("number", "pi_heating_demand", percent(**SETTABLE)),),
        {},
    ),
}


@pytest.fixture
def expected_lingering_timers() -> bool:
    """MQTT's client looks after its connection until the very end."""
    return True


async def announce(
    hass: HomeAssistant, component: str, unique_id: str, **config: Any
) -> None:
    """Publish a discovery message."""
    topic = f"homeassistant/{component}/{unique_id.replace(' ', '_')}/config"
    payload = {"unique_id": unique_id, "state_topic": TOPIC, **config}
    if component == "climate":
        del payload["state_topic"]
    async_fire_mqtt_message(hass, topic, json.dumps(payload))
    await hass.async_block_till_done()


def by_unique_id(hass: HomeAssistant) -> dict[str, str]:
    """Return the entities of MQTT by their unique IDs."""
    entries = er.async_get(hass).entities.values()
    return {
        entry.unique_id: entry.entity_id
        for entry in entries
        if entry.platform == "mqtt"
    }


@pytest.mark.usefixtures("mqtt_mock")
@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
async def test_a_head_behind_zigbee2mqtt(
    hass: HomeAssistant, head: tuple[str, str, Exposes, dict[str, str]]
) -> None:
    """It is opened by its setpoint, and none of its numbers is filled in."""
    maker, model, exposes, own = head
    device = {
        "identifiers": [f"zigbee2mqtt_{IEEE}"],
        "name": "Lounge head",
        "manufacturer": maker,
        "model_id": model,
        "model": "Thermostatic radiator valve",
    }
    for component, name, config in (("climate", "climate", CLIMATE), *exposes):
        unique_id = f"{IEEE}_{name}_zigbee2mqtt"
        await announce(hass, component, unique_id, device=device, **config)
    entities = {
        unique_id.removeprefix(f"{IEEE}_").removesuffix("_zigbee2mqtt"): entity_id
        for unique_id, entity_id in by_unique_id(hass).items()
    }
    assert len(entities) == len(exposes) + 1
    (found,) = find_heads(hass, set()).values()
    assert found.name == "Lounge head (Zigbee2MQTT)"
    assert found.fields == {
        "name": "Lounge head",
        "climate_entity": entities["climate"],
        "actuator": "setpoint",
        "demand": "temperature",
        **{key: entities.get(value, value) for key, value in own.items()},
    }


@pytest.mark.usefixtures("mqtt_mock")
async def test_a_head_is_set_up_from_its_device_and_calls_by_its_demand(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Two forms are seen, as they are filled in; only the rating is typed."""
    device = {
        "identifiers": [f"zigbee2mqtt_{IEEE}"],
        "name": "Lounge head",
        "manufacturer": "Danfoss",
        "model_id": "014G2461",
    }
    await announce(
        hass, "climate", f"{IEEE}_climate_zigbee2mqtt", device=device, **CLIMATE
    )
    demand = percent(value_template='{{ value_json["pi_heating_demand"] }}')
    await announce(
        hass,
        "sensor",
        f"{IEEE}_pi_heating_demand_zigbee2mqtt",
        device=device,
        name="PI heating demand",
        **demand,
    )
    await publish(hass, pi_heating_demand=0)
    site = await radiators.set_up_heating(rooms={"bath": BATH})
    form: Any = await hass.config_entries.subentries.async_init(
        (site.entry_id, "room"), context={"source": SOURCE_USER}
    )
    (climate, *_), default = choices(form)
    assert climate == default
    form = await enter_part(hass, form, {"found_head": climate})
    form = await enter_part(hass, form, suggested(form))
    assert form["step_id"] == "sharing"
    done = await enter_part(
        hass, form, {"q50_w": 1500.0, "exponent": 1.3, "comfort_c": 20.0}
    )
    assert done["title"] == "Lounge head"
    await hass.async_block_till_done()
    assert radiators.state("binary_sensor.lounge_head_calls_for_heat") == "off"
    await publish(hass, pi_heating_demand=60)
    assert radiators.state("binary_sensor.lounge_head_calls_for_heat") == "on"


async def publish(hass: HomeAssistant, **shown: float) -> None:
    """Publish the state of the head, at 18 °C with a setpoint of 21 °C."""
    state = {
        "local_temperature": 18.0,
        "occupied_heating_setpoint": 21.0,
        "system_mode": "heat",
        **shown,
    }
    async_fire_mqtt_message(hass, TOPIC, json.dumps(state))
    await hass.async_block_till_done()


def choices(form: Any) -> tuple[list[str], str]:
    """Return what the only field of a form offers, and what it has chosen."""
    ((key, selector),) = form["data_schema"].schema.items()
    options = [option["value"] for option in selector.config["options"]]
    return options, key.default()


@pytest.mark.usefixtures("mqtt_mock")
async def test_a_boiler_behind_ems_esp(hass: HomeAssistant) -> None:
    """A boolean with a command is a switch, a number with one is a number."""
    device = {"identifiers": ["ems-esp-boiler"], "name": "EMS-ESP Boiler"}
    water = {"unit_of_measurement": "°C", "device_class": "temperature"}
    command = {"command_topic": "ems-esp/boiler/set"}
    for component, name, config in (
        ("binary_sensor", "burngas", {}),
        ("binary_sensor", "heatingactive", {}),
        ("binary_sensor", "tapwateractive", {}),
        ("switch", "heatingactivated", command),
        ("number", "selflowtemp", water | command),
        ("number", "heatingtemp", water | command),
        ("sensor", "curflowtemp", water),
        ("sensor", "rettemp", water),
    ):
        unique_id = f"boiler_{name}"
        await announce(hass, component, unique_id, device=device, name=name, **config)
    entities = by_unique_id(hass)
    assert len(entities) == 8
    (found,) = find_boilers(hass, set()).values()
    assert found.name == "EMS-ESP Boiler (EMS-ESP)"
    assert found.fields == {
        "burner_entity": entities["boiler_burngas"],
        "flow_entity": entities["boiler_curflowtemp"],
        "return_entity": entities["boiler_rettemp"],
        "setpoint_entity": entities["boiler_selflowtemp"],
        "dhw_entity": entities["boiler_tapwateractive"],
    }


@pytest.mark.usefixtures("mqtt_mock")
async def test_a_vaillant_behind_ebusd_without_a_flame(hass: HomeAssistant) -> None:
    """Its modulation stands in; what 0 % means is asked for by the form."""
    device = {
        "identifiers": ["ebusd_bai"],
        "manufacturer": "ebusd.eu",
        "name": "ebusd bai",
    }
    for message, field, unit in (
        ("ModulationTempDesired", "percent1", "%"),
        ("FlowTemp", "temp", "°C"),
        ("FlowTempDesired", "temp", "°C"),
    ):
        await announce(
            hass,
            "sensor",
            f"ebusd_bai_{message}_{field}",
            device=device,
            name=f"{message} {field}",
            unit_of_measurement=unit,
        )
    entities = by_unique_id(hass)
    (found,) = find_boilers(hass, set()).values()
    assert found.fields == {
        "burner_entity": entities["ebusd_bai_ModulationTempDesired_percent1"],
        "flow_entity": entities["ebusd_bai_FlowTemp_temp"],
        "setpoint_entity": entities["ebusd_bai_FlowTempDesired_temp"],
    }
