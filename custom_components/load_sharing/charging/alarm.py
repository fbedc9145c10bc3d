"""The last rung: an overload against which there is nothing left to be done.

Every charger on the overloaded phase is paused, was seen to obey, and the meter had
time to show it; or there is none. A charger that does not obey its pause is another
matter: it goes on being told.
"""

from dataclasses import replace
from typing import NamedTuple

from .draw import Draw
from .model import EPSILON_A, ChargerInput, EngineState, SiteInput
from .overload import OverloadEvent, OverloadEventType, OverloadPhase, OverloadState
from .supply import Balance

ALARM_AFTER_CORRECTIONS = 2
"""An overload that is over by the next correction alarms nobody."""


class Place(NamedTuple):
    """A phase of a circuit, "" the supply, and the current above its limit there."""

    circuit_id: str
    phase: int
    excess_a: float


def sound(
    state: EngineState,
    overload: OverloadState,
    site: SiteInput,
    balance: Balance,
    draws: list[Draw],
    now_s: float,
    silent_s: float,
) -> tuple[bool, tuple[OverloadEvent, ...]]:
    """Whether the alarm is on, and what is to be told if it is new.

    A meter that says nothing for ``silent_s`` after a command settled has answered.
    """
    if overload.phase is not OverloadPhase.CORRECTING:
        return False, ()
    if state.alarmed or overload.corrections < ALARM_AFTER_CORRECTIONS:
        return state.alarmed, ()
    done = {
        charger.settings.charger_id
        for charger, draw in zip(site.chargers, draws, strict=True)
        if _is_paused(charger, draw, now_s - silent_s)
    }
    helpless = [
        place
        for place in _overloaded(site, balance)
        if all([charger_id in done for charger_id in _members(site, place)])
    ]
    if not helpless:
        return False, ()
    worst = max(helpless, key=lambda place: place.excess_a)
    event = OverloadEvent(
        OverloadEventType.ALARM, worst.excess_a, now_s - overload.since_s
    )
    return True, (replace(event, circuit_id=worst.circuit_id, phase=worst.phase),)


def _is_paused(charger: ChargerInput, draw: Draw, silent_since_s: float) -> bool:
    """Whether a charger was seen to pause, and the meter had time to show it."""
    command = charger.command
    if command.desired_a != 0 or not command.confirmed:
        return False
    settles_s = command.epochs[-1].begun_s + charger.settings.settle_s
    return draw.settled or silent_since_s >= settles_s


def _overloaded(site: SiteInput, balance: Balance) -> list[Place]:
    headrooms = [("", balance.headroom_a)]
    headrooms += [
        (circuit.circuit_id, load.headroom_a)
        for circuit, load in zip(site.circuits, balance.circuits, strict=True)
        if load.headroom_a is not None
    ]
    return [
        Place(circuit_id, phase, -left_a)
        for circuit_id, headroom_a in headrooms
        for phase, left_a in enumerate(headroom_a)
        if left_a < -EPSILON_A
    ]


def _members(site: SiteInput, place: Place) -> list[str]:
    """Chargers whose current flows there."""
    on = [
        charger.settings.charger_id
        for charger in site.chargers
        if place.phase in charger.settings.phases
    ]
    if not place.circuit_id:
        return on
    (members,) = [
        circuit.members
        for circuit in site.circuits
        if circuit.circuit_id == place.circuit_id
    ]
    return [charger_id for charger_id in on if charger_id in members]
