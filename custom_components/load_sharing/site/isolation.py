"""Keeps a failure of one half of a site, or of one part of it, from the others."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from dataclasses import dataclass
import logging
from types import TracebackType
from typing import Any

_LOGGER = logging.getLogger(__name__)


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


class Isolation:
    """Keeps a failure that concerns one part of a site from the other parts.

    Only a bug makes a part fail. It is logged once, and again after it was over.
    """

    def __init__(self, task: str) -> None:
        """Name what is done for each part, for the log."""
        self._task = task
        self._failing: set[str] = set()

    def of(self, part: str) -> _IsolatedPart:
        """Return a context that ends where the code for this part fails."""
        return _IsolatedPart(self, part)

    def note(self, part: str, error: BaseException | None) -> bool:
        """Note how the code for a part ended; return whether to go on all the same."""
        if not isinstance(error, Exception):
            self._failing.discard(part)
            return False
        if part not in self._failing:
            self._failing.add(part)
            _LOGGER.error("%s: %s failed", part, self._task, exc_info=error)
        return True


@dataclass(frozen=True, slots=True)
class _IsolatedPart:
    """A context for the code of one part."""

    isolation: Isolation
    part: str

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> bool:
        """Suppress an error, and note it."""
        return self.isolation.note(self.part, error)
