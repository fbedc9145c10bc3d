"""Asking the meter, where it can be asked."""

from datetime import timedelta
import logging

from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import (
    CoordinatorEntity,
    DataUpdateCoordinator,
)
import pytest

from ...homes.house import House, PolledMeter

METER = "sensor.polled_meter"


async def put_up(house: House, meter: PolledMeter) -> None:
    """A meter with an entity of its own, and a charger at 26 A."""
    await house.put_up_meter(meter)
    house.number.show(26)
    meter.show(30)
    await house.set_up(supply={"meter_l1": METER})
    await house.wait(6)
    meter.show(30)
    await house.wait(0.1)
    meter.asked = 0
    house.sent.clear()


async def test_a_polled_meter_is_asked_for_each_correction(house: House) -> None:
    """In an overload it cannot be waited for."""
    meter = PolledMeter()
    await put_up(house, meter)
    await house.wait(1)
    assert meter.asked == 0
    meter.show(36)
    await house.wait(1)
    assert meter.asked == 0
    await house.wait(1.1)
    assert meter.asked == 1
    await house.wait(5)
    assert meter.asked == 2


async def test_the_answer_of_a_polled_meter_ends_the_overload(house: House) -> None:
    """It shows 32 A when it is asked."""
    meter = PolledMeter()
    await put_up(house, meter)
    meter.show(36)
    meter._attr_native_value = 32
    await house.wait(2.1)
    assert house.state("binary_sensor.home_overload") == "off"


async def test_a_pushed_meter_is_left_alone(house: House) -> None:
    """It would only repeat its old value, which would then look fresh."""
    meter = PolledMeter(polled=False)
    await put_up(house, meter)
    meter.show(36)
    await house.wait(20)
    assert meter.asked == 0


async def test_a_meter_that_never_answers_delays_nothing(
    hass: HomeAssistant, house: House
) -> None:
    """Neither the corrections nor the unloading."""
    meter = PolledMeter()
    await put_up(house, meter)
    meter.hanging = True
    meter.show(40)
    await house.pass_time(30)
    assert house.sent[0] == 18
    assert house.sent[-1] == 0
    unloading = hass.async_create_task(hass.config_entries.async_unload("site"))
    await house.pass_time(0.5)
    assert unloading.done()


async def test_a_meter_that_fails_to_answer_stops_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Its error is its own."""
    meter = PolledMeter()
    meter.failing = True
    await put_up(house, meter)
    meter.show(36)
    await house.wait(8)
    assert meter.asked == 2
    assert house.sent == [22]


async def test_a_meter_behind_a_coordinator_has_it_refreshed(house: House) -> None:
    """The entity itself would only repeat its old value."""
    asked: list[float] = []

    async def fetch() -> float:
        asked.append(36)
        return 36

    coordinator = DataUpdateCoordinator(
        house.hass,
        logging.getLogger(__name__),
        config_entry=None,
        name="meter",
        update_method=fetch,
        update_interval=timedelta(minutes=5),
    )
    meter = CoordinatedMeter(coordinator)
    await put_up(house, meter)
    asked.clear()
    meter.show(36)
    await house.wait(2.1)
    assert asked == [36]
    await coordinator.async_shutdown()


async def test_a_meter_behind_a_coordinator_that_is_pushed_is_left_alone(
    house: House,
) -> None:
    """Its coordinator fetches nothing."""
    coordinator = DataUpdateCoordinator[float](
        house.hass, logging.getLogger(__name__), config_entry=None, name="meter"
    )
    meter = CoordinatedMeter(coordinator)
    await put_up(house, meter)
    meter.show(36)
    await house.wait(20)
    assert meter.asked == 0


class CoordinatedMeter(CoordinatorEntity[DataUpdateCoordinator[float]], PolledMeter):
    """A meter that a coordinator fetches."""

    def __init__(self, coordinator: DataUpdateCoordinator[float]) -> None:
        """Belong to a coordinator."""
        CoordinatorEntity.__init__(self, coordinator)
        PolledMeter.__init__(self, polled=False)
