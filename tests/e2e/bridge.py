"""Radiator valves and a boiler behind a real MQTT broker, as a radio bridge shows them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import queue
import shutil
import subprocess
import threading
import time
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

LAG_S = 1.0
START_WITHIN_S = 60.0
SBIN = "/usr/sbin"
"""Where Debian has mosquitto, which is not on everybody's PATH."""


@contextmanager
def broker(folder: Path, port: int) -> Iterator[None]:
    """Run mosquitto on a port of this machine."""
    executable = shutil.which("mosquitto", path=f"{os.environ['PATH']}:{SBIN}")
    assert executable, "mosquitto is missing; scripts/setup --browser installs it"
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    process = subprocess.Popen([executable, "-c", settings])
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@dataclass
class Bridge:
    """Publishes discovery and retained states; moves valves late."""

    port: int
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Connect, once the broker answers."""
        self._late: queue.Queue[tuple[float, str, dict[str, Any]] | None] = (
            queue.Queue()
        )
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._message
        deadline_s = time.monotonic() + START_WITHIN_S
        while True:
            try:
                self._client.connect("127.0.0.1", self.port)
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline_s
                time.sleep(0.1)
        self._client.subscribe("trv/+/set/#")
        self._client.subscribe("boiler/set/setpoint")
        self._client.loop_start()
        threading.Thread(target=self._follow, daemon=True).start()

    def stop(self) -> None:
        """Disconnect."""
        self._late.put(None)
        self._client.loop_stop()
        self._client.disconnect()

    def add_boiler(self) -> None:
        """Announce the boiler."""
        for component, key, extra in (
            ("binary_sensor", "burner", {"payload_on": "on", "payload_off": "off"}),
            ("sensor", "flow", TEMPERATURE),
            ("sensor", "return", TEMPERATURE),
            ("sensor", "setpoint", TEMPERATURE),
        ):
            self._discover(
                component,
                f"boiler_{key}",
                state_topic="boiler",
                value_template=f"{{{{ value_json.{key} }}}}",
                **extra,
            )

    def add_settable_boiler(self) -> None:
        """Announce a boiler whose setpoint is a number, as EMS-ESP does."""
        self.add_boiler()
        self._discover(
            "number",
            "boiler_flow_setpoint",
            command_topic="boiler/set/setpoint",
            state_topic="boiler",
            value_template="{{ value_json.setpoint }}",
            min=20,
            max=80,
            **TEMPERATURE,
        )

    def boil(self, **changes: Any) -> None:
        """Let the boiler show something else."""
        self._show("boiler", changes)

    def add_trv(
        self, name: str, room_c: float, target_c: float, opening: float
    ) -> None:
        """Announce a radiator valve: its opening as a number, and its thermostat."""
        topic = f"trv/{name}"
        self._discover(
            "number",
            f"{name}_valve",
            command_topic=f"{topic}/set/position",
            state_topic=topic,
            value_template="{{ value_json.position }}",
            min=0,
            max=100,
            unit_of_measurement="%",
        )
        self._discover(
            "climate",
            name,
            modes=["off", "heat"],
            mode_state_topic=topic,
            mode_state_template="{{ value_json.mode }}",
            mode_command_topic=f"{topic}/set/mode",
            temperature_state_topic=topic,
            temperature_state_template="{{ value_json.target }}",
            temperature_command_topic=f"{topic}/set/target",
            current_temperature_topic=topic,
            current_temperature_template="{{ value_json.temperature }}",
            min_temp=5,
            max_temp=30,
            temp_step=0.5,
        )
        self._show(
            topic,
            {
                "position": opening,
                "temperature": room_c,
                "target": target_c,
                "mode": "heat",
            },
        )

    def show(self, name: str, **changes: Any) -> None:
        """Let a radiator valve show something else."""
        self._show(f"trv/{name}", changes)

    def opening(self, name: str) -> float:
        """Where a valve really is, in %."""
        return float(self.states[f"trv/{name}"]["position"])

    def _discover(self, component: str, key: str, **settings: Any) -> None:
        config = {
            "name": key.replace("_", " ").capitalize(),
            "unique_id": key,
            "default_entity_id": f"{component}.{key}",
            **settings,
        }
        self._client.publish(
            f"homeassistant/{component}/{key}/config", json.dumps(config), retain=True
        )

    def _show(self, topic: str, changes: dict[str, Any]) -> None:
        state = self.states.setdefault(topic, {})
        state.update(changes)
        self._client.publish(topic, json.dumps(state), retain=True)

    def _message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        text = message.payload.decode()
        if message.topic.startswith("boiler/"):
            setpoint = {"setpoint": float(text)}
            self.commands.append(("boiler", setpoint["setpoint"]))
            self._late.put((time.monotonic() + LAG_S, "boiler", setpoint))
            return
        _, name, _, what = message.topic.split("/")
        if what == "mode":
            value: float | str = text
        else:
            value = float(text)
            self.commands.append((name, value))
        self._late.put((time.monotonic() + LAG_S, f"trv/{name}", {what: value}))

    def _follow(self) -> None:
        """Do what was commanded, late but in its order, until there is no more to do."""
        while (late := self._late.get()) is not None:
            at_s, topic, changes = late
            time.sleep(max(0.0, at_s - time.monotonic()))
            self._show(topic, changes)


TEMPERATURE = {"unit_of_measurement": "°C", "device_class": "temperature"}
