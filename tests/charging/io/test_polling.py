"""A meter that can be polled is polled when a fresh value is needed."""

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
    """Set up a site with a given meter and a charger at 26 A."""
    await house.put_up_meter(meter)
    house.number.show(26)
    meter.show(30)
    await house.set_up(supply={"meter_l1": METER})
    await house.wait(6)
    meter.show(30)
    await house.wait(0.1)
    meter.asked = 0
    house.sent.clear()


async def test_a_polled_meter_is_polled_for_each_correction(house: House) -> None:
    """An overload cannot wait for its next regular poll."""
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
    """It shows 32 A when it is polled."""
    meter = PolledMeter()
    await put_up(house, meter)
    meter.show(36)
    meter._attr_native_value = 32
    await house.wait(2.1)
    assert house.state("binary_sensor.home_overload") == "off"


async def test_a_pushed_meter_is_not_polled(house: House) -> None:
    """It would only write its old value again, which would then look fresh."""
    meter = PolledMeter(polled=False)
    await put_up(house, meter)
    meter.show(36)
    await house.wait(20)
    assert meter.asked == 0


async def test_a_meter_that_never_answers_delays_nothing(
    hass: HomeAssistant, house: House
) -> None:
    """Neither the corrections nor unloading."""
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


async def test_an_error_of_a_polled_meter_stops_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The corrections continue."""
    meter = PolledMeter()
    meter.failing = True
    await put_up(house, meter)
    meter.show(36)
    await house.wait(8)
    assert meter.asked == 2
    assert house.sent == [22]


async def test_the_coordinator_of_a_meter_is_refreshed(house: House) -> None:
    """Updating the entity itself would only write its old value again."""
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


async def test_the_coordinator_of_a_pushed_meter_is_not_refreshed(
    house: House,
) -> None:
    """A coordinator without an update interval fetches nothing."""
    coordinator = DataUpdateCoordinator[float](
        house.hass, logging.getLogger(__name__), config_entry=None, name="meter"
    )
    meter = CoordinatedMeter(coordinator)
    await put_up(house, meter)
    meter.show(36)
    await house.wait(20)
    assert meter.asked == 0


class CoordinatedMeter(CoordinatorEntity[DataUpdateCoordinator[float]], PolledMeter):
    """A meter that takes its values from a coordinator."""

    def __init__(self, coordinator: DataUpdateCoordinator[float]) -> None:
        """Take values from a coordinator."""
        CoordinatorEntity.__init__(self, coordinator)
        PolledMeter.__init__(self, polled=False)
