"""Finds the reports of a meter of which every phase has arrived.

What one phase shows and another does not yet is no step of another charger. The sensors
of a meter mostly report within a moment. Some meters report only what changes, and some
report their phases one by one, evenly spread over the time between two reports.
"""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from .measurement import without_draws
from .model import Sample, ServiceReading, SiteInput

TOGETHER_S = 0.5
"""Values that are reported within this time of each other are one report."""


class Arrival(NamedTuple):
    """The ``newest`` report that has arrived, and one that is still ``arriving``.

    Some phase has not been reported since ``oldest_s``. ``in_turns``: the phases of the
    newest report came one by one.
    """

    newest: Sample | None
    arriving: Sample | None
    oldest_s: float = -inf
    in_turns: bool = False


def follow_arrival(
    before: Sample | None, kept: Sequence[Sample], site: SiteInput, now_s: float
) -> Arrival:
    """Return which report has arrived; the one ``before`` was still arriving.

    A report whose phases have not all arrived is complete a moment later, once the next
    one begins, or once every phase was reported since the last sample that was ``kept``.
    """
    if (reading := site.shown) is None:
        return Arrival(None, None)
    newest, newest_s = sample_of(site, reading), max(reading.taken_at_s)
    oldest_s = min(reading.taken_at_s)
    if oldest_s >= newest_s - TOGETHER_S or now_s >= newest_s + TOGETHER_S:
        return Arrival(newest, None, oldest_s)
    if before is not None and newest_s > before.at_s + TOGETHER_S:
        return Arrival(before, newest, oldest_s)
    if kept and oldest_s > kept[-1].at_s:
        return Arrival(newest, None, oldest_s, in_turns=True)
    return Arrival(None, newest, oldest_s)


def sample_of(site: SiteInput, reading: ServiceReading) -> Sample:
    """Return a reading without what measured chargers draw."""
    current_a = without_draws(reading, site.chargers, site.total)
    return Sample(max(reading.taken_at_s), current_a)
