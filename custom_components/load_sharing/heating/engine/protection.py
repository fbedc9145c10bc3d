"""Cycling protection: let the boiler cool down at a low setpoint after a cooldown."""

from dataclasses import dataclass, replace

from .model import BoilerInput

COOLED_UNDER_SETPOINT_K = 15.0
COOLED_AT_LEAST_C = 45.0
LONGEST_S = 30 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Whether the boiler is being cooled, since when, and from what setpoint."""

    since_s: float | None = None
    original_c: float | None = None

    @property
    def is_cooling(self) -> bool:
        """Whether the setpoint is to be held low."""
        return self.since_s is not None


def protect(
    protection: Protection,
    boiler: BoilerInput,
    now_s: float,
    *,
    enabled: bool,
    cooldown: bool,
) -> Protection:
    """Begin to cool at a cooldown; end when it has cooled, or after half an hour."""
    if not enabled or boiler.setpoint_taken:
        return Protection()
    since_s = protection.since_s
    if since_s is None:
        if cooldown and boiler.setpoint_c is not None:
            return Protection(since_s=now_s, original_c=boiler.setpoint_c)
        return protection
    if boiler.setpoint_c is not None and boiler.setpoint_c != protection.original_c:
        protection = replace(protection, original_c=boiler.setpoint_c)
    if now_s - since_s >= LONGEST_S or _has_cooled(protection, boiler):
        return Protection()
    return protection


def ends_at_s(protection: Protection) -> float | None:
    """When cooling ends at the latest."""
    return None if protection.since_s is None else protection.since_s + LONGEST_S


def _has_cooled(protection: Protection, boiler: BoilerInput) -> bool:
    hottest_c = _hottest_c(boiler)
    if hottest_c is None or protection.original_c is None:
        return False
    cooled_c = max(protection.original_c - COOLED_UNDER_SETPOINT_K, COOLED_AT_LEAST_C)
    return hottest_c <= cooled_c


def _hottest_c(boiler: BoilerInput) -> float | None:
    known = [value for value in (boiler.flow_c, boiler.return_c) if value is not None]
    return max(known, default=None)
