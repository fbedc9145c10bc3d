"""The documentation lists the rules of the charging engine as the code does."""

from collections.abc import Callable
from pathlib import Path
import re
from typing import Any

from custom_components.load_sharing.charging.engine.decide import BEFORE_A_RISE
from custom_components.load_sharing.charging.engine.rules import RULES

DOCS = (Path(__file__).parents[3] / "docs" / "charging.md").read_text()


def documented(first_heading: str) -> list[str]:
    """Functions in the first column of the table with that heading, in its order."""
    table = DOCS.partition(f"\n| {first_heading} | ")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def names(functions: list[Callable[..., Any]]) -> list[str]:
    """Names of functions, in their order."""
    return [function.__name__ for function in functions]


def test_every_rule_is_documented_in_its_order() -> None:
    """The rules that make a plan of a situation."""
    assert documented("Rule") == names([rule.apply for rule in RULES])


def test_every_case_before_a_rise_is_documented_in_its_order() -> None:
    """The cases that decide for a charger, tried before it may rise."""
    assert documented("Case") == names(list(BEFORE_A_RISE))
