"""Whether a car is here, by what different kinds of entities show."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.charging.io.presence import is_away


@pytest.mark.parametrize(
    ("entity_id", "state", "away"),
    [
        ("device_tracker.car", "home", False),
        ("device_tracker.car", "not_home", True),
        ("device_tracker.car", "Work", True),
        ("device_tracker.car", "unavailable", False),
        ("person.anna", "not_home", True),
        ("zone.home", "2", False),
        ("zone.home", "0", True),
        ("binary_sensor.at_home", "on", False),
        ("binary_sensor.at_home", "off", True),
        ("binary_sensor.at_home", "unknown", False),
        ("sensor.location", "Home", False),
        ("sensor.location", "Our house", False),
        ("sensor.location", "Work", True),
        ("sensor.distance", "12.5", False),
    ],
)
async def test_what_shows_where_a_car_is(
    hass: HomeAssistant, entity_id: str, state: str, away: bool
) -> None:
    """What is not known to be elsewhere counts as here."""
    hass.states.async_set("zone.home", "1", {"friendly_name": "Our house"})
    hass.states.async_set(entity_id, state)
    assert is_away(hass, entity_id) is away


async def test_without_an_entity_it_is_here(hass: HomeAssistant) -> None:
    """The same as long as the entity does not exist."""
    assert not is_away(hass, None)
    assert not is_away(hass, "device_tracker.car")
