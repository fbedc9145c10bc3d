"""A head that rounds what its bridge has echoed, and a bridge that restarts."""

import pytest

from custom_components.load_sharing.heating.engine import lease as leases
from custom_components.load_sharing.heating.engine.lease import SETPOINT
from custom_components.load_sharing.heating.engine.observation import Verdict

from .test_lease import Device


@pytest.mark.parametrize("after_s", [2, 60, 900])
@pytest.mark.parametrize("shown", [87.5, 75.0])
def test_a_valve_that_is_echoed_and_then_rounded_down(
    shown: float, after_s: float
) -> None:
    """The bridge shows the 90 % that were sent; the head makes an eighth of it, or a quarter."""
    valve = Device()
    valve.take(90)
    assert valve.observe(1) is Verdict.OURS
    valve.value = shown
    assert valve.observe(after_s) is Verdict.OURS
    assert valve.observe(600) is Verdict.OURS
    assert valve.written == [90]
    valve.release()
    assert valve.value == 0
    assert valve.observe(1) is Verdict.RESTORED


@pytest.mark.parametrize(
    ("sent_c", "shown_c"), [(22.5, 22.0), (22.5, 23.0), (22.4, 22.0), (22.9, 22.5)]
)
def test_a_setpoint_that_is_echoed_and_then_rounded(
    sent_c: float, shown_c: float
) -> None:
    """By a head of whole or half degrees, up or down."""
    head = Device(value=16, profile=SETPOINT)
    head.take(sent_c)
    head.observe(1)
    head.value = shown_c
    assert head.observe(120) is Verdict.OURS
    head.release()
    assert head.written == [sent_c, 16]
    assert head.observe(1) is Verdict.RESTORED


def test_a_setpoint_between_the_steps_was_set_by_a_person() -> None:
    """22 °C needs no rounding: 21.5 and 22.5 °C were set at the knob, and stay."""
    head = Device(value=16, profile=SETPOINT)
    head.take(22)
    head.observe(1)
    head.value = 21.5
    assert head.observe(120) is Verdict.OVERRIDDEN

    head = Device(value=16, profile=SETPOINT)
    head.take(22)
    head.observe(1)
    head.value = 22.5
    assert head.observe(120) is Verdict.OURS
    head.release()
    assert head.observe(600) is Verdict.RESTORED
    assert head.written == [22]


def test_what_is_no_rounding_is_a_person() -> None:
    """A second change, a change by a user, one that is too large, and one long after."""
    for sent, shown, after_s, by_person in (
        (90, 80.0, 60, True),
        (90, 60.0, 60, False),
        (90, 80.0, 1000, False),
    ):
        valve = Device()
        valve.take(sent)
        valve.observe(1)
        valve.value = shown
        assert valve.observe(after_s, by_person=by_person) is Verdict.OVERRIDDEN

    valve = Device()
    valve.take(90)
    valve.observe(1)
    valve.value = 85.0
    valve.observe(10)
    valve.value = 75.0
    assert valve.observe(10) is Verdict.OVERRIDDEN


def held_and_lost() -> Device:
    """A valve that is held at 90 % and has just come back from a restart of its bridge."""
    valve = Device()
    valve.take(90)
    valve.observe(1)
    valve.now_s += 300
    assert valve.lease is not None
    valve.lease = leases.note_return(valve.lease, valve.now_s)
    return valve


def test_a_bridge_that_shows_an_old_value_after_its_restart() -> None:
    """50 % for five seconds, then what the valve reports: nothing has happened."""
    valve = held_and_lost()
    valve.value = 50
    assert valve.observe() is Verdict.WAITING
    valve.value = 90
    assert valve.observe(5) is Verdict.OURS
    valve.release()
    assert valve.written == [90, 0]


def test_sharing_that_ends_meanwhile() -> None:
    """Nothing is written while it is not known whose the 50 % are; then 0 % are."""
    valve = held_and_lost()
    valve.value = 50
    valve.observe()
    valve.release()
    assert valve.written == [90]
    valve.value = 90
    valve.observe(5)
    assert valve.written == [90, 0]


@pytest.mark.parametrize("by_person", [True, False])
def test_a_valve_that_was_moved_while_its_bridge_was_away(by_person: bool) -> None:
    """It stays at 50 %: after 45 s, or as soon as a user sets it, it is theirs."""
    valve = held_and_lost()
    valve.value = 50
    valve.observe()
    valve.observe(20, by_person=by_person)
    if not by_person:
        assert valve.verdict is Verdict.WAITING
        valve.observe(26)
    assert valve.verdict is Verdict.OVERRIDDEN
    assert valve.written == [90]


def test_a_valve_that_forgot_in_a_power_cut_is_opened_again() -> None:
    """It comes back at its owner's 0 %, and stays there."""
    valve = held_and_lost()
    valve.value = 0
    assert valve.observe() is Verdict.WAITING
    valve.observe(46)
    assert valve.written == [90, 90]
    assert valve.observe(1) is Verdict.OURS


def come_back(valve: Device) -> None:
    """Lose the bridge for a moment: for 45 s it is not known what the value means."""
    assert valve.lease is not None
    valve.lease = leases.note_return(valve.lease, valve.now_s)
    valve.observe()


def test_a_head_that_wakes_after_it_was_released_in_doubt() -> None:
    """It slept at 0 %, and shows the 90 % ten minutes after sharing has ended."""
    valve = Device(obeys=False)
    valve.take(90)
    valve.now_s += 60
    come_back(valve)
    valve.now_s += 20
    valve.release()
    assert valve.observe(30) is Verdict.WAITING
    valve.obeys = True
    valve.value = 90
    valve.observe(600)
    assert valve.written == [90, 0]
    assert valve.observe(1) is Verdict.RESTORED


@pytest.mark.parametrize(("wanted", "shown"), [(None, 0.0), (80.0, 80.0)])
def test_a_valve_that_has_drifted_while_in_doubt(
    wanted: float | None, shown: float
) -> None:
    """It was left at 70 % and is back at 76 %: it gets what it missed meanwhile."""
    valve = Device()
    valve.take(70)
    valve.observe(1)
    valve.now_s += 300
    valve.value = 76
    come_back(valve)
    valve.now_s += 20
    if wanted is None:
        valve.release()
    else:
        valve.want(wanted)
    valve.observe(30)
    assert valve.written == [70, shown]


def test_a_valve_that_was_echoed_and_released_in_doubt() -> None:
    """The bridge echoed 90 %, and comes back with the 75 % that the head made of it."""
    valve = Device()
    valve.take(90)
    valve.observe(1)
    valve.now_s += 100
    valve.value = 75
    come_back(valve)
    valve.now_s += 20
    valve.release()
    valve.observe(30)
    assert valve.written == [90, 0]


def test_a_valve_that_forgot_and_was_released_in_doubt() -> None:
    """It is back at its owner's 0 %: it is restored, and its thermostat is cared for."""
    valve = held_and_lost()
    valve.value = 0
    assert valve.observe() is Verdict.WAITING
    valve.release()
    assert valve.observe(46) is Verdict.RESTORED
    assert valve.written == [90]


@pytest.mark.parametrize(("last", "old"), [(90.0, 70.0), (50.0, 70.0)])
@pytest.mark.parametrize("released", [True, False])
def test_a_bridge_that_remembers_what_we_set_before(
    last: float, old: float, released: bool
) -> None:
    """70 % came before; for minutes, it shows that again: that is no person's."""
    valve = Device()
    valve.take(old)
    valve.observe(1)
    valve.now_s += 300
    valve.want(last)
    valve.observe(1)
    valve.now_s += 300
    valve.value = old
    come_back(valve)
    if released:
        valve.release()
    assert valve.observe(46) is Verdict.WAITING
    assert valve.written == [old, last, 0 if released else last]
