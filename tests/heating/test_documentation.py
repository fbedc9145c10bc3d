"""The documentation says what the code does."""

from pathlib import Path
import re

from custom_components.load_sharing.heating_tuning import HEATING_TUNABLES

DOCS = (Path(__file__).parents[2] / "docs" / "load-sharing.md").read_text()


def test_every_number_is_listed_with_its_default_and_range() -> None:
    """In the order of the dashboard."""
    rows = re.findall(r"^\| ([^|]+) \| ([\d.]+) ?(\S*) \| ([\d.]+)–([\d.]+)", DOCS, re.M)
    documented = [
        (float(default), unit or None, float(low), float(high))
        for _, default, unit, low, high in rows
    ]
    assert documented == [
        (item.default, item.unit, item.minimum, item.maximum)
        for item in HEATING_TUNABLES
    ]
