"""What radiators can take away from the boiler.

Estimates for comparison, good to 20-30 %: a rating is for a radiator as sold,
with its nominal flow, not behind a curtain.
"""

from .model import BoilerInput

RATED_EXCESS_K = 50.0


def emission_w(
    q50_w: float, exponent: float, water_mean_c: float, room_c: float
) -> float:
    """Heat that a radiator gives off in W (EN 442): ``Q50 * (excess / 50 K) ** n``."""
    excess_k = water_mean_c - room_c
    if excess_k <= 0:
        return 0.0
    return float(q50_w * (excess_k / RATED_EXCESS_K) ** exponent)


def valve_factor(valve_pct: float, flow_efficiency: float) -> float:
    """Share of its capacity that a radiator gives off behind a valve, 0 to 1.

    Most of the flow is there long before a valve is fully open:
    ``flow_efficiency`` is above 1.
    """
    return min(1.0, max(0.0, valve_pct) / 100 * flow_efficiency)


def water_mean_c(boiler: BoilerInput, system_delta_t_k: float) -> float | None:
    """Mean temperature of the water in the radiators while the boiler burns.

    Measured, or what the setpoint asks for where that is more: between two burns
    the water is colder, but it is the next burn that has to be taken away. While
    the boiler heats tap water, flow and return do not tell about the radiators.
    None: not known.
    """
    means = []
    if boiler.heating_setpoint_c is not None:
        means.append(boiler.heating_setpoint_c - system_delta_t_k / 2)
    if boiler.flow_c is not None and boiler.return_c is not None and not boiler.dhw:
        means.append((boiler.flow_c + boiler.return_c) / 2)
    return max(means, default=None)
