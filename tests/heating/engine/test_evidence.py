"""What passes for cycling, and what does not."""

import pytest

from custom_components.load_sharing.heating.engine.model import Evidence

from .house import BATH, Story, room


def story() -> Story:
    """A burner that has been on for ten minutes, far from its setpoint."""
    tale = Story(BATH)
    tale.wait(minutes=10)
    return tale


def cooldowns(tale: Story) -> int:
    """How many were seen."""
    return len(tale.state_before.monitor.cooldowns_s)


def test_flow_over_the_setpoint_as_the_burner_goes_off() -> None:
    """57 °C at a setpoint of 55 °C."""
    tale = story()
    tale.boil(burner=False, flow_c=57.0)
    assert cooldowns(tale) == 1
    assert tale.decision.evidence is Evidence.COOLDOWN


def test_return_near_the_setpoint_as_the_burner_goes_off() -> None:
    """50 °C at a setpoint of 55 °C."""
    tale = story()
    tale.boil(burner=False, return_c=50.0)
    assert cooldowns(tale) == 1


def test_water_that_is_not_hot() -> None:
    """56.9 °C and 49.9 °C: it went off for another reason."""
    tale = story()
    tale.boil(burner=False, flow_c=56.9, return_c=49.9)
    assert cooldowns(tale) == 0


def test_the_flow_is_remembered_for_twelve_seconds() -> None:
    """Water cools fast once the flame is out; sensors are slow to tell."""
    tale = story()
    tale.boil(flow_c=57.5)
    tale.wait(seconds=12)
    tale.boil(flow_c=50.0)
    tale.boil(burner=False)
    assert cooldowns(tale) == 1


def test_the_flow_is_forgotten_after_twelve_seconds() -> None:
    """13 s ago it was hot."""
    tale = story()
    tale.boil(flow_c=57.5)
    tale.boil(flow_c=50.0)
    tale.wait(seconds=13)
    tale.boil(burner=False)
    assert cooldowns(tale) == 0


def test_the_flow_is_compared_with_the_setpoint_of_its_moment() -> None:
    """57.5 °C was hot at 55 °C, and the setpoint rises right after."""
    tale = story()
    tale.boil(flow_c=57.5)
    tale.boil(setpoint_c=70.0)
    tale.wait(seconds=5)
    tale.boil(burner=False)
    assert cooldowns(tale) == 1


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("it heats tap water", {"dhw": True}),
        ("it was switched off", {"on": False}),
    ],
)
def test_hot_water_for_another_reason(why: str, changes: dict[str, bool]) -> None:
    """None of these is cycling."""
    tale = story()
    tale.boil(**changes)
    tale.boil(burner=False, flow_c=60.0, return_c=54.0)
    assert cooldowns(tale) == 0, why


def test_tap_water_a_moment_ago() -> None:
    """The tap is shut before the burner goes off."""
    tale = story()
    tale.boil(dhw=True, flow_c=65.0)
    tale.boil(dhw=False)
    tale.wait(seconds=10)
    tale.boil(burner=False)
    assert cooldowns(tale) == 0


def test_nobody_calls_any_more() -> None:
    """The last room is warm: that is why the burner goes off."""
    tale = story()
    tale.change("bath", temperature_c=22.5)
    tale.boil(burner=False, flow_c=60.0)
    assert cooldowns(tale) == 0


def test_a_short_burn_needs_no_temperatures() -> None:
    """A burner alone is enough: on for 179 s while a room calls."""
    tale = story()
    tale.boil(flow_c=None, return_c=None, setpoint_c=None, burner=False)
    tale.wait(minutes=5)
    tale.boil(burner=True)
    tale.wait(seconds=179)
    tale.boil(burner=False)
    assert cooldowns(tale) == 1
    tale.boil(burner=True)
    tale.wait(seconds=180)
    tale.boil(burner=False)
    assert cooldowns(tale) == 1


def test_a_burner_that_was_not_known_did_not_go_off() -> None:
    """On, unavailable, off: who knows when, and why."""
    tale = story()
    tale.boil(burner=None, flow_c=60.0)
    tale.boil(burner=False)
    assert cooldowns(tale) == 0


def test_a_burner_that_was_burning_before_we_looked_did_not_burn_short() -> None:
    """Reloaded in the middle of a burn that ends 100 s later, at 45 °C."""
    tale = Story(BATH)
    tale.wait(seconds=100)
    tale.boil(burner=False, flow_c=45.0)
    assert cooldowns(tale) == 0


def test_a_gap_does_not_make_a_long_burn_short() -> None:
    """An hour on, 5 s without a word, 30 s on, off: no cooldown. The next one counts."""
    tale = Story(BATH)
    tale.wait(minutes=60)
    tale.boil(burner=None)
    tale.wait(seconds=5)
    tale.boil(burner=True)
    tale.wait(seconds=30)
    tale.boil(burner=False)
    assert cooldowns(tale) == 0
    tale.wait(minutes=5)
    tale.boil(burner=True)
    tale.wait(seconds=30)
    tale.boil(burner=False)
    assert cooldowns(tale) == 1


def test_a_setpoint_of_rest_makes_no_water_hot() -> None:
    """From 55 °C to 10 °C 2 s before the burner stops, with 50 °C and 38 °C."""
    tale = story()
    tale.boil(setpoint_c=10.0)
    tale.wait(seconds=2)
    tale.boil(burner=False)
    assert cooldowns(tale) == 0
    assert tale.decision.evidence is None


def test_a_setpoint_of_rest_makes_no_return_hot() -> None:
    """For ten minutes."""
    tale = story()
    tale.boil(setpoint_c=24.9)
    assert tale.wait(minutes=10).evidence is None
    tale.boil(setpoint_c=25.0)
    assert tale.wait(minutes=1).evidence is Evidence.RETURN_RISK


def test_signals_of_another_detector_stand_instead() -> None:
    """They count up; the burner is not judged any more."""
    tale = story()
    tale.boil(cooldown_signals=3)
    tale.boil(burner=False, flow_c=60.0)
    assert cooldowns(tale) == 0
    tale.boil(cooldown_signals=4)
    assert cooldowns(tale) == 1
    tale.wait(minutes=1)
    assert cooldowns(tale) == 1


def test_a_cooldown_is_evidence_for_a_quarter_of_an_hour() -> None:
    """And no longer."""
    tale = story()
    tale.boil(burner=False, flow_c=57.0)
    assert tale.wait(minutes=15).evidence is Evidence.COOLDOWN
    assert tale.wait(seconds=1).evidence is None


def test_a_hot_return_is_a_risk_after_a_minute() -> None:
    """More than 40 °C at a setpoint of 55 °C, for 60 s on end."""
    tale = story()
    tale.boil(return_c=40.5)
    assert tale.wait(seconds=59).evidence is None
    assert tale.wait(seconds=1).evidence is Evidence.RETURN_RISK


@pytest.mark.parametrize(
    "changes",
    [{"return_c": 40.0}, {"burner": False}, {"dhw": True}, {"return_c": None}],
)
def test_a_hot_return_that_does_not_last_is_none(changes: dict[str, object]) -> None:
    """The minute begins anew."""
    tale = story()
    tale.boil(return_c=41.0)
    tale.wait(seconds=50)
    tale.boil(**changes)
    tale.boil(burner=True, dhw=False, return_c=41.0)
    assert tale.wait(seconds=50).evidence is None
    assert tale.wait(seconds=10).evidence is Evidence.RETURN_RISK


def test_a_hot_return_with_the_burner_off_is_no_risk() -> None:
    """The water has just not cooled yet."""
    tale = Story(BATH)
    tale.boil(burner=False, return_c=54.0, flow_c=54.0, dhw=True)
    assert tale.wait(minutes=10).evidence is None


def test_starts_are_counted() -> None:
    """Off and on again, three times."""
    tale = story()
    for _ in range(3):
        tale.boil(burner=False)
        tale.wait(minutes=4)
        tale.boil(burner=True)
        tale.wait(minutes=4)
    assert len(tale.state_before.monitor.starts_s) == 3


def test_what_is_older_than_a_day_is_forgotten() -> None:
    """It takes a long story."""
    tale = story()
    tale.boil(burner=False, flow_c=57.0)
    tale.now_s += 25.5 * 3600
    tale.look()
    assert cooldowns(tale) == 0


def test_evidence_alone_does_nothing() -> None:
    """Nobody calls."""
    tale = Story(room("hall", 2500, fallback_priority=1), room("bed", 900))
    tale.boil(cooldown_signals=0)
    tale.boil(cooldown_signals=1)
    assert tale.decision.evidence is Evidence.COOLDOWN
    assert not tale.open
