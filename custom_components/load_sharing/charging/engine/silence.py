"""Learns how long a meter's sensor is usually silent, and so when its silence is odd.

A sensor that reports every second is frozen after a minute. One that reports changes only
may be silent for much of a night. The longest silence of each day shows which it is.
"""

from dataclasses import dataclass, replace

DAY_S = 86400.0
"""A day is this much time of observing, and not one of the calendar."""

DAYS_KEPT = 7
"""A week, because a house may be used otherwise at its end."""

TIMES_USUAL = 5.0
"""A silence is odd if it is this many times as long as the longest of a usual day."""

LEAST_S = 60.0
"""No shorter silence is odd: a radio link may be down, or a receiver may restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What is known of the silences of one sensor.

    ``days_s`` has the longest silence of each day, the latest day last. ``longest_s`` is
    that of the day which is observed now, of which ``observed_s`` have passed.
    ``reported_s`` is when the sensor last reported, on a steady clock; None if what
    follows is not a silence of its own.
    """

    days_s: tuple[float, ...] = ()
    longest_s: float = 0.0
    observed_s: float = 0.0
    reported_s: float | None = None


def note_report(silence: Silence, now_s: float) -> Silence:
    """Note a report. The silence before it counts in full for the day that it ends in.

    So a meter that was frozen for a week has spoilt one day, and not seven.
    """
    if silence.reported_s is None:
        return replace(silence, reported_s=now_s)
    silent_s = max(0.0, now_s - silence.reported_s)
    longest_s = max(silence.longest_s, silent_s)
    observed_s = silence.observed_s + silent_s
    if observed_s < DAY_S:
        return Silence(
            days_s=silence.days_s,
            longest_s=longest_s,
            observed_s=observed_s,
            reported_s=now_s,
        )
    days_s = (*silence.days_s, longest_s)[-DAYS_KEPT:]
    return Silence(days_s=days_s, reported_s=now_s)


def interrupt(silence: Silence) -> Silence:
    """Note that what follows is no silence of the sensor's own, until it reports."""
    return replace(silence, reported_s=None)


def longest_usual(silence: Silence) -> float | None:
    """Return the silence in s beyond which a sensor is taken for frozen.

    It is None before one whole day was observed, and for a sensor that is silent for so
    long each day that even a day without a report is not odd. The median is used, the
    lower one of two, so that a meter which was frozen on one day is not trusted for it.
    """
    days_s = sorted(silence.days_s)
    if not days_s:
        return None
    usual_s = TIMES_USUAL * days_s[(len(days_s) - 1) // 2]
    return max(LEAST_S, usual_s) if usual_s <= DAY_S else None
