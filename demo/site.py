"""Sets the demo's site up through the same dialogues as a user."""

from .client import Client

METER = "sensor.simulated_house_meter_power"
NUMBER = "number.simulated_house_charger_current_limit"
SWITCH = "switch.simulated_house_charger"
STATUS = "sensor.simulated_house_charger_status"


def set_up(client: Client) -> None:
    """Add the site and its charger, unless a former start did."""
    client.wait_for(METER)
    if client.entries("load_sharing"):
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
