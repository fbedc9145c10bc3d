"""What was damaged in a store and set aside: kept, and put back once it can be read."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from .parsing import Path, read

KEY = "set_aside"
RESTORABLE = ("enabled", "shadow", "mode", "flags", "tuning")
"""Parts that mean the same later. A time that was to come by then does not."""


class AsideData(TypedDict):
    """A damaged value. ``open``: nobody has set another since, so something stands in."""

    value: Any
    open: bool


type Aside = dict[str, AsideData]
"""By their paths."""


class Recovered(NamedTuple):
    """What can be read of a store. ``fresh``: there is damage that was not known yet.

    ``changed``: what is on disk is another thing by now.
    """

    data: dict[str, Any]
    aside: Aside
    fresh: bool
    changed: bool


def join(path: Path) -> str:
    """Name a path."""
    return "/".join(path)


def split(name: str) -> Path:
    """Find the path of a name."""
    return tuple(name.split("/"))


def recover(
    found: Any, flags: Mapping[str, Mapping[str, bool]], now: datetime
) -> Recovered:
    """Read a store, and also what an earlier or an older version could not read of it."""
    earlier, rest = _earlier(found)
    if isinstance(found, dict):
        found = {key: value for key, value in found.items() if key != KEY}
    result = read(found, flags, now)
    data, aside = result.data, dict(earlier)
    for name, item in earlier.items():
        if item["open"] and item["value"] is not None and name.startswith(RESTORABLE):
            tried = deepcopy(data)
            _put(tried, split(name), item["value"])
            if not (again := read(tried, flags, now)).aside:
                data = again.data
                del aside[name]
    for path, value in result.aside.items():
        # All switches of an owner are named one by one.
        opens = path[0] != "flags" or len(path) == 3
        aside[join(path)] = {"value": value, "open": opens}
    if rest is not None:
        aside[KEY] = {"value": rest, "open": False}
    return Recovered(data, aside, fresh=bool(result.aside), changed=aside != earlier)


def _earlier(found: Any) -> tuple[Aside, Any]:
    """What was set aside before, and what of that cannot be read itself."""
    kept = found.get(KEY) if isinstance(found, dict) else None
    if kept is None:
        return {}, None
    if not isinstance(kept, dict):
        return {}, kept
    sound: Aside = {
        name: {"value": item.get("value"), "open": item.get("open") is True}
        for name, item in kept.items()
        if isinstance(item, dict)
    }
    return sound, {name: kept[name] for name in kept.keys() - sound.keys()} or None


def _put(data: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value where it was, unless there is no such place any more."""
    for step in path[:-1]:
        inner = data.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        data = inner
    data[path[-1]] = deepcopy(value)
