"""Each charger alone on a meter, without what the others were measured to draw."""

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.mains import Mains, Wiring
from custom_components.load_sharing.charging.engine.measurement import without_draws
from custom_components.load_sharing.charging.engine.meters import (
    chargers_on,
    each_alone,
    meters_of,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    Circuit,
    DrawReading,
    ServiceReading,
    SiteInput,
)

from .car import settled
from .settings import charger_settings, site_settings

currents = st.floats(-80, 80)
phases = st.permutations((0, 1, 2)).flatmap(
    lambda wired: st.integers(1, 3).map(lambda count: tuple(wired[:count]))
)


def charger(number: int, phases: tuple[int, ...], *drawn_a: float) -> ChargerInput:
    """A charger on some phases, measured if a draw is given."""
    draw = DrawReading(drawn_a, drawn_a, 0.0) if drawn_a else None
    settings = charger_settings(charger_id=f"c{number}", phases=phases)
    return ChargerInput(settings, settled(16.0), draw=draw)


@st.composite
def sites(draw: st.DrawFn) -> list[ChargerInput]:
    """Up to six chargers, some of them measured."""
    found = []
    for number, wired in enumerate(draw(st.lists(phases, max_size=6))):
        drawn_a = draw(st.lists(currents, min_size=len(wired), max_size=len(wired)))
        found.append(charger(number, wired, *(drawn_a if draw(st.booleans()) else ())))
    return found


@given(
    shown_a=st.tuples(currents, currents, currents),
    chargers=sites(),
    wiring=st.sampled_from([None, Wiring.NEUTRAL, Wiring.NO_NEUTRAL]),
)
def test_the_draws_of_all_others_are_left_out(
    shown_a: tuple[float, ...], chargers: list[ChargerInput], wiring: Wiring | None
) -> None:
    """As if they were subtracted for each charger anew."""
    reading = ServiceReading(shown_a, (0.0,) * 3)
    total = Mains(wiring, 230.0, (0, 1, 2)) if wiring else None
    seen = list(each_alone(reading, chargers, total))
    assert [one for one, _ in seen] == chargers
    for one, alone_a in seen:
        others = [other for other in chargers if other is not one]
        assert alone_a == pytest.approx(without_draws(reading, others, total))


def test_the_supply_comes_first_and_a_circuit_has_its_members() -> None:
    """A circuit without a meter keeps its place, and shows nothing."""
    garage, yard = charger(1, (0,)), charger(2, (1,))
    reading = ServiceReading((8.0, 9.0), (0.0, 0.0))
    outside = Circuit("outside", 16.0, (0, 1), frozenset({"c2"}))
    site = SiteInput(site_settings(), reading, (garage, yard), circuits=(outside,))
    supply, circuit = meters_of(site)
    assert supply.reading is reading
    assert supply.exists
    assert chargers_on(supply, site) == [garage, yard]
    assert circuit.meter_id == "outside"
    assert circuit.reading is None
    assert not circuit.exists
    assert chargers_on(circuit, site) == [yard]
