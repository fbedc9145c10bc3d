"""Reads a charger's entities: its status, its draw, and whether it obeys."""

from math import inf

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import Context, HomeAssistant

from ...site.readings import known_state
from ..config import ChargerConfig
from ..controls import ActionControl
from ..engine.command import CommandState, ReadBack
from ..engine.draw import most_if_obeying
from ..engine.epochs import FOLLOWED_S, possible_currents
from ..engine.hand import Author, Shown
from ..engine.latency import UNSEEN_S
from ..engine.measurement import PhasesUsed, spread_over_phases, with_earlier
from ..engine.model import NOTHING_A, ChargerStatus, ControlRange, DrawReading, Reading
from .actuators import DEFAULT_RANGE, CurrentActuator, is_available, make_actuator
from .clock import Clock
from .commands import CURRENT_W
from .currents import CurrentGate, read_current
from .presence import is_away
from .units import is_power
from .voltage import SupplyVoltage

OFFERED_WITHIN_S = 90.0
"""Chargers usually report the current they offer once a minute, and when it changes."""


class ChargerProbe:
    """Reads one charger's entities."""

    def __init__(
        self, hass: HomeAssistant, config: ChargerConfig, voltage: SupplyVoltage
    ) -> None:
        """Wrap the entities of one charger on a supply of this voltage."""
        self._hass = hass
        self._config = config
        self._voltage = voltage
        self._entered = entered = voltage.mains
        self._count: int | None = None
        control = config.control
        self._runs_on_watts = isinstance(control, ActionControl) and (
            CURRENT_W in str(control.set_current)
        )
        self._loads = entered.loads(len(config.phases))
        self._gate = CurrentGate(lambda: voltage.mains.phase_v, config.rating_a)
        self._phases_used = PhasesUsed()
        self._drawn: DrawReading | None = None
        self.actuator = make_actuator(hass, config.control, self.commanded_volts())

    def use_phases(self, count: int | None) -> None:
        """Convert powers for the number of phases that the charger charges on."""
        self._count = count

    @property
    def is_away(self) -> bool:
        """Whether the car, which is the charger, is elsewhere."""
        return is_away(self._hass, self._config.presence)

    @property
    def volts(self) -> float:
        """Power in W that the charger takes for each ampere on the phases in use."""
        return self._voltage.mains.volts(self._used)

    def commanded_volts(self) -> float:
        """Power in W that is sent for each ampere on the phases in use."""
        return self._voltage.commanded.volts(self._used)

    @property
    def _used(self) -> int:
        """Number of phases that the charger charges on, as far as known."""
        return self._count or len(self._config.phases)

    @property
    def watts_per_a(self) -> tuple[float, ...]:
        """Power in W of 1 A on one phase, two and three, if the charger is set in W.

        At the voltage that was entered, so that it stays the same.
        """
        in_watts = self._runs_on_watts
        if self.actuator is not None:
            in_watts = self.actuator.in_watts
        counts = range(1, len(self._config.phases) + 1) if in_watts else ()
        return tuple(
            self._entered.volts(count) if count in self._loads else 0.0
            for count in counts
        )

    def status(self, clock: Clock) -> tuple[ChargerStatus, float]:
        """Return the status of the charger, and when it began."""
        if self._config.status is None:
            # Without a status entity, the status has never changed.
            return ChargerStatus.NOT_CONFIGURED, -inf
        state = known_state(self._hass, self._config.status)
        if state is None:
            return ChargerStatus.UNKNOWN, clock.monotonic_s
        charging = state.state.casefold() in self._config.charging_states
        status = ChargerStatus.CHARGING if charging else ChargerStatus.NOT_CHARGING
        return status, clock.changed_at(state)

    def draw(
        self, command: CommandState | None, settle_s: float, clock: Clock
    ) -> DrawReading | None:
        """Return the measured current by phase; None unless all sensors can be read.

        ``command`` is None while the charger is not ours to control: then any current
        up to its rating may be in force.
        """
        readings: list[Reading] = []
        for entity_id in self._config.draws:
            reading = self._gate.read(self._hass.states.get(entity_id), clock)
            if not isinstance(reading, Reading):
                self._drawn = None
                return None
            readings.append(reading)
        if not readings:
            return None
        newest = self._measured(readings, command, settle_s)
        changed_s = max([reading.taken_at_s for reading in readings])
        self._drawn = with_earlier(newest, self._drawn, changed_s)
        return self._drawn

    def _measured(
        self, readings: list[Reading], command: CommandState | None, settle_s: float
    ) -> DrawReading:
        """Return the bounds of the draw by phase; one sensor may measure the total."""
        taken_at_s = min([reading.taken_at_s for reading in readings])
        drawn_a = tuple([max(0.0, reading.current_a) for reading in readings])
        phases = len(self._config.phases)
        if len(drawn_a) >= phases:
            drawn_a = drawn_a[:phases]
            return DrawReading(drawn_a, drawn_a, taken_at_s)
        total_a = drawn_a[0]
        if not self._measures_power:
            each_a = (total_a,) * phases
            return DrawReading(
                each_a, each_a, taken_at_s, total_a=total_a * phases, alike=phases > 1
            )
        if self.watts_per_a:
            # The power is what was set, on whatever number of phases.
            used = self._count or phases
            each_a = (total_a / self._loads[used],) * used + (0.0,) * (phases - used)
            return DrawReading(each_a, each_a, taken_at_s, total_a=total_a)
        commanded_a = (0.0, self._config.rating_a)
        late_a: list[float] = []
        if command is not None and command.epochs:
            commanded_a = command.possible_at(taken_at_s, settle_s)
            late_a = possible_currents(command.epochs, taken_at_s, FOLLOWED_S)
        low_a, high_a, self._phases_used = spread_over_phases(
            total_a,
            commanded_a,
            phases,
            self._phases_used,
            self._loads,
            (self._drawn and self._drawn.total_a) or 0.0,
            late_a,
        )
        return DrawReading(low_a, high_a, taken_at_s, total_a=total_a)

    @property
    def _measures_power(self) -> bool:
        """Whether the only draw sensor shows the total power of all phases."""
        state = self._hass.states.get(self._config.draws[0])
        if state is None:
            return False
        return is_power(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))

    def current_in_force(self) -> float | None:
        """Return the current that the control entities show; None if unknown."""
        if self.actuator is None:
            return None
        if self._switch is not None:
            switch = known_state(self._hass, self._switch)
            if switch is None:
                return None
            if switch.state == STATE_OFF:
                return 0.0
        return self.actuator.read()

    def oldest_report_s(self, clock: Clock, *, with_controls: bool) -> float:
        """Return when the charger's most silent entity reported; inf if none has.

        Without ``with_controls``, only its sensors count.
        """
        config = self._config
        sensors = [config.status, config.offered, *config.draws]
        states = [
            known_state(self._hass, entity_id)
            for entity_id in (config.entities if with_controls else sensors)
        ]
        return min(
            [clock.taken_at(state) for state in states if state is not None],
            default=inf,
        )

    def control_report_s(self, clock: Clock) -> float:
        """Return when the entity that sets the current reported; -inf if unknown."""
        if isinstance(control := self._config.control, ActionControl):
            return -inf
        state = known_state(self._hass, control.entity)
        return -inf if state is None else clock.taken_at(state)

    def shown(
        self,
        wanted_a: float,
        ours: Context,
        back_s: float,
        clock: Clock,
        *,
        is_first: bool,
    ) -> Shown | None:
        """Return what the control entities show, and what caused it; None if unknown.

        ``ours`` is the context of the last command. ``back_s`` is when the entities
        last became available again. ``is_first``: they have reported nothing before.
        """
        if isinstance(control := self._config.control, ActionControl):
            return None
        entity_id, current_a = control.entity, self.current_in_force()
        if control.switch is not None and (current_a == 0 or wanted_a == 0):
            entity_id, current_a = control.switch, inf if current_a else current_a
        state = known_state(self._hass, entity_id)
        if state is None or current_a is None:
            return None
        context, author = state.context, Author.CHARGER
        if context.id == ours.id:
            author = Author.US
        elif context.user_id is not None or context.parent_id is not None:
            author = Author.OTHER
        return Shown(current_a, author, clock.changed_at(state), back_s, is_first)

    @property
    def control_range(self) -> ControlRange:
        """The currents in A that the charger can be set to at present.

        A charger that is off, and shows its number only while it is on, can only be
        started with the current that it had; that may be any if it was never seen.
        """
        if self.actuator is None:
            return DEFAULT_RANGE
        range_a, had_a = self.actuator.range_a, self.actuator.recall()
        if self._switch:
            range_a = range_a._replace(pauses=True)
        if self._is_off_without_number:
            return range_a._replace(levels_a=(min(had_a, self._config.rating_a),))
        return range_a

    @property
    def _is_off_without_number(self) -> bool:
        """Whether the charger is switched off, and its number is unavailable."""
        control = self._config.control
        if isinstance(control, ActionControl) or control.switch is None:
            return False
        switch = self._hass.states.get(control.switch)
        is_off = switch is not None and switch.state == STATE_OFF
        return is_off and not is_available(self._hass, control.entity)

    @property
    def _switch(self) -> str | None:
        """Entity ID of the switch that pauses and resumes charging."""
        control = self._config.control
        return None if isinstance(control, ActionControl) else control.switch

    def stays_off(self, wanted_a: float | None) -> bool:
        """Return whether only the switch keeps a charger from a wanted current."""
        if not wanted_a or self.actuator is None or self._switch is None:
            return False
        switch = known_state(self._hass, self._switch)
        if switch is None or switch.state != STATE_OFF:
            return False
        return self.actuator.read_back(wanted_a) is ReadBack.OBEYS

    @property
    def reachable(self) -> bool:
        """Whether the control entities can be called."""
        if isinstance(control := self._config.control, ActionControl):
            return True
        return all(
            is_available(self._hass, entity_id)
            for entity_id in (control.entity, control.switch)
            if entity_id
        )

    def read_back(
        self,
        command: CommandState,
        settle_s: float,
        status: ChargerStatus,
        draw: DrawReading | None,
        clock: Clock,
        *,
        followed: bool = False,
    ) -> ReadBack:
        """Compare the command with what the charger draws and shows.

        ``followed``: a reading has shown the step of the command.
        """
        wanted_a = command.desired_a
        if wanted_a is None:
            return ReadBack.UNKNOWN
        settled_s = command.settled_at(settle_s)
        if (
            command.accepted
            and draw is not None
            and draw.taken_at_s >= settled_s
            and max(draw.low_a) > most_if_obeying(wanted_a)
        ):
            return ReadBack.DIFFERS
        if self._offers_more(command, wanted_a, clock):
            return ReadBack.DIFFERS
        if self.actuator is not None:
            idle = status is ChargerStatus.NOT_CHARGING or (
                draw is not None and max(draw.high_a) < NOTHING_A
            )
            shown = self._read_back_entities(self.actuator, wanted_a, idle=idle)
            proven = command.accepted or followed or (idle and wanted_a == 0)
            if shown is ReadBack.OBEYS and not proven:
                return ReadBack.CLAIMS
            return shown
        if wanted_a > 0:
            return ReadBack.NONE
        shown = self._read_back_stop(command, settled_s, status, draw, clock)
        unseen = shown is ReadBack.UNKNOWN and command.accepted
        return ReadBack.OBEYS if unseen and followed else shown

    def _offers_more(
        self, command: CommandState, wanted_a: float, clock: Clock
    ) -> bool:
        """Return whether the charger has long offered more than the command allows.

        Some chargers silently ignore a current. A value from before charging began does
        not count: it may be left over from the last session.
        """
        if self._config.offered is None or not command.accepted:
            return False
        latest_s = clock.monotonic_s - OFFERED_WITHIN_S
        status, since_s = self.status(clock)
        if status is not ChargerStatus.CHARGING or since_s > latest_s:
            return False
        state = known_state(self._hass, self._config.offered)
        if state is None or command.settled_at(0.0) > latest_s:
            return False
        offered_a = read_current(state, self.volts)
        return offered_a is not None and offered_a > most_if_obeying(wanted_a)

    def _read_back_entities(
        self, actuator: CurrentActuator, wanted_a: float, *, idle: bool
    ) -> ReadBack:
        """Compare the command with the control entities."""
        if self._switch is not None:
            switch = self._hass.states.get(self._switch)
            if switch and switch.state == STATE_UNAVAILABLE:
                # Some chargers have no switch without a car, but still limit.
                if wanted_a > 0:
                    return actuator.read_back(wanted_a)
                if idle and actuator.read() is not None:
                    return ReadBack.OBEYS
            if switch is None or switch.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
                return ReadBack.UNKNOWN
            if wanted_a == 0 or switch.state != STATE_ON:
                stopped = switch.state == STATE_OFF
                return (
                    ReadBack.OBEYS if stopped == (wanted_a == 0) else ReadBack.DIFFERS
                )
        return actuator.read_back(wanted_a)

    def _read_back_stop(
        self,
        command: CommandState,
        settled_s: float,
        status: ChargerStatus,
        draw: DrawReading | None,
        clock: Clock,
    ) -> ReadBack:
        """Check by the draw, or else by the status, a stop that actions sent."""
        if draw is None and status is ChargerStatus.NOT_CONFIGURED:
            return ReadBack.NONE
        if not command.accepted or clock.monotonic_s < settled_s:
            return ReadBack.UNKNOWN
        if draw is not None:
            stopped = max(draw.high_a) < NOTHING_A
        elif status is ChargerStatus.UNKNOWN:
            # The pause may be what took the status away.
            waited = clock.monotonic_s >= settled_s + UNSEEN_S
            return ReadBack.NONE if waited else ReadBack.UNKNOWN
        else:
            stopped = status is ChargerStatus.NOT_CHARGING
        if stopped:
            return ReadBack.OBEYS
        return ReadBack.DIFFERS
