"""The documentation says what the code does."""

from pathlib import Path
import re

from custom_components.load_sharing.heating_tuning import HEATING_TUNABLES

DOCS = (Path(__file__).parents[2] / "docs" / "load-sharing.md").read_text()


def test_every_number_is_listed_with_its_default_and_range() -> None:
    """In the order of the dashboard."""
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
