"""The boiler as the heating control holds it: configuration, sensors, setpoint."""

from dataclasses import dataclass, replace

from homeassistant.core import HomeAssistant

from .config import BoilerConfig
from .engine.model import BoilerInput
from .io.actuator import ActuatorKind, HeatingActuator
from .io.actuators import make_actuator
from .io.boiler import BoilerProbe
from .io.leases import Leases

BOILER_LEASE = "boiler"
"""Key of the lease of the boiler's setpoint. Room leases have the room's ID."""
MISSING_GRACE_S = 60.0
"""Bridges need some time until they have published all of their states."""


@dataclass(kw_only=True)
class ManagedBoiler:
    """Combines the boiler's readings with what holds its burner off."""

    config: BoilerConfig
    leases: Leases
    probe: BoilerProbe
    actuator: HeatingActuator | None
    _overridden: bool = False
    _missing_since_s: float | None = None

    def read(self) -> BoilerInput:
        """Read the boiler as it would be without load sharing.

        While the burner is held off, the owner's setpoint is the one from before, and a
        boiler that is switched off counts as on. The first reading after an override
        reports it, and no other.
        """
        reading = self.probe.read()
        if self.leases.holds(BOILER_LEASE):
            if self.config.holds_by == self.config.setpoint:
                return replace(reading, setpoint_c=self.leases.prior(BOILER_LEASE))
            return replace(reading, on=None)
        overridden, self._overridden = self._overridden, False
        return replace(reading, setpoint_overridden=overridden)

    @property
    def floor_c(self) -> float:
        """Setpoint in °C that holds the burner off; no less than the boiler takes."""
        floor_c = self.config.floor_c
        is_setpoint = self.actuator and self.actuator.kind is ActuatorKind.BOILER
        return self.actuator.fit(floor_c) if self.actuator and is_setpoint else floor_c

    def note_override(self) -> None:
        """Note that something else has set the boiler while it was held."""
        self._overridden = True

    def carry_out(self, *, hold: bool, now_s: float) -> None:
        """Hold the burner off, or give the boiler back."""
        if self.actuator is None:
            return
        if hold:
            is_switch = self.actuator.kind is ActuatorKind.BOILER_SWITCH
            value = 0.0 if is_switch else self.floor_c
            self.leases.hold(BOILER_LEASE, self.actuator, value, now_s)
        elif self.leases.holds(BOILER_LEASE):
            self.leases.release(BOILER_LEASE, now_s)

    @property
    def silent(self) -> tuple[str, ...]:
        """Configured entities from which nothing can be read."""
        return (*self.probe.missing, *self.probe.unreadable)

    def is_incomplete(self, now_s: float, *, is_up: bool) -> bool:
        """Return whether nothing could be read from a configured entity for long.

        Entities may be missing while Home Assistant starts or stops (not ``is_up``).
        """
        if not is_up or not self.silent:
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
    if (entity_id := config.holds_by) is not None:
        is_switch = config.is_held_by_switch
        kind = ActuatorKind.BOILER_SWITCH if is_switch else ActuatorKind.BOILER
        actuator = make_actuator(hass, kind, entity_id)
    return ManagedBoiler(
        config=config,
        leases=leases,
        probe=BoilerProbe(hass, config),
        actuator=actuator,
    )
