"""Config entries that no form would accept: edited by hand, or damaged."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.load_sharing.charging.circuit_config import CircuitConfig
from custom_components.load_sharing.charging.config import ChargerConfig, SupplyConfig
from custom_components.load_sharing.charging.engine.mains import Mains, Wiring
from custom_components.load_sharing.charging.setup import forms, supply_forms
from custom_components.load_sharing.const import PHASES
from custom_components.load_sharing.heating.config import BoilerConfig, RoomConfig
from custom_components.load_sharing.heating.setup import forms as heating_forms
from custom_components.load_sharing.site.validation import ConfigDamagedError

from ..homes.house import (
    ACTIONS,
    CHARGER,
    METERS,
    NUMBER,
    OPTIONS,
    SUPPLY,
    THREE_PHASES,
    Car,
    House,
)
from ..homes.radiators import BOILER, LOUNGE, ROOMS, RadiatorHouse

CIRCUIT = {"limit_a": 20.0, "phases": ["l1"]}
ONE_PHASE = Mains(Wiring.NEUTRAL, 230.0, (0,))
GONE: Any = object()
"""Stands for a missing key."""


def changed(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return data with some fields changed, or left out."""
    return {key: value for key, value in (data | changes).items() if value is not GONE}


NO_NUMBERS: list[Any] = [
    GONE,
    None,
    "32",
    True,
    [32],
    float("nan"),
    float("inf"),
    -1,
    10_000,
]

SUPPLIES: list[tuple[str, dict[str, Any]]] = [
    *[(key, {key: value}) for key in ("limit_a", "voltage_v") for value in NO_NUMBERS],
    ("voltage_v", {"voltage_v": 0}),
    ("limit_a", {"limit_a": 0}),
    *[("meter_l1", {"meter_l1": value}) for value in (GONE, None, 5, "", "meter")],
    ("wiring", {"wiring": "delta"}),
    ("wiring", {"wiring": "no_neutral"}),
    ("wiring", {"wiring": "split_phase"}),
    ("wiring", {"wiring": "split_phase", "meter_l3": METERS[2]}),
    ("meter_l2", {"meter_l2": 7}),
    ("total", {"total": "yes"}),
    ("total", {"total": True, "meter_l2": METERS[1], "meter_l3": METERS[2]}),
    *[("export_sign", {"export_sign": value}) for value in (GONE, None, 1, "up")],
    ("export_l1", {"export_sign": "separate"}),
    ("export_l1", {"export_l1": "nothing"}),
    (
        "export_l2",
        {
            "meter_l2": METERS[1],
            "meter_l3": METERS[2],
            "export_l1": "sensor.e1",
            "export_l3": "sensor.e3",
        },
    ),
    ("external_limit_entity", {"external_limit_entity": {}}),
]

BAD_OPTIONS: list[tuple[str, dict[str, Any]]] = [
    *[("meter_lost_action", {"meter_lost_action": value}) for value in (None, 3, "x")],
    *[
        (key, {key: value})
        for key in ("fallback_current_a", "grace_s", "max_age_s")
        for value in NO_NUMBERS
        if value is not GONE and value != 10_000
    ],
]

CHARGERS: list[tuple[str, dict[str, Any]]] = [
    *[
        ("starting_values", {"starting_values": value})
        for value in (None, 5, [5], {"weight": "5"}, {"weight": float("nan")})
    ],
    ("starting_values", {"starting_values": {"weight": True}}),
    *[
        (key, {key: value})
        for key in ("min_current_a", "max_current_a")
        for value in NO_NUMBERS
    ],
    ("min_current_a", {"min_current_a": 10, "max_current_a": 8}),
    ("phases", {"phases": GONE}),
    ("phases", {"phases": []}),
    ("phases", {"phases": "l1"}),
    ("phases", {"phases": ["l4"]}),
    ("phases", {"phases": [1]}),
    ("phases", {"phases": [["l1"]]}),
    ("phases", {"phases": ["l1", "l1"]}),
    ("first_phase", {"first_phase": "l9"}),
    ("circuit", {"circuit": ["yard"]}),
    *[("control", {"control": value}) for value in (GONE, None, "magic", 1)],
    *[("number_entity", {"number_entity": value}) for value in (GONE, None, 1, "x")],
    ("switch_entity", {"switch_entity": 1}),
    ("select_entity", {"control": "select"}),
    (
        "pause_option",
        {"control": "select", "select_entity": "select.x", "pause_option": 0},
    ),
    ("set_current", {"control": "actions"}),
    ("set_current", {"control": "actions", "set_current": []}),
    ("set_current", {"control": "actions", "set_current": ["go"]}),
    ("stop", {**ACTIONS, "stop": "halt"}),
    ("charger_id", {**ACTIONS, "charger_id": 4}),
    ("status_entity", {"status_entity": 1}),
    ("charging_states", {"charging_states": [None]}),
    ("charging_states", {"charging_states": "charging"}),
    ("draw_entity", {"draw_entity": 1}),
    ("offered_entity", {"offered_entity": "offer"}),
    ("presence_entity", {"presence_entity": "here"}),
]

CIRCUITS: list[tuple[str, dict[str, Any]]] = [
    *[("limit_a", {"limit_a": value}) for value in NO_NUMBERS],
    ("phases", {"phases": ["l2", "l9"]}),
    ("phases", {"phases": GONE}),
    ("parent", {"parent": 4}),
    ("meter_l1", {"meter_l1": "meter"}),
]

BOILERS: list[tuple[str, dict[str, Any]]] = [
    ("burner_entity", {"burner_entity": 1}),
    ("flow_entity", {"flow_entity": "flow"}),
    ("cooldown_entity", {"cooldown_entity": 5}),
    ("cycling_protection", {"cycling_protection": "no"}),
    *[
        ("floor_c", {"floor_c": value})
        for value in (None, "30", True, float("nan"), -273, 90)
    ],
]

BAD_ROOMS: list[tuple[str, dict[str, Any]]] = [
    *[("actuator", {"actuator": value}) for value in (GONE, None, "hands", 1)],
    *[("demand", {"demand": value}) for value in (GONE, None, "hunger", 2)],
    ("valve_entity", {"valve_entity": GONE}),
    ("climate_entity", {"actuator": "setpoint", "climate_entity": GONE}),
    *[
        (key, {key: value})
        for key in ("q50_w", "exponent", "comfort_c", "lookahead_min")
        for value in ("2", True, float("inf"), -1, 1e9)
    ],
    ("fallback_priority", {"fallback_priority": "first"}),
    ("schedule_entity", {"schedule_entity": 2}),
]


def field_of(error: ConfigDamagedError) -> tuple[str, str]:
    """Return the part and the field that an error names."""
    told = error.translation_placeholders or {}
    return told["part"], told["field"].partition(".")[0]


@pytest.mark.parametrize(("field", "changes"), SUPPLIES)
def test_a_supply_that_cannot_be(field: str, changes: dict[str, Any]) -> None:
    """The error names the field; no default replaces the value."""
    with pytest.raises(ConfigDamagedError) as error:
        SupplyConfig.from_entry({"supply": changed(SUPPLY, changes)}, OPTIONS)
    assert field_of(error.value) == ("The supply", field)


@pytest.mark.parametrize("supply", [GONE, None, 5, [], "supply"])
def test_a_supply_that_is_none(supply: Any) -> None:
    """It is not even a set of fields."""
    with pytest.raises(ConfigDamagedError) as error:
        SupplyConfig.from_entry(changed({}, {"supply": supply}), OPTIONS)
    assert field_of(error.value) == ("The supply", "data")


@pytest.mark.parametrize(("field", "changes"), BAD_OPTIONS)
def test_options_that_cannot_be(field: str, changes: dict[str, Any]) -> None:
    """The options belong to the supply."""
    with pytest.raises(ConfigDamagedError) as error:
        SupplyConfig.from_entry({"supply": SUPPLY}, changed(OPTIONS, changes))
    assert field_of(error.value) == ("The supply", field)


@pytest.mark.parametrize(("field", "changes"), CHARGERS)
def test_a_charger_that_cannot_be(field: str, changes: dict[str, Any]) -> None:
    """The error names the charger by its title."""
    with pytest.raises(ConfigDamagedError) as error:
        ChargerConfig.from_subentry("id", "Garage", changed(CHARGER, changes))
    assert field_of(error.value) == ("Garage", field)


def test_a_phase_that_the_supply_has_not() -> None:
    """A supply of one phase has no L2."""
    with pytest.raises(ConfigDamagedError):
        ChargerConfig.from_subentry(
            "id", "Garage", CHARGER | {"phases": ["l2"]}, ONE_PHASE
        )
    with pytest.raises(ConfigDamagedError):
        CircuitConfig.from_subentry(
            "id", "Yard", CIRCUIT | {"phases": ["l2"]}, ONE_PHASE
        )


@pytest.mark.parametrize(("field", "changes"), CIRCUITS)
def test_a_circuit_that_cannot_be(field: str, changes: dict[str, Any]) -> None:
    """The error names the circuit by its title."""
    with pytest.raises(ConfigDamagedError) as error:
        CircuitConfig.from_subentry("id", "Yard", changed(CIRCUIT, changes))
    assert field_of(error.value) == ("Yard", field)


@pytest.mark.parametrize(("field", "changes"), BOILERS)
def test_a_boiler_that_cannot_be(field: str, changes: dict[str, Any]) -> None:
    """The boiler has no title of its own."""
    with pytest.raises(ConfigDamagedError) as error:
        BoilerConfig.from_data(changed(BOILER, changes))
    assert field_of(error.value) == ("The boiler", field)


@pytest.mark.parametrize(("field", "changes"), BAD_ROOMS)
def test_a_room_that_cannot_be(field: str, changes: dict[str, Any]) -> None:
    """The error names the room by its title."""
    with pytest.raises(ConfigDamagedError) as error:
        RoomConfig.from_subentry("id", "Lounge", changed(LOUNGE, changes))
    assert field_of(error.value) == ("Lounge", field)


def test_what_a_newer_version_added_is_left_alone() -> None:
    """Unknown fields are ignored."""
    newer = {"since_2.0": {"anything": [1, None]}}
    SupplyConfig.from_entry({"supply": SUPPLY | newer}, OPTIONS | newer)
    SupplyConfig.from_entry({"supply": THREE_PHASES}, {})
    ChargerConfig.from_subentry("id", "Garage", CHARGER | newer)
    CircuitConfig.from_subentry("id", "Yard", CIRCUIT | newer)
    BoilerConfig.from_data(BOILER | newer)
    for room in ROOMS.values():
        RoomConfig.from_subentry("id", "Room", room | newer)


@pytest.mark.parametrize(
    ("schema", "accept"),
    [
        (
            supply_forms.SUPPLY,
            lambda data: SupplyConfig.from_entry({"supply": data}, {}),
        ),
        (
            supply_forms.METER_LOST,
            lambda data: SupplyConfig.from_entry({"supply": SUPPLY}, data),
        ),
        (
            forms.charger(PHASES),
            lambda data: ChargerConfig.from_subentry("id", "Garage", CHARGER | data),
        ),
        (
            forms.circuit(PHASES, {}),
            lambda data: CircuitConfig.from_subentry("id", "Yard", CIRCUIT | data),
        ),
        (heating_forms.BOILER, BoilerConfig.from_data),
        (
            heating_forms.SHARING,
            lambda data: RoomConfig.from_subentry("id", "Lounge", LOUNGE | data),
        ),
    ],
)
def test_whatever_a_form_accepts_is_accepted(schema: Any, accept: Any) -> None:
    """The minimum and the maximum of each number are accepted."""
    base = SUPPLY if schema is supply_forms.SUPPLY else {}
    for key, selector in schema.schema.items():
        config = getattr(selector, "config", {})
        for bound in ("min", "max"):
            if bound in config:
                other = {"max_current_a": 80, "min_current_a": 1}
                accept(base | other | {str(key): config[bound]})


async def test_a_damaged_charger(hass: HomeAssistant, house: House) -> None:
    """The entry says in one sentence which charger and why, and nothing is sent."""
    await house.measure(60)
    house.number.show(20)
    entry = MockConfigEntry(
        domain="load_sharing",
        title="Home",
        data={"supply": SUPPLY},
        entry_id="site",
        subentries_data=[
            {
                "data": CHARGER | {"max_current_a": "many"},
                "subentry_id": "charger0",
                "subentry_type": "charger",
                "title": "Garage",
                "unique_id": None,
            }
        ],
    )
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup("site")
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "config_damaged"
    assert entry.reason == (
        "Garage cannot be used as it is configured: “max_current_a” is no number. "
        "Reconfigure or remove it"
    )
    issue = ir.async_get(hass).async_get_issue("load_sharing", "charging_down_site")
    assert issue is not None
    assert issue.severity is ir.IssueSeverity.CRITICAL
    assert house.sent == []
    charger = entry.subentries["charger0"]
    hass.config_entries.async_update_subentry(entry, charger, data=CHARGER)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    await house.wait(4)
    assert house.sent[-1] == 0
    assert not ir.async_get(hass).async_get_issue("load_sharing", "charging_down_site")


async def test_a_damaged_room_leaves_the_chargers_balanced(
    hass: HomeAssistant, radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the heating is down, and the log has no traceback."""
    wallbox = {
        "charger": (ACTIONS, "Garage"),
        "room": (LOUNGE | {"demand": 5}, "Lounge"),
    }
    sent = async_mock_service(hass, "test", "set_current")
    await radiators.measure(60)
    entry = MockConfigEntry(
        domain="load_sharing",
        title="Home",
        data={"supply": SUPPLY, "boiler": BOILER},
        entry_id="site",
        subentries_data=[
            {
                "data": data,
                "subentry_id": kind,
                "subentry_type": kind,
                "title": title,
                "unique_id": None,
            }
            for kind, (data, title) in wallbox.items()
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup("site")
    await hass.async_block_till_done()
    await radiators.wait(4)
    assert sent[-1].data["amperes"] == 0
    issue = ir.async_get(hass).async_get_issue("load_sharing", "heating_down_site")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert "Lounge" in issue.translation_placeholders["reason"]
    assert "demand" in issue.translation_placeholders["reason"]
    assert "Traceback" not in caplog.text


async def test_two_circuits_that_are_part_of_each_other_do_not_hang(
    house: House,
) -> None:
    """A charger on one of them is balanced within its limit."""
    await house.measure(0)
    yard = CIRCUIT | {"limit_a": 10.0}
    circuits = {"a": yard | {"parent": "b"}, "b": yard | {"parent": "a"}}
    await house.set_up(
        charger={"circuit": "a", "number_entity": NUMBER}, circuits=circuits
    )
    await house.live(60, 0, Car(house.hass, NUMBER))
    assert house.sent[-1] == 10
