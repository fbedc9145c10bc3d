"""Radiator capacity: the heat in W that a radiator can take from the boiler.

The estimates are good to 20-30 %, which is enough to compare them. A rating applies
to a radiator as sold, at its nominal flow and not behind a curtain.
"""

from .model import BoilerInput

RATED_EXCESS_K = 50.0
MIXED_DROP_K = 5.0


def emission_w(
    q50_w: float, exponent: float, water_mean_c: float, room_c: float
) -> float:
    """Return the heat of a radiator in W (EN 442): ``Q50 * (excess / 50 K) ** n``."""
    excess_k = water_mean_c - room_c
    if excess_k <= 0:
        return 0.0
    return float(q50_w * (excess_k / RATED_EXCESS_K) ** exponent)


def behind_mixer_c(water_mean_c: float, mixed_flow_c: float | None) -> float:
    """Return the mean temperature in °C of the water in loops behind a mixer.

    Floor loops are designed for a drop of 5 K (EN 1264-3). A mixer only cools, so the
    water is never hotter than the boiler's. ``mixed_flow_c`` None: there is no mixer.
    """
    if mixed_flow_c is None:
        return water_mean_c
    return min(water_mean_c, mixed_flow_c - MIXED_DROP_K / 2)


def valve_factor(valve_pct: float, flow_efficiency: float) -> float:
    """Return the fraction of its capacity that a radiator emits behind a valve, 0 to 1.

    ``flow_efficiency`` is above 1 because a valve passes most of the flow long
    before it is fully open.
    """
    return min(1.0, max(0.0, valve_pct) / 100 * flow_efficiency)


def water_mean_c(boiler: BoilerInput, system_delta_t_k: float) -> float | None:
    """Return the mean temperature in °C of the water in the radiators during a burn.

    The higher of the measured mean and the mean that the setpoint asks for: between
    burns the water is colder, but the heat to take away is that of the next burn.
    The measurement does not count while the boiler heats tap water, because flow and
    return then say nothing about the radiators. None if neither is known.
    """
    means = []
    if boiler.heating_setpoint_c is not None:
        means.append(boiler.heating_setpoint_c - system_delta_t_k / 2)
    if (
        boiler.flow_c is not None
        and boiler.return_c is not None
        and not boiler.heats_tap_water
    ):
        means.append((boiler.flow_c + boiler.return_c) / 2)
    return max(means, default=None)
