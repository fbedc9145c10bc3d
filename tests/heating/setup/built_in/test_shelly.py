"""Shelly's heads, made by their own integration."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, patch

from aioshelly.block_device import BlockDevice, BlockUpdateType
from aioshelly.const import MODEL_BLU_GATEWAY_G3, MODEL_VALVE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.heating.setup.discovery import find_heads

from ....homes.shelly import MAC, PACKAGE, rpc_device

TRV = "blutrv:200"


def entity(hass: HomeAssistant, domain: str, unique_id: str) -> str:
    """Return an entity of the integration, which has to be there."""
    entity_id = er.async_get(hass).async_get_entity_id(domain, "shelly", unique_id)
    assert entity_id is not None
    return entity_id


async def set_up(
    hass: HomeAssistant, model: str, gen: int, sleep_period: int = 0
) -> None:
    """Let the integration set the device up."""
    entry = MockConfigEntry(
        domain="shelly",
        data={
            "host": "127.0.0.1",
            "sleep_period": sleep_period,
            "model": model,
            "gen": gen,
        },
        title="Head",
        unique_id=MAC,
        minor_version=3,
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture(autouse=True)
def _without_bluetooth(hass: HomeAssistant) -> None:
    hass.config.components.add("bluetooth")


@pytest.fixture
def blu_trv(request: pytest.FixtureRequest) -> Iterator[None]:
    """A BLU TRV at its gateway; its own thermostat is enabled, or not."""
    device = rpc_device(
        "Gateway",
        model=MODEL_BLU_GATEWAY_G3,
        gen=3,
        hostname="shellyblugwg3",
        status={
            "sys": {},
            "wifi": {"rssi": -50},
            TRV: {
                "id": 200,
                "target_C": 17.1,
                "current_C": 17.1,
                "pos": 0,
                "rssi": -60,
                "battery": 100,
                "errors": [],
                "fw_ver": "v1.2.10",
            },
        },
        config={
            "sys": {"ui_data": {}, "device": {"name": "Gateway"}},
            "wifi": {"sta": {"enable": True}},
            TRV: {
                "id": 200,
                "enable": request.param,
                "min_valve_position": 0,
                "default_boost_duration": 1800,
                "default_override_duration": 2147483647,
                "default_override_target_C": 8,
                "addr": "f8:44:77:25:f0:dd",
                "name": "Lounge",
                "key": None,
                "trv": "bthomedevice:200",
                "temp_sensors": [],
                "dw_sensors": [],
                "override_delay": 30,
                "meta": {},
            },
        },
    )
    firmware = MagicMock(return_value=MagicMock(async_refresh=AsyncMock()))
    with (
        patch(f"{PACKAGE}.RpcDevice.create", return_value=device),
        patch(f"{PACKAGE}.get_ws_context"),
        patch(f"{PACKAGE}.ShellyBluTrvUpdateCoordinator", firmware, create=True),
    ):
        yield


@pytest.mark.parametrize("blu_trv", [True, False], indirect=True)
@pytest.mark.usefixtures("blu_trv")
async def test_a_blu_trv_is_opened_by_its_setpoint(hass: HomeAssistant) -> None:
    """Its valve can be set only while its own thermostat is disabled."""
    await set_up(hass, MODEL_BLU_GATEWAY_G3, 3)
    (found,) = find_heads(hass, set()).values()
    assert found.name == "Lounge (Shelly BLU TRV)"
    assert found.fields == {
        "name": "Lounge",
        "climate_entity": entity(hass, "climate", f"f8:44:77:25:f0:dd-{TRV}"),
        "actuator": "setpoint",
        "demand": "temperature",
    }


def block(kind: str, **parts: Any) -> Mock:
    """Return a part of a device of the first generation, as CoAP describes it."""
    known = {"type": kind, "description": f"{kind}_0", "channel": "0", **parts}
    return Mock(**known, spec=[*known])


@pytest.fixture
def trv() -> Iterator[MagicMock]:
    """A TRV of the first generation."""
    sensor = block(
        "sensor",
        sensor_ids={
            "targetTemp": {"D": "target temperature"},
            "temp": {"D": "temperature", "T": "T", "U": "C"},
        },
        targetTemp=20.0,
        temp=19.0,
        mode=0,
    )
    own = block(
        "device",
        sensor_ids={"valvePos": {"D": "valve position", "U": "%"}},
        valvePos=50,
        valveError=0,
        cfgChanged=0,
        status="1",
        info=Mock(return_value={"U": "%"}),
    )
    settings = {
        "device": {"type": MODEL_VALVE, "hostname": "shellytrv", "mac": MAC},
        "name": "Bath",
        "thermostats": [
            {"schedule_profile_names": ["Profile 1"], "target_t": {"enabled": True}}
        ],
        "coiot": {"update_period": 15},
        "sleep_mode": {"period": 60, "unit": "m"},
    }
    device: Any = MagicMock(
        spec=BlockDevice,
        initialize=AsyncMock(),
        shutdown=AsyncMock(),
        update=AsyncMock(),
        update_status=AsyncMock(),
        initialized=True,
        connected=True,
        firmware_supported=True,
        model=MODEL_VALVE,
        gen=1,
        hostname="shellytrv",
        mac=MAC,
        version="20230913",
        firmware_version="20230913-112531",
        requires_auth=False,
        blocks=[sensor, own],
        settings=settings,
        shelly={"mac": MAC, "auth": False, "type": MODEL_VALVE},
        status={"update": {}, "thermostats": [{}]},
    )
    device.name = "Bath"
    with (
        patch(f"{PACKAGE}.BlockDevice.create", return_value=device),
        patch(f"{PACKAGE}.get_coap_context"),
    ):
        yield device


async def test_a_trv_of_the_first_generation_is_opened_by_its_valve(
    hass: HomeAssistant, trv: MagicMock
) -> None:
    """It is the one whose valve a lease can give back: by its setpoint afterwards."""
    await set_up(hass, MODEL_VALVE, 1, sleep_period=3600)
    wake_up = trv.subscribe_updates.call_args[0][0]
    wake_up(trv, BlockUpdateType.ONLINE)
    await hass.async_block_till_done(wait_background_tasks=True)
    (found,) = find_heads(hass, set()).values()
    assert found.name == "Bath (Shelly TRV)"
    assert found.fields == {
        "name": "Bath",
        "climate_entity": entity(hass, "climate", f"{MAC}-sensor_0"),
        "actuator": "valve",
        "valve_entity": entity(hass, "number", f"{MAC}-device_0-valvePos"),
        "demand": "temperature",
    }
