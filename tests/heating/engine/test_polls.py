"""A poll is one moment: the verdict is the same, in whatever order its values arrive."""

from itertools import permutations
from typing import Any

import pytest

from .house import BATH, Story


def burning(**readings: Any) -> Story:
    """A boiler that began to burn a while ago, and is polled every minute."""
    tale = Story(BATH)
    tale.set_boiler(burner=False)
    tale.wait(minutes=5)
    tale.set_boiler(burner=True, return_c=36.0, **readings)
    return tale


def poll(tale: Story, order: tuple[str, ...], news: dict[str, Any]) -> int:
    """Report what a poll found, one value after the other; return the cooldowns."""
    before = len(tale.engine_state.monitor.cooldowns_s)
    for key in order:
        tale.set_boiler(**{key: news[key]})
        tale.now_s += 0.1
    tale.wait(seconds=30)
    return len(tale.engine_state.monitor.cooldowns_s) - before


@pytest.mark.parametrize("order", permutations(["burner", "flow_c", "return_c"]))
def test_hot_water_of_the_same_poll(order: tuple[str, ...]) -> None:
    """55 °C a minute ago; this poll finds 59 °C and the burner off."""
    tale = burning(flow_c=50.0)
    tale.wait(minutes=4)
    tale.set_boiler(flow_c=55.0)
    tale.wait(seconds=60)
    news = {"burner": False, "flow_c": 59.0, "return_c": 45.0}
    assert poll(tale, order, news) == 1


@pytest.mark.parametrize("order", permutations(["burner", "flow_c"]))
def test_hot_water_of_the_poll_before(order: tuple[str, ...]) -> None:
    """58 °C a minute ago; the burner is off by now, and the water cooler again."""
    tale = burning(flow_c=50.0)
    tale.wait(minutes=4)
    tale.set_boiler(flow_c=58.0)
    tale.wait(seconds=50)
    assert poll(tale, order, {"burner": False, "flow_c": 52.0}) == 1


@pytest.mark.parametrize("order", permutations(["burner", "dhw", "flow_c"]))
def test_the_end_of_tap_water(order: tuple[str, ...]) -> None:
    """It left the water at 72 °C, which says nothing about the rooms."""
    tale = burning(flow_c=60.0, dhw=True)
    tale.wait(minutes=4)
    assert poll(tale, order, {"burner": False, "dhw": False, "flow_c": 72.0}) == 0


@pytest.mark.parametrize("order", permutations(["burner", "on"]))
def test_a_relay_that_opens(order: tuple[str, ...]) -> None:
    """A thermostat that pulses switches a burn of two minutes off."""
    tale = burning(flow_c=40.0)
    tale.wait(minutes=2)
    assert poll(tale, order, {"burner": False, "on": False}) == 0


@pytest.mark.parametrize("lowered_c", [10.0, 30.0])
def test_a_setpoint_that_was_withdrawn(lowered_c: float) -> None:
    """An OpenTherm controller ends a burn of two minutes by its setpoint."""
    tale = burning(flow_c=40.0)
    tale.wait(minutes=2)
    tale.set_boiler(setpoint_c=lowered_c)
    tale.wait(seconds=10)
    assert poll(tale, ("burner",), {"burner": False}) == 0


def test_a_setpoint_that_follows_the_weather_is_not_withdrawn() -> None:
    """It falls by 1 K at a time."""
    tale = burning(flow_c=50.0)
    tale.wait(minutes=2)
    tale.set_boiler(setpoint_c=54.0)
    tale.wait(seconds=10)
    assert poll(tale, ("burner",), {"burner": False}) == 1


def test_what_arrives_later_is_another_moment() -> None:
    """The water becomes hot only by the pump's overrun, ten seconds after the burn."""
    tale = burning(flow_c=50.0)
    tale.wait(minutes=10)
    tale.set_boiler(burner=False)
    tale.wait(seconds=10)
    tale.set_boiler(flow_c=59.0)
    assert not tale.engine_state.monitor.cooldowns_s
