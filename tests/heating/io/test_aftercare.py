"""Thermostats get back the mode and the preset that a write took them out of."""

from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.climate import (
    ATTR_TEMPERATURE,
    ClimateEntityFeature,
    HVACMode,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_mock_service,
)

from ...homes.radiators import BATH, LOUNGE, STUDY, RadiatorHouse, Thermostat

JOURNAL = "load_sharing.site.leases"


class OwnSchedule(Thermostat):
    """Follows its vendor's schedule in ``auto``; a setpoint is a manual override.

    So do Tado (``async_set_temperature`` of Home Assistant's integration leaves AUTO
    for HEAT), Netatmo and many Tuya heads.
    """

    _attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT, HVACMode.AUTO]  # noqa: RUF012
    _attr_hvac_mode = HVACMode.AUTO
    _attr_supported_features = (
        ClimateEntityFeature.TARGET_TEMPERATURE
        | ClimateEntityFeature.TURN_OFF
        | ClimateEntityFeature.PRESET_MODE
    )
    _attr_preset_modes = ["none", "eco", "comfort"]  # noqa: RUF012
    _attr_preset_mode = "none"
    scheduled_c = 16.0
    asleep = False

    def __init__(self, name: str) -> None:
        """Start without any call."""
        super().__init__(name)
        self.calls: list[Any] = []

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        self.calls.append(kwargs[ATTR_TEMPERATURE])
        if self._attr_hvac_mode is HVACMode.AUTO:
            self._attr_hvac_mode = HVACMode.HEAT
        if self._attr_hvac_mode is HVACMode.OFF:
            self._attr_hvac_mode = HVACMode.HEAT
        self._attr_preset_mode = "none"
        self.show(target_c=kwargs[ATTR_TEMPERATURE])

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        self.calls.append(hvac_mode.value)
        if hvac_mode is HVACMode.AUTO:
            self._attr_native_target_temperature = self.scheduled_c
        await super().async_set_hvac_mode(hvac_mode)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        self.calls.append(preset_mode)
        self._attr_preset_mode = preset_mode
        if preset_mode == "eco":
            self._attr_native_target_temperature = 16.0
        self.async_write_ha_state()

    @override
    async def async_turn_off(self) -> None:
        await self.async_set_hvac_mode(HVACMode.OFF)


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Any:
    """A house at 07:10 whose study has a schedule of its own; ours begins at 07:40."""
    house = RadiatorHouse(hass, freezer)
    house.thermostats["study"] = OwnSchedule("Study")
    await house.put_up()
    freezer.move_to("2026-01-05T06:10:00+00:00")
    yield house
    for platform in async_get_platforms(hass, "schedule"):
        await platform.async_reset()


def study_of(house: RadiatorHouse) -> OwnSchedule:
    """The thermostat with a schedule of its own."""
    study = house.thermostats["study"]
    assert isinstance(study, OwnSchedule)
    return study


async def share(house: RadiatorHouse, **study: Any) -> None:
    """Let the bath call and the boiler cycle: the study is raised to 22 °C."""
    await house.set_up_heating(rooms={"bath": BATH, "study": STUDY | study})
    await house.cool_down()
    await house.wait(60)
    assert study_of(house).target_temperature == 22


async def end(house: RadiatorHouse) -> None:
    """Let the call end."""
    await house.warm_bath(22.2)
    await house.wait(900)


async def test_the_vendors_schedule_goes_on(house: RadiatorHouse) -> None:
    """First the setpoint, then the mode, because a setpoint would end it again."""
    study = study_of(house)
    await share(house)
    assert house.state("climate.study") == "heat"
    await end(house)
    assert study.calls == [22.0, 16.0, "auto"]
    assert study.hvac_mode is HVACMode.AUTO


async def test_a_mode_that_is_shown_with_the_next_status_is_given_back(
    house: RadiatorHouse,
) -> None:
    """The setpoint is shown at once, and that it left ``auto`` a minute later.

    Home Assistant's ``eq3btsmart`` shows them one after the other, within seconds. The
    minute is assumed.
    """
    study = study_of(house)

    async def set_temperature(**kwargs: Any) -> None:
        study.calls.append(kwargs[ATTR_TEMPERATURE])
        study.show(target_c=kwargs[ATTR_TEMPERATURE])

    study.async_set_temperature = set_temperature  # type: ignore[method-assign]
    await share(house)
    study._attr_hvac_mode = HVACMode.HEAT
    study.show()
    await house.wait(120)
    await end(house)
    assert study.calls == [22.0, 16.0, "auto"]
    assert study.hvac_mode is HVACMode.AUTO


async def test_a_schedule_that_was_resumed_elsewhere_is_left_alone(
    house: RadiatorHouse,
) -> None:
    """The vendor's app ends our override, with the setpoint that was before."""
    study = study_of(house)
    await share(house)
    await house.wait(60)
    study._attr_hvac_mode = HVACMode.AUTO
    study.show(target_c=16.0)
    await house.wait(300)
    await end(house)
    assert study.calls == [22.0]
    assert study.hvac_mode is HVACMode.AUTO


async def test_a_comfort_period_that_began_meanwhile_is_in_force(
    house: RadiatorHouse,
) -> None:
    """The vendor's 21 °C were not to be seen behind our override."""
    study = study_of(house)
    await share(house)
    study.scheduled_c = 21.0
    await end(house)
    assert study.hvac_mode is HVACMode.AUTO
    assert study.target_temperature == 21.0
    await house.wait(600)
    assert study.calls == [22.0, 16.0, "auto"]


async def test_a_preset_comes_back(house: RadiatorHouse) -> None:
    """A head in ``heat`` and ``eco``, as Versatile or Better Thermostat."""
    study = study_of(house)
    study._attr_hvac_mode, study._attr_preset_mode = HVACMode.HEAT, "eco"
    study.show()
    await share(house)
    assert study.preset_mode == "none"
    await end(house)
    assert study.calls == [22.0, 16.0, "eco"]
    assert study.preset_mode == "eco"


async def test_a_preset_that_a_person_chose_meanwhile_is_kept(
    house: RadiatorHouse,
) -> None:
    """Comfort, chosen while the setpoint was ours, comes back after it."""
    study = study_of(house)
    study._attr_hvac_mode, study._attr_preset_mode = HVACMode.HEAT, "eco"
    study.show()
    await share(house)
    study._attr_preset_mode = "comfort"
    study.show()
    await end(house)
    assert study.preset_mode == "comfort"


async def test_unloading_gives_the_mode_back_too(
    hass: HomeAssistant, house: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """And leaves nothing in the journal."""
    await share(house)
    assert await hass.config_entries.async_unload("site")
    assert study_of(house).hvac_mode is HVACMode.AUTO
    assert hass_storage[JOURNAL]["data"] == {}
    assert house.timers == []


async def test_after_a_crash_the_mode_is_given_back(
    hass: HomeAssistant, house: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """The journal has the mode and the preset of before."""
    await share(house)
    crashed = hass_storage[JOURNAL]["data"]["study"]
    assert crashed["thermostat"] == {
        "entity_id": "climate.study",
        "mode": ["auto", "none", None],
        "send_setpoint": False,
    }
    await hass.config_entries.async_unload("site")
    study = study_of(house)
    study._attr_hvac_mode = HVACMode.HEAT
    study.show(target_c=22.0)
    hass_storage[JOURNAL]["data"] = {"study": crashed}
    await hass.config_entries.async_setup("site")
    await house.switch_on(on=False)
    await house.wait(60)
    assert study.target_temperature == 16.0
    assert study.hvac_mode is HVACMode.AUTO


async def test_a_head_that_is_off_is_not_written_until_it_is_on(
    house: RadiatorHouse,
) -> None:
    """An automation turns it off at an open window, and on again: then it is 16 °C."""
    study = study_of(house)
    await share(house)
    await house.call("climate", "turn_off", "climate.study")
    await end(house)
    assert study.calls == [22.0, "off"]
    assert house.state("binary_sensor.study_valve_problem") == "off"
    await house.call("climate", "set_hvac_mode", "climate.study", hvac_mode="heat")
    await house.wait(60)
    assert study.target_temperature == 16.0
    assert study.hvac_mode is HVACMode.AUTO


async def test_a_head_that_a_person_turns_off_has_its_setpoint_back_afterwards(
    hass: HomeAssistant, house: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """Off, it still has our setpoint. Once it is on, it must not heat to that."""
    study = study_of(house)
    study._attr_hvac_mode = HVACMode.HEAT
    study.show()
    await share(house)
    for name, data in (("turn_off", {}), ("set_hvac_mode", {"hvac_mode": "heat"})):
        await hass.services.async_call(
            "climate",
            name,
            {"entity_id": "climate.study"} | data,
            blocking=True,
            context=Context(user_id=hass_admin_user.id),
        )
        await end(house)
    assert study.hvac_mode is HVACMode.HEAT
    assert study.target_temperature == 16


async def test_a_head_that_is_off_is_given_back_after_a_reload(
    hass: HomeAssistant, house: RadiatorHouse
) -> None:
    """Neither unloading nor the next start wakes it."""
    study = study_of(house)
    await share(house)
    await house.call("climate", "turn_off", "climate.study")
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    await house.switch_on(on=False)
    await house.wait(300)
    assert study.calls == [22.0, "off"]
    study._attr_hvac_mode = HVACMode.HEAT
    study.show()
    await house.wait(60)
    assert study.target_temperature == 16.0


async def test_a_mode_that_cannot_be_set_is_tried_again(
    house: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """The cloud is down for a quarter of an hour."""
    study = study_of(house)
    await share(house)
    answer = study.async_set_hvac_mode

    async def fail(hvac_mode: HVACMode) -> None:
        raise TimeoutError

    study.async_set_hvac_mode = fail  # type: ignore[method-assign]
    await end(house)
    assert caplog.text.count("climate.study could not be set: no answer in time") == 1
    study.async_set_hvac_mode = answer  # type: ignore[method-assign]
    await house.wait(1000)
    assert study.hvac_mode is HVACMode.AUTO


async def test_opened_again_before_the_mode_is_back(house: RadiatorHouse) -> None:
    """The call returns while the mode is being given back; in the end all is back."""
    study = study_of(house)
    await share(house)
    await end(house)
    await house.warm_bath(20)
    await house.cool_down()
    await house.wait(60)
    assert study.target_temperature == 22
    await end(house)
    assert study.hvac_mode is HVACMode.AUTO
    assert study.target_temperature == 16


async def test_what_its_owner_sets_before_the_mode_is_back_is_the_owners(
    house: RadiatorHouse,
) -> None:
    """Opened again at 18 °C, it is given back at 18 °C, not at the 16 °C from before."""
    study = study_of(house)
    answer = study.async_set_hvac_mode

    async def fail(hvac_mode: HVACMode) -> None:
        raise TimeoutError

    await share(house)
    study.async_set_hvac_mode = fail  # type: ignore[method-assign]
    await end(house)
    assert study.target_temperature == 16
    study.show(target_c=18.0)
    await house.warm_bath(20)
    await house.cool_down()
    await house.wait(60)
    assert study.target_temperature == 22
    study.async_set_hvac_mode = answer  # type: ignore[method-assign]
    study.scheduled_c = 18.0
    await end(house)
    assert 18.0 in study.calls
    assert 16.0 not in study.calls[study.calls.index(22.0, 2) :]


async def test_what_a_person_sets_before_the_mode_is_back_stays(
    hass: HomeAssistant, house: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """Neither the mode nor another round of sharing takes 17 °C away.

    The room is left alone until its next block, so it is not even shared with.
    """
    study = study_of(house)

    async def fail(hvac_mode: HVACMode) -> None:
        raise TimeoutError

    await share(house)
    study.async_set_hvac_mode = fail  # type: ignore[method-assign]
    await end(house)
    assert study.target_temperature == 16
    await hass.services.async_call(
        "climate",
        "set_temperature",
        {"entity_id": "climate.study", "temperature": 17},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )
    await house.warm_bath(20)
    await house.cool_down()
    await house.wait(200)
    assert study.target_temperature == 17
    await end(house)
    await house.wait(900)
    assert study.target_temperature == 17
    assert study.calls[-1] == 17


async def test_a_valve_room_has_its_own_thermostats_mode_back(
    hass: HomeAssistant, house: RadiatorHouse
) -> None:
    """Setting the valve does not concern a thermostat on another device."""
    await house.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await house.cool_down()
    await house.wait(60)
    await end(house)
    assert house.thermostats["lounge"].sent == []


async def test_a_head_whose_valve_was_set_regulates_again(
    house: RadiatorHouse,
) -> None:
    """Its own setpoint is sent after its valve was given back, once."""
    room = LOUNGE | {"send_setpoint": True, "schedule_entity": "schedule.study"}
    await house.set_up_heating(rooms={"bath": BATH, "lounge": room})
    await house.cool_down()
    await house.wait(60)
    head = house.thermostats["lounge"]
    assert head.sent == []
    await end(house)
    assert house.opening("lounge") == 0
    assert head.sent == [16.0]
    await house.wait(600)
    assert head.sent == [16.0]


@pytest.mark.parametrize(("platform", "sent"), [("shelly", [16.0]), ("zha", [])])
async def test_a_shelly_trv_is_known_by_its_device(
    hass: HomeAssistant, house: RadiatorHouse, platform: str, sent: list[float]
) -> None:
    """Valve and thermostat belong to one device of that integration."""
    entry = MockConfigEntry(domain=platform)
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(platform, "trv")}
    )
    for domain, name in (("number", "lounge_valve"), ("climate", "lounge")):
        er.async_get(hass).async_get_or_create(
            domain,
            platform,
            f"{platform}_{name}",
            suggested_object_id=f"{platform}_{name}",
            device_id=device.id,
        )
    names = {
        "valve_entity": f"number.{platform}_lounge_valve",
        "climate_entity": f"climate.{platform}_lounge",
    }
    calls = async_mock_service(hass, "climate", "set_temperature")
    for domain, name in (("number", "lounge_valve"), ("climate", "lounge")):
        state = hass.states.get(f"{domain}.{name}")
        assert state is not None
        hass.states.async_set(
            f"{domain}.{platform}_{name}", state.state, state.attributes
        )

    async def set_value(call: Any) -> None:
        shown = hass.states.get(names["valve_entity"])
        assert shown is not None
        value = str(call.data["value"])
        hass.states.async_set(shown.entity_id, value, shown.attributes)

    hass.services.async_register("number", "set_value", set_value)
    room = LOUNGE | names | {"schedule_entity": "schedule.study"}
    await house.set_up_heating(rooms={"bath": BATH, "lounge": room})
    await house.cool_down()
    await house.wait(60)
    assert house.state(names["valve_entity"]) == "90.0"
    await end(house)
    assert house.state(names["valve_entity"]) == "0.0"
    assert [call.data["temperature"] for call in calls] == sent


async def test_a_head_that_a_valve_command_took_out_of_its_schedule(
    house: RadiatorHouse,
) -> None:
    """Setting the valve turned the thermostat of the same head from auto to heat."""
    head = house.thermostats["lounge"]
    head._attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT, HVACMode.AUTO]
    await head.async_set_hvac_mode(HVACMode.AUTO)
    valve = house.valves["lounge"]
    answer = valve.async_set_native_value

    async def leave_auto(value: float) -> None:
        await head.async_set_hvac_mode(HVACMode.HEAT)
        await answer(value)

    valve.async_set_native_value = leave_auto  # type: ignore[method-assign]
    room = LOUNGE | {"schedule_entity": "schedule.study"}
    await house.set_up_heating(rooms={"bath": BATH, "lounge": room})
    await house.cool_down()
    await house.wait(60)
    assert house.state("climate.lounge") == "heat"
    await end(house)
    assert house.opening("lounge") == 0
    assert house.state("climate.lounge") == "auto"


class TwoSetpoints(OwnSchedule):
    """Heats below 16 °C and cools above 20 °C."""

    _attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT_COOL]  # noqa: RUF012
    _attr_hvac_mode = HVACMode.HEAT_COOL
    _attr_supported_features = ClimateEntityFeature.TARGET_TEMPERATURE_RANGE

    def __init__(self, name: str) -> None:
        """Start with both setpoints."""
        super().__init__(name)
        self._attr_native_target_temperature = None
        self.set_both(16.0, 20.0)

    def set_both(self, low: float, high: float) -> None:
        """Set both setpoints, by the names of either version of Home Assistant."""
        for prefix in ("_attr_", "_attr_native_"):
            setattr(self, f"{prefix}target_temperature_low", low)
            setattr(self, f"{prefix}target_temperature_high", high)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        self.set_both(kwargs["target_temp_low"], kwargs["target_temp_high"])
        self.async_write_ha_state()


async def test_the_upper_of_two_setpoints_comes_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """It was pushed up to 22 °C by the lower one."""
    house = RadiatorHouse(hass, freezer)
    house.thermostats["study"] = TwoSetpoints("Study")
    await house.put_up()
    freezer.move_to("2026-01-05T06:10:00+00:00")
    await house.set_up_heating(rooms={"bath": BATH, "study": STUDY})
    await house.cool_down()
    await house.wait(60)
    assert both(house) == (22.0, 22.0)
    await end(house)
    assert both(house) == (16.0, 20.0)
    for platform in async_get_platforms(hass, "schedule"):
        await platform.async_reset()


def both(house: RadiatorHouse) -> tuple[float, float]:
    """Both setpoints of the study."""
    state = house.hass.states.get("climate.study")
    assert state is not None
    return state.attributes["target_temp_low"], state.attributes["target_temp_high"]


@pytest.mark.parametrize("preset", ["Boost", "no longer offered"])
async def test_a_preset_that_is_not_given_back(
    hass: HomeAssistant,
    house: RadiatorHouse,
    hass_storage: dict[str, Any],
    preset: str,
) -> None:
    """A boost would begin anew; what is not offered cannot be set. Both are no error."""
    study = study_of(house)
    study._attr_hvac_mode, study._attr_preset_mode = HVACMode.HEAT, preset
    study._attr_preset_modes = ["none", "Boost"]
    study.show()
    await share(house)
    await end(house)
    assert study.calls == [22.0, 16.0]
    await house.wait(60)
    assert hass_storage[JOURNAL]["data"] == {}
    assert house.state("sensor.study_commands_today") == "2"


async def test_a_preset_that_fails_after_the_mode_is_tried_again(
    house: RadiatorHouse,
) -> None:
    """The mode is back, and the cloud refuses the preset once."""
    study = study_of(house)
    study._attr_preset_mode = "eco"
    study.show()
    await share(house)
    answer = study.async_set_preset_mode

    async def fail(preset_mode: str) -> None:
        study.async_set_preset_mode = answer  # type: ignore[method-assign]
        raise TimeoutError

    study.async_set_preset_mode = fail  # type: ignore[method-assign]
    await end(house)
    await house.wait(120)
    assert study.hvac_mode is HVACMode.AUTO
    assert study.preset_mode == "eco"


async def test_a_thermostat_that_a_person_set_once_is_ours_again_with_its_valve(
    house: RadiatorHouse, hass: HomeAssistant, hass_admin_user: MockUser
) -> None:
    """Left to a person, and not done, it is taken again: the mode is from our write."""
    head, valve = house.thermostats["lounge"], house.valves["lounge"]
    head._attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT, HVACMode.AUTO]
    await head.async_set_hvac_mode(HVACMode.AUTO)
    answer, set_temperature = (
        valve.async_set_native_value,
        head.async_set_temperature,
    )

    async def fail(**data: Any) -> None:
        raise TimeoutError

    async def leave_auto(value: float) -> None:
        await head.async_set_hvac_mode(HVACMode.HEAT)
        await answer(value)

    room = LOUNGE | {"schedule_entity": "schedule.study", "send_setpoint": True}
    await house.set_up_heating(rooms={"bath": BATH, "lounge": room})
    await house.tune("number.home_heating_longest_sensor_silence", 0)
    await house.cool_down()
    await house.wait(60)
    assert house.opening("lounge") > 0
    head.async_set_temperature = fail  # type: ignore[method-assign]
    with pytest.raises(TimeoutError):
        await hass.services.async_call(
            "climate",
            "set_temperature",
            {"entity_id": "climate.lounge", "temperature": 17},
            blocking=True,
            context=Context(user_id=hass_admin_user.id),
        )
    await house.wait(60)
    assert house.opening("lounge") == 0
    # The next day the room takes part again, while its setpoint still fails.
    valve.async_set_native_value = leave_auto  # type: ignore[method-assign]
    await end(house)
    await house.wait(86400 - 600)
    await house.warm_bath(20)
    await house.cool_down()
    await house.wait(60)
    assert house.opening("lounge") > 0
    head.async_set_temperature = set_temperature  # type: ignore[method-assign]
    await end(house)
    await house.wait(1000)
    assert house.state("climate.lounge") == "auto"
