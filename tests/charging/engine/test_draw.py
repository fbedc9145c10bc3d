"""How much of the service current is the charger's own draw."""

# ruff: noqa: D102

from math import inf

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import (
    CommandState,
    holding,
    holding_up_to,
)
from custom_components.load_sharing.charging.engine.draw import (
    Draw,
    estimate_draw,
    meter_has_responded,
    most_if_obeying,
)
from custom_components.load_sharing.charging.engine.epochs import Epoch
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    Earlier,
    Limit,
    ServiceReading,
)

from .car import Car, honest_status, settled
from .house import House
from .settings import charger_settings

CHARGING = ChargerStatus.CHARGING
NOT_CHARGING = ChargerStatus.NOT_CHARGING
UNKNOWN = ChargerStatus.UNKNOWN
NOT_CONFIGURED = ChargerStatus.NOT_CONFIGURED


def at_16_then_8(done_s: float | None = 101.0) -> CommandState:
    """Return a command of 16 A for long, and of 8 A sent at 100 s."""
    epochs = (Epoch(16, -inf, -inf, obeyed=True), Epoch(8, 100, done_s))
    return CommandState(desired_a=8, accepted=True, begun_s=100, epochs=epochs)


def draw(
    command: CommandState,
    *,
    taken_at_s: float = 200.0,
    service_a: float = 30.0,
    status: ChargerStatus = NOT_CONFIGURED,
    status_since_s: float = 0.0,
    measured: DrawReading | None = None,
    now_s: float | None = None,
) -> Draw:
    charger = ChargerInput(
        charger_settings("car"), command, status, status_since_s, measured
    )
    return estimate_draw(
        charger, ServiceReading((service_a,), (taken_at_s,)), now_s or taken_at_s
    )


class TestStatus:
    """Without a measurement, the charger's status counts."""

    def test_an_idle_charger_draws_nothing(self) -> None:
        assert (
            draw(holding(16), status=NOT_CHARGING)[:3]
            == Draw((0,), (0,), settled=True)[:3]
        )

    def test_a_charging_charger_draws_its_command(self) -> None:
        assert (
            draw(holding(16), status=CHARGING)[:3]
            == Draw((16,), (16,), settled=True)[:3]
        )

    def test_without_a_status_it_draws_its_command(self) -> None:
        assert draw(holding(16))[:3] == Draw((16,), (16,), settled=True)[:3]

    def test_with_an_unknown_status_it_draws_up_to_its_command(self) -> None:
        assert (
            draw(holding(16), status=UNKNOWN)[:3] == Draw((0,), (16,), settled=True)[:3]
        )

    def test_a_reading_older_than_the_end_of_charging_may_still_show_the_draw(
        self,
    ) -> None:
        seen = draw(holding(16), status=NOT_CHARGING, status_since_s=196)
        assert (seen.low_a, seen.high_a) == ((0,), (16,))

    def test_a_reading_older_than_the_start_of_charging_may_not_show_the_draw(
        self,
    ) -> None:
        seen = draw(holding(16), status=CHARGING, status_since_s=196)
        assert (seen.low_a, seen.high_a) == ((0,), (16,))

    def test_a_reading_may_show_a_resumed_charge_before_the_status_does(self) -> None:
        epochs = (Epoch(0, 50, 51, obeyed=True), Epoch(6, 100, 101, obeyed=True))
        resumed = CommandState(desired_a=6, accepted=True, epochs=epochs)
        seen = draw(resumed, taken_at_s=103, status=NOT_CHARGING)
        assert seen[:3] == Draw((0,), (6,), settled=False)[:3]
        seen = draw(resumed, taken_at_s=106, status=NOT_CHARGING)
        assert seen[:3] == Draw((0,), (0,), settled=True)[:3]

    def test_it_has_the_settle_time_from_the_answer_on(self) -> None:
        """The call of 100 s returned at 108 s: until 113 s it may have begun."""
        epochs = (Epoch(0, 50, 51, obeyed=True), Epoch(6, 100, 108, obeyed=True))
        resumed = CommandState(desired_a=6, accepted=True, epochs=epochs)
        assert draw(resumed, taken_at_s=112.9, status=NOT_CHARGING).high_a == (6,)
        assert draw(resumed, taken_at_s=113, status=NOT_CHARGING).high_a == (0,)
        paused = CommandState(desired_a=0, accepted=True, epochs=epochs[:1])
        assert draw(paused, taken_at_s=52, status=NOT_CHARGING).high_a == (0,)

    def test_one_that_was_paused_has_not_begun(self) -> None:
        epochs = (Epoch(16, 50, 51, obeyed=True), Epoch(0, 100, 101, obeyed=True))
        paused = CommandState(desired_a=0, accepted=True, epochs=epochs)
        assert draw(paused, taken_at_s=103, status=NOT_CHARGING).high_a == (0,)

    def test_a_status_counts_once_the_charger_had_the_time_for_it(self) -> None:
        for since_s, high_a in ((195, 0), (195.1, 16)):
            seen = draw(holding(16), status=NOT_CHARGING, status_since_s=since_s)
            assert seen.high_a == (high_a,)

    def test_at_start_up_an_idle_charger_draws_nothing(self) -> None:
        seen = draw(
            holding_up_to(32), taken_at_s=1, status=NOT_CHARGING, status_since_s=-60
        )
        assert (seen.low_a, seen.high_a) == ((0,), (0,))

    def test_a_call_that_never_returned_does_not_hide_load_for_ever(self) -> None:
        epochs = (Epoch(0, 50, 51, obeyed=True), Epoch(6, 100, None))
        resumed = CommandState(desired_a=6, epochs=epochs)
        seen = draw(resumed, taken_at_s=103, status=NOT_CHARGING)
        assert (seen.low_a, seen.high_a) == ((0,), (6,))
        seen = draw(resumed, taken_at_s=105, status=NOT_CHARGING)
        assert (seen.low_a, seen.high_a) == ((0,), (0,))


def test_the_meter_answered_or_had_the_time_to() -> None:
    """8 A was sent at 100 s. It settles at 106 s, or after 15 s of silence."""
    charger = ChargerInput(charger_settings("car"), at_16_then_8())
    old = estimate_draw(charger, ServiceReading((30,), (99,)), 119)
    assert not meter_has_responded(charger, old, 119.9)
    assert meter_has_responded(charger, old, 120)
    new = estimate_draw(charger, ServiceReading((30,), (106,)), 106)
    assert meter_has_responded(charger, new, 106)
    between = estimate_draw(charger, ServiceReading((30,), (102,)), 117)
    assert not meter_has_responded(charger, between, 119.9)
    assert meter_has_responded(charger, between, 120)


def test_a_meter_cannot_have_answered_to_what_is_still_to_be_sent() -> None:
    """16 A are sent once more, and 8 A wait for that call to return."""
    sending = commands.begin_call(commands.resend(settled(16), 100), 100)
    waiting = commands.request(sending, 8, 101)
    reading = ServiceReading((30,), (140,))
    for command, answered in ((sending, True), (waiting, False)):
        charger = ChargerInput(charger_settings("car"), command)
        seen = estimate_draw(charger, reading, 140)
        assert meter_has_responded(charger, seen, 140) is answered


def test_one_that_cannot_be_sent_holds_up_nothing() -> None:
    """8 A are wanted, and a second later still no call was made."""
    wanted = commands.request(settled(16), 8, 139)
    charger = ChargerInput(charger_settings("car"), wanted)
    seen = estimate_draw(charger, ServiceReading((30,), (140,)), 140)
    assert not meter_has_responded(charger, seen, 139)
    assert meter_has_responded(charger, seen, 140)


def test_a_charger_that_obeys_is_seen_to_take_a_tenth_and_an_ampere_more() -> None:
    assert most_if_obeying(16) == pytest.approx(18.6)
    assert most_if_obeying(0) == 1


class TestReaction:
    """A reading from within the settle time may show the old command or the new."""

    @pytest.mark.parametrize(
        ("taken_at_s", "low_a", "high_a", "settled"),
        [
            (99, 16, 16, False),
            (100, 8, 16, False),
            (105.9, 8, 16, False),
            (106, 8, 8, True),
        ],
    )
    def test_the_command_in_force_when_the_reading_was_taken(
        self, taken_at_s: float, low_a: float, high_a: float, settled: bool
    ) -> None:
        seen = draw(at_16_then_8(), taken_at_s=taken_at_s)
        assert seen[:3] == Draw((low_a,), (high_a,), settled)[:3]

    @pytest.mark.parametrize(
        ("taken_at_s", "final_at_s"),
        [(101, inf), (101.5, 116.5), (105.9, 120.9), (106, -inf)],
    )
    def test_an_increase_may_rest_on_a_reading_from_after_the_command(
        self, taken_at_s: float, final_at_s: float
    ) -> None:
        """It counts at once if settled, else after 15 s of silence."""
        seen = draw(at_16_then_8(), taken_at_s=taken_at_s)
        assert seen.final_at_s == pytest.approx(final_at_s)
        assert seen.taken_at_s == taken_at_s

    def test_when_the_meter_was_silent_it_is_taken_to_show_the_command_or_not(
        self,
    ) -> None:
        """Lowered, it counts as at 8 A. Raised, it may still be at 8 A."""
        seen = draw(at_16_then_8(), taken_at_s=104, now_s=118.9)
        assert (seen.low_a, seen.high_a) == ((8,), (16,))
        seen = draw(at_16_then_8(), taken_at_s=104, now_s=119)
        assert (seen.low_a, seen.high_a) == ((8,), (8,))
        measured = DrawReading((7.5,), (7.5,), 110)
        seen = draw(at_16_then_8(), taken_at_s=104, now_s=119, measured=measured)
        assert (seen.low_a, seen.high_a) == ((7.5,), (7.5,))
        epochs = (Epoch(8, -inf, -inf, obeyed=True), Epoch(16, 100, 101))
        raised = CommandState(desired_a=16, accepted=True, begun_s=100, epochs=epochs)
        seen = draw(raised, taken_at_s=104, now_s=119)
        assert (seen.low_a, seen.high_a) == ((8,), (16,))

    def test_a_call_that_never_returned_may_have_worked_or_not(self) -> None:
        seen = draw(at_16_then_8(done_s=None), taken_at_s=1000)
        assert seen[:3] == Draw((8,), (16,), settled=False)[:3]

    def test_a_charger_seen_not_to_obey_may_still_draw_the_old_current(self) -> None:
        command = at_16_then_8()
        epochs = (command.epochs[0], Epoch(8, 100, 101, obeyed=False))
        seen = draw(CommandState(desired_a=8, epochs=epochs))
        assert (seen.low_a, seen.high_a) == ((8,), (16,))

    def test_an_unknown_current_may_be_anything(self) -> None:
        assert draw(holding_up_to(32))[:3] == Draw((0,), (32,), settled=False)[:3]


class TestMeasurement:
    """A measurement comes before any assumption, once it shows the command."""

    def test_it_comes_before_status_and_command(self) -> None:
        measured = DrawReading((11.5,), (11.5,), 200)
        seen = draw(holding(16), status=NOT_CHARGING, measured=measured)
        assert seen[:3] == Draw((11.5,), (11.5,), settled=True)[:3]

    def test_one_from_before_the_command_proves_no_more_than_the_command(self) -> None:
        """A sensor that froze at 14 A does not hide a load behind a charger at 8 A."""
        seen = draw(at_16_then_8(), measured=DrawReading((14,), (14,), 99))
        assert (seen.low_a, seen.high_a) == ((8,), (8,))
        seen = draw(at_16_then_8(), measured=DrawReading((2,), (2,), 99))
        assert (seen.low_a, seen.high_a) == ((2,), (8,))

    @pytest.mark.parametrize(
        ("taken_at_s", "measured_s", "low_a", "high_a"),
        [
            (106, 106, 9.5, 9.5),
            (105.9, 106, 8, 16),
            (106, 105.9, 8, 8),
            (106, 110, 9.5, 9.5),
        ],
    )
    def test_it_counts_from_the_settle_time_on(
        self, taken_at_s: float, measured_s: float, low_a: float, high_a: float
    ) -> None:
        """8 A was set at 101 s. Only the measurement shows that it takes more."""
        measured = DrawReading((9.5,), (9.5,), measured_s)
        seen = draw(at_16_then_8(), taken_at_s=taken_at_s, measured=measured)
        assert (seen.low_a, seen.high_a) == ((low_a,), (high_a,))

    def test_of_an_open_measurement_the_least_counts_for_increases(self) -> None:
        measured = DrawReading((5,), (8,), 100)
        seen = draw(at_16_then_8(), taken_at_s=103, measured=measured)
        assert (seen.low_a, seen.high_a) == ((5,), (16,))

    @pytest.mark.parametrize(
        ("until_s", "taken_at_s", "measured_s", "high_a"),
        [
            (101.5, 102, 103, 7),
            (102, 102, 103, 16),
            (101.5, 103, 103, 16),
            (99, 99.5, 100, 16),
            (99, 99.5, 100.1, 7),
            (55, 56, 60, 16),
        ],
    )
    def test_what_is_steady_from_before_the_reading_until_after_it_was_there(
        self, until_s: float, taken_at_s: float, measured_s: float, high_a: float
    ) -> None:
        """It takes 7 A since then. Commands were 12, 16 and 8 A, the last at 100 s."""
        epochs = (
            Epoch(12, -inf, -inf, obeyed=True),
            Epoch(16, 50, 51, obeyed=True),
            Epoch(8, 100, 101),
        )
        command = CommandState(desired_a=8, accepted=True, begun_s=100, epochs=epochs)
        earlier = (Earlier(until_s, (16.0,), (16.0,)),)
        measured = DrawReading((7,), (7,), measured_s, earlier=earlier)
        seen = draw(command, taken_at_s=taken_at_s, measured=measured)
        assert seen.high_a == (high_a,)

    @pytest.mark.parametrize(
        ("epochs", "high_a"),
        [
            ([(10, 50, 51), (12, 190, 191), (11, 195, 196)], 6),
            ([(10, 50, 51), (12, 190, 191), (11, 195, None)], 6),
            ([(7, 50, 51), (12, 198, 199)], 12),
            ([(7, 50, 51), (12, 198, None)], 12),
            ([(10, 50, 51), (7, 198, 199)], 10),
            ([(7, 50, 51), (10, 190, 195), (12, 196, 197)], 6),
            ([(7, 50, 51), (10, 190, 195.1), (12, 196, 197)], 12),
        ],
    )
    def test_what_a_car_does_not_use_anyway_changes_nothing(
        self, epochs: list[tuple[float, float, float | None]], high_a: float
    ) -> None:
        """A car that takes 6 A feels no command from 7.4 A on."""
        command = CommandState(
            desired_a=epochs[-1][0],
            epochs=tuple([Epoch(*epoch, obeyed=None) for epoch in epochs]),
        )
        measured = DrawReading((6,), (6,), 200)
        seen = draw(command, taken_at_s=200, measured=measured)
        assert (seen.low_a, seen.high_a) == ((6,), (high_a,))

    @pytest.mark.parametrize(("measured_s", "high_a"), [(192, 12), (195, 6)])
    def test_but_only_what_was_measured_since_the_last_command_tells(
        self, measured_s: float, high_a: float
    ) -> None:
        epochs = (Epoch(10, 50, 51), Epoch(12, 190, 191), Epoch(11, 195, 196))
        command = CommandState(desired_a=11, epochs=epochs)
        measured = DrawReading((6,), (6,), measured_s)
        seen = draw(command, taken_at_s=200, measured=measured)
        assert seen.high_a == (high_a,)

    def test_nor_does_a_command_that_it_did_not_obey(self) -> None:
        """7 A was not obeyed: it is still at 9 A, of which the car takes 6 A."""
        epochs = (Epoch(9, 50, 51, obeyed=True), Epoch(7, 100, None, obeyed=False))
        command = CommandState(desired_a=7, attempts=7, epochs=epochs)
        measured = DrawReading((6,), (6,), 200)
        seen = draw(command, measured=measured)
        assert (seen.low_a, seen.high_a) == ((6,), (6,))
        seen = draw(command, measured=DrawReading((6,), (6,), 55))
        assert (seen.low_a, seen.high_a) == ((6,), (9,))


class TestWholeHouse:
    """A house that takes less than the command proves that the car does."""

    def test_a_house_below_the_command_leaves_the_draw_open(self) -> None:
        assert (
            draw(holding(30), service_a=26)[:3] == Draw((0,), (30,), settled=True)[:3]
        )

    def test_so_does_one_below_the_command_that_was_in_force_then(self) -> None:
        """15.5 A in all prove that it took less than the 16 A before."""
        epochs = (Epoch(16, -inf, -inf, obeyed=True), Epoch(14, 200, None))
        command = CommandState(desired_a=14, in_flight_a=14, epochs=epochs)
        seen = draw(command, taken_at_s=200, service_a=15.5)
        assert (seen.low_a, seen.high_a) == ((0,), (16,))
        assert draw(command, taken_at_s=200, service_a=16).low_a == (14,)
        assert draw(command, taken_at_s=201, service_a=15.5).low_a == (0,)

    def test_what_it_may_still_be_held_to_it_was_not_seen_to_take(self) -> None:
        """The call returned at 201 s, so from 206 s on it takes no more than 14 A."""
        epochs = (Epoch(16, -inf, -inf, obeyed=True), Epoch(14, 200, 201))
        command = CommandState(desired_a=14, confirmed=True, epochs=epochs)
        seen = draw(command, taken_at_s=202, service_a=15.5, now_s=205.9)
        assert (seen.low_a, seen.high_a) == ((0,), (16,))
        seen = draw(command, taken_at_s=202, service_a=15.5, now_s=206)
        assert (seen.low_a, seen.high_a) == ((14,), (16,))
        assert draw(command, taken_at_s=202, service_a=16, now_s=203).low_a == (14,)
        assert draw(command, taken_at_s=200, service_a=15.5, now_s=206).low_a == (0,)

    def test_one_that_is_not_seen_to_obey_may_be_held_to_it_for_long(self) -> None:
        epochs = (Epoch(16, -inf, -inf, obeyed=True), Epoch(14, 200, 201))
        command = CommandState(desired_a=14, accepted=True, epochs=epochs)
        assert draw(command, taken_at_s=202, service_a=15.5, now_s=400).low_a == (0,)

    def test_of_an_increase_it_is_known_what_the_charger_had_before(self) -> None:
        """7.5 A in all are more than the 6 A before, so it may take all of those."""
        epochs = (Epoch(6, -inf, -inf, obeyed=True), Epoch(10, 200, 201))
        command = CommandState(desired_a=10, confirmed=True, epochs=epochs)
        for taken_s in (200, 203):
            assert draw(command, taken_at_s=taken_s, service_a=7.5).low_a == (6,)
            assert draw(command, taken_at_s=taken_s, service_a=5.5).low_a == (0,)
        assert draw(command, taken_at_s=206, service_a=7.5).low_a == (0,)

    def test_an_exporting_house_leaves_the_draw_open(self) -> None:
        assert (
            draw(holding(10), service_a=-20)[:3] == Draw((0,), (10,), settled=True)[:3]
        )


class TestStory:
    """The bounds in a simulated house."""

    def test_an_idle_car_is_not_subtracted_from_the_house(self) -> None:
        """14 A of house and a full car at 16 A: 18 A may be offered, not 32 A."""
        car = Car(holds_a=16, cap_a=lambda now_s: 0, status=honest_status)
        house = House(14.0, car)
        house.run(300)
        assert house.outcome().base_a == (14,)
        assert house.sent_a()[-1] == 18

    def test_a_car_that_finishes_frees_nothing_that_was_not_measured(self) -> None:
        car = Car(
            holds_a=16,
            cap_a=lambda now_s: 0 if now_s > 60 else inf,
            status=honest_status,
        )
        house = House(16.0, car)
        house.run(300)
        assert set(house.sent_a()) == {16}

    def test_an_unknown_status_is_never_raised_but_still_lowered(self) -> None:
        car = Car(holds_a=10, status=lambda now_s, draw_a: UNKNOWN)
        house = House(lambda now_s: 4 if now_s < 300 else 24, car)
        house.run(299)
        assert set(house.sent_a()) == {10}
        assert house.chosen().limit is Limit.STATUS_UNKNOWN
        house.run(600)
        assert house.sent_a()[-1] == 8

    def test_nobody_is_raised_into_what_an_unknown_status_may_take_again(self) -> None:
        """Of 25 A, 12 A may be the lost charger's: 7 A of 32 A are free, not 19 A."""
        lost = Car(
            charger=charger_settings("lost"),
            holds_a=12,
            cap_a=lambda now_s: 0,
            status=lambda now_s, draw_a: UNKNOWN,
        )
        car = Car(holds_a=6, measured=True)
        house = House(19.0, lost, car)
        house.run(600)
        assert house.sent_a()[-1] == 6
        assert set(house.sent_a()) <= {6, 12}

    def test_an_unknown_charger_with_an_unknown_status_is_left_alone(self) -> None:
        car = Car(
            command=holding_up_to(32), holds_a=10, status=lambda now_s, draw_a: UNKNOWN
        )
        house = House(4.0, car)
        house.run(60)
        assert house.sent_a() == []
        assert house.chosen().limit is Limit.STATUS_UNKNOWN

    @pytest.mark.parametrize("measured", [False, True])
    @pytest.mark.parametrize("status", [None, honest_status])
    def test_a_car_that_takes_16_a_of_30_a_settles(
        self, measured: bool, status: None
    ) -> None:
        car = Car(holds_a=30, cap_a=lambda now_s: 16, measured=measured)
        car.status = status or car.status
        house = House(10.0, car)
        house.run(299)
        assert len(house.log) <= 2
        assert house.service_a() == (26,)
        house.run(600)
        assert len({sent.current_a for sent in house.log}) <= 2

    def test_a_single_phase_car_on_a_three_phase_charger_settles(self) -> None:
        """It takes 16 A on L2 only, beside 4, 14 and 8 A of the house."""
        charger = charger_settings("car", phases=(0, 1, 2), max_a=16)
        house = House((4.0, 14.0, 8.0), Car(charger=charger, draws_on=(1,)), phases=3)
        house.run(600)
        assert house.service_a() == (4, 30, 8)
        assert [*dict.fromkeys(house.sent_a())] == [0, 6, 10, 14, 16]
        assert house.chosen().limit is Limit.CHARGER_MAXIMUM

    def test_a_single_phase_car_on_a_three_phase_charger_is_limited_by_its_phase(
        self,
    ) -> None:
        charger = charger_settings("car", phases=(0, 1, 2), max_a=32)
        car = Car(charger=charger, draws_on=(1,), holds_a=16)
        house = House(lambda now_s: (4.0, 24.0, 8.0), car, phases=3)
        house.run(600)
        assert house.sent_a()[0] == 8
        assert house.service_a() == (4, 32, 8)
        assert house.chosen().limit is Limit.L2

    @pytest.mark.parametrize("measured", [False, True])
    def test_solar_export_leaves_a_blind_charger_what_it_can_safely_have(
        self, measured: bool
    ) -> None:
        """The house exports 40 A: even with the car at 32 A nothing is imported."""
        house = House(-40.0, Car(measured=measured))
        house.run(300)
        assert house.sent_a()[-1] == 32

    def test_export_is_not_planned_with(self) -> None:
        """A cloud takes it away faster than a charger follows."""
        house = House(-20.0, Car(charger=charger_settings("car", max_a=63)))
        house.run(600)
        assert max(house.sent_a()) <= 32
