"""The modules of the cards and the dashboard: served, small, and in the user's words."""

import json
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

from homeassistant.components import frontend
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.load_sharing.const import DOMAIN
from custom_components.load_sharing.frontend import (
    DASHBOARD_PATH,
    FOLDER,
    MAIN_MODULE,
    fingerprint,
)

MODULES = {path.name: path.read_text() for path in FOLDER.glob("*.js")}
SOURCE = "\n".join(MODULES.values())
EN: dict[str, Any] = json.loads(
    (Path(FOLDER).parent.parent / "translations" / "en.json").read_text()
)
LARGEST_KB = 40

STEMS = {
    "card_current": ("name", "description", "none"),
    "card_heat": ("name", "description", "none"),
    "board": ("name", "description"),
    "board_no_site": ("title", "text"),
    "board_no_parts": ("title", "text"),
    "card_option": ("title", "entry_id", "details"),
}
"""Words that are composed: their first part, and what follows it."""


def test_the_modules_are_small() -> None:
    """All of them together, as they are served, without any compression."""
    size = sum(len(source.encode()) for source in MODULES.values())
    assert size < LARGEST_KB * 1000


def test_the_modules_need_nothing_from_elsewhere() -> None:
    """They import only each other, and one of them imports all the others."""
    imported = re.findall(r'\bfrom "([^"]+)"|\bimport "([^"]+)"', SOURCE)
    names = {(one or other).removeprefix("./") for one, other in imported}
    assert names == MODULES.keys() - {MAIN_MODULE}
    links = re.findall(r"https?://[^\"'` ]+", SOURCE)
    assert all(link.startswith("https://github.com/load-sharing/") for link in links)
    assert "import(" not in SOURCE


def test_no_element_is_defined_before_home_assistant_has_started() -> None:
    """It replaces the registry then: an element in the former one is never found."""
    waits = 'await customElements.whenDefined("home-assistant");'
    assert waits in MODULES["dom.js"]
    for name, source in MODULES.items():
        if "customElements.define(" in source:
            assert re.search(r'from "./dom.js"', source), name


def test_every_word_has_its_text_and_every_text_its_place() -> None:
    """No text stands in the modules: all of it can be translated."""
    literal = set(re.findall(r"\b(?:card|board)_\w+", SOURCE))
    composed = {f"{stem}_{end}" for stem, ends in STEMS.items() for end in ends}
    literal -= {"card_option_"}
    texts = {key for key in EN["common"] if key.startswith(("card_", "board_"))}
    assert texts == (literal - STEMS.keys()) | composed


def test_every_entity_that_is_named_exists() -> None:
    """The modules use the words of entities, and pick entities by their keys."""
    entities = EN["entity"]
    for kind, key in re.findall(r'(?:nameOf|stateOf)\(\s*"(\w+)", "(\w+)"', SOURCE):
        assert key in entities[kind]
    known = {key for names in entities.values() for key in names}
    picked = set()
    for keys in re.findall(r'keys\(["`]([^"`]+)["`]\)', MODULES["strategy.js"]):
        picked |= set(keys.split())
    picked -= {"select", "switch", "number", "button"}
    assert len(picked) > 20
    assert picked <= known, picked - known


async def test_every_page_loads_the_modules(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """They are served under a name of their version, so that they can be kept."""
    assert await async_setup_component(hass, "frontend", {})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    client = await hass_client()
    with patch("homeassistant.components.onboarding.async_is_onboarded"):
        page = await (await client.get("/")).text()
    url = f"/{DOMAIN}/{fingerprint()}/{MAIN_MODULE}"
    assert url in page
    for name, source in MODULES.items():
        answer = await client.get(url.replace(MAIN_MODULE, name))
        assert await answer.text() == source
        assert "javascript" in answer.headers["content-type"]
        assert "max-age" in answer.headers["cache-control"]
    assert frontend.async_panel_exists(hass, DASHBOARD_PATH)


async def test_a_home_without_a_frontend_is_set_up_all_the_same(
    hass: HomeAssistant,
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert "frontend" not in hass.config.components
