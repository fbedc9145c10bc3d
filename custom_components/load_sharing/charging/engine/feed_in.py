"""Remembers how much each meter has shown to be fed in lately.

So much of what flows through the meter may be hidden: 10 A of sun and a car of 16 A are
6 A on the meter. It shows that a car does not take 16 A only where it shows less than
that by more than could be hidden.
"""

from collections.abc import Mapping
from typing import NamedTuple

from .meters import meters_of
from .model import EXPORTS_A, PhaseVector, ServiceReading, SiteInput

LASTS_S = 2 * 3600.0
"""The sun that was seen may still shine, behind a car or an oven, for this long."""

type FeedIns = Mapping[str, FeedIn]
"""What was fed in, by circuit; "" is the supply."""


class FeedIn(NamedTuple):
    """The most that was fed in lately on each phase, in A, and when."""

    most_a: PhaseVector
    at_s: PhaseVector


def follow_feed_in(before: FeedIns, site: SiteInput, now_s: float) -> FeedIns:
    """Return what each meter has shown to be fed in, with the present readings."""
    seen = {
        meter.meter_id: _follow(before.get(meter.meter_id), meter.reading, now_s)
        for meter in meters_of(site)
        if meter.reading is not None
    }
    return {**before, **seen}


def hidden_by(feed_ins: FeedIns) -> dict[str, PhaseVector]:
    """Return how much may flow unseen through each phase of each meter, in A."""
    return {meter_id: feed_in.most_a for meter_id, feed_in in feed_ins.items()}


def _follow(before: FeedIn | None, reading: ServiceReading, now_s: float) -> FeedIn:
    fed_a = [-a if a < EXPORTS_A else 0.0 for a in reading.current_a]
    if before is None or len(before.most_a) != len(fed_a):
        return FeedIn(tuple(fed_a), (now_s,) * len(fed_a))
    if not any(fed_a) and not any(before.most_a):
        return before
    seen = [
        (now_a, now_s) if now_a >= most_a or now_s >= at_s + LASTS_S else (most_a, at_s)
        for now_a, most_a, at_s in zip(fed_a, before.most_a, before.at_s, strict=True)
    ]
    return FeedIn(
        tuple([most_a for most_a, _ in seen]), tuple([at_s for _, at_s in seen])
    )
