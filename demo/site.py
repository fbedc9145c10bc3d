"""Sets the demo's sites up through the same dialogues as a user."""

from datetime import datetime
from typing import Any

from .client import Client, Json
from .yesterday import remember

DASHBOARD = "/load-sharing"
HOME = "Home"
L123 = ["l1", "l2", "l3"]

METER = "sensor.simulated_house_meter_power"
NUMBER = "number.simulated_house_charger_current_limit"
SWITCH = "switch.simulated_house_charger"
STATUS = "sensor.simulated_house_charger_status"
METER_LOST = {"meter_lost_action": "set_current"}

BOILER: dict[str, Any] = {
    "burner_entity": "binary_sensor.simulated_house_burner",
    "flow_entity": "sensor.simulated_house_boiler_flow",
    "return_entity": "sensor.simulated_house_boiler_return",
    "setpoint_entity": "number.simulated_house_boiler_setpoint",
    "on_entity": "binary_sensor.simulated_house_boiler_called",
    "cycling_protection": True,
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
EVENING = {"entity_id": "button.simulated_house_begin_the_cold_evening"}

APARTMENTS: dict[str, Any] = {
    "name": "Apartments",
    **{
        f"meter_{phase}": f"sensor.simulated_apartments_supply_{phase}"
        for phase in L123
    },
    "limit_a": 63,
    "voltage_v": 230,
    "export_sign": "negative",
}
CIRCUITS: dict[str, dict[str, Any]] = {
    "Garage": {
        "limit_a": 32,
        "phases": L123,
        **{
            f"meter_{phase}": f"sensor.simulated_apartments_garage_{phase}"
            for phase in L123
        },
    },
    "Yard": {"limit_a": 20, "phases": L123},
}
CHARGERS: dict[str, dict[str, Any]] = {
    "Bay 1": {"circuit": "Garage", "phases": L123, "max_current_a": 16},
    "Bay 2": {"circuit": "Garage", "phases": ["l2"], "max_current_a": 32},
    "Bay 3": {"circuit": "Garage", "phases": L123, "max_current_a": 16},
    "Visitor": {"circuit": "Yard", "phases": L123, "max_current_a": 16},
}
TURN = {"entity_id": "number.apartments_turn_of_a_charger", "value": 2}
"""Minutes: nobody wants to watch for a quarter of an hour."""


def set_up_home(client: Client, *, charging: bool, heating: bool) -> None:
    """Set up a house with a car, a boiler, or both, unless a former start did."""
    client.wait_for(METER)
    if not _is_set_up(client, HOME, charging + heating * len(ROOMS)):
        if charging:
            _add_supply(client)
        if heating:
            _add_boiler(client)
    if heating:
        # The first cooldown may have come before there was anybody to see it.
        client.call("button", "press", EVENING)
        client.call(
            "switch", "turn_on", {"entity_id": "switch.home_heating_share_heat"}
        )


def _add_supply(client: Client) -> None:
    flow = _begin(client, "charging", "new")
    flow = client.go_on(flow, {"next_step_id": "one_phase"})
    supply = {
        "name": HOME,
        "meter_l1": METER,
        "limit_a": 32,
        "voltage_v": 230,
        "export_sign": "negative",
    }
    entry = client.go_on(flow, supply | METER_LOST)
    charger = client.start_flow([entry["result"]["entry_id"], "charger"])
    charger = client.go_on(charger, {"control": "number"})
    charger = client.go_on(
        charger, {"name": "Garage", "max_current_a": 32, "min_current_a": 6}
    )
    charger = client.go_on(charger, {"number_entity": NUMBER, "switch_entity": SWITCH})
    client.go_on(charger, {"status_entity": STATUS, "charging_states": ["charging"]})
    client.wait_for("sensor.garage_current_set")


def _add_boiler(client: Client) -> None:
    """Add the boiler to the house if it is there already, and its rooms."""
    entry_id = _entry_id(client, HOME)
    flow = _begin(client, "heating", entry_id or "new")
    if entry_id is None:
        entry_id = client.go_on(flow, {"name": HOME, **BOILER})["result"]["entry_id"]
    else:
        client.go_on(flow, BOILER)
    for name, sharing in ROOMS.items():
        key = name.lower().replace(" ", "_")
        room = client.start_flow([entry_id, "room"])
        if room["step_id"] == "found_head":
            room = client.go_on(room, {"found_head": "none"})
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


def set_up_apartments(client: Client) -> None:
    """Add a supply, circuits and chargers, unless a former start did; begin the hour."""
    client.wait_for(APARTMENTS["meter_l1"])
    if not _is_set_up(client, APARTMENTS["name"], len(CIRCUITS | CHARGERS)):
        _add_apartments(client)
    client.call("number", "set_value", TURN)
    client.call(
        "button", "press", {"entity_id": "button.simulated_apartments_begin_the_hour"}
    )


def _add_apartments(client: Client) -> None:
    flow = _begin(client, "charging", "new")
    flow = client.go_on(flow, {"next_step_id": "three_phases"})
    entry = client.go_on(flow, APARTMENTS | METER_LOST)
    entry_id = entry["result"]["entry_id"]
    for name, circuit in CIRCUITS.items():
        client.go_on(
            client.start_flow([entry_id, "circuit"]), {"name": name, **circuit}
        )
    for name, charger in CHARGERS.items():
        key = name.lower().replace(" ", "_")
        simulated = f"simulated_apartments_{key}"
        flow = client.start_flow([entry_id, "charger"])
        flow = client.go_on(flow, {"control": "number"})
        flow = client.go_on(
            flow,
            {
                "name": name,
                **charger,
                "circuit": _option(flow, "circuit", charger["circuit"]),
                "min_current_a": 6,
            },
        )
        flow = client.go_on(
            flow,
            {
                "number_entity": f"number.{simulated}_current_limit",
                "switch_entity": f"switch.{simulated}_enabled",
            },
        )
        client.go_on(
            flow,
            {
                "status_entity": f"sensor.{simulated}_status",
                "charging_states": ["charging"],
                "draw_entity": f"sensor.{simulated}_current",
            },
        )
        client.wait_for(f"sensor.{key}_current_set")


def _option(form: Json, field: str, label: str) -> str:
    """Value of what a form offers by a label."""
    schema = next(item for item in form["data_schema"] if item["name"] == field)
    options = schema["selector"]["select"]["options"]
    value: str = next(item["value"] for item in options if item["label"] == label)
    return value


def _begin(client: Client, half: str, site: str) -> Json:
    """Begin to add a half to a site, if it is asked which, or to a new one."""
    flow = client.start_flow("load_sharing")
    flow = client.go_on(flow, {"next_step_id": half})
    if flow["step_id"] == "site":
        flow = client.go_on(flow, {"site": site})
    return flow


def _is_set_up(client: Client, title: str, parts: int) -> bool:
    """Whether a former start did it. What it left half done is taken away."""
    for entry in client.entries("load_sharing"):
        if entry["title"] != title:
            continue
        if entry["num_subentries"] == parts:
            return True
        client.remove(entry["entry_id"])
    return False


def _entry_id(client: Client, title: str) -> str | None:
    """Find the config entry of a site."""
    entries = client.entries("load_sharing")
    return next(
        (str(entry["entry_id"]) for entry in entries if entry["title"] == title), None
    )


def view(client: Client, title: str, half: str) -> str:
    """Path of a site's view on the demo's dashboard."""
    return f"{DASHBOARD}/{half}-{_entry_id(client, title)}".lower()


def set_up(client: Client) -> None:
    """Set everything up, with a past for its graphs, and let things happen."""
    is_new = not client.entries("load_sharing")
    set_up_home(client, charging=True, heating=True)
    set_up_apartments(client)
    if is_new:
        remember(client, datetime.now().astimezone())
    client.call(
        "switch",
        "turn_on",
        {"entity_id": "switch.simulated_house_things_happen_by_themselves"},
    )
