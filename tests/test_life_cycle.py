"""Start, stop, reload and switching off, in the middle of other events."""

from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import (
    CoreState,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .charging.test_actions import Cloud
from .homes.house import (
    ACTIONS,
    BALANCING,
    CHARGER,
    DRAW,
    METER,
    NUMBER,
    SECOND_CHARGER,
    SECOND_NUMBER,
    SWITCH,
    Car,
    House,
)

PROBLEM = "binary_sensor.garage_charger_problem"
STATE = "sensor.home_balancer_state"
METER_PROBLEM = "binary_sensor.home_meter_problem"


async def charge(house: House, *, charger_a: float = 20) -> MockConfigEntry:
    """Set up a charger with a switch that draws its current, beside 4 A of other load."""
    house.number.show(charger_a)
    await house.measure(4 + charger_a)
    entry = await house.set_up(charger={"switch_entity": SWITCH})
    await house.wait(6)
    await house.measure(4 + charger_a)
    house.sent.clear()
    house.wallbox.tried = 0
    return entry


async def in_overload(house: House) -> None:
    await house.measure(36)
    await house.wait(3)


async def in_ramp(house: House) -> None:
    await house.measure(4)
    await house.wait(3)


async def in_retry(house: House) -> None:
    house.wallbox.failing = True
    await house.measure(50)
    await house.wait(3)


async def in_meter_loss(house: House) -> None:
    await house.measure("unavailable")
    await house.wait(3)


async def in_temporary_limit(house: House) -> None:
    await house.hass.services.async_call(
        "load_sharing",
        "set_limit",
        {
            "entity_id": "number.garage_max_current",
            "current": 10,
            "duration": {"hours": 1},
        },
        blocking=True,
    )
    await house.wait(1)


async def in_peace(house: House) -> None:
    await house.wait(1)


MIDDLES = [
    in_overload,
    in_ramp,
    in_retry,
    in_meter_loss,
    in_temporary_limit,
    in_peace,
]


async def unload(house: House, entry: MockConfigEntry) -> tuple[dict[Any, int], int]:
    """Unload the site; return the number of listeners and timers."""
    hass = house.hass
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert house.timers == []
    # Home Assistant writes its own registries first.
    await house.wait(400)
    timers = [
        handle
        for handle in get_scheduled_timer_handles(hass.loop)
        if not handle.cancelled()
    ]
    return dict(hass.bus.async_listeners()), len(timers)


@pytest.mark.parametrize("middle", MIDDLES)
async def test_unloading_leaves_nothing_behind(
    hass: HomeAssistant, house: House, middle: Any
) -> None:
    """No timer, listener or task is left, and nothing more is sent."""
    entry = await charge(house)
    before = await unload(house, entry)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await middle(house)
    after = await unload(house, entry)
    assert after == before
    assert not entry._tasks
    assert not entry._background_tasks
    house.wallbox.failing = False
    tried = house.wallbox.tried
    await house.measure(60)
    await house.wait(400)
    assert house.wallbox.tried == tried


@pytest.mark.parametrize("middle", MIDDLES)
async def test_reloading_goes_on_where_it_was(
    hass: HomeAssistant, house: House, middle: Any
) -> None:
    """After a reload in the middle, the new instance corrects an overload."""
    entry = await charge(house)
    await middle(house)
    house.wallbox.failing = False
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await house.measure(60)
    await house.wait(10)
    assert house.state(SWITCH) == "off"
    assert entry.state is ConfigEntryState.LOADED


async def test_a_site_that_cannot_be_unloaded_goes_on(
    hass: HomeAssistant, house: House
) -> None:
    """If one platform refuses to unload, the charger is still limited."""
    await charge(house)
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload("site")
    await house.measure(36)
    await house.wait(1)
    assert house.sent == [16]


async def test_unloading_waits_for_the_running_call(
    hass: HomeAssistant, house: House
) -> None:
    """A stop is on its way to the charger, and arrives."""
    entry = await charge(house)
    house.wallbox.hanging = True
    await house.hang_meter(50)
    assert house.wallbox.calls_running == 1
    unloading = hass.async_create_task(hass.config_entries.async_unload("site"))
    await house.pass_time(1)
    assert not unloading.done()
    house.wallbox.released.set()
    await house.pass_time(1)
    assert unloading.done()
    assert house.sent == [0]
    assert not entry._tasks


async def test_unloading_waits_for_a_running_sequence(
    hass: HomeAssistant, house: House
) -> None:
    """A sequence that hangs is cancelled after 10 s, and then the site is gone."""
    cloud = Cloud(hass)
    await house.measure(10)
    entry = await house.set_up(chargers=[ACTIONS])
    await house.wait(6)
    cloud.hanging = True
    await house.hang_meter(50)
    unloading = hass.async_create_task(hass.config_entries.async_unload("site"))
    await house.pass_time(9)
    assert cloud.cancelled == 0
    await house.pass_time(2)
    assert cloud.cancelled == 1
    assert unloading.done()
    assert not entry._tasks
    cloud.hanging = False
    await house.wait(60)
    assert cloud.calls[-1][1]["amperes"] == 6


async def test_a_stop_that_is_pending_survives_a_reload(
    hass: HomeAssistant, house: House
) -> None:
    """The meter shows free current by then, but the stop is sent first."""
    await charge(house)
    house.wallbox.failing = True
    await house.measure(50)
    await house.wait(3)
    await house.measure(20)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert house.state("sensor.garage_current_set") == "0.0"
    house.wallbox.failing = False
    await house.wait(5)
    assert house.sent == [0]
    assert house.state(SWITCH) == "off"


async def test_switched_off_in_an_overload_nothing_more_is_sent(
    house: House,
) -> None:
    """The charger is under manual control now, whatever the meter shows."""
    await charge(house)
    await in_overload(house)
    house.sent.clear()
    await house.switch_balancing(on=False)
    assert house.timers == []
    assert house.state(STATE) == "disabled"
    await house.measure(60)
    await house.wait(400)
    assert house.sent == []
    assert house.state("binary_sensor.home_overload") == "on"
    await house.measure("unavailable")
    await house.wait(60)
    assert house.sent == []
    assert house.state("binary_sensor.home_without_the_meter") == "off"


async def test_a_stop_that_is_pending_survives_being_switched_off(
    house: House,
) -> None:
    """The stop is completed; after that the charger is under manual control."""
    await charge(house)
    await in_retry(house)
    await house.switch_balancing(on=False)
    house.wallbox.failing = False
    await house.wait(31)
    assert house.sent == [0]
    assert house.state(SWITCH) == "off"
    house.switch.show(on=True)
    house.number.show(32)
    await house.measure(60)
    await house.wait(400)
    assert house.sent == [0]
    assert house.state(SWITCH) == "on"


async def test_switched_off_a_charger_that_was_paused_may_be_started_by_hand(
    house: House,
) -> None:
    """The pause was obeyed long ago, so no stop is pending."""
    await charge(house)
    await house.measure(50)
    await house.wait(10)
    assert house.state(SWITCH) == "off"
    house.sent.clear()
    await house.switch_balancing(on=False)
    house.switch.show(on=True)
    await house.wait(60)
    assert house.sent == []
    assert house.state(SWITCH) == "on"


async def test_switched_off_a_charger_that_did_not_obey_is_no_problem_of_ours(
    house: House,
) -> None:
    """Nothing is expected of it any more."""
    await charge(house)
    house.wallbox.deaf = True
    await house.measure(26)
    await house.tune("number.garage_max_current", 16)
    await house.wait(30)
    assert house.state(PROBLEM) == "on"
    await house.switch_balancing(on=False)
    assert house.state(PROBLEM) == "off"


async def test_switched_on_again_the_charger_is_taken_as_it_is_found(
    house: House,
) -> None:
    """It was set to 30 A by hand: with 36 A at the meter, 26 A are left for it."""
    await charge(house)
    await house.switch_balancing(on=False)
    house.number.show(30)
    await house.wait(60)
    await house.measure(36)
    await house.switch_balancing(on=True)
    assert house.sent == [26]


async def test_switched_off_and_on_there_is_still_one_call_at_a_time(
    house: House,
) -> None:
    """While a call hangs, the next one waits for its end."""
    await charge(house)
    house.wallbox.hanging = True
    await house.hang_meter(36)
    for service in ("turn_off", "turn_on"):
        await house.hass.services.async_call(
            "switch", service, {"entity_id": BALANCING}, blocking=True
        )
    await house.hang_meter(38)
    await house.pass_time(2)
    assert house.wallbox.most_calls_running == 1
    house.wallbox.hanging = False
    house.wallbox.released.set()
    await house.wait(30)
    assert house.wallbox.most_calls_running == 1
    assert house.sent[-1] == float(house.state("sensor.garage_current_set"))


@pytest.mark.parametrize("on", [True, False])
async def test_balancing_is_restored(
    hass: HomeAssistant, house: House, on: bool
) -> None:
    """It stays off over a reload, and nothing is sent at start-up."""
    await charge(house)
    await house.switch_balancing(on=False)
    if on:
        await house.switch_balancing(on=True)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert house.state(BALANCING) == ("on" if on else "off")
    house.sent.clear()
    await house.measure(50)
    await house.wait(5)
    assert bool(house.sent) is on


@pytest.mark.parametrize("state", [CoreState.not_running, CoreState.starting])
async def test_without_a_meter_nothing_is_done_before_home_assistant_is_up(
    hass: HomeAssistant, house: House, state: CoreState
) -> None:
    """The meter's integration may start last. Once all is up, the fallback applies."""
    lost = house.listen("load_sharing_meter_lost")
    hass.set_state(state)
    house.number.show(20)
    await house.set_up()
    await house.wait(60)
    assert house.wallbox.tried == 0
    assert lost == []
    assert house.state(METER_PROBLEM) == "off"
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done()
    assert [event.data["reason"] for event in lost] == ["not_found"]
    assert house.state(METER_PROBLEM) == "on"
    await house.wait(9)
    assert 0 not in house.sent
    await house.wait(2)
    assert house.sent[-1] == 0


async def test_with_a_meter_an_overload_is_corrected_before_home_assistant_is_up(
    hass: HomeAssistant, house: House
) -> None:
    """Available readings are used."""
    hass.set_state(CoreState.not_running)
    house.number.show(26)
    await house.measure(40)
    await house.set_up()
    assert house.sent == [18]


async def test_while_home_assistant_starts_an_absent_charger_is_waited_for(
    hass: HomeAssistant, house: House
) -> None:
    """It disappears after the first, failing command: no failure is counted."""
    hass.set_state(CoreState.starting)
    failed = house.listen("load_sharing_action_failed")
    house.number.show(26)
    house.wallbox.failing = True
    await house.measure(40)
    await house.set_up()
    house.number.show_available(False)
    await house.wait(60)
    assert len(failed) == 1
    assert min(house.timers) > 0
    house.wallbox.failing = False
    house.number.show_available(True)
    await house.wait(1)
    assert house.sent == [0]


async def test_shutting_down_leaves_the_chargers_as_they_are(
    hass: HomeAssistant, house: House
) -> None:
    """Integrations stop one by one, and a meter that disappears then is not lost."""
    lost = house.listen("load_sharing_meter_lost")
    await charge(house)
    hass.set_state(CoreState.stopping)
    await house.measure("unavailable")
    await house.wait(30)
    assert house.wallbox.tried == 0
    assert lost == []
    hass.set_state(CoreState.running)


async def test_a_removed_site_leaves_no_file(
    hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
) -> None:
    """Not even a write that was due is made."""
    await charge(house)
    await house.tune("number.home_ramp_up_time", 30)
    assert await hass.config_entries.async_remove("site")
    await hass.async_block_till_done()
    await house.wait(5)
    assert "load_sharing.site" not in hass_storage


async def test_a_removed_charger_is_forgotten(
    hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
) -> None:
    """Its entities, values and commands are gone; the other charger continues."""
    await house.put_up_second()
    await house.measure(10)
    entry = await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    await house.tune("number.garage_max_current", 20)
    await house.tune("number.garage_2_max_current", 16)
    hass.config_entries.async_remove_subentry(entry, "charger0")
    await hass.async_block_till_done()
    house.sent.clear()
    await house.wait(5)
    stored = hass_storage["load_sharing.site"]["data"]
    assert stored["tuning"]["charger1"] == {"max_charger_current": 16}
    assert "charger0" not in stored["tuning"]
    assert "charger0" not in stored["chargers"]
    assert hass.states.get("sensor.garage_current_set") is None
    car = Car(hass, SECOND_NUMBER)
    await house.live(100, 4, car)
    assert house.second.sent[-1] == 16
    assert house.sent == []


async def test_a_charger_that_is_added_is_balanced_at_once(
    hass: HomeAssistant, house: House
) -> None:
    """An added subentry reloads the site."""
    await house.put_up_second()
    house.second_number.show(20)
    await house.measure(40)
    entry = await house.set_up(chargers=[CHARGER | {"number_entity": NUMBER}])
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType(SECOND_CHARGER),
            subentry_type="charger",
            title="Drive",
            unique_id=None,
        ),
    )
    await hass.async_block_till_done()
    assert house.second.sent == [12]


async def test_entities_show_what_happened_while_they_were_set_up(
    hass: HomeAssistant, house: House
) -> None:
    """The meter reports between an entity's first value and its first update."""

    @callback
    def report(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        if event.data["entity_id"] == "sensor.home_service_current":
            hass.states.async_set(METER, "12", {"unit_of_measurement": "A"})

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, report)
    await house.measure(10)
    await house.set_up()
    assert house.state("sensor.home_service_current") == "12.0"


async def test_a_state_that_follows_ours_at_once_causes_no_confusion(
    hass: HomeAssistant, house: House
) -> None:
    """A sensor that mirrors one of ours makes the site evaluate within a notification.

    The other charger, whose limit ends at the same moment, is still commanded.
    """
    await house.put_up_second()
    await house.set_state(DRAW, 1, "A")
    await house.measure(10)
    await house.set_up(chargers=[CHARGER | {"draw_entity": DRAW}, SECOND_CHARGER])

    @callback
    def mirror(event: Event[EventStateChangedData]) -> None:
        hass.states.async_set(DRAW, "2", {"unit_of_measurement": "A"})

    async_track_state_change_event(hass, "sensor.garage_temporary_limit", mirror)
    for name in ("garage", "garage_2"):
        await hass.services.async_call(
            "load_sharing",
            "set_limit",
            {
                "entity_id": f"number.{name}_max_current",
                "current": 8,
                "duration": 60,
            },
            blocking=True,
        )
    await house.wait(1)
    assert house.state("sensor.garage_2_temporary_limit") == "8.0"
    await house.wait(59.01)
    assert house.state("sensor.garage_temporary_limit") == "unknown"
    assert house.state("sensor.garage_2_temporary_limit") == "unknown"
