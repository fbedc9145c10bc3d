"""Sensors round: what fits exactly is not lowered for that."""

from collections.abc import Mapping

import pytest

from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    ServiceReading,
    SiteInput,
)

from .car import settled
from .settings import charger_settings, site_settings


def decide(
    service_a: float, drawn_a: Mapping[str, float], *, margin_a: float = 0.0
) -> list[float | None]:
    """Return what is decided on 25 A for chargers that take about what they may."""
    chargers = tuple(
        ChargerInput(
            charger_settings(name),
            settled(round(current_a)),
            ChargerStatus.CHARGING,
            0,
            DrawReading((current_a,), (current_a,), 100),
        )
        for name, current_a in drawn_a.items()
    )
    site = SiteInput(
        settings=site_settings(limit_a=25, safety_margin_a=margin_a),
        reading=ServiceReading((service_a,), (100,)),
        chargers=chargers,
    )
    _, decision = evaluate(EngineState(), site, 100)
    return [decision.chargers[name].desired_a for name in drawn_a]


@pytest.mark.parametrize(("missed_a", "keeps_a"), [(0.004, 17), (0.01, 17), (0.02, 16)])
def test_a_current_that_fits_exactly_is_kept(missed_a: float, keeps_a: float) -> None:
    """A power of 1 W less than 17 A leaves a base load of 0.004 A more than there is."""
    assert decide(25.0, {"car": 17 - missed_a}) == [keeps_a]


def test_nothing_is_forgiven_in_an_overload() -> None:
    """The meter itself shows more than the limit."""
    assert decide(25.005, {"car": 16.999}) == [16]


def test_what_has_to_come_down_anyway_comes_down_to_what_fits() -> None:
    """15.995 A are left of 17 A: 15 A, and not 16 A."""
    assert decide(24.6, {"car": 16.6}, margin_a=1.005) == [15]


def test_several_chargers_are_kept_together() -> None:
    """9 A and 8 A fit exactly, too."""
    assert decide(25.0, {"a": 8.998, "b": 7.998}) == [9, 8]
    assert decide(25.0, {"a": 8.98, "b": 7.99}) != [9, 8]
