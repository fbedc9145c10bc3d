"""Cycling protection: holds a low setpoint after a cooldown until the water is cool."""

from dataclasses import dataclass, replace

from .model import BoilerInput

COOL_BELOW_SETPOINT_K = 15.0
ALWAYS_COOL_C = 45.0
"""Water at this temperature is cool enough, whatever the setpoint."""
MAX_COOLING_S = 30 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Whether the boiler is cooling down, since when, and its owner's setpoint."""

    since_s: float | None = None
    owner_setpoint_c: float | None = None

    @property
    def is_cooling(self) -> bool:
        """Whether the setpoint must be held low."""
        return self.since_s is not None


def update_protection(
    protection: Protection,
    boiler: BoilerInput,
    now_s: float,
    *,
    enabled: bool,
    cooldown: bool,
) -> Protection:
    """Start cooling at a cooldown; end once the water is cool, or after half an hour.

    It also ends if something else changes the setpoint meanwhile.
    """
    if not enabled or boiler.setpoint_overridden:
        return Protection()
    since_s = protection.since_s
    if since_s is None:
        if cooldown and boiler.setpoint_c is not None:
            return Protection(since_s=now_s, owner_setpoint_c=boiler.setpoint_c)
        return protection
    if (
        boiler.setpoint_c is not None
        and boiler.setpoint_c != protection.owner_setpoint_c
    ):
        protection = replace(protection, owner_setpoint_c=boiler.setpoint_c)
    if now_s - since_s >= MAX_COOLING_S or _has_cooled(protection, boiler):
        return Protection()
    return protection


def cooling_ends_s(protection: Protection) -> float | None:
    """Return when cooling ends at the latest; None if there is none."""
    return None if protection.since_s is None else protection.since_s + MAX_COOLING_S


def _has_cooled(protection: Protection, boiler: BoilerInput) -> bool:
    """Return whether the hotter of flow and return is cool; one may be unknown."""
    hottest_c = _hottest_c(boiler)
    if hottest_c is None or protection.owner_setpoint_c is None:
        return False
    cooled_c = max(protection.owner_setpoint_c - COOL_BELOW_SETPOINT_K, ALWAYS_COOL_C)
    return hottest_c <= cooled_c


def _hottest_c(boiler: BoilerInput) -> float | None:
    """Return the higher of flow and return in °C; None if neither is known."""
    known = [value for value in (boiler.flow_c, boiler.return_c) if value is not None]
    return max(known, default=None)
