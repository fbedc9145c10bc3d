"""Resumes what an earlier run held, from its entry in the journal."""

from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..engine import lease as leases
from .actuator import ActuatorKind, HeatingActuator
from .actuators import make_actuator
from .aftercare import Aftercare, ThermostatMode
from .holding import Holding
from .journal import LeaseData


def resume_holding(hass: HomeAssistant, data: LeaseData, *, undecided: bool) -> Holding:
    """Return an actuator that is to be given back, under the entity ID it has now."""
    registry_id = data.get("registry_id")
    actuator = make_actuator(
        hass,
        ActuatorKind(data["kind"]),
        _current_entity_id(hass, registry_id) or data["entity_id"],
    )
    actuator.actions = data.get("actions")
    return Holding(
        actuator=actuator,
        lease=leases.resume(
            data["prior"],
            tuple(data["held"]),
            actuator.profile,
            confirmed=data.get("confirmed", True),
        ),
        taken_at=datetime.fromisoformat(data["taken_at"]),
        registry_id=registry_id,
        aftercare=_resume_aftercare(hass, actuator, data),
        undecided=undecided,
    )


def _resume_aftercare(
    hass: HomeAssistant, actuator: HeatingActuator, data: LeaseData
) -> Aftercare | None:
    """Return the aftercare that an earlier run owes a thermostat."""
    if (thermostat := data.get("thermostat")) is None:
        return None
    is_own = thermostat["entity_id"] == data["entity_id"]
    mode = thermostat["mode"]
    return Aftercare(
        hass=hass,
        thermostat=actuator.entity_id if is_own else thermostat["entity_id"],
        prior=ThermostatMode(*mode) if mode else None,
        send_setpoint=thermostat["send_setpoint"],
    )


def _current_entity_id(hass: HomeAssistant, registry_id: str | None) -> str | None:
    """Return the entity ID that an actuator has now in the entity registry."""
    if not registry_id:
        return None
    return er.async_resolve_entity_id(er.async_get(hass), registry_id)
