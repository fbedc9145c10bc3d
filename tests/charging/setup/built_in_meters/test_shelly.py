"""Shelly energy meters, made by their own integration."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock, patch

from aioshelly.const import MODEL_PRO_EM3
from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.charging.setup.meters import find_meters

from ....homes.shelly import MAC, PACKAGE, rpc_device
from ..built_in.conftest import Installed


def _phases(*measured: tuple[float, float]) -> dict[str, Any]:
    """Return what an ``em`` component shows of its phases: powers and currents."""
    return {
        f"{phase}_{key}": value
        for phase, (power_w, current_a) in zip("abc", measured, strict=True)
        for key, value in (
            ("act_power", power_w),
            ("aprt_power", abs(power_w)),
            ("current", current_a),
            ("voltage", 230.0),
            ("pf", 1.0),
            ("freq", 50.0),
        )
    }


@pytest.fixture(name="device")
def device_fixture(hass: HomeAssistant) -> Iterator[MagicMock]:
    """A device behind its API. Home Assistant has no Bluetooth."""
    hass.config.components.add("bluetooth")
    device = rpc_device(
        "Mains", model=MODEL_PRO_EM3, gen=2, hostname="shellypro3em", config={}
    )
    with (
        patch(f"{PACKAGE}.RpcDevice.create", return_value=device),
        patch(f"{PACKAGE}.get_ws_context"),
    ):
        yield device


async def add(
    installed: Installed, device: MagicMock, components: dict[str, dict[str, Any]]
) -> None:
    """Add a device with these components."""
    device.status = {"sys": {}, "wifi": {"rssi": -50}, **components}
    device.config = {
        "sys": {"ui_data": {}, "device": {"name": "Mains"}},
        "wifi": {"sta": {"enable": True}},
        **{key: {"id": 0, "name": None} for key in components},
    }
    await installed.add(
        "shelly",
        data={
            "host": "127.0.0.1",
            "sleep_period": 0,
            "model": MODEL_PRO_EM3,
            "gen": 2,
        },
        title="Mains",
        unique_id=MAC,
        minor_version=3,
    )


async def test_a_pro_3em_is_found_with_the_powers_of_its_phases(
    hass: HomeAssistant, installed: Installed, device: MagicMock
) -> None:
    """Each phase has a device of its own; a power is negative while it exports."""
    measured = _phases((-920.0, 4.0), (2300.0, 10.0), (0.0, 0.1))
    await add(installed, device, {"em:0": measured})
    (found,) = find_meters(hass).values()
    assert found.name == "Mains (Shelly)"
    assert found.fields.pop("export_sign") == "negative"
    powers_w = {key: hass.states.get(value) for key, value in found.fields.items()}
    assert {key: state.state for key, state in powers_w.items() if state} == {
        "meter_l1": "-920.0",
        "meter_l2": "2300.0",
        "meter_l3": "0.0",
    }


async def test_each_clamp_of_a_pro_em_may_be_the_supply(
    hass: HomeAssistant, installed: Installed, device: MagicMock
) -> None:
    """A Pro EM has two clamps, and a Pro 3EM of three single phases has three."""
    clamps = {
        f"em1:{clamp}": {
            "id": clamp,
            "act_power": 100.0 + clamp,
            "aprt_power": 101.0,
            "current": 0.5,
            "voltage": 230.0,
            "pf": 1.0,
            "freq": 50.0,
        }
        for clamp in (0, 1)
    }
    await add(installed, device, clamps)
    found = list(find_meters(hass).values())
    assert [meter.fields.keys() for meter in found] == [{"meter_l1", "export_sign"}] * 2
    states = [hass.states.get(meter.fields["meter_l1"]) for meter in found]
    assert [state.state for state in states if state] == ["100.0", "101.0"]
    assert len({meter.name for meter in found}) == 2
