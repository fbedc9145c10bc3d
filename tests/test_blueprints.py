"""The blueprints, loaded and run by Home Assistant."""

import asyncio
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.importer import GITHUB_FILE_PATTERN
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import CoreState, HomeAssistant, ServiceCall, State
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
    mock_restore_cache,
)

from .homes.automations import automate
from .homes.house import METER, Car, House

ROOT = Path(__file__).parents[1]
FOLDER = Path("blueprints") / "automation" / "load_sharing"
NAMES = sorted(path.name for path in (ROOT / FOLDER).iterdir())
OVERLOAD = "binary_sensor.home_overload"
HEADROOM = "sensor.home_headroom"
AVAILABLE = "sensor.home_available_current"
HEATER = "input_boolean.water_heater"
SHED = "input_boolean.water_heater_shed"
HEATER_A = 10
ALERT = {
    "notifiers": ["notify.my_phone", "notify.her_phone"],
    "overload_events": ["event.home_overload_event"],
    "meters": ["binary_sensor.home_meter_problem"],
    "chargers": ["binary_sensor.garage_charger_problem"],
}


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Use a configuration folder that has the blueprints, as after their import."""
    shutil.copytree(ROOT / "blueprints", tmp_path / "blueprints")
    return str(tmp_path)


def instance(name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return an automation made from a blueprint."""
    return {
        "use_blueprint": {"path": f"load_sharing/{name}.yaml", "input": inputs},
    }


async def alert(hass: HomeAssistant, **inputs: Any) -> list[ServiceCall]:
    """Set up the alert; return the list of notifications it sends."""
    sent = async_mock_service(hass, "notify", "send_message")
    await automate(hass, instance("alert", ALERT | inputs))
    return sent


def texts(sent: list[ServiceCall]) -> list[tuple[str, str]]:
    """Return titles and messages sent since the previous call."""
    found = []
    for call in sent:
        assert call.data["entity_id"] == ALERT["notifiers"]
        found.append((call.data["title"], call.data["message"]))
    sent.clear()
    return found


@pytest.mark.parametrize("name", NAMES)
async def test_home_assistant_takes_the_blueprint(
    hass: HomeAssistant, name: str
) -> None:
    """Its address is where it is imported from, and every input has a description."""
    assert await async_setup_component(hass, "automation", {})
    blueprints = await async_get_blueprints(hass).async_get_blueprints()
    blueprint = blueprints[f"load_sharing/{name}"]
    assert isinstance(blueprint, Blueprint)
    assert blueprint.validate() is None
    address = blueprint.metadata["source_url"]
    assert GITHUB_FILE_PATTERN.match(address)
    assert address == (
        f"https://github.com/load-sharing/load-sharing/blob/main/{FOLDER / name}"
    )
    for given in blueprint.inputs.values():
        assert given["name"]
        assert given["selector"]


async def test_the_alert_tells_of_an_overload(
    hass: HomeAssistant, house: House
) -> None:
    """36 A on 32 A for 6 s, of which the car takes 26 A."""
    house.number.show(26)
    await house.measure(30)
    await house.set_up()
    await house.wait(6)
    await house.measure(30)
    sent = await alert(hass)
    await house.measure(36)
    await house.wait(1.9)
    assert texts(sent) == []
    await house.wait(0.2)
    assert texts(sent) == [("Overload", "Home: 36.0 A on L1, limit 32.0 A.")]
    await house.wait(4)
    await house.measure(32)
    assert texts(sent) == []


async def test_the_alert_tells_of_a_pause_and_of_the_end(
    hass: HomeAssistant, house: House
) -> None:
    """54 A: 28 A of other load leave less than the minimum."""
    house.number.show(26)
    await house.measure(30)
    await house.set_up()
    await house.wait(6)
    await house.measure(30)
    sent = await alert(hass, tell=["charging_stopped", "cleared"])
    await house.measure(54)
    await house.wait(3)
    assert texts(sent) == [
        ("Charging paused", "Home: Garage was paused (54.0 A on L1, limit 32.0 A).")
    ]
    await house.wait(3)
    await house.measure(28)
    assert texts(sent) == [("Overload is over", "Home: the overload lasted 6 s.")]


async def test_the_alert_names_an_overload_that_the_chargers_cannot_end(
    hass: HomeAssistant, house: House
) -> None:
    """40 A of other load on 32 A: the car is paused, and that is not enough."""
    house.number.show(10)
    await house.measure(30)
    await house.set_up()
    await house.wait(6)
    await house.measure(30)
    sent = await alert(hass)
    await house.measure(50)
    for _ in range(30):
        await house.wait(2)
        await house.measure(40)
    notified = texts(sent)
    assert [title for title, _ in notified] == [
        "Overload",
        "Charging paused",
        "Overload: switch something off",
    ]
    assert notified[-1][1].startswith("Home: no charger is left to turn down (")


async def test_the_alert_names_the_circuit(hass: HomeAssistant, house: House) -> None:
    """20 A on the 16 A of the shed."""
    await house.measure(10)
    await house.set_state("sensor.shed_meter", 5, "A")
    shed = {"limit_a": 16.0, "phases": ["l1"], "meter_l1": "sensor.shed_meter"}
    await house.set_up(circuits={"shed": shed})
    await house.wait(10)
    sent = await alert(hass)
    await house.set_state("sensor.shed_meter", 20, "A")
    await house.wait(3)
    assert texts(sent) == [("Overload", "Home: Shed: 4.0 A too much.")]


async def test_the_alert_tells_of_a_lost_meter_and_of_its_return(
    hass: HomeAssistant, house: House
) -> None:
    """Both are notified after a minute. A shorter loss is not notified."""
    await house.measure(10)
    await house.set_up()
    sent = await alert(hass)
    await house.measure("unavailable")
    await house.wait(59)
    await house.measure(10)
    await house.measure("unavailable")
    await house.wait(59)
    assert texts(sent) == []
    await house.wait(2)
    assert texts(sent) == [
        (
            "Meter lost",
            "Home: the meter cannot be used. The chargers do what you chose for that.",
        )
    ]
    await house.measure(10)
    assert texts(sent) == [("Meter is back", "Home: the meter can be used again.")]


async def test_the_alert_tells_of_a_charger_that_does_not_obey(
    hass: HomeAssistant, house: House
) -> None:
    """It refuses every call, and later accepts them again."""
    house.number.show(16)
    await house.measure(20)
    await house.set_up()
    await house.wait(10)
    sent = await alert(hass)
    house.wallbox.failing = True
    await house.measure(40)
    await house.wait(120)
    assert ("Charger does not obey", "Garage does not follow its commands.") in texts(
        sent
    )
    house.wallbox.failing = False
    await house.measure(20)
    await house.wait(120)
    assert ("Charger obeys again", "Garage follows its commands.") in texts(sent)


async def test_the_alert_needs_no_more_than_a_phone(
    hass: HomeAssistant, house: House
) -> None:
    """No entities to watch is no error; without the all-clear, only problems are sent."""
    await house.measure(10)
    await house.set_up()
    sent = await alert(
        hass, overload_events=[], chargers=[], all_clear=False, patience_s=5
    )
    await house.measure(40)
    await house.wait(5)
    await house.measure("unavailable")
    await house.wait(6)
    await house.measure(10)
    assert [title for title, _ in texts(sent)] == ["Meter lost"]


class Kitchen:
    """A water heater of 10 A, a car, and all other loads of a house."""

    def __init__(self, house: House) -> None:
        """Start with the heater on and a car that draws what it is offered."""
        self.house = house
        self.car = Car(house.hass, house.number.entity_id)
        self.other_a = 4.0

    async def put_up(
        self, *, car_a: float, heater: str = "on", starts: bool = False, **inputs: Any
    ) -> None:
        """Set up the site, the heater, its helper and the automation.

        ``starts``: Home Assistant has still to start when the automation is set up.
        """
        house, hass = self.house, self.house.hass
        house.number.show(car_a)
        assert await async_setup_component(hass, "homeassistant", {})
        booleans: dict[str, Any] = {HEATER.split(".")[1]: {}, SHED.split(".")[1]: {}}
        assert await async_setup_component(
            hass, "input_boolean", {"input_boolean": booleans}
        )
        if heater == "on":
            await house.call("input_boolean", "turn_on", HEATER)
        await house.measure(self.now_a)
        await house.set_up()
        await self.live(10)
        given = {
            "overload": OVERLOAD,
            "load": HEATER,
            "helper": SHED,
            "free": HEADROOM,
            "needed_a": 12,
            "calm_min": 1,
        }
        if starts:
            hass.set_state(CoreState.not_running)
        await automate(hass, instance("shed_load", given | inputs))

    @property
    def now_a(self) -> float:
        """Return the current through the main fuse."""
        heater_a = HEATER_A if self.house.state(HEATER) == "on" else 0
        return self.other_a + heater_a + self.car.draw_a

    async def live(self, seconds: int) -> None:
        """Report the meter every second, even while the automation waits."""
        for _ in range(seconds):
            await self.house.pass_time(1)
            await self.house.hang_meter(self.now_a)

    async def switch(self, entity_id: str, *, on: bool) -> None:
        """Switch a device by hand."""
        await self.house.hass.services.async_call(
            "input_boolean", f"turn_{'on' if on else 'off'}", {"entity_id": entity_id}
        )
        await self.house.pass_time(1)

    @property
    def heater(self) -> tuple[str, str]:
        """Return the states of the heater and its helper."""
        return self.house.state(HEATER), self.house.state(SHED)


@pytest.fixture
def kitchen(house: House) -> Kitchen:
    """Return a house with a water heater and a car."""
    return Kitchen(house)


async def test_the_heater_stays_while_the_car_can_give_way(kitchen: Kitchen) -> None:
    """20 A of hob: the car goes down from 18 A, and that is enough."""
    await kitchen.put_up(car_a=16)
    kitchen.other_a = 12
    await kitchen.live(60)
    assert kitchen.house.sent[-1] == 10
    assert kitchen.heater == ("on", "off")


async def test_the_heater_is_shed_and_brought_back(kitchen: Kitchen) -> None:
    """28 A of hob and oven, 10 A of heater: the car pauses, and it is not enough.

    Off after 20 s; on again when there were 12 A of headroom for a minute.
    """
    await kitchen.put_up(car_a=6)
    kitchen.car.most_a = 6
    kitchen.other_a = 28
    await kitchen.live(19)
    assert kitchen.heater == ("on", "off")
    await kitchen.live(3)
    assert kitchen.heater == ("off", "on")
    assert kitchen.house.state(OVERLOAD) == "off"
    await kitchen.live(60)
    assert kitchen.heater == ("off", "on")
    kitchen.other_a = 4
    await kitchen.live(50)
    kitchen.other_a = 18
    await kitchen.live(5)
    kitchen.other_a = 4
    await kitchen.live(55)
    assert kitchen.heater == ("off", "on")
    await kitchen.live(10)
    assert kitchen.heater == ("on", "off")
    assert kitchen.house.state(OVERLOAD) == "off"


async def test_a_short_overload_sheds_nothing(kitchen: Kitchen) -> None:
    """10 s of 38 A."""
    await kitchen.put_up(car_a=0)
    kitchen.car.most_a = 0
    kitchen.other_a = 28
    await kitchen.live(10)
    kitchen.other_a = 4
    await kitchen.live(30)
    assert kitchen.heater == ("on", "off")


async def test_a_heater_that_was_off_stays_off(kitchen: Kitchen) -> None:
    """An overload of 40 A without it."""
    await kitchen.put_up(car_a=0, heater="off")
    kitchen.car.most_a = 0
    kitchen.other_a = 40
    await kitchen.live(60)
    kitchen.other_a = 4
    await kitchen.live(75)
    assert kitchen.heater == ("off", "off")


async def test_a_car_that_takes_all_keeps_the_heater_off(kitchen: Kitchen) -> None:
    """With the headroom, the car goes first: it has all of it within 100 s."""
    await kitchen.put_up(car_a=6, calm_min=2)
    kitchen.other_a = 28
    await kitchen.live(30)
    kitchen.other_a = 4
    await kitchen.live(150)
    assert kitchen.car.draw_a == 28
    assert kitchen.heater == ("off", "on")


@pytest.mark.usefixtures("all_enabled")
async def test_with_the_available_current_the_heater_goes_first(
    kitchen: Kitchen,
) -> None:
    """The car gives way to it, within seconds."""
    await kitchen.put_up(car_a=6, free=AVAILABLE)
    kitchen.other_a = 28
    await kitchen.live(30)
    assert kitchen.heater == ("off", "on")
    kitchen.other_a = 4
    await kitchen.live(130)
    assert kitchen.heater == ("on", "off")
    assert kitchen.car.draw_a == 18


async def shed(kitchen: Kitchen) -> None:
    """Shed the heater, then make room for it again."""
    await kitchen.put_up(car_a=0)
    kitchen.car.most_a = 0
    kitchen.other_a = 28
    await kitchen.live(30)
    assert kitchen.heater == ("off", "on")
    kitchen.other_a = 4


async def test_what_a_person_does_counts(kitchen: Kitchen) -> None:
    """Switched on by hand, it is no longer shed. Switched off by hand, it stays off."""
    await shed(kitchen)
    await kitchen.live(30)
    await kitchen.switch(HEATER, on=True)
    assert kitchen.heater == ("on", "off")
    await kitchen.switch(HEATER, on=False)
    await kitchen.live(75)
    assert kitchen.heater == ("off", "off")


async def test_the_helper_switched_off_keeps_the_load_off(kitchen: Kitchen) -> None:
    """This is for a user who does not want the load back."""
    await shed(kitchen)
    await kitchen.live(30)
    await kitchen.switch(SHED, on=False)
    await kitchen.live(75)
    assert kitchen.heater == ("off", "off")


async def test_a_heater_switched_on_in_the_overload_is_shed_again(
    kitchen: Kitchen,
) -> None:
    """38 A with it, and the hob stays on."""
    await shed(kitchen)
    kitchen.other_a = 28
    await kitchen.live(5)
    await kitchen.switch(HEATER, on=True)
    await kitchen.live(5)
    assert kitchen.heater == ("on", "off")
    await kitchen.live(20)
    assert kitchen.heater == ("off", "on")


async def test_the_heater_comes_back_after_changes_of_automations(
    hass: HomeAssistant, kitchen: Kitchen
) -> None:
    """Changed automations end the run that waits; there is room already."""
    await shed(kitchen)
    await kitchen.live(30)
    hass.bus.async_fire("automation_reloaded")
    await kitchen.live(55)
    assert kitchen.heater == ("off", "on")
    await kitchen.live(20)
    assert kitchen.heater == ("on", "off")


async def test_the_heater_comes_back_after_a_restart(
    hass: HomeAssistant, kitchen: Kitchen
) -> None:
    """The helper remembers that the heater was shed."""
    mock_restore_cache(hass, [State(SHED, "on")])
    kitchen.car.most_a = 0
    await kitchen.put_up(car_a=0, heater="off", starts=True)
    assert kitchen.heater == ("off", "on")
    await hass.async_start()
    await kitchen.live(70)
    assert kitchen.heater == ("on", "off")


async def test_an_overload_that_a_restart_finds_sheds_the_heater(
    hass: HomeAssistant, kitchen: Kitchen
) -> None:
    """38 A before, and after."""
    kitchen.car.most_a = 0
    kitchen.other_a = 28
    await kitchen.put_up(car_a=0, starts=True)
    await hass.async_start()
    await kitchen.live(19)
    assert kitchen.heater == ("on", "off")
    await kitchen.live(3)
    assert kitchen.heater == ("off", "on")


async def test_a_lost_meter_brings_nothing_back(kitchen: Kitchen) -> None:
    """It is unknown whether there is room."""
    await shed(kitchen)
    await kitchen.live(30)
    kitchen.house.hass.states.async_set(METER, "unavailable")
    await kitchen.house.pass_time(75)
    assert kitchen.heater == ("off", "on")
    await kitchen.live(70)
    assert kitchen.heater == ("on", "off")


async def test_the_weekly_summary_is_sent_in_the_morning(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The week ends at midnight; what there was not is left out."""
    midnight = dt_util.start_of_local_day() + timedelta(days=1)
    freezer.move_to(midnight + timedelta(seconds=30))
    await automate(hass, instance("weekly_summary", {"notifiers": ALERT["notifiers"]}))
    sent = async_mock_service(hass, "notify", "send_message")
    week = {
        "site": "Home",
        "since": "2026-10-26",
        "energy_kwh": {"Garage": 41.5},
        "overloads_corrected": 3,
        "peak_current_a": 31.7,
    }
    hass.bus.async_fire("load_sharing_week", week)
    for _ in range(50):
        # Not until all is done: the automation waits for the morning.
        await asyncio.sleep(0)
    assert texts(sent) == []
    freezer.move_to(midnight + timedelta(hours=8, seconds=5))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    title = "Home: the week of charging since 2026-10-26"
    assert texts(sent) == [
        (
            title,
            "Garage: 41.5 kWh. Overloads corrected: 3. Highest current: 32 A.",
        )
    ]
    hass.bus.async_fire(
        "load_sharing_week", week | {"energy_kwh": {}, "peak_current_a": None}
    )
    await hass.async_block_till_done()
    assert texts(sent) == [(title, "Overloads corrected: 3.")]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {},
            (
                "Burner: 140 starts, 31.5 h. Cooldowns: 12. Burner held off: 4.2 h."
                " Rooms shared: 9.0 h."
                " Cooldowns on days with sharing: 54 % less than without."
                " Burner time on days with sharing: 1 % more than without."
            ),
        ),
        (
            {"cooldowns_change_pct": None, "burner_time_change_pct": None}
            | {"held_h": 0.0, "sharing_h": 0.0},
            "Burner: 140 starts, 31.5 h. Cooldowns: 12.",
        ),
        (
            {"burner_starts": None, "burner_h": None, "held_h": 0.0}
            | {"cooldowns_change_pct": None, "burner_time_change_pct": None},
            "Cooldowns: 12. Rooms shared: 9.0 h.",
        ),
        ({"burner_starts": 0, "burner_h": 0.0, "cooldowns": 0}, None),
    ],
)
async def test_the_weekly_summary_of_heating(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    changes: dict[str, Any],
    message: str | None,
) -> None:
    """What is unknown is left out; a summer's week is not sent."""
    freezer.move_to(dt_util.start_of_local_day() + timedelta(hours=9))
    await automate(hass, instance("weekly_summary", {"notifiers": ALERT["notifiers"]}))
    sent = async_mock_service(hass, "notify", "send_message")
    week = {
        "site": "Home",
        "since": "2026-11-02",
        "cooldowns": 12,
        "burner_starts": 140,
        "burner_h": 31.5,
        "held_h": 4.2,
        "sharing_h": 9.0,
        "cooldowns_change_pct": -54,
        "burner_time_change_pct": 1,
    }
    hass.bus.async_fire("load_sharing_heating_week", week | changes)
    await hass.async_block_till_done()
    title = "Home: the week of heating since 2026-11-02"
    assert texts(sent) == ([(title, message)] if message else [])
