"""A site that drives a charger with what its preset fills in."""

from typing import Any, Protocol

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.charging.setup.control_checks import (
    async_check_actions,
    check_number_control,
)
from custom_components.load_sharing.charging.setup.discovery import (
    FoundCharger,
    find_chargers,
)

from ....homes.house import SUPPLY, House


class Device(Protocol):
    """A charger behind the API of its integration, with a car that takes all it may."""

    @property
    def draw_a(self) -> float:
        """Current that the car draws now."""


class Installed:
    """A charger that Home Assistant has, found by its preset."""

    def __init__(self, hass: HomeAssistant, house: House) -> None:
        """Look at Home Assistant."""
        self.hass = hass
        self.house = house

    async def add(self, domain: str, **entry: Any) -> None:
        """Let the charger's own integration set it up."""
        config_entry = MockConfigEntry(domain=domain, **entry)
        config_entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(config_entry.entry_id)
        await self.hass.async_block_till_done()

    @property
    def charger(self) -> FoundCharger:
        """The one charger that is found; one that is only guessed comes after it."""
        found = sorted(find_chargers(self.hass).values(), key=lambda one: one.guessed)
        assert all(one.guessed for one in found[1:])
        return found[0]

    @property
    def fields(self) -> dict[str, Any]:
        """What the preset fills in for it."""
        return self.charger.fields

    @property
    def unique_ids(self) -> dict[str, str]:
        """Unique IDs of the entities that are filled in, by form field."""
        registry = er.async_get(self.hass)
        entries = {
            key: registry.async_get(value)
            for key, value in self.fields.items()
            if key.endswith("_entity")
        }
        return {key: entry.unique_id for key, entry in entries.items() if entry}

    async def check(self) -> None:
        """Submit what was filled in to the checks of the forms."""
        charger = {"phases": ["l1"], "min_current_a": 6.0, **self.fields}
        if charger["control"] == "number":
            errors = check_number_control(self.hass, charger, charger, SUPPLY, None)
        else:
            errors, _ = await async_check_actions(self.hass, charger, None)
        assert errors == {}

    async def drive(self) -> None:
        """Set up a site with the charger, which is wired for 16 A, on 32 A."""
        charger = {
            "phases": ["l1"],
            "min_current_a": 6.0,
            "charging_states": ["charging"],
            **self.fields,
            "max_current_a": 16.0,
        }
        await self.house.set_up(supply=SUPPLY, chargers=[charger])

    async def live(self, seconds: int, base_a: float, device: Device) -> None:
        """Report what the house and the car draw, each second."""
        for _ in range(seconds):
            await self.house.live(1, base_a + device.draw_a)

    async def live_through_an_evening(self, device: Device) -> None:
        """Other loads of 20 A leave the car 12 A, of 28 A nothing, of 10 A all it can.

        The charger starts with 16 A on a supply of 32 A. Behind a cloud, a pause lasts
        for five minutes at least.
        """
        await self.house.measure(20 + device.draw_a)
        await self.drive()
        await self.live(30, 20, device)
        assert 6 <= device.draw_a <= 12
        await self.live(60, 28, device)
        assert device.draw_a == 0
        await self.live(420, 10, device)
        assert device.draw_a == 16


@pytest.fixture
def installed(hass: HomeAssistant, house: House) -> Installed:
    """The charger under test; its integration is added in the test."""
    return Installed(hass, house)
