"""Sets the demo's sites up through the same dialogues as a user."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .client import Client

METER = "sensor.simulated_house_meter_power"
NUMBER = "number.simulated_house_charger_current_limit"
SWITCH = "switch.simulated_house_charger"
STATUS = "sensor.simulated_house_charger_status"

BOILER: dict[str, Any] = {
    "burner_entity": "binary_sensor.simulated_house_burner",
    "flow_entity": "sensor.simulated_house_boiler_flow",
    "return_entity": "sensor.simulated_house_boiler_return",
    "setpoint_entity": "number.simulated_house_boiler_setpoint",
    "on_entity": "binary_sensor.simulated_house_boiler_called",
    "cycling_protection": False,
    "floor_c": 30,
}
ROOMS: dict[str, dict[str, Any]] = {
    "Bathroom": {"q50_w": 415, "exponent": 1.2},
    "Living room": {"q50_w": 2290, "exponent": 1.25, "fallback_priority": 3},
    "Study": {"q50_w": 900},
    "Kitchen": {"q50_w": 1900, "fallback_priority": 1},
    "Dining room": {"q50_w": 2500, "fallback_priority": 2},
    "Bedroom": {"q50_w": 2800},
}


def set_up_charging(client: Client) -> None:
    """Add a supply and a charger, unless a former start did."""
    client.wait_for(METER)
    if _is_set_up(client, "charger", 1):
        return
    flow = client.start_flow("load_sharing")
    flow = client.go_on(flow, {"next_step_id": "charging"})
    flow = client.go_on(
        flow,
        {
            "name": "Home",
            "meter_l1": METER,
            "limit_a": 32,
            "voltage_v": 230,
            "export_sign": "negative",
        },
    )
    entry = client.go_on(
        flow,
        {
            "meter_lost_action": "set_current",
            "fallback_current_a": 6,
            "grace_s": 10,
            "max_age_s": 0,
        },
    )
    charger = client.start_flow([entry["result"]["entry_id"], "charger"])
    charger = client.go_on(
        charger,
        {
            "name": "Garage",
            "max_current_a": 32,
            "min_current_a": 6,
            "control": "number",
        },
    )
    charger = client.go_on(charger, {"number_entity": NUMBER, "switch_entity": SWITCH})
    client.go_on(charger, {"status_entity": STATUS, "charging_states": ["charging"]})
    client.wait_for("sensor.garage_current_set")


def set_up_heating(client: Client) -> None:
    """Add a boiler and its rooms, unless a former start did; switch sharing on."""
    client.wait_for(BOILER["flow_entity"])
    if _is_set_up(client, "room", len(ROOMS)):
        return
    flow = client.start_flow("load_sharing")
    flow = client.go_on(flow, {"next_step_id": "heating"})
    entry = client.go_on(flow, {"name": "Home", **BOILER})
    for name, sharing in ROOMS.items():
        key = name.lower().replace(" ", "_")
        room = client.start_flow([entry["result"]["entry_id"], "room"])
        room = client.go_on(
            room,
            {
                "name": name,
                "climate_entity": f"climate.simulated_house_{key}",
                "actuator": "valve",
                "demand": "hvac_action",
            },
        )
        room = client.go_on(
            room, {"valve_entity": f"number.simulated_house_{key}_valve"}
        )
        client.go_on(
            room,
            {
                "exponent": 1.3,
                "comfort_c": 20,
                "schedule_entity": f"schedule.{key}",
                **sharing,
            },
        )
    client.wait_for("sensor.bedroom_reason")
    client.call("switch", "turn_on", {"entity_id": "switch.home_heating_load_sharing"})


def _is_set_up(client: Client, subentry_type: str, count: int) -> bool:
    """Whether a former start did it. What it left half done is taken away."""
    for entry in client.entries("load_sharing"):
        if subentry_type not in entry["supported_subentry_types"]:
            continue
        if entry["num_subentries"] == count:
            return True
        client.remove(entry["entry_id"])
    return False


@dataclass(frozen=True, slots=True)
class Scene:
    """What a demo shows: what is set up, and the dashboard to look at."""

    set_up: Callable[[Client], None]
    dashboard: str


SCENES = {
    "charging": Scene(set_up_charging, "/load-sharing/charging"),
    "heating": Scene(set_up_heating, "/load-sharing/heating"),
}
