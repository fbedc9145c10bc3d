"""Finds chargers that a pause does not pause: they take more current, or ignore it.

To some of them 0 A means that there is no limit. Where the draw is measured, a rise
above all that the charger had is proof. Otherwise the meter rises although a car is to
stop, which another load may cause, or nothing falls in an overload that lasts. Then the
charger's minimum is tried instead. If the flow falls by what that should change, the
pause is not used again, and the minimum is the least that the charger may have.

A trial raises a charger whose pause works. So it waits until no earlier command can be
what rises. A slow charger that is paused soon after its start starts all the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import NamedTuple

from .decision import ChargerDecision
from .draw import followed_by_s, most_if_obeying
from .grid import lowest_current
from .latency import has_shown, have_shown
from .measurement import SILENT_S
from .model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    PhaseVector,
    ServiceReading,
    SiteInput,
)

ANSWERS_WITHIN_S = 60.0
"""More current later than this after a pause has another reason."""

LASTS_S = 3.0
"""A single value of a sensor proves nothing."""

MORE_A = 3.0
"""Smaller rises of the meter are lost among the loads of a house."""

UNANSWERED_S = 30.0
"""A pause that does not show for this long is sent several times before it is doubted."""

PART_OF_FALL = 0.75
"""The flow has fallen as it should if it did by this part of it."""

TRUSTED_S = 3600.0
"""A pause that was suspected for another load's sake is not suspected again so soon."""


class Pause(NamedTuple):
    """The last pause of a charger, and how it was answered.

    The command began at ``begun_s``, when ``before_a`` flowed on the charger's phases,
    and it might have ``former_a``. Lately it had or took ``lately_a`` at the most, which
    a slow car may only now follow, or still take. Its draw, or the flow if that is not
    measured, has been too high since ``high_s``. Its minimum has been tried since
    ``tried_s``, when ``risen_a`` flowed. Before ``trusted_s`` it is not suspected.
    ``seen``: what was last measured of the draw is a pause, and that outlasts a sensor
    that is lost.
    """

    begun_s: float
    before_a: PhaseVector
    former_a: float
    lately_a: float
    high_s: float = inf
    tried_s: float = inf
    risen_a: PhaseVector = ()
    trusted_s: float = -inf
    refuted: bool = False
    seen: bool = False

    @property
    def is_tried(self) -> bool:
        """Whether the charger's minimum is being tried instead."""
        return self.tried_s < inf and not self.refuted

    @property
    def must_end(self) -> bool:
        """Whether the charger is to have its minimum instead."""
        return self.refuted or self.is_tried


def follow_pauses(
    before: Mapping[str, Pause],
    site: SiteInput,
    earlier: ServiceReading | None,
    now_s: float,
    *,
    overload: bool,
) -> dict[str, Pause]:
    """Return how the chargers answered their last pauses, after the site's reading.

    ``earlier`` is the supply's reading at the previous evaluation. Only in an
    ``overload`` a minimum is tried.
    """
    after: dict[str, Pause] = {}
    for charger in site.chargers:
        charger_id, reading = charger.settings.charger_id, site.reading
        pause = before.get(charger_id)
        if pause is None or not pause.must_end:
            pause = _present_pause(charger, pause, earlier or reading)
        if pause is not None:
            after[charger_id] = pause
        if pause is None or pause.refuted or reading is None:
            continue
        flows_a = reading.on(charger.settings.phases)
        if pause.tried_s < inf:
            pause = _judge_trial(pause, charger, flows_a, now_s)
        elif charger.draw is not None:
            pause = _judge_draw(pause, charger, charger.draw, now_s)
        else:
            pause = _judge_flow(pause, charger, reading, now_s)
        doubted = overload and not pause.must_end and now_s >= pause.trusted_s
        if doubted and _is_suspect(pause, charger, site, now_s):
            pause = pause._replace(tried_s=now_s, risen_a=flows_a)
        after[charger_id] = pause
    return after


def with_minimums(
    decisions: Mapping[str, ChargerDecision], chargers: tuple[ChargerInput, ...]
) -> Mapping[str, ChargerDecision]:
    """Return the decisions with the minimum for chargers that would take more at 0 A."""
    changed = {}
    for charger in chargers:
        decision = decisions[charger.settings.charger_id]
        if charger.settings.never_pauses and decision.desired_a is not None:
            changed[charger.settings.charger_id] = replace(
                decision,
                desired_a=max(decision.desired_a, lowest_current(charger.settings)),
                replaces_stop=True,
            )
    return {**decisions, **changed} if changed else decisions


def _present_pause(
    charger: ChargerInput, known: Pause | None, reading: ServiceReading | None
) -> Pause | None:
    """Return the pause that the newest command is; None if it is none."""
    command = charger.command
    newest = command.epochs[-1]
    if newest.current_a > 0 or newest.begun_s == -inf or reading is None:
        # What is known of an earlier one matters only while it is trusted.
        return known if known is not None and known.trusted_s > -inf else None
    if known is not None and known.begun_s == newest.begun_s:
        return known
    former_a = command.greatest_former_at(newest.begun_s, charger.settings.settle_s)
    trusted_s = -inf if known is None else known.trusted_s
    flows_a = reading.on(charger.settings.phases)
    lately_a = command.greatest_former_at(newest.begun_s, ANSWERS_WITHIN_S)
    if charger.draw is not None:
        lately_a = max(lately_a, *charger.draw.low_a)
    return Pause(newest.begun_s, flows_a, former_a, lately_a, trusted_s=trusted_s)


def _judge_draw(
    pause: Pause, charger: ChargerInput, draw: DrawReading, now_s: float
) -> Pause:
    """Return the pause after a measured draw: is it above all that it may be?"""
    if draw.taken_at_s > followed_by_s(charger):
        is_paused = max(draw.high_a) < lowest_current(charger.settings)
        pause = pause._replace(seen=is_paused)
    if now_s > pause.begun_s + ANSWERS_WITHIN_S or draw.taken_at_s <= pause.begun_s:
        return pause
    if max(draw.low_a) <= most_if_obeying(pause.lately_a) + MORE_A:
        return pause._replace(high_s=inf)
    high_s = min(pause.high_s, now_s)
    return pause._replace(high_s=high_s, refuted=now_s >= high_s + LASTS_S)


def _is_suspect(
    pause: Pause, charger: ChargerInput, site: SiteInput, now_s: float
) -> bool:
    """Return whether readings show no pause although one should have been followed."""
    newest, least_a = charger.command.epochs[-1], lowest_current(charger.settings)
    if newest.begun_s != pause.begun_s or newest.current_a > 0 or site.reading is None:
        return False
    followed_s = followed_by_s(charger)
    if charger.draw is not None:
        return (
            now_s > followed_s + UNANSWERED_S
            and charger.draw.taken_at_s > followed_s
            and max(charger.draw.low_a) >= least_a + MORE_A
        )
    taken_s = _taken_at(charger, site.reading)
    if (
        pause.seen
        or taken_s <= followed_s
        or charger.status is ChargerStatus.NOT_CHARGING
        or has_shown(charger.response, newest)
        or not charger.command.epochs[-2:][0].current_a
    ):
        return False
    if now_s <= pause.begun_s + ANSWERS_WITHIN_S and _may_still_rise(charger):
        return False
    if pause.high_s < inf:
        lasts = taken_s > pause.high_s or now_s >= pause.high_s + SILENT_S
        return lasts and now_s >= pause.high_s + LASTS_S
    flows_a = site.reading.on(charger.settings.phases)
    risen_a, _ = _most_risen(pause.before_a, flows_a)
    unanswered = abs(risen_a) < MORE_A and now_s > followed_s + UNANSWERED_S
    return unanswered and pause.former_a >= least_a + MORE_A


def _taken_at(charger: ChargerInput, reading: ServiceReading) -> float:
    """Return when the oldest value on the charger's phases was read."""
    return min([reading.taken_at_s[phase] for phase in charger.settings.phases])


def _judge_flow(
    pause: Pause, charger: ChargerInput, reading: ServiceReading, now_s: float
) -> Pause:
    """Return the pause after a flow: since when has more flowed than before it?"""
    taken_s = _taken_at(charger, reading)
    risen_a, _ = _most_risen(pause.before_a, reading.on(charger.settings.phases))
    if taken_s <= followed_by_s(charger) or risen_a < MORE_A:
        return pause._replace(high_s=inf)
    if pause.high_s == inf and now_s > pause.begun_s + ANSWERS_WITHIN_S:
        return pause
    return pause._replace(high_s=min(pause.high_s, taken_s))


def _may_still_rise(charger: ChargerInput) -> bool:
    """Return whether the command before a pause may only now be what raises the flow."""
    *former, newest = charger.command.epochs
    done_s = former[-1].done_s
    if done_s is not None and done_s + ANSWERS_WITHIN_S <= newest.begun_s:
        return False
    return not have_shown(charger.response, former)


def _judge_trial(
    pause: Pause, charger: ChargerInput, flows_a: PhaseVector, now_s: float
) -> Pause:
    """Return the pause after the minimum was tried: did the flow fall as it should?"""
    newest = charger.command.epochs[-1]
    if newest.current_a > 0 and newest.begun_s >= pause.tried_s:
        rise_a, index = _most_risen(pause.before_a, pause.risen_a)
        fall_a = max(0.0, rise_a) + pause.former_a - newest.current_a
        fell_a = pause.risen_a[index] - flows_a[index]
        # Until the minimum is in force, only another load can have fallen.
        if now_s <= followed_by_s(charger) + LASTS_S:
            return pause
        if charger.draw is not None:
            # Another load may have fallen; a charger that ignores everything has not.
            obeys = max(charger.draw.low_a) <= most_if_obeying(newest.current_a)
            fell_a = fell_a if obeys else 0.0
        if fell_a >= max(MORE_A, PART_OF_FALL * fall_a):
            return pause._replace(refuted=True)
    elif now_s <= pause.tried_s + ANSWERS_WITHIN_S:
        return pause
    return pause._replace(tried_s=inf, trusted_s=now_s + TRUSTED_S)


def _most_risen(before_a: PhaseVector, after_a: PhaseVector) -> tuple[float, int]:
    """Return the greatest rise of a phase in A, and the index of that phase."""
    rises_a = [
        (to_a - from_a, index)
        for index, (from_a, to_a) in enumerate(zip(before_a, after_a, strict=True))
    ]
    return max(rises_a)
