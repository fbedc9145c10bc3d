"""The evenings of the benchmark: what a way of balancing is given is as in a house."""

import pytest

from benchmarks.energy import Ours, OursMeasured, live
from benchmarks.evenings import FAMILY, Evening
from custom_components.load_sharing.charging.engine.model import PhaseVector
from simulation.meter import MeterKind


@pytest.mark.parametrize("kind", list(MeterKind))
@pytest.mark.parametrize("lag_s", [0.5, 2, 10])
def test_a_measured_draw_is_never_worse_than_none(
    kind: MeterKind, lag_s: float
) -> None:
    """A load ends, and a meter that reports changes falls silent after the car's step.

    The car was measured to follow: nothing is kept back for its former command.
    """
    base_a: list[PhaseVector] = [(8.0 if now_s < 60 else 1.48,) for now_s in range(360)]
    evening = Evening(needs_kwh=[30], charge=[0.2], base_a=base_a)
    kwh = [
        live(FAMILY, [evening], way, kind, lag_s).kwh for way in (Ours, OursMeasured)
    ]
    assert kwh[1] >= kwh[0] - 0.001
