"""Lives through the days in Home Assistant, second by second."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
import logging
from math import inf
from random import Random
from typing import Any, override

import freezegun
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HassJob, HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
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
from custom_components.load_sharing.coordinator import LoadSharingCoordinator
from simulation.meter import Meter, MeterKind

from .chargers import Charger
from .judge import Judge, Place, Truth
from .plan import (
    EACH_EVERY_S,
    OF_METER,
    RESTARTS,
    Fault,
    Session,
    Trouble,
    Tuning,
    draw_plan,
    meter_of,
)
from .site import (
    CHARGERS,
    EXTERNAL,
    FALLBACK_A,
    GARAGE,
    GRACE_S,
    HEARTBEAT_S,
    LIMITS_A,
    MAX_AGE_S,
    SUPPLY,
    VOLTAGE_V,
    Sensors,
    circuit_data,
    entry_data,
    house,
    meter,
)

PLACES: tuple[Place, ...] = tuple(
    (circuit, phase) for circuit in LIMITS_A for phase in range(3)
)
NONSENSE = {
    Fault.METER_UNAVAILABLE: "unavailable",
    Fault.CIRCUIT_METER_LOST: "unavailable",
    Fault.METER_NOT_A_NUMBER: "nan",
    Fault.METER_IMPLAUSIBLE: "99999",
}
RESTART_AT_MOST_EVERY_S = 2 * 3600.0
RESTART_TAKES_S = (2.0, 30.0)
CIRCUIT_LATER_S = 3.0
"""The circuit's meter reports after that of the supply."""
CALM_STEP_S = {
    MeterKind.EVERY_SECOND: 5.0,
    MeterKind.EVERY_10_SECONDS: 10.0,
    MeterKind.ON_CHANGE: 10.0,
}
"""While nothing happens, the house is looked at less often: it costs time."""
CALM_AFTER_S = 8.0
JUMP_A = 0.2
SAME_A = 0.05
REPEATS_S = 4.0
"""A meter that reports every second repeats itself only so often here, likewise."""
TURNS = 500


class Complaints(logging.Handler):
    """Collects what is logged as an error."""

    def __init__(self) -> None:
        """Nothing was logged yet."""
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            said += f": {record.exc_info[1]!r}"
        self.said.append(f"{record.name}: {said}")


class Replay:
    """A house with its site, the faults, and the judge."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        *,
        kind: MeterKind,
        sensors: Sensors,
        seed: int,
        seconds: float,
        starts_h: float = 0.0,
        each_every_s: float = EACH_EVERY_S,
        on_step: Callable[[Replay], None] | None = None,
    ) -> None:
        """Draw what will happen. It begins at ``starts_h`` of the first day."""
        self.on_step = on_step
        self.hass = hass
        self.freezer = freezer
        self.kind = kind
        self.seconds = seconds
        self.starts_s = starts_h * 3600
        wirings = CHARGERS[sensors]
        self.plan = draw_plan(
            seed, self.starts_s + seconds, wirings, kind, each_every_s
        )
        self.random = Random(f"restarts/{seed}")
        self.house = house(seed, wirings)
        self.house.clock_s = self.starts_s
        self.chargers = {
            wiring.charger_id: Charger(hass, wiring, point, self._heard)
            for wiring, point in zip(wirings, self.house.charge_points, strict=True)
        }
        self.judge = Judge(kind, list(self.chargers.values()))
        self.fallback = ("stop", "set_current", "hold")[seed % 3]
        self.complaints = Complaints()
        self.steps = 0
        self.took_s = 0.0
        self.began_s = hass.loop.time()
        self.meters = {place: Meter(kind) for place in PLACES}
        self._flows_a: tuple[float, ...] = ()
        self._stirred_s = 0.0
        self._told_s = dict.fromkeys(PLACES, -inf)
        self._sessions: dict[str, Session] = {}
        self._troubles: list[Trouble] = []
        self._restarts_s = inf
        self._restarted_s = -inf
        self._restart = Fault.RELOAD
        self._task: asyncio.Task[Any] | None = None
        self.entry = self._entry(seed)

    @property
    def now_s(self) -> float:
        """Seconds since the start."""
        return self.hass.loop.time() - self.began_s

    @property
    def coordinator(self) -> LoadSharingCoordinator | None:
        """The site, while it is set up."""
        if self.entry.state is not ConfigEntryState.LOADED:
            return None
        coordinator: LoadSharingCoordinator = self.entry.runtime_data
        return coordinator

    def _entry(self, seed: int) -> MockConfigEntry:
        subentries = [
            {
                "data": charger.wiring.data,
                "subentry_id": charger_id,
                "subentry_type": SUBENTRY_CHARGER,
                "title": charger_id.capitalize(),
                "unique_id": None,
            }
            for charger_id, charger in self.chargers.items()
        ]
        subentries.append(
            {
                "data": circuit_data(),
                "subentry_id": GARAGE,
                "subentry_type": SUBENTRY_CIRCUIT,
                "title": GARAGE.capitalize(),
                "unique_id": None,
            }
        )
        options = {
            "meter_lost_action": self.fallback,
            "fallback_current_a": FALLBACK_A,
            "grace_s": GRACE_S,
            "max_age_s": MAX_AGE_S[self.kind],
        }
        return MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data=entry_data(),
            options=options,
            entry_id=f"site{seed}",
            subentries_data=subentries,
        )

    def _heard(self, charger: Charger, current_a: float) -> None:
        self.judge.hear(charger, current_a)

    async def live(self) -> Judge:
        """Set everything up, live through the days, and come to an end."""
        with self._complaints_heard():
            await self._put_up()
            began = freezegun.api.real_perf_counter()
            while (now_s := self.now_s) < self.seconds:
                await self._step()
                if self.on_step is not None:
                    self.on_step(self)
                await self.pass_time(round(now_s) + self._step_s(now_s))
            self.took_s = freezegun.api.real_perf_counter() - began
            await self._take_down()
        for said in self.complaints.said:
            self.judge.blame(self.now_s, f"logged: {said}")
        return self.judge

    def _step_s(self, now_s: float) -> float:
        """How long until something may be worth looking at."""
        flows_a = self.house.current_a
        jumps = any(
            abs(flow_a - before_a) > JUMP_A
            for flow_a, before_a in zip(flows_a, self._flows_a or flows_a, strict=True)
        )
        self._flows_a = flows_a
        called_s = max(charger.called_s for charger in self.chargers.values())
        self._stirred_s = max(self._stirred_s, called_s)
        busy = self.judge.episodes or self.judge.stops_s or self._restarts_s < inf
        if jumps or busy or self._troubles:
            self._stirred_s = now_s
        if now_s < self._stirred_s + CALM_AFTER_S:
            return 1.0
        # On the beat of the meter.
        step_s = CALM_STEP_S[self.kind]
        return step_s - round(now_s) % step_s

    @contextmanager
    def _complaints_heard(self) -> Iterator[None]:
        def unhandled(
            _loop: asyncio.AbstractEventLoop, context: dict[str, Any]
        ) -> None:
            self.complaints.said.append(f"unhandled: {context}")

        loop, root = self.hass.loop, logging.getLogger()
        before = loop.get_exception_handler()
        loop.set_exception_handler(unhandled)
        root.addHandler(self.complaints)
        try:
            yield
        finally:
            root.removeHandler(self.complaints)
            loop.set_exception_handler(before)

    async def _put_up(self) -> None:
        chargers = [c for c in self.chargers.values() if c.wiring.control != "actions"]
        numbers = [charger.number for charger in chargers]
        switches = [c.switch for c in chargers if c.wiring.control == "switch"]
        setup_test_component_platform(self.hass, "number", numbers)
        setup_test_component_platform(self.hass, "switch", switches)
        for domain in ("number", "switch"):
            config = {domain: {"platform": "test"}}
            assert await async_setup_component(self.hass, domain, config)

        async def set_current(call: ServiceCall) -> None:
            charger = self.chargers[call.data["charger"]]
            await charger.set_current(float(call.data["current"]))

        self.hass.services.async_register("replay", "set_current", set_current)
        self.hass.states.async_set(EXTERNAL, "unknown", {"unit_of_measurement": "A"})
        await self._step()
        self.entry.add_to_hass(self.hass)
        # Not until all is done: time has to pass for the first commands.
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        self.judge.resting_since_s = self.now_s

    async def _take_down(self) -> None:
        for trouble in self._troubles:
            self._end(trouble)
        self._troubles.clear()
        await self.pass_time(self.now_s + 20)
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.settle()
        for handle in get_scheduled_timer_handles(self.hass.loop):
            job = handle._args[-1] if handle._args else None
            ours = isinstance(job, HassJob) and (job.name or "").startswith(DOMAIN)
            if ours and not handle.cancelled():
                self.judge.blame(self.now_s, f"a timer is left: {job}")

    async def pass_time(self, until_s: float) -> None:
        """Let time pass, from one timer to the next, and judge at each of them."""
        loop = self.hass.loop
        end_s = self.began_s + until_s
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
            self.freezer.tick(timedelta(seconds=min(next_s + 1e-6, left_s)))
            await self.settle()
            self.judge.judge_commands(self.now_s)

    async def settle(self) -> None:
        """Let everything happen that can happen now, also while a call hangs."""
        ready = self.hass.loop._ready  # type: ignore[attr-defined]
        for _ in range(TURNS):
            await asyncio.sleep(0)
            if not ready:
                return
        raise AssertionError("it never comes to rest")

    async def _step(self) -> None:
        """One second: the house, the people, the faults, the meters, the judge."""
        now_s = self.now_s
        self.steps += 1
        self._people(self.starts_s + now_s)
        await self._faults(self.starts_s + now_s)
        self.house.step(now_s)
        for charger in self.chargers.values():
            charger.report()
        reported = await self._report(now_s)
        await self.settle()
        self.judge.judge_commands(self.now_s)
        self.judge.note_troubles(now_s)
        self.judge.follow(now_s, reported)
        self._follow_site(now_s)

    def _people(self, clock_s: float) -> None:
        while self.plan.sessions and self.plan.sessions[0].at_s <= clock_s:
            session = self.plan.sessions.pop(0)
            if clock_s < session.until_s:
                self._sessions[session.charger_id] = session
                self.chargers[session.charger_id].point.car = session.car
                self.judge.seen["cars"] += 1
        for charger_id, session in list(self._sessions.items()):
            session.car.pauses = session.pause_s[0] <= clock_s < session.pause_s[1]
            if clock_s >= session.until_s:
                self.chargers[charger_id].point.car = None
                del self._sessions[charger_id]

    async def _faults(self, clock_s: float) -> None:
        for trouble in [t for t in self._troubles if clock_s >= t.until_s]:
            self._troubles.remove(trouble)
            self._end(trouble)
        while self.plan.troubles and self.plan.troubles[0].at_s <= clock_s:
            trouble = self.plan.troubles.pop(0)
            if clock_s < trouble.until_s:
                self._begin(trouble)
        while self.plan.tunings and self.plan.tunings[0].at_s <= clock_s:
            await self._tune(self.plan.tunings.pop(0))
        await self._follow_restart(self.now_s)

    def _begin(self, trouble: Trouble) -> None:
        self.judge.seen[f"fault: {trouble.fault}"] += 1
        self._troubles.append(trouble)
        match trouble.fault:
            case Fault.EXTERNAL_LOST:
                self._tell_external("unavailable")
            case fault if fault not in (*OF_METER, Fault.CIRCUIT_METER_LOST):
                self.chargers[trouble.charger_id].begin(fault)

    def _end(self, trouble: Trouble) -> None:
        match trouble.fault:
            case Fault.EXTERNAL_LOST:
                limit_a = self.judge.external_a
                self._tell_external("unknown" if limit_a == inf else str(limit_a))
            case fault if fault not in (*OF_METER, Fault.CIRCUIT_METER_LOST):
                self.chargers[trouble.charger_id].end(fault)

    def _tell_external(self, value: str) -> None:
        self.hass.states.async_set(EXTERNAL, value, {"unit_of_measurement": "A"})

    async def _tune(self, tuning: Tuning) -> None:
        if tuning.entity_id == EXTERNAL:
            if any(t.fault is Fault.EXTERNAL_LOST for t in self._troubles):
                return
            self.judge.external_a = inf if tuning.value is None else tuning.value
            self._tell_external(
                "unknown" if tuning.value is None else f"{tuning.value}"
            )
            return
        state = self.hass.states.get(tuning.entity_id)
        if self.coordinator is None or state is None or tuning.value is None:
            return
        data = {"entity_id": tuning.entity_id, "value": tuning.value}
        await self.hass.services.async_call("number", "set_value", data, blocking=True)
        if "margin" in tuning.entity_id:
            self.judge.margin_a = tuning.value
        else:
            charger_id = tuning.entity_id.removeprefix("number.").split("_")[0]
            self.judge.maximum_a[charger_id] = tuning.value

    async def _report(self, now_s: float) -> list[Place]:
        """Let the meters report what is true, or what a fault makes of it."""
        reported = []
        for place, reporter in self.meters.items():
            flow_a, takes_a = self._truth(place)
            if place[0] == GARAGE and now_s < CIRCUIT_LATER_S:
                continue
            if (
                self.kind is MeterKind.ON_CHANGE
                and now_s >= self._told_s[place] + HEARTBEAT_S
            ):
                reporter._reported = None
            faults = {
                trouble.fault
                for trouble in self._troubles
                if trouble.fault in (*OF_METER, Fault.CIRCUIT_METER_LOST)
                and meter_of(trouble) == place[0]
                and trouble.phase in (None, place[1])
            }
            nonsense = [NONSENSE[fault] for fault in faults if fault in NONSENSE]
            was_lost = not self.judge.truths[place].shown if self._seen(place) else True
            due = reporter.observe(now_s, (flow_a * VOLTAGE_V,)) is not None
            if due and self.kind is MeterKind.EVERY_SECOND and self._seen(place):
                shown = self.judge.truths[place]
                same = abs(flow_a - shown.flow_a) < SAME_A
                due = not same or now_s >= shown.at_s + REPEATS_S
            if Fault.METER_FROZEN in faults or not (due or nonsense or was_lost):
                continue
            self._told_s[place] = now_s
            value = nonsense[0] if nonsense else f"{flow_a:.3f}"
            unit = {"unit_of_measurement": "A"}
            truth = Truth(now_s, flow_a, takes_a, not nonsense)
            self.judge.read(place, truth)
            reported.append(place)
            self.hass.states.async_set(meter(*place), value, unit)
            # What comes of it is judged before the next phase reports.
            await self.settle()
            self.judge.judge_commands(self.now_s)
        return reported

    def _seen(self, place: Place) -> bool:
        return place in self.judge.truths

    def _truth(self, place: Place) -> tuple[float, dict[str, float]]:
        circuit, phase = place
        takes_a = {
            charger_id: charger.point.current_a
            for charger_id, charger in self.chargers.items()
            if circuit in charger.wiring.meters and phase in charger.wiring.phases
        }
        flow_a = sum(takes_a.values())
        if circuit == SUPPLY and self.house.power_w:
            flow_a = self.house.power_w[phase] / VOLTAGE_V
        return flow_a, takes_a

    def _follow_site(self, now_s: float) -> None:
        if (coordinator := self.coordinator) is None or coordinator.charging is None:
            return
        for charger_id, managed in coordinator.charging.chargers.items():
            state = managed.runner.state
            charger = self.chargers[charger_id]
            self.judge.follow_stop(charger, state.stop_pending, state.desired_a, now_s)

    async def _follow_restart(self, now_s: float) -> None:
        """Go down in the middle of an overload, and come back a little later."""
        if self._task is not None:
            if not self._task.done():
                return
            self._task.result()
            self._task = None
            if self.entry.state is ConfigEntryState.LOADED:
                self._restarts_s = now_s + 5.0 if self._starting else inf
                self.judge.resting_since_s = now_s
        if self._restarts_s == inf:
            if self.judge.episodes and now_s > self._restarted_s + (
                RESTART_AT_MOST_EVERY_S
            ):
                self._go_down(now_s)
        elif now_s >= self._restarts_s:
            self._come_back()

    @property
    def _starting(self) -> bool:
        return self.hass.state is CoreState.starting

    def _go_down(self, now_s: float) -> None:
        self._restart = self.random.choice(RESTARTS)
        self.judge.seen[f"fault: {self._restart}"] += 1
        self._restarted_s = now_s
        self._restarts_s = now_s + self.random.uniform(*RESTART_TAKES_S)
        self.judge.resting_since_s = inf
        if self._restart is Fault.RESTART:
            self.hass.set_state(CoreState.stopping)
        unload = self.hass.config_entries.async_unload(self.entry.entry_id)
        self._task = self.hass.async_create_task(unload)

    def _come_back(self) -> None:
        if self._starting:
            self.hass.set_state(CoreState.running)
            self.hass.bus.async_fire_internal(EVENT_HOMEASSISTANT_STARTED)
            self._restarts_s = inf
            return
        if self._restart is Fault.RESTART:
            self.hass.set_state(CoreState.starting)
        set_up = self.hass.config_entries.async_setup(self.entry.entry_id)
        self._task = self.hass.async_create_task(set_up)
