"""Nets what a meter imports against its export, also where a current has no sign."""

from collections.abc import Sequence
from itertools import product
from math import inf
from typing import NamedTuple

from .model import Reading

TELEGRAM_S = 0.5
"""The values of one telegram arrive within this time."""

OUTDATED_S = 120.0
"""An export that was not reported for this long beside currents that were is over.

Some integrations keep the last value while the meter imports
(https://github.com/home-assistant/core/issues/104070).
"""

NOTHING_A = 0.1
MATCH_A = 1.0
MATCH = 0.1
"""Many meters show whole amperes, and the power factor of a house is seldom 1."""

NOTICED_A = 2.0
NOTICED_AFTER = 3


class Evidence(NamedTuple):
    """In how many telegrams in a row a current was as large as the export beside it.

    A phase does not import and export at once. So the current has no sign.
    """

    telegrams: int = 0
    newest_s: float = -inf

    @property
    def suffices(self) -> bool:
        """Whether it is no coincidence."""
        return self.telegrams >= NOTICED_AFTER


def belong_together(readings: Sequence[Reading]) -> bool:
    """Return whether readings may be from the same telegram."""
    times_s = [reading.taken_at_s for reading in readings]
    return max(times_s) - min(times_s) <= TELEGRAM_S


def notice(
    evidence: Evidence, imports: Sequence[Reading], exports: Sequence[Reading]
) -> Evidence:
    """Return the evidence with another telegram; each counts once."""
    newest_s = max([reading.taken_at_s for reading in (*imports, *exports)])
    if evidence.suffices or newest_s <= evidence.newest_s + TELEGRAM_S:
        return evidence
    seen = [
        _match(imported.current_a, exported.current_a)
        for imported, exported in zip(imports, exports, strict=True)
        if belong_together((imported, exported))
        and min(imported.current_a, exported.current_a) >= NOTICED_A
    ]
    if not seen:
        return evidence
    return Evidence(evidence.telegrams + 1 if all(seen) else 0, newest_s)


def net(imported: Reading, exported: Reading) -> Reading:
    """Return the net current of a phase with sensors for both directions.

    A phase cannot import and export at once. If both sensors say so, an export that is
    older than the import is outdated. An import is never newer than its own report.
    """
    net_a = imported.current_a - exported.current_a
    if imported.current_a <= 0:
        return Reading(net_a, max(imported.taken_at_s, exported.taken_at_s))
    if exported.taken_at_s < imported.taken_at_s - TELEGRAM_S:
        return imported
    return Reading(net_a, imported.taken_at_s)


def net_without_sign(
    imported: Reading, exported: Reading, *, noticed: bool = False
) -> Reading:
    """Return the net current of a phase with a current that has no sign.

    It is exported if the sensor of the export says so. Where one of them may be
    outdated, that takes an export as large as the current. So it does where the lack
    of a sign was only ``noticed``. An export that has long been silent is over.
    """
    current_a, export_a = abs(imported.current_a), exported.current_a
    same = _match(current_a, export_a)
    if noticed and not same:
        return net(imported, exported)
    outdated = exported.taken_at_s < imported.taken_at_s - TELEGRAM_S
    is_over = export_a <= NOTHING_A or _is_silent([imported], exported)
    if is_over or (outdated and not same):
        return Reading(current_a, imported.taken_at_s)
    return Reading(-min(current_a, export_a), imported.taken_at_s)


def net_by_total(imports: Sequence[Reading], exported: Reading) -> list[Reading]:
    """Return the net currents of phases without a sign, where one sensor shows the export.

    That is the export of all phases less the import of the others; some meters show the
    export alone. Of all directions of the currents that result in it, each phase has
    the one with the most import. If there are none, or the export has long been silent,
    all phases import.
    """
    currents_a = [abs(imported.current_a) for imported in imports]
    export_a = exported.current_a
    possible: list[tuple[int, ...]] = []
    if export_a > NOTHING_A and not _is_silent(imports, exported):
        tolerance_a = MATCH_A + MATCH * sum(currents_a)
        for signs in product((1, -1), repeat=len(currents_a)):
            signed_a = [
                sign * current_a
                for sign, current_a in zip(signs, currents_a, strict=True)
            ]
            alone_a = -sum([current_a for current_a in signed_a if current_a < 0])
            if any(
                abs(shown_a - export_a) <= tolerance_a
                for shown_a in (alone_a, -sum(signed_a))
            ):
                possible.append(signs)
    directions = [max(signs) for signs in zip(*possible, strict=True)]
    return [
        Reading(sign * current_a, imported.taken_at_s)
        for sign, current_a, imported in zip(
            directions or [1] * len(imports), currents_a, imports, strict=True
        )
    ]


def _is_silent(imports: Sequence[Reading], exported: Reading) -> bool:
    """Return whether currents were reported for long without their export."""
    newest_s = max([imported.taken_at_s for imported in imports])
    return exported.taken_at_s < newest_s - OUTDATED_S


def _match(current_a: float, export_a: float) -> bool:
    """Return whether a current and an export are the same."""
    return abs(current_a - export_a) <= MATCH_A + MATCH * max(current_a, export_a)
