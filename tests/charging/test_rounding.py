"""Numbers that show another current than the one they were set to.

A KEBA makes 8 A of 7 A and 16 A of 15 A (dannerph/homeassistant-keba#43). Others go in
steps of 2 A, have a minimum of their own, or show the current that they signal to the
car, which is not quite the one that was set.
"""

from collections.abc import Callable

from homeassistant.core import HomeAssistant
import pytest

from tests.homes.house import NUMBER, Car, House

PROBLEM = "binary_sensor.garage_charger_problem"


def rounds(house: House, to: Callable[[float], float]) -> None:
    """Have the charger make another current of the one it is sent, and show that."""

    async def set_value(value: float) -> None:
        await house.wallbox.take(value)
        house.number.show(to(value))

    house.number.async_set_native_value = set_value  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("to", "free_a", "gets_a"),
    [
        (lambda a: {7: 8, 15: 16}.get(a, a), 15.3, 14),
        (lambda a: a // 2 * 2, 13.3, 12),
        (lambda a: -(-a // 2) * 2, 13.3, 12),
        (lambda a: a and a - 0.1, 13.3, 12.9),
        (lambda a: a and max(8.0, a), 13.3, 13),
    ],
)
async def test_a_charger_that_rounds_has_what_it_can(
    hass: HomeAssistant,
    house: House,
    to: Callable[[float], float],
    free_a: float,
    gets_a: float,
) -> None:
    """It is no charger with a problem, and not commanded for ever."""
    await house.measure(25 - free_a)
    await house.set_up(supply={"limit_a": 25.0}, charger={"max_current_a": 16.0})
    rounds(house, to)
    car = Car(hass, NUMBER)
    await house.live(200, 25 - free_a, car)
    sent = len(house.sent)
    flows_a = await house.live(300, 25 - free_a, car)
    assert car.draw_a == gets_a
    assert max(flows_a) <= 25
    assert house.sent[sent:] == []
    assert house.state(PROBLEM) == "off"


async def test_a_minimum_of_its_own_is_kept(hass: HomeAssistant, house: House) -> None:
    """Of 7 A that are free, the charger would make 8 A: it stays paused."""
    await house.measure(18)
    await house.set_up(supply={"limit_a": 25.0}, charger={"max_current_a": 16.0})
    rounds(house, lambda a: a and max(8.0, a))
    car = Car(hass, NUMBER)
    flows_a = await house.live(600, 18, car)
    assert sum(flow_a > 25 for flow_a in flows_a) <= 2
    assert car.draw_a == 0
    assert len(house.sent) <= 4


async def test_a_change_by_hand_is_no_rounding(
    hass: HomeAssistant, house: House
) -> None:
    """Someone sets 12 A in the app, long after 13 A were sent."""
    await house.measure(12)
    await house.set_up(supply={"limit_a": 25.0}, charger={"max_current_a": 16.0})
    car = Car(hass, NUMBER)
    await house.live(300, 12, car)
    assert car.draw_a == 13
    house.number.show(12)
    await house.live(30, 5, car)
    assert car.draw_a == 12
    assert house.state("sensor.garage_limited_by") == "set_by_hand"
