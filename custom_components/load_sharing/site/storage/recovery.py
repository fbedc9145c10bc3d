"""Sets damaged values of a store aside, and restores them once they can be read."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from .parsing import Path, parse_store

KEY = "set_aside"
RESTORABLE = ("enabled", "shadow", "mode", "control", "flags", "tuning")
"""Parts that still mean the same later. A time limit does not: it may have passed."""


class SetAsideValue(TypedDict):
    """A damaged value. ``open``: no new value was set, so a default stands in."""

    value: Any
    open: bool


type SetAside = dict[str, SetAsideValue]
"""Damaged values by the names of their paths."""


class Recovered(NamedTuple):
    """The readable part of a store.

    ``has_new_damage``: some of the damage was not known before. ``changed``: the file
    on disk is out of date.
    """

    data: dict[str, Any]
    set_aside: SetAside
    has_new_damage: bool
    changed: bool


def join_path(path: Path) -> str:
    """Return the name of a path."""
    return "/".join(path)


def split_path(name: str) -> Path:
    """Return the path of a name."""
    return tuple(name.split("/"))


def recover(
    stored: Any, flags: Mapping[str, Mapping[str, bool]], now: datetime
) -> Recovered:
    """Parse a store, and try again what was set aside before.

    An older version may have set aside what this version can read.
    """
    earlier, unreadable = _parse_set_aside(stored)
    if isinstance(stored, dict):
        stored = {key: value for key, value in stored.items() if key != KEY}
    parsed = parse_store(stored, flags, now)
    data, set_aside = parsed.data, dict(earlier)
    for name, item in earlier.items():
        if item["open"] and item["value"] is not None and name.startswith(RESTORABLE):
            restored = deepcopy(data)
            _put(restored, split_path(name), item["value"])
            if not (again := parse_store(restored, flags, now)).damaged:
                data = again.data
                del set_aside[name]
    for path, value in parsed.damaged.items():
        # If all switches of an owner are lost, each of them is listed by itself.
        opens = path[0] != "flags" or len(path) == 3
        set_aside[join_path(path)] = {"value": value, "open": opens}
    if unreadable is not None:
        set_aside[KEY] = {"value": unreadable, "open": False}
    return Recovered(
        data,
        set_aside,
        has_new_damage=bool(parsed.damaged),
        changed=set_aside != earlier,
    )


def _parse_set_aside(stored: Any) -> tuple[SetAside, Any]:
    """Return what was set aside before, and the unreadable part of that."""
    kept = stored.get(KEY) if isinstance(stored, dict) else None
    if kept is None:
        return {}, None
    if not isinstance(kept, dict):
        return {}, kept
    readable: SetAside = {
        name: {"value": item.get("value"), "open": item.get("open") is True}
        for name, item in kept.items()
        if isinstance(item, dict)
    }
    unreadable = {name: kept[name] for name in kept.keys() - readable.keys()}
    return readable, unreadable or None


def _put(data: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value back at its path, if the path still exists."""
    for step in path[:-1]:
        inner = data.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        data = inner
    data[path[-1]] = deepcopy(value)
