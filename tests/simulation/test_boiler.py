"""Burner and primary water."""

import pytest

from simulation.boiler import (
    LEAST_FLOW_KG_S,
    MIN_OFF_S,
    PRIMARY_J_K,
    STANDING_LOSS_W_K,
    START_LOSS_J,
    Boiler,
    efficiency,
)
from simulation.room import WATER_J_KGK

DT_S = 2.0
WIDE_KG_S = 0.25
"""Flow of many open radiators."""


def burn(
    boiler: Boiler,
    seconds: float,
    *,
    call: bool = True,
    flow_kg_s: float = 0.0,
    radiators_c: float = 40.0,
) -> list[bool]:
    """Let a boiler run with water of one temperature coming back; the flame by step."""
    flames = []
    for _ in range(round(seconds / DT_S)):
        boiler.step(
            DT_S, call=call, pump=True, flow_kg_s=flow_kg_s, radiators_c=radiators_c
        )
        flames.append(boiler.burner_on)
    return flames


def burning(minute: int, over_k: float) -> bool:
    """Whether a boiler that is so hot in some minute of a burn goes on burning."""
    boiler = Boiler(setpoint_c=55, flow_c=40, return_c=40)
    burn(boiler, 2)
    for _ in range(round((minute * 60 - 30) / DT_S)):
        boiler.flow_c = 55.0
        burn(boiler, DT_S, flow_kg_s=WIDE_KG_S)
    assert boiler.burner_on
    boiler.flow_c = 55.0 + over_k
    burn(boiler, DT_S, flow_kg_s=WIDE_KG_S)
    return boiler.burner_on


@pytest.mark.parametrize(("minute", "over_k"), [(1, 8), (2, 6), (3, 4), (9, 4)])
def test_a_longer_burn_may_overshoot_less(minute: int, over_k: float) -> None:
    """8 K over the setpoint in the first minute, 6 K in the second, then 4 K."""
    assert burning(minute, over_k - 0.1)
    assert not burning(minute, over_k)


def test_a_burner_waits_three_minutes_and_until_the_flow_is_5_k_low() -> None:
    """Both of them, whichever is later."""
    boiler = Boiler(setpoint_c=55, flow_c=40, burner_on=True, power_w=6000)
    burn(boiler, 10, call=False)
    assert not boiler.burner_on
    boiler.flow_c = 40.0
    flames = burn(boiler, 400)
    assert flames.index(True) * DT_S == pytest.approx(MIN_OFF_S - 10, abs=2 * DT_S)
    boiler = Boiler(setpoint_c=55, flow_c=50.5)
    assert not boiler.burner_on
    boiler.step(DT_S, call=True, pump=False, flow_kg_s=0, radiators_c=20)
    assert not boiler.burner_on
    boiler.flow_c = 50.0
    boiler.step(DT_S, call=True, pump=False, flow_kg_s=0, radiators_c=20)
    assert boiler.burner_on


def test_without_a_call_there_is_no_flame() -> None:
    """However cold the water; and a flame goes out with the call."""
    boiler = Boiler(flow_c=20)
    assert not any(burn(boiler, 600, call=False))
    assert burn(boiler, 60)[-1]
    assert not any(burn(boiler, 60, call=False))
    assert boiler.starts == 1


def test_a_burner_starts_at_its_minimum_and_ramps_to_the_demand() -> None:
    """A minute at 6 kW, then 60 W/s more, at most 14 kW."""
    boiler = Boiler(setpoint_c=70, flow_c=30, return_c=30)
    burn(boiler, 60, flow_kg_s=WIDE_KG_S, radiators_c=30)
    assert boiler.power_w == 6000
    burn(boiler, 20, flow_kg_s=WIDE_KG_S, radiators_c=30)
    assert boiler.power_w == pytest.approx(6000 + 60 * 20, abs=60 * 2 * DT_S)
    burn(boiler, 300, flow_kg_s=WIDE_KG_S, radiators_c=30)
    assert boiler.power_w == 14000


@pytest.mark.parametrize(("min_w", "cycles"), [(6000, True), (3500, False)])
def test_only_a_burner_that_can_burn_low_enough_stays_on(
    min_w: float, cycles: bool
) -> None:
    """4 kW is taken from the water of 55 °C."""
    boiler = Boiler(setpoint_c=55, min_w=min_w, flow_c=50, return_c=46)
    for _ in range(1800):
        drop_k = 4000 / (0.12 * WATER_J_KGK)
        burn(boiler, DT_S, flow_kg_s=0.12, radiators_c=boiler.flow_c - drop_k)
    assert (boiler.starts > 3) == cycles


def test_a_bypass_carries_what_shut_radiators_do_not() -> None:
    """Half the flow through a radiator: the return is half as much colder."""
    boiler = Boiler(flow_c=50)
    half_kg_s = LEAST_FLOW_KG_S / 2
    burn(boiler, DT_S, call=False, flow_kg_s=half_kg_s, radiators_c=30)
    assert boiler.return_c == pytest.approx(40)
    boiler = Boiler(flow_c=50)
    burn(boiler, DT_S, call=False, flow_kg_s=WIDE_KG_S, radiators_c=30)
    assert boiler.return_c == pytest.approx(30)


@pytest.mark.parametrize(
    ("return_c", "share"), [(30, 0.975), (50, 0.931), (55.1, 0.9), (70, 0.9)]
)
def test_a_hot_return_does_not_condense(return_c: float, share: float) -> None:
    """0.975 at 30 °C, 0.22 % less a kelvin, 0.9 above 55 °C."""
    assert efficiency(return_c) == pytest.approx(share)


def test_heat_of_the_gas_is_in_the_water_or_gone_to_the_radiators() -> None:
    """Gas x efficiency without the start loss, against what is stored and given."""
    boiler = Boiler(setpoint_c=60, flow_c=30, return_c=30)
    begin_c, given_j, burnt_j = boiler.flow_c, 0.0, 0.0
    for _ in range(1800):
        gas_j, starts, flow_c = boiler.gas_j, boiler.starts, boiler.flow_c
        boiler.step(DT_S, call=True, pump=True, flow_kg_s=0.12, radiators_c=40)
        flame_j = boiler.gas_j - gas_j - START_LOSS_J * (boiler.starts - starts)
        burnt_j += flame_j * efficiency(boiler.return_c)
        to_radiators_w = 0.12 * WATER_J_KGK * (flow_c - 40)
        given_j += DT_S * (to_radiators_w + STANDING_LOSS_W_K * (flow_c - 20))
    stored_j = PRIMARY_J_K * (boiler.flow_c - begin_c)
    assert boiler.starts > 0
    assert burnt_j == pytest.approx(stored_j + given_j, rel=0.001)
    assert burnt_j == pytest.approx(boiler.heat_j, rel=0.001)


def test_tap_water_is_hot_whatever_the_radiators_are_to_have() -> None:
    """A setpoint lowered to 30 °C does not make a shower cold."""
    boiler = Boiler(setpoint_c=30, flow_c=40, dhw=True)
    burn(boiler, 900, call=False)
    assert boiler.burner_on
    assert 52 < boiler.flow_c < 64
    assert boiler.return_c < boiler.flow_c - 20
