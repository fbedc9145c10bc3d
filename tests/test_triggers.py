"""The triggers and conditions in automations."""

from pathlib import Path
from typing import Any

from homeassistant.components.websocket_api.automation import (
    async_get_conditions_for_target,
    async_get_triggers_for_target,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    condition,
    device_registry as dr,
    entity_registry as er,
    trigger as triggers,
)
from homeassistant.helpers.icon import async_get_icons
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service
import voluptuous as vol

from custom_components.load_sharing.condition import CONDITIONS
from custom_components.load_sharing.const import DOMAIN
from custom_components.load_sharing.trigger import TRIGGERS

from .homes.automations import (
    NOTE,
    automate,
    check,
    device_of,
    note,
    noted,
    passes,
    trigger,
)
from .homes.house import CHARGER, METER, SECOND_CHARGER, Car, House
from .homes.radiators import RadiatorHouse

OVERLOAD = "binary_sensor.home_overload"
SHED_OVERLOAD = "binary_sensor.shed_overload"
METER_PROBLEM = "binary_sensor.home_meter_problem"
WAITING = "binary_sensor.garage_waiting_for_current"
SECOND_WAITING = "binary_sensor.garage_2_waiting_for_current"
SHARING = "binary_sensor.home_heating_sharing"
SHED_METER = "sensor.shed_meter"
BOTH = {"entity_id": [OVERLOAD, SHED_OVERLOAD]}


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Use a configuration folder of its own: automations put their blueprints there."""
    return str(tmp_path)


async def put_up_shed(house: House) -> None:
    """Set up a supply of 32 A with a shed of 16 A that has its own meter."""
    await house.measure(10)
    await house.set_state(SHED_METER, 5, "A")
    await house.set_up(
        circuits={"shed": {"limit_a": 16.0, "phases": ["l1"], "meter_l1": SHED_METER}}
    )


async def test_an_overload_starts_and_clears(hass: HomeAssistant, house: House) -> None:
    """10, 36, 38, 20 A on 32 A: one start, one end."""
    await house.measure(10)
    await house.set_up()
    calls = await note(
        hass,
        trigger("overload_started", OVERLOAD),
        trigger("overload_cleared", OVERLOAD),
    )
    await house.measure(31)
    assert noted(calls) == []
    await house.measure(36)
    assert noted(calls) == [OVERLOAD]
    await house.measure(38)
    assert noted(calls) == []
    await house.measure(20)
    assert noted(calls) == [OVERLOAD]
    await house.measure(10)
    assert noted(calls) == []


async def test_an_overload_that_has_to_last(hass: HomeAssistant, house: House) -> None:
    """With 5 s, an inrush of 3 s does not count, and one of 6 s does."""
    await house.measure(10)
    await house.set_up()
    calls = await note(
        hass, trigger("overload_started", OVERLOAD, **{"for": {"seconds": 5}})
    )
    await house.measure(36)
    await house.wait(3)
    await house.measure(20)
    await house.wait(10)
    assert noted(calls) == []
    await house.measure(36)
    await house.wait(4.9)
    assert noted(calls) == []
    await house.wait(0.2)
    assert noted(calls) == [OVERLOAD]
    await house.wait(10)
    assert noted(calls) == []


async def test_a_meter_that_is_lost_meanwhile_is_no_end_of_an_overload(
    hass: HomeAssistant, house: House
) -> None:
    """36 A, no meter, 20 A: the end was not observed."""
    await house.measure(10)
    await house.set_up()
    calls = await note(hass, trigger("overload_cleared", OVERLOAD))
    await house.measure(36)
    await house.measure("unavailable")
    await house.measure(20)
    assert noted(calls) == []


@pytest.mark.parametrize(
    ("behavior", "on_supply", "on_shed"),
    [
        ("each", [OVERLOAD], [SHED_OVERLOAD]),
        ("first", [OVERLOAD], []),
        ("all", [], [SHED_OVERLOAD]),
    ],
)
async def test_each_first_and_all_of_several(
    hass: HomeAssistant,
    house: House,
    behavior: str,
    on_supply: list[str],
    on_shed: list[str],
) -> None:
    """First the supply is overloaded (36 A on 32 A), then the shed too (20 A on 16 A)."""
    await put_up_shed(house)
    calls = await note(hass, trigger("overload_started", BOTH, behavior=behavior))
    await house.measure(36)
    assert noted(calls) == on_supply
    await house.set_state(SHED_METER, 20, "A")
    assert noted(calls) == on_shed


async def test_an_overload_of_a_circuit_is_one_of_its_site(
    hass: HomeAssistant, house: House
) -> None:
    """There are 20 A on the 16 A of the shed, and 10 A in all."""
    await put_up_shed(house)
    calls = await note(hass, trigger("overload_started", BOTH))
    await house.set_state(SHED_METER, 20, "A")
    assert sorted(noted(calls)) == [OVERLOAD, SHED_OVERLOAD]


async def test_a_device_or_an_area_is_as_good(
    hass: HomeAssistant, house: House
) -> None:
    """The device has an overload and a meter problem; each trigger takes its own.

    The meter problem is a diagnostic entity.
    """
    await house.measure(10)
    await house.set_up()
    site = device_of(hass, OVERLOAD)
    area = ar.async_get(hass).async_create("Utility room")
    dr.async_get(hass).async_update_device(site["device_id"], area_id=area.id)
    in_area = {"area_id": area.id}
    calls = await note(
        hass,
        trigger("overload_started", site),
        trigger("overload_started", in_area),
        trigger("meter_lost", site),
        trigger("meter_lost", in_area),
    )
    await house.measure(36)
    assert noted(calls) == [OVERLOAD, OVERLOAD]
    assert await passes(hass, "is_overloaded", site)
    assert not await passes(hass, "is_meter_lost", site)
    await house.measure("unavailable")
    assert noted(calls) == [METER_PROBLEM, METER_PROBLEM]
    assert await passes(hass, "is_meter_lost", in_area)
    assert not await passes(hass, "is_overloaded", in_area)


async def test_an_entity_of_another_name(hass: HomeAssistant, house: House) -> None:
    """Renamed to binary_sensor.fuse, it is still recognised."""
    await house.measure(10)
    await house.set_up()
    er.async_get(hass).async_update_entity(
        OVERLOAD, new_entity_id="binary_sensor.fuse", name="Fuse"
    )
    await hass.async_block_till_done()
    calls = await note(hass, trigger("overload_started", "binary_sensor.fuse"))
    await house.measure(36)
    assert noted(calls) == ["binary_sensor.fuse"]


async def test_what_would_never_count_is_refused(
    hass: HomeAssistant, house: House
) -> None:
    """An entity of another kind, or a device without one; the error says what fits."""
    await house.measure(10)
    await house.set_up()
    refused: dict[str, dict[str, Any]] = {
        METER_PROBLEM: {"entity_id": [OVERLOAD, METER_PROBLEM]},
        "Garage": device_of(hass, WAITING),
    }
    for name, target in refused.items():
        config = [{"platform": f"{DOMAIN}.overload_started", "target": target}]
        words = f"{name} is not “Overload” of Load Sharing and has none. Choose"
        with pytest.raises(vol.Invalid, match=words):
            await triggers.async_validate_trigger_config(hass, config)
        with pytest.raises(vol.Invalid, match=words):
            await check(hass, "is_overloaded", target)


async def test_what_is_not_known_yet_is_taken(
    hass: HomeAssistant, house: House
) -> None:
    """The entity may be created later. Sensors of other integrations never count."""
    await house.measure(36)
    await house.set_up()
    for target in (
        {"entity_id": ["binary_sensor.later"]},
        {"device_id": ["later"]},
        {"entity_id": [METER]},
    ):
        assert not await passes(hass, "is_overloaded", target)


async def test_the_meter_is_lost_and_back(hass: HomeAssistant, house: House) -> None:
    """The meter is unavailable, then reports 10 A again."""
    await house.measure(10)
    await house.set_up()
    lost = await note(
        hass, trigger("meter_lost", METER_PROBLEM), trigger("meter_back", METER_PROBLEM)
    )
    assert not await passes(hass, "is_meter_lost", METER_PROBLEM)
    await house.measure("unavailable")
    assert noted(lost) == [METER_PROBLEM]
    assert await passes(hass, "is_meter_lost", METER_PROBLEM)
    await house.measure("unknown")
    assert noted(lost) == []
    await house.measure(10)
    assert noted(lost) == [METER_PROBLEM]
    assert not await passes(hass, "is_meter_lost", METER_PROBLEM)


async def test_charging_is_paused_and_resumed(
    hass: HomeAssistant, house: House
) -> None:
    """16 A beside 4 A; 28 A of other load leave 4 A: paused once, resumed once."""
    house.number.show(16)
    car = Car(hass, house.number.entity_id)
    await house.measure(20)
    await house.set_up()
    await house.live(30, 4, car)
    paused = trigger("charging_paused", WAITING)
    resumed = trigger("charging_resumed", WAITING)
    calls = await note(hass, paused, resumed)
    assert not await passes(hass, "is_charging_paused", WAITING)
    await house.live(60, 28, car)
    assert house.state("sensor.garage_current_set") == "0.0"
    assert noted(calls) == [WAITING]
    assert await passes(hass, "is_charging_paused", WAITING)
    await house.live(10, 4, car)
    assert house.state("sensor.garage_limited_by") == "ramp_up"
    assert await passes(hass, "is_charging_paused", WAITING)
    await house.live(20, 4, car)
    assert house.number.native_value is not None
    assert house.number.native_value > 0
    assert noted(calls) == [WAITING]
    assert not await passes(hass, "is_charging_paused", WAITING)


async def test_a_pause_for_the_lost_meter_is_none_for_lack_of_headroom(
    hass: HomeAssistant, house: House
) -> None:
    """It stops after the grace period and resumes later: neither trigger fires."""
    house.number.show(16)
    car = Car(hass, house.number.entity_id)
    await house.measure(20)
    await house.set_up()
    await house.live(20, 4, car)
    calls = await note(
        hass, trigger("charging_paused", WAITING), trigger("charging_resumed", WAITING)
    )
    await house.measure("unavailable")
    await house.wait(30)
    assert house.sent[-1] == 0
    assert house.state(WAITING) == "unknown"
    await house.live(60, 4, car)
    assert house.sent[-1] > 0
    assert house.state(WAITING) == "off"
    await house.switch_balancing(on=False)
    assert house.state(WAITING) == "unknown"
    assert noted(calls) == []


async def test_the_first_and_the_last_charger_to_be_paused(
    hass: HomeAssistant, house: House
) -> None:
    """There are 12 A for both, then 10 A (one waits), then 4 A (both wait)."""
    await house.put_up_second()
    numbers = (house.number, house.second_number)
    for number in numbers:
        number.show(6)
    cars = [Car(hass, number.entity_id) for number in numbers]
    await house.measure(32)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    target = {"entity_id": [WAITING, SECOND_WAITING]}
    await house.live(20, 20, *cars)
    first = await note(hass, trigger("charging_paused", target, behavior="first"))
    last = await check(hass, "is_charging_paused", target, behavior="all")
    await house.live(20, 22, *cars)
    assert len(noted(first)) == 1
    assert await passes(hass, "is_charging_paused", target, behavior="any")
    assert not last.async_check()
    await house.live(20, 28, *cars)
    assert noted(first) == []
    assert last.async_check()


async def test_conditions_of_several(hass: HomeAssistant, house: House) -> None:
    """Any or all of them. Without a meter, neither condition passes."""
    await put_up_shed(house)
    await house.measure(36)
    assert await passes(hass, "is_overloaded", BOTH)
    assert not await passes(hass, "is_overloaded", BOTH, behavior="all")
    assert await passes(hass, "is_not_overloaded", BOTH)
    assert not await passes(hass, "is_not_overloaded", BOTH, behavior="all")
    await house.set_state(SHED_METER, 20, "A")
    assert await passes(hass, "is_overloaded", BOTH, behavior="all")
    await house.measure("unavailable")
    assert not await passes(hass, "is_overloaded", OVERLOAD)
    assert not await passes(hass, "is_not_overloaded", OVERLOAD)


async def test_a_condition_that_has_to_last(hass: HomeAssistant, house: House) -> None:
    """The condition is: not overloaded for ten minutes."""
    await house.measure(36)
    await house.set_up()
    calm = await check(hass, "is_not_overloaded", OVERLOAD, **{"for": {"minutes": 10}})
    await house.measure(20)
    await house.wait(599)
    assert not calm.async_check()
    await house.wait(2)
    assert calm.async_check()
    await house.measure(36)
    assert not calm.async_check()


async def test_an_automation_with_a_condition(
    hass: HomeAssistant, house: House
) -> None:
    """Tells of an overload only while charging is paused: then the car is not it.

    36 A of which the car gives up 4; later 40 A without it.
    """
    house.number.show(24)
    car = Car(hass, house.number.entity_id)
    await house.measure(28)
    await house.set_up()
    await house.live(20, 4, car)
    calls = async_mock_service(hass, "test", "note")
    started, paused = trigger("overload_started", OVERLOAD), WAITING
    when = {
        "condition": f"{DOMAIN}.is_charging_paused",
        "target": {"entity_id": paused},
    }
    await automate(hass, {"triggers": started, "conditions": when, "actions": NOTE})
    await house.live(20, 12, car)
    assert house.state("sensor.garage_current_set") == "20.0"
    assert noted(calls) == []
    await house.live(20, 28, car)
    assert house.state(paused) == "on"
    calls.clear()
    await house.measure(40)
    assert noted(calls) == [OVERLOAD]


async def test_load_sharing_starts_and_ends(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A cooldown opens valves; the bath gets warm, and they are given back."""
    await radiators.set_up_heating()
    calls = await note(
        hass, trigger("sharing_started", SHARING), trigger("sharing_ended", SHARING)
    )
    assert not await passes(hass, "is_sharing", SHARING)
    await radiators.cool_down()
    await radiators.wait(5)
    assert noted(calls) == [SHARING]
    assert await passes(hass, "is_sharing", SHARING)
    await radiators.wait(600)
    await radiators.warm_bath(22.5)
    await radiators.wait(1)
    assert noted(calls) == [SHARING]
    assert not await passes(hass, "is_sharing", SHARING)


async def test_the_automation_editor_knows_them(
    hass: HomeAssistant, house: House
) -> None:
    """All have a description that Home Assistant accepts, and are offered for devices."""
    await house.measure(10)
    await house.set_up()
    described: dict[str, Any] = {
        **await triggers.async_get_all_descriptions(hass),
        **await condition.async_get_all_descriptions(hass),
    }
    for name in (*TRIGGERS, *CONDITIONS):
        description = described[f"{DOMAIN}.{name}"]
        assert set(description["fields"]) == {"behavior", "for"}
        assert description["target"]["entity"][0]["integration"] == DOMAIN

    site, charger = device_of(hass, OVERLOAD), device_of(hass, WAITING)
    for_site = await async_get_triggers_for_target(hass, site, expand_group=False)
    assert {f"{DOMAIN}.overload_started", f"{DOMAIN}.meter_lost"} <= for_site
    for_charger = await async_get_triggers_for_target(hass, charger, expand_group=False)
    assert f"{DOMAIN}.charging_paused" in for_charger
    assert f"{DOMAIN}.overload_started" not in for_charger
    for kind in ("triggers", "conditions"):
        texts = await async_get_translations(hass, "es", kind, [DOMAIN])
        for name in TRIGGERS if kind == "triggers" else CONDITIONS:
            assert texts[f"component.{DOMAIN}.{kind}.{name}.name"]
        icons = await async_get_icons(hass, kind, [DOMAIN])
        assert set(icons[DOMAIN]) == set(TRIGGERS if kind == "triggers" else CONDITIONS)
    asked = await async_get_conditions_for_target(hass, site, expand_group=False)
    assert {f"{DOMAIN}.is_overloaded", f"{DOMAIN}.is_meter_lost"} <= asked


async def test_automations_that_are_there_before_the_site(
    hass: HomeAssistant, house: House
) -> None:
    """This is the case when Home Assistant starts, and when the site is reloaded."""
    calls = await note(hass, trigger("overload_started", OVERLOAD))
    await house.measure(10)
    entry = await house.set_up()
    await house.measure(36)
    assert noted(calls) == [OVERLOAD]
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert noted(calls) == []
    await house.measure(20)
    await house.measure(36)
    assert noted(calls) == [OVERLOAD]


async def test_a_pause_that_a_reload_finds_is_not_told_again(
    hass: HomeAssistant, house: House
) -> None:
    """The charger is at 0 A for lack of headroom, before and after the reload."""
    house.number.show(16)
    car = Car(hass, house.number.entity_id)
    await house.measure(20)
    entry = await house.set_up()
    await house.live(20, 4, car)
    calls = await note(hass, trigger("charging_paused", WAITING))
    await house.live(20, 28, car)
    assert noted(calls) == [WAITING]
    assert await hass.config_entries.async_reload(entry.entry_id)
    await house.live(20, 28, car)
    assert house.state(WAITING) == "on"
    assert noted(calls) == []
