"""The charging engine is pure; the simulation knows no Home Assistant."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHARGING = ROOT / "custom_components" / "load_sharing" / "charging"
SIMULATION = ROOT / "simulation"

PURE = {
    "collections.abc",
    "dataclasses",
    "enum",
    "functools",
    "itertools",
    "math",
    "operator",
    "typing",
}
IMPURE = {
    "aiohttp",
    "asyncio",
    "homeassistant",
    "logging",
    "socket",
    "subprocess",
    "threading",
    "time",
    "voluptuous",
}
CLOCKS = {"monotonic", "now", "perf_counter", "time", "today", "utcnow"}


def modules_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imports_of(module: Path) -> list[tuple[int, str]]:
    """What a module imports, and from how many packages up."""
    found = []
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        match node:
            case ast.Import(names):
                found += [(0, alias.name) for alias in names]
            case ast.ImportFrom(name, _, level):
                found.append((level, name or ""))
    return found


def calls_of(module: Path) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_there_is_something_to_check() -> None:
    assert len(modules_in(CHARGING)) > 5


@pytest.mark.parametrize("module", modules_in(CHARGING), ids=lambda path: path.stem)
def test_charging_imports_only_itself_and_pure_modules(module: Path) -> None:
    for level, name in imports_of(module):
        assert level == 1 or (level == 0 and name in PURE), name
    assert not calls_of(module) & CLOCKS


@pytest.mark.parametrize("module", modules_in(SIMULATION), ids=lambda path: path.stem)
def test_the_simulation_knows_no_home_assistant_and_no_clock(module: Path) -> None:
    for _, name in imports_of(module):
        assert name.split(".")[0] not in IMPURE, name
        assert not name.startswith("custom_components.load_sharing.io"), name
    assert not calls_of(module) & CLOCKS
