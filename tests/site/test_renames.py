"""A site follows entities that are renamed in Home Assistant."""

from collections.abc import AsyncIterator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
import pytest

from custom_components.load_sharing.const import EVENT_METER_LOST
from custom_components.load_sharing.site.renames import renamed

from ..heating.io.test_leases import JOURNAL, TWO, journal, share
from ..homes.house import (
    ACTIONS,
    CHARGER,
    DRAW,
    METER,
    NUMBER,
    STATUS,
    SWITCH,
    House,
    PolledMeter as PushedMeter,
)
from ..homes.radiators import (
    BATH,
    BOILER,
    LOUNGE,
    SETPOINT,
    SWITCH as SHARING,
    RadiatorHouse,
)


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> House:
    """Return a house whose charger and meter are in the registry."""
    house = House(hass, freezer)
    house.number._attr_unique_id = "number"
    house.switch._attr_unique_id = "switch"
    await house.put_up()
    return house


@pytest.fixture
async def radiators(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> AsyncIterator[RadiatorHouse]:
    """Return a house whose valves and boiler are in the registry."""
    radiators = RadiatorHouse(hass, freezer)
    devices = (*radiators.valves.values(), *radiators.thermostats.values())
    for number, device in enumerate((*devices, radiators.setpoint)):
        device._attr_unique_id = str(number)
    await radiators.put_up()
    yield radiators
    for platform in async_get_platforms(hass, "schedule"):
        await platform.async_reset()


async def rename(hass: HomeAssistant, *names: tuple[str, str]) -> None:
    """Change entity IDs, as in the settings of the entities."""
    for old_id, new_id in names:
        er.async_get(hass).async_update_entity(old_id, new_entity_id=new_id)
    await hass.async_block_till_done()


def count_reloads(entry: Any) -> list[ConfigEntryState]:
    """Count how often a site is loaded."""
    loaded: list[ConfigEntryState] = []

    def note() -> None:
        if entry.state is ConfigEntryState.LOADED:
            loaded.append(entry.state)

    entry.async_on_state_change(note)
    return loaded


async def test_a_meter_keeps_measuring(hass: HomeAssistant, house: House) -> None:
    """The meter is not reported as lost, and the charger keeps its current."""
    meter = PushedMeter(polled=False)
    await house.put_up_meter(meter)
    house.number.show(16)
    entry = await house.set_up(
        supply={"meter_l1": "sensor.polled_meter"}, options={"grace_s": 0.0}
    )
    heard = house.listen(EVENT_METER_LOST)
    loaded = count_reloads(entry)
    await rename(hass, ("sensor.polled_meter", "sensor.house"))
    assert entry.data["supply"]["meter_l1"] == "sensor.house"
    assert entry.options["grace_s"] == 0.0
    assert len(loaded) == 1
    meter.show(12)
    await house.wait(1)
    assert house.state("sensor.home_service_current") == "12.0"
    assert heard == []
    assert set(house.sent) == {16}


async def test_a_charger_keeps_being_driven(hass: HomeAssistant, house: House) -> None:
    """All of its entities are renamed together, as with their device: one reload."""
    await house.measure(10)
    entry = await house.set_up(charger={"switch_entity": SWITCH})
    loaded = count_reloads(entry)
    await rename(hass, (NUMBER, "number.yard"), (SWITCH, "switch.yard"))
    assert entry.subentries["charger0"].data == CHARGER | {
        "number_entity": "number.yard",
        "switch_entity": "switch.yard",
    }
    assert len(loaded) == 1
    await house.measure(36)
    await house.wait(3)
    assert house.sent[-1] < 32
    assert float(house.state("number.yard")) == house.sent[-1]


async def test_one_entity_may_be_named_in_many_places(
    hass: HomeAssistant, house: House
) -> None:
    """The meter is also the meter of a circuit; the site reloads only once."""
    await house.put_up_meter(PushedMeter(polled=False))
    yard = {"limit_a": 20.0, "phases": ["l1"], "meter_l1": "sensor.polled_meter"}
    entry = await house.set_up(
        supply={"meter_l1": "sensor.polled_meter"},
        charger={"circuit": "yard", "draw_entity": "sensor.polled_meter"},
        circuits={"yard": yard},
    )
    loaded = count_reloads(entry)
    await rename(hass, ("sensor.polled_meter", "sensor.house"))
    assert entry.data["supply"]["meter_l1"] == "sensor.house"
    assert entry.subentries["yard"].data == yard | {"meter_l1": "sensor.house"}
    assert entry.subentries["charger0"].data["draw_entity"] == "sensor.house"
    assert len(loaded) == 1


async def test_what_does_not_concern_a_site_does_not_reload_it(
    hass: HomeAssistant, house: House
) -> None:
    """The switch is not configured, and a new name alone is no new entity ID."""
    await house.measure(10)
    entry = await house.set_up()
    loaded = count_reloads(entry)
    await rename(hass, (SWITCH, "switch.yard"))
    er.async_get(hass).async_update_entity(NUMBER, name="Yard")
    await hass.async_block_till_done()
    assert loaded == []


async def test_a_site_that_is_switched_off_follows_too(
    hass: HomeAssistant, house: House
) -> None:
    """Its configuration is right when it is enabled again."""
    await house.measure(10)
    entry = await house.set_up()
    assert await hass.config_entries.async_unload("site")
    await rename(hass, (NUMBER, "number.yard"))
    assert entry.subentries["charger0"].data["number_entity"] == "number.yard"
    assert entry.state is ConfigEntryState.NOT_LOADED


def test_action_sequences_are_the_users_own() -> None:
    """An entity ID there may be part of a template, so none is replaced."""
    sequence = [{"action": "number.set_value", "target": {"entity_id": [NUMBER]}}]
    charger = ACTIONS | {"set_current": sequence, "status_entity": NUMBER}
    assert renamed(charger, NUMBER, "number.yard") == charger | {
        "status_entity": "number.yard"
    }
    lists = {"meters": [METER, DRAW], "states": ["charging"], "max_a": 32.0}
    assert renamed(lists, DRAW, STATUS) == lists | {"meters": [METER, STATUS]}


async def test_a_boiler_keeps_its_setpoint(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Its rooms keep their thermostats."""
    entry = await radiators.set_up_heating(rooms=TWO)
    await rename(hass, (SETPOINT, "number.kettle"), ("climate.lounge", "climate.salon"))
    assert entry.data["boiler"] == BOILER | {"setpoint_entity": "number.kettle"}
    assert entry.subentries["lounge"].data == LOUNGE | {
        "climate_entity": "climate.salon"
    }
    assert radiators.state("binary_sensor.home_heating_boiler_problem") == "off"


async def test_a_valve_renamed_while_it_is_held_is_given_back(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """It gets back the 0 % from before, not the 90 % that it shows when it returns."""
    entry = await share(radiators)
    assert radiators.opening("lounge") == 90
    await rename(hass, ("number.lounge_valve", "number.salon_valve"))
    assert entry.subentries["lounge"].data["valve_entity"] == "number.salon_valve"
    assert entry.subentries["bath"].data == BATH
    await radiators.wait(5)
    assert radiators.valves["lounge"].sent == [90, 0, 90]
    lounge = journal(hass_storage)["lounge"]
    assert (lounge["entity_id"], lounge["prior"]) == ("number.salon_valve", 0)
    await radiators.switch_on(SHARING, on=False)
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0
    await radiators.wait(5)
    assert journal(hass_storage) == {}


async def test_a_valve_renamed_while_its_site_is_down_is_given_back(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """The journal finds it by its registry ID."""
    entry = await share(radiators)
    radiators.valves["lounge"].show_available(False)
    assert await hass.config_entries.async_unload("site")
    assert journal(hass_storage)["lounge"]["entity_id"] == "number.lounge_valve"
    radiators.valves["lounge"].show_available(True)
    assert radiators.opening("lounge") == 90
    await rename(hass, ("number.lounge_valve", "number.salon_valve"))
    assert hass_storage[JOURNAL]["data"]["lounge"]["entity_id"] == "number.lounge_valve"
    assert await hass.config_entries.async_setup(entry.entry_id)
    await radiators.wait(5)
    assert radiators.valves["lounge"].sent == [90, 0, 90]
    assert journal(hass_storage)["lounge"]["prior"] == 0


def test_the_actions_of_a_valve_are_not_changed() -> None:
    """Only the entity that shows its opening is."""
    valve = "number.lounge_valve"
    actions = [{"action": "number.set_value", "target": {"entity_id": valve}}]
    room = {"valve_entity": valve, "set_valve": actions}
    after = renamed(room, valve, "number.salon_valve")
    assert after == {"valve_entity": "number.salon_valve", "set_valve": actions}
