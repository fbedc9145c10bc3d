"""Tap water that is always on: such an entity means that it is allowed, not heated.

EMS-ESP's *warm water active* stands at on for months, while the burner goes on and off
for the rooms. Believed, it hides every cooldown.
"""

from dataclasses import dataclass, replace

from .model import BoilerInput

MANY_BURNS = 8
"""More than this is never one charge.

A boiler that charges a tank burns on, at up to 80 °C. Only towards the end it may go off
a few times, because the coil takes less than its least output.
"""
LONG_S = 4 * 3600.0
SOME_BURNS = 3
"""A charge lasts two hours at most, and one against legionella three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TapWater:
    """Since when tap water has been on without a break, and the burns that ended then."""

    since_s: float | None = None
    burns: int = 0
    burner: bool | None = None
    is_doubted: bool = False


def watch_tap_water(before: TapWater, boiler: BoilerInput, now_s: float) -> TapWater:
    """Count the burns within one unbroken time of tap water; doubt too many.

    What is doubted stays so until the entity goes off. A moment without a reading
    changes nothing.
    """
    if boiler.dhw is False:
        return TapWater(burner=boiler.burner)
    if boiler.dhw is None:
        return before
    since_s = now_s if before.since_s is None else before.since_s
    ended = before.burner is True and boiler.burner is False
    burns = before.burns + ended
    known = before.burner if boiler.burner is None else boiler.burner
    return replace(
        before,
        since_s=since_s,
        burns=burns,
        burner=known,
        is_doubted=before.is_doubted
        or burns >= MANY_BURNS
        or (burns >= SOME_BURNS and now_s - since_s >= LONG_S),
    )
