"""The boiler's least output is learned from burner, flow and return."""

from dataclasses import replace

import pytest

from benchmarks.boiler_cycles import LOOK_EVERY_S, Sharing
from custom_components.load_sharing.heating.config import BoilerConfig
from custom_components.load_sharing.heating.engine.balance import Balance, corrected
from custom_components.load_sharing.heating.engine.model import Control, Mode
from custom_components.load_sharing.heating.tuning import heating_settings
from simulation.thermal_house import DT_S, thermal_family_house

from .house import BATH, Story


def a_day(setpoint_c: float, outdoor_c: float, least_w: float, mode: Mode) -> Sharing:
    """The simulated house of six rooms after a winter day, its boiler not described."""
    house = thermal_family_house(
        setpoint_c=setpoint_c, outdoor_mean_c=outdoor_c, min_w=least_w
    )
    settings = heating_settings(BoilerConfig(protection=True), {}, overheat_cap=True)
    sharing = Sharing(house, mode, settings, Control.BALANCED)
    for step in range(round(86400 / DT_S)):
        if step % round(LOOK_EVERY_S / DT_S) == 0:
            sharing.look()
        house.step()
    return sharing


@pytest.mark.parametrize(
    ("setpoint_c", "outdoor_c", "least_w", "mode"),
    [
        (55.0, 3.0, 6000.0, Mode.ALL_TIERS),
        (55.0, 9.0, 3500.0, Mode.ALL_TIERS),
        (70.0, 9.0, 6000.0, Mode.OFF),
    ],
)
def test_the_least_output_is_known_within_a_tenth_after_a_day(
    setpoint_c: float, outdoor_c: float, least_w: float, mode: Mode
) -> None:
    """Sharing or not, a boiler of 6 kW or 3.5 kW is known within 10 % after a day."""
    sharing = a_day(setpoint_c, outdoor_c, least_w, mode)
    learned_w = sharing.state.balance.least_output_w
    assert learned_w == pytest.approx(least_w, rel=0.1)


def test_a_radiator_with_a_wrong_rating_is_found() -> None:
    """A boiler of known 6 kW gives 10 MJ a cycle, twice what the ratings explain.

    The big radiator, which took most of it, gets most of the correction, and after some
    cycles the ratings explain what the burner gives.
    """
    factors: dict[str, float] = {}
    gains_j = {"big": 4e6, "small": 1e6}
    for _ in range(100):
        factors = corrected(factors, gains_j, 10e6)
    assert factors["big"] * 4e6 + factors["small"] * 1e6 == pytest.approx(
        10e6, rel=0.01
    )
    assert factors["big"] > 1.9
    assert factors["small"] < 1.5


def test_some_burns_are_needed() -> None:
    """Three burns prove nothing; an implausible output is none."""
    known = Balance(capacities_j_k=(57e3,) * 4, ends_k_s=(0.105,) * 4)
    assert known.least_output_w == pytest.approx(5985)
    assert replace(known, ends_k_s=(0.105,) * 3).least_output_w is None
    assert replace(known, ends_k_s=(0.001,) * 4).least_output_w is None


def test_what_is_entered_counts_more_than_what_is_learned() -> None:
    """A data sheet is believed; without one, what is learned decides what is small."""
    story = Story(BATH)
    learned = Balance(capacities_j_k=(57e3,) * 4, ends_k_s=(0.105,) * 4)
    state = replace(story.engine_state, balance=learned)
    assert state.least_output_w(story.site) == pytest.approx(5985)
    story.settings = replace(story.settings, least_output_w=4000.0)
    assert state.least_output_w(story.site) == 4000.0


def test_a_gap_in_the_readings_begins_anew() -> None:
    """Water that was not seen for minutes is no part of a cycle; what is known stays."""
    story = Story(BATH)
    story.cool_down()
    story.wait(seconds=30)
    cycles = [story.engine_state.balance.burn]
    story.now_s += 300
    story.evaluate()
    cycles.append(story.engine_state.balance.burn)
    assert [cycle is not None for cycle in cycles] == [True, False]
    story.set_boiler(flow_c=None)
    assert story.engine_state.balance.last is None
