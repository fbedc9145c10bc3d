"""A charger without a preset starts from its device."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.load_sharing.charging.setup.checks import check_supply
from custom_components.load_sharing.charging.setup.device import guess_fields

from ...homes.forms import enter_part, suggested
from ...homes.house import SUPPLY, House
from .installing import install

AMPERES = {"unit_of_measurement": "A", "min": 6, "max": 16}
CHARGER = (
    ("number", "current_limit"),
    ("number", "min_current"),
    ("number", "brightness"),
    ("switch", "charging"),
    ("switch", "lock"),
    ("sensor", "status"),
    ("sensor", "power"),
    ("sensor", "session_power"),
)
SHOWN: dict[str, tuple[str, dict[str, Any]]] = {
    "number current_limit": ("10", AMPERES),
    "number min_current": ("6", AMPERES),
    "number brightness": ("5", {"unit_of_measurement": "%"}),
    "switch charging": ("on", {}),
    "switch lock": ("off", {}),
    "sensor status": ("ready", {"options": ["ready", "charging", "error"]}),
    "sensor power": ("2300", {"unit_of_measurement": "W"}),
    "sensor session_power": ("1", {"unit_of_measurement": "W"}),
}


def put_up(
    hass: HomeAssistant, shown: dict[str, tuple[str, dict[str, Any]]] = SHOWN
) -> tuple[str, dict[str, str]]:
    """Register the charger; return its device, and its entities by what they are."""
    wanted = tuple((key.split()[0], key.split()[1]) for key in shown)
    entities = install(hass, "unheard_of", wanted, name="Wall box")
    for key, entity_id in entities.items():
        state, attributes = shown[key]
        name = {"friendly_name": f"Wall box {key.split()[1].replace('_', ' ')}"}
        hass.states.async_set(entity_id, state, attributes | name)
    entry = er.async_get(hass).async_get(next(iter(entities.values())))
    assert entry is not None
    assert entry.device_id is not None
    return entry.device_id, entities


async def test_what_the_names_say_is_filled_in(
    hass: HomeAssistant, house: House
) -> None:
    """What is doubtful is left out; the user sees and may change every field."""
    device_id, entities = put_up(hass)
    site = await house.set_up(chargers=[])
    form: Any = await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )
    assert form["step_id"] == "device"
    form = await enter_part(hass, form, {"device": device_id, "control": "number"})
    assert suggested(form) == {"name": "Wall box", "max_current_a": 16.0}
    assert "Wall box status: **ready**" in form["description_placeholders"]["found"]
    form = await enter_part(hass, form, suggested(form))
    assert form["step_id"] == "number"
    assert suggested(form) == {
        "number_entity": entities["number current_limit"],
        "switch_entity": entities["switch charging"],
    }
    live = form["description_placeholders"]
    assert live["shows_number_entity"] == "\n**→ 10 A**"
    assert live["shows_select_entity"] == ""
    form = await enter_part(hass, form, suggested(form))
    assert form["step_id"] == "feedback"
    assert suggested(form) == {
        "status_entity": entities["sensor status"],
        "charging_states": ["charging"],
        "draw_entity": entities["sensor power"],
    }
    shown = form["description_placeholders"]["shows_draw_entity"]
    assert shown == "\n**→ 2300 W = 10 A**"
    done = await enter_part(hass, form, suggested(form))
    assert done["title"] == "Wall box"
    assert done["data"]["number_entity"] == entities["number current_limit"]


def test_a_device_with_a_select_alone_is_driven_by_it(hass: HomeAssistant) -> None:
    """If its options are currents."""
    device_id, entities = put_up(
        hass,
        {
            "select current": ("6", {"options": ["6", "10", "16"]}),
            "select colour": ("red", {"options": ["red", "blue"]}),
            "switch charging": ("on", {}),
        },
    )
    fields = guess_fields(hass, device_id, "number")
    assert fields["control"] == "select"
    assert fields["select_entity"] == entities["select current"]
    assert guess_fields(hass, device_id, "actions")["control"] == "actions"


def test_without_a_device_nothing_is_guessed(hass: HomeAssistant) -> None:
    """Only how it is controlled was said."""
    assert guess_fields(hass, "gone", "actions") == {"control": "actions"}


def test_an_enabling_switch_is_no_led(hass: HomeAssistant) -> None:
    """Nor is what limits or allows discharging that of charging."""
    device_id, entities = put_up(
        hass,
        {
            "number discharge_current": ("10", AMPERES),
            "switch charging_enabled": ("on", {}),
            "switch allow_discharging": ("on", {}),
            "switch led_enabled": ("on", {}),
        },
    )
    fields = guess_fields(hass, device_id, "number")
    assert fields["switch_entity"] == entities["switch charging_enabled"]
    assert "number_entity" not in fields


async def test_what_is_our_own_is_refused(hass: HomeAssistant, house: House) -> None:
    """A charger that is set by its own maximum would follow itself; so would a meter."""
    await house.measure(10)
    site = await house.set_up()
    own = dr.async_get(hass).async_get_device_by_identifier(
        ("load_sharing", "charger0"), site.entry_id
    )
    assert own is not None
    form: Any = await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )
    chosen = {"device": own.id, "control": "number"}
    form = await enter_part(hass, form, chosen)
    assert form["errors"] == {"device": "own_entity"}
    assert suggested(form) == chosen
    form = await enter_part(hass, form, {"control": "number"})
    basics = {"name": "Again", "max_current_a": 16.0, "min_current_a": 6.0}
    form = await enter_part(hass, form, basics)
    number = {"number_entity": "number.garage_max_current"}
    form = await enter_part(hass, form, number)
    assert form["errors"] == {"number_entity": "own_entity"}
    errors = check_supply(
        hass, SUPPLY | {"meter_l1": "sensor.home_service_current"}, None
    )
    assert errors == {"meter_l1": "own_entity"}
