"""The charging engine is pure; the simulation knows no Home Assistant."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHARGING = ROOT / "custom_components" / "load_sharing" / "charging" / "engine"
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


PACKAGE = CHARGING.parents[1]
HALF_MODULES = {
    "charging.half": "heating.half",
    "heating.half": "charging.half",
}
SHARED = ("__init__", "config_flow", "coordinator", "diagnostics", "repairs")


def imported_with(name: str) -> set[str]:
    """Modules of the package that are imported with one, by their dotted names."""
    found, waiting = set(), [name]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        path = PACKAGE / (module.replace(".", "/") + ".py")
        folder = module.rpartition(".")[0]
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            above = folder.split(".") if folder else []
            base = above[: len(above) - node.level + 1]
            names = [alias.name for alias in node.names]
            modules = [node.module] if node.module else names
            for imported in modules:
                dotted = ".".join([*base, imported])
                if (PACKAGE / (dotted.replace(".", "/") + ".py")).exists():
                    waiting.append(dotted)
    return found


@pytest.mark.parametrize("half", HALF_MODULES)
def test_what_home_assistant_loads_imports_no_half(half: str) -> None:
    """Nor does the other half: one that cannot be imported takes nothing with it."""
    own = imported_with(half) - imported_with(HALF_MODULES[half])
    assert len(own) > 5
    for name in (*SHARED, *PLATFORM_FILES):
        assert not imported_with(name) & {half, half.replace("half", "control")}
    assert half.replace("half", "control") not in imported_with(HALF_MODULES[half])


PLATFORM_FILES = ("sensor", "binary_sensor", "number", "switch", "select", "button")


def test_other_integrations_are_imported_by_a_half_only_where_it_needs_them() -> None:
    """What only the heating uses of Home Assistant cannot break the charging."""
    of_heating = {"climate", "schedule", "valve", "water_heater"}
    loaded = imported_with("charging.half").union(
        *[imported_with(name) for name in (*SHARED, *PLATFORM_FILES, "event")]
    )
    for module in loaded:
        path = PACKAGE / (module.replace(".", "/") + ".py")
        for level, name in imports_of(path):
            if not level and name.startswith("homeassistant.components."):
                assert name.split(".")[2] not in of_heating, (module, name)
