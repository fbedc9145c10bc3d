"""Why the burner is held off, or why it is not."""

from enum import StrEnum


class HoldReason(StrEnum):
    """Why the burner is held off, or why it is not."""

    TOO_HOT = "too_hot"
    SMALL_LOAD = "small_load"
    NOT_NEEDED = "not_needed"
    COLD = "cold"
    CALLERS_SUFFICE = "callers_suffice"
    LONGEST = "longest"
    BURNS = "burns"
    DHW = "dhw"
    DHW_UNKNOWN = "dhw_unknown"
    FROST = "frost"
    OVERRIDDEN = "overridden"

    @property
    def is_hold(self) -> bool:
        """Whether the burner is held off."""
        return self in (HoldReason.TOO_HOT, HoldReason.SMALL_LOAD)
