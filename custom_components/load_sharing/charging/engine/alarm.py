"""Raises the alarm: an overload that reducing the chargers cannot end.

Every charger on the overloaded phase is paused, by its controls at least, and the meter
had time to show it; or there is no charger on it. Where only the controls say so, the
alarm says no more than that. A charger that does not obey its pause raises no alarm: it
is commanded again, and has a problem of its own.
"""

from dataclasses import replace

from .draw import Draw, meter_has_responded
from .grid import least_current
from .model import ChargerInput
from .overload import OverloadEvent, OverloadEventType, OverloadPhase
from .relapse import is_pause_proven
from .situation import Situation

ALARM_AFTER_CORRECTIONS = 2
"""An overload that ends by the next correction raises no alarm."""


def check_alarm(situation: Situation) -> tuple[bool, tuple[OverloadEvent, ...]]:
    """Return whether the alarm is on, and its event if it is new."""
    overload, now_s = situation.overload, situation.now_s
    if overload.phase is not OverloadPhase.CORRECTING:
        return False, ()
    alarmed = situation.before.alarmed
    if alarmed or overload.corrections < ALARM_AFTER_CORRECTIONS:
        return alarmed, ()
    tried = {key for key, pause in situation.before.pauses.items() if pause.is_tried}
    paused = {
        charger.settings.charger_id
        for charger, draw in situation.chargers
        if _is_paused(charger, draw, now_s) and charger.settings.charger_id not in tried
    }
    uncorrectable = [
        place for place in situation.balance.overloaded if place.members <= paused
    ]
    if not uncorrectable:
        return False, ()
    worst = max(uncorrectable, key=lambda place: place.excess_a)
    event = OverloadEvent(
        OverloadEventType.ALARM, worst.excess_a, now_s - overload.since_s
    )
    proven = {
        charger.settings.charger_id
        for charger, _ in situation.chargers
        if is_pause_proven(charger)
    }
    event = replace(
        event,
        circuit_id=worst.circuit_id,
        phase=worst.phase,
        proven=worst.members <= proven,
    )
    return True, (event,)


def _is_paused(charger: ChargerInput, draw: Draw, now_s: float) -> bool:
    """Return whether a charger seems to pause, and the meter had time to show it."""
    command = charger.command
    paused = (
        command.desired_a is not None
        and command.desired_a <= least_current(charger.settings)
        and command.confirmed
        and not command.obedience.reverts
    )
    return paused and meter_has_responded(charger, draw, now_s)
