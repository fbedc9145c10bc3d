"""A person who sets a room's thermostat or valve has the room left alone, held or not."""

from typing import Any
from unittest.mock import patch

from homeassistant.components.climate import ClimateEntityFeature
from homeassistant.core import Context, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.load_sharing.heating.engine.model import Mode

from ...homes.radiators import BATH, LOUNGE, STUDY, RadiatorHouse

REASON = "sensor.lounge_reason"
VALVE_ACTIONS = [
    ("valve", "close_valve", {}),
    ("valve", "open_valve", {}),
    ("valve", "toggle", {}),
    ("valve", "set_valve_position", {"position": 10}),
    ("cover", "close_cover", {}),
    ("cover", "open_cover", {}),
    ("cover", "set_cover_position", {"position": 10}),
    ("switch", "turn_off", {}),
    ("switch", "turn_on", {}),
    ("switch", "toggle", {}),
    ("homeassistant", "turn_off", {"entity_id": "switch.lounge_valve"}),
]


async def start(radiators: RadiatorHouse, **lounge: Any) -> None:
    """Set up a bath and a lounge, at ten past six; the lounge's block begins at 6:40."""
    radiators.freezer.move_to("2026-01-05T05:10:00+00:00")
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE | lounge})


async def by(
    hass: HomeAssistant,
    user: MockUser | None,
    domain: str,
    action: str,
    entity_id: str,
    **data: Any,
) -> None:
    """Call an action as a user, or as an automation."""
    await hass.services.async_call(
        domain,
        action,
        {"entity_id": entity_id, **data},
        blocking=True,
        context=Context(user_id=user.id if user else None),
    )
    await hass.async_block_till_done()


async def test_a_thermostat_that_is_turned_down_just_before(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """To 12 °C, two minutes before the boiler cycles: the valve stays shut.

    From its next block on, at 7:40, the room takes part again.
    """
    await start(radiators, schedule_entity="schedule.study")
    await by(
        hass,
        hass_admin_user,
        "climate",
        "set_temperature",
        "climate.lounge",
        temperature=12,
    )
    assert radiators.state(REASON) == "yielded"
    await radiators.wait(120)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.valves["lounge"].sent == []
    await radiators.wait(86 * 60)
    assert radiators.state(REASON) == "yielded"
    await radiators.wait(120)
    assert radiators.state(REASON) != "yielded"


@pytest.mark.parametrize("off", ["switch", "mode"])
async def test_a_thermostat_that_is_turned_down_while_sharing_is_off(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_admin_user: MockUser,
    caplog: pytest.LogCaptureFixture,
    off: str,
) -> None:
    """Nothing was shared then: once sharing is on, the room takes part."""
    await start(radiators)
    (entry,) = hass.config_entries.async_entries("load_sharing")
    control, store = entry.runtime_data.heating, entry.runtime_data.store

    def share(*, on: bool) -> None:
        if off == "mode":
            control.async_set_mode(Mode.ALL_TIERS if on else Mode.OFF)
        else:
            control.async_set_flag("heating", "load_sharing", on=on)

    share(on=False)
    await radiators.wait(10)
    await by(
        hass,
        hass_admin_user,
        "climate",
        "set_temperature",
        "climate.lounge",
        temperature=18,
    )
    assert not store.values["yields"]
    assert "by hand" not in caplog.text
    share(on=True)
    await radiators.wait(10)
    assert radiators.state(REASON) != "yielded"


async def test_a_thermostat_that_is_turned_down_while_its_valve_is_held(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """The valve goes back to its owner's 8 %."""
    radiators.valves["lounge"].show(8)
    await start(radiators)
    await radiators.cool_down()
    assert radiators.opening("lounge") == 90
    await by(
        hass,
        hass_admin_user,
        "climate",
        "set_temperature",
        "climate.lounge",
        temperature=12,
    )
    await radiators.wait(60)
    assert radiators.state(REASON) == "yielded"
    assert radiators.opening("lounge") == 8


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("set_temperature", {"temperature": 12}),
        ("set_hvac_mode", {"hvac_mode": "heat"}),
    ],
)
async def test_a_setpoint_is_left_where_a_person_has_set_it(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_admin_user: MockUser,
    action: str,
    data: dict[str, Any],
) -> None:
    """The head of the study is never raised to 22 °C."""
    radiators.freezer.move_to("2026-01-05T06:10:00+00:00")
    await radiators.set_up_heating(rooms={"bath": BATH, "study": STUDY})
    await by(hass, hass_admin_user, "climate", action, "climate.study", **data)
    before = list(radiators.thermostats["study"].sent)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.thermostats["study"].sent == before
    assert radiators.state("sensor.study_reason") == "yielded"


async def test_a_head_that_a_person_switches_off_while_its_setpoint_is_held(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """Nothing is sent to it, not even its owner's setpoint: many turn on at that."""
    radiators.freezer.move_to("2026-01-05T06:10:00+00:00")
    await radiators.set_up_heating(rooms={"bath": BATH, "study": STUDY})
    await radiators.cool_down()
    await radiators.wait(60)
    head = radiators.thermostats["study"]
    assert head.sent == [22]
    await by(
        hass,
        hass_admin_user,
        "climate",
        "set_hvac_mode",
        "climate.study",
        hvac_mode="off",
    )
    await radiators.wait(600)
    assert head.sent == [22]
    assert head.hvac_mode == "off"


async def test_a_target_without_a_thermostat(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """The number that says how warm the room is to be is its thermostat."""
    room = LOUNGE | {
        "climate_entity": None,
        "temperature_entity": "sensor.bath",
        "target_entity": "number.bath_target",
    }
    await start(radiators, **room)
    await by(
        hass, hass_admin_user, "number", "set_value", "number.bath_target", value=12
    )
    assert radiators.state(REASON) == "yielded"


async def test_a_valve_that_is_shut_just_before(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """From 40 % to 0 %: it stays shut."""
    radiators.valves["lounge"].show(40)
    await start(radiators)
    await by(
        hass, hass_admin_user, "number", "set_value", "number.lounge_valve", value=0
    )
    await radiators.wait(120)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.valves["lounge"].sent == [0]


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize(("domain", "action", "data"), VALVE_ACTIONS)
async def test_every_action_that_sets_a_valve_counts(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_admin_user: MockUser,
    domain: str,
    action: str,
    data: dict[str, Any],
    held: bool,
) -> None:
    """Whatever the valve is, idle or held by us."""
    own = "switch" if domain == "homeassistant" else domain
    entity_id = f"{own}.lounge_valve"
    shut = {"current_position": 0} if own != "switch" else {}
    hass.states.async_set(entity_id, "off" if own == "switch" else "closed", shut)
    for name in ("set_valve_position", "set_cover_position", "turn_on"):
        hass.services.async_register(own, name, lambda call: None)
    if not hass.services.has_service(domain, action):
        hass.services.async_register(domain, action, lambda call: None)
    await start(radiators, valve_entity=entity_id)
    if held:
        await radiators.cool_down()
        await radiators.wait(5)
        assert radiators.state(REASON) == "schedule"
    call = {"entity_id": entity_id, **data}
    await by(hass, hass_admin_user, domain, action, **call)
    await radiators.wait(1)
    assert radiators.state(REASON) == "yielded"


@pytest.mark.parametrize("entity_id", ["climate.lounge", "number.lounge_valve"])
async def test_an_automation_is_no_person(
    hass: HomeAssistant, radiators: RadiatorHouse, entity_id: str
) -> None:
    """Whatever normally sets a thermostat or a valve may do so all day."""
    await start(radiators)
    if entity_id == "climate.lounge":
        await by(hass, None, "climate", "set_temperature", entity_id, temperature=15)
    else:
        await by(hass, None, "number", "set_value", entity_id, value=0)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("lounge") == 90


async def test_a_room_of_another_thermostat_is_shared_with(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """Whoever turns the bath up wants heat there, and says nothing about the lounge."""
    await start(radiators)
    await by(
        hass, hass_admin_user, "number", "set_value", "number.bath_target", value=23
    )
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("lounge") == 90


async def test_a_setpoint_is_sent_again_only_once_it_shows_what_a_person_has_set(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """A head that regulates again once it gets a setpoint; it shows its 12 °C 20 s late."""
    head = radiators.thermostats["lounge"]
    await start(radiators, send_setpoint=True)
    await radiators.cool_down()
    await radiators.wait(60)

    async def set_late(**data: Any) -> None:
        head.sent.append(data["temperature"])

    with patch.object(head, "async_set_temperature", set_late):
        call = ("climate", "set_temperature", "climate.lounge")
        await by(hass, hass_admin_user, *call, temperature=12)
        await radiators.wait(20)
        head.show(target_c=12.0)
        await radiators.wait(300)
    assert radiators.opening("lounge") == 0
    assert head.sent == [12, 12]


async def test_a_preset_that_a_person_chooses_stays(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """It shows while the valve is on its way back, and is not from our command."""
    head = radiators.thermostats["lounge"]
    head._attr_supported_features |= ClimateEntityFeature.PRESET_MODE
    head._attr_preset_modes, head._attr_preset_mode = ["none", "eco"], "none"
    chosen: list[str] = []

    async def choose(preset_mode: str) -> None:
        chosen.append(preset_mode)
        head._attr_preset_mode = preset_mode
        head.async_write_ha_state()

    head.show()
    await start(radiators)
    await radiators.cool_down()
    await radiators.wait(60)
    valve = radiators.valves["lounge"]
    valve.deaf = True
    with patch.object(head, "async_set_preset_mode", choose, create=True):
        call = ("climate", "set_preset_mode", "climate.lounge")
        await by(hass, hass_admin_user, *call, preset_mode="eco")
        await radiators.wait(10)
        valve.show(0)
        await radiators.wait(300)
    assert (head.preset_mode, chosen) == ("eco", ["eco"])
    assert radiators.state(REASON) == "yielded"


async def test_a_thermostat_is_left_to_whoever_sets_it_and_not_only_its_valve(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_admin_user: MockUser
) -> None:
    """The room's target is a number of its own: the head gets its setpoint at once."""
    head = radiators.thermostats["lounge"]
    await radiators.set_state("number.lounge_target", 16, "°C")
    await start(radiators, send_setpoint=True, target_entity="number.lounge_target")
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("lounge") == 90
    sent: list[float] = []

    async def record(**data: Any) -> None:
        sent.append(data["temperature"])

    with patch.object(head, "async_set_temperature", record):
        call = ("number", "set_value", "number.lounge_target")
        await by(hass, hass_admin_user, *call, value=12)
        await radiators.wait(10)
        assert radiators.state(REASON) == "yielded"
        assert radiators.opening("lounge") == 0
        assert sent == [16.0]
