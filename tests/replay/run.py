"""Lives through the days in Home Assistant, second by second."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from math import inf

import freezegun
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HassJob, HomeAssistant, ServiceCall
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
from simulation.meter import MeterKind

from .chargers import Charger
from .complaints import Complaints
from .judge import Judge, Place
from .meters import PLACES, Meters, faults_at
from .plan import EACH_EVERY_S, OF_METER, Fault, Session, Trouble, Tuning, draw_plan
from .restarts import Restarts
from .site import (
    EXTERNAL,
    FALLBACK_A,
    GARAGE,
    GRACE_S,
    MAX_AGE_S,
    Sensors,
    circuit_data,
    entry_data,
    house,
    wirings,
)

CALM_STEP_S = {
    MeterKind.EVERY_SECOND: 5.0,
    MeterKind.EVERY_10_SECONDS: 10.0,
    MeterKind.ON_CHANGE: 10.0,
}
"""While nothing happens, the house is looked at less often: it costs time."""
CALM_AFTER_S = 8.0
JUMP_A = 0.2
TURNS = 500


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
        chargers = wirings(sensors, seed)
        self.plan = draw_plan(
            seed, self.starts_s + seconds, chargers, kind, each_every_s
        )
        self.house = house(seed, chargers)
        self.house.clock_s = self.starts_s
        self.chargers = {
            wiring.charger_id: Charger(hass, wiring, point, self._heard)
            for wiring, point in zip(chargers, self.house.charge_points, strict=True)
        }
        self.judge = Judge(kind, list(self.chargers.values()))
        self.fallback = ("stop", "set_current", "hold")[seed % 3]
        self.complaints = Complaints()
        self.steps = 0
        self.took_s = 0.0
        self.began_s = hass.loop.time()
        self.meters = Meters(hass, kind, self.house, list(self.chargers.values()))
        self._flows_a: tuple[float, ...] = ()
        self._stirred_s = 0.0
        self._sessions: dict[str, Session] = {}
        self._troubles: list[Trouble] = []
        self.entry = self._entry(seed)
        self.restarts = Restarts(hass, self.entry, self.judge, self.settle, seed)

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
        with self.complaints.heard(self.hass):
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
        busy = self.judge.episodes or self.judge.stops_s or self.restarts.under_way
        if jumps or busy or self._troubles:
            self._stirred_s = now_s
        if now_s < self._stirred_s + CALM_AFTER_S:
            return 1.0
        # On the beat of the meter.
        step_s = CALM_STEP_S[self.kind]
        return step_s - round(now_s) % step_s

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
        # What comes of it was decided before the meters report.
        await self.settle()
        self.judge.judge_commands(self.now_s)
        reported = await self._report(now_s)
        await self.settle()
        self.judge.judge_commands(self.now_s)
        self.judge.note_troubles(now_s)
        self.judge.note_idle(now_s)
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
        await self.restarts.follow(self.now_s)

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
        """Let the meters report, one after the other."""
        reported = []
        self.judge.frozen = {
            place
            for place in PLACES
            if Fault.METER_FROZEN in faults_at(place, self._troubles)
        }
        for place in PLACES:
            truth = self.meters.report(place, now_s, self._troubles)
            if truth is None:
                continue
            self.judge.read(place, truth)
            reported.append(place)
            # What comes of it is judged before the next phase reports.
            await self.settle()
            self.judge.judge_commands(self.now_s)
        return reported

    def _follow_site(self, now_s: float) -> None:
        if (coordinator := self.coordinator) is None or coordinator.charging is None:
            return
        for charger_id, managed in coordinator.charging.chargers.items():
            state = managed.runner.state
            charger = self.chargers[charger_id]
            self.judge.follow_stop(charger, state.stop_pending, state.desired_a, now_s)
