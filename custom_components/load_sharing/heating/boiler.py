"""The boiler as the heating control holds it: configuration, sensors, setpoint."""

from dataclasses import dataclass, replace

from homeassistant.core import HomeAssistant

from .config import BoilerConfig
from .engine.model import BoilerInput
from .io.actuators import ActuatorKind, HeatingActuator, make_actuator
from .io.boiler import BoilerProbe
from .io.leases import Leases

BOILER_LEASE = "boiler"
"""Key of the lease of the boiler's setpoint. Room leases have the room's ID."""
MISSING_GRACE_S = 60.0
"""Bridges need some time until they have published all of their states."""


@dataclass(kw_only=True)
class ManagedBoiler:
    """Combines the boiler's readings with the setpoint that protection holds."""

    config: BoilerConfig
    leases: Leases
    probe: BoilerProbe
    actuator: HeatingActuator | None
    _overridden: bool = False
    _missing_since_s: float | None = None

    def read(self) -> BoilerInput:
        """Read the boiler as it would be without load sharing.

        While protection holds the setpoint, its owner's value is the one from before.
        The first reading after an override reports it, and no other.
        """
        reading = self.probe.read()
        if self.leases.holds(BOILER_LEASE):
            return replace(reading, setpoint_c=self.leases.prior(BOILER_LEASE))
        overridden, self._overridden = self._overridden, False
        return replace(reading, setpoint_overridden=overridden)

    def note_override(self) -> None:
        """Note that something else has set the setpoint while it was held."""
        self._overridden = True

    def carry_out(self, setpoint_c: float | None, now_s: float) -> None:
        """Hold the setpoint at this value, or release it if that is None."""
        if self.actuator is None:
            return
        if setpoint_c is not None:
            self.leases.hold(BOILER_LEASE, self.actuator, setpoint_c, now_s)
        elif self.leases.holds(BOILER_LEASE):
            self.leases.release(BOILER_LEASE, now_s)

    def is_incomplete(self, now_s: float, *, is_up: bool) -> bool:
        """Return whether a configured entity was without a known state for long.

        Entities may be missing while Home Assistant starts or stops (not ``is_up``).
        """
        if not is_up or not self.probe.missing:
            self._missing_since_s = None
            return False
        if self._missing_since_s is None:
            self._missing_since_s = now_s
        return now_s - self._missing_since_s >= MISSING_GRACE_S


def manage_boiler(
    hass: HomeAssistant, config: BoilerConfig, leases: Leases
) -> ManagedBoiler:
    """Build the boiler from its configuration."""
    actuator = None
    if config.protection and config.setpoint:
        actuator = make_actuator(hass, ActuatorKind.BOILER, config.setpoint)
    return ManagedBoiler(
        config=config,
        leases=leases,
        probe=BoilerProbe(hass, config),
        actuator=actuator,
    )
