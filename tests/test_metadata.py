"""What HACS and Home Assistant read from the repository."""

import json
from pathlib import Path
import re
import struct
import subprocess
import tomllib
from typing import Any

from awesomeversion import AwesomeVersion
from homeassistant import components
from homeassistant.helpers import config_validation as cv, selector
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol
import yaml  # type: ignore[import-untyped]

from custom_components.load_sharing import PLATFORMS, number, sensor
from custom_components.load_sharing.condition import CONDITIONS
from custom_components.load_sharing.trigger import TRIGGERS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "custom_components" / "load_sharing"
MANIFEST: dict[str, Any] = json.loads((PACKAGE / "manifest.json").read_text())


def tracked() -> list[Path]:
    """Return the files of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_the_manifest_is_in_order() -> None:
    """Domain and name first, then alphabetical order; no requirements."""
    keys = list(MANIFEST)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert MANIFEST["requirements"] == []
    assert MANIFEST["integration_type"] == "service"
    assert MANIFEST["iot_class"] == "calculated"


def test_all_versions_are_one() -> None:
    """Manifest, project and changelog have the same version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == MANIFEST["version"]
    assert f"[{MANIFEST['version']}]" in (ROOT / "CHANGELOG.md").read_text()


def test_hacs_ships_the_package_and_nothing_else() -> None:
    """A release has the zip file that HACS expects."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["zip_release"] is True
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    assert hacs["filename"] in release
    assert "custom_components/load_sharing" in release


@pytest.mark.parametrize("name", ["oldest", "newest"])
def test_a_lock_has_what_the_project_asks_for(name: str) -> None:
    """Each lock has the packages of its group in pyproject.toml, with their pins."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    lock = _pins(name)
    assert groups[name][0] == {"include-group": "test"}
    for wanted in groups["test"] + groups[name][1:]:
        package, _, version = wanted.lower().partition("==")
        assert package in lock
        assert version in ("", lock[package])


def test_the_oldest_home_assistant_is_the_same_everywhere() -> None:
    """HACS, the README and the tests name the same version."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert _pins("oldest")["homeassistant"] == hacs["homeassistant"]
    release = hacs["homeassistant"].removesuffix(".0")
    readme = (ROOT / "README.md").read_text()
    assert f"You need Home Assistant {release} or newer" in readme
    assert AwesomeVersion(release) < _pins("newest")["homeassistant"]


def _pins(name: str) -> dict[str, str]:
    """Return the version of each package in a lock."""
    lock = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([^\s=]+)==([^\s;]+)", lock, re.MULTILINE))


@pytest.mark.parametrize(
    ("name", "height"),
    [("icon", 256), ("icon@2x", 512), ("logo", 256), ("logo@2x", 512)],
)
def test_the_brand_has_its_images(name: str, height: int) -> None:
    """They are PNG files of the sizes that Home Assistant requires; icons are square."""
    content = (PACKAGE / "brand" / f"{name}.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    width_px, height_px = struct.unpack(">II", content[16:24])
    assert height_px == height
    assert (width_px == height_px) == name.startswith("icon")


def test_the_quality_scale_is_filled_in() -> None:
    """Every rule is done, still to do, or exempt with a reason."""
    rules = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]
    assert len(rules) > 50
    for rule, status in rules.items():
        if isinstance(status, str):
            assert status in ("done", "todo"), rule
        else:
            assert status["status"] in ("done", "todo", "exempt"), rule
            assert status["comment"], rule


def test_the_quality_scale_has_all_rules_of_today() -> None:
    """The rules are those of Home Assistant's own integrations in this release."""
    listed: set[str] = set()
    for path in Path(components.__path__[0]).glob("*/quality_scale.yaml"):
        listed |= set(re.findall(r"^  ([a-z-]+):", path.read_text(), re.MULTILINE))
    rules = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]
    assert set(rules) == listed


def test_every_repair_is_documented() -> None:
    """Each is documented under its title, with an example of the affected part."""
    issues = json.loads((PACKAGE / "translations" / "en.json").read_text())["issues"]
    page = (ROOT / "docs" / "troubleshooting.md").read_text()
    for issue in issues.values():
        title = re.sub(r"\\{\w+\\}", r"\\*[^*]+\\*", re.escape(issue["title"]))
        assert re.search(rf"^\| {title} \|", page, re.MULTILINE), issue["title"]
    table = page.partition("## Repairs")[2].partition("\n## ")[0]
    assert table.count("\n| ") == len(issues) + 1


def test_rules_that_can_be_seen_are_kept() -> None:
    """The code shows whether it follows these rules of the quality scale."""
    for platform in PLATFORMS:
        source = (PACKAGE / f"{platform}.py").read_text()
        assert "PARALLEL_UPDATES = 0" in source
    assert number.PARALLEL_UPDATES == sensor.PARALLEL_UPDATES == 0
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text()
        assert "except Exception" not in source, path
        assert "asyncio.sleep" not in source, path
        assert "hass.data" not in source, path
        assert "from __future__" not in source, path


@pytest.mark.parametrize(
    ("kind", "known", "behaviors"),
    [("trigger", TRIGGERS, "each"), ("condition", CONDITIONS, "any")],
)
def test_triggers_and_conditions_are_described_as_home_assistant_asks(
    kind: str, known: dict[str, Any], behaviors: str
) -> None:
    """They have only known keys, and the same entities as in the code."""
    field = vol.Schema(
        {
            vol.Required("required"): bool,
            vol.Required("default"): str,
            vol.Required("selector"): selector.validate_selector,
        }
    )
    described = vol.Schema(
        {
            vol.Remove(vol.Match(r"\.")): object,
            cv.slug: {
                vol.Required("target"): selector.TargetSelector.CONFIG_SCHEMA,
                vol.Required("fields"): {cv.slug: field},
            },
        }
    )(load_yaml_dict(str(PACKAGE / f"{kind}s.yaml")))
    for name, description in described.items():
        target = description["target"]
        primary = known[name]._primary_entities_only
        assert target.get("primary_entities_only", True) == primary
        assert [entity["domain"] for entity in target["entity"]] == [["binary_sensor"]]
        behavior = description["fields"]["behavior"]
        assert behavior["selector"] == {"automation_behavior": {"mode": kind}}
        assert behavior["default"] == behaviors


def test_no_file_is_too_long() -> None:
    """A long file has more than one job."""
    for path in tracked():
        if path.suffix == ".py" and "tests" not in path.parts:
            assert len(path.read_text().splitlines()) <= 400, path


def test_a_clone_stands_alone() -> None:
    """No file names a path that only its author's machine has."""
    elsewhere = ("/" + "work/", ".." + "/shared", "/" + "root/")
    for path in tracked():
        if path.suffix in (".gif", ".png", ".txt"):
            continue
        text = path.read_text()
        for place in elsewhere:
            assert place not in text, (path, place)
