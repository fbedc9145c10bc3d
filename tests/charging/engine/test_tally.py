"""What is counted: energy of what is measured, sessions, overloads and the day's peak."""

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.mains import Mains, Wiring
from custom_components.load_sharing.charging.engine.model import DrawReading
from custom_components.load_sharing.charging.engine.overload import (
    OverloadEvent,
    OverloadEventType,
)
from custom_components.load_sharing.charging.engine.tally import (
    ChargerTally,
    Tally,
    begin_day,
    count_energy,
    count_overloads,
    count_peak,
    power_w,
)

THREE = Mains(Wiring.NEUTRAL, 230.0, (0, 1, 2))
DELTA = Mains(Wiring.NO_NEUTRAL, 230.0, (0, 1, 2))


def drawn(*currents_a: float) -> DrawReading:
    """Return a draw of which each phase is measured."""
    return DrawReading(currents_a, currents_a, 0.0)


def test_the_power_of_measured_phases() -> None:
    """Their sum, times the voltage of a phase."""
    assert power_w(drawn(10, 10, 9), THREE, None) == pytest.approx(29 * 230)
    assert power_w(drawn(16), THREE, None) == pytest.approx(16 * 230)


def test_the_power_of_one_sensor_is_what_it_showed() -> None:
    """However many phases the car may use."""
    draw = DrawReading((0, 0, 0), (16, 16, 16), 0.0, total_a=16.0)
    assert power_w(draw, THREE, None) == pytest.approx(16 * 230)


def test_what_is_not_certain_is_not_counted() -> None:
    """No sensor; bounds that differ; one current of an unknown number of phases."""
    assert power_w(None, THREE, 3) is None
    assert power_w(DrawReading((0, 0), (16, 16), 0.0), THREE, None) is None
    alike = DrawReading((10, 10, 10), (10, 10, 10), 0.0, alike=True)
    assert power_w(alike, THREE, None) is None
    assert power_w(alike, THREE, 2) == pytest.approx(10 * 230 * 2)


def test_without_a_neutral_two_wires_carry_the_voltage_between_them() -> None:
    """Three wires carry sqrt(3) times as much for each ampere."""
    assert power_w(drawn(10, 10, 0), DELTA, None) == pytest.approx(2300)
    assert power_w(drawn(10, 10, 10), DELTA, None) == pytest.approx(3983.7, rel=1e-4)
    assert power_w(drawn(10, 4, 0), DELTA, None) is None
    assert power_w(drawn(0, 0, 0), DELTA, None) == 0


def run(*steps: tuple[float, float | None, bool]) -> ChargerTally:
    """Count steps of seconds, watts from then on, and whether it is paused."""
    tally, now_s = ChargerTally(), 1000.0
    for seconds, watts, paused in steps:
        now_s += seconds
        tally = count_energy(tally, watts, now_s, paused=paused)
    return tally


def test_energy_is_power_over_time() -> None:
    """An hour with 7.2 kW, read every ten minutes."""
    tally = run(*[(600.0, 7200.0, False)] * 7)
    assert tally.energy_kwh == pytest.approx(7.2)
    assert tally.session_kwh == pytest.approx(7.2)


def test_time_without_a_measurement_adds_nothing() -> None:
    """The sensor is lost for an hour; a silence of hours counts as a quarter of one."""
    lost = run((0, 7200, False), (60, None, False), (3600, 7200, False))
    assert lost.energy_kwh == lost.session_kwh == pytest.approx(0.12)
    assert run((0, 7200, False), (36000, 0, False)).energy_kwh == pytest.approx(1.8)


def test_a_session_begins_after_an_hour_without_current() -> None:
    """A pause of the charger, however long, does not end one."""
    charged = [(0.0, 7200.0, False), (600.0, 0.0, False)]
    short = run(*charged, (1800, 7200, False), (600, 0, False))
    assert short.session_kwh == pytest.approx(2.4)
    paused = run(*charged, (60, 0, True), (9000, 0, True), (9, 7200, False))
    assert paused.session_kwh == pytest.approx(1.2)
    new = run(*charged, (3600, 7200, False), (300, 0, False))
    assert new.session_kwh == pytest.approx(0.6)
    assert new.energy_kwh == pytest.approx(1.8)


@given(
    st.lists(
        st.tuples(
            st.floats(-100, 1e6),
            st.one_of(st.none(), st.floats(0, 50000)),
            st.booleans(),
        )
    )
)
def test_energy_never_falls(steps: list[tuple[float, float | None, bool]]) -> None:
    """Not even if the clock is set back, as the type of its statistics demands."""
    tally, now_s, before_kwh = ChargerTally(), 0.0, 0.0
    for seconds, watts, paused in steps:
        now_s += seconds
        tally = count_energy(tally, watts, now_s, paused=paused)
        assert tally.energy_kwh >= before_kwh
        assert tally.session_kwh <= tally.energy_kwh + 1e-9
        before_kwh = tally.energy_kwh


def events(*types: OverloadEventType) -> tuple[OverloadEvent, ...]:
    """Return events of an overload."""
    return tuple(OverloadEvent(kind, 5.0, 10.0) for kind in types)


def test_an_overload_counts_once_it_was_corrected_and_is_over() -> None:
    """Not one that the house ended, nor one that needed an alarm."""
    kinds = OverloadEventType
    tally = count_overloads(Tally(), events(kinds.DETECTED, kinds.CORRECTED))
    assert tally.corrected == 0
    tally = count_overloads(tally, events(kinds.CORRECTED))
    tally = count_overloads(tally, events(kinds.CLEARED))
    assert (tally.corrected, tally.corrected_today) == (1, 1)
    tally = count_overloads(tally, events(kinds.DETECTED, kinds.CLEARED))
    stuck = events(kinds.DETECTED, kinds.CHARGING_STOPPED, kinds.ALARM, kinds.CLEARED)
    assert count_overloads(tally, stuck).corrected == 1


def test_a_day_begins_anew() -> None:
    """What is counted in all goes on."""
    tally = Tally(corrected=4, corrected_today=2, peak_a=31.0, day="2026-10-24")
    assert begin_day(tally, "2026-10-24") is tally
    assert begin_day(tally, "2026-10-25") == Tally(corrected=4, day="2026-10-25")


def test_the_peak_is_the_highest_reading() -> None:
    """Nothing that is not a number counts."""
    tally = count_peak(count_peak(Tally(), 20.0), 12.0)
    assert count_peak(tally, None).peak_a == 20
    assert count_peak(tally, float("inf")).peak_a == 20
    assert count_peak(Tally(), -3.0).peak_a == -3
