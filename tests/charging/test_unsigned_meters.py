"""Meters with currents without a sign, as P1 and HAN meters have (evcc#3453)."""

from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.house import METERS, NUMBER, THREE_PHASES, House

RETURNED = "sensor.returned"
RETURNED_BY_PHASE = (RETURNED, "sensor.returned_l2", "sensor.returned_l3")
UNSIGNED = {"export_sign": "unsigned", "export_l1": RETURNED}
ISSUE = ("load_sharing", "meter_unsigned_site_supply")


async def report(
    house: House, nets_a: list[float], exports_w: list[float], *, current_first: bool
) -> None:
    """Report a telegram whose values arrive 10 ms apart."""
    values: list[tuple[str, float, str]] = [
        (meter, abs(net_a), "A") for meter, net_a in zip(METERS, nets_a, strict=False)
    ]
    exports = [
        (entity_id, power_w, "W")
        for entity_id, power_w in zip(RETURNED_BY_PHASE, exports_w, strict=False)
    ]
    for value in values + exports if current_first else exports + values:
        await house.set_state(*value)
        await house.wait(0.01)


def by_phase(nets_a: list[float]) -> list[float]:
    """Return the export of each phase in W."""
    return [max(0.0, -net_a) * 230 for net_a in nets_a]


def in_all(nets_a: list[float]) -> list[float]:
    """Return the export of all phases together in W."""
    return [max(0.0, -sum(nets_a)) * 230]


@pytest.mark.parametrize("current_first", [True, False])
@pytest.mark.parametrize("sign", ["unsigned", "separate"])
async def test_a_car_charges_from_what_is_exported(
    house: House, sign: str, current_first: bool
) -> None:
    """14 A are exported on 16 A. The car has its 16 A, and no telegram looks torn."""
    house.number.show(0)
    await report(house, [-14], [3220], current_first=current_first)
    supply = UNSIGNED | {"export_sign": sign, "limit_a": 16.0}
    await house.set_up(supply=supply, charger={"max_current_a": 16.0})
    shown = []
    for second in range(240):
        await house.wait(0.98)
        nets_a = [-14 + float(house.state(NUMBER))]
        await report(house, nets_a, by_phase(nets_a), current_first=current_first)
        if second > 5:
            shown.append(float(house.state("sensor.home_service_current")))
    assert float(house.state(NUMBER)) == 16
    assert max(shown) == 2
    assert 14.0 not in shown


async def test_more_export_than_the_limit_is_no_overload(house: House) -> None:
    """20 A are exported on 18 A: a car would lessen that, and there is no alarm."""
    house.number.show(0)
    await report(house, [-20], [4600], current_first=True)
    await house.set_up(supply=UNSIGNED | {"limit_a": 18.0})
    events = house.listen_overload()
    for _ in range(120):
        await house.wait(0.98)
        nets_a = [-20 + float(house.state(NUMBER))]
        await report(house, nets_a, by_phase(nets_a), current_first=True)
    assert not events
    assert float(house.state(NUMBER)) == 18


@pytest.mark.parametrize("current_first", [True, False])
async def test_a_cloud_is_seen_with_its_own_telegram(
    house: House, current_first: bool
) -> None:
    """From 14 A of export to 20 A of import on 16 A: the car goes down at once."""
    house.number.show(16)
    await report(house, [-14], [3220], current_first=current_first)
    await house.set_up(supply=UNSIGNED | {"limit_a": 16.0})
    await house.wait(1)
    await report(house, [20], [0], current_first=current_first)
    assert house.state("sensor.home_service_current") == "20.0"
    assert float(house.state(NUMBER)) <= 12


async def test_an_export_that_is_not_reported_again_delays_by_half_a_second(
    house: House,
) -> None:
    """Then 20 A beside an export of 10 A that did not change are an import."""
    house.number.show(16)
    await report(house, [-10], [2300], current_first=True)
    await house.set_up(supply=UNSIGNED | {"limit_a": 16.0})
    await house.wait(5)
    await house.measure(20)
    assert house.state("sensor.home_service_current") == "-10.0"
    await house.wait(0.6)
    assert house.state("sensor.home_service_current") == "20.0"
    assert float(house.state(NUMBER)) <= 12


@pytest.mark.parametrize("reported", [by_phase, in_all])
async def test_three_phases_have_their_own_directions(
    house: House, reported: object
) -> None:
    """L1 and L2 export, L3 imports 12 A of 25 A: a car on all three has 13 A."""
    house.number.show(0)
    assert callable(reported)
    base_a = [-14.0, -9.0, 12.0]
    keys = ("export_l1", "export_l2", "export_l3")
    exports = dict(zip(keys, RETURNED_BY_PHASE, strict=True))
    supply = THREE_PHASES | UNSIGNED | {"limit_a": 25.0}
    if reported is by_phase:
        supply |= exports
    await report(house, base_a, reported(base_a), current_first=True)
    charger = {"phases": ["l1", "l2", "l3"], "max_current_a": 16.0}
    await house.set_up(supply=supply, charger=charger)
    for _ in range(180):
        await house.wait(0.9)
        car_a = float(house.state(NUMBER))
        nets_a = [net_a + car_a for net_a in base_a]
        assert max(nets_a) <= 25
        await report(house, nets_a, reported(nets_a), current_first=True)
    assert car_a == 13


async def test_without_an_export_sensor_everything_counts_as_import(
    house: House,
) -> None:
    """12 A either way leave 6 A of 18 A."""
    await house.measure(12)
    await house.set_up(supply={"export_sign": "unsigned", "limit_a": 18.0})
    assert house.state("sensor.home_headroom") == "6.0"


async def test_a_lost_export_sensor_is_a_lost_meter(house: House) -> None:
    """The direction is unknown."""
    await report(house, [-10, 5, 5], [2300], current_first=True)
    await house.set_up(supply=THREE_PHASES | UNSIGNED)
    assert house.state("binary_sensor.home_meter_problem") == "off"
    await house.set_state(METERS[1], "unavailable", "A")
    assert house.state("binary_sensor.home_meter_problem") == "on"
    await house.set_state(METERS[1], 5, "A")
    await house.set_state(RETURNED, "unavailable", "W")
    assert house.state("binary_sensor.home_meter_problem") == "on"


async def test_currents_that_turn_out_to_have_no_sign_are_reported(
    house: House,
) -> None:
    """It was entered that the export has sensors of its own; a repair says what to enter."""
    await report(house, [-14], [3220], current_first=True)
    supply = {"export_sign": "separate", "export_l1": RETURNED}
    await house.set_up(supply=supply)
    assert issue(house) is None
    for net_a in (-14.0, -12.0, -9.0, 4.0):
        await house.wait(10)
        await report(house, [net_a], by_phase([net_a]), current_first=True)
    await house.wait(40)
    assert issue(house) is not None


async def test_sensors_of_both_directions_are_not_reported(house: House) -> None:
    """One of them is 0 at any time."""
    await house.measure(0)
    await house.set_state(RETURNED, 2300, "W")
    await house.set_up(supply={"export_sign": "separate", "export_l1": RETURNED})
    for second in range(10):
        await house.wait(10)
        await house.measure(second % 2 * 10)
        await house.set_state(RETURNED, (second + 1) % 2 * 2300, "W")
    await house.wait(40)
    assert issue(house) is None


def issue(house: House) -> object:
    """Return the issue of currents without a sign."""
    return ir.async_get(house.hass).async_get_issue(*ISSUE)
