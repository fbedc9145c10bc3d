"""The automations in docs/automations.md work as documented."""

from pathlib import Path
import re
from typing import Any
from urllib.parse import unquote

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service
import yaml  # type: ignore[import-untyped]

from custom_components.load_sharing.charging.engine.overload import OverloadEventType
from custom_components.load_sharing.condition import CONDITIONS
from custom_components.load_sharing.heating.notices import SharingEventType
from custom_components.load_sharing.trigger import TRIGGERS

from .homes.automations import automate
from .homes.house import House

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "automations.md").read_text()


def examples(text: str) -> list[dict[str, Any]]:
    """Return all automations in a document."""
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return [
        loaded
        for block in blocks
        if "triggers" in (loaded := yaml.safe_load(block)) and isinstance(loaded, dict)
    ]


def table(heading: str) -> list[str]:
    """Return the first column of the table below a heading."""
    section = DOCS.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Use a configuration folder of its own: automations put their blueprints there."""
    return str(tmp_path)


def test_all_triggers_conditions_and_types_are_listed() -> None:
    """The tables list all of them, and nothing that does not exist."""
    assert table("Triggers") == list(TRIGGERS)
    assert table("Conditions") == list(CONDITIONS)
    assert table("Overload event") == [item.value for item in OverloadEventType]
    sharing = DOCS.split("\n## Sharing event\n")[1].split(". Attributes")[0]
    assert set(re.findall(r"`(\w+)`", sharing)) == {
        item.value for item in SharingEventType
    }


def test_the_blueprints_can_be_imported() -> None:
    """The import addresses are those in the blueprints' own files."""
    addresses = {
        unquote(address) for address in re.findall(r"blueprint_url=([^)]+)\)", DOCS)
    }
    files = (ROOT / "blueprints").rglob("*.yaml")
    sources = {
        re.findall(r"source_url: (.+)", path.read_text())[0].strip() for path in files
    }
    assert addresses == sources


@pytest.mark.parametrize(
    "example",
    examples(DOCS),
    ids=lambda example: str(example["triggers"][0]["trigger"]),
)
async def test_every_example_is_an_automation(
    hass: HomeAssistant, house: House, example: dict[str, Any]
) -> None:
    """Home Assistant accepts each example, and its entities exist on the site."""
    await house.measure(10)
    await house.set_up()
    await automate(hass, example)
    await house.call("automation", "turn_off", "all")


async def test_the_first_example_sheds_the_water_heater(
    hass: HomeAssistant, house: House
) -> None:
    """It does so after 20 s of 36 A."""
    await house.measure(10)
    await house.set_up()
    calls = async_mock_service(hass, "switch", "turn_off")
    await automate(hass, examples(DOCS)[0])
    await house.measure(36)
    await house.wait(19)
    assert calls == []
    await house.wait(2)
    assert [call.data["entity_id"] for call in calls] == [["switch.water_heater"]]
