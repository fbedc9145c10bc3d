"""Recognizes parked cars: chargers that have long taken nothing of what they may.

A parked car is left alone. It need not be lowered for a load, as it takes nothing beside
it, and every command may wake it. Once it takes current it is lowered at once, as it
would be if that load came while it charges.
"""

from collections.abc import Mapping

from .allocation import Claim, allocate
from .constraints import bare_constraints
from .draw import ChargerDraws
from .model import SiteInput

PARKED_AFTER_S = 300.0
ELECTRONICS_A = 0.5
"""Electronics take less than this."""


def follow_idle(
    before: Mapping[str, float], chargers: ChargerDraws, now_s: float
) -> dict[str, float]:
    """Return since when each charger has taken nothing although it may, by charger."""
    return {
        charger.settings.charger_id: before.get(charger.settings.charger_id, now_s)
        for charger, draw in chargers
        if charger.command.in_force_a
        and charger.command.confirmed
        and draw.settled
        and max(draw.high_a) < ELECTRONICS_A
    }


def parked_currents(
    idle_since_s: Mapping[str, float],
    site: SiteInput,
    claims: list[Claim],
    now_s: float,
) -> dict[str, float]:
    """Return what each parked charger may keep, in A: what would fit without any load.

    So it does not keep what another charger is to have.
    """
    parked = [
        charger_id
        for charger_id, since_s in idle_since_s.items()
        if now_s >= since_s + PARKED_AFTER_S
    ]
    if not parked:
        return {}
    shares = allocate(claims, bare_constraints(site))
    return {charger_id: shares[charger_id].current_a for charger_id in parked}
