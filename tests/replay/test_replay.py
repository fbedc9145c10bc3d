"""A busy evening of a whole house, with a fault every few minutes: nothing gets past.

``python -m benchmarks.replay`` lives through whole weeks in the same way.
"""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.charging.engine.decision import Decision
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import SiteInput
from simulation.meter import MeterKind

from .plan import Fault
from .run import Replay
from .site import Sensors

type Outcome = tuple[EngineState, Decision]

EVENING_H = 20.0
EACH_EVERY_S = 900.0


@pytest.mark.parametrize(
    ("kind", "sensors", "seed", "hours"),
    [
        (MeterKind.EVERY_SECOND, Sensors.MEASURED, 1, 0.5),
        (MeterKind.EVERY_10_SECONDS, Sensors.MIXED, 2, 1.0),
        (MeterKind.ON_CHANGE, Sensors.MIXED, 3, 1.0),
        (MeterKind.ON_CHANGE, Sensors.MEASURED, 4, 1.0),
    ],
)
async def test_an_evening_of_faults(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kind: MeterKind,
    sensors: Sensors,
    seed: int,
    hours: float,
) -> None:
    """No command above a limit, no overload that stays, no stop that is lost."""
    replay = Replay(
        hass,
        freezer,
        kind=kind,
        sensors=sensors,
        seed=seed,
        seconds=hours * 3600,
        starts_h=EVENING_H,
        each_every_s=EACH_EVERY_S,
    )
    judge = await replay.live()
    assert judge.violations == []
    assert judge.seen["raises"] >= 5
    assert judge.seen["overloads"] >= 2
    assert judge.seen["stops confirmed"] >= 1
    faults = [fault for fault in Fault if judge.seen[f"fault: {fault}"]]
    assert len(faults) >= 5


def _plans_with_too_much(state: EngineState, site: SiteInput, now_s: float) -> Outcome:
    generous = replace(site.settings, limit_a=site.settings.limit_a + 4, ceilings=())
    return evaluate(state, replace(site, settings=generous), now_s)


def _never_lowers(state: EngineState, site: SiteInput, now_s: float) -> Outcome:
    state, decision = evaluate(state, site, now_s)
    chargers = {}
    for charger in site.chargers:
        chosen = decision.chargers[charger.settings.charger_id]
        kept_a = max(chosen.desired_a or 0.0, charger.command.in_force_a or 0.0)
        chargers[charger.settings.charger_id] = replace(chosen, desired_a=kept_a)
    return state, replace(decision, chargers=chargers)


def _fails_at_night(state: EngineState, site: SiteInput, now_s: float) -> Outcome:
    if site.reading is not None and max(site.reading.current_a) > 20:
        raise ValueError("broken on purpose")
    return evaluate(state, site, now_s)


@pytest.mark.parametrize(
    ("broken", "verdict"),
    [
        (_plans_with_too_much, "are free on"),
        (_never_lowers, "overload not corrected"),
        (_fails_at_night, "broken on purpose"),
    ],
)
async def test_the_judge_is_awake(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    broken: Callable[[EngineState, SiteInput, float], Outcome],
    verdict: str,
) -> None:
    """What must not be is told, once it is."""
    replay = Replay(
        hass,
        freezer,
        kind=MeterKind.EVERY_10_SECONDS,
        sensors=Sensors.MEASURED,
        seed=2,
        seconds=1200,
        starts_h=EVENING_H,
    )
    with patch("custom_components.load_sharing.charging.control.evaluate", broken):
        judge = await replay.live()
    assert any(verdict in violation for violation in judge.violations)
