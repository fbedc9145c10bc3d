"""What a reading leaves the chargers, on the supply and on its circuits."""

# ruff: noqa: D102

from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine.allocation import Constraint
from custom_components.load_sharing.charging.engine.balance import (
    Balance,
    balance_supply,
    estimate_draws,
)
from custom_components.load_sharing.charging.engine.command import (
    begin_call,
    call_succeeded,
    holding,
    request,
)
from custom_components.load_sharing.charging.engine.constraints import (
    cautious_constraints,
    certain_constraints,
    proven_constraints,
)
from custom_components.load_sharing.charging.engine.demand import (
    DemandLimit,
    DemandState,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    Circuit,
    Limit,
    PhaseVector,
    ServiceReading,
    SiteInput,
)

from .car import settled
from .settings import charger_settings, site_settings

NOW_S = 110.0
QUARTER = DemandLimit(mean_a=20, window_s=900, ends_s=900)


def shows(*current_a: float) -> ServiceReading:
    """What a meter shows now."""
    return ServiceReading(current_a, (NOW_S,) * len(current_a))


def site(
    reading: ServiceReading, *circuits: Circuit, current_a: float = 0
) -> SiteInput:
    """A supply of 32 A, and a charger on its first phase with a current."""
    charger = ChargerInput(charger_settings("a"), settled(current_a))
    return SiteInput(site_settings(), reading, (charger,), circuits=circuits)


def balance(seen: SiteInput) -> Balance:
    """Split what is shown into draws and other load."""
    assert seen.reading is not None
    draws, of_circuits = estimate_draws(seen, seen.reading, NOW_S)
    chargers = tuple(zip(seen.chargers, draws, strict=True))
    return balance_supply(seen, seen.reading, chargers, of_circuits)


def left(limits: list[Constraint]) -> dict[tuple[str, Limit], float]:
    """What is left on the supply and on each circuit; the least of its phases."""
    least_a: dict[tuple[str, Limit], float] = {}
    for limit in limits:
        key = limit.circuit_id, limit.name
        least_a[key] = min(limit.capacity_a, least_a.get(key, inf))
    return least_a


@pytest.mark.parametrize(
    ("flow_a", "excess_a"), [(31.9, 0), (32, 0), (32 + 1e-7, 0), (32.5, 0.5)]
)
def test_an_overload_of_the_supply(flow_a: float, excess_a: float) -> None:
    seen = balance(site(shows(flow_a)))
    assert seen.excess_a == pytest.approx(excess_a)
    assert len(seen.overloaded) == (excess_a > 0)
    assert seen.worst_id == ""


def test_a_circuit_is_named_where_it_is_worse() -> None:
    garage = Circuit("garage", 20, (0,), frozenset("a"), metered=True)
    equal = balance(site(shows(34), replace(garage, reading=shows(22))))
    assert (equal.excess_a, equal.worst_id) == (2, "")
    worse = balance(site(shows(34), replace(garage, reading=shows(23))))
    assert (worse.excess_a, worse.worst_id) == (3, "garage")
    assert [place.circuit_id for place in worse.overloaded] == ["", "garage"]


@pytest.mark.parametrize("exact", [False, True])
def test_nobody_needs_to_guess_what_a_settled_charger_draws(exact: bool) -> None:
    """One that was told 10 A a second ago may still draw 16 A, and a circuit is more."""
    seen = site(shows(20), current_a=16)
    shed = Circuit("shed", 16, (0,), frozenset(), metered=True, reading=shows(4))
    assert not balance(replace(seen, circuits=(shed,))).exact
    if not exact:
        told = call_succeeded(begin_call(request(holding(16), 10, 108), 108), 109)
        seen = replace(seen, chargers=(replace(seen.chargers[0], command=told),))
    assert balance(seen).exact is exact


def test_a_demand_limit_is_one_more_and_not_the_only_one() -> None:
    """8 A of 20 A are used up to here: 21.7 A for the rest, of which 8 A flow."""
    seen = replace(site(shows(8), current_a=0), demand=QUARTER)
    used = DemandState(900, 900, NOW_S, 8 * NOW_S, 8)
    for constraints in (certain_constraints, cautious_constraints):
        limits = left(constraints(seen, balance(seen), used, NOW_S))
        assert limits["", Limit.SUPPLY] == 24
        assert limits["", Limit.DEMAND_LIMIT] == pytest.approx(17120 / 790 - 8)


class TestInPart:
    """A yard of 16 A, in which L2 cannot be read, with a shed that has a meter."""

    YARD = Circuit("yard", 16, (0, 1), frozenset("a"), metered=True)
    SHED = Circuit("shed", 16, (0, 1), frozenset(), "yard", metered=True)

    @pytest.mark.parametrize(
        ("l1_a", "shed_a", "left_a"),
        [(9, (4, 10), 6), (9, (4, 3), 7), (2, (4, 3), 12)],
    )
    def test_what_is_known_of_each_phase_counts(
        self, l1_a: float, shed_a: PhaseVector, left_a: float
    ) -> None:
        yard = replace(self.YARD, remains=shows(l1_a, 0))
        shed = replace(self.SHED, reading=shows(*shed_a))
        seen = site(shows(12, 12), yard, shed)
        limits = left(certain_constraints(seen, balance(seen), None, NOW_S))
        assert limits["yard", Limit.CIRCUIT] == left_a

    @pytest.mark.parametrize("in_part", [False, True])
    def test_it_holds_up_nobody_else(self, in_part: bool) -> None:
        """Its last word is from before the command that the supply's meter shows."""
        old = ServiceReading((12.0, 0.0), (90.0, 90.0))
        yard = replace(self.YARD, reading=None if in_part else old)
        yard = replace(yard, remains=old if in_part else None)
        sent = call_succeeded(begin_call(request(holding(16), 10, 100), 100), 101)
        charger = ChargerInput(charger_settings("a"), sent)
        seen = replace(site(shows(14, 0), yard), chargers=(charger,))
        (draw,), _ = estimate_draws(seen, shows(14, 0), NOW_S)
        assert draw.settled is in_part
        assert draw.final_at_s == inf


def test_of_a_supply_that_cannot_be_read_all_is_left() -> None:
    limits, _ = proven_constraints(replace(site(shows(8)), reading=None), NOW_S)
    assert left(limits) == {("", Limit.SUPPLY): 32}
