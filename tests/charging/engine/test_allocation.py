"""The allocator: no constraint is exceeded, and no current that fits is left over."""

from itertools import permutations
from math import inf

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.allocation import (
    Claim,
    Constraint,
    Share,
    allocate,
)
from custom_components.load_sharing.charging.engine.grid import (
    ceil_to_step,
    floor_to_step,
    step_up,
)
from custom_components.load_sharing.charging.engine.model import Limit

ROUNDING_A = 1e-4


def supply(capacity_a: float, *members: str) -> Constraint:
    return Constraint(Limit.SUPPLY, capacity_a, dict.fromkeys(members or "abc", 1))


def currents(claims: list[Claim], *constraints: Constraint) -> list[float]:
    shares = allocate(claims, constraints)
    return [shares[claim.charger_id].current_a for claim in claims]


def chargers(count: int, **given: float) -> list[Claim]:
    return [
        Claim(
            name,
            given.get("min_a", 6),
            given.get("max_a", 32),
            given.get("step_a", 1),
        )
        for name in "abc"[:count]
    ]


@pytest.mark.parametrize(
    ("capacity_a", "shared_a"),
    [
        (14, [7, 7]),
        (10, [10, 0]),
        (12, [6, 6]),
        (11.9, [11, 0]),
        (15, [8, 7]),
        (5.9, [0, 0]),
        (64, [32, 32]),
        (100, [32, 32]),
        (0, [0, 0]),
        (-8, [0, 0]),
    ],
)
def test_two_equal_chargers_share(capacity_a: float, shared_a: list[float]) -> None:
    assert currents(chargers(2), supply(capacity_a)) == shared_a


def test_weights_share_what_is_above_the_minimums() -> None:
    """Of 14 A, 2 A are above both minimums: 80 to 20 is 1.6 A to 0.4 A."""
    claims = [Claim("a", 6, 32, weight=80), Claim("b", 6, 32, weight=20)]
    assert currents(claims, supply(14)) == [8, 6]
    assert currents(claims, supply(22)) == [14, 8]
    assert currents(claims, supply(60)) == [32, 28]


def test_nearly_equal_weights_stop_nobody() -> None:
    """11 A are not enough for two minimums, so one charger gets them all."""
    claims = [Claim("a", 6, 32, weight=50), Claim("b", 6, 32, weight=45)]
    assert currents(claims, supply(11)) == [11, 0]


def test_seventeen_amperes_are_for_two_of_three() -> None:
    assert currents(chargers(3), supply(17)) == [9, 8, 0]


def test_a_priority_has_the_last_step() -> None:
    claims = [Claim("a", 6, 32), Claim("b", 6, 32, priority=1)]
    assert currents(claims, supply(15)) == [7, 8]


def test_the_last_step_is_for_whom_flooring_took_most() -> None:
    """16.5 A are filled as 7.6 and 8.9 A, 20 A as 11.3 and 8.7 A: B gets the step."""
    for weights, capacity_a, shared_a in (
        ((1.6, 2.9), 16.5, [7, 9]),
        ((2.0, 1.0), 20.0, [11, 9]),
    ):
        claims = [
            Claim(name, 6, 32, weight=weight)
            for name, weight in zip("ab", weights, strict=True)
        ]
        assert currents(claims, supply(capacity_a)) == shared_a


def test_whoever_has_all_it_may_bars_nobody_from_the_last_step() -> None:
    """A has its maximum of 8 A. That leaves 17 A, or 8.5 A each for B and C."""
    claims = chargers(3)
    claims[0] = Claim("a", 6, 8, priority=1)
    assert currents(claims, supply(25)) == [8, 9, 8]


def test_current_that_a_charger_cannot_use_is_for_those_that_can() -> None:
    """A takes 10 A of its share. Of 60 A, it is offered what B cannot take."""
    claims = [Claim("a", 6, 32, useful_a=11), Claim("b", 6, 32)]
    assert currents(claims, supply(32)) == [11, 21]
    assert currents(claims, supply(60)) == [28, 32]


def test_a_charger_that_nobody_uses_has_what_is_left_over() -> None:
    """It gets its minimum only once the others have all that they can use."""
    claims = [Claim("a", 6, 32, useful_a=0), Claim("b", 6, 32), Claim("c", 6, 32)]
    assert currents(claims, supply(32)) == [0, 16, 16]
    assert currents(claims, supply(72)) == [8, 32, 32]


def test_a_budget_of_all_phases_together_counts_each_phase() -> None:
    """Of 30 A in all, a three-phase charger uses 3 A per ampere of its current."""
    budget = Constraint(Limit.DEMAND_LIMIT, 30, {"a": 3, "b": 1})
    assert currents(chargers(2), budget) == [7, 9]
    assert currents(chargers(1), budget) == [10]


def test_a_limit_that_was_set_is_named_when_it_pauses() -> None:
    for limit in (Limit.CIRCUIT, Limit.EXTERNAL_LIMIT, Limit.DEMAND_LIMIT):
        shares = allocate(chargers(1), [Constraint(limit, 5, {"a": 1}, "garage")])
        assert shares["a"].limit is limit
        assert shares["a"].circuit_id == "garage"


def test_flooring_leaves_nothing_over() -> None:
    """20 A for three are 6.67 A each, rounded down to 6 A; two steps are handed out."""
    assert currents(chargers(3), supply(20)) == [7, 7, 6]


def test_a_coarse_charger_leaves_what_it_cannot_use_to_the_others() -> None:
    """15 A each. A can be set to 12 A, so its other 3 A go to B."""
    claims = [Claim("a", 8, 32, 4), Claim("b", 8, 32, 1)]
    assert currents(claims, supply(30)) == [12, 18]


def test_a_charger_that_is_not_admitted_does_not_bar_a_smaller_one() -> None:
    claims = [Claim("a", 6, 32), Claim("b", 10, 32), Claim("c", 6, 32)]
    assert currents(claims, supply(13)) == [7, 0, 6]


def test_a_maximum_leaves_the_rest_to_the_others() -> None:
    claims = [Claim("a", 6, 10), Claim("b", 6, 32)]
    assert currents(claims, supply(32)) == [10, 22]


def test_each_phase_is_its_own_constraint() -> None:
    """A is on L1 and L2, B on L1, C on L2."""
    claims = chargers(3)
    l1 = Constraint(Limit.L1, 16, dict.fromkeys("ab", 1))
    l2 = Constraint(Limit.L2, 30, dict.fromkeys("ac", 1))
    shares = allocate(claims, [l1, l2])
    assert [shares[name].current_a for name in "abc"] == [8, 8, 22]
    assert [shares[name].limit for name in "abc"] == [Limit.L1, Limit.L1, Limit.L2]


def test_every_pause_has_its_reason() -> None:
    claims = [Claim("a", 6, 5), Claim("b", 6, 32), Claim("c", 6, 32)]
    shares = allocate(claims, [supply(8)])
    assert shares["a"].limit is Limit.CHARGER_MAXIMUM
    assert shares["b"].limit is Limit.SUPPLY
    assert shares["c"].limit is Limit.WAITING_FOR_TURN
    assert allocate(claims, [supply(5)])["c"].limit is Limit.BELOW_MINIMUM


def test_a_pause_names_the_circuit_that_is_short() -> None:
    """The garage has 6 A for one of two, and 7 A for one that begins with 8 A."""
    garage = Constraint(Limit.CIRCUIT, 6, {"a": 1, "b": 1}, "garage")
    shares = allocate(chargers(2), [supply(32), garage])
    assert shares["b"] == Share(0, Limit.WAITING_FOR_TURN, "garage")
    coarse = Claim("a", 6, 32, levels_a=(8.0, 16.0))
    shares = allocate([coarse], [garage._replace(capacity_a=7)])
    assert shares["a"] == Share(0, Limit.CIRCUIT, "garage")
    assert allocate([coarse], [supply(7)])["a"] == Share(0, Limit.BELOW_MINIMUM)


def test_without_a_constraint_everyone_gets_the_maximum() -> None:
    assert currents(chargers(2, max_a=20)) == [20, 20]


def test_nobody_claims_nothing() -> None:
    assert allocate([], [supply(32)]) == {}


@pytest.mark.parametrize("capacity_a", [12.3, 16.1, 19.7, 31.9])
def test_tenths_of_an_ampere_stay_tenths(capacity_a: float) -> None:
    shared_a = currents(chargers(3, step_a=0.1), supply(capacity_a))
    assert shared_a == [round(current_a, 1) for current_a in shared_a]
    assert sum(shared_a) == pytest.approx(capacity_a)


def test_a_grid_of_4_a_has_its_minimum_at_8_a() -> None:
    claims = chargers(2, step_a=4)
    assert currents(claims, supply(15.9)) == [12, 0]
    assert currents(claims, supply(16)) == [8, 8]
    assert currents(claims, supply(23)) == [12, 8]


def test_a_maximum_off_the_grid_is_never_passed() -> None:
    assert currents([Claim("a", 6, 15.9)], supply(32)) == [15]
    assert currents([Claim("a", 6, 15.9, 4)], supply(32)) == [12]


@given(st.floats(0, 500), st.sampled_from([0.1, 0.5, 1, 2, 4]))
def test_steps_are_floored_and_ceiled_to_the_grid(
    current_a: float, step_a: float
) -> None:
    below_a, above_a = floor_to_step(current_a, step_a), ceil_to_step(current_a, step_a)
    assert below_a - ROUNDING_A <= current_a <= above_a + ROUNDING_A
    assert above_a - below_a <= step_a + ROUNDING_A
    for on_grid_a in (below_a, above_a):
        assert on_grid_a == round(on_grid_a / step_a) * step_a or on_grid_a == round(
            on_grid_a, 6
        )


@given(st.floats(0, 100), st.sampled_from([0.1, 0.5, 1, 4, 100 / 690, 1 / 2.3]))
def test_what_is_on_the_grid_stays_there(current_a: float, step_a: float) -> None:
    """That includes steps that are no finite decimal, such as 100 W."""
    below_a, above_a = floor_to_step(current_a, step_a), ceil_to_step(current_a, step_a)
    for on_grid_a in (below_a, above_a):
        assert floor_to_step(on_grid_a, step_a) == on_grid_a
        assert ceil_to_step(on_grid_a, step_a) == on_grid_a


UNEVEN = (6.0, 10.0, 13.0, 16.0, 20.0, 32.0)
"""Options of a select."""


def test_levels_are_floored_and_ceiled() -> None:
    """14 A is rounded down to 13 A, and up to 16 A; above 32 A there is no level."""
    assert floor_to_step(14, 1, UNEVEN) == 13
    assert floor_to_step(5.9, 1, UNEVEN) == 0
    assert floor_to_step(13 - 1e-9, 1, UNEVEN) == 13
    assert ceil_to_step(14, 1, UNEVEN) == 16
    assert ceil_to_step(13 + 1e-9, 1, UNEVEN) == 13
    assert ceil_to_step(33, 1, UNEVEN) == inf
    assert step_up(13, 1, UNEVEN) == 3
    assert step_up(32, 1, UNEVEN) == inf
    assert step_up(13, 0.5) == 0.5


def test_a_charger_with_levels_is_told_the_highest_that_fits() -> None:
    claim = Claim("a", 6, 32, levels_a=UNEVEN)
    assert currents([claim], supply(14)) == [13]
    assert currents([claim], supply(19.9)) == [16]
    assert currents([claim], supply(5)) == [0]
    assert currents([claim._replace(max_a=15)], supply(40)) == [13]
    assert currents([claim._replace(min_a=33)], supply(40)) == [0]


def test_the_minimum_is_a_level_too() -> None:
    """A begins with 8 A, so that 13 A are too few for both."""
    claims = [Claim("a", 6, 32, levels_a=(8.0, 16.0)), Claim("b", 6, 32)]
    assert currents(claims, supply(13)) == [8, 0]
    assert currents(claims, supply(14)) == [8, 6]


@pytest.mark.parametrize("capacity_a", [5, 13, 40])
def test_the_circuit_that_decides_is_named(capacity_a: float) -> None:
    """For one charger alone as for several."""
    garage = Constraint(Limit.CIRCUIT, capacity_a, dict.fromkeys("ab", 1), "garage")
    named = "garage" if capacity_a < 32 else ""
    for count in (1, 2):
        share = allocate(chargers(count), [supply(63), garage])["a"]
        assert share.circuit_id == (named if count == 1 else "garage")


def test_what_levels_leave_over_is_for_the_others() -> None:
    """Of 28 A, A gets the level below 14 A, B the rest. 46 A lift A by a level."""
    claims = [Claim("a", 6, 32, levels_a=UNEVEN), Claim("b", 6, 32)]
    assert currents(claims, supply(28)) == [13, 15]
    assert currents(claims, supply(46)) == [20, 26]
    both = [claim._replace(levels_a=UNEVEN) for claim in claims]
    assert currents(both, supply(28)) == [13, 13]
    assert currents(both, supply(29)) == [16, 13]


def test_what_levels_leave_over_is_for_those_first_who_have_a_car() -> None:
    """27 A are 13.5 A each. A gets 6 A, B the rest, and C, without a car, nothing."""
    claims = chargers(3)
    claims[0] = Claim("a", 6, 32, levels_a=(6.0, 16.0))
    claims[2] = Claim("c", 6, 32, useful_a=0)
    assert currents(claims, supply(27)) == [6, 21, 0]


def next_up(claim: Claim, current_a: float) -> tuple[float, float]:
    """Return the least current of a charger, and the distance to its next one."""
    if claim.levels_a:
        reach = [a for a in claim.levels_a if a >= claim.min_a]
        higher = [a for a in reach if a > current_a]
        return min(reach, default=inf), min(higher, default=inf) - current_a
    lowest_a = ceil_to_step(claim.min_a, claim.step_a)
    return lowest_a, claim.step_a if current_a else lowest_a


CLAIMS = st.lists(
    st.builds(
        Claim,
        charger_id=st.sampled_from("abcd"),
        min_a=st.integers(1, 16),
        max_a=st.integers(0, 63) | st.floats(0, 63),
        step_a=st.sampled_from([0.1, 0.5, 1, 4]),
        useful_a=st.sampled_from([inf, inf, 0, 9, 17]),
        weight=st.sampled_from([1, 1, 0.5, 4]),
        priority=st.integers(0, 2),
        levels_a=st.sampled_from([(), (), UNEVEN, (8.0, 32.0)]),
    ),
    max_size=4,
    unique_by=lambda claim: claim.charger_id,
)
CONSTRAINTS = st.lists(
    st.builds(
        Constraint,
        name=st.sampled_from([Limit.L1, Limit.L2, Limit.L3]),
        capacity_a=st.floats(-20, 130),
        members=st.dictionaries(st.sampled_from("abcd"), st.sampled_from([1, 1, 3])),
    ),
    max_size=4,
)


def test_what_levels_leave_is_enough_for_a_charger_without_a_car() -> None:
    """22 A: 20 A for the one with levels, and its other 2 A for the idle one."""
    levels_a = (6.0, 10.0, 13.0, 16.0, 20.0, 32.0)
    claims = [
        Claim("idle", 1, 2, 0.1, useful_a=0),
        Claim("levels", 1, 32, 0.1, levels_a=levels_a),
    ]
    supply = Constraint(Limit.L1, 22, {"idle": 1, "levels": 1})
    shares = allocate(claims, [supply])
    assert {name: share.current_a for name, share in shares.items()} == {
        "idle": 2,
        "levels": 20,
    }


@given(CLAIMS, CONSTRAINTS)
def test_shares_fit_and_waste_nothing(
    claims: list[Claim], constraints: list[Constraint]
) -> None:
    shares = allocate(claims, constraints)
    assert shares == allocate(claims, constraints)
    given_a = {charger_id: share.current_a for charger_id, share in shares.items()}
    must = {claim.charger_id for claim in claims if claim.never_pauses}
    left_a = [
        constraint.capacity_a
        - sum(
            takes * given_a.get(name, 0) for name, takes in constraint.members.items()
        )
        for constraint in constraints
    ]
    for constraint, rest_a in zip(constraints, left_a, strict=True):
        free = [name for name in constraint.members if name not in must]
        used = any(given_a.get(name) for name in free)
        assert rest_a >= -ROUNDING_A or not used
    for claim in claims:
        current_a = given_a[claim.charger_id]
        lowest_a, more_a = next_up(claim, current_a)
        if claim.levels_a:
            assert current_a in (0, *claim.levels_a)
        else:
            steps = current_a / claim.step_a
            assert steps == pytest.approx(round(steps), abs=1e-5)
        assert current_a == round(current_a, 6)
        room_a = min(
            [
                rest_a / constraint.members[claim.charger_id]
                for constraint, rest_a in zip(constraints, left_a, strict=True)
                if claim.charger_id in constraint.members
            ],
            default=1000,
        )
        if claim.never_pauses:
            assert lowest_a <= current_a <= max(claim.max_a, lowest_a) + ROUNDING_A
        elif current_a:
            assert lowest_a <= current_a <= claim.max_a + ROUNDING_A
        within = current_a + more_a <= claim.max_a - ROUNDING_A
        assert not (within and room_a >= more_a + ROUNDING_A)


@given(st.integers(1, 3), st.floats(0, 100), st.sampled_from([0.1, 1, 4]))
def test_the_order_of_equal_chargers_is_worth_one_step(
    count: int, capacity_a: float, step_a: float
) -> None:
    claims = chargers(count, step_a=step_a)
    assume(capacity_a >= count * ceil_to_step(6, step_a))
    outcomes = set()
    for order in permutations(claims):
        shares = allocate(order, [supply(capacity_a)])
        given_a = [share.current_a for share in shares.values()]
        assert max(given_a) - min(given_a) <= step_a + ROUNDING_A
        outcomes.add(tuple(sorted(given_a)))
    assert len(outcomes) == 1


@given(
    min_a=st.floats(1, 20),
    max_a=st.floats(0, 40),
    step_a=st.sampled_from([0.1, 0.5, 1.0, 4.0]),
    capacities_a=st.lists(st.floats(-10, 50), min_size=1, max_size=3),
)
def test_one_alone_gets_what_it_gets_beside_one_that_wants_nothing(
    min_a: float, max_a: float, step_a: float, capacities_a: list[float]
) -> None:
    """The shortcut for a single charger gives the result of the general way."""
    claim = Claim("a", min_a, max_a, step_a)
    nobody = Claim("b", 6.0, 0.0)
    constraints = [
        Constraint(limit, capacity_a, dict.fromkeys("ab", 1))
        for limit, capacity_a in zip(
            (Limit.L1, Limit.L2, Limit.L3), capacities_a, strict=False
        )
    ]
    alone = allocate([claim], constraints)["a"]
    beside = allocate([claim, nobody], constraints)["a"]
    assert alone.current_a == beside.current_a


FAIR = st.lists(
    st.builds(
        Claim,
        charger_id=st.sampled_from("abcdef"),
        min_a=st.integers(1, 10),
        max_a=st.integers(10, 63),
        step_a=st.just(0.1),
        useful_a=st.just(inf),
        weight=st.sampled_from([1, 1, 2, 0.5]),
        priority=st.just(0),
        levels_a=st.just(()),
    ),
    min_size=2,
    max_size=6,
    unique_by=lambda claim: claim.charger_id,
)


@given(FAIR, st.floats(0, 250), st.floats(0, 50))
def test_more_capacity_admits_no_fewer_and_takes_from_nobody_who_stays(
    claims: list[Claim], capacity_a: float, more_a: float
) -> None:
    """With one constraint, in order of admission, and to within a step."""
    names = [claim.charger_id for claim in claims]
    before = allocate(claims, [supply(capacity_a, *names)])
    after = allocate(claims, [supply(capacity_a + more_a, *names)])
    had = [before[name].current_a > 0 for name in names]
    has = [after[name].current_a > 0 for name in names]
    assert has >= had
    total_a = sum(share.current_a for share in before.values())
    if all(claim.min_a == claims[0].min_a for claim in claims):
        assert sum(share.current_a for share in after.values()) >= total_a - ROUNDING_A
    if had == has:
        for claim in claims:
            name = claim.charger_id
            assert after[name].current_a >= before[name].current_a - claim.step_a * 1.01


@given(FAIR, st.floats(10, 250), st.data())
def test_nobody_has_less_than_another_unless_something_holds_it(
    claims: list[Claim], capacity_a: float, data: st.DataObject
) -> None:
    """Max-min fair: a charger that nothing else limits is at the common level."""
    names = [claim.charger_id for claim in claims]
    inner = data.draw(st.sets(st.sampled_from(names), min_size=1))
    limits = [supply(capacity_a, *names), supply(capacity_a / 2, *sorted(inner))]
    shares = allocate(claims, limits)
    running = [claim for claim in claims if shares[claim.charger_id].current_a]

    def level(claim: Claim) -> float:
        return (shares[claim.charger_id].current_a - claim.min_a) / claim.weight

    for one in running:
        if shares[one.charger_id].limit is Limit.CHARGER_MAXIMUM:
            continue
        peers = [
            other
            for other in running
            if (other.charger_id in inner) == (one.charger_id in inner)
        ]
        for other in peers:
            assert (
                level(one)
                >= level(other) - 0.1 / other.weight - 0.1 / one.weight - 1e-3
            )


def test_a_minimum_is_of_the_type_that_it_was_asked_with() -> None:
    """A cached 6 for 6.0 would show as "6" where "6.0" is meant."""
    assert isinstance(ceil_to_step(6, 1), int)
    assert isinstance(ceil_to_step(6.0, 1.0), float)
