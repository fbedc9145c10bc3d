"""The websocket commands: who may see a site, and how often its picture comes."""

import logging
from typing import Any

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.http import WebSocketAdapter
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util.json import json_loads_object
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from syrupy.assertion import SnapshotAssertion

from .homes.house import (
    CHARGER,
    DRAW,
    NUMBER,
    SECOND_CHARGER,
    STATUS,
    THREE_PHASES,
    House,
)
from .homes.radiators import RadiatorHouse

SITES = "load_sharing/sites"
SUBSCRIBE = "load_sharing/subscribe"
READ_ALL: dict[str, Any] = {"entities": {"all": {POLICY_READ: True}}}


class Watcher:
    """A browser that shows one of the cards: a connection without its socket."""

    def __init__(self, house: House, user: MockUser) -> None:
        """Connect as a user."""
        self.house = house
        self.pictures: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.connection = ActiveConnection(
            WebSocketAdapter(logging.getLogger(__name__), {"connid": 1}),
            house.hass,
            self._receive,
            user,
            None,
            None,
        )

    def _receive(self, message: bytes | str | dict[str, Any]) -> None:
        read: Any = message if isinstance(message, dict) else json_loads_object(message)
        if read["type"] == "event":
            self.pictures.append(read["event"])
        else:
            self.answers.append(read)

    def ask(self, **message: Any) -> dict[str, Any]:
        """Return the answer to a command."""
        number = self.connection.last_id + 1
        self.connection.async_handle({"id": number, **message})
        return self.answers[-1]

    async def subscribe(self) -> dict[str, Any]:
        """Subscribe, and return the first picture."""
        assert self.ask(type=SUBSCRIBE, entry_id="site")["success"]
        await self.house.wait(0.01)
        return self.pictures.pop()


async def test_the_picture_of_a_garage(
    house: House, hass_owner_user: MockUser, snapshot: SnapshotAssertion
) -> None:
    """Three phases, a circuit and two chargers; one of them is measured."""
    await house.put_up_second()
    await house.set_state(STATUS, "charging")
    await house.set_state(DRAW, 9.6, "A")
    await house.measure(21, 4, -2)
    await house.set_up(
        supply=THREE_PHASES,
        chargers=[
            CHARGER
            | {
                "status_entity": STATUS,
                "charging_states": ["charging"],
                "draw_entity": DRAW,
                "circuit": "garage",
            },
            SECOND_CHARGER | {"phases": ["l1", "l2", "l3"]},
        ],
        circuits={"garage": {"limit_a": 16.0, "phases": ["l1"]}},
    )
    await house.wait(5)
    picture = await Watcher(house, hass_owner_user).subscribe()
    assert picture == snapshot


async def test_a_car_is_shown_on_the_phase_that_it_loads(
    house: House, hass_owner_user: MockUser
) -> None:
    """One charger on L2 alone, and one whose L1 is connected to L3."""
    await house.put_up_second()
    await house.set_state(STATUS, "charging")
    await house.set_state(DRAW, 9, "A")
    rotated: dict[str, Any] = {"phases": ["l1", "l2", "l3"], "first_phase": "l3"}
    for field, drawn_a in (("draw", 8), ("draw_l2", 0), ("draw_l3", 0)):
        rotated[f"{field}_entity"] = f"sensor.second_{field}"
        await house.set_state(f"sensor.second_{field}", drawn_a, "A")
    await house.measure(2, 12, 20)
    await house.set_up(
        supply=THREE_PHASES,
        chargers=[
            CHARGER
            | {
                "phases": ["l2"],
                "status_entity": STATUS,
                "charging_states": ["charging"],
                "draw_entity": DRAW,
                "circuit": "garage",
            },
            SECOND_CHARGER | rotated,
        ],
        circuits={"garage": {"limit_a": 16.0, "phases": ["l2", "l3"]}},
    )
    await house.wait(5)
    await house.measure(2, 12, 20)
    picture = (await Watcher(house, hass_owner_user).subscribe())["charging"]
    first, second = (charger["id"] for charger in picture["chargers"])
    l1, l2, l3 = picture["phases"]
    assert l1["chargers"] == {}
    assert l2["chargers"] == {first: 9}
    assert l3["chargers"] == {second: 8}
    assert [phase["house_a"] for phase in (l1, l2, l3)] == [2, 3, 12]
    assert picture["circuits"][0]["current_a"] == 9


async def test_without_its_meter_the_phases_are_not_measured(
    house: House, hass_owner_user: MockUser
) -> None:
    """They are still shown, and say so."""
    await house.measure(2, 3, 4)
    await house.set_up(supply=THREE_PHASES)
    await house.measure("unavailable")
    await house.wait(90)
    picture = (await Watcher(house, hass_owner_user).subscribe())["charging"]
    assert [phase["phase"] for phase in picture["phases"]] == ["l1", "l2", "l3"]
    assert {phase["service_a"] for phase in picture["phases"]} == {None}


async def test_the_picture_of_a_heating(
    radiators: RadiatorHouse,
    hass_owner_user: MockUser,
    snapshot: SnapshotAssertion,
) -> None:
    """A burning boiler and four rooms."""
    await radiators.set_up_heating()
    picture = await Watcher(radiators, hass_owner_user).subscribe()
    assert picture == snapshot


async def test_pictures_show_readings_that_change_no_entity(
    house: House, hass_owner_user: MockUser
) -> None:
    """A meter that wavers by 0.2 A is shown at once, and the sensors stay quiet."""
    await house.measure(10)
    await house.set_up()
    await house.wait(60)
    await house.measure(10)
    browser = Watcher(house, hass_owner_user)
    await browser.subscribe()
    shown = house.state("sensor.home_service_current")
    await house.wait(2)
    await house.measure(10.2)
    await house.wait(0.01)
    picture = browser.pictures[-1]
    assert picture["charging"]["phases"][0]["service_a"] == 10.2
    assert house.state("sensor.home_service_current") == shown


async def test_at_most_one_picture_a_second(
    house: House, hass_owner_user: MockUser
) -> None:
    """A meter that reports ten times a second for five seconds: five pictures."""
    await house.measure(10)
    await house.set_up()
    browser = Watcher(house, hass_owner_user)
    await browser.subscribe()
    for tenth in range(50):
        await house.wait(0.1)
        await house.measure(10 + tenth / 10)
    assert 4 <= len(browser.pictures) <= 5
    # And the last of them shows how it ended.
    await house.wait(1)
    last = browser.pictures[-1]
    assert last["charging"]["phases"][0]["service_a"] == 14.9


async def test_nothing_is_sent_while_nothing_changes(
    house: House, hass_owner_user: MockUser
) -> None:
    """A meter that repeats its value makes no picture."""
    await house.measure(10)
    await house.set_up(charger={"max_current_a": 6.0})
    browser = Watcher(house, hass_owner_user)
    await browser.subscribe()
    for _ in range(30):
        await house.wait(2)
        await house.measure(10)
    browser.pictures.clear()
    for _ in range(5):
        await house.wait(2)
        await house.measure(10)
    assert browser.pictures == []


async def test_unsubscribing_leaves_nothing_behind(
    house: House, hass_owner_user: MockUser
) -> None:
    """Also while a picture is due."""
    await house.measure(10)
    entry = await house.set_up()
    browser = Watcher(house, hass_owner_user)
    await browser.subscribe()
    await house.measure(11)
    browser.connection.subscriptions.pop(1)()
    assert entry.runtime_data._watchers == []
    await house.wait(2)
    await house.measure(12)
    assert browser.pictures == []


async def test_a_closed_browser_leaves_nothing_behind(
    house: House, hass_owner_user: MockUser
) -> None:
    await house.measure(10)
    entry = await house.set_up()
    browser = Watcher(house, hass_owner_user)
    await browser.subscribe()
    browser.connection.async_handle_close()
    assert entry.runtime_data._watchers == []


async def test_the_pictures_go_on_after_a_reload(
    house: House, hass_owner_user: MockUser
) -> None:
    """The card says that the site is down, and goes on without subscribing again."""
    await house.measure(10)
    entry = await house.set_up()
    browser = Watcher(house, hass_owner_user)
    await browser.subscribe()
    await house.wait(2)
    await house.hass.config_entries.async_unload(entry.entry_id)
    await house.wait(2)
    down = browser.pictures[-1]
    assert (down["running"], down["charging"]) == (False, None)
    await house.hass.config_entries.async_setup(entry.entry_id)
    await house.wait(2)
    await house.measure(12)
    await house.wait(2)
    up = browser.pictures[-1]
    assert up["running"]
    assert up["charging"]["phases"][0]["service_a"] == 12


async def test_an_unknown_site(house: House, hass_owner_user: MockUser) -> None:
    await house.set_up()
    browser = Watcher(house, hass_owner_user)
    answer = browser.ask(type=SUBSCRIBE, entry_id="another")
    assert answer["error"]["code"] == "not_found"


async def test_the_sites_are_listed(house: House, hass_owner_user: MockUser) -> None:
    await house.measure(10)
    await house.set_up()
    answer = Watcher(house, hass_owner_user).ask(type=SITES)
    assert answer["result"] == [
        {"entry_id": "site", "title": "Home", "charging": True, "heating": False}
    ]


@pytest.mark.parametrize("sees_some", [False, True])
async def test_a_user_without_permission_sees_nothing(
    house: House,
    hass_read_only_user: MockUser,
    sees_some: bool,
) -> None:
    """To read some of the entities is not enough: the picture shows all of them."""
    await house.measure(10)
    await house.set_up()
    some = {"sensor.home_service_current": {POLICY_READ: True}} if sees_some else {}
    hass_read_only_user.mock_policy({"entities": {"entity_ids": some}})
    browser = Watcher(house, hass_read_only_user)
    assert browser.ask(type=SITES)["result"] == []
    answer = browser.ask(type=SUBSCRIBE, entry_id="site")
    assert answer["error"]["code"] == "unauthorized"


@pytest.mark.parametrize("by_name", [False, True])
async def test_a_user_who_may_only_read_sees_all(
    hass: HomeAssistant,
    house: House,
    hass_read_only_user: MockUser,
    by_name: bool,
) -> None:
    await house.measure(10)
    await house.set_up()
    policy = READ_ALL
    if by_name:
        listed = er.async_entries_for_config_entry(er.async_get(hass), "site")
        ids = {entity.entity_id: {POLICY_READ: True} for entity in listed}
        policy = {"entities": {"entity_ids": ids}}
    hass_read_only_user.mock_policy(policy)
    browser = Watcher(house, hass_read_only_user)
    assert len(browser.ask(type=SITES)["result"]) == 1
    picture = await browser.subscribe()
    assert picture["charging"]["chargers"][0]["name"] == "Garage"


async def test_pictures_end_with_the_permission(
    house: House, hass_read_only_user: MockUser
) -> None:
    """And go on when the user may see the site again."""
    await house.measure(10)
    await house.set_up()
    hass_read_only_user.mock_policy(READ_ALL)
    browser = Watcher(house, hass_read_only_user)
    assert (await browser.subscribe())["allowed"]
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {}}})
    await house.wait(2)
    await house.measure(11)
    await house.wait(2)
    assert browser.pictures.pop() == {"allowed": False}
    await house.measure(12)
    await house.wait(2)
    assert browser.pictures == []
    hass_read_only_user.mock_policy(READ_ALL)
    await house.measure(13)
    await house.wait(2)
    assert browser.pictures[-1]["charging"]["phases"][0]["service_a"] == 13


async def test_a_charger_that_waits_says_when_it_rises(
    house: House, hass_owner_user: MockUser
) -> None:
    """With 22 A free for 5 of 15 s, the next rise is at most 10 s away."""
    await house.measure(30)
    await house.set_up()
    await house.wait(10)
    assert float(house.state(NUMBER)) == 0
    await house.measure(10)
    await house.wait(5)
    await house.measure(10)
    picture = await Watcher(house, hass_owner_user).subscribe()
    charger = picture["charging"]["chargers"][0]
    assert charger["limit"] == "ramp_up"
    assert 0 < charger["rises_in_s"] <= 10
