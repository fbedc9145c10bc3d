"""Epochs: the currents that may have been in force at a charger, and since when."""

from dataclasses import dataclass, replace
from math import inf

EPOCHS_KEPT = 16

FOLLOWED_S = 30.0
"""No charger that we know of takes longer to follow a command."""


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


def possible_currents(
    epochs: tuple[Epoch, ...], at_s: float, settle_s: float
) -> list[float]:
    """Return the commands that a reading at ``at_s`` may show, in A, the oldest first.

    A charger has ``settle_s`` to follow a command. Until then a reading may show the
    old current or the new one.
    """
    first = 0
    for index, epoch in enumerate(epochs):
        done_s = epoch.done_s
        obeys = epoch.obeyed is not False
        if obeys and done_s is not None and done_s + settle_s <= at_s:
            first = index
    later_a = [
        epoch.current_a for epoch in epochs[first + 1 :] if epoch.begun_s <= at_s
    ]
    return [epochs[first].current_a, *later_a]


def possible_at(
    epochs: tuple[Epoch, ...], at_s: float, settle_s: float
) -> tuple[float, float]:
    """Return the least and greatest command that a reading at ``at_s`` may show."""
    currents_a = possible_currents(epochs, at_s, settle_s)
    return min(currents_a), max(currents_a)


def greatest_possible(epochs: tuple[Epoch, ...]) -> float:
    """Return the greatest command that may be followed now, be it the newest or not."""
    most_a = 0.0
    for epoch in reversed(epochs):
        most_a = max(most_a, epoch.current_a)
        if epoch.obeyed:
            break
    return most_a


def reduces(epochs: tuple[Epoch, ...]) -> bool:
    """Return whether the newest command lowers the current."""
    return len(epochs) > 1 and epochs[-1].current_a < epochs[-2].current_a


def followed_at(epochs: tuple[Epoch, ...], needs_a: float, settle_s: float) -> float:
    """Return when a car has followed the last change that limits it.

    A car that needs no more than ``needs_a`` does not feel a change between two higher
    currents, nor one that the charger was seen not to make.
    """
    felt = [epoch for epoch in epochs if epoch.obeyed is not False]
    while len(felt) > 1 and min(felt[-1].current_a, felt[-2].current_a) > needs_a:
        felt.pop()
    done_s = felt[-1].done_s if felt else None
    return inf if done_s is None else done_s + settle_s


def with_epoch(
    epochs: tuple[Epoch, ...], current_a: float, now_s: float
) -> tuple[Epoch, ...]:
    """Begin an epoch, unless the newest has that current already.

    Only ``EPOCHS_KEPT`` are kept, always including the last that was obeyed.
    """
    if epochs[-1].current_a == current_a:
        return epochs
    if len(epochs) >= EPOCHS_KEPT:
        obeyed_since = any([epoch.obeyed for epoch in epochs[1:]])
        epochs = epochs[1:] if obeyed_since else epochs[:-1]
    return (*epochs, Epoch(current_a, now_s, None))


def with_done(epochs: tuple[Epoch, ...], now_s: float) -> tuple[Epoch, ...]:
    """Note that a call for the newest epoch returned, unless one did before."""
    if epochs[-1].done_s is not None:
        return epochs
    return (*epochs[:-1], replace(epochs[-1], done_s=now_s))


def with_disobeyed(
    epochs: tuple[Epoch, ...], desired_a: float | None
) -> tuple[Epoch, ...]:
    """Note that the wanted current is not in force, if it was sent at all."""
    *earlier, newest = epochs
    if newest.current_a != desired_a:
        return epochs
    return (*earlier, replace(newest, obeyed=False))
