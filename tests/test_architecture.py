"""The tree in docs/architecture.md is that of the package, in the files' own words.

``python -m tests.test_architecture`` writes it anew.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "custom_components" / "load_sharing"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- tree -->\n```\n", "```\n<!-- end of tree -->"
COLUMN = 34


def purpose(path: Path) -> str:
    """Return the first line of a file's docstring, without its full stop."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring, f"{path} does not say what it is for"
    return docstring.partition("\n")[0].removesuffix(".")


def lines(folder: Path, depth: int) -> Iterator[str]:
    """Yield a line for each file of a folder and of the folders in it, files first."""
    indent = "  " * depth
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py" or folder == PACKAGE:
            yield f"{indent + path.name:{COLUMN}}{purpose(path)}"
    for below in sorted(folder.iterdir()):
        if (package := below / "__init__.py").exists():
            yield f"{indent + below.name + '/':{COLUMN}}{purpose(package)}"
            yield from lines(below, depth + 1)


def tree() -> str:
    """Return the tree of the package, one line for each folder and file."""
    return "\n".join(["custom_components/load_sharing/", *lines(PACKAGE, 1)]) + "\n"


def test_the_documented_tree_is_that_of_the_package() -> None:
    page = PAGE.read_text("utf-8")
    documented = page.partition(BEGIN)[2].partition(END)[0]
    assert documented == tree(), "run: python -m tests.test_architecture"


def test_every_file_fits_its_line() -> None:
    for line in tree().splitlines():
        assert len(line) <= COLUMN + 88, line
        assert line == line.rstrip()


if __name__ == "__main__":
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + tree() + END + rest.partition(END)[2], "utf-8")
