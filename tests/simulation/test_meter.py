"""When meters report, and how they fail."""

from collections.abc import Sequence
from math import isnan

from simulation.meter import Meter, MeterFault, MeterKind


def reports(meter: Meter, powers_w: Sequence[float]) -> list[float | None]:
    """What a meter reports of one value a second."""
    seen = []
    for second, power_w in enumerate(powers_w):
        report = meter.observe(float(second), (power_w,))
        seen.append(None if report is None else report[0])
    return seen


def test_a_meter_of_every_second_repeats_itself() -> None:
    """Also a value that stays the same is reported."""
    assert reports(Meter(), [500, 500, 700]) == [500, 500, 700]


def test_a_meter_of_every_10_seconds_misses_what_is_between() -> None:
    """A kettle of 8 s is never seen."""
    powers_w = [500] + [2700] * 8 + [500] * 3
    seen = reports(Meter(MeterKind.EVERY_10_SECONDS), powers_w)
    assert [value for value in seen if value is not None] == [500, 500]


def test_a_meter_on_change_says_nothing_of_100_w() -> None:
    """Only a change of more than 100 W since the last report counts."""
    meter = Meter(MeterKind.ON_CHANGE)
    assert reports(meter, [500, 600, 601, 601]) == [500, None, 601, None]


def test_faults() -> None:
    """A frozen meter repeats, a silent one does not, a broken one reports no number."""
    meter = Meter()
    assert reports(meter, [500]) == [500]
    meter.fault = MeterFault.FROZEN
    assert meter.observe(1, (900.0,)) == (500,)
    meter.fault = MeterFault.SILENT
    assert meter.observe(2, (900.0,)) is None
    meter.fault = MeterFault.UNAVAILABLE
    assert meter.observe(3, (900.0,)) is None
    meter.fault = MeterFault.NOT_A_NUMBER
    report = meter.observe(4, (900.0,))
    assert report is not None
    assert isnan(report[0])
    meter.fault = MeterFault.NONE
    assert meter.observe(5, (900.0,)) == (900.0,)
