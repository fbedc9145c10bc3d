"""A room, its radiator and its valve."""

import pytest

from simulation.room import GAINS_W, WATER_J_KGK, Radiator, Room, Valve


def stroke(valve: Valve, seconds: float, dt_s: float = 2.0) -> float:
    """Let a valve move; its opening then."""
    for _ in range(round(seconds / dt_s)):
        valve.step(dt_s)
    return valve.opening


@pytest.mark.parametrize(
    ("opening", "flow"), [(0.0, 0.0), (0.05, 0.0), (0.525, 0.741), (1.0, 1.0)]
)
def test_a_valve_passes_most_of_its_flow_half_open(opening: float, flow: float) -> None:
    """Nothing within 5 % of the seat, then x / (x + 0.35 (1 - x))."""
    assert Valve(opening=opening).flow == pytest.approx(flow, abs=0.001)


def test_a_valve_takes_a_minute_for_its_stroke() -> None:
    """Commanded is not where it is: half a minute is half the way, back as well."""
    valve = Valve()
    valve.set_target(1.0)
    assert valve.opening == 0.0
    assert stroke(valve, 30) == pytest.approx(0.5)
    assert stroke(valve, 40) == 1.0
    valve.set_target(0.75)
    assert stroke(valve, 10) == pytest.approx(1 - 10 / 60)
    assert stroke(valve, 20) == pytest.approx(0.75)


def test_only_another_opening_is_a_move() -> None:
    """Repeating a command costs no battery."""
    valve = Valve()
    for opening in (0.0, 1.0, 1.0, 0.4, 0.401, 0.0):
        valve.set_target(opening)
    assert valve.moves == 3


@pytest.mark.parametrize(("q50_w", "exponent"), [(2290, 1.25), (2800, 1.3), (415, 1.2)])
def test_a_radiator_gives_its_rating_50_k_over_the_room(
    q50_w: float, exponent: float
) -> None:
    """EN 442: at nominal flow, 76 °C in and 64 °C out, in a room of 20 °C."""
    radiator = Radiator(q50_w, exponent)
    emitted_w = 0.0
    for _ in range(7200):
        emitted_w = radiator.step(2.0, radiator.nominal_flow_kg_s, 76.0, 20.0)
    assert emitted_w == pytest.approx(q50_w, rel=0.005)
    assert radiator.return_c == pytest.approx(64.0, abs=0.1)


def test_output_follows_the_exponent() -> None:
    """EN 442: at 25 K over the room a radiator of n 1.3 gives 0.5 ** 1.3 of its rating."""
    radiator = Radiator(1900, 1.3, return_c=45.0)
    assert radiator.step(2.0, 0.0, 0.0, 20.0) == pytest.approx(1900 * 0.5**1.3)
    assert Radiator(1900, return_c=18.0).step(2.0, 0.0, 0.0, 20.0) == 0.0


def test_a_shut_radiator_gives_the_heat_it_holds() -> None:
    """What it emits is what its water and steel lose."""
    radiator = Radiator(1900, return_c=60.0)
    given_j = sum(2.0 * radiator.step(2.0, 0.0, 60.0, 20.0) for _ in range(1800))
    assert given_j == pytest.approx((60.0 - radiator.return_c) * radiator.heat_j_k)
    assert radiator.heat_j_k == pytest.approx(1.9 * (3.6 * WATER_J_KGK + 18 * 490))


def test_a_heated_room_settles_where_it_loses_what_it_gets() -> None:
    """Air loses 0.35 UA and walls 0.65 UA to the outside."""
    room = Room("Hall", Radiator(1500), 40, 0.3e6, 1.2e6)
    room.valve.opening = 1.0
    heat_w = 0.0
    for _ in range(90000):
        heat_w = room.step(5.0, room.flow_kg_s, 50.0, 5.0)
    lost_w = 40 * (0.35 * (room.air_c - 5) + 0.65 * (room.walls_c - 5))
    assert lost_w == pytest.approx(heat_w + GAINS_W, rel=0.001)
    assert room.air_c > room.walls_c
