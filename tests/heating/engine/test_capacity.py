"""Radiator output by EN 442, and its share behind a valve."""

from dataclasses import replace

import pytest

from custom_components.load_sharing.heating.engine.capacity import (
    emission_w,
    valve_factor,
    water_mean_c,
)
from custom_components.load_sharing.heating.engine.model import BoilerInput

from .house import BATH, Story, room


def test_the_rating_is_at_50_k() -> None:
    """At 75/65 °C in a room at 20 °C the output equals the rating."""
    assert emission_w(2290, 1.25, 70, 20) == pytest.approx(2290)


def test_half_the_excess_is_less_than_half_the_heat() -> None:
    """At 25 K instead of 50 K and an exponent of 1.3: 0.5 ** 1.3 = 0.406."""
    assert emission_w(1000, 1.3, 45, 20) == pytest.approx(406.1, abs=0.1)


def test_water_that_is_colder_than_the_room_heats_nothing() -> None:
    """The output is 0 W, neither negative nor a complex number."""
    assert emission_w(1000, 1.3, 18, 20) == 0


@pytest.mark.parametrize(
    ("pct", "factor"),
    [(0, 0.0), (40, 0.48), (50, 0.6), (70, 0.84), (80, 0.96), (90, 1.0), (100, 1.0)],
)
def test_a_valve_leaves_so_much(pct: float, factor: float) -> None:
    """The opening times 1.2, capped at 1."""
    assert valve_factor(pct, 1.2) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("boiler", "mean_c"),
    [
        (BoilerInput(), None),
        (BoilerInput(setpoint_c=55.0), 50.0),
        (BoilerInput(flow_c=60.0, return_c=50.0), 55.0),
        (BoilerInput(flow_c=60.0), None),
        # Hotter than the setpoint asks for.
        (BoilerInput(flow_c=60.0, return_c=50.0, setpoint_c=55.0), 55.0),
        # Between two burns it is the next one that counts.
        (BoilerInput(flow_c=40.0, return_c=35.0, setpoint_c=55.0), 50.0),
        # Tap water is none of the radiators' business.
        (BoilerInput(flow_c=70.0, return_c=60.0, setpoint_c=55.0, dhw=True), 50.0),
        (BoilerInput(flow_c=70.0, return_c=60.0, dhw=True), None),
    ],
)
def test_the_water_in_the_radiators(boiler: BoilerInput, mean_c: float | None) -> None:
    """The measured mean, or the mean that the setpoint asks for if that is higher."""
    assert water_mean_c(boiler, 10.0) == mean_c


def test_a_caller_counts_with_its_valve() -> None:
    """A valve at 50 % leaves a caller 60 % of its full output."""
    lounge = room("lounge", 1000, 18.0, target_c=20.0, owner_valve_pct=50.0)
    story = Story(lounge)
    full_w = emission_w(1000, 1.3, 50.0, 18.0)
    assert story.decision.calling_capacity_w == pytest.approx(0.6 * full_w)
    assert story.decision.rooms["lounge"].capacity_w == pytest.approx(full_w)


@pytest.mark.parametrize("owner_valve_pct", [None, 0.0, 4.0])
def test_a_caller_that_has_not_opened_yet_will(owner_valve_pct: float | None) -> None:
    """A shut or unknown valve counts as open, because it lags behind the call."""
    lounge = room("lounge", 1000, 18.0, target_c=20.0, owner_valve_pct=owner_valve_pct)
    full_w = emission_w(1000, 1.3, 50.0, 18.0)
    assert Story(lounge).decision.calling_capacity_w == pytest.approx(full_w)


def test_a_room_without_a_rating_counts_nothing() -> None:
    """A calling room without a rating adds 0 W."""
    story = Story(replace(BATH, settings=replace(BATH.settings, q50_w=None)))
    assert story.decision.calling_capacity_w == 0
    assert story.decision.rooms["bath"].capacity_w is None
    assert story.decision.rooms["bath"].calling
