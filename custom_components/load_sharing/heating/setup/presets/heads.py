"""Presets of radiator heads, and of the thermostats that lead them.

Nearly all are opened by their setpoint: their valve is their own. ``docs/heads.md`` says
which version of each source was read.
"""

from ....const import CONF_DEMAND_ENTITY, CONF_VALVE, CONF_WINDOW
from ...engine.model import Actuator
from .preset import Head, Pattern

_Z2M = r"0x[0-9a-f]+_{}_.+"
"""Unique IDs of Zigbee2MQTT: the device, the property, and the base topic."""
_Z2M_CLIMATE = _Z2M.format(r"climate(?:_\w+)?")
_Z2M_WINDOW = {
    CONF_WINDOW: (Pattern("binary_sensor", _Z2M.format("window_open")),),
}
_ZHA_WINDOW = {CONF_WINDOW: (Pattern("binary_sensor", r".+-window_open"),)}

_SHOWS_DEMAND = r"(?i)danfoss|popp|hive|eurotronic"
"""Makers whose heads show how far they want to be open, as ``pi_heating_demand``."""

_ZIGBEE = (
    Head(
        platform="mqtt",
        name="Zigbee2MQTT",
        device=_SHOWS_DEMAND,
        climate=_Z2M_CLIMATE,
        entities={
            **_Z2M_WINDOW,
            CONF_DEMAND_ENTITY: (Pattern("sensor", _Z2M.format("pi_heating_demand")),),
        },
    ),
    # On is an open window. Of some Tuya heads, it is a shut one.
    Head(
        platform="mqtt",
        name="Zigbee2MQTT",
        device=r"(?i)moes",
        climate=_Z2M_CLIMATE,
        entities={CONF_WINDOW: (Pattern("binary_sensor", _Z2M.format("window")),)},
    ),
    Head(
        platform="mqtt",
        name="Zigbee2MQTT",
        climate=_Z2M_CLIMATE,
        entities=_Z2M_WINDOW,
    ),
    Head(
        platform="zha",
        name="ZHA",
        device=_SHOWS_DEMAND,
        entities={
            **_ZHA_WINDOW,
            CONF_DEMAND_ENTITY: (Pattern("sensor", r".+-pi_heating_demand"),),
        },
    ),
    Head(platform="zha", name="ZHA", entities=_ZHA_WINDOW),
    Head(platform="deconz", name="deCONZ"),
)

_MAKERS = (
    # A valve position takes it out of its control, which the valve's lease knows.
    Head(
        platform="shelly",
        name="Shelly TRV",
        climate=r"[0-9A-F]+-sensor_\d+",
        actuator=Actuator.VALVE,
        entities={CONF_VALVE: (Pattern("number", r"[0-9A-F]+-device_\d+-valvePos"),)},
    ),
    Head(platform="shelly", name="Shelly BLU TRV", climate=r".+-blutrv:\d+"),
    Head(
        platform="tado",
        name="Tado",
        climate=r"HEATING .+",
        entities={
            CONF_WINDOW: (Pattern("binary_sensor", r"open window \d+ .+"),),
            CONF_DEMAND_ENTITY: (Pattern("sensor", r"heating \d+ .+"),),
        },
    ),
    Head(
        platform="tado_x",
        name="Tado X",
        entities={
            CONF_WINDOW: (Pattern("binary_sensor", r"\d+_\d+_window_open"),),
            CONF_DEMAND_ENTITY: (Pattern("sensor", r"\d+_\d+_heating_power"),),
        },
        shows_schedule=True,
    ),
    Head(platform="evohome", name="evohome", shows_schedule=True),
    Head(
        platform="ramses_cc",
        name="RAMSES RF",
        climate=r"\d\d:\d{6}_\w\w",
        entities={
            CONF_WINDOW: (Pattern("binary_sensor", r".+-window_open"),),
            CONF_DEMAND_ENTITY: (Pattern("sensor", r".+-heat_demand"),),
        },
    ),
    Head(
        platform="wiser",
        name="Drayton Wiser",
        climate=r".+-WiserRoom-.+",
        entities={
            CONF_DEMAND_ENTITY: (
                Pattern("sensor", r".+-sensor-LTS Heating Demand .+"),
            ),
        },
        shows_schedule=True,
    ),
    Head(platform="homematicip_local", name="Homematic(IP) Local"),
    Head(platform="homematicip_cloud", name="HomematicIP Cloud"),
    Head(
        platform="fritzbox",
        name="FRITZ!DECT",
        entities={CONF_WINDOW: (Pattern("binary_sensor", r".+_window_open"),)},
    ),
    Head(platform="tuya", name="Tuya"),
    Head(platform="netatmo", name="Netatmo"),
    Head(platform="plugwise", name="Plugwise"),
    Head(platform="eq3btsmart", name="eQ-3 Bluetooth"),
)

_THERMOSTATS = (
    Head(
        platform="versatile_thermostat",
        name="Versatile Thermostat",
        entities={
            CONF_WINDOW: (Pattern("binary_sensor", r".+_window_state"),),
            # Not its power percent: a relay that is on for a tenth of each cycle calls
            # for as long only.
            CONF_DEMAND_ENTITY: (Pattern("sensor", r".+_valve_open_percent"),),
        },
    ),
    Head(platform="better_thermostat", name="Better Thermostat"),
    Head(platform="generic_thermostat", name="Generic Thermostat"),
)

HEADS: tuple[Head, ...] = (*_ZIGBEE, *_MAKERS, *_THERMOSTATS)

LIMITS: tuple[tuple[str, Pattern], ...] = (
    # How far a TRVZB opens when it heats, and how far it shuts when it does not.
    ("mqtt", Pattern("number", _Z2M.format(r"valve_(?:opening|closing)_\w+"))),
    ("zha", Pattern("number", r".+-valve_(?:opening|closing)_\w+")),
    # The same of a TRV-ZBT.
    ("mqtt", Pattern("number", _Z2M.format(r"(?:heating|idle)_valve_position"))),
    # Works in a mode of its own only: Eurotronic, Shelly by Zigbee, Plugwise.
    ("mqtt", Pattern("number", _Z2M.format("valve_position"))),
    # What a Bosch or Wiser by Schneider wants to be open, which it sets again.
    ("mqtt", Pattern("number", _Z2M.format("pi_heating_demand"))),
    # Exists only while the head's own thermostat is disabled.
    ("shelly", Pattern("number", r".+-blutrv:\d+-.*(?:pos|valve).*")),
    # The head's regulation sets it again; and each command uses up radio time.
    ("homematicip_local", Pattern("number", r".+_level")),
)
"""Numbers that do not open a head now, or not for long, by platform."""
