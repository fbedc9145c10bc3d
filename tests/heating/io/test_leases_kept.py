"""Leases left behind by an earlier run, or by a removed room or site."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ...homes.radiators import BATH, LOUNGE, STUDY, RadiatorHouse
from .test_leases import JOURNAL, TWO, journal, share

LOUNGE_HELD = {
    "entity_id": "number.lounge_valve",
    "kind": "valve",
    "prior": 5.0,
    "held": [70.0, 90.0],
    "taken_at": "2026-01-05T04:00:00+00:00",
}


async def test_a_lease_is_given_back_after_a_crash(
    radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """The journal has 5 %, the valve still shows 90 %."""
    hass_storage[JOURNAL] = {
        "version": 1,
        "minor_version": 1,
        "key": JOURNAL,
        "data": {"lounge": LOUNGE_HELD},
    }
    radiators.valves["lounge"].show(90)
    await radiators.set_up_heating(rooms=TWO, switched_on=False)
    await radiators.wait(5)
    assert radiators.opening("lounge") == 5
    await radiators.wait(5)
    assert journal(hass_storage) == {}


async def test_a_valve_that_was_moved_after_a_crash_is_left_alone(
    radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """It shows 40 % instead of the 90 % that was written."""
    hass_storage[JOURNAL] = {
        "version": 1,
        "minor_version": 1,
        "key": JOURNAL,
        "data": {"lounge": LOUNGE_HELD},
    }
    radiators.valves["lounge"].show(40)
    await radiators.set_up_heating(rooms=TWO, switched_on=False)
    await radiators.wait(60)
    assert radiators.opening("lounge") == 40
    assert journal(hass_storage) == {}


async def test_after_a_crash_the_current_scheduled_target_is_restored(
    radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """It was 16 °C when the lease began, and is 21 °C since 06:40."""
    study = radiators.thermostats["study"]
    radiators.freezer.move_to("2026-01-05T06:00:00+00:00")
    hass_storage[JOURNAL] = {
        "version": 1,
        "minor_version": 1,
        "key": JOURNAL,
        "data": {
            "study": LOUNGE_HELD
            | {
                "entity_id": "climate.study",
                "kind": "setpoint",
                "prior": 16.0,
                "held": [23.0],
            }
        },
    }
    study.show(target_c=23.0)
    rooms = {"study": STUDY | {"schedule_entity": "schedule.lounge"}}
    await radiators.set_up_heating(rooms=rooms, switched_on=False)
    await radiators.wait(60)
    assert study.target_temperature == 21.0


async def test_the_former_valve_of_a_room_is_given_back(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """The lounge has the hall's valve now; its former one was unavailable meanwhile."""
    hass_storage[JOURNAL] = {
        "version": 1,
        "minor_version": 1,
        "key": JOURNAL,
        "data": {"lounge": LOUNGE_HELD},
    }
    valve = radiators.valves["lounge"]
    valve.show(90)
    valve.show_available(False)
    await share(
        radiators, bath=BATH, lounge=LOUNGE | {"valve_entity": "number.hall_valve"}
    )
    assert radiators.opening("hall") == 90
    valve.show_available(True)
    for bath_c in (20.1, 20.2):
        await radiators.warm_bath(bath_c)
        await radiators.wait(5)
    assert radiators.opening("lounge") == 5


async def test_the_valve_of_a_room_that_was_removed_is_given_back(
    radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """It was unavailable when the room was removed."""
    hass_storage[JOURNAL] = {
        "version": 1,
        "minor_version": 1,
        "key": JOURNAL,
        "data": {"lounge": LOUNGE_HELD},
    }
    radiators.valves["lounge"].show(70)
    await radiators.set_up_heating(rooms={"bath": BATH}, switched_on=False)
    await radiators.wait(10)
    assert radiators.opening("lounge") == 5


async def test_removing_a_site_with_an_unavailable_valve_raises_a_repair(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """After that, nothing can give the valve back."""
    await share(radiators)
    radiators.valves["lounge"].show_available(False)
    await hass.config_entries.async_remove("site")
    issue = ir.async_get(hass).async_get_issue(
        "load_sharing", "not_given_back_number.lounge_valve"
    )
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["value"] == "0"
    assert JOURNAL not in hass_storage
