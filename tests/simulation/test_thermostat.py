"""The control that the house has of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from simulation.thermostat import Blocks, CallTimer, Cooldown, Thermostat

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
EVENING = MONDAY + timedelta(hours=18)
BLOCKS: Blocks = {0: ((6.5, 8.0, 20.0), (17.0, 22.5, 21.0))}


def test_a_room_calls_by_hysteresis() -> None:
    """On 0.3 K below its target, off 0.1 K above, in between as it was."""
    thermostat = Thermostat(BLOCKS)
    calls = []
    for room_c in (20.8, 20.71, 20.7, 20.9, 21.09, 21.1, 20.8, 20.69):
        thermostat.step(EVENING, room_c)
        calls.append(thermostat.calling)
    assert calls == [False, False, True, True, True, False, False, True]


@pytest.mark.parametrize(
    ("day", "hour", "target_c"),
    [(0, 6.4, 16), (0, 6.5, 20), (0, 8.0, 16), (0, 22.4, 21), (1, 18, 16)],
)
def test_a_week_has_its_blocks(day: int, hour: float, target_c: float) -> None:
    """A block's start belongs to it, its end does not; the rest is set back."""
    now = MONDAY + timedelta(days=day, hours=hour)
    assert Thermostat(BLOCKS).target_c(now) == target_c


def test_what_somebody_sets_holds_until_the_schedule_moves_on() -> None:
    """As with a thermostat on a wall."""
    thermostat = Thermostat(BLOCKS)
    thermostat.step(EVENING, 21.0)
    thermostat.manual_c = 23.0
    seen = []
    for now in (EVENING, MONDAY + timedelta(hours=23)):
        thermostat.step(now, 21.0)
        seen.append((thermostat.calling, thermostat.target_c(now)))
    assert seen == [(True, 23.0), (False, 16.0)]


def test_a_thermostat_that_is_off_does_not_call() -> None:
    """However cold the room."""
    thermostat = Thermostat(BLOCKS, calling=True, off=True)
    thermostat.step(EVENING, 5.0)
    assert not thermostat.calling


def test_a_call_is_not_too_short_and_not_too_often() -> None:
    """A blip becomes three minutes, the next one waits three; the pump runs on."""
    timer = CallTimer()
    on, pump = [], []
    for second in range(600):
        timer.step(second, calling=second == 10 or second >= 200)
        on.append(timer.on)
        pump.append(timer.pump)
    assert (on.index(True), on.index(False, 10)) == (10, 190)
    assert on.index(True, 190) == 370
    assert pump.index(True) == 10
    assert all(pump[10:])
    timer.step(600, calling=False)
    timer.step(600 + 179, calling=False)
    assert (timer.on, timer.pump) == (False, True)
    timer.step(600 + 180, calling=False)
    assert not timer.pump


def watch(
    cooldown: Cooldown,
    now_s: float,
    *,
    burner_on: bool,
    flow_c: float = 57.0,
    return_c: float = 45.0,
    call: bool = True,
    dhw: bool = False,
) -> None:
    """Let it see the burner of a boiler that is to have 55 °C."""
    cooldown.step(
        now_s,
        2.0,
        burner_on=burner_on,
        call=call,
        dhw=dhw,
        flow_c=flow_c,
        return_c=return_c,
        wanted_c=55.0,
    )


@pytest.mark.parametrize(
    ("flow_c", "return_c", "count"),
    [(57.0, 45.0, 1), (56.9, 49.9, 0), (56.9, 50.0, 1), (63.0, 55.0, 1)],
)
@pytest.mark.parametrize("protects", [True, False])
def test_a_flame_that_goes_out_too_hot_is_a_cooldown(
    flow_c: float, return_c: float, count: int, protects: bool
) -> None:
    """Flow 2 K above the setpoint, or return less than 5 K below; counted always."""
    cooldown = Cooldown(protects=protects)
    watch(cooldown, 0, burner_on=True, flow_c=flow_c, return_c=return_c)
    watch(cooldown, 2, burner_on=False, flow_c=flow_c, return_c=return_c)
    watch(cooldown, 4, burner_on=False, flow_c=flow_c, return_c=return_c)
    assert cooldown.count == count
    assert cooldown.setpoint_c == (30.0 if protects and count else None)


def test_the_end_of_a_call_is_no_cooldown() -> None:
    """Nobody wants heat, the flame may go."""
    cooldown = Cooldown()
    watch(cooldown, 0, burner_on=True)
    watch(cooldown, 2, burner_on=False, call=False)
    assert cooldown.count == 0


def test_tap_water_is_no_cooldown() -> None:
    """Neither during a draw nor right after it, while the flow is still as hot."""
    cooldown = Cooldown()
    watch(cooldown, 0, burner_on=True, dhw=True)
    watch(cooldown, 2, burner_on=False, dhw=True)
    watch(cooldown, 10, burner_on=True, dhw=True)
    watch(cooldown, 12, burner_on=True)
    watch(cooldown, 14, burner_on=False)
    assert cooldown.count == 0
    watch(cooldown, 300, burner_on=True)
    watch(cooldown, 302, burner_on=False)
    assert cooldown.count == 1


def test_protection_gives_the_setpoint_back_when_the_water_has_cooled() -> None:
    """At 45 °C for a setpoint of 55 °C, flow and return."""
    cooldown = Cooldown()
    watch(cooldown, 0, burner_on=True)
    watch(cooldown, 2, burner_on=False)
    watch(cooldown, 100, burner_on=False, flow_c=45.1, return_c=40)
    watch(cooldown, 200, burner_on=False, flow_c=40, return_c=45.1)
    assert cooldown.setpoint_c == 30.0
    watch(cooldown, 300, burner_on=False, flow_c=45, return_c=45)
    assert cooldown.setpoint_c is None


def test_protection_lasts_half_an_hour_at_most() -> None:
    """Water that stays hot does not keep a house cold."""
    cooldown = Cooldown()
    watch(cooldown, 0, burner_on=True)
    watch(cooldown, 2, burner_on=False)
    watch(cooldown, 1801, burner_on=False)
    assert cooldown.setpoint_c == 30.0
    watch(cooldown, 1802, burner_on=False)
    assert cooldown.setpoint_c is None
