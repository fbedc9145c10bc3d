"""The layers of the package: which file may import which, and why.

``LAYERS`` is the whole rule. Every import counts, wherever it stands in a file: also
one inside a function, and one that only a type checker follows.
"""

import ast
from collections.abc import Iterator, Mapping, Set as AbstractSet
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "custom_components" / "load_sharing"
SIMULATION = ROOT / "simulation"


class Layer(NamedTuple):
    """Some files, the other layers that they may import, and why no more."""

    files: tuple[str, ...]
    may_import: tuple[str, ...]
    why: str


HALF_LAYERS = {
    "engine": Layer(
        ("engine/*",),
        (),
        "Decides. Pure, so that a whole day replays in milliseconds.",
    ),
    "data": Layer(
        (
            "config",
            "circuit_config",
            "controls",
            "snapshot",
            "store",
            "tuning",
            "wiring",
        ),
        ("engine", "site", "const"),
        "What is configured, tuned, stored and shown. Touches no device.",
    ),
    "io": Layer(
        ("io/*",),
        ("engine", "data", "site", "const"),
        "Reads and sets the entities of other integrations. Decides nothing.",
    ),
    "setup": Layer(
        ("setup/*",),
        ("engine", "data", "io", "parts", "site", "const"),
        "Forms and their checks. They load on every site, also one without this half.",
    ),
    "control": Layer(
        ("control",),
        ("engine", "data", "io", "parts", "site", "const"),
        "Runs the half: reads, lets the engine decide, sends, publishes.",
    ),
    "entities": Layer(
        ("entities/*",),
        ("engine", "data", "parts", "control", "site", "const"),
        "Show the snapshot and call the control. They read no device.",
    ),
    "findings": Layer(
        ("findings",),
        ("engine", "data", "io", "parts", "setup", "control", "site", "const"),
        "Checks the entities of a running half with the checks of its set-up.",
    ),
    "half": Layer(
        ("half",),
        ("data", "parts", "control", "entities", "findings", "site", "const"),
        "The one file that the coordinator imports of a half, when it starts it.",
    ),
    "parts": Layer(
        ("*",),
        ("engine", "data", "io", "site", "const"),
        "What the control is put together from.",
    ),
}
"""The layers of a half, by files inside its folder."""


def layers_of(half: str) -> dict[str, Layer]:
    """Return the layers of a half. They name no layer of the other half."""
    return {
        f"{half} {name}": Layer(
            tuple(f"{half}/{pattern}" for pattern in layer.files),
            tuple(
                f"{half} {other}" if other in HALF_LAYERS else other
                for other in layer.may_import
            ),
            layer.why,
        )
        for name, layer in HALF_LAYERS.items()
    }


LAYERS: dict[str, Layer] = {
    "const": Layer(("const",), (), "Names that every other file may use."),
    "site": Layer(
        ("site/*",),
        ("const",),
        "What both halves share and neither owns; it works without either.",
    ),
    **layers_of("charging"),
    **layers_of("heating"),
    "coordinator": Layer(
        ("coordinator",),
        ("charging control", "heating control", "site", "const"),
        "Starts the halves. Imports their controls for their types only.",
    ),
    "config flow": Layer(
        ("config_flow",),
        ("charging setup", "heating setup", "site", "const"),
        "The one file that Home Assistant loads together with both halves' flows.",
    ),
    "entry points": Layer(
        ("__init__",),
        ("heating parts", "asked for by name", "coordinator", "site", "const"),
        "Sets up and removes a site. Removal reads the heating's journal of leases.",
    ),
    "asked for by name": Layer(
        ("*",),
        ("coordinator", "site", "const"),
        "Platforms, triggers, diagnostics and the like. They know no half.",
    ),
}
"""All layers. A file belongs to the first one that matches.

Files of one layer may import each other, but never in a cycle.
"""

HEATING_ONLY = {"climate", "schedule", "valve", "water_heater"}
"""Integrations of Home Assistant that must not be able to break the charging."""

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
"""All that an engine may import beside its own files."""

DATES = {"heating/engine": {"datetime"}}
"""The heating also needs dates and times of day, for weekly schedules."""

IMPURE = {
    "aiohttp",
    "asyncio",
    "custom_components",
    "homeassistant",
    "logging",
    "socket",
    "subprocess",
    "threading",
    "time",
    "voluptuous",
}
"""What the simulation may not import."""

CLOCKS = {"monotonic", "now", "perf_counter", "time", "today", "utcnow"}
"""Methods that read a clock. In engines and simulation, time is an argument."""

type Graph = Mapping[str, AbstractSet[str]]
"""What each file of the package imports of it; files by their path without ``.py``."""


def files_in(folder: Path) -> dict[str, ast.Module]:
    """Return the parsed files of a folder, by their path without ``.py``."""
    return {
        path.relative_to(folder).with_suffix("").as_posix(): ast.parse(
            path.read_text("utf-8")
        )
        for path in sorted(folder.rglob("*.py"))
    }


FILES = files_in(PACKAGE)


def statements(tree: ast.AST, *, at_import: bool) -> Iterator[ast.AST]:
    """Yield all nodes of a file, or only those that run when it is imported."""
    for node in ast.iter_child_nodes(tree):
        if at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        types_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(
            node.test
        )
        if at_import and types_only:
            continue
        yield node
        yield from statements(node, at_import=at_import)


def internal_imports(
    file: str, tree: ast.AST, files: AbstractSet[str], *, at_import: bool = False
) -> set[str]:
    """Return the files of the package that a file imports."""
    found = set()
    for node in statements(tree, at_import=at_import):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = file.split("/")[: -node.level]
        base += node.module.split(".") if node.module else []
        if (module := "/".join(base)) in files:
            found.add(module)
            continue
        for alias in node.names:
            submodule = "/".join([*base, alias.name])
            package = "/".join([*base, "__init__"])
            found.add(submodule if submodule in files else package)
    return found - {file}


def external_imports(tree: ast.AST) -> set[tuple[str, str]]:
    """Return the modules from outside the package that a file imports, and the names.

    The name is empty where a module is imported as a whole.
    """
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                found |= {(alias.name, "") for alias in names}
            case ast.ImportFrom(str(module), names, 0):
                found |= {(module, alias.name) for alias in names}
    return found


def modules_of(tree: ast.AST) -> set[str]:
    """Return the modules from outside the package that a file imports."""
    return {module for module, _ in external_imports(tree)}


def integrations_of(tree: ast.AST) -> set[str]:
    """Return the integrations of Home Assistant that a file imports from."""
    prefix = "homeassistant.components."
    paths = {f"{module}.{name}" for module, name in external_imports(tree)}
    return {
        path.removeprefix(prefix).split(".")[0]
        for path in paths
        if path.startswith(prefix)
    }


def clock_reads(tree: ast.AST) -> set[str]:
    """Return the methods that a file calls to read a clock."""
    return CLOCKS & {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def layer_of(file: str) -> str:
    """Return the layer of a file."""
    return next(
        name
        for name, layer in LAYERS.items()
        if any(fnmatch(file, pattern) for pattern in layer.files)
    )


def forbidden(graph: Graph) -> list[str]:
    """Return the imports that the layers do not allow."""
    edges = [(file, other) for file, others in graph.items() for other in others]
    return [
        f"{file} ({layer_of(file)}) imports {other} ({layer_of(other)})"
        for file, other in sorted(edges)
        if layer_of(other) not in (layer_of(file), *LAYERS[layer_of(file)].may_import)
    ]


def cycle_in(graph: Graph) -> list[str]:
    """Return files that import each other in a cycle; empty if there are none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []


def loaded_with(file: str, graph: Graph) -> set[str]:
    """Return a file and all that is imported with it."""
    loaded, waiting = set(), [file]
    while waiting:
        if (name := waiting.pop()) not in loaded:
            loaded.add(name)
            waiting += graph[name]
    return loaded


IMPORTS: Graph = {
    file: internal_imports(file, tree, set(FILES)) for file, tree in FILES.items()
}
IMPORTED_AT_ONCE: Graph = {
    file: internal_imports(file, tree, set(FILES), at_import=True)
    for file, tree in FILES.items()
}
TOP_LEVEL = [file for file in FILES if "/" not in file]
ENGINES = [file for file in FILES if "/engine/" in file]


def test_every_layer_has_files_and_every_import_is_found() -> None:
    assert {layer_of(file) for file in FILES} == set(LAYERS)
    assert sum(map(len, IMPORTS.values())) > 500
    assert set().union(*IMPORTS.values()) <= set(FILES)
    for tree in FILES.values():
        assert "custom_components" not in {
            name.split(".")[0] for name in modules_of(tree)
        }


def test_the_layers_are_in_one_order() -> None:
    assert (
        cycle_in({name: set(layer.may_import) for name, layer in LAYERS.items()}) == []
    )


def test_files_import_only_layers_that_they_may() -> None:
    assert forbidden(IMPORTS) == []


def test_no_files_import_each_other_in_a_cycle() -> None:
    """Also not through an import that only a type checker follows."""
    assert cycle_in(IMPORTS) == []


@pytest.mark.parametrize("file", ENGINES)
def test_an_engine_is_pure(file: str) -> None:
    folder = file.rpartition("/")[0]
    assert modules_of(FILES[file]) <= PURE | DATES.get(folder, set())
    assert not clock_reads(FILES[file])


@pytest.mark.parametrize("name", files_in(SIMULATION))
def test_the_simulation_knows_no_home_assistant_and_no_clock(name: str) -> None:
    tree = files_in(SIMULATION)[name]
    assert not {module.split(".")[0] for module in modules_of(tree)} & IMPURE
    assert not clock_reads(tree)


@pytest.mark.parametrize("file", TOP_LEVEL)
def test_what_home_assistant_loads_imports_no_half(file: str) -> None:
    """So a half that cannot be imported takes nothing with it.

    Only the config flow and the removal of a site load some files of a half, and none
    of those runs it: see their layers.
    """
    of_halves = {
        name
        for name in loaded_with(file, IMPORTED_AT_ONCE)
        if name.startswith(("charging/", "heating/"))
    }
    assert not {name for name in of_halves if name.endswith(("/half", "/control"))}
    if file not in ("config_flow", "__init__"):
        assert not of_halves


@pytest.mark.parametrize("file", FILES)
def test_only_the_heating_imports_what_only_the_heating_needs(file: str) -> None:
    if not file.startswith("heating/"):
        assert not integrations_of(FILES[file]) & HEATING_ONLY


@pytest.mark.parametrize("file", [*TOP_LEVEL, "charging/half"])
def test_only_the_heating_loads_what_only_the_heating_needs(file: str) -> None:
    """So that it cannot break the charging, or the flows of both halves."""
    for name in loaded_with(file, IMPORTED_AT_ONCE):
        assert not integrations_of(FILES[name]) & HEATING_ONLY, name


@pytest.mark.parametrize(
    ("file", "imported"),
    [
        ("const", "site/ranges"),
        ("site/host", "coordinator"),
        ("site/host", "charging/config"),
        ("charging/engine/evaluate", "charging/config"),
        ("charging/engine/evaluate", "const"),
        ("charging/engine/evaluate", "heating/engine/model"),
        ("charging/config", "charging/io/meter"),
        ("charging/io/meter", "charging/setup/checks"),
        ("charging/io/meter", "charging/control"),
        ("charging/io/meter", "charging/half"),
        ("charging/io/meter", "charging/entities/supply"),
        ("charging/setup/checks", "charging/control"),
        ("charging/setup/checks", "charging/half"),
        ("charging/charger", "charging/control"),
        ("charging/control", "charging/entities/supply"),
        ("charging/control", "heating/config"),
        ("charging/half", "coordinator"),
        ("coordinator", "charging/half"),
        ("coordinator", "entity"),
        ("config_flow", "heating/control"),
        ("__init__", "charging/charger"),
        ("sensor", "charging/entities/supply"),
    ],
)
def test_a_forbidden_import_is_noticed(file: str, imported: str) -> None:
    assert {file, imported} <= set(FILES)
    assert len(forbidden({file: {imported}})) == 1


def test_a_cycle_is_noticed() -> None:
    assert cycle_in({"one": {"two"}, "two": {"three"}, "three": {"one"}})
    assert not cycle_in({"one": {"two", "three"}, "two": {"three"}})


def test_an_import_is_found_wherever_it_stands() -> None:
    """And told apart from one that runs as soon as the file is imported."""
    tree = ast.parse(
        "import time\n"
        "from homeassistant.components import valve\n"
        "from typing import TYPE_CHECKING\n"
        "from ...const import DOMAIN\n"
        "from ..io import meter\n"
        "from . import room\n"
        "if TYPE_CHECKING:\n"
        "    from ..control import Control\n"
        "def later():\n"
        "    from ...site import host\n"
        "    time.monotonic()\n"
    )
    files = {"const", "site/host", "half/control", "half/io/meter", "half/setup/room"}
    at_once = {"const", "half/io/meter", "half/setup/room"}
    file = "half/setup/flow"
    assert internal_imports(file, tree, files) == files
    assert internal_imports(file, tree, files, at_import=True) == at_once
    assert modules_of(tree) == {"homeassistant.components", "time", "typing"}
    assert integrations_of(tree) == {"valve"}
    assert clock_reads(tree) == {"monotonic"}
