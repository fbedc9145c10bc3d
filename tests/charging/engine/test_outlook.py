"""The outlook: when a charger that waits for lasting headroom is likely to rise."""

from dataclasses import replace

from custom_components.load_sharing.charging.engine.decision import (
    BalancerState,
    ChargerDecision,
    Decision,
)
from custom_components.load_sharing.charging.engine.memory import (
    EngineState,
    Ramp,
    Regain,
)
from custom_components.load_sharing.charging.engine.model import Limit
from custom_components.load_sharing.charging.engine.outlook import rises_in_s

from .settings import site_settings

SETTINGS = site_settings(ramp_up_time_s=15.0)
WAITS = ChargerDecision(10.0, Limit.RAMP_UP, None, (10.0,))
STATE = EngineState(ramps={"car": Ramp(100.0, 20.0)})


def outlook(
    state: EngineState, charger: ChargerDecision = WAITS, now_s: float = 105.0
) -> dict[str, float]:
    decision = Decision(BalancerState.RAMP_UP_HOLD, {"car": charger})
    return rises_in_s(state, decision, SETTINGS, now_s)


def test_headroom_for_five_of_fifteen_seconds() -> None:
    assert outlook(STATE) == {"car": 10.0}


def test_what_a_load_took_comes_back_sooner() -> None:
    """With a patience of 0.4, 6 of the 15 s are enough."""
    regain = Regain(0.0, had_a=20.0, patience=0.4)
    assert outlook(replace(STATE, regains={"car": regain})) == {"car": 1.0}


def test_nothing_is_said_of_a_charger_that_waits_for_something_else() -> None:
    assert outlook(STATE, replace(WAITS, limit=Limit.L1)) == {}
    assert outlook(EngineState()) == {}
    assert outlook(STATE, now_s=120.0) == {}
    suspended = Ramp(100.0, 20.0, suspended_s=103.0)
    assert outlook(replace(STATE, ramps={"car": suspended})) == {}
