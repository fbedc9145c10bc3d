"""Radiator output by EN 442, and its share behind a valve."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.load_sharing.heating.engine.capacity import (
    behind_mixer_c,
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


@pytest.mark.parametrize(
    ("water_c", "flow_c", "mean_c"),
    [(50.0, None, 50.0), (50.0, 35.0, 32.5), (30.0, 35.0, 30.0)],
)
def test_a_mixer_only_cools(
    water_c: float, flow_c: float | None, mean_c: float
) -> None:
    """Half the drop of 5 K below its flow, and never above the boiler's water."""
    assert behind_mixer_c(water_c, flow_c) == mean_c


FLOOR_Q50_W = 600 * (50 / 12.5) ** 1.1
"""A loop that gives 600 W at 35/30 °C in a room at 20 °C."""


def floor(**settings: Any) -> Story:
    """A floor loop that calls, beside a boiler at 55 °C."""
    changes = {"target_c": 21.0, "owner_valve_pct": 100.0, "exponent": 1.1} | settings
    return Story(room("floor", FLOOR_Q50_W, 20.0, **changes))


def test_a_floor_loop_takes_what_it_takes_behind_its_mixer() -> None:
    """600 W; at the boiler's setpoint it would pass for 1.6 kW."""
    assert floor().decision.calling_capacity_w == pytest.approx(1572, abs=1)
    mixed = floor(mixed_flow_c=35.0)
    assert mixed.decision.calling_capacity_w == pytest.approx(600)


def test_what_a_mixed_loop_emits_is_learned_from() -> None:
    """In an hour of water at 60 °C, less than 700 W from the loop."""
    tale = floor(mixed_flow_c=35.0)
    tale.set_boiler(burner=False, flow_c=60.0, return_c=40.0)
    tale.wait(minutes=60)
    burn = tale.engine_state.balance.burn
    assert burn is not None
    assert 400 < burn.heat_j["floor"] / 3600 < 700
