"""The thermostats of the rooms."""

from typing import Any, override

from homeassistant.components.climate import (
    ATTR_TEMPERATURE,
    ClimateEntityDescription,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.thermal_house import Zone

from .entity import HouseEntity
from .live_house import LiveHouse, SimulatedHouseConfigEntry
from .native_climate import NativeClimateEntity


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the thermostats."""
    live_house = entry.runtime_data
    async_add_entities(
        RoomThermostat(live_house, name) for name in live_house.heating.zones
    )


class RoomThermostat(HouseEntity, NativeClimateEntity):
    """Calls for heat below its target, and opens the valve of its room."""

    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT]  # noqa: RUF012
    _attr_supported_features = (
        ClimateEntityFeature.TARGET_TEMPERATURE
        | ClimateEntityFeature.TURN_OFF
        | ClimateEntityFeature.TURN_ON
    )
    _attr_target_temperature_step = 0.5
    _attr_min_temp = 5
    _attr_max_temp = 28

    def __init__(self, live_house: LiveHouse, name: str) -> None:
        """Belong to a room."""
        key = name.lower().replace(" ", "_")
        description = ClimateEntityDescription(key=f"{key}_thermostat", name=name)
        super().__init__(live_house, description)
        self._name = name

    @property
    def _zone(self) -> Zone:
        return self.live_house.heating.zones[self._name]

    @property
    @override
    def shown(self) -> tuple[Any, ...]:
        return (
            self.native_current_temperature,
            self.native_target_temperature,
            self.hvac_mode,
            self.hvac_action,
        )

    @property
    @override
    def native_current_temperature(self) -> float:
        return round(self._zone.sensed_c, 1)

    @property
    @override
    def native_target_temperature(self) -> float:
        return self._zone.thermostat.target_c(self.live_house.heating.now)

    @property
    @override
    def hvac_mode(self) -> HVACMode:
        return HVACMode.OFF if self._zone.thermostat.off else HVACMode.HEAT

    @property
    @override
    def hvac_action(self) -> HVACAction:
        if self._zone.thermostat.off:
            return HVACAction.OFF
        calling = self._zone.thermostat.calling
        return HVACAction.HEATING if calling else HVACAction.IDLE

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        self._zone.thermostat.manual_c = kwargs[ATTR_TEMPERATURE]
        self.async_write_ha_state()

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        self._zone.thermostat.off = hvac_mode is HVACMode.OFF
        self.async_write_ha_state()
