"""Every string that a user sees is translated, and no translation is unused."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any
from unittest.mock import Mock

from homeassistant.const import CONF_NAME
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.selector import EntitySelector
import pytest
import voluptuous as vol
import yaml  # type: ignore[import-untyped]

from custom_components.load_sharing import trigger
from custom_components.load_sharing.charging.config import ChargerConfig, SupplyConfig
from custom_components.load_sharing.charging.entities import charger, circuit, supply
from custom_components.load_sharing.charging.moment import CAUSES, LOADS
from custom_components.load_sharing.charging.setup import (
    charger_flow,
    forms,
    supply_flow,
    supply_forms,
)
from custom_components.load_sharing.charging.tuning import (
    charger_tunables,
    circuit_tunables,
    supply_tunables,
)
from custom_components.load_sharing.condition import CONDITIONS
from custom_components.load_sharing.config_flow import LoadSharingConfigFlow
from custom_components.load_sharing.const import CONF_EXPORTS, CONF_METERS, PHASES
from custom_components.load_sharing.heating.config import RoomConfig
from custom_components.load_sharing.heating.entities import heating, room
from custom_components.load_sharing.heating.setup import forms as heating_forms
from custom_components.load_sharing.heating.tuning import (
    HEATING_TUNABLES,
    room_tunables,
)
from custom_components.load_sharing.site import targets
from custom_components.load_sharing.site.descriptions import PartSensorDescription
from custom_components.load_sharing.site.repairs import findings, first_steps
from custom_components.load_sharing.site.setup.forms import (
    confirmable,
    named,
    pick_site,
)
from custom_components.load_sharing.site.setup.sections import Sections

from .homes.house import CHARGER, OPTIONS, SUPPLY

PACKAGE = Path(__file__).parent.parent / "custom_components" / "load_sharing"
LANGUAGES = sorted(path.stem for path in (PACKAGE / "translations").glob("*.json"))
EN: dict[str, Any] = json.loads((PACKAGE / "translations" / "en.json").read_text())
ICONS: dict[str, Any] = json.loads((PACKAGE / "icons.json").read_text())

SENSORS: tuple[PartSensorDescription[Any], ...] = (
    *supply.SENSORS,
    *supply.COUNTS,
    *supply.VOLTAGE_SENSORS,
    *supply.phase_sensors(0),
    *circuit.SENSORS,
    *charger.CIRCUIT_SENSORS,
    *charger.SENSORS,
    *charger.HAND_LIMIT_SENSORS,
    *charger.PHASE_SENSORS,
    *charger.ENERGY_SENSORS,
    *charger.TEST_SENSORS,
    *charger.TEST_DRAW_SENSORS,
    *heating.SENSORS,
    *room.SENSORS,
)
EVENTS = (
    supply.overload_event(lambda _: lambda: None),
    heating.sharing_event(lambda _: lambda: None),
)

CIRCUITS = {"garage": "Garage"}
SUPPLY_OF_ANY_KIND = vol.Schema(
    {**supply_forms.SUPPLY.schema, **supply_forms.METER_LOST.schema}
)
STEPS = {
    ("config", "meter"): forms.preset({}),
    ("config", "site"): pick_site({}),
    ("config", "supply"): confirmable(named(SUPPLY_OF_ANY_KIND)),
    ("config", "export"): supply_forms.exports(CONF_EXPORTS),
    ("config", "found_boiler"): heating_forms.found_boiler({}),
    ("config", "boiler"): confirmable(named(heating_forms.BOILER)),
    ("options", "init"): supply_forms.METER_LOST,
    ("circuit", "user"): forms.circuit(PHASES, CIRCUITS),
    ("circuit", "reconfigure"): forms.circuit(PHASES, CIRCUITS),
    ("charger", "preset"): forms.preset({}),
    ("charger", "device"): forms.DEVICE,
    ("charger", "user"): forms.charger(PHASES, CIRCUITS, is_new=True, is_known=True),
    ("charger", "reconfigure"): forms.charger(PHASES, CIRCUITS),
    ("charger", "number"): confirmable(forms.NUMBER_CONTROL),
    ("charger", "select"): confirmable(forms.SELECT_CONTROL),
    ("charger", "actions"): forms.ACTION_CONTROL,
    ("charger", "feedback"): forms.feedback(3),
    ("room", "found_head"): heating_forms.found_head({}),
    ("room", "user"): confirmable(heating_forms.ROOM),
    ("room", "reconfigure"): confirmable(heating_forms.ROOM),
    ("room", "control"): confirmable(
        heating_forms.control(valve=True, demand=True, actions=True)
    ),
    ("room", "sharing"): confirmable(heating_forms.SHARING),
}
SECTIONS: dict[tuple[str, str], Sections] = {
    ("config", "supply"): supply_forms.SUPPLY_SECTIONS,
    ("config", "boiler"): heating_forms.BOILER_SECTIONS,
    ("charger", "user"): forms.CHARGER_SECTIONS,
    ("charger", "reconfigure"): forms.CHARGER_SECTIONS,
    ("charger", "feedback"): forms.FEEDBACK_SECTIONS,
    ("room", "user"): heating_forms.ROOM_SECTIONS,
    ("room", "reconfigure"): heating_forms.ROOM_SECTIONS,
    ("room", "sharing"): heating_forms.SHARING_SECTIONS,
}
TOLD: dict[str, set[str]] = {
    "CIRCUIT_GONE": set(),
    "ENTITY_GONE": {"entities"},
    "WRONG_UNIT": {"entities"},
    "CHARGER_DISOBEYS": {"error"},
    "CHARGER_WIRED_ELSEWHERE": {"own", "found", "phases", "first"},
    "CHARGER_NOT_SEEN": {"meter", "missed_a"},
    "WATTS_ON_FEWER_PHASES": {"used", "phases"},
    "PAUSE_RAISES": {"min_a"},
    "LIMIT_TOO_LOW": {"limit_a", "chargers"},
    "METER_TOO_SLOW": {"entity_id", "interval_s", "loop_s"},
    "METER_UNSIGNED": set(),
    "METER_REVERSED": {"meter"},
    "VOLTAGE_LOST": {"entity_id", "used_v"},
    "BOILER_NEVER_SHARES": set(),
    "TAP_WATER_ALWAYS_ON": {"entities"},
    "SENSOR_SILENT": {"entities"},
    "NO_CHARGER": set(),
    "NO_ROOM": set(),
    "OTHER_VOLTAGE": {"entity_id", "used_v", "shown", "entered_v"},
}
SUBENTRIES = {"charger", "circuit", "room"}
PLACED = re.compile(r"{(\w+)}")
MENUS = {"user", "reconfigure", "mains"}


def leaves(tree: dict[str, Any], path: str = "") -> dict[str, str]:
    """Return all texts by their path."""
    texts: dict[str, str] = {}
    for key, value in tree.items():
        here = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            texts |= leaves(value, here)
        else:
            texts[here] = value
    return texts


def translations(language: str) -> dict[str, str]:
    """Return the texts of a language."""
    content = (PACKAGE / "translations" / f"{language}.json").read_text()
    return leaves(json.loads(content))


def flow(name: str) -> dict[str, Any]:
    """Return the texts of a flow."""
    tree: dict[str, Any] = (
        EN["config_subentries"][name] if name in SUBENTRIES else EN[name]
    )
    return tree


def keys_by_platform() -> dict[str, set[str]]:
    """Return the translation keys of all entities, by platform."""
    site = SupplyConfig.from_entry({"supply": SUPPLY}, OPTIONS)
    garage = ChargerConfig.from_subentry("id", "Garage", CHARGER)
    lounge = RoomConfig(room_id="id", name="Lounge")
    tunables = (
        *supply_tunables(site),
        *charger_tunables(garage),
        *circuit_tunables(20),
        *HEATING_TUNABLES,
        *room_tunables(lounge, {}),
    )
    descriptions: dict[str, tuple[EntityDescription, ...]] = {
        "sensor": (*SENSORS, supply.MOMENT, heating.MOMENT),
        "binary_sensor": (
            *supply.BINARY_SENSORS,
            *charger.BINARY_SENSORS,
            *circuit.BINARY_SENSORS,
            *heating.BINARY_SENSORS,
            *room.BINARY_SENSORS,
        ),
        "switch": (
            *supply.switches(Mock()),
            *heating.switches(Mock()),
            room.participates_switch(Mock()),
        ),
        "select": (heating.mode_select(Mock()), heating.control_select(Mock())),
        "button": (charger.test_button(Mock()),),
        "event": EVENTS,
    }
    keys = {
        platform: {str(item.translation_key) for item in items}
        for platform, items in descriptions.items()
    }
    return keys | {"number": {item.key for item in tunables}}


def errors_in(module: str) -> set[str]:
    """Return the error keys that a module's checks return or set."""
    tree = ast.parse((PACKAGE / module).read_text())
    found = set()
    for node in ast.walk(tree):
        values: list[ast.expr | None] = []
        if isinstance(node, ast.Return | ast.Assign):
            values = [node.value]
        elif isinstance(node, ast.Call):
            values = [*node.args[1:]]
        elif isinstance(node, ast.Dict):
            values = [*node.values]
        for value in values:
            branches = (
                [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            )
            found |= {
                branch.value
                for branch in branches
                if isinstance(branch, ast.Constant)
                and isinstance(branch.value, str)
                and re.fullmatch(r"[a-z_]{5,}", branch.value)
            }
    return found


def select_keys() -> Iterator[tuple[str, list[str]]]:
    """Yield translation key and options of each selector in all forms."""
    for schema in STEPS.values():
        for selector in schema.schema.values():
            config = getattr(selector, "config", {})
            if key := config.get("translation_key"):
                options = config["options"]
                yield key, [o if isinstance(o, str) else o["value"] for o in options]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    """All languages have the same keys and placeholders, and no empty text."""
    english, texts = translations("en"), translations(language)
    assert texts.keys() == english.keys()
    for path, text in texts.items():
        assert text.strip(), path
        placeholders = set(re.findall(r"{\w+}", text))
        assert placeholders == set(re.findall(r"{\w+}", english[path])), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_assistant_can_show_every_text(language: str) -> None:
    """No HTML, address or stray space, as hassfest asks; no quote that hides a value.

    The frontend formats texts as ICU messages, in which an apostrophe beside a brace
    quotes what follows: "d'{charger}" would show "{charger}".
    """
    for path, text in translations(language).items():
        assert not re.search(r"</?\w+[^>]*>", text), path
        assert "://" not in text, path
        assert "www." not in text, path
        assert text == text.strip(), path
        assert not re.search(r"'{|}'", text), path
        assert "  " not in text, path


def test_the_languages_are_there() -> None:
    """Those that the documentation names."""
    assert LANGUAGES == ["de", "en", "es", "fr", "it", "nb", "nl", "sv"]


@pytest.mark.parametrize(("step", "schema"), STEPS.items())
def test_every_field_of_every_form_is_named(
    step: tuple[str, str], schema: vol.Schema
) -> None:
    """Every field has a name, and every name belongs to a field."""
    texts = flow(step[0])["step"][step[1]]
    sections = SECTIONS.get(step, {})
    fields = {str(key) for key in schema.schema}
    for name, keys in sections.items():
        folded = texts["sections"][name]
        assert folded["name"]
        assert set(folded["data"]) == fields & set(keys)
        check_explained(folded)
        fields -= set(keys)
    assert set(texts.get("sections", {})) == set(sections)
    assert set(texts["data"]) == fields
    check_explained(texts)
    assert texts["title"]
    assert texts["description"]


def check_explained(texts: dict[str, Any]) -> None:
    """Check that the fields of a form or a section are explained, and no others."""
    explained = texts.get("data_description", {})
    assert set(explained) <= set(texts["data"])
    unexplained = set(texts["data"]) - set(explained)
    assert unexplained <= {CONF_NAME, "control", "meter_lost_action", "demand"}


LIVE = {
    ("config", "supply"): (*CONF_METERS, *supply_flow.LIVE),
    ("config", "export"): CONF_EXPORTS,
    ("config", "boiler"): heating_forms.BOILER_LIVE,
    ("circuit", "user"): CONF_METERS,
    ("circuit", "reconfigure"): CONF_METERS,
    ("charger", "number"): charger_flow.LIVE,
    ("charger", "select"): charger_flow.LIVE,
    ("charger", "feedback"): charger_flow.LIVE_SENSORS,
    ("room", "user"): heating_forms.ROOM_LIVE,
    ("room", "reconfigure"): heating_forms.ROOM_LIVE,
    ("room", "control"): heating_forms.CONTROL_LIVE,
    ("room", "sharing"): heating_forms.SHARING_LIVE,
}


@pytest.mark.parametrize(("step", "schema"), STEPS.items())
def test_every_entity_has_what_it_shows_below_it(
    step: tuple[str, str], schema: vol.Schema
) -> None:
    """The texts have a placeholder for each, and no other but what is found, and a phase."""
    texts = leaves(flow(step[0])["step"][step[1]])
    named = {
        placeholder for text in texts.values() for placeholder in PLACED.findall(text)
    }
    fields = {
        str(key)
        for key, selector in schema.schema.items()
        if isinstance(selector, EntitySelector)
    }
    shown = {f"shows_{field}" for field in fields}
    assert named - {"found", "disabled", "l1"} == shown
    assert shown <= {f"shows_{field}" for field in LIVE.get(step, ())}


def test_every_form_is_known_here() -> None:
    """A new step has to be added to this test with its form."""
    for name in ("config", "options", *SUBENTRIES):
        menus = MENUS if name == "config" else set()
        known = {step for key, step in STEPS if key == name}
        assert set(flow(name)["step"]) == known | menus


def test_every_choice_of_a_menu_is_named() -> None:
    """And every option leads to a step."""
    for menu in MENUS:
        for option, text in EN["config"]["step"][menu]["menu_options"].items():
            assert text
            assert hasattr(LoadSharingConfigFlow, f"async_step_{option}")


def test_every_error_has_a_text_that_says_what_to_do() -> None:
    """And every text belongs to an error that can occur."""
    texts: dict[str, str] = {}
    for name in ("config", *sorted(SUBENTRIES)):
        texts |= flow(name)["error"]
    modules = (
        "site/setup/checks.py",
        "charging/setup/checks.py",
        "charging/setup/control_checks.py",
        "charging/setup/charger_flow.py",
        "charging/setup/doubts.py",
        "site/setup/forms.py",
        "heating/setup/checks.py",
        "heating/setup/doubts.py",
        "heating/setup/radiators.py",
    )
    possible = set().union(*(errors_in(module) for module in modules))
    assert set(texts) <= possible
    for module in modules:
        checked = ast.unparse(ast.parse((PACKAGE / module).read_text()))
        set_here = r"(?:return|or|errors\[\w+\] =) '([a-z_]+)'"
        for key in set(re.findall(set_here, checked)):
            assert key in texts
    for key, text in texts.items():
        # What is wrong, then the remedy; or the words of whoever refused it.
        remedy = re.search(r"[.,] \w.*(?:\.|\{detail\})$", text)
        assert remedy or text.endswith(("{detail}", "sets the current.")), key


def test_every_choice_is_named() -> None:
    """All options of translated selectors have a text."""
    seen = set()
    for key, options in select_keys():
        seen.add(key)
        assert set(EN["selector"][key]["options"]) == set(options)
    assert set(EN["selector"]) == seen


@pytest.mark.parametrize(("platform", "keys"), keys_by_platform().items())
def test_every_entity_has_a_name_and_an_icon(platform: str, keys: set[str]) -> None:
    """And every name and icon is used."""
    assert set(EN["entity"][platform]) == keys
    assert set(ICONS["entity"][platform]) == keys
    for key in keys:
        assert EN["entity"][platform][key]["name"]


@pytest.mark.parametrize(
    "description",
    [item for item in SENSORS if item.options is not None],
    ids=lambda item: item.translation_key,
)
def test_every_state_is_named(description: Any) -> None:
    """All options of enum sensors have a text."""
    states = EN["entity"]["sensor"][description.translation_key]["state"]
    assert set(states) == set(description.options)


@pytest.mark.parametrize("description", EVENTS, ids=lambda item: item.key)
def test_every_event_type_is_named(description: Any) -> None:
    """All types of the event entities have a text."""
    texts = EN["entity"]["event"][description.translation_key]["state_attributes"]
    assert set(texts["event_type"]["state"]) == set(description.event_types)


def test_every_sentence_is_said() -> None:
    """What explains the moment is used, and what is said has its text."""
    said: set[str] = set()
    for half in ("charging", "heating"):
        source = (PACKAGE / half / "moment.py").read_text()
        constants = {
            node.value
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        texts = {key for key in EN["common"] if key.startswith(f"{half}_")}
        composed = {
            f"{half}_{word}{cause}"
            for word in constants & {"lowered_", "paused_"}
            for cause in {*CAUSES.values(), *LOADS}
        }
        simple = {key for key in texts if key.removeprefix(f"{half}_") in constants}
        assert composed <= texts
        assert texts == composed | simple
        said |= texts
    assert {
        key for key in EN["common"] if not key.startswith(("card_", "board_", "form_"))
    } == said


def test_every_action_and_its_fields_are_named() -> None:
    """The texts match services.yaml."""
    services = yaml.safe_load((PACKAGE / "services.yaml").read_text())
    assert set(EN["services"]) == set(services) == set(ICONS["services"])
    for name, service in services.items():
        assert set(EN["services"][name]["fields"]) == set(service["fields"])


@pytest.mark.parametrize(
    ("kind", "known"), [("trigger", trigger.TRIGGERS), ("condition", CONDITIONS)]
)
def test_every_trigger_and_condition_is_named(
    kind: str, known: dict[str, object]
) -> None:
    """The texts match the fields in the YAML files, and each has an icon."""
    described = yaml.safe_load((PACKAGE / f"{kind}s.yaml").read_text())
    listed = {key: value for key, value in described.items() if key[0] != "."}
    texts, icons = EN[f"{kind}s"], ICONS[f"{kind}s"]
    assert set(listed) == set(known) == set(texts) == set(icons)
    for name, description in listed.items():
        assert set(texts[name]) == {"name", "description", "fields"}
        assert set(texts[name]["fields"]) == set(description["fields"])
        assert all(field["name"] for field in texts[name]["fields"].values())
        assert icons[name][kind].startswith("mdi:")


@pytest.mark.parametrize(
    "kind",
    [targets.OVERLOAD, targets.METER_PROBLEM, targets.WAITING, targets.SHARING],
    ids=lambda kind: kind.key,
)
def test_a_refused_entity_is_answered_with_the_name_of_the_right_one(
    kind: targets.Kind,
) -> None:
    """The triggers refer to the entities by their translation keys."""
    assert EN["entity"]["binary_sensor"][kind.key]["name"] == kind.name


def test_every_repair_has_a_text() -> None:
    """Each raised key has a text with the placeholders it is raised with."""
    raised: dict[str, set[str]] = {}
    for call in ast.walk(ast.parse((PACKAGE / "heating/notices.py").read_text())):
        match call:
            case ast.Call(ast.Attribute(attr="_raise_if"), [_, ast.Constant(key), *_]):
                raised[str(key)] = {str(item.arg) for item in call.keywords} | {"site"}
    for module in ("site/repairs", "charging", "heating"):
        source = (PACKAGE / module / "findings.py").read_text()
        for call in ast.walk(ast.parse(source)):
            match call:
                case ast.Call(ast.Name("Finding"), [ast.Name(name), *_]):
                    raised[getattr(findings, name)] = {"part"} | TOLD[name]
    modules = [
        (PACKAGE / name).read_text()
        for name in ("heating/removal.py", "charging/notices.py")
    ]
    for call in [node for module in modules for node in ast.walk(ast.parse(module))]:
        match call:
            case ast.Call(ast.Attribute(attr="async_create_issue")):
                given = {item.arg: item.value for item in call.keywords}
                match given["translation_key"]:
                    case ast.IfExp(_, body, orelse):
                        keys = [ast.literal_eval(body), ast.literal_eval(orelse)]
                    case key_given:
                        keys = [ast.literal_eval(key_given)]
                placeholders = given["translation_placeholders"]
                assert isinstance(placeholders, ast.Dict)
                names = [ast.literal_eval(name) for name in placeholders.keys if name]
                raised |= {key: set(names) for key in keys}
    for key in ("charging_down", "heating_down", "entities_missing"):
        raised[key] = {"site", "reason"}
    for key in ("switches_unknown", "store_damaged"):
        raised[key] = {"site", "parts"}
    raised |= {"lease_damaged": {"site", "entity_id"}, "newer_version": {"site"}}
    raised |= {f"first_steps_{step}": {"site"} for step in first_steps.STEPS}
    raised["first_steps_dashboard"] = {"site", "dashboard"}
    raised["first_steps_alert"] = {"site", "blueprint"}
    raised["leases_lost"] = {"site", "entities"}
    assert set(EN["issues"]) == set(raised)
    for issue, used in raised.items():
        texts = " ".join(leaves(EN["issues"][issue]).values())
        assert set(re.findall(r"{(\w+)}", texts)) == used


def test_every_repair_that_leads_to_a_form_says_so() -> None:
    """Its text has a question, a button and the ends; other repairs only inform."""
    source = ast.parse((PACKAGE / "repairs.py").read_text())
    reasons = {
        ast.literal_eval(keyword.value)
        for keyword in ast.walk(source)
        if isinstance(keyword, ast.keyword) and keyword.arg == "reason"
    }
    for key, issue in EN["issues"].items():
        if key in (*findings.KEYS, "no_rating"):
            assert set(issue) == {"title", "fix_flow"}
            assert set(issue["fix_flow"]["abort"]) == reasons
            (texts,) = issue["fix_flow"]["step"].values()
            assert set(texts) == {"title", "description", "submit"}
        elif key.startswith(first_steps.PREFIX):
            assert set(issue["fix_flow"]["abort"]) == {"step_done"}
        else:
            assert set(issue) == {"title", "description"}


def test_every_exception_has_a_text() -> None:
    """Each raised key has a text with the placeholders it is raised with."""
    raised: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            key = given.get("translation_key")
            if "translation_domain" not in given or not isinstance(key, ast.Constant):
                continue
            filled = given.get("translation_placeholders")
            names = filled.keys if isinstance(filled, ast.Dict) else []
            raised[str(key.value)] = {
                str(item.value) for item in names if isinstance(item, ast.Constant)
            }
    assert set(EN["exceptions"]) == set(raised)
    for name, placeholders in raised.items():
        text = EN["exceptions"][name]["message"]
        assert set(re.findall(r"{(\w+)}", text)) == placeholders
