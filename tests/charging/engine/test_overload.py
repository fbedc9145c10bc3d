"""Overloads are corrected in time, never twice, and to a pause if nothing helps."""

# ruff: noqa: D102

from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine.command import holding_up_to
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    BalancerState,
)
from custom_components.load_sharing.charging.engine.model import Limit
from custom_components.load_sharing.charging.engine.overload import (
    NO_OVERLOAD,
    OverloadEvent,
    OverloadEventType,
    OverloadPhase,
    OverloadState,
    Reduction,
    Rung,
    advance,
    report_events,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings

DETECTED = OverloadEventType.DETECTED
CORRECTED = OverloadEventType.CORRECTED
STOPPED = OverloadEventType.CHARGING_STOPPED
CLEARED = OverloadEventType.CLEARED


def test_headroom_leaves_the_overload_machine_alone() -> None:
    house = House(5.0, Car(holds_a=16))
    house.run(60)
    assert house.engine.overload == NO_OVERLOAD
    assert house.events == []


def test_36_a_on_a_32_a_supply_is_reduced_although_the_meter_never_reports_again() -> (
    None
):
    site = site_settings()
    house = House(10.0, Car(holds_a=26), site=site, reports_every_s=inf)
    house.run(site.overload_trigger_delay_s + site.overload_loop_interval_s)
    assert house.sent_a() == [22]


def test_the_same_excess_is_not_subtracted_twice_while_the_meter_is_silent() -> None:
    house = House(10.0, Car(holds_a=26), reports_every_s=inf)
    house.run(19)
    assert house.sent_a() == [22]
    assert house.service_a() == (32,)


def test_a_meter_that_reports_on_change_shows_one_overload_and_its_end() -> None:
    house = House(10.0, Car(holds_a=26, lag_s=4), reports_every_s=0)
    house.run(120)
    assert house.sent_a() == [22]
    assert [event.type for _, event in house.events] == [DETECTED, CORRECTED, CLEARED]


def test_a_charger_that_takes_5_s_to_follow_is_not_told_to_stop() -> None:
    """House 24 A and car 16 A on 32 A: it is 8 A, however often 40 A is read."""
    house = House(24.0, Car(holds_a=16, lag_s=5), reports_every_s=1)
    house.run(300)
    assert house.sent_a() == [8]
    assert house.service_a() == (32,)


def test_an_overload_is_told_in_order_and_with_its_numbers() -> None:
    house = House(24.0, Car(holds_a=16, lag_s=5))
    house.run(60)
    (at_s, detected), (_, corrected), (ends_s, cleared) = house.events
    assert at_s == 2
    assert detected.type is DETECTED
    assert (detected.excess_a, detected.duration_s) == (8, 2)
    assert corrected.type is CORRECTED
    assert corrected.reduction == Reduction("car", 16, 8)
    assert cleared.type is CLEARED
    assert ends_s == cleared.duration_s == 6


def test_a_transient_shorter_than_the_trigger_delay_is_no_event() -> None:
    house = House(lambda now_s: 20 if 10 <= now_s < 11 else 10, Car(holds_a=16))
    house.run(120)
    assert house.events == []


def test_the_house_alone_over_the_limit_pauses_the_charger_and_says_so() -> None:
    house = House(lambda now_s: 36 if 10 <= now_s < 60 else 8, Car(holds_a=20))
    house.run(30)
    assert house.sent_a(10) == [0]
    types = [event.type for _, event in house.events]
    assert types == [DETECTED, STOPPED, OverloadEventType.ALARM]
    assert house.chosen().action is None
    assert house.outcome().state is BalancerState.OVERLOAD
    house.run(240)
    assert house.events[-1][1].type is CLEARED
    assert house.service_a()[0] == 32


def test_a_charger_that_only_obeys_a_stop_is_stopped_in_three_steps() -> None:
    """Its number returns to 16 A each time, so 12 A, the minimum and a pause follow."""
    car = Car(holds_a=16, obeys=lambda current_a: current_a == 0, reads_back=True)
    house = House(20.0, car)
    house.run(60)
    assert [*dict.fromkeys(house.sent_a())] == [12, 6, 0]
    assert house.service_a() == (20,)
    assert min(sent.at_s for sent in house.log if sent.current_a == 0) <= 12
    assert house.events[-2][1].type is STOPPED
    assert house.chosen().limit is not Limit.OVERLOAD


def test_a_car_far_below_its_command_is_brought_down_to_what_fits() -> None:
    """It takes 16 A of the 30 A it may, so that the first reduction changes nothing."""
    house = House(20.0, Car(holds_a=30, cap_a=lambda now_s: 16))
    house.run(9)
    assert house.sent_a() == [26, 6]
    assert house.service_a() == (26,)
    house.run(300)
    assert house.service_a()[0] >= 32 - site_settings().ramp_up_step_a
    assert not house.outcome().overloaded


@pytest.mark.parametrize("takes_a", [6, 10, 16])
@pytest.mark.parametrize("reports_every_s", [1, 10])
def test_a_load_that_grows_beside_a_car_below_its_command(
    takes_a: float, reports_every_s: float
) -> None:
    """A car that is not measured takes less than the 30 A that it was offered."""
    house = House(
        lambda now_s: 26.5 - takes_a if now_s < 60 else 33 - takes_a,
        Car(holds_a=30, cap_a=lambda now_s: takes_a),
        reports_every_s=reports_every_s,
    )
    house.run(60 + 2 * reports_every_s + 15)
    assert house.service_a()[0] <= 32


def test_a_reduction_that_fails_is_repeated_by_the_next_correction() -> None:
    """A correction does not wait for the growing pauses between retries."""
    house = House(10.0, Car(holds_a=26, works=lambda now_s: now_s > 8))
    house.run(14)
    assert house.service_a() == (32,)
    assert house.log[-1].at_s == 12


def test_the_charger_with_an_unknown_current_is_reduced_when_the_house_is_over() -> (
    None
):
    car = Car(command=holding_up_to(32), holds_a=20)
    house = House(20.0, car)
    house.run(1)
    assert house.sent_a() == [0]
    house.run(30)
    assert house.service_a()[0] <= 32


def test_starting_with_a_drawing_car_and_an_overload_sends_a_command_at_once() -> None:
    house = House(30.0, Car(holds_a=16))
    house.run(0)
    assert house.sent_a() == [0]
    assert house.chosen().action is ActionReason.OVERLOAD


def test_an_overload_of_a_phase_that_a_charger_is_not_on_does_not_step_it_down() -> (
    None
):
    """The oven overloads L3; pausing the car on L1 would not help it."""
    car = Car(holds_a=16, charger=charger_settings("car", phases=(0,)))
    house = House((10.0, 5.0, 40.0), car, phases=3)
    house.run(120)
    assert house.engine.overload.rung is Rung.COMPUTED
    assert set(house.sent_a()) == {16, 20, 22}


def test_an_overload_of_a_phase_holds_nobody_on_another_one() -> None:
    """The oven overloads L3 for good. The car on L1 has all that L1 has to give."""
    car = Car(holds_a=6, charger=charger_settings("car", phases=(0,)))
    house = House((10.0, 5.0, 40.0), car, phases=3)
    house.run(200)
    assert car.takes_a(200) == 22
    assert house.outcome().overloaded


def test_the_ladder_begins_anew_where_it_did_not_help_before() -> None:
    """L3 was overloaded for two minutes when the heater on L1 is switched on."""
    car = Car(holds_a=16, charger=charger_settings("car", phases=(0,)))
    house = House(
        lambda now_s: (10.0 if now_s < 120 else 20.0, 5.0, 40.0), car, phases=3
    )
    house.run(160)
    assert car.takes_a(160) == 12
    assert 0 not in house.sent_a()


def test_an_overload_that_stays_elsewhere_says_nothing_of_a_reduction_that_helped() -> (
    None
):
    """L1 is 6 A over. L2 was 2 A over until the car gave way; now it is 1 A over."""
    car = Car(holds_a=16, charger=charger_settings("car", phases=(1,)))

    def base_a(now_s: float) -> tuple[float, ...]:
        return 38.0, 16 + (2 if now_s > 20 else 0) + (1 if now_s > 60 else 0), 0.0

    house = House(base_a, car, phases=3)
    house.run(100)
    assert [*dict.fromkeys(house.sent_a())] == [16, 14, 13]


def test_one_that_was_not_asked_is_not_the_one_that_did_not_answer() -> None:
    """L1 was 4 A over until a second ago. Now L2 is, where no car was lowered yet."""
    cars = [
        Car(charger=charger_settings(name, phases=(phase,), max_a=16), holds_a=16)
        for phase, name in enumerate("ab")
    ]
    cars[0].lag_s = 3

    def base_a(now_s: float) -> tuple[float, ...]:
        return 20.0 if 20 <= now_s < 23 else 10.0, 20.0 if now_s >= 23 else 10.0

    house = House(base_a, *cars, phases=2)
    house.run(26)
    assert [s.current_a for s in house.log if s.charger_id == "b"][1:] == [12]


def test_losing_the_meter_ends_the_corrections() -> None:
    house = House(40.0, Car(holds_a=16), meter_works=lambda now_s: now_s < 20)
    house.run(19)
    assert house.engine.overload.phase is OverloadPhase.CORRECTING
    house.run(21)
    assert house.engine.overload == NO_OVERLOAD
    assert not house.outcome().correction_due


def test_switching_off_ends_the_corrections() -> None:
    house = House(40.0, Car(holds_a=16))
    house.run(19)
    house.enabled = False
    house.run(20)
    assert house.engine.overload == NO_OVERLOAD
    assert house.outcome().overloaded
    assert house.outcome().wake_at_s is None


def test_the_reason_of_a_stepped_down_charger_is_the_overload() -> None:
    house = House(40.0, Car(holds_a=16))
    house.run(1)
    assert house.chosen().limit in (Limit.SUPPLY, Limit.BELOW_MINIMUM, Limit.OVERLOAD)


class TestMachine:
    """The state machine by itself: trigger delay 2 s, loop interval 5 s."""

    @staticmethod
    def go(
        state: OverloadState, excess_a: float, now_s: float, *, answered: bool = True
    ) -> tuple[OverloadState, bool]:
        return advance(state, excess_a, now_s, 2, 5, answered, guessed=False)

    def test_the_first_excess_starts_the_trigger_delay(self) -> None:
        state, due = self.go(NO_OVERLOAD, 4, 100)
        assert (state.phase, state.due_s, due) == (OverloadPhase.PENDING, 102, False)

    def test_an_excess_that_lasts_is_corrected_every_interval(self) -> None:
        state, _ = self.go(NO_OVERLOAD, 4, 100)
        moments = []
        for tick in range(1000, 1200):
            state, due = self.go(state, 4, tick / 10, answered=False)
            if due:
                moments.append(tick / 10)
        assert moments == [102, 107, 112, 117]
        assert state.corrections == 4

    def test_no_excess_clears_from_every_phase(self) -> None:
        pending, _ = self.go(NO_OVERLOAD, 4, 0)
        correcting, _ = self.go(pending, 4, 2)
        for state in (pending, correcting):
            assert self.go(state, 0, 3) == (NO_OVERLOAD, False)

    def test_two_spent_corrections_lead_to_the_minimum_and_one_more_to_the_pause(
        self,
    ) -> None:
        state, _ = self.go(NO_OVERLOAD, 4, 0)
        rungs = []
        for now_s in (2, 7, 12, 17, 22):
            state, _ = self.go(state, 4, now_s)
            rungs.append(state.rung)
        assert rungs == [
            Rung.COMPUTED,
            Rung.COMPUTED,
            Rung.MINIMUM,
            Rung.PAUSE,
            Rung.PAUSE,
        ]

    @pytest.mark.parametrize(
        ("seen_a", "rung"), [(4, Rung.MINIMUM), (2, Rung.COMPUTED)]
    )
    def test_a_reduction_that_was_felt_once_is_one_that_works(
        self, seen_a: float, rung: Rung
    ) -> None:
        """A guess lowered a car at 4 A over. Then it is 4 or 2 A, and 4 A once settled."""
        state, _ = self.go(NO_OVERLOAD, 4, 0)
        state, _ = report_events(NO_OVERLOAD, state, (Reduction("car", 26, 22),), 0)
        state, _ = advance(state, seen_a, 3, 2, 5, answered=False, guessed=True)
        state, _ = advance(state, 4, 6, 2, 5, answered=True, guessed=True)
        assert state.rung is rung

    def test_a_meter_that_had_no_time_to_answer_steps_nothing_down(self) -> None:
        state, _ = self.go(NO_OVERLOAD, 4, 0)
        for now_s in (2, 7, 12, 17, 22):
            state, _ = self.go(state, 4, now_s, answered=False)
        assert state.rung is Rung.COMPUTED

    @pytest.mark.parametrize("phase", [OverloadPhase.PENDING, OverloadPhase.CORRECTING])
    def test_a_delay_that_is_shortened_counts_from_now(
        self, phase: OverloadPhase
    ) -> None:
        state = OverloadState(phase, 0, 60, 4)
        state, due = self.go(state, 4, 10)
        assert not due
        assert state.due_s == (12 if phase is OverloadPhase.PENDING else 15)

    @pytest.mark.parametrize(
        ("guessed", "seen_a", "rung"),
        [
            (False, 4, Rung.COMPUTED),
            (True, 3.6, Rung.MINIMUM),
            (True, 3.5, Rung.COMPUTED),
        ],
    )
    def test_half_an_ampere_less_was_felt_and_only_a_guess_may_be_wrong(
        self, guessed: bool, seen_a: float, rung: Rung
    ) -> None:
        asked = OverloadState(
            OverloadPhase.CORRECTING, 0, 20, 4, 1, excess_when_lowered_a=4
        )
        state, _ = advance(asked, seen_a, 10, 2, 5, answered=True, guessed=guessed)
        assert (state.rung, state.excess_when_lowered_a) == (rung, None)

    def test_what_was_asked_is_remembered_until_there_is_an_answer(self) -> None:
        asked = OverloadState(
            OverloadPhase.CORRECTING, 0, 14, 4, 1, excess_when_lowered_a=4
        )
        state, due = advance(asked, 6, 10, 2, 5, answered=False, guessed=True)
        assert not due
        assert state == replace(asked, excess_a=6)
        state, due = advance(asked, 6, 14, 2, 5, answered=False, guessed=True)
        assert due
        assert state == replace(asked, excess_a=6, due_s=19, corrections=2)

    def test_one_that_is_at_its_minimum_by_a_guess_has_three_corrections(self) -> None:
        state = OverloadState(OverloadPhase.CORRECTING, 0, 5, 4, rung=Rung.MINIMUM)
        rungs = []
        for now_s in (5, 10, 15):
            state, _ = self.go(state, 4, now_s)
            rungs.append(state.rung)
        assert rungs == [Rung.MINIMUM, Rung.MINIMUM, Rung.PAUSE]


class TestTold:
    """The events of an overload that began at 100 s."""

    PENDING = OverloadState(OverloadPhase.PENDING, 100, 102, 4)
    CORRECTING = replace(PENDING, phase=OverloadPhase.CORRECTING)

    @pytest.mark.parametrize(
        ("current_a", "kind"), [(10, CORRECTED), (1, CORRECTED), (0, STOPPED)]
    )
    def test_what_was_lowered_while_it_was_pending_is_told_when_it_is_one(
        self, current_a: float, kind: OverloadEventType
    ) -> None:
        lowered = Reduction("car", 16, current_a)
        pending, events = report_events(NO_OVERLOAD, self.PENDING, (lowered,), 100)
        assert events == ()
        correcting = replace(self.CORRECTING, reductions=pending.reductions)
        after, events = report_events(pending, correcting, (), 102)
        assert events == (
            OverloadEvent(DETECTED, 4, 2),
            OverloadEvent(kind, 4, 2, lowered),
        )
        assert after == self.CORRECTING

    def test_what_is_lowered_later_is_told_at_once(self) -> None:
        lowered = Reduction("car", 16, 10)
        after, events = report_events(self.CORRECTING, self.CORRECTING, (lowered,), 107)
        assert events == (OverloadEvent(CORRECTED, 4, 7, lowered),)
        assert after == replace(
            self.CORRECTING, excess_when_lowered_a=4, lowered=frozenset({"car"})
        )

    def test_its_end_is_told_if_its_beginning_was(self) -> None:
        told = report_events(self.CORRECTING, NO_OVERLOAD, (), 109)
        assert told == (NO_OVERLOAD, (OverloadEvent(CLEARED, 0, 9),))
        assert report_events(self.PENDING, NO_OVERLOAD, (), 101) == (NO_OVERLOAD, ())
