"""Six rooms on one boiler."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from simulation.boiler import PRIMARY_J_K, STANDING_LOSS_W_K
from simulation.room import GAINS_W
from simulation.thermal_house import (
    DT_S,
    Report,
    ThermalHouse,
    around,
    cold_evening,
    thermal_family_house,
)

DAY_S = 86400.0


def live(house: ThermalHouse, seconds: float) -> ThermalHouse:
    """Let a house run."""
    for _ in range(round(seconds / DT_S)):
        house.step()
    return house


@cache
def day(
    setpoint_c: float = 55.0,
    outdoor_c: float = 9.0,
    min_w: float = 6000.0,
    protects: bool = True,
) -> Report:
    """A Monday without load sharing."""
    house = thermal_family_house(
        setpoint_c=setpoint_c,
        outdoor_mean_c=outdoor_c,
        min_w=min_w,
        protects=protects,
    )
    return live(house, DAY_S).report()


def stored_j(house: ThermalHouse) -> float:
    """Heat in water, radiators, air and walls, above 0 °C."""
    rooms_j = sum(
        room.air_j_k * room.air_c
        + room.walls_j_k * room.walls_c
        + room.radiator.heat_j_k * room.radiator.return_c
        for room in (zone.room for zone in house.zones.values())
    )
    return PRIMARY_J_K * house.boiler.flow_c + rooms_j


def lost_w(house: ThermalHouse) -> float:
    """Heat to the outside and from the boiler's case, less what people give."""
    rooms_w = sum(
        room.ua_w_k
        * (
            0.35 * (room.air_c - house.outdoor_c)
            + 0.65 * (room.walls_c - house.outdoor_c)
        )
        - GAINS_W
        for room in (zone.room for zone in house.zones.values())
    )
    return rooms_w + STANDING_LOSS_W_K * (house.boiler.flow_c - 20)


def test_a_boiler_too_big_cycles_all_day() -> None:
    """More than 50 starts at 6 kW, most of them cooldowns; far fewer at 3.5 kW."""
    big, small = day(), day(min_w=3500.0)
    assert big.starts > 50
    assert big.cooldowns > 40
    assert small.starts < 0.75 * big.starts
    assert small.cooldowns < 0.75 * big.cooldowns
    assert big.starts < day(protects=False).starts


def test_weather_and_setpoint_move_what_they_should() -> None:
    """A colder day takes more gas; a hotter setpoint more gas, with fewer starts."""
    mild, cold, hot = day(), day(outdoor_c=3.0), day(setpoint_c=70.0)
    assert cold.gas_kwh > 1.3 * mild.gas_kwh
    assert cold.under_kh > mild.under_kh
    assert hot.gas_kwh > mild.gas_kwh
    assert hot.under_kh < mild.under_kh
    assert hot.starts < mild.starts


def test_the_same_house_has_the_same_day() -> None:
    """Nothing in it is drawn by lot."""
    runs = [live(thermal_family_house(), 4 * 3600).report() for _ in range(2)]
    assert runs[0] == runs[1]


def test_a_house_loses_nothing_but_to_the_outside() -> None:
    """Heat of the burner = stored + lost, within a percent, over half a day."""
    house = thermal_family_house(outdoor_mean_c=3.0)
    begin_j, all_lost_j = stored_j(house), 0.0
    for _ in range(round(DAY_S / 2 / DT_S)):
        house.step()
        all_lost_j += lost_w(house) * DT_S
    gained_j = stored_j(house) - begin_j
    assert house.boiler.heat_j > 50e6
    assert house.boiler.heat_j == pytest.approx(gained_j + all_lost_j, rel=0.01)


def test_protection_never_keeps_the_setpoint_for_more_than_half_an_hour() -> None:
    """And it does lower it in the meantime."""
    house = thermal_family_house()
    longest_s = lowered_s = 0.0
    for _ in range(round(10 * 3600 / DT_S)):
        house.step()
        lowered_s = lowered_s + DT_S if house.boiler.setpoint_c == 30 else 0.0
        longest_s = max(longest_s, lowered_s)
    assert 180 < longest_s <= 1800
    assert house.cooldown.cooling_s > 3600


def test_without_protection_cooldowns_are_only_counted() -> None:
    """The setpoint stays where its owner wants it."""
    house = thermal_family_house(protects=False)
    for _ in range(round(9 * 3600 / DT_S)):
        house.step()
        assert house.boiler.setpoint_c == 55.0
    assert house.cooldown.count > 10


def test_the_wider_open_of_owner_and_load_sharing_counts() -> None:
    """A room that does not call opens for others, and shuts again."""
    house = thermal_family_house(begin=datetime(2026, 1, 5, 18, tzinfo=UTC))
    study, living = house.zones["Study"], house.zones["Living room"]
    study.override_pct, living.override_pct = 60.0, 30.0
    live(house, 300)
    assert not study.thermostat.calling
    assert study.room.valve.opening == pytest.approx(0.6)
    assert living.thermostat.calling
    assert living.room.valve.opening == 1.0
    assert study.room.radiator.return_c > 25
    study.override_pct = None
    live(house, 120)
    assert study.room.valve.opening == 0.0
    moves = house.report().room_moves
    assert (moves["Study"], moves["Living room"]) == (2, 1)
    assert house.report().valve_moves == sum(moves.values())


def test_the_last_valve_stays_open_while_the_pump_runs_on() -> None:
    """The heat that is in the boiler goes to a room, not to the bypass."""
    house = thermal_family_house(begin=datetime(2026, 1, 5, 18, tzinfo=UTC))
    live(house, 600)
    for zone in house.zones.values():
        zone.thermostat.off = True
    live(house, 170)
    assert house.call.pump
    assert not house.call.on
    assert house.zones["Living room"].room.valve.opening == 1.0
    live(house, 80)
    assert house.zones["Living room"].room.valve.opening == 0.0


def test_tap_water_leaves_the_rooms_without() -> None:
    """Radiators cool while somebody showers, and the shower makes no cooldown."""
    house = live(thermal_family_house(begin=datetime(2026, 1, 5, 18, tzinfo=UTC)), 900)
    radiator = house.zones["Living room"].room.radiator
    before_c, count = radiator.return_c, house.cooldown.count
    house.boiler.dhw = True
    live(house, 600)
    assert radiator.return_c < before_c
    assert house.boiler.flow_c > 52
    assert house.cooldown.count == count


def test_a_slow_sensor_sees_a_room_later() -> None:
    """The reading goes to the truth with its time constant."""
    quick, slow = thermal_family_house(), thermal_family_house()
    quick.sensor_lag_s, slow.sensor_lag_s = DT_S, 1800.0
    for house in (quick, slow):
        for zone in house.zones.values():
            zone.thermostat.off = True
        live(house, 1800)
    room_c = quick.zones["Study"].room.air_c
    assert quick.zones["Study"].sensed_c == pytest.approx(room_c, abs=0.01)
    assert room_c < slow.zones["Study"].sensed_c < 18.0


def test_it_is_coldest_at_five_in_the_morning() -> None:
    """4 K around the mean."""
    house = thermal_family_house(outdoor_mean_c=9.0)
    extremes_c = {}
    for hour in (5, 11, 17):
        house.now_s = hour * 3600.0
        extremes_c[hour] = house.outdoor_c
    assert extremes_c == pytest.approx({5: 5.0, 11: 9.0, 17: 13.0})


def test_only_scheduled_time_can_be_too_cold() -> None:
    """Monday before six nobody is to be warm; what is too warm counts always."""
    house = thermal_family_house()
    for zone in house.zones.values():
        zone.thermostat.off = True
    house.step()
    # Six rooms of 18 °C, set back to 16 °C, of which 0.5 K is free.
    assert house.report().over_kh == pytest.approx(6 * 1.5 * DT_S / 3600)
    live(house, 600)
    assert house.report().under_kh == 0
    house.now_s = 17.5 * 3600
    house.step()
    living_k = 21.0 - house.zones["Living room"].room.air_c
    kitchen_k = 20.0 - house.zones["Kitchen"].room.air_c
    expected_kh = (living_k + kitchen_k) * DT_S / 3600
    assert house.report().under_kh == pytest.approx(expected_kh, rel=0.01)


@pytest.mark.parametrize(
    ("begin_h", "blocks"),
    [
        (12.0, ((13.0, 15.0, 21.0),)),
        (22.0, ((23.0, 1.0, 21.0),)),
    ],
)
def test_a_block_around_now_may_go_over_midnight(
    begin_h: float, blocks: tuple[tuple[float, float, float], ...]
) -> None:
    """Then it is two blocks of every day."""
    begin = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=begin_h)
    ((start_h, end_h, target_c),) = blocks
    if start_h > end_h:
        blocks = ((0.0, end_h, target_c), (start_h, 24.0, target_c))
    assert around(begin, 1.0, 3.0, target_c) == dict.fromkeys(range(7), blocks)


def test_the_cold_evening_begins_with_one_small_radiator() -> None:
    """The bathroom calls alone, and the boiler goes off too hot within minutes."""
    begin = datetime(2026, 1, 5, 18, tzinfo=UTC)
    house = cold_evening(begin, speed=10.0)
    live(house, 1200)
    calling = [name for name, zone in house.zones.items() if zone.thermostat.calling]
    assert calling == ["Bathroom"]
    assert house.cooldown.count >= 1
    assert house.now == begin + timedelta(seconds=120)
