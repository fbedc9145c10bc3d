"""The last rung: an overload against which there is nothing left to be done.

Every charger on the overloaded phase is paused, was seen to obey, and the meter had
time to show it; or there is none. A charger that does not obey its pause is another
matter: it goes on being told.
"""

from dataclasses import replace

from .draw import Draw, has_answered
from .model import ChargerInput, EngineState, SiteInput
from .overload import OverloadEvent, OverloadEventType, OverloadPhase, OverloadState
from .supply import Balance

ALARM_AFTER_CORRECTIONS = 2
"""An overload that is over by the next correction alarms nobody."""


def sound(
    state: EngineState,
    overload: OverloadState,
    site: SiteInput,
    balance: Balance,
    draws: list[Draw],
    now_s: float,
) -> tuple[bool, tuple[OverloadEvent, ...]]:
    """Whether the alarm is on, and what is to be told if it is new."""
    if overload.phase is not OverloadPhase.CORRECTING:
        return False, ()
    if state.alarmed or overload.corrections < ALARM_AFTER_CORRECTIONS:
        return state.alarmed, ()
    done = {
        charger.settings.charger_id
        for charger, draw in zip(site.chargers, draws, strict=True)
        if _is_paused(charger, draw, now_s)
    }
    helpless = [place for place in balance.overloaded if place.members <= done]
    if not helpless:
        return False, ()
    worst = max(helpless, key=lambda place: place.excess_a)
    event = OverloadEvent(
        OverloadEventType.ALARM, worst.excess_a, now_s - overload.since_s
    )
    return True, (replace(event, circuit_id=worst.circuit_id, phase=worst.phase),)


def _is_paused(charger: ChargerInput, draw: Draw, now_s: float) -> bool:
    """Whether a charger was seen to pause, and the meter had time to show it."""
    command = charger.command
    paused = command.desired_a == 0 and command.confirmed
    return paused and has_answered(charger, draw, now_s)
