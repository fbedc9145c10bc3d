"""Finds chargers that do not do, or no longer do, what their controls say.

Where nothing measures a charger, its controls are all that says that it obeys, and the
meter outranks them. So in an overload its command is sent again with every correction. An
overload that ends with such a repetition, or falls by more than what was taken from the
charger, was likely its own: it had fallen back to a current of its own. Some chargers do
that when they hear nothing for a minute.
"""

from collections.abc import Mapping

from .draw import meter_has_responded, most_if_obeying
from .latency import has_shown
from .memory import Onset
from .model import NOTHING_A, ChargerInput, ChargerStatus
from .plan import Plan
from .situation import Situation

ANSWER_WITHIN_S = 10.0
"""So long after its settle time, a charger's answer to a command is looked for."""

FELT_A = 2.0
"""A greater fall of the meter than was asked for has another reason."""


def is_proven(charger: ChargerInput) -> bool:
    """Return whether more than the controls shows that a charger keeps to its command."""
    if charger.draw is not None:
        commanded_a = charger.command.in_force_a or 0.0
        return max(charger.draw.high_a) <= most_if_obeying(commanded_a)
    return charger.status is ChargerStatus.NOT_CHARGING


def is_pause_proven(charger: ChargerInput) -> bool:
    """Return whether more than the controls shows that a charger is paused.

    One that cannot be has its least current instead.
    """
    if charger.settings.never_pauses:
        return is_proven(charger)
    if charger.draw is not None:
        return max(charger.draw.high_a) < NOTHING_A
    newest = charger.command.epochs[-1]
    shown = newest.current_a == 0 and has_shown(charger.response, newest)
    return shown or charger.status is ChargerStatus.NOT_CHARGING


def find_unproven(situation: Situation, plan: Plan) -> frozenset[str]:
    """Return the chargers to send their command again with this correction."""
    if not situation.correction_due:
        return frozenset()
    overloaded, unproven = situation.balance.overloaded_ids, []
    for charger, draw in situation.chargers:
        charger_id, command = charger.settings.charger_id, charger.command
        if (
            charger_id in overloaded
            and command.confirmed
            and plan.decisions[charger_id].desired_a == command.desired_a
            and meter_has_responded(charger, draw, situation.now_s)
            and not is_proven(charger)
        ):
            unproven.append(charger_id)
    return frozenset(unproven)


def follow_relapses(
    before: Mapping[str, Onset], situation: Situation
) -> tuple[dict[str, Onset], dict[str, float]]:
    """Return the overloads that chargers may have begun, and for how long they obeyed.

    The latter, by charger, only where one is found to have fallen back.
    """
    onsets: dict[str, Onset] = {}
    kept_s: dict[str, float] = {}
    if not before and not situation.overload_is_open:
        return onsets, kept_s
    for charger, _ in situation.chargers:
        charger_id = charger.settings.charger_id
        onset = before.get(charger_id) or _onset(charger, situation)
        if onset is None:
            continue
        onset = _followed(onset, charger, situation)
        if _fell_back(onset, charger, situation):
            kept_s[charger_id] = onset.age_s
        elif _goes_on(onset, charger, situation):
            onsets[charger_id] = onset
    return onsets, kept_s


def _onset(charger: ChargerInput, situation: Situation) -> Onset | None:
    """Return the overload that begins now, if the charger may be the cause."""
    command, now_s = charger.command, situation.now_s
    begins = situation.overload.since_s == now_s and situation.overload_is_open
    on_phase = charger.settings.charger_id in situation.balance.overloaded_ids
    if not (begins and on_phase and command.confirmed) or charger.draw is not None:
        return None
    return Onset(now_s - command.begun_s, now_s, 0.0, command.in_force_a or 0.0)


def _followed(onset: Onset, charger: ChargerInput, situation: Situation) -> Onset:
    """Note the greatest flow so far, and the first command since."""
    if onset.answered_s is not None:
        return onset
    begun_s = charger.command.begun_s
    return onset._replace(
        flow_a=max(onset.flow_a, _flow(charger, situation)),
        answered_s=begun_s if begun_s >= onset.at_s else None,
    )


def _fell_back(onset: Onset, charger: ChargerInput, situation: Situation) -> bool:
    """Return whether the flow fell by more than was taken from the charger."""
    if onset.answered_s is None:
        return False
    taken_a = max(0.0, onset.command_a - (charger.command.in_force_a or 0.0))
    return onset.flow_a - _flow(charger, situation) >= taken_a + FELT_A


def _goes_on(onset: Onset, charger: ChargerInput, situation: Situation) -> bool:
    """Return whether the cause of an overload may still be found."""
    if onset.answered_s is None:
        return situation.overload_is_open
    within_s = charger.settings.settle_s + ANSWER_WITHIN_S
    return situation.now_s <= onset.answered_s + within_s


def _flow(charger: ChargerInput, situation: Situation) -> float:
    """Return the current on the fullest of a charger's phases, in A."""
    reading = situation.site.reading
    if reading is None:
        return 0.0
    return max(reading.on(charger.settings.phases))
