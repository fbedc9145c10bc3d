"""A car that is driven by its own integration: its switch shows whether it charges."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.load_sharing.charging.setup.discovery import find_chargers

from ...homes.house import CHARGER, SUPPLY, House
from .installing import install
from .registries import REGISTRIES


class Tesla:
    """A car at home, behind its cloud."""

    def __init__(self, house: House) -> None:
        """Let it charge with 16 A."""
        self.house = house
        entities = install(
            house.hass, "teslemetry", REGISTRIES["teslemetry"].entities
        ).items()
        (self.number,) = [e for key, e in entities if key.endswith("current_request")]
        (self.switch,) = [e for key, e in entities if key.startswith("switch")]
        (self.status,) = [e for key, e in entities if key.endswith("charging_state")]
        self.started = async_mock_service(house.hass, "switch", "turn_on")
        self.stopped = async_mock_service(house.hass, "switch", "turn_off")
        self.set: list[ServiceCall] = async_mock_service(
            house.hass, "number", "set_value"
        )

    def show(self, status: str, most_a: int = 16) -> None:
        """Report whether it charges, and the most that its socket allows."""
        limits = {"min": 0, "max": most_a, "unit_of_measurement": "A"}
        self.house.hass.states.async_set(self.number, "16", limits)
        self.house.hass.states.async_set(self.status, status)
        is_on = status in ("charging", "starting")
        self.house.hass.states.async_set(self.switch, "on" if is_on else "off")

    async def set_up(self) -> None:
        """Set up the site with what the preset fills in."""
        (found,) = find_chargers(self.house.hass).values()
        charger: dict[str, Any] = {"phases": ["l1"], "min_current_a": 6.0}
        await self.house.set_up(supply=SUPPLY, chargers=[charger | found.fields])

    def forget(self) -> None:
        """Forget the commands."""
        for calls in (self.set, self.started, self.stopped):
            calls.clear()

    @property
    def amperes(self) -> list[float]:
        """The currents that it was set to."""
        return [call.data["value"] for call in self.set]


@pytest.fixture
async def tesla(house: House) -> Tesla:
    """A car that charges beside 4 A of other load."""
    car = Tesla(house)
    car.show("charging")
    await house.measure(20)
    await car.set_up()
    await house.live(30, 20)
    car.forget()
    return car


@pytest.mark.parametrize("status", ["complete", "disconnected"])
async def test_a_car_that_is_full_or_away_is_left_alone(
    house: House, tesla: Tesla, status: str
) -> None:
    """Its switch turns off by itself: that is no pause, and each command wakes it."""
    tesla.show(status)
    for calm in (False, True):
        for _ in range(20):
            await house.live(1, 4)
            await house.wait(89)
        assert (tesla.started, tesla.stopped) == ([], [])
        assert not (calm and tesla.set)
        tesla.forget()
    assert house.state("binary_sensor.garage_charger_problem") == "off"


async def test_a_car_is_stopped_and_started_again(house: House, tesla: Tesla) -> None:
    """Of 32 A, the house takes 30 A for a while."""
    await house.live(10, 46)
    assert tesla.stopped
    tesla.show("stopped")
    await house.live(20, 30)
    tesla.forget()
    await house.live(420, 4)
    assert tesla.amperes[0] == 6
    assert len(tesla.started) == 1


async def test_a_car_that_became_full_meanwhile_is_not_started(
    house: House, tesla: Tesla
) -> None:
    """It would report that as failed, each time."""
    await house.live(10, 46)
    tesla.show("complete")
    await house.live(20, 30)
    tesla.forget()
    await house.live(420, 4)
    assert tesla.started == []
    assert house.state("binary_sensor.garage_charger_problem") == "off"


async def test_a_car_has_no_more_than_its_socket_allows(
    house: House, tesla: Tesla
) -> None:
    """A number refuses a value above its maximum, which is that of another socket now."""
    await house.live(10, 46)
    tesla.show("stopped", most_a=10)
    await house.live(20, 30)
    tesla.forget()
    await house.live(420, 4)
    assert max(tesla.amperes) == 10


async def test_a_car_that_is_set_by_its_number_is_not_offered_again(
    hass: HomeAssistant, house: House
) -> None:
    """It was set up before its preset had these actions."""
    car = Tesla(house)
    car.show("charging")
    (found,) = find_chargers(hass).values()
    assert found.is_used_by([CHARGER | {"number_entity": car.number}])
    assert found.is_used_by([{"set_current": [], "status_entity": car.status}])
    assert not found.is_used_by([CHARGER, {"set_current": []}])


async def test_what_is_not_sent_while_it_is_away_has_failed(
    house: House, tesla: Tesla
) -> None:
    """Home Assistant skips an unavailable entity silently; the car goes on with 16 A."""
    for entity_id in (tesla.number, tesla.switch):
        house.hass.states.async_set(entity_id, "unavailable", {"max": 16})
    await house.live(5, 42)
    await house.live(5, 46)
    assert tesla.set == []
    error = house.state("sensor.garage_last_action_error")
    assert error is not None
    assert error.endswith("is not available")
