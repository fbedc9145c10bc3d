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


@pytest.mark.parametrize("news", [{"setpoint_c": 10.0}, {"on": False}])
@pytest.mark.parametrize(
    ("after_s", "flow_c", "cooldowns"),
    [(20, 48.0, 0), (55, 48.0, 0), (70, 48.0, 1), (20, 57.5, 1)],
)
def test_a_controller_that_is_polled_after_the_flame(
    news: dict[str, Any], after_s: int, flow_c: float, cooldowns: int
) -> None:
    """It ended a burn of two minutes, as is seen within a minute; unless it was hot."""
    tale = burning(flow_c=48.0, on=True)
    tale.wait(minutes=2)
    tale.set_boiler(flow_c=flow_c)
    tale.set_boiler(burner=False)
    tale.wait(seconds=after_s)
    tale.set_boiler(**news)
    tale.wait(seconds=30)
    assert len(tale.engine_state.monitor.cooldowns_s) == cooldowns


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


@pytest.mark.parametrize("every_s", [30, 60, 300])
def test_water_that_tap_water_left_hot_a_poll_ago(every_s: int) -> None:
    """At one poll tap water has ended; at the next the burner is off, the water at 62 °C."""
    tale = burning(flow_c=74.0, dhw=True, setpoint_c=50.0)
    for flow_c in (75.0, 76.0):
        tale.wait(seconds=every_s)
        tale.set_boiler(flow_c=flow_c)
    tale.wait(seconds=every_s)
    poll(tale, ("flow_c", "dhw"), {"flow_c": 72.0, "dhw": False})
    tale.wait(seconds=every_s - 30)
    assert poll(tale, ("burner", "flow_c"), {"burner": False, "flow_c": 62.0}) == 0


def test_water_that_is_hot_two_polls_after_tap_water() -> None:
    """That is the rooms' own burn, and too hot."""
    tale = burning(flow_c=74.0, dhw=True, setpoint_c=50.0)
    for flow_c, dhw in ((76.0, True), (72.0, False), (60.0, False)):
        tale.wait(seconds=60)
        tale.set_boiler(flow_c=flow_c, dhw=dhw)
    tale.wait(seconds=60)
    assert poll(tale, ("burner", "flow_c"), {"burner": False, "flow_c": 56.0}) == 1


@pytest.mark.parametrize("every_s", [60, 300])
@pytest.mark.parametrize("lowered_c", [10.0, 35.0])
def test_a_setpoint_that_was_withdrawn_since_the_last_poll(
    lowered_c: float, every_s: int
) -> None:
    """A controller lowers its setpoint just after a poll; the next finds the burner off."""
    tale = burning(flow_c=44.0)
    for flow_c in (46.0, 47.0):
        tale.wait(seconds=every_s)
        tale.set_boiler(flow_c=flow_c)
    tale.wait(seconds=1)
    tale.set_boiler(setpoint_c=lowered_c)
    tale.wait(seconds=every_s - 1)
    assert poll(tale, ("burner", "flow_c"), {"burner": False, "flow_c": 45.0}) == 0


def test_a_boiler_that_reports_every_few_seconds_has_no_such_gap() -> None:
    """The setpoint fell 50 s ago, and the burner has burned on: that is another reason."""
    tale = burning(flow_c=48.0)
    tale.wait(minutes=10)
    tale.set_boiler(setpoint_c=42.0)
    for second in range(10):
        tale.wait(seconds=5)
        tale.set_boiler(flow_c=48.0 - second / 10)
    assert poll(tale, ("burner",), {"burner": False}) == 1


@pytest.mark.parametrize("after_s", [1, 4])
def test_a_call_that_is_seen_to_end_after_the_flame(after_s: float) -> None:
    """The room is warm, so its controller puts the flame out; both in one poll."""
    tale = burning(flow_c=48.0)
    tale.wait(minutes=2)
    tale.set_boiler(burner=False)
    assert len(tale.engine_state.monitor.cooldowns_s) == 1
    tale.now_s += after_s
    tale.set_room("bath", temperature_c=22.3, owner_valve_pct=0.0)
    assert not tale.engine_state.monitor.cooldowns_s


def test_a_call_that_ends_later_was_there_when_the_flame_went_out() -> None:
    """Ten seconds later is not the same moment."""
    tale = burning(flow_c=48.0)
    tale.wait(minutes=2)
    tale.set_boiler(burner=False)
    tale.now_s += 10
    tale.set_room("bath", temperature_c=22.3, owner_valve_pct=0.0)
    assert len(tale.engine_state.monitor.cooldowns_s) == 1
