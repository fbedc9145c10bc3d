"""A head that comes back to a setpoint of ours after its lease has ended is given back.

Heads that find a window open lower their target, and return to the one that they had:
Homematic's window state (set point 12 °C by default), FRITZ!DECT, Tuya's
(zigbee2mqtt#24706). So do they after a boost at the device, or an absence that was set
in the vendor's app.
"""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.climate import ClimateEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import async_get_platforms
import pytest

from ...homes.radiators import BATH, STUDY, RadiatorHouse, Thermostat

JOURNAL = "load_sharing.site.leases"


class WithPresets(Thermostat):
    """A head with a boost and an absence that are set at the device."""

    _attr_supported_features = (
        ClimateEntityFeature.TARGET_TEMPERATURE | ClimateEntityFeature.PRESET_MODE
    )
    _attr_preset_modes = ["none", "boost", "away"]  # noqa: RUF012
    _attr_preset_mode = "none"

    def choose(self, preset_mode: str, target_c: float) -> None:
        """Show a preset and its target."""
        self._attr_preset_mode = preset_mode
        self.show(target_c=target_c)


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Any:
    """A house at 07:10, half an hour before the study's block."""
    house = RadiatorHouse(hass, freezer)
    house.thermostats["study"] = WithPresets("Study")
    await house.put_up()
    freezer.move_to("2026-01-05T06:10:00+00:00")
    yield house
    for platform in async_get_platforms(hass, "schedule"):
        await platform.async_reset()


def study_of(house: RadiatorHouse) -> WithPresets:
    """The thermostat of the study."""
    study = house.thermostats["study"]
    assert isinstance(study, WithPresets)
    return study


async def share(house: RadiatorHouse, **study: Any) -> WithPresets:
    """Raise the study from 16 °C to 22 °C."""
    await house.set_up_heating(rooms={"bath": BATH, "study": STUDY | study})
    await house.cool_down()
    await house.wait(120)
    assert study_of(house).target_temperature == 22
    return study_of(house)


async def end(house: RadiatorHouse) -> None:
    """Let the call of the bath end, and with it sharing."""
    await house.warm_bath(22.2)
    await house.wait(60)


@pytest.mark.parametrize("reloads", [False, True])
async def test_a_window_that_only_the_head_sees(
    hass: HomeAssistant, house: RadiatorHouse, reloads: bool
) -> None:
    """It is aired for some minutes: 12 °C, and then 22 °C again, which was ours."""
    study = await share(house)
    study.show(target_c=12.0)
    await house.wait(300)
    assert study.sent == [22.0]
    await end(house)
    if reloads:
        assert await hass.config_entries.async_reload("site")
        await hass.async_block_till_done()
        await house.wait(60)
        assert study.target_temperature == 12
    study.show(target_c=22.0)
    await house.wait(60)
    assert study.sent == [22.0, 16.0]


async def test_a_window_that_is_known(house: RadiatorHouse) -> None:
    """The head lowers itself before its window sensor is seen."""
    await house.set_state("binary_sensor.window", "off")
    study = await share(house, window_entity="binary_sensor.window")
    study.show(target_c=12.0)
    await house.set_state("binary_sensor.window", "on")
    await house.wait(300)
    assert study.sent == [22.0]
    await house.set_state("binary_sensor.window", "off")
    study.show(target_c=22.0)
    await house.wait(60)
    assert study.sent == [22.0, 16.0]


@pytest.mark.parametrize(("preset", "target_c"), [("boost", 28.0), ("away", 14.0)])
async def test_a_preset_that_outlasts_sharing(
    house: RadiatorHouse, preset: str, target_c: float
) -> None:
    """It ends with the setpoint that was ours; the preset is not given back."""
    study = await share(house)
    study.choose(preset, target_c)
    await house.wait(30)
    await end(house)
    await house.wait(900)
    assert study.sent == [22.0]
    study.choose("none", 22.0)
    await house.wait(60)
    assert study.sent == [22.0, 16.0]
    assert study.preset_mode == "none"


async def test_what_was_raised_while_it_is_held(house: RadiatorHouse) -> None:
    """A long boost counts as the owner's setpoint until it ends."""
    study = await share(house)
    study.choose("boost", 28.0)
    await house.wait(900)
    study.choose("none", 22.0)
    await house.wait(60)
    await end(house)
    await house.wait(300)
    assert study.target_temperature == 16


@pytest.mark.parametrize("by_call", [False, True])
async def test_a_head_that_was_set_meanwhile_is_its_owners(
    house: RadiatorHouse, by_call: bool
) -> None:
    """At the device to 18 °C, or by an action to what it was held at."""
    study = await share(house)
    study.show(target_c=12.0)
    await house.wait(60)
    await end(house)
    if by_call:
        await house.call("climate", "set_temperature", "climate.study", temperature=22)
    else:
        study.show(target_c=18.0)
        await house.wait(60)
        study.show(target_c=22.0)
    await house.wait(300)
    assert study.target_temperature == 22


async def test_after_three_hours_it_is_its_owners(house: RadiatorHouse) -> None:
    """By then, the owner may well have chosen the same."""
    study = await share(house)
    await house.switch_on(on=False)
    await house.wait(60)
    assert study.target_temperature == 16
    await house.switch_on()
    await house.cool_down()
    await house.wait(120)
    assert study.target_temperature == 22
    study.show(target_c=12.0)
    await house.switch_on(on=False)
    house.freezer.tick(3 * 3600 + 60)
    await house.warm_bath(22.2)
    study.show(target_c=22.0)
    await house.wait(60)
    assert study.target_temperature == 22


async def test_what_an_owner_chooses_hours_later_in_an_app_stays(
    house: RadiatorHouse,
) -> None:
    """18 °C in the app; after sharing and five hours, 22 °C, as ours was."""
    study = await share(house)
    study.show(target_c=18.0)
    await house.wait(60)
    await end(house)
    house.freezer.tick(5 * 3600)
    await house.wait(60)
    study.show(target_c=22.0)
    await house.wait(300)
    assert study.target_temperature == 22


async def test_a_head_that_has_what_its_owner_wants_is_forgotten(
    house: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Nothing stays in the journal."""
    study = await share(house)
    study.show(target_c=12.0)
    await house.wait(60)
    assert hass_storage[JOURNAL]["data"]["study"]["prior"] == 16
    study.show(target_c=16.0)
    await house.wait(60)
    assert hass_storage[JOURNAL]["data"] == {}
