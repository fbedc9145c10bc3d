"""What the entities read: the latest snapshot of each half of a site."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SiteSnapshot:
    """The snapshots of both halves; None for a half that is not configured, or down.

    Only the half itself knows the type of its snapshot: see its ``snapshot.py``.
    """

    charging: Any = None
    heating: Any = None
