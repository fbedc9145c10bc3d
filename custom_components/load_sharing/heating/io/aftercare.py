"""Gives a thermostat its mode back, and its automatic control, after its actuator.

Setting a temperature takes many thermostats out of their own schedule (hvac mode
``auto``) or their preset, and raises the upper of two setpoints where the lower would
cross it. Setting the valve takes some heads out of their automatic
control, which they resume when their setpoint is sent (Shelly TRV).
"""

from dataclasses import dataclass
from typing import NamedTuple

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ATTR_HVAC_MODES,
    ATTR_PRESET_MODE,
    ATTR_PRESET_MODES,
    ATTR_TARGET_TEMP_HIGH,
    ATTR_TARGET_TEMP_LOW,
    ATTR_TEMPERATURE,
    HVACMode,
)
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Context, HomeAssistant, State

from ...site.action_names import SET_HVAC_MODE, SET_PRESET_MODE, SET_TEMPERATURE
from ...site.entity_calls import EntityAction, async_call_entity
from ..engine.lease import Lease
from .actuator import HeatingActuator

BOOST = "boost"
SETTLE_S = 45.0
FOLLOWS_WITHIN_S = 300.0
"""An integration may show the new setpoint at once, and the mode with the next status.

So does Home Assistant's ``eq3btsmart``, within seconds. The longest poll of a thermostat
that was seen is that of ``tado``: 5 minutes.
"""
FIRST_RETRY_S = 60.0
MAX_RETRY_S = 960.0


class ThermostatMode(NamedTuple):
    """What a thermostat follows: its mode, and its preset and upper setpoint if any."""

    hvac_mode: str | None
    preset_mode: str | None
    upper: float | None = None


def read_mode(hass: HomeAssistant, entity_id: str) -> ThermostatMode | None:
    """Return the mode of a thermostat; None while that is unknown, or it is off."""
    state = hass.states.get(entity_id)
    if state is None or state.state in (STATE_UNAVAILABLE, HVACMode.OFF):
        return None
    hvac_mode = None if state.state == STATE_UNKNOWN else state.state
    preset_mode = state.attributes.get(ATTR_PRESET_MODE)
    upper = state.attributes.get(ATTR_TARGET_TEMP_HIGH)
    return ThermostatMode(
        hvac_mode,
        preset_mode if isinstance(preset_mode, str) else None,
        float(upper) if isinstance(upper, int | float) else None,
    )


@dataclass(slots=True, kw_only=True)
class Aftercare:
    """What a thermostat needs once its actuator is given back.

    ``prior`` is the mode that its owner wants, ``ours`` the one that our writes led to.
    A mode that is neither was set by something else, and is the owner's from then on.
    ``send_setpoint``: its setpoint has to be sent again. ``is_theirs``: a person has set
    the thermostat, so that a new mode is not from our writes.
    """

    hass: HomeAssistant
    thermostat: str
    prior: ThermostatMode | None
    ours: ThermostatMode | None = None
    send_setpoint: bool = False
    is_theirs: bool = False
    attempts: int = 0
    due_s: float | None = None

    def note_mode(self, *, by_us: bool, written_ago_s: float | None) -> None:
        """Note a change of the mode; ``by_us``: our write is just taking effect.

        ``written_ago_s`` is how long ago the setpoint was set to what it shows; None: it
        shows something else. The first mode that heats soon after is from our write, too.
        """
        mode = read_mode(self.hass, self.thermostat)
        if mode is None or mode in (self.prior, self.ours):
            return
        follows = (
            self.prior is not None
            and written_ago_s is not None
            and written_ago_s < FOLLOWS_WITHIN_S
            and self.ours is None
            and mode.hvac_mode in (self.prior.hvac_mode, HVACMode.HEAT)
            and not self._is_set_by_other()
        )
        is_ours = (by_us or follows) and not self.is_theirs
        if is_ours and self.prior is not None:
            self.ours = mode
        else:
            self.prior, self.ours = mode, None

    def leave(self, now_s: float) -> None:
        """Leave the mode to a person who sets the thermostat; wait until it shows that."""
        self.is_theirs = True
        self.due_s = now_s + SETTLE_S

    def _is_set_by_other(self) -> bool:
        """Return whether a person or an automation caused what the thermostat shows."""
        state = self.hass.states.get(self.thermostat)
        if state is None:
            return False
        context = state.context
        return context.user_id is not None or context.parent_id is not None

    def has_returned(self, lease: Lease, now_s: float) -> bool:
        """Return whether the thermostat left our mode for that of its owner by itself.

        So it does at its next switching time, or if its app resumes its schedule. Soon
        after a write, a poll may show what was before for a moment.
        """
        if lease.wanted is None or not lease.confirmed or not lease.has_settled(now_s):
            return False
        is_ours_known = self.ours is not None and self.ours != self.prior
        return is_ours_known and read_mode(self.hass, self.thermostat) == self.prior

    def is_done(self) -> bool:
        """Return whether the thermostat is as its owner had it, or as far as it can."""
        if self.send_setpoint:
            return False
        if self.prior is None or self.ours is None:
            return True
        mode = read_mode(self.hass, self.thermostat)
        state = self.hass.states.get(self.thermostat)
        if mode is None or state is None:
            return False
        return mode != self.ours or not self._actions(state)

    def is_due(self, now_s: float) -> bool:
        """Return whether to call the thermostat now: never while it is off."""
        if read_mode(self.hass, self.thermostat) is None:
            return False
        return self.due_s is None or now_s >= self.due_s

    def plan(self, now_s: float) -> None:
        """Plan the next attempt, should this one not take effect."""
        wait_s = SETTLE_S if not self.attempts else FIRST_RETRY_S * 2**self.attempts
        self.due_s = now_s + min(wait_s, MAX_RETRY_S)
        self.attempts = min(self.attempts + 1, 10)

    async def async_run(self, context: Context) -> None:
        """Send the setpoint again, or set the mode and the preset that differ."""
        state = self.hass.states.get(self.thermostat)
        if state is None:
            return
        try:
            for action in self._actions(state):
                await async_call_entity(self.hass, self.thermostat, action, context)
            self.send_setpoint = False
        finally:
            # A call that failed may have been preceded by one that did not.
            self.ours = read_mode(self.hass, self.thermostat) or self.ours

    def _actions(self, state: State) -> list[EntityAction]:
        """Return the calls that are needed.

        Modes that it does not offer are left, and so is a boost, which would begin anew.
        """
        actions = []
        if self.send_setpoint and state.attributes.get(ATTR_TEMPERATURE) is not None:
            data = {ATTR_TEMPERATURE: state.attributes[ATTR_TEMPERATURE]}
            actions.append(EntityAction(SET_TEMPERATURE, data))
        if self.prior is None or self.ours is None:
            return actions
        hvac_mode, preset_mode, upper = self.prior
        lower = state.attributes.get(ATTR_TARGET_TEMP_LOW)
        if lower is not None and upper not in (
            None,
            state.attributes.get(ATTR_TARGET_TEMP_HIGH),
        ):
            both = {ATTR_TARGET_TEMP_LOW: lower, ATTR_TARGET_TEMP_HIGH: upper}
            actions.append(EntityAction(SET_TEMPERATURE, both))
        if hvac_mode != state.state and hvac_mode in (
            state.attributes.get(ATTR_HVAC_MODES) or ()
        ):
            actions.append(EntityAction(SET_HVAC_MODE, {ATTR_HVAC_MODE: hvac_mode}))
        if (
            preset_mode is not None
            and preset_mode != state.attributes.get(ATTR_PRESET_MODE)
            and preset_mode in (state.attributes.get(ATTR_PRESET_MODES) or ())
            and BOOST not in preset_mode.lower()
        ):
            data = {ATTR_PRESET_MODE: preset_mode}
            actions.append(EntityAction(SET_PRESET_MODE, data))
        return actions


def start_aftercare(actuator: HeatingActuator) -> Aftercare | None:
    """Remember the mode of the thermostat that a write may change; None without one."""
    if actuator.thermostat is None:
        return None
    return Aftercare(
        hass=actuator.hass,
        thermostat=actuator.thermostat,
        prior=read_mode(actuator.hass, actuator.thermostat),
        send_setpoint=actuator.needs_setpoint,
    )
