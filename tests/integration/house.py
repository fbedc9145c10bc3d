"""The outside of the integration: a meter, a charger, and what is sent to it."""

from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.number import NumberEntity
from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    setup_test_component_platform,
)

from custom_components.load_sharing.const import DOMAIN, SUBENTRY_CHARGER

METER = "sensor.meter"
NUMBER = "number.wallbox_current"
SWITCH = "switch.wallbox"
STATUS = "sensor.wallbox_status"
DRAW = "sensor.wallbox_draw"

SUPPLY = {
    "meter_l1": METER,
    "limit_a": 32.0,
    "voltage_v": 230.0,
    "export_sign": "negative",
}
OPTIONS = {
    "meter_lost_action": "stop",
    "fallback_current_a": 6.0,
    "grace_s": 10.0,
    "max_age_s": 0.0,
}
CHARGER = {
    "phases": ["l1"],
    "min_current_a": 6.0,
    "max_current_a": 32.0,
    "control": "number",
    "number_entity": NUMBER,
}


class Wallbox:
    """A charger that obeys, refuses, or pretends to obey."""

    def __init__(self) -> None:
        """Nothing was sent to it yet."""
        self.sent: list[float] = []
        self.failing = False
        self.deaf = False

    def take(self, current_a: float) -> bool:
        """Take a command; tell whether it is obeyed."""
        if self.failing:
            raise HomeAssistantError("the charger does not answer")
        self.sent.append(current_a)
        return not self.deaf


class WallboxNumber(NumberEntity):
    """The charger's current."""

    _attr_should_poll = False
    _attr_native_min_value = 0
    _attr_native_max_value = 32
    _attr_native_step = 1
    _attr_native_unit_of_measurement = "A"

    def __init__(self, wallbox: Wallbox, name: str, value: float) -> None:
        """Show a current."""
        self._wallbox = wallbox
        self._attr_name = name
        self._attr_native_value = value

    @override
    async def async_set_native_value(self, value: float) -> None:
        if self._wallbox.take(value):
            self.show(value)

    def show(self, value: float) -> None:
        """Show another current, as when a person changed it at the charger."""
        self._attr_native_value = value
        self.async_write_ha_state()

    def show_available(self, available: bool) -> None:
        """Be lost, or be back."""
        self._attr_available = available
        self.async_write_ha_state()


class WallboxSwitch(SwitchEntity):
    """The charger's switch."""

    _attr_should_poll = False
    _attr_name = "Wallbox"
    _attr_is_on = True

    def __init__(self, wallbox: Wallbox) -> None:
        """Start switched on."""
        self._wallbox = wallbox

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        if not self._wallbox.failing:
            self._attr_is_on = True
            self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        if self._wallbox.take(0.0):
            self._attr_is_on = False
            self.async_write_ha_state()


class House:
    """A meter, a charger, and the site that balances them."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Own a charger that nobody commanded yet."""
        self.hass = hass
        self.freezer = freezer
        self.wallbox = Wallbox()
        self.number = WallboxNumber(self.wallbox, "Wallbox current", 0)
        self.switch = WallboxSwitch(self.wallbox)

    async def put_up(self) -> None:
        """Put the charger's entities into Home Assistant."""
        setup_test_component_platform(self.hass, "number", [self.number])
        setup_test_component_platform(self.hass, "switch", [self.switch])
        for domain in ("number", "switch"):
            config = {domain: {"platform": "test"}}
            assert await async_setup_component(self.hass, domain, config)
        await self.hass.async_block_till_done()

    @property
    def sent(self) -> list[float]:
        """Currents that the charger was sent."""
        return self.wallbox.sent

    async def measure(self, value: float | str, unit: str = "A") -> None:
        """Let the meter report."""
        self.hass.states.async_set(METER, str(value), {"unit_of_measurement": unit})
        await self.hass.async_block_till_done()

    async def set_up(
        self,
        *,
        supply: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
        charger: dict[str, Any] | None = None,
        chargers: list[dict[str, Any]] | None = None,
    ) -> MockConfigEntry:
        """Set up a site named Home with a charger named Garage."""
        data = chargers if chargers is not None else [CHARGER | (charger or {})]
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data=SUPPLY | (supply or {}),
            options=OPTIONS | (options or {}),
            entry_id="site",
            subentries_data=[
                {
                    "data": charger_data,
                    "subentry_id": f"charger{index}",
                    "subentry_type": SUBENTRY_CHARGER,
                    "title": "Garage" if index == 0 else f"Garage {index + 1}",
                    "unique_id": None,
                }
                for index, charger_data in enumerate(data)
            ],
        )
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        return entry

    def state(self, entity_id: str) -> str:
        """State of an entity."""
        state = self.hass.states.get(entity_id)
        assert state is not None, entity_id
        return state.state
