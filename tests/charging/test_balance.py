"""Sharing the headroom: slowly upwards, never above the limit."""

from itertools import pairwise

import pytest

from ..homes.house import (
    CHARGER,
    DRAW,
    NUMBER,
    SECOND_CHARGER,
    SECOND_NUMBER,
    THREE_PHASES,
    Car,
    House,
)

CURRENT_SET = "sensor.garage_current_set"
SECOND_DRAW = "sensor.wallbox_2_draw"


async def test_time_alone_raises_an_idle_charger(house: House) -> None:
    """The meter repeats 10 A, as no car draws; the charger rises to its share."""
    house.number.show(0)
    await house.measure(10)
    await house.set_up()
    for _ in range(120):
        await house.wait(1)
        await house.measure(10)
    assert house.sent[0] == 0
    assert house.sent[1] == 6
    assert house.sent == sorted(house.sent)
    assert house.sent[-1] == 22


async def test_increases_come_one_step_at_a_time(house: House) -> None:
    """From 6 A on, each step is 4 A and takes 15 s; the car draws it at once."""
    house.number.show(6)
    car = Car(house.hass, NUMBER)
    await house.measure(12)
    await house.set_up()
    house.sent.clear()
    risen_at = []
    for second in range(100):
        before = len(house.sent)
        await house.live(1, 6, car)
        if len(house.sent) > before:
            risen_at.append(second)
    assert house.sent == [10, 14, 18, 22, 26]
    pauses = [b - a for a, b in pairwise(risen_at)]
    assert min(pauses) >= 15
    assert max(pauses) <= 22
    assert house.state("sensor.garage_limited_by") == "supply"


async def test_a_car_that_takes_less_than_it_is_offered_settles(house: House) -> None:
    """It takes 16 A of 30 A beside 2 A of other load: two commands in 10 min at most."""
    house.number.show(30)
    car = Car(house.hass, NUMBER, most_a=16)
    await house.measure(18)
    await house.set_up()
    await house.live(60, 2, car)
    house.sent.clear()
    await house.live(600, 2, car)
    assert len(house.sent) <= 2


async def test_a_changing_house_hardly_changes_a_car_that_takes_less(
    house: House,
) -> None:
    """The house swings between 8 A and 12 A; the car takes 16 A throughout."""
    house.number.show(20)
    car = Car(house.hass, NUMBER, most_a=16, lag_s=2)
    await house.measure(24)
    await house.set_up()
    for _ in range(5):
        await house.live(30, 8, car)
        await house.live(30, 12, car)
    house.sent.clear()
    for _ in range(5):
        seen_a = await house.live(30, 8, car)
        seen_a += await house.live(30, 12, car)
        assert max(seen_a) <= 32
    assert 0 not in house.sent
    assert len(house.sent) <= 10


async def test_two_chargers_together_stay_below_the_limit(house: House) -> None:
    """Both cars take all they can; the house goes from 4 A to 18 A and back."""
    await house.put_up_second()
    house.number.show(0)
    house.second_number.show(0)
    cars = [Car(house.hass, number, lag_s=2) for number in (NUMBER, SECOND_NUMBER)]
    await house.measure(4)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    seen_a = await house.live(200, 4, *cars)
    assert max(seen_a) <= 32
    assert seen_a[-1] == 32
    assert abs(cars[0].draw_a - cars[1].draw_a) <= 1
    overloaded_a = await house.live(30, 18, *cars)
    assert max(overloaded_a[:5]) > 32
    assert max(overloaded_a[6:]) <= 32
    assert [car.draw_a for car in cars] == [7, 7]
    seen_a = await house.live(200, 4, *cars)
    assert max(seen_a) <= 32
    assert seen_a[-1] == 32


async def test_the_second_charger_pauses_when_only_one_fits(house: House) -> None:
    """One charger gets the 11 A that are left, and the other waits for its turn."""
    await house.put_up_second()
    await house.measure(21)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await house.live(90, 21, *cars)
    assert sorted(car.draw_a for car in cars) == [0, 11]
    limits = {
        house.state("sensor.garage_limited_by"),
        house.state("sensor.garage_2_limited_by"),
    }
    assert "waiting_for_turn" in limits


@pytest.mark.usefixtures("all_enabled")
async def test_the_fullest_phase_limits_a_three_phase_charger(house: House) -> None:
    """L2 carries 12 A of other load, so the charger gets 20 A on every phase."""
    house.number.show(0)
    car = Car(house.hass, NUMBER)
    await house.measure(4, 12, 8)
    await house.set_up(supply=THREE_PHASES, charger={"phases": ["l1", "l2", "l3"]})
    for _ in range(120):
        await house.wait(1)
        draw_a = car.draw_a
        await house.measure(4 + draw_a, 12 + draw_a, 8 + draw_a)
    assert house.sent[-1] == 20
    assert house.state("sensor.garage_limited_by") == "l2"
    assert house.state("sensor.home_service_current") == "32.0"
    assert house.state("sensor.home_service_current_l1") == "24.0"
    assert house.state("sensor.home_headroom") == "0.0"
    assert house.state("sensor.home_headroom_l3") == "4.0"
    assert house.state("sensor.garage_power_set") == "13800.0"


async def test_a_single_phase_charger_ignores_the_other_phases(
    house: House,
) -> None:
    """L1 is full, and the charger is on L3."""
    house.number.show(0)
    car = Car(house.hass, NUMBER)
    await house.measure(32, 12, 8)
    await house.set_up(supply=THREE_PHASES, charger={"phases": ["l3"]})
    for _ in range(120):
        await house.wait(1)
        await house.measure(32, 12, 8 + car.draw_a)
    assert house.sent[-1] == 24


@pytest.mark.parametrize(("step", "given_a"), [(0.5, 21.5), (1.0, 21.0), (2.0, 20.0)])
async def test_a_charger_is_sent_whole_steps_of_its_number(
    house: House, step: float, given_a: float
) -> None:
    """10.3 A of other load leave 21.7 A."""
    house.number.show_step(step)
    house.number.show(0)
    car = Car(house.hass, NUMBER)
    await house.measure(10.3)
    await house.set_up()
    await house.live(120, 10.3, car)
    assert house.sent[-1] == given_a


async def test_the_step_of_a_number_that_appears_late_is_used(
    house: House,
) -> None:
    """The integration of a number with a step of 2 A starts after the site."""
    await house.measure(11)
    await house.set_up(charger={"number_entity": SECOND_NUMBER})
    await house.wait(5)
    house.second_number.show_step(2)
    await house.put_up_second()
    car = Car(house.hass, SECOND_NUMBER)
    await house.live(150, 11, car)
    assert all(current_a % 2 == 0 for current_a in house.second.sent)
    assert house.second.sent[-1] == 20


async def test_a_safety_margin_is_kept_free(house: House) -> None:
    """With a margin of 3 A, 29 A are used; only more than 32 A is an overload."""
    house.number.show(0)
    car = Car(house.hass, NUMBER)
    await house.measure(10)
    await house.set_up()
    await house.tune("number.home_safety_margin", 3)
    await house.live(120, 10, car)
    assert house.sent[-1] == 19
    assert house.state("binary_sensor.home_overload") == "off"


async def test_exported_current_is_used_once(house: House) -> None:
    """At -10 A with a measured draw, the charger gets its maximum and not 42 A."""
    house.number.show(0)
    car = Car(house.hass, NUMBER)
    await house.set_state(DRAW, 0, "A")
    await house.measure(-10)
    await house.set_up(charger={"draw_entity": DRAW})
    for _ in range(200):
        await house.wait(1)
        await house.set_state(DRAW, car.draw_a, "A")
        await house.measure(-10 + car.draw_a)
    assert house.sent[-1] == 32
    assert max(house.sent) == 32


async def test_without_a_measured_draw_a_car_may_not_draw_yet(
    house: House,
) -> None:
    """The meter shows 12 A, less than the 22 A that the charger offers."""
    house.number.show(22)
    await house.measure(12)
    await house.set_up()
    for _ in range(60):
        await house.wait(1)
        await house.measure(12)
    assert max(house.sent) == 22


async def test_the_weights_divide_what_is_above_the_minimums(house: House) -> None:
    """14 A at weights of 4 to 1 are 8 A and 6 A."""
    await house.put_up_second()
    await house.measure(18)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    await house.tune("number.garage_weight", 8)
    await house.tune("number.garage_2_weight", 2)
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await house.live(120, 18, *cars)
    assert [car.draw_a for car in cars] == [8, 6]


async def test_the_higher_priority_is_admitted_first(house: House) -> None:
    """11 A are enough for one charger, the second one once its priority is higher."""
    await house.put_up_second()
    await house.measure(21)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    await house.tune("number.garage_2_priority", 1)
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await house.live(120, 21, *cars)
    assert [car.draw_a for car in cars] == [0, 11]


async def test_chargers_that_do_not_fit_take_turns(house: House) -> None:
    """11 A are enough for one charger, and a turn lasts five minutes."""
    await house.put_up_second()
    await house.measure(21)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    await house.tune("number.home_turn_of_a_charger", 5)
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await house.live(120, 21, *cars)
    first = [car.draw_a for car in cars]
    await house.live(300, 21, *cars)
    assert [car.draw_a for car in cars] == [*reversed(first)] != first


async def test_a_demand_limit_limits_the_mean_of_the_quarter_hour(house: House) -> None:
    """2.3 kW are 10 A on average, of which the house takes 4 A.

    It ends in the middle of a quarter: at its begin, nothing limits the mean yet.
    """
    house.freezer.move_to("2026-01-05T08:07:00+00:00")
    house.number.show(0)
    car = Car(house.hass, NUMBER)
    await house.measure(4)
    await house.set_up(chargers=[CHARGER])
    await house.tune("number.home_demand_limit", 2.3)
    await house.live(1800, 4, car)
    assert car.draw_a <= 16
    assert house.state("sensor.garage_limited_by") == "demand_limit"


async def test_a_charger_without_a_car_rests_for_the_rotation_time(
    house: House,
) -> None:
    """14 A are free; the second charger has no car and no status sensor."""
    await house.put_up_second()
    await house.set_state(DRAW, 0.0, "A")
    await house.set_state(SECOND_DRAW, 0.0, "A")
    await house.measure(18)
    await house.set_up(
        chargers=[
            CHARGER | {"draw_entity": DRAW},
            SECOND_CHARGER | {"draw_entity": SECOND_DRAW},
        ]
    )
    car = Car(house.hass, NUMBER)
    for second in range(600):
        await house.wait(1)
        await house.set_state(DRAW, car.draw_a, "A")
        await house.set_state(SECOND_DRAW, 0.0, "A")
        await house.measure(18 + car.draw_a)
        if second == 300:
            assert car.draw_a == 14
            house.second.sent.clear()
    assert car.draw_a == 14
    assert set(house.second.sent) <= {0.0}


async def test_as_much_of_the_export_counts_as_the_user_chooses(house: House) -> None:
    """25 A, 15 A of export beside a measured car: 25 A, and then 32 A."""
    house.number.show(0)
    await house.measure(-15)
    await house.set_state(DRAW, 0, "A")
    await house.set_up(supply={"limit_a": 25.0}, charger={"draw_entity": DRAW})
    car = Car(house.hass, NUMBER)

    async def charge(seconds: int) -> None:
        for _ in range(seconds):
            await house.wait(1)
            await house.set_state(DRAW, car.draw_a, "A")
            await house.measure(car.draw_a - 15)

    await charge(200)
    assert house.state(NUMBER) == "25.0"
    await house.tune("number.home_export_that_counts", 100)
    await charge(60)
    assert house.state(NUMBER) == "32.0"
    await house.tune("number.home_export_that_counts", 0)
    await charge(5)
    assert house.state(NUMBER) == "25.0"


@pytest.mark.parametrize("measured", [False, True])
async def test_a_meter_of_whole_amperes_that_reports_changes_only(
    house: House, *, measured: bool
) -> None:
    """It reports with the car and is silent then: 14 A of the 14.4 A are given."""
    await house.measure(11)
    charger: dict[str, object] = {"max_current_a": 16.0}
    if measured:
        await house.set_state(DRAW, 0, "A")
        charger |= {"draw_entity": DRAW}
    await house.set_up(supply={"limit_a": 25.0}, charger=charger)
    shown_a = 11
    for _ in range(180):
        await house.wait(1)
        car_a = float(house.state(NUMBER))
        if (now_a := round(10.6 + car_a)) == shown_a:
            continue
        shown_a = now_a
        if measured:
            await house.set_state(DRAW, car_a, "A")
        await house.measure(shown_a)
    assert house.sent == [0, 6, 10, 14]


async def test_a_draw_that_is_rounded_to_a_watt_does_not_swing(house: House) -> None:
    """17 A fit exactly. At 231.3 V they are 3,932.1 W, and show as 3,932 W: 16.9996 A.

    Lowered for these 0.0004 A, the car had 17 A again after some minutes, for ever.
    """
    house.number.show(0)
    await house.set_state(DRAW, 0, "W")
    await house.measure(8)
    supply = {"limit_a": 25.0, "voltage_v": 231.3}
    await house.set_up(supply=supply, charger={"draw_entity": DRAW})
    for _ in range(1500):
        await house.wait(1)
        car_a = float(house.state(NUMBER))
        await house.set_state(DRAW, round(car_a * 231.3), "W")
        await house.measure(8 + car_a)
    assert car_a == 17
    assert len(house.sent) <= 7
