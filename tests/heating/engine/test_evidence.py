"""What counts as evidence of short-cycling, and what does not."""

from typing import Any

import pytest

from custom_components.load_sharing.heating.engine.model import Control, Evidence

from .house import BATH, Story, daily, room


def story() -> Story:
    """A burner that has been on for ten minutes, with water far below the setpoint.

    A return is a risk within 15 K of the setpoint.
    """
    tale = Story(BATH, return_risk_delta_k=15.0)
    tale.wait(minutes=10)
    return tale


def cooldowns(tale: Story) -> int:
    """Number of cooldowns that were detected."""
    return len(tale.engine_state.monitor.cooldowns_s)


def test_flow_over_the_setpoint_as_the_burner_goes_off() -> None:
    """A flow of 57 °C at a setpoint of 55 °C makes it a cooldown."""
    tale = story()
    tale.set_boiler(burner=False, flow_c=57.0)
    assert cooldowns(tale) == 1
    assert tale.decision.evidence is Evidence.COOLDOWN


def test_return_near_the_setpoint_as_the_burner_goes_off() -> None:
    """A return of 50 °C at a setpoint of 55 °C makes it a cooldown."""
    tale = story()
    tale.set_boiler(burner=False, return_c=50.0)
    assert cooldowns(tale) == 1


def test_water_that_is_not_hot() -> None:
    """A flow of 56.9 °C and a return of 49.9 °C are no cooldown."""
    tale = story()
    tale.set_boiler(burner=False, flow_c=56.9, return_c=49.9)
    assert cooldowns(tale) == 0


def test_the_flow_is_remembered_for_twelve_seconds() -> None:
    """A flow that was hot 12 s before the burner went off still counts."""
    tale = story()
    tale.set_boiler(flow_c=57.5)
    tale.wait(seconds=12)
    tale.set_boiler(flow_c=50.0)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 1


def test_the_flow_is_forgotten_after_twelve_seconds() -> None:
    """A flow that was hot 13 s before the burner went off no longer counts."""
    tale = story()
    tale.set_boiler(flow_c=57.5)
    tale.set_boiler(flow_c=50.0)
    tale.wait(seconds=13)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 0


def test_the_flow_is_compared_with_the_setpoint_of_its_moment() -> None:
    """A flow of 57.5 °C was hot at 55 °C, even if the setpoint rises right after."""
    tale = story()
    tale.set_boiler(flow_c=57.5)
    tale.set_boiler(setpoint_c=70.0)
    tale.wait(seconds=5)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 1


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("it heats tap water", {"dhw": True}),
        ("it was switched off", {"on": False}),
    ],
)
def test_hot_water_for_another_reason(why: str, changes: dict[str, bool]) -> None:
    """Hot water with one of these explanations is no cooldown."""
    tale = story()
    tale.set_boiler(**changes)
    tale.set_boiler(burner=False, flow_c=60.0, return_c=54.0)
    assert cooldowns(tale) == 0, why


def test_tap_water_a_moment_ago() -> None:
    """The burner goes off 10 s after the tap was shut: no cooldown."""
    tale = story()
    tale.set_boiler(dhw=True, flow_c=65.0)
    tale.set_boiler(dhw=False)
    tale.wait(seconds=10)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 0


def test_nobody_calls_any_more() -> None:
    """A burner that goes off because the last room is warm is no cooldown."""
    tale = story()
    tale.set_room("bath", temperature_c=22.5)
    tale.set_boiler(burner=False, flow_c=60.0)
    assert cooldowns(tale) == 0


def test_a_short_burn_needs_no_temperatures() -> None:
    """A burn of 179 s while a room calls is a cooldown; one of 180 s is not."""
    tale = story()
    tale.set_boiler(flow_c=None, return_c=None, setpoint_c=None, burner=False)
    tale.wait(minutes=5)
    tale.set_boiler(burner=True)
    tale.wait(seconds=179)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 1
    tale.set_boiler(burner=True)
    tale.wait(seconds=180)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 1


def test_a_burner_that_was_not_known_did_not_go_off() -> None:
    """A burner that went off while unavailable is no cooldown."""
    tale = story()
    tale.set_boiler(burner=None, flow_c=60.0)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 0


def test_a_burner_that_was_burning_before_we_looked_did_not_burn_short() -> None:
    """A burn that was under way at the start, and ends 100 s later, is not short."""
    tale = Story(BATH)
    tale.wait(seconds=100)
    tale.set_boiler(burner=False, flow_c=45.0)
    assert cooldowns(tale) == 0


def test_a_gap_does_not_make_a_long_burn_short() -> None:
    """A burn with an unavailable burner in it is not short; the next one can be."""
    tale = Story(BATH)
    tale.wait(minutes=60)
    tale.set_boiler(burner=None)
    tale.wait(seconds=5)
    tale.set_boiler(burner=True)
    tale.wait(seconds=30)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 0
    tale.wait(minutes=5)
    tale.set_boiler(burner=True)
    tale.wait(seconds=30)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 1


def test_a_setpoint_of_rest_makes_no_water_hot() -> None:
    """A boiler that shows 10 °C at rest does not make a flow of 50 °C hot."""
    tale = story()
    tale.set_boiler(setpoint_c=10.0)
    tale.wait(seconds=2)
    tale.set_boiler(burner=False)
    assert cooldowns(tale) == 0
    assert tale.decision.evidence is None


def test_a_setpoint_of_rest_makes_no_return_hot() -> None:
    """A setpoint below 25 °C makes no return hot, however long."""
    tale = story()
    tale.set_boiler(setpoint_c=24.9)
    assert tale.wait(minutes=10).evidence is None
    tale.set_boiler(setpoint_c=25.0)
    assert tale.wait(minutes=1).evidence is Evidence.RETURN_RISK


def test_signals_of_another_detector_stand_instead() -> None:
    """An external cooldown sensor replaces our own detection."""
    tale = story()
    tale.set_boiler(cooldown_signals=3)
    tale.set_boiler(burner=False, flow_c=60.0)
    assert cooldowns(tale) == 0
    tale.set_boiler(cooldown_signals=4)
    assert cooldowns(tale) == 1
    tale.wait(minutes=1)
    assert cooldowns(tale) == 1


def test_a_cooldown_is_evidence_for_a_quarter_of_an_hour() -> None:
    """A cooldown stops being evidence after 15 minutes."""
    tale = story()
    tale.set_boiler(burner=False, flow_c=57.0)
    assert tale.wait(minutes=15).evidence is Evidence.COOLDOWN
    assert tale.wait(seconds=1).evidence is None


def test_a_hot_return_is_a_risk_after_a_minute() -> None:
    """A return above 40 °C at a setpoint of 55 °C is a risk after 60 s."""
    tale = story()
    tale.set_boiler(return_c=40.5)
    assert tale.wait(seconds=59).evidence is None
    assert tale.wait(seconds=1).evidence is Evidence.RETURN_RISK


@pytest.mark.parametrize(
    "changes",
    [{"return_c": 40.0}, {"burner": False}, {"dhw": True}, {"return_c": None}],
)
def test_a_hot_return_that_does_not_last_is_none(changes: dict[str, object]) -> None:
    """An interruption restarts the minute."""
    tale = story()
    tale.set_boiler(return_c=41.0)
    tale.wait(seconds=50)
    tale.set_boiler(**changes)
    tale.set_boiler(burner=True, dhw=False, return_c=41.0)
    assert tale.wait(seconds=50).evidence is None
    assert tale.wait(seconds=10).evidence is Evidence.RETURN_RISK


@pytest.mark.parametrize(
    ("setpoint_c", "flow_c", "return_c"),
    [
        (35.0, 35.0, 30.0),
        (35.0, 36.5, 31.5),
        (45.0, 45.0, 37.0),
        (45.0, 46.9, 41.5),
        (55.0, 55.0, 45.0),
    ],
)
def test_a_boiler_that_copes_is_at_no_risk(
    setpoint_c: float, flow_c: float, return_c: float
) -> None:
    """It has burned for two hours, with a drop of 5 to 10 K: nothing cycles.

    A flow that overshoots its setpoint a little has a return that is as much warmer.
    """
    tale = Story(BATH, room("lounge", 2290, fallback_priority=1))
    tale.set_boiler(setpoint_c=setpoint_c, flow_c=flow_c, return_c=return_c)
    tale.wait(minutes=120)
    assert tale.decision.evidence is None
    assert not tale.open


def test_a_flow_that_is_too_hot_explains_no_hot_return() -> None:
    """4 K over its setpoint the burner is about to go off, whatever the drop."""
    tale = Story(BATH)
    tale.set_boiler(setpoint_c=45.0, flow_c=49.0, return_c=42.5)
    assert tale.wait(minutes=2).evidence is Evidence.RETURN_RISK


def test_a_hot_return_with_the_burner_off_is_no_risk() -> None:
    """A hot return after the burn has only not cooled yet."""
    tale = Story(BATH)
    tale.set_boiler(burner=False, return_c=54.0, flow_c=54.0, dhw=True)
    assert tale.wait(minutes=10).evidence is None


def test_starts_are_counted() -> None:
    """Three starts of the burner are counted as three."""
    tale = story()
    for _ in range(3):
        tale.set_boiler(burner=False)
        tale.wait(minutes=4)
        tale.set_boiler(burner=True)
        tale.wait(minutes=4)
    assert len(tale.engine_state.monitor.starts_s) == 3


def test_what_is_older_than_a_day_is_forgotten() -> None:
    """A cooldown of 25.5 hours ago is forgotten."""
    tale = story()
    tale.set_boiler(burner=False, flow_c=57.0)
    tale.now_s += 25.5 * 3600
    tale.evaluate()
    assert cooldowns(tale) == 0


def test_evidence_alone_does_nothing() -> None:
    """Evidence opens no room while none calls."""
    tale = Story(room("hall", 2500, fallback_priority=1), room("bed", 900))
    tale.set_boiler(cooldown_signals=0)
    tale.set_boiler(cooldown_signals=1)
    assert tale.decision.evidence is Evidence.COOLDOWN
    assert not tale.open


def zero_per_cent() -> dict[str, Any]:
    """A relative modulation of 0 %: at its least output, or off."""
    return {"burner": None, "may_burn": True}


def test_the_least_output_is_no_cooldown() -> None:
    """A burner throttles to 0 %, with a flow above its setpoint: it copes."""
    tale = Story(BATH, room("lounge", 2290, 18.0, schedule=daily("06:40", "09:00")))
    tale.set_boiler(flow_c=57.0)
    tale.wait(minutes=20)
    tale.set_boiler(**zero_per_cent())
    tale.wait(minutes=60)
    assert tale.decision.evidence is None
    tale.set_boiler(burner=True, may_burn=False)
    assert not tale.engine_state.monitor.starts_s


def test_rooms_stay_as_they_are_at_the_least_output() -> None:
    """While it burns between 0 % and 5 %, no valve moves, and no fallback opens."""
    tale = Story(
        BATH,
        room("lounge", 2290, 18.0, schedule=daily("06:40", "09:00")),
        room("hall", 2500, 18.0, target_c=20.0, fallback_priority=1),
    )
    tale.control = Control.BALANCED
    tale.wait(minutes=1)
    assert tale.open == {"lounge": 100.0}
    for _ in range(10):
        tale.set_boiler(**zero_per_cent())
        tale.wait(minutes=1)
        assert tale.open == {"lounge": 100.0}
        tale.set_boiler(burner=True, may_burn=False)
        tale.wait(minutes=1)
        assert tale.open == {"lounge": 100.0}
