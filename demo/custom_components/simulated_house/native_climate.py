"""Thermostats by the names of Home Assistant 2026.11, also on the one before it.

There, the temperatures that a thermostat gives in its own unit are called native. Once
2026.11 is the oldest that is supported, ``ClimateEntity`` itself will do.
"""

from operator import attrgetter

from homeassistant.components.climate import ClimateEntity


class NativeClimateEntity(ClimateEntity):
    """A thermostat that gives ``native_`` temperatures."""


if not hasattr(ClimateEntity, "native_temperature_unit"):
    for _name in ("temperature_unit", "current_temperature", "target_temperature"):
        _native = property(attrgetter(f"_attr_native_{_name}"))
        setattr(NativeClimateEntity, f"native_{_name}", _native)
        setattr(NativeClimateEntity, _name, property(attrgetter(f"native_{_name}")))
