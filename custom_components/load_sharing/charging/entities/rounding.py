"""Rounds currents for the state machine."""


def round_tenths(value: float | None) -> float | None:
    """Round to 0.1, which is as precise as a meter is."""
    return None if value is None else round(value, 1)
