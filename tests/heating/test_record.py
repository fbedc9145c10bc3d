"""What heating has learned, and what it was in the middle of, outlasts a restart."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from custom_components.load_sharing.heating.engine.balance import Balance
from custom_components.load_sharing.heating.engine.context import LoadSharingContext
from custom_components.load_sharing.heating.engine.days import Day, Days
from custom_components.load_sharing.heating.engine.evaluate import HeatingState
from custom_components.load_sharing.heating.engine.hold import HoldReason
from custom_components.load_sharing.heating.engine.pace import Pace
from custom_components.load_sharing.heating.engine.patience import Patience
from custom_components.load_sharing.heating.engine.week import Week
from custom_components.load_sharing.heating.record import (
    has_counted,
    read_record,
    write_record,
)
from custom_components.load_sharing.heating.store import HeatingRecord

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = datetime(2026, 1, 5, 12, 10, tzinfo=UTC)

HELD = HeatingState(
    patience=Patience(reason=HoldReason.TOO_HOT, since_s=4000.0, since=NOON),
    context=LoadSharingContext(lockouts={"hall": 6800.0}),
    balance=Balance(capacities_j_k=(57e3,) * 4, ends_k_s=(0.105,) * 4),
    paces={"lounge": Pace(warming_k_h=1.5, cooling_k_h=0.4)},
)


def restarted(state: HeatingState, *, resumes: bool = True) -> HeatingState:
    """Written at noon at 5000 s on the clock; read ten minutes later at 20 s."""
    record: HeatingRecord = {}
    write_record(record, state, 5000.0, NOON)
    return read_record(record, 20.0, LATER, resumes=resumes)


def test_a_hold_goes_on_with_its_own_time() -> None:
    """It had lasted for 1000 s at noon, so it has lasted for 1600 s ten minutes later."""
    patience = restarted(HELD).patience
    assert patience.is_holding
    assert patience.reason is HoldReason.TOO_HOT
    assert patience.since_s == pytest.approx(20 - 1600)
    assert not restarted(HELD, resumes=False).patience.is_holding


def test_no_hold_is_made_up() -> None:
    """Without a hold, only its last reason was known, and none is taken up."""
    ended = replace(HELD, patience=Patience(reason=HoldReason.COLD))
    assert not restarted(ended).patience.is_holding


def test_a_hold_that_has_ended_is_not_begun_anew() -> None:
    """It lasted as long as it may; a restart must not add another before the next burn."""
    spent = replace(HELD, patience=Patience(reason=HoldReason.LONGEST, is_spent=True))
    assert restarted(spent).patience.is_spent
    assert not restarted(HELD).patience.is_spent


def test_a_boiler_that_is_left_alone_stays_so_until_its_time() -> None:
    """Of 7000 s from the clock's zero, 2000 s were left at noon: 1400 s are left now."""
    yielding = replace(HELD, patience=Patience(yields_until_s=7000.0))
    assert restarted(yielding).patience.yields_until_s == pytest.approx(20 + 1400)


def test_lock_outs_go_on() -> None:
    """Of half an hour, 20 minutes are left."""
    assert restarted(HELD).context.lockouts == {"hall": pytest.approx(20 + 1200)}


def test_what_was_learned_is_known() -> None:
    """The least output and the rates of the rooms need not be learned again."""
    state = restarted(HELD)
    assert state.balance.least_output_w == pytest.approx(5985)
    assert state.paces["lounge"] == Pace(warming_k_h=1.5, cooling_k_h=0.4)


def test_the_days_go_on() -> None:
    """Today, too; without any, there are none."""
    monday = Day(day=NOON.date(), shares=True, burner_s=3600.0, cooldowns=3)
    sunday = Day(day=date(2026, 1, 4), shares=None, heating_s=60.0)
    state = replace(HELD, days=Days(today=monday, past=(sunday,)))
    assert restarted(state).days == Days(today=monday, past=(sunday,))
    assert restarted(HELD).days == Days()


def test_a_hold_is_written_when_it_begins() -> None:
    """A crash a moment later must not make it forgotten, or begin anew."""
    assert has_counted(HeatingState(), HELD)
    assert not has_counted(HELD, HELD)


def test_the_week_goes_on() -> None:
    """Without one, none is recorded."""
    monday = NOON.date()
    week = Week(
        monday=monday, since=monday, cooldowns=3, starts=9, burner_s=60.0, known_s=90.0
    )
    assert restarted(replace(HELD, week=week)).week == week
    assert restarted(HELD).week == Week()
    assert has_counted(replace(HELD, week=week), HELD)
