"""A damaged entry in the journal does not prevent the others from being given back."""

import copy
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.load_sharing.heating.io.actuator import ActuatorKind
from custom_components.load_sharing.heating.io.journal import KINDS

from ...homes.radiators import RadiatorHouse
from .test_leases import JOURNAL

LOUNGE: dict[str, Any] = {
    "entity_id": "number.lounge_valve",
    "registry_id": None,
    "kind": "valve",
    "prior": 10.0,
    "held": [90.0],
    "taken_at": "2026-01-05T05:00:00+00:00",
}
HALL = LOUNGE | {"entity_id": "number.hall_valve", "prior": 20.0}
GONE: Any = object()


def test_every_kind_of_actuator_is_known() -> None:
    """The journal has a list of its own."""
    assert set(KINDS) == {kind.value for kind in ActuatorKind}


def write(hass_storage: dict[str, Any], **leases: Any) -> None:
    """Leave a journal as if Home Assistant had crashed."""
    hass_storage[JOURNAL] = {
        "version": 1,
        "minor_version": 1,
        "key": JOURNAL,
        "data": copy.deepcopy(leases),
    }


def damaged(changes: Any) -> Any:
    """A lease with some fields changed or removed, or another value instead of it."""
    if not isinstance(changes, dict):
        return changes
    lease = LOUNGE | changes
    return {key: value for key, value in lease.items() if value is not GONE}


def find(hass: HomeAssistant, key: str = "lounge") -> ir.IssueEntry | None:
    """Repair for a damaged lease."""
    return ir.async_get(hass).async_get_issue(
        "load_sharing", f"lease_damaged_site_{key}"
    )


async def start(radiators: RadiatorHouse) -> None:
    """Start with both valves open and sharing off."""
    radiators.valves["lounge"].show(90)
    radiators.valves["hall"].show(90)
    await radiators.set_up_heating(switched_on=False)
    await radiators.wait(60)


@pytest.mark.parametrize(
    "changes",
    [
        None,
        5,
        [],
        "lounge",
        {"kind": GONE},
        {"kind": "faucet"},
        {"kind": None},
        {"prior": GONE},
        {"prior": "10"},
        {"prior": None},
        {"prior": True},
        {"held": GONE},
        {"held": "90"},
        {"held": []},
        {"held": [None, "x"]},
        {"entity_id": GONE},
        {"entity_id": 5},
        {"entity_id": "valve"},
    ],
)
async def test_a_damaged_entry_does_not_prevent_others_from_being_given_back(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_storage: dict[str, Any],
    changes: Any,
) -> None:
    """It is kept, a repair names it, and its valve is not written."""
    entry = damaged(changes)
    write(hass_storage, lounge=entry, hall=HALL)
    await start(radiators)
    assert radiators.opening("hall") == 20
    assert radiators.opening("lounge") == 90
    assert hass_storage[JOURNAL]["data"] == {"set_aside": {"lounge": entry}}
    issue = find(hass)
    assert issue is not None
    assert issue.is_persistent
    readable = isinstance(entry, dict) and (
        entry.get("entity_id") == LOUNGE["entity_id"]
    )
    assert issue.translation_placeholders == {
        "site": "Home",
        "entity_id": "number.lounge_valve" if readable else "Lounge",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"taken_at": GONE},
        {"taken_at": "2026-01-05T05:00:00"},
        {"taken_at": "yesterday"},
        {"taken_at": 5},
        {"registry_id": GONE},
        {"registry_id": 5},
        {"held": [None, 90.0]},
        {"since_2.0": {"x": 1}},
    ],
)
async def test_damage_that_does_no_harm_is_ignored(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_storage: dict[str, Any],
    changes: Any,
) -> None:
    """The valve is still given back."""
    write(hass_storage, lounge=damaged(changes), hall=HALL)
    await start(radiators)
    assert radiators.opening("lounge") == 10
    assert radiators.opening("hall") == 20
    assert hass_storage[JOURNAL]["data"] == {}
    assert not ir.async_get(hass).issues


async def test_sharing_works_despite_a_damaged_entry(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """The room takes part and is given back; the damaged entry stays on disk."""
    write(hass_storage, lounge=damaged({"prior": "10"}))
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 90
    kept = hass_storage[JOURNAL]["data"]
    assert kept["lounge"]["prior"] == 0
    assert kept["set_aside"]["lounge"]["prior"] == "10"
    assert await hass.config_entries.async_unload("site")
    assert radiators.opening("lounge") == 0
    assert hass_storage[JOURNAL]["data"] == {"set_aside": kept["set_aside"]}


async def test_an_ignored_repair_stays_ignored_until_there_is_new_damage(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """The first repair is ignored because the valve was set by hand."""
    write(hass_storage, lounge=damaged({"prior": "10"}))
    await start(radiators)
    ir.async_get(hass).async_ignore("load_sharing", "lease_damaged_site_lounge", True)
    await hass.config_entries.async_reload("site")
    issue = find(hass)
    assert issue is not None
    assert issue.dismissed_version
    assert await hass.config_entries.async_unload("site")
    write(hass_storage, lounge=damaged({"prior": "20"}))
    assert await hass.config_entries.async_setup("site")
    issue = find(hass)
    assert issue is not None
    assert issue.dismissed_version is None


async def test_an_entry_set_aside_by_an_older_version_is_given_back(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """This version can read it."""
    write(hass_storage, set_aside={"lounge": LOUNGE})
    await start(radiators)
    assert radiators.opening("lounge") == 10
    assert find(hass) is None


@pytest.mark.parametrize("data", [[], [1], 5, "x"])
async def test_a_journal_that_is_no_dictionary(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_storage: dict[str, Any],
    data: Any,
) -> None:
    """Its content is kept."""
    write(hass_storage)
    hass_storage[JOURNAL]["data"] = data
    await start(radiators)
    assert ir.async_get(hass).async_get_issue("load_sharing", "leases_lost_site")
    assert await hass.config_entries.async_unload("site")
    assert hass_storage[JOURNAL]["data"] == {"set_aside": {"all": data}}
    assert await hass.config_entries.async_setup("site")
    assert find(hass, "all") is None


async def test_a_site_with_a_damaged_entry_is_removed(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """A repair names the unavailable valve with its value, the damaged one without."""
    radiators.valves["hall"].show_available(False)
    write(hass_storage, lounge=damaged({"prior": None}), hall=HALL)
    await radiators.set_up_heating(switched_on=False)
    await hass.config_entries.async_remove("site")
    assert JOURNAL not in hass_storage
    issues = ir.async_get(hass).issues
    assert {key for _, key in issues} == {
        "not_given_back_number.hall_valve",
        "lease_damaged_site_lounge",
    }
    assert find(hass) is not None
