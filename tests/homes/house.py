"""A fake house: a meter, chargers and cars in a Home Assistant under test."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.number import NumberEntity
from homeassistant.components.sensor import SensorEntity
from homeassistant.components.switch import SwitchEntity
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HassJob,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    setup_test_component_platform,
)

from custom_components.load_sharing.const import (
    DOMAIN,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
)

METER = "sensor.meter"
NUMBER = "number.wallbox_current"
SWITCH = "switch.wallbox"
STATUS = "sensor.wallbox_status"
DRAW = "sensor.wallbox_draw"
SECOND_NUMBER = "number.wallbox_2_current"

METERS = (METER, "sensor.meter_l2", "sensor.meter_l3")
BALANCING = "switch.home_balancing"
OVERLOAD_EVENT = "event.home_overload_event"

SUPPLY = {
    "meter_l1": METER,
    "limit_a": 32.0,
    "voltage_v": 230.0,
    "export_sign": "negative",
}
THREE_PHASES = SUPPLY | {"meter_l2": METERS[1], "meter_l3": METERS[2]}
LOST = {"meter_lost_action": "stop"}
"""What the form of a new supply asks."""
OPTIONS = LOST | {
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


SECOND_CHARGER = CHARGER | {"number_entity": SECOND_NUMBER}
ACTIONS = {
    "phases": ["l1"],
    "min_current_a": 6.0,
    "max_current_a": 32.0,
    "control": "actions",
    "set_current": [
        {
            "action": "test.set_current",
            "data": {
                "amperes": "{{ current_a }}",
                "watts": "{{ current_w }}",
                "charger": "{{ charger_id }}",
            },
        }
    ],
}

type Wait = Callable[[float], Awaitable[None]]


class Wallbox:
    """A charger that obeys, refuses, hangs, or accepts commands without obeying."""

    def __init__(self) -> None:
        """Start without any command."""
        self.sent: list[float] = []
        self.tried = 0
        self.failing = False
        self.deaf = False
        self.error: Exception = HomeAssistantError("the charger does not answer")
        self.hanging = False
        self.released = asyncio.Event()
        self.calls_running = 0
        self.most_calls_running = 0

    async def take(self, current_a: float) -> bool:
        """Accept a command; return whether it is obeyed."""
        self.tried += 1
        self.calls_running += 1
        self.most_calls_running = max(self.most_calls_running, self.calls_running)
        try:
            if self.hanging:
                await self.released.wait()
        finally:
            self.calls_running -= 1
        if self.failing:
            raise self.error
        self.sent.append(current_a)
        return not self.deaf


class WallboxNumber(NumberEntity):
    """The number that sets the charger's current."""

    _attr_should_poll = False
    _attr_native_min_value = 0
    _attr_native_max_value = 32
    _attr_native_step: float = 1
    _attr_native_unit_of_measurement = "A"

    def __init__(self, wallbox: Wallbox, name: str, value: float) -> None:
        """Start with a current."""
        self._wallbox = wallbox
        self._attr_name = name
        self._attr_native_value = value

    @override
    async def async_set_native_value(self, value: float) -> None:
        if await self._wallbox.take(value):
            self.show(value)

    def show(self, value: float | None) -> None:
        """Show another current, as if it was changed at the charger."""
        self._attr_native_value = value
        self.async_write_ha_state()

    def show_step(self, step: float) -> None:
        """Change the step."""
        self._attr_native_step = step

    def show_available(self, available: bool) -> None:
        """Become unavailable, or available again."""
        self._attr_available = available
        self.async_write_ha_state()


class WallboxSwitch(SwitchEntity):
    """The charger's switch."""

    _attr_should_poll = False
    _attr_name = "Wallbox"
    _attr_is_on: bool | None = True

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
        if await self._wallbox.take(0.0):
            self._attr_is_on = False
            self.async_write_ha_state()

    def show(self, *, on: bool | None) -> None:
        """Show another position."""
        self._attr_is_on = on
        self.async_write_ha_state()

    def show_available(self, *, available: bool) -> None:
        """Become unavailable, or available again."""
        self._attr_available = available
        self.async_write_ha_state()


class PolledMeter(SensorEntity):
    """A meter that is polled, unless ``polled`` is False."""

    _attr_name = "Polled meter"
    _attr_unique_id = "polled_meter"
    _attr_native_unit_of_measurement = "A"

    def __init__(self, *, polled: bool = True) -> None:
        """Show 10 A."""
        self._attr_should_poll = polled
        self._attr_native_value = 10.0
        self.asked = 0
        self.hanging = False
        self.failing = False

    async def async_update(self) -> None:
        """Count the poll; fail or hang if so configured."""
        self.asked += 1
        if self.failing:
            raise OSError("no route to the meter")
        if self.hanging:
            await asyncio.Event().wait()

    def show(self, value: float) -> None:
        """Report another current."""
        self._attr_native_value = value
        self.async_write_ha_state()


class Car:
    """A car that draws what the number offers, up to ``most_a`` and after ``lag_s``."""

    def __init__(
        self,
        hass: HomeAssistant,
        number: str,
        *,
        most_a: float = 32.0,
        lag_s: float = 0.0,
    ) -> None:
        """Plug the car in."""
        self.hass = hass
        self.most_a = most_a
        self.lag_s = lag_s
        state = hass.states.get(number)
        assert state is not None
        self._offers = [(0.0, float(state.state))]
        async_track_state_change_event(hass, number, self._offered)

    @callback
    def _offered(self, event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and state.state not in ("unavailable", "unknown"):
            self._offers.append((self.hass.loop.time(), float(state.state)))

    @property
    def draw_a(self) -> float:
        """Current that the car draws now."""
        now_s = self.hass.loop.time()
        offered_a = [a for since_s, a in self._offers if since_s + self.lag_s <= now_s]
        return min(self.most_a, offered_a[-1])


class House:
    """A meter, two chargers, and the site that controls them."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Create the devices; ``put_up`` adds them to Home Assistant."""
        self.hass = hass
        self.freezer = freezer
        self.wallbox = Wallbox()
        self.number = WallboxNumber(self.wallbox, "Wallbox current", 0)
        self.switch = WallboxSwitch(self.wallbox)
        self.second = Wallbox()
        self.second_number = WallboxNumber(self.second, "Wallbox 2 current", 0)

    async def put_up(self) -> None:
        """Add the first charger's entities to Home Assistant."""
        setup_test_component_platform(self.hass, "number", [self.number])
        setup_test_component_platform(self.hass, "switch", [self.switch])
        for domain in ("number", "switch"):
            config = {domain: {"platform": "test"}}
            assert await async_setup_component(self.hass, domain, config)
        await self.hass.async_block_till_done()

    async def put_up_second(self) -> None:
        """Add the second charger's number."""
        assert self.number.platform is not None
        await self.number.platform.async_add_entities([self.second_number])

    async def put_up_meter(self, meter: PolledMeter) -> None:
        """Add a meter that is a real sensor entity."""
        setup_test_component_platform(self.hass, "sensor", [meter])
        config = {"sensor": {"platform": "test"}}
        assert await async_setup_component(self.hass, "sensor", config)
        await self.hass.async_block_till_done()

    @property
    def sent(self) -> list[float]:
        """Currents that the first charger accepted, in A; 0 is a stop."""
        return self.wallbox.sent

    async def measure(self, *values: float | str, unit: str | None = "A") -> None:
        """Report one value of the L1 meter, or one of each phase."""
        meters = [METER] if len(values) == 1 else METERS
        for meter, value in zip(meters, values, strict=True):
            attributes = {"unit_of_measurement": unit} if unit else {}
            self.hass.states.async_set(meter, str(value), attributes)
        await self.hass.async_block_till_done()

    async def set_state(
        self, entity_id: str, value: float | str, unit: str = ""
    ) -> None:
        """Set the state of any other entity."""
        attributes = {"unit_of_measurement": unit} if unit else {}
        self.hass.states.async_set(entity_id, str(value), attributes)
        await self.hass.async_block_till_done()

    async def wait(self, seconds: float) -> None:
        """Advance time from one timer to the next."""
        # Let running tasks finish first.
        for _ in range(20):
            await asyncio.sleep(0)
        await self.hass.async_block_till_done()
        loop = self.hass.loop
        end_s = loop.time() + seconds
        while (left_s := end_s - loop.time()) > 1e-6:
            now_s = loop.time()
            next_s = min(
                [
                    handle.when() - now_s
                    for handle in get_scheduled_timer_handles(loop)
                    if not handle.cancelled() and handle.when() > now_s
                ],
                default=left_s,
            )
            # Frozen time has whole microseconds: round up so as not to miss the timer.
            step_s = min(next_s + 1e-6, left_s)
            self.freezer.tick(timedelta(seconds=step_s))
            for _ in range(3):
                await asyncio.sleep(0)  # The loop needs a turn to find due timers.
            await self.hass.async_block_till_done()

    def set_wall_clock(self, by: timedelta) -> None:
        """Set the wall clock, while the monotonic clock goes on as before."""
        loop = self.hass.loop
        before, time = loop.time(), loop.time
        self.freezer.move_to(dt_util.utcnow() + by)
        jumped_s = time() - before
        loop.time = lambda: time() - jumped_s  # type: ignore[method-assign]

    async def pass_time(self, seconds: float) -> None:
        """Advance time while a call hangs, so that waiting for all tasks would never end."""
        for _ in range(round(seconds / 0.5)):
            self.freezer.tick(timedelta(seconds=0.5))
            for _ in range(20):
                await asyncio.sleep(0)

    def drive_by_watts(self, most_w: int = 22_080) -> None:
        """Have the first charger's number take W, up to 3 x 32 A at 230 V."""
        self.number._attr_native_unit_of_measurement = "W"
        self.number._attr_native_max_value = most_w
        self.number._attr_native_step = 10
        self.number.show(0)

    async def hang_meter(self, value: float) -> None:
        """Report a value of the meter while a call hangs."""
        self.hass.states.async_set(METER, str(value), {"unit_of_measurement": "A"})
        for _ in range(20):
            await asyncio.sleep(0)

    async def live(self, seconds: int, base_a: float, *cars: Car) -> list[float]:
        """Report each second what the house and its cars draw; return the reports in A."""
        reported_a = []
        for _ in range(seconds):
            await self.wait(1)
            reported_a.append(base_a + sum(car.draw_a for car in cars))
            await self.measure(reported_a[-1])
        return reported_a

    @property
    def timers(self) -> list[float]:
        """Seconds until each timer of the integration."""
        now_s = self.hass.loop.time()
        return [
            round(handle.when() - now_s, 3)
            for handle in get_scheduled_timer_handles(self.hass.loop)
            if not handle.cancelled()
            and handle._args
            and isinstance(job := handle._args[-1], HassJob)
            and (job.name or "").startswith(DOMAIN)
        ]

    async def call(
        self, domain: str, service: str, entity_id: str, **data: Any
    ) -> None:
        """Call a service on an entity."""
        await self.hass.services.async_call(
            domain, service, {"entity_id": entity_id, **data}, blocking=True
        )
        await self.hass.async_block_till_done()

    async def tune(self, entity_id: str, value: float) -> None:
        """Set one of the site's numbers."""
        await self.call("number", "set_value", entity_id, value=value)

    async def switch_balancing(self, *, on: bool) -> None:
        """Switch balancing on or off."""
        await self.call("switch", f"turn_{'on' if on else 'off'}", BALANCING)

    def listen(self, *event_types: str) -> list[Event]:
        """Record events of some types."""
        recorded: list[Event] = []

        @callback
        def note(event: Event[Any]) -> None:
            recorded.append(event)

        for event_type in event_types:
            self.hass.bus.async_listen(event_type, note)
        return recorded

    def listen_overload(self) -> list[State]:
        """Record the states of the overload event entity."""
        return self.listen_event(OVERLOAD_EVENT)

    def listen_event(self, entity_id: str) -> list[State]:
        """Record the states of an event entity that carry an event."""
        recorded: list[State] = []

        @callback
        def note(event: Event[Any]) -> None:
            if event.data["entity_id"] == entity_id:
                state = event.data["new_state"]
                if state and state.attributes.get("event_type"):
                    recorded.append(state)

        self.hass.bus.async_listen("state_changed", note)
        return recorded

    async def set_up(
        self,
        *,
        supply: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
        charger: dict[str, Any] | None = None,
        chargers: list[dict[str, Any]] | None = None,
        circuits: dict[str, dict[str, Any]] | None = None,
    ) -> MockConfigEntry:
        """Set up a site named Home with chargers named Garage, and circuits by ID."""
        data = chargers if chargers is not None else [CHARGER | (charger or {})]
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={"supply": SUPPLY | (supply or {})},
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
            ]
            + [
                {
                    "data": circuit_data,
                    "subentry_id": circuit_id,
                    "subentry_type": SUBENTRY_CIRCUIT,
                    "title": circuit_id.capitalize(),
                    "unique_id": None,
                }
                for circuit_id, circuit_data in (circuits or {}).items()
            ],
        )
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        return entry

    def state(self, entity_id: str) -> str:
        """State of an entity."""
        return self.shown(entity_id).state

    def shown(self, entity_id: str) -> State:
        """State of an entity with its attributes."""
        state = self.hass.states.get(entity_id)
        assert state is not None, entity_id
        return state
