"""Only the public names of other integrations are imported."""

import ast
from collections.abc import Iterator
import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "custom_components" / "load_sharing"
INTEGRATIONS = "homeassistant.components"

EXCEPTED: dict[str, str] = {}
"""Submodules of other integrations that are imported nevertheless, and why."""


def borrowed() -> Iterator[tuple[str, str, str]]:
    """Yield file, module and name of all imports from other integrations."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.ImportFrom(module=str(module), level=0):
                    names = [alias.name for alias in node.names]
                case ast.Import():
                    for alias in node.names:
                        assert not alias.name.startswith(INTEGRATIONS), path
                    continue
                case _:
                    continue
            if module == INTEGRATIONS or module.startswith(f"{INTEGRATIONS}."):
                for name in names:
                    yield path.name, module, name


def test_there_is_something_to_check() -> None:
    assert len(list(borrowed())) > 20


@pytest.mark.parametrize(("file", "module", "name"), sorted(set(borrowed())))
def test_a_borrowed_name_is_offered(file: str, module: str, name: str) -> None:
    """The integration's ``__init__`` offers it, and it does not name an action."""
    below = module.removeprefix(INTEGRATIONS).strip(".")
    assert "." not in below or EXCEPTED.get(module), f"{file}: {module} is its own"
    assert not name.startswith(("_", "SERVICE_")), f"{file}: write {name} out"
    offering = importlib.import_module(module)
    offered = getattr(offering, "__all__", None) or dir(offering)
    assert name in offered, f"{file}: {module} does not offer {name}"


def test_names_of_actions_are_our_own() -> None:
    """Not even Home Assistant's own constants for them are imported."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                for alias in node.names:
                    assert not alias.name.startswith("SERVICE_"), (path, alias.name)
