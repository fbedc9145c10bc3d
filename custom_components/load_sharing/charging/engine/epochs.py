"""Epochs: the currents that may have been in force at a charger, and since when."""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Epoch:
    """A current that may have been in force since ``begun_s``.

    ``done_s`` is when the call for it succeeded. While that is None, the call runs or
    failed, and the current in force is unknown. ``obeyed`` is what the read-back showed
    since, None if it showed nothing.
    """

    current_a: float
    begun_s: float
    done_s: float | None
    obeyed: bool | None = None


def open_epochs(epochs: tuple[Epoch, ...], since_s: float) -> tuple[Epoch, ...]:
    """Return the commands that may be in force, from the one begun at ``since_s`` on."""
    if since_s == -inf:
        return epochs
    for index in range(len(epochs) - 1, 0, -1):
        if epochs[index].begun_s <= since_s:
            return epochs[index:]
    return epochs
