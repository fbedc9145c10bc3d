"""A damaged store: its readable parts are used, and a repair reports the others."""

import copy
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.charging.engine.commissioning import Outcome
from custom_components.load_sharing.heating.engine.hold import HoldReason
from custom_components.load_sharing.heating.engine.model import Control, Mode
from custom_components.load_sharing.heating.entities import heating, room
from custom_components.load_sharing.site.storage.damage_repairs import (
    HEATING_FLAGS,
    ROOM_FLAGS,
)
from custom_components.load_sharing.site.storage.parsing import (
    CONTROLS,
    HOLD_REASONS,
    MODES,
    TEST_OUTCOMES,
    parse_store,
)

from ..charging.test_actions import Cloud
from ..homes.house import ACTIONS, BALANCING, SUPPLY, House
from ..homes.radiators import BATH, LOUNGE, RadiatorHouse
from ..test_diagnostics import fetch

KEY = "load_sharing.site"
GOOD_DAY: dict[str, Any] = {
    "day": "2026-01-05",
    "shares": True,
    "burner_s": 3600.0,
    "heating_s": 3000.0,
    "cooldowns": 3,
}
SHADOW = "switch.home_shadow_mode"
MAX_CHARGER = "number.garage_max_current"
RAMP_UP_TIME = "number.home_ramp_up_time"
SOUND: dict[str, Any] = {
    "enabled": True,
    "shadow": False,
    "mode": "all_tiers",
    "control": "tiers",
    "yields": {},
    "tuning": {"charger0": {"max_charger_current": 16}},
    "flags": {},
    "chargers": {},
    "heating": {},
}


def store(hass_storage: dict[str, Any], data: Any, **envelope: Any) -> None:
    """Put data in the place of the store."""
    hass_storage[KEY] = {"version": 1, "minor_version": 1, "key": KEY} | envelope
    hass_storage[KEY]["data"] = copy.deepcopy(data)


def stored(hass_storage: dict[str, Any]) -> Any:
    """Return the data on disk."""
    return hass_storage[KEY]["data"]


def issue(hass: HomeAssistant, key: str) -> ir.IssueEntry | None:
    """Return a repair of the site."""
    return ir.async_get(hass).async_get_issue("load_sharing", f"{key}_site")


def parts(hass: HomeAssistant, key: str = "store_damaged") -> list[str]:
    """Return the parts that a repair names."""
    found = issue(hass, key)
    assert found is not None
    assert found.translation_placeholders is not None
    assert found.translation_placeholders["site"] == "Home"
    return found.translation_placeholders["parts"].removeprefix("- ").split("\n- ")


async def put_up(house: House, **charger: Any) -> MockConfigEntry:
    """Set up a charger of 32 A that is set to 30 A, with an overload."""
    house.number.show(30)
    await house.measure(40)
    entry = await house.set_up(charger=charger)
    await house.wait(4)
    return entry


def test_the_store_knows_the_values_of_both_engines() -> None:
    """The store is parsed even if one of the halves cannot be imported."""
    assert tuple(Mode) == MODES
    assert set(Control) == set(CONTROLS)
    assert set(HoldReason) == set(HOLD_REASONS)
    assert tuple(Outcome) == TEST_OUTCOMES


class TestSwitches:
    """A switch that was off is never switched on, nor left off without a repair."""

    @pytest.mark.parametrize("value", [None, "off", 0, 1, [], {}, "false"])
    async def test_balancing_that_cannot_be_read_is_off_and_told_of(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        value: Any,
    ) -> None:
        """Once it is turned on again, the supply is protected."""
        store(hass_storage, SOUND | {"enabled": value})
        await put_up(house)
        assert house.state(BALANCING) == "off"
        assert house.state(SHADOW) == "off"
        assert house.sent == []
        found = issue(hass, "switches_unknown")
        assert found is not None
        assert found.severity is ir.IssueSeverity.CRITICAL
        assert parts(hass, "switches_unknown") == ["Home: Balancing"]
        assert issue(hass, "store_damaged") is None
        await house.switch_balancing(on=True)
        assert issue(hass, "switches_unknown") is None
        await house.wait(4)
        assert house.sent[-1] <= 16
        await house.wait(2)
        assert await hass.config_entries.async_reload("site")
        assert house.state(BALANCING) == "on"
        assert issue(hass, "switches_unknown") is None
        kept = stored(hass_storage)["set_aside"]["enabled"]
        assert kept == {"value": value, "open": False}

    async def test_shadow_mode_that_cannot_be_read_is_on(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """The site decides and shows, but sends nothing."""
        store(hass_storage, SOUND | {"shadow": "on"})
        await put_up(house)
        assert house.state(BALANCING) == "on"
        assert house.state(SHADOW) == "on"
        assert house.sent == []
        assert parts(hass, "switches_unknown") == ["Home: Shadow mode"]
        await house.call("switch", "turn_off", SHADOW)
        await house.wait(4)
        assert house.sent[-1] <= 16
        assert issue(hass, "switches_unknown") is None

    async def test_without_the_oldest_of_all_values_nothing_is_believed(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """Only the tuning is left of the file: it is used, and nothing is sent."""
        store(hass_storage, {"tuning": SOUND["tuning"]})
        await put_up(house)
        assert (house.state(BALANCING), house.state(SHADOW)) == ("off", "on")
        assert house.state(MAX_CHARGER) == "16"
        assert house.sent == []
        assert set(parts(hass, "switches_unknown")) == {
            "Home: Balancing",
            "Home: Shadow mode",
        }

    async def test_a_file_of_the_first_version_is_not_damaged(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """That version had no shadow mode and no later values."""
        store(hass_storage, {"enabled": True, "tuning": {}, "chargers": {}})
        await put_up(house)
        assert (house.state(BALANCING), house.state(SHADOW)) == ("on", "off")
        assert house.sent
        assert not ir.async_get(hass).issues

    @pytest.mark.parametrize("data", [[], [1], "enabled", 5, True])
    async def test_a_store_that_is_none(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any], data: Any
    ) -> None:
        """Valid JSON of a wrong shape: nothing is sent, and both repairs are raised."""
        store(hass_storage, data)
        entry = await put_up(house)
        assert entry.state is ConfigEntryState.LOADED
        assert (house.state(BALANCING), house.state(SHADOW)) == ("off", "on")
        assert house.state(MAX_CHARGER) == "32.0"
        assert house.sent == []
        assert issue(hass, "switches_unknown")
        assert parts(hass) == ["Home", "Home heating: Sharing mode"]
        assert stored(hass_storage)["set_aside"]["all"]["value"] == data
        await house.switch_balancing(on=True)
        await house.call("switch", "turn_off", SHADOW)
        await house.wait(4)
        assert house.sent
        assert issue(hass, "switches_unknown") is None

    async def test_a_repair_that_is_ignored_comes_back_with_new_damage(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """The same damage stays ignored over a restart."""
        store(hass_storage, SOUND | {"tuning": {"supply": {"ramp_up_time": "slow"}}})
        await put_up(house)
        ir.async_get(hass).async_ignore("load_sharing", "store_damaged_site", True)
        await hass.config_entries.async_reload("site")
        ignored = issue(hass, "store_damaged")
        assert ignored is not None
        assert ignored.dismissed_version
        await hass.config_entries.async_unload("site")
        stored(hass_storage)["tuning"]["charger0"] = []
        await hass.config_entries.async_setup("site")
        again = issue(hass, "store_damaged")
        assert again is not None
        assert again.dismissed_version is None
        assert parts(hass) == ["Home: Ramp-up time", "Garage"]

    async def test_a_site_that_is_removed_leaves_no_repair(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """Nor a file."""
        store(hass_storage, [])
        await put_up(house)
        await hass.config_entries.async_remove("site")
        assert not ir.async_get(hass).issues
        assert KEY not in hass_storage


class TestValues:
    """Numbers, limits, commands and tests of the charging."""

    @pytest.mark.parametrize("value", ["15", True, None, [15], {}])
    async def test_a_number_that_is_none(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        value: Any,
    ) -> None:
        """Its default is used; the other numbers and the charger are not affected."""
        tuning = SOUND["tuning"] | {"supply": {"ramp_up_time": value}}
        store(hass_storage, SOUND | {"tuning": tuning})
        await put_up(house)
        assert house.state(RAMP_UP_TIME) == "15"
        assert house.state(MAX_CHARGER) == "16"
        assert house.sent[-1] <= 16
        assert parts(hass) == ["Home: Ramp-up time"]
        found = issue(hass, "store_damaged")
        assert found is not None
        assert found.severity is ir.IssueSeverity.WARNING
        assert not found.is_fixable
        await house.tune(RAMP_UP_TIME, 20)
        assert issue(hass, "store_damaged") is None

    @pytest.mark.parametrize("value", [None, [], 5, "x"])
    @pytest.mark.parametrize(
        "part", ["tuning", "chargers", "flags", "yields", "heating"]
    )
    async def test_a_part_that_is_none(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        part: str,
        value: Any,
    ) -> None:
        """All other parts are used: the charger is commanded."""
        store(hass_storage, SOUND | {part: value})
        await put_up(house)
        assert house.state(BALANCING) == "on"
        assert house.sent
        assert stored(hass_storage)["set_aside"][part]["value"] == value
        if part != "flags":
            assert parts(hass)

    async def test_a_limit_whose_end_is_damaged_stays(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """A time without a zone is invalid. Keeping the lower current is safe."""
        ends: list[Any] = ["2031-01-01T00:00:00", "tomorrow", 5, {}, "2031-01-01"]
        for until in ends:
            limit = {"limit_a": 8, "limit_until": until}
            store(hass_storage, SOUND | {"chargers": {"charger0": limit}})
            entry = await put_up(house)
            assert house.state("sensor.garage_temporary_limit") == "8", until
            assert house.state("sensor.garage_temporary_limit_until") == "unknown"
            assert house.sent[-1] <= 8
            assert parts(hass) == ["Garage: Temporary limit until"]
            await hass.services.async_call(
                "load_sharing", "set_limit", {"entity_id": MAX_CHARGER}, blocking=True
            )
            assert issue(hass, "store_damaged") is None
            await hass.config_entries.async_remove(entry.entry_id)

    @pytest.mark.parametrize("value", ["8", None, True, -1, 9999])
    async def test_a_limit_that_is_damaged_is_none(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        value: Any,
    ) -> None:
        """Its value is unknown; the repair says so."""
        limit = {"limit_a": value, "limit_until": None}
        store(hass_storage, SOUND | {"chargers": {"charger0": limit}})
        await put_up(house)
        assert house.state("sensor.garage_temporary_limit") == "unknown"
        assert house.sent
        assert parts(hass) == ["Garage: Temporary limit"]

    @pytest.mark.parametrize(
        "until", [None, "2026-01-01T00:00:00", 7, "9999-01-01T00:00:00+00:00"]
    )
    async def test_a_hand_limit_without_an_end_counts_for_a_day(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        until: Any,
    ) -> None:
        """That is the longest it could have been respected."""
        by_hand = {"hand_a": 10, "hand_until": until}
        store(hass_storage, SOUND | {"chargers": {"charger0": by_hand}})
        await put_up(house)
        assert house.state("sensor.garage_set_by_hand") == "10"
        left = dt_util.parse_datetime(house.state("sensor.garage_set_by_hand_until"))
        assert left is not None
        left_s = (left - dt_util.utcnow()).total_seconds()
        assert left_s == pytest.approx(86400, abs=60)
        assert house.sent[-1] <= 10
        assert parts(hass) == ["Garage: Set by hand until"]

    async def test_a_stop_that_is_wanted_survives(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """Whether it was obeyed is unreadable, so it is sent once more."""
        told = {"current_a": 0, "confirmed": "maybe", "limit_a": []}
        store(hass_storage, SOUND | {"chargers": {"charger0": told}})
        house.number.show(20)
        await house.measure(20)
        await house.set_up()
        await house.wait(1)
        assert house.sent == [0]
        await house.wait(5)
        # The command that was sent is another one to remember.
        assert parts(hass) == ["Garage: Temporary limit"]

    @pytest.mark.parametrize("current", ["16", None, -6, 1e9, True, {}])
    async def test_a_command_that_cannot_be_read_is_none(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        current: Any,
    ) -> None:
        """If a charger does not show its current, the worst case is assumed."""
        cloud = Cloud(hass)
        told = {"current_a": current, "confirmed": True}
        store(hass_storage, SOUND | {"tuning": {}, "chargers": {"charger0": told}})
        await house.measure(40)
        await house.set_up(chargers=[ACTIONS])
        await house.wait(4)
        assert cloud.calls[-1][1]["amperes"] < 32
        assert house.state("sensor.garage_current_set") != "unknown"

    @pytest.mark.parametrize(
        "found",
        [
            5,
            {},
            {"outcome": "passed"},
            {
                "outcome": "splendid",
                "latency_s": 1,
                "follow_s": 1,
                "error_a": 0,
                "took_all": True,
            },
            {
                "outcome": "passed",
                "latency_s": "1",
                "follow_s": 1,
                "error_a": 0,
                "took_all": True,
            },
        ],
    )
    async def test_a_test_that_cannot_be_read_was_none(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        hass_client: Any,
        found: Any,
    ) -> None:
        """The charger can be tested again."""
        store(hass_storage, SOUND | {"chargers": {"charger0": {"test": found}}})
        await put_up(house)
        data = await fetch(hass, hass_client)
        charger = data["now"]["charging"]["chargers"]["charger0"]
        assert charger["findings"]["outcome"] == "not_tested"
        assert parts(hass) == ["Garage: Test result"]
        assert house.sent

    @pytest.mark.parametrize(
        "found",
        [
            5,
            {},
            {"meters": "x", "found": 1},
            {"meters": "x", "found": [{"circuit": "", "charger": "charger0"}]},
            {
                "meters": "x",
                "found": [{"circuit": "", "charger": "charger0", "phases": [7]}],
            },
        ],
    )
    async def test_reversed_meters_that_cannot_be_read_are_none(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        found: Any,
    ) -> None:
        """The next steps show it again."""
        store(hass_storage, SOUND | {"chargers": {"supply": {"reversed": found}}})
        await put_up(house)
        assert parts(hass) == ["Home: reversed"]
        assert house.sent

    async def test_a_charger_that_is_removed_takes_its_damage_along(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """Its values cannot be set any more."""
        tuning = {"charger0": {"weight": "heavy"}, "supply": {"ramp_up_time": []}}
        store(hass_storage, SOUND | {"tuning": tuning})
        entry = await put_up(house)
        assert parts(hass) == ["Garage: Weight", "Home: Ramp-up time"]
        hass.config_entries.async_remove_subentry(entry, "charger0")
        await hass.async_block_till_done()
        assert parts(hass) == ["Home: Ramp-up time"]
        await house.wait(2)
        assert set(stored(hass_storage)["set_aside"]) == {"tuning/supply/ramp_up_time"}

    async def test_the_diagnostics_hold_what_was_damaged(
        self,
        hass: HomeAssistant,
        house: House,
        hass_storage: dict[str, Any],
        hass_client: Any,
    ) -> None:
        """They have the value as it was found."""
        store(hass_storage, SOUND | {"tuning": {"supply": {"ramp_up_time": "slow"}}})
        await put_up(house)
        data = await fetch(hass, hass_client)
        assert data["stored"]["set_aside"]["tuning/supply/ramp_up_time"] == {
            "value": "slow",
            "open": True,
        }

    @pytest.mark.parametrize(
        "kept", [5, [], {"x": 1}, {"tuning/supply/x": {"value": 1}}]
    )
    async def test_what_was_set_aside_may_be_damaged_too(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any], kept: Any
    ) -> None:
        """The site works nevertheless."""
        store(hass_storage, SOUND | {"set_aside": kept})
        await put_up(house)
        assert house.sent
        assert house.state(MAX_CHARGER) == "16"


class TestHeating:
    """Values of the heating."""

    def test_every_switch_has_a_safe_position(self) -> None:
        """This holds for the switches of the heating and of a room."""
        switches = heating.switches(Mock())
        assert {item.key for item in switches} == set(HEATING_FLAGS)
        assert {room.participates_switch(Mock()).key} == set(ROOM_FLAGS)

    @pytest.mark.parametrize("flags", [{"heating": []}, [], None, {"heating": None}])
    async def test_switches_that_cannot_be_read_do_nothing(
        self,
        hass: HomeAssistant,
        radiators: RadiatorHouse,
        hass_storage: dict[str, Any],
        flags: Any,
    ) -> None:
        """Load sharing is off, and in shadow mode."""
        store(hass_storage, SOUND | {"flags": flags})
        await radiators.set_up_heating(switched_on=False)
        assert radiators.state("switch.home_heating_share_heat") == "off"
        assert radiators.state("switch.home_heating_shadow_mode") == "on"
        assert "Home heating: Shadow mode" in parts(hass)
        await radiators.switch_on()
        await radiators.cool_down()
        await radiators.wait(5)
        assert radiators.opening("lounge") == 0
        await radiators.switch_on("switch.home_heating_shadow_mode", on=False)
        assert "Home heating: Shadow mode" not in parts(hass)

    async def test_one_switch_that_cannot_be_read(
        self,
        hass: HomeAssistant,
        radiators: RadiatorHouse,
        hass_storage: dict[str, Any],
    ) -> None:
        """The room does not participate; the others do."""
        flags = {
            "heating": {"load_sharing": True, "shadow": False},
            "hall": {"participates": "no"},
        }
        store(hass_storage, SOUND | {"flags": flags})
        await radiators.set_up_heating(switched_on=False)
        assert radiators.state("switch.home_heating_share_heat") == "on"
        assert radiators.state("switch.hall_takes_part") == "off"
        assert radiators.state("switch.lounge_takes_part") == "on"
        assert parts(hass) == ["Hall: Takes part"]
        await radiators.cool_down()
        await radiators.wait(5)
        assert radiators.opening("lounge") == 90
        await radiators.switch_on("switch.hall_takes_part")
        assert issue(hass, "store_damaged") is None

    @pytest.mark.parametrize("mode", ["everything", None, 3, []])
    async def test_a_mode_that_cannot_be_read_is_off(
        self,
        hass: HomeAssistant,
        radiators: RadiatorHouse,
        hass_storage: dict[str, Any],
        mode: Any,
    ) -> None:
        """It stays off until a mode is chosen."""
        store(hass_storage, SOUND | {"mode": mode})
        await radiators.set_up_heating()
        assert radiators.state("select.home_heating_sharing_mode") == "off"
        assert parts(hass) == ["Home heating: Sharing mode"]
        await radiators.choose("all_tiers")
        assert issue(hass, "store_damaged") is None
        await radiators.cool_down()
        await radiators.wait(5)
        assert radiators.opening("lounge") == 90

    @pytest.mark.parametrize(
        "until", ["2026-01-05T05:30:00", "later", 5, None, "2099-01-01T00:00:00+00:00"]
    )
    async def test_a_room_that_was_taken_is_left_alone_for_two_hours(
        self,
        hass: HomeAssistant,
        radiators: RadiatorHouse,
        hass_storage: dict[str, Any],
        until: Any,
    ) -> None:
        """Then the room participates again."""
        store(hass_storage, SOUND | {"yields": {"lounge": until}})
        await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
        await radiators.cool_down()
        await radiators.wait(5)
        assert radiators.state("sensor.lounge_reason") == "yielded"
        assert radiators.opening("lounge") == 0
        assert parts(hass) == ["Lounge: Reason"]
        kept = dt_util.parse_datetime(stored(hass_storage)["yields"]["lounge"])
        assert kept is not None
        assert kept <= dt_util.utcnow() + timedelta(hours=2)
        await radiators.wait(2 * 3600 + 60)
        assert radiators.state("sensor.lounge_reason") != "yielded"
        assert issue(hass, "store_damaged") is None

    @pytest.mark.parametrize(
        "record",
        [
            {"cooldowns": 5},
            {"cooldowns": ["x"]},
            {"starts": [None]},
            {"outcomes": ["yes"]},
            {"sharing_s": "long"},
            {"days": [GOOD_DAY | {"day": "yesterday"}]},
            {"days": [GOOD_DAY | {"heating_s": -1}]},
            {"days": [GOOD_DAY | {"cooldowns": True}]},
            {"days": ["2026-01-05"]},
            {"week": {"monday": "2026-01-05"}},
            {"ended_week": {"monday": "2026-01-05"}},
            {"configured": {"lounge": 5}},
            {"writes": {"lounge": "many"}},
            {"writes_day": 5},
        ],
    )
    async def test_counts_that_cannot_be_read_begin_anew(
        self,
        hass: HomeAssistant,
        radiators: RadiatorHouse,
        hass_storage: dict[str, Any],
        record: dict[str, Any],
    ) -> None:
        """Rooms share as before."""
        store(hass_storage, SOUND | {"heating": record})
        await radiators.set_up_heating()
        await radiators.cool_down()
        await radiators.wait(5)
        assert radiators.opening("lounge") == 90
        ((name, kept),) = stored(hass_storage)["set_aside"].items()
        assert record == {name.partition("/")[2]: kept["value"]}
        assert len(parts(hass)) == 1
        assert parts(hass)[0].startswith("Home heating: ")


class TestNewer:
    """Stores that a newer version has written, after a downgrade."""

    async def test_what_is_not_known_is_kept_and_written_back(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """A later upgrade loses nothing."""
        newer = {
            "forecast": {"horizon": [1, 2]},
            "tuning": {"supply": {"forecast_weight": 3}},
            "chargers": {"charger0": {"battery": {"kwh": 60}}},
        }
        store(hass_storage, SOUND | newer, minor_version=7)
        await put_up(house)
        await house.tune(RAMP_UP_TIME, 20)
        await hass.config_entries.async_unload("site")
        kept = stored(hass_storage)
        assert hass_storage[KEY]["minor_version"] == 7
        assert kept["forecast"] == newer["forecast"]
        assert kept["tuning"]["supply"] == {"forecast_weight": 3, "ramp_up_time": 20}
        assert kept["chargers"]["charger0"]["battery"] == {"kwh": 60}
        assert not ir.async_get(hass).issues

    async def test_what_an_older_version_set_aside_is_put_back(
        self,
        hass: HomeAssistant,
        radiators: RadiatorHouse,
        hass_storage: dict[str, Any],
    ) -> None:
        """The older version did not know the mode."""
        aside = {
            "mode": {"value": "schedule_tiers", "open": True},
            "tuning/heating/ceiling": {"value": 22, "open": True},
            "tuning/heating/on_delta": {"value": 1, "open": False},
        }
        store(hass_storage, SOUND | {"mode": "off", "set_aside": aside})
        await radiators.set_up_heating()
        assert radiators.state("select.home_heating_sharing_mode") == "schedule_tiers"
        assert radiators.state("number.home_heating_room_temperature_ceiling") == "22"
        assert radiators.state("number.home_heating_calls_below_target_by") == "0.3"
        assert issue(hass, "store_damaged") is None
        assert set(stored(hass_storage)["set_aside"]) == {"tuning/heating/on_delta"}

    async def test_a_store_that_cannot_be_read_by_this_version(
        self, hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """The entry and a repair say why, and the file is left unchanged."""
        store(hass_storage, {"all": "new"}, version=2)
        entry = MockConfigEntry(
            domain="load_sharing",
            title="Home",
            data={"supply": SUPPLY},
            entry_id="site",
        )
        entry.add_to_hass(hass)
        assert not await hass.config_entries.async_setup("site")
        assert entry.state is ConfigEntryState.SETUP_ERROR
        assert entry.error_reason_translation_key == "store_newer"
        found = issue(hass, "newer_version")
        assert found is not None
        assert found.severity is ir.IssueSeverity.CRITICAL
        assert hass_storage[KEY]["version"] == 2
        assert stored(hass_storage) == {"all": "new"}
        store(hass_storage, SOUND)
        assert await hass.config_entries.async_reload("site")
        assert issue(hass, "newer_version") is None

    @pytest.mark.parametrize(("version", "works"), [((1, 9), True), ((2, 1), False)])
    async def test_an_entry_of_a_newer_version(
        self, hass: HomeAssistant, house: House, version: tuple[int, int], works: bool
    ) -> None:
        """A minor version only adds fields; a major version is reported."""
        await house.measure(10)
        entry = MockConfigEntry(
            domain="load_sharing",
            title="Home",
            data={"supply": SUPPLY | {"since": "2.0"}, "solar": {"peak_w": 9000}},
            entry_id="site",
            version=version[0],
            minor_version=version[1],
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup("site") is works
        await hass.async_block_till_done()
        assert (entry.version, entry.minor_version) == version
        assert entry.data["solar"] == {"peak_w": 9000}
        if works:
            assert house.state("sensor.home_balancer_state") == "active"
            assert not ir.async_get(hass).issues
        else:
            assert entry.state is ConfigEntryState.MIGRATION_ERROR
            assert issue(hass, "newer_version")


def test_what_was_read_is_sound() -> None:
    """Parsing what was parsed before finds no damage."""
    junk: list[Any] = [
        None,
        5,
        "x",
        [],
        {},
        [1],
        {"a": 1},
        {"a": {"b": "c"}},
        True,
        -1.5,
    ]
    flags = {"heating": HEATING_FLAGS, "a": ROOM_FLAGS}
    for part in SOUND:
        for value in junk:
            for data in (SOUND | {part: value}, {part: value}):
                first = parse_store(data, flags, dt_util.utcnow())
                again = parse_store(first.data, flags, dt_util.utcnow())
                assert not again.damaged, (part, value)
                assert again.data == first.data
