"""Radiator valves on a real MQTT broker, opened and given back by a real Home Assistant."""

from collections.abc import Iterator
import os
from pathlib import Path
import signal
import socket
import time
from typing import Any

import pytest

from demo.client import Client
from demo.folder import prepare
from demo.home_assistant import running

from .bridge import Bridge, broker

PATIENCE_S = 180.0
STATE = "sensor.home_heating_state"
BOILER = {
    "name": "Home",
    "burner_entity": "binary_sensor.boiler_burner",
    "flow_entity": "sensor.boiler_flow",
    "return_entity": "sensor.boiler_return",
    "setpoint_entity": "sensor.boiler_setpoint",
    "cycling_protection": False,
    "floor_c": 30,
}
ROOMS: dict[str, dict[str, Any]] = {
    "bathroom": {"q50_w": 415},
    "living_room": {"q50_w": 1500, "schedule_entity": "schedule.living_room"},
    "study": {"q50_w": 900, "schedule_entity": "schedule.study"},
    "kitchen": {"q50_w": 1200, "fallback_priority": 1},
    "hall": {"q50_w": 1200, "fallback_priority": 2},
    "bedroom": {"q50_w": 12000},
}
NUMBERS = {
    "minimum_activation": 0,
    "tier_3_time_out": 1,
    "pump_overrun": 10,
    "share_below": 2500,
    "target_capacity": 3000,
}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Story:
    """A Home Assistant that is started, killed, and started again."""

    def __init__(self, folder: Path, bridge: Bridge) -> None:
        """Prepare its folder."""
        self.folder = folder
        self.bridge = bridge
        self.port = free_port()
        self.client: Client
        prepare(folder, self.port)

    def connect(self) -> None:
        """Add the broker to Home Assistant."""
        flow = self.client.start_flow("mqtt")
        if flow["type"] == "menu":
            flow = self.client.go_on(flow, {"next_step_id": "broker"})
        other = {"set_client_cert": False, "set_ca_cert": "off", "transport": "tcp"}
        settings = {"broker": "127.0.0.1", "port": self.bridge.port}
        self.client.go_on(flow, settings | {"other_settings": other})
        self.client.wait_for("climate.bedroom")

    def set_up(self, rooms: dict[str, dict[str, Any]], **boiler: Any) -> str:
        """Add the boiler and the rooms; ID of the entry."""
        flow = self.client.start_flow("load_sharing")
        flow = self.client.go_on(flow, {"next_step_id": "heating"})
        site = self.client.go_on(flow, BOILER | boiler)
        entry_id: str = site["result"]["entry_id"]
        for name, sharing in rooms.items():
            room = self.client.start_flow([entry_id, "room"])
            if room["step_id"] == "found_head":
                room = self.client.go_on(room, {"found_head": "none"})
            room = self.client.go_on(
                room,
                {
                    "name": name.replace("_", " ").capitalize(),
                    "climate_entity": f"climate.{name}",
                    "actuator": "valve",
                    "demand": "temperature",
                },
            )
            room = self.client.go_on(room, {"valve_entity": f"number.{name}_valve"})
            self.client.go_on(room, {"exponent": 1.3, "comfort_c": 20, **sharing})
            self.client.wait_for(f"sensor.{name}_reason")
        return entry_id

    def switch_on(self) -> None:
        """Switch load sharing on."""
        self.client.call(
            "switch", "turn_on", {"entity_id": "switch.home_heating_share_heat"}
        )

    def share_by_tiers(self) -> None:
        """Choose the tiers, with short times and a large target."""
        for name, value in NUMBERS.items():
            self.client.call(
                "number",
                "set_value",
                {"entity_id": f"number.home_heating_{name}", "value": value},
            )
        self.client.call(
            "select",
            "select_option",
            {
                "entity_id": "select.home_heating_sharing_control",
                "option": "tiers",
            },
        )

    def cool_down(self) -> None:
        """Let the burner go off because the water is too hot."""
        self.bridge.boil(burner="on", flow=50, **{"return": 38})
        time.sleep(1)
        self.bridge.boil(flow=58)
        time.sleep(1)
        self.bridge.boil(burner="off")

    def wait_for(self, entity_id: str, *states: str) -> None:
        """Wait until an entity has one of these states."""
        deadline_s = time.monotonic() + PATIENCE_S
        while (seen := (self.client.state(entity_id) or {}).get("state")) not in states:
            assert time.monotonic() < deadline_s, f"{entity_id} is {seen}"
            time.sleep(0.3)

    def wait_opening(self, name: str, low: float, high: float | None = None) -> None:
        """Wait until a valve is between two openings."""
        high = low if high is None else high
        deadline_s = time.monotonic() + PATIENCE_S
        while not low <= self.bridge.opening(name) <= high:
            opening = self.bridge.opening(name)
            assert time.monotonic() < deadline_s, f"{name} is at {opening} %"
            time.sleep(0.3)

    def wait_setpoint(self, setpoint_c: float) -> None:
        """Wait until the boiler really has a setpoint."""
        deadline_s = time.monotonic() + PATIENCE_S
        while (seen := self.bridge.states["boiler"]["setpoint"]) != setpoint_c:
            assert time.monotonic() < deadline_s, f"the setpoint is {seen} °C"
            time.sleep(0.3)

    def crash(self) -> None:
        """Kill Home Assistant without a word."""
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            try:
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if b"hass" in command and str(self.folder).encode() in command:
                os.kill(int(process.name), signal.SIGKILL)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A broker with a boiler and six radiator valves."""
    port = free_port()
    with broker(tmp_path, port):
        bridge = Bridge(port)
        bridge.add_settable_boiler()
        bridge.boil(burner="on", flow=50, setpoint=55, **{"return": 38})
        bridge.add_trv("bathroom", 20.0, 22.0, 100)
        for name in ROOMS:
            if name != "bathroom":
                bridge.add_trv(name, 17.0, 17.0, 0)
        try:
            yield Story(tmp_path / "config", bridge)
        finally:
            bridge.stop()


def test_every_valve_ends_where_its_owner_had_it(story: Story) -> None:
    """Activation, all tiers, time-out, a person, a crash, all exits, removal."""
    bridge = story.bridge
    with running(story.folder, story.port) as url:
        story.client = Client(url)
        story.connect()
        story.set_up(ROOMS)
        story.share_by_tiers()
        story.switch_on()
        story.wait_for(STATE, "inactive")

        # Everything is needed: tiers 1, 2 and 3, each opened wider.
        story.cool_down()
        story.wait_for(STATE, "tier3_active", "tier3_escalated")
        story.wait_opening("living_room", 80, 100)
        story.wait_opening("study", 50, 60)
        story.wait_opening("kitchen", 50, 70)
        assert bridge.opening("bedroom") == 0
        story.wait_for("sensor.kitchen_tier", "tier_3")

        # A person moves a valve that is ours: it is theirs.
        story.client.call(
            "number",
            "set_value",
            {"entity_id": "number.living_room_valve", "value": 25},
        )
        story.wait_for("sensor.living_room_reason", "yielded")
        story.wait_opening("living_room", 25)

        # The fallback's minute is over; it is locked out.
        deadline_s = time.monotonic() + 75
        while bridge.opening("kitchen") > 0:
            assert time.monotonic() < deadline_s
            time.sleep(0.5)
        story.wait_for("sensor.kitchen_reason", "locked_out")
        assert bridge.opening("living_room") == 25

        # It crashes while the study is open. Meanwhile the bath gets warm.
        story.wait_opening("study", 50, 60)
        story.crash()
    bridge.show("bathroom", temperature=22.5)
    assert bridge.opening("study") >= 50

    with running(story.folder, story.port) as url:
        story.client = Client(url)
        story.client.wait_for(STATE)
        story.wait_opening("study", 0)
        assert bridge.opening("living_room") == 25

        # Exit A: the call ends; valves wait for the pump, and go back.
        bridge.show("bathroom", temperature=20.0)
        story.cool_down()
        story.wait_opening("study", 40, 60)
        bridge.show("bathroom", temperature=22.5)
        story.wait_for(STATE, "inactive")
        story.wait_for("sensor.study_reason", "pump_overrun")
        story.wait_opening("study", 0)

        # Exit C: a room of ours calls; it is its own.
        bridge.show("bathroom", temperature=20.0)
        story.cool_down()
        story.wait_opening("study", 40, 60)
        bridge.show("study", target=20)
        story.wait_for("sensor.study_reason", "calling")
        story.wait_opening("study", 0)
        bridge.show("study", target=16)

        # Exit B: a big room calls, which suffices.
        story.cool_down()
        story.wait_for("binary_sensor.home_heating_sharing", "on")
        bridge.show("bedroom", target=20)
        story.wait_for(STATE, "inactive")
        bridge.show("bedroom", target=16)

        # The site is removed while it shares.
        story.cool_down()
        story.wait_for("binary_sensor.home_heating_sharing", "on")
        story.wait_opening("study", 40, 60)
        entry = story.client.entries("load_sharing")[0]
        story.client.remove(entry["entry_id"])
        story.wait_opening("study", 0)
        time.sleep(3)

    assert bridge.opening("living_room") == 25
    for name in ("study", "kitchen", "hall", "bedroom"):
        assert bridge.opening(name) == 0, name
    assert bridge.opening("bathroom") == 100
    assert not [value for name, value in bridge.commands if name == "bathroom"]


def test_a_boiler_that_is_held_off_gets_its_setpoint_back(story: Story) -> None:
    """Held at 30 °C: after a crash it is held on, and 55 °C again in cold water.

    A crash in which the calls end gives it back, too, and so does a removal.
    """
    bridge = story.bridge
    rooms = {name: ROOMS[name] for name in ("bathroom", "living_room")}
    boiler = {
        "setpoint_entity": "number.boiler_flow_setpoint",
        "cycling_protection": True,
    }
    with running(story.folder, story.port) as url:
        story.client = Client(url)
        story.connect()
        story.set_up(rooms, **boiler)
        story.switch_on()
        story.cool_down()
        story.wait_for("binary_sensor.home_heating_burner_hold", "on")
        story.wait_setpoint(30)
        story.crash()
    assert bridge.states["boiler"]["setpoint"] == 30

    with running(story.folder, story.port) as url:
        story.client = Client(url)
        story.client.wait_for(STATE)
        story.wait_for("sensor.boiler_flow", "58")
        story.wait_for("sensor.bathroom_reason", "calling")
        story.wait_for("binary_sensor.home_heating_burner_hold", "on")
        story.wait_setpoint(30)
        bridge.boil(flow=32, **{"return": 31})
        story.wait_for("sensor.home_heating_burner_hold_reason", "cold")
        story.wait_setpoint(55)

        story.cool_down()
        story.wait_setpoint(30)
        story.crash()
    bridge.boil(flow=32, **{"return": 31})

    with running(story.folder, story.port) as url:
        story.client = Client(url)
        story.client.wait_for(STATE)
        story.wait_setpoint(55)
        story.cool_down()
        story.wait_setpoint(30)
        entry = story.client.entries("load_sharing")[0]
        story.client.remove(entry["entry_id"])
        story.wait_setpoint(55)
    sent = [value for name, value in bridge.commands if name == "boiler"]
    assert set(sent) == {30, 55}
