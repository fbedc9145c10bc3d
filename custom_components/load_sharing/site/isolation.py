"""Keeps a failure of one half of a site from the other half."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from typing import Any


async def run_for_each[ItemT: Hashable](
    items: Iterable[ItemT], act: Callable[[ItemT], Coroutine[Any, Any, None]]
) -> dict[ItemT, Exception]:
    """Run an action for each item, even if one fails; return the errors by item."""
    failures = {}
    for item in list(items):
        task = asyncio.create_task(act(item), eager_start=True)
        try:
            if not task.done():
                await asyncio.wait([task])
        finally:
            task.cancel()
        if isinstance(error := task.exception(), Exception):
            failures[item] = error
    return failures
