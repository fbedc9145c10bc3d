"""The documentation agrees with the code."""

from pathlib import Path
import re

from custom_components.load_sharing.heating.engine.model import LoadSharingState
from custom_components.load_sharing.heating.notices import SharingEventType
from custom_components.load_sharing.heating.tuning import HEATING_TUNABLES

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "load-sharing.md").read_text()


def test_every_number_is_listed_with_its_default_and_range() -> None:
    """Defaults and ranges are those of the tunables, in the same order."""
    number = r"([\d.]+)"
    row = rf"^\| [^|]+ \| {number} ?(\S*) \| {number}\W{number}"
    rows = re.findall(row, DOCS, re.MULTILINE)
    documented = [
        (float(default), unit or None, float(low), float(high))
        for default, unit, low, high in rows
    ]
    assert documented == [
        (item.default, item.unit, item.minimum, item.maximum)
        for item in HEATING_TUNABLES
    ]


def test_every_test_that_is_named_exists() -> None:
    """Every test that ``docs/testing.md`` cites exists."""
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (ROOT / "docs/testing.md").read_text())
    assert len(named) > 50
    for path, name in named:
        text = (ROOT / "tests" / path).read_text()
        assert re.search(rf"^ *(async )?(def|class) {name}\b", text, re.MULTILINE), name


def test_every_type_of_event_is_documented() -> None:
    """The table lists the event types in the order of the enumeration."""
    section = DOCS.partition("## Events and log")[2].partition("## ")[0]
    documented = re.findall(r"^\| `(\w+)` \| [A-Z]", section, re.MULTILINE)
    types = [event_type.value for event_type in SharingEventType]
    assert documented[: len(types)] == types


def test_every_active_state_has_an_exit_in_the_diagram() -> None:
    """Every active state, and no other, can go to inactive by exit A."""
    for state in LoadSharingState:
        assert state.is_active is (f"{state.value} --> inactive : A" in DOCS)
