"""A HomeWizard meter, made by its own integration."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import AsyncMock, MagicMock, patch

from homeassistant.core import HomeAssistant
from homewizard_energy.models import CombinedModels, Device, Measurement
import pytest

from custom_components.load_sharing.charging.setup.meters import find_meters

from ....homes.house import House
from ..built_in.conftest import Installed

THREE_PHASES = {
    "power_w": -4871.0,
    "power_l1_w": -930.0,
    "power_l2_w": -1894.0,
    "power_l3_w": -2047.0,
    # The currents of a P1 meter have no sign: evcc#30204.
    "current_l1_a": 4.68,
    "current_l2_a": 8.14,
    "current_l3_a": 8.75,
}
ONE_PHASE = {"power_w": 1200.0, "power_l1_w": 1200.0, "current_l1_a": 5.2}


@pytest.fixture(name="api")
def api_fixture() -> Iterator[MagicMock]:
    """Its API in the local network."""
    api = MagicMock()
    api.close = AsyncMock()
    package = "homeassistant.components.homewizard"
    with (
        patch(f"{package}.HomeWizardEnergyV1", return_value=api),
        patch(f"{package}.has_v2_api", return_value=False),
    ):
        yield api


async def add(
    installed: Installed, api: MagicMock, product_type: str, measured: dict[str, Any]
) -> None:
    """Add a device that measures this."""
    device = Device(
        product_name="P1 meter",
        product_type=product_type,
        serial="5c2fafabcdef",
        api_version="v1",  # type: ignore[arg-type]
        firmware_version="6.03",
    )
    api.combined = AsyncMock(
        return_value=CombinedModels(device, Measurement(**measured), None, None, None)
    )
    await installed.add(
        "homewizard",
        data={"ip_address": "127.0.0.1"},
        title="P1 meter",
        unique_id=f"{product_type}_5c2fafabcdef",
    )


async def test_a_p1_meter_is_found_with_the_powers_of_its_phases(
    hass: HomeAssistant, installed: Installed, api: MagicMock
) -> None:
    """They are negative while the house exports."""
    await add(installed, api, "HWE-P1", THREE_PHASES)
    (found,) = find_meters(hass).values()
    assert found.name == "P1 meter (HomeWizard)"
    assert found.fields == {
        "meter_l1": "sensor.p1_meter_power_phase_1",
        "meter_l2": "sensor.p1_meter_power_phase_2",
        "meter_l3": "sensor.p1_meter_power_phase_3",
        "export_sign": "negative",
    }
    assert hass.states.get(found.fields["meter_l1"]).state == "-930.0"  # type: ignore[union-attr]


async def test_a_site_counts_with_what_the_p1_meter_shows(
    hass: HomeAssistant, house: House, installed: Installed, api: MagicMock
) -> None:
    """L1 exports 4 A, L2 takes 10 A, L3 nothing; each may carry 32 A."""
    measured = THREE_PHASES | {
        "power_l1_w": -920.0,
        "power_l2_w": 2300.0,
        "power_l3_w": 0.0,
    }
    await add(installed, api, "HWE-P1", measured)
    (found,) = find_meters(hass).values()
    await house.set_up(supply=found.fields)
    control = hass.config_entries.async_entries("load_sharing")[0].runtime_data.charging
    shown = control._publisher.shown
    assert shown.service_a == pytest.approx((-4, 10, 0))


@pytest.mark.parametrize("product_type", ["HWE-P1", "HWE-KWH1", "SDM230-wifi"])
async def test_a_meter_of_one_phase_is_found(
    hass: HomeAssistant, installed: Installed, api: MagicMock, product_type: str
) -> None:
    """It has the power of L1 alone."""
    await add(installed, api, product_type, ONE_PHASE)
    (found,) = find_meters(hass).values()
    assert found.sensors == {"sensor.p1_meter_power_phase_1"}


async def test_a_meter_without_powers_of_its_phases_is_no_whole_one(
    hass: HomeAssistant, installed: Installed, api: MagicMock
) -> None:
    """A supply of three phases without a neutral has only currents, without a sign."""
    measured = {key: THREE_PHASES[key] for key in THREE_PHASES if "power_l" not in key}
    await add(installed, api, "HWE-P1", measured)
    assert find_meters(hass) == {}


async def test_a_socket_is_no_meter_of_a_supply(
    hass: HomeAssistant, installed: Installed, api: MagicMock
) -> None:
    """It also measures a power of L1."""
    await add(installed, api, "HWE-SKT", ONE_PHASE)
    assert find_meters(hass) == {}
