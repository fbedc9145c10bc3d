"""Lateness: how far a charger's own sensors trail the meter, and what is open meanwhile.

A sensor of the draw may be polled, or report through a cloud. Then the meter moves by the
step of a command while the draw still seems to be the former one, and the step would pass
for another load. So such sensors prove nothing of a command before they have shown it.
"""

from math import inf
from typing import NamedTuple

from .epochs import Epoch, open_epochs
from .latency import LATER, Response, Trailed
from .measurement import TOLERANCE, TOLERANCE_A
from .model import ChargerInput

TRAILS_S = 0.25
"""A sensor that is no later than this behind the meter is as good as the meter."""

ENOUGH = 2
"""Another load may pass for the step of a charger once, and hardly so often."""

KEPT = 8

LONGEST_S = 30.0
"""What shows later than this is a car that has woken, or a sensor of little use."""


class Unshown(NamedTuple):
    """Currents that a charger may have been set to, as far as its sensors know, in A.

    The meter may show any of them until ``until_s``.
    """

    least_a: float
    most_a: float
    until_s: float


def unshown(charger: ChargerInput, taken_s: float, now_s: float) -> Unshown | None:
    """Return what a reading may show of a charger and its own sensors not yet.

    They have trailed the meter, and have not shown a command that the car feels. That
    lasts about as long as commands recently took to show in them: an overload must not
    wait for a step that never comes.
    """
    response = charger.response
    if charger.draw is None or response is None:
        return None
    late_s = sorted([past.after_s for past in response.trailed if past.by_s > TRAILS_S])
    if len(late_s) < ENOUGH:
        return None
    lasts_s = LATER * late_s[-ENOUGH]
    epochs = _felt(charger)
    until_s = epochs[-1].begun_s + lasts_s
    while len(epochs) > 1 and epochs[1].begun_s + lasts_s <= now_s:
        epochs.pop(0)
    if len(epochs) < 2:
        return None
    former, *newer = epochs
    open_a = [former.current_a]
    open_a += [epoch.current_a for epoch in newer if epoch.begun_s <= taken_s]
    return Unshown(min(open_a), max(open_a), until_s)


def expected_by_s(charger: ChargerInput) -> float:
    """Return by when a measured draw usually shows its newest command; -inf if it did.

    It is that of the newest command that the car feels.
    """
    response = charger.response
    if charger.draw is None or response is None or response.latency_s is None:
        return -inf
    epochs = _felt(charger)
    return epochs[-1].begun_s + LATER * response.latency_s if epochs[1:] else -inf


def shown_in_draw_s(charger: ChargerInput) -> float:
    """Return when a measured draw has shown a command last; -inf if it is not measured."""
    if charger.draw is None or charger.response is None:
        return -inf
    return charger.response.shown_s


def _felt(charger: ChargerInput) -> list[Epoch]:
    """Return the command that a draw has shown last, and later ones that the car feels.

    A car that takes 6 A of 10 A does not feel a command of 12 A.
    """
    drawn, response = charger.draw, charger.response
    assert drawn is not None
    assert response is not None
    needs_a = max(drawn.high_a) * (1 + TOLERANCE) + TOLERANCE_A
    epochs = list(open_epochs(charger.command.epochs, response.epoch_s))
    while len(epochs) > 1 and min([e.current_a for e in epochs[-2:]]) > needs_a:
        epochs.pop()
    return epochs


def with_lateness(before: Response, after: Response, by_meter: Response) -> Response:
    """Return a response with how late it is, once its charger's sensors show a command.

    ``by_meter`` is the response as the meter alone has shown it.
    """
    if after.epoch_s == before.epoch_s:
        return after
    trailed = Trailed(0.0, after.shown_s - after.epoch_s)
    if by_meter.epoch_s == after.epoch_s:
        latency_s = by_meter.shown_s - by_meter.epoch_s
        by_s = max(0.0, after.shown_s - by_meter.shown_s)
        if max(latency_s, by_s) > LONGEST_S:
            return after
        trailed = trailed._replace(by_s=by_s)
    return after._replace(trailed=(trailed, *after.trailed)[:KEPT])
