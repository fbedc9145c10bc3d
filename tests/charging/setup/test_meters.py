"""Meters that are there already are found, and offered before the form of a supply."""

from pathlib import Path
from typing import Any, NamedTuple

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.charging.setup.meters import (
    find_disabled_meters,
    find_meters,
)
from custom_components.load_sharing.charging.setup.presets.meters import METERS
from custom_components.load_sharing.const import DOMAIN

from ...homes.forms import enter, suggested
from ...homes.house import SUPPLY, THREE_PHASES, House


class Registry(NamedTuple):
    """Sensors of one meter as its integration registers them, and the expected fields."""

    platform: str
    unique_ids: tuple[str, ...]
    fields: dict[str, str]


def _fields(sign: str, meters: list[str], exports: list[str] = []) -> dict[str, str]:  # noqa: B006
    """Return form fields with unique IDs instead of the entities."""
    numbered = {f"meter_l{number}": key for number, key in enumerate(meters, 1)}
    numbered |= {f"export_l{number}": key for number, key in enumerate(exports, 1)}
    return numbered | {"export_sign": sign}


_DSMR_POSITIVE = [f"1234_instantaneous_active_power_l{x}_positive" for x in (1, 2, 3)]
_DSMR_NEGATIVE = [f"1234_instantaneous_active_power_l{x}_negative" for x in (1, 2, 3)]
_DSMR_CURRENTS = [f"1234_instantaneous_current_l{x}" for x in (1, 2, 3)]
_DSMR_TOTALS = ["1234_current_electricity_usage", "1234_current_electricity_delivery"]
_READER_IN = [f"abc-dsmr_reading_phase_currently_delivered_l{x}" for x in (1, 2, 3)]
_READER_OUT = [f"abc-dsmr_reading_phase_currently_returned_l{x}" for x in (1, 2, 3)]
_P1_IN = [f"abc_phases_power_consumed_phase_l{x}" for x in (1, 2, 3)]
_P1_OUT = [f"abc_phases_power_produced_phase_l{x}" for x in (1, 2, 3)]
_TIBBER = [f"home_rt_currentL{x}" for x in (1, 2, 3)]
_SMA_IN = [f"3006927010-6100_0046{x}00_0" for x in ("EB", "EC", "ED")]
_SMA_OUT = [f"3006927010-6100_0046{x}00_0" for x in ("E8", "E9", "EA")]
_FRONIUS = [f"16420055-power_real_phase_{x}" for x in (1, 2, 3)]
_3EM = [f"123456789ABC-emeter_{x}-power" for x in (0, 1, 2)]
_PRO_3EM = [f"123456789ABC-em:0-{x}_act_power" for x in "abc"]

REGISTRIES = {
    "dsmr": Registry(
        "dsmr",
        (*_DSMR_TOTALS, *_DSMR_CURRENTS, *_DSMR_POSITIVE, *_DSMR_NEGATIVE),
        _fields("separate", _DSMR_POSITIVE, _DSMR_NEGATIVE),
    ),
    "dsmr without a neutral": Registry(
        "dsmr",
        (*_DSMR_TOTALS, *_DSMR_CURRENTS),
        _fields("unsigned", _DSMR_CURRENTS, _DSMR_TOTALS[1:]),
    ),
    "dsmr of one phase": Registry(
        "dsmr",
        (*_DSMR_TOTALS, _DSMR_POSITIVE[0], _DSMR_NEGATIVE[0]),
        _fields("separate", _DSMR_TOTALS[:1], _DSMR_TOTALS[1:]),
    ),
    "dsmr_reader": Registry(
        "dsmr_reader",
        (*_READER_IN, *_READER_OUT),
        _fields("separate", _READER_IN, _READER_OUT),
    ),
    "p1_monitor": Registry(
        "p1_monitor", (*_P1_IN, *_P1_OUT), _fields("separate", _P1_IN, _P1_OUT)
    ),
    "tibber": Registry(
        "tibber",
        ("home_rt_power", "home_rt_powerProduction", *_TIBBER),
        _fields("unsigned", _TIBBER, ["home_rt_powerProduction"]),
    ),
    "tibber without production": Registry(
        "tibber", ("home_rt_power", *_TIBBER), _fields("negative", _TIBBER)
    ),
    "tibber of one phase": Registry(
        "tibber",
        ("home_rt_power", "home_rt_powerProduction", _TIBBER[0]),
        _fields("separate", ["home_rt_power"], ["home_rt_powerProduction"]),
    ),
    "tibber of one phase without production": Registry(
        "tibber",
        ("home_rt_power", _TIBBER[0]),
        _fields("negative", ["home_rt_power"]),
    ),
    "sma": Registry(
        "sma",
        ("3006927010-6100_40263F00_0", *_SMA_IN, *_SMA_OUT),
        _fields("separate", _SMA_IN, _SMA_OUT),
    ),
    "fronius": Registry(
        "fronius",
        ("16420055-power_real", *_FRONIUS),
        _fields("negative", _FRONIUS),
    ),
    "fronius of one phase": Registry(
        "fronius",
        ("16420055-power_real", _FRONIUS[0]),
        _fields("negative", _FRONIUS[:1]),
    ),
    "shelly 3em": Registry("shelly", (*_3EM,), _fields("negative", _3EM)),
    "shelly pro 3em": Registry("shelly", (*_PRO_3EM,), _fields("negative", _PRO_3EM)),
}


def test_every_meter_is_documented() -> None:
    """By its integration, with the version that was read."""
    docs = (Path(__file__).parents[3] / "docs" / "meters.md").read_text()
    for preset in METERS:
        assert f"(`{preset.platform}`)" in docs


def register(
    hass: HomeAssistant, platform: str, *unique_ids: str, title: str = "Mains"
) -> dict[str, str]:
    """Register the sensors of a meter; return their entity IDs by unique ID."""
    entry = MockConfigEntry(domain=platform, title=title)
    entry.add_to_hass(hass)
    registry = er.async_get(hass)
    return {
        unique_id: registry.async_get_or_create(
            "sensor", platform, unique_id, config_entry=entry
        ).entity_id
        for unique_id in unique_ids
    }


@pytest.mark.parametrize("known", REGISTRIES.values(), ids=REGISTRIES)
def test_a_whole_set_of_sensors_is_found(hass: HomeAssistant, known: Registry) -> None:
    """All phases with their direction, whatever else the meter has."""
    entities = register(hass, known.platform, *known.unique_ids)
    (found,) = find_meters(hass).values()
    assert found.fields == {
        field: entities.get(value, value) for field, value in known.fields.items()
    }
    assert found.name.startswith("Mains (")


@pytest.mark.parametrize(
    ("platform", "unique_ids"),
    [
        ("dsmr", (*_DSMR_POSITIVE, *_DSMR_NEGATIVE[:2])),
        ("dsmr", (*_DSMR_TOTALS, *_DSMR_POSITIVE)),
        ("dsmr_reader", (_READER_IN[0], _READER_OUT[0])),
        ("tibber", ("home_rt_power", _TIBBER[0], _TIBBER[2])),
        ("shelly", ("123456789ABC-switch:0-power",)),
        ("fronius", ("16420055-power_real", *_FRONIUS[:2])),
        ("another", (*_DSMR_POSITIVE, *_DSMR_NEGATIVE)),
    ],
)
def test_a_set_that_lacks_a_phase_is_not_offered(
    hass: HomeAssistant, platform: str, unique_ids: tuple[str, ...]
) -> None:
    """Nothing is better than a fuse that is watched on two phases of three."""
    register(hass, platform, *unique_ids)
    assert find_meters(hass) == {}


def test_sensors_that_are_disabled_make_no_set(hass: HomeAssistant) -> None:
    """Those of three phases are, at first; the totals are no meter of one phase then."""
    ids = (*_DSMR_TOTALS, *_DSMR_POSITIVE, *_DSMR_NEGATIVE)
    entities = register(hass, "dsmr", *ids)
    registry = er.async_get(hass)
    for unique_id in (*_DSMR_POSITIVE, *_DSMR_NEGATIVE):
        registry.async_update_entity(
            entities[unique_id], disabled_by=er.RegistryEntryDisabler.INTEGRATION
        )
    assert find_meters(hass) == {}
    (meter,) = find_disabled_meters(hass)
    assert meter.fields["meter_l2"] == entities[_DSMR_POSITIVE[1]]
    assert len(meter.disabled) == 6


def test_sensors_that_the_user_disabled_are_not_asked_for(hass: HomeAssistant) -> None:
    """There is a reason for it that only the user knows."""
    entities = register(hass, "dsmr", *_DSMR_POSITIVE, *_DSMR_NEGATIVE)
    er.async_get(hass).async_update_entity(
        entities[_DSMR_POSITIVE[0]], disabled_by=er.RegistryEntryDisabler.USER
    )
    assert find_disabled_meters(hass) == []


def test_the_clamps_of_an_em_are_two_meters(hass: HomeAssistant) -> None:
    """Either may be around the supply; of a 3EM, all three are."""
    entities = register(hass, "shelly", *_3EM[:2], "AAAAAAAAAAAA-emeter_0-power")
    meters = [found.fields["meter_l1"] for found in find_meters(hass).values()]
    assert meters == list(entities.values())


async def begin(hass: HomeAssistant, kind: str = "one_phase") -> Any:
    """Start to add a site with a supply of some kind."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    await enter(hass, menu["flow_id"], {"next_step_id": "charging"})
    return await enter(hass, menu["flow_id"], {"next_step_id": kind})


async def test_what_is_found_is_offered_first_and_filled_in(
    hass: HomeAssistant, house: House
) -> None:
    """A DSMR meter: its six sensors are there to be confirmed, with what they show."""
    known = REGISTRIES["dsmr"]
    entities = register(hass, known.platform, *known.unique_ids, title="/dev/ttyUSB0")
    for entity_id in entities.values():
        await house.set_state(entity_id, 0.4, "kW")
    form = await begin(hass, "three_phases")
    assert form["step_id"] == "supply"
    live = form["description_placeholders"]["shows_meter_l1"]
    assert "0.4 kW = 1.74 A" in live
    filled = suggested(form)
    assert filled["meter_l3"] == entities[_DSMR_POSITIVE[2]]
    assert filled["export_sign"] == "separate"
    entered = filled | {"name": "Home", "limit_a": 25.0, "voltage_v": 230.0}
    form = await enter(hass, form["flow_id"], entered)
    assert form["step_id"] == "export"
    exports = suggested(form)
    assert list(exports.values()) == [entities[key] for key in _DSMR_NEGATIVE]
    done = await enter(hass, form["flow_id"], exports)
    assert done["result"].data["supply"]["export_l2"] == entities[_DSMR_NEGATIVE[1]]


async def test_the_form_says_which_sensors_to_enable(
    hass: HomeAssistant, house: House
) -> None:
    """Nothing is found, as the meter's integration disables what is needed."""
    entities = register(hass, "dsmr", *_DSMR_POSITIVE, *_DSMR_NEGATIVE)
    registry = er.async_get(hass)
    for number, entity_id in enumerate(entities.values()):
        registry.async_update_entity(
            entity_id,
            disabled_by=er.RegistryEntryDisabler.INTEGRATION,
            name=f"Power {number}",
        )
    form = await begin(hass, "three_phases")
    assert form["description_placeholders"]["disabled"] == (
        "\n\nDisabled by its integration. To have it filled in, enable it first, "
        "then start over:\n\n- Mains (DSMR Smart Meter): "
        "Power 0, Power 1, Power 2, Power 3, Power 4, Power 5"
    )
    form = await begin(hass, "one_phase")
    assert form["description_placeholders"]["disabled"] == ""


async def test_another_meter_can_be_entered(hass: HomeAssistant, house: House) -> None:
    """Of several that may be it, none has to be: then nothing is filled in."""
    register(hass, "shelly", *_3EM[:2], "AAAAAAAAAAAA-emeter_0-power")
    await house.measure(10)
    form = await begin(hass)
    assert form["step_id"] == "meter"
    (field,) = form["data_schema"].schema
    options = form["data_schema"].schema[field].config["options"]
    assert [option["value"] for option in options][3:] == ["none"]
    form = await enter(hass, form["flow_id"], {"preset": "none"})
    assert form["step_id"] == "supply"
    assert "meter_l1" not in suggested(form)
    entered = {"name": "Home"} | SUPPLY
    done = await enter(hass, form["flow_id"], entered)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_the_one_of_several_that_is_chosen_is_filled_in(
    hass: HomeAssistant,
) -> None:
    """Either clamp of an EM may be around the supply."""
    entities = register(hass, "shelly", *_3EM[:2], "AAAAAAAAAAAA-emeter_0-power")
    form = await begin(hass)
    second = list(entities.values())[1]
    form = await enter(hass, form["flow_id"], {"preset": second})
    assert suggested(form)["meter_l1"] == second


async def test_a_supply_can_be_added_to_a_boiler_with_what_is_found(
    hass: HomeAssistant,
) -> None:
    """The same, without a name to ask for."""
    entities = register(hass, "shelly", *_PRO_3EM)
    boiler = {"burner_entity": "binary_sensor.burner"}
    entry = MockConfigEntry(domain=DOMAIN, title="Home", data={"boiler": boiler})
    entry.add_to_hass(hass)
    menu = await entry.start_reconfigure_flow(hass)
    flow_id = menu["flow_id"]
    await enter(hass, flow_id, {"next_step_id": "add_supply"})
    form = await enter(hass, flow_id, {"next_step_id": "three_phases"})
    assert suggested(form)["meter_l2"] == entities[_PRO_3EM[1]]


async def test_the_meter_of_another_site_is_not_offered(
    hass: HomeAssistant, house: House
) -> None:
    """Nor is one offered to a supply that has one."""
    entities = register(hass, "shelly", *_PRO_3EM)
    keys = ("meter_l1", "meter_l2", "meter_l3")
    meters = dict(zip(keys, entities.values(), strict=True))
    for meter in meters.values():
        await house.set_state(meter, 0, "W")
    entry = await house.set_up(supply=THREE_PHASES | meters)
    form = await begin(hass, "three_phases")
    assert "meter_l1" not in suggested(form)
    menu = await entry.start_reconfigure_flow(hass)
    form = await enter(hass, menu["flow_id"], {"next_step_id": "change_supply"})
    assert form["step_id"] == "supply"
