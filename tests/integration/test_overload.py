"""Overloads, seen from Home Assistant."""

from collections.abc import Awaitable, Callable

from .house import House


async def test_an_overload_is_corrected_though_the_meter_stays_silent(
    house: House, wait: Callable[[float], Awaitable[None]]
) -> None:
    """36 A on 32 A with the charger at 26 A: down to 22 A, and not twice."""
    house.number.show(26)
    await house.measure(30)
    await house.set_up()
    assert house.state("sensor.garage_current_set") == "26.0"
    await house.measure(36)
    await wait(7)
    assert house.sent == [26.0, 22.0]
    assert house.state("binary_sensor.home_overload") == "on"
    await wait(10)
    assert house.sent == [26.0, 22.0]
    await house.measure(32)
    assert house.state("binary_sensor.home_overload") == "off"
