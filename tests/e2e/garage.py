"""A garage with twelve chargers behind two circuits, made of template entities."""

import json
from pathlib import Path
from typing import Any

from demo.client import Client, Json

BAYS = 12
CIRCUITS = {"North row of the car park": 100, "South row": 80}
L123 = ["l1", "l2", "l3"]
SUPPLY: dict[str, Any] = {
    "name": "Garage",
    **{f"meter_{phase}": f"sensor.garage_supply_{phase}" for phase in L123},
    "limit_a": 160,
    "voltage_v": 230,
    "export_sign": "negative",
    "meter_lost_action": "set_current",
}
LONG_NAME = "Visitors and deliveries, next to the entrance"


def name_of(bay: int) -> str:
    """What a charger is called: the last has a name that is long."""
    return LONG_NAME if bay == BAYS else f"Bay {bay}"


def add_to(folder: Path) -> None:
    """Add the entities of the garage to a configuration of Home Assistant."""
    numbers = [
        {
            "name": f"Bay {bay} limit",
            "min": 0,
            "max": 32,
            "step": 1,
            "unit_of_measurement": "A",
            "optimistic": True,
            "set_value": [],
        }
        for bay in range(1, BAYS + 1)
    ]
    draws = [_sensor(f"Bay {bay} draw", _taken(bay)) for bay in range(1, BAYS + 1)]
    supply = [
        _sensor(f"Garage supply {phase}", f"{20 + 4 * number} + {_sum(L123, phase)}")
        for number, phase in enumerate(L123)
    ]
    statuses = [
        {
            "name": f"Bay {bay} status",
            "state": f"{{{{ 'charging' if {_taken(bay)} > 0 else 'idle' }}}}",
        }
        for bay in range(1, BAYS + 1)
    ]
    entities = {
        "template": [{"number": numbers}, {"sensor": draws + supply + statuses}]
    }
    with (folder / "configuration.yaml").open("a") as configuration:
        # What is JSON is YAML, too.
        configuration.writelines(
            f"{name}: {json.dumps(value)}\n" for name, value in entities.items()
        )


def _sensor(name: str, value: str) -> Json:
    return {
        "name": name,
        "state": f"{{{{ {value} }}}}",
        "unit_of_measurement": "A",
        "device_class": "current",
        "state_class": "measurement",
    }


def _taken(bay: int) -> str:
    """What the car of a bay takes; every fourth bay is empty."""
    if bay % 4 == 0:
        return "0"
    return f"[states('number.bay_{bay}_limit') | float(0), {10 + bay}] | min"


def _sum(phases: list[str], phase: str) -> str:
    bays = range(1, BAYS + 1)
    return " + ".join(f"({_taken(bay)})" for bay in bays if phase in phases_of(bay))


def phases_of(bay: int) -> list[str]:
    """Phases that a charger is wired to: every third has one."""
    return L123 if bay % 3 else [L123[bay // 3 % 3]]


def set_up(client: Client) -> None:
    """Set up the supply, both circuits and all chargers."""
    client.wait_for("sensor.garage_supply_l3")
    flow = client.start_flow("load_sharing")
    flow = client.go_on(flow, {"next_step_id": "charging"})
    if flow["step_id"] == "site":
        flow = client.go_on(flow, {"site": "new"})
    flow = client.go_on(flow, {"next_step_id": "three_phases"})
    entry_id = client.go_on(flow, SUPPLY)["result"]["entry_id"]
    for name, limit_a in CIRCUITS.items():
        circuit = {"name": name, "limit_a": limit_a, "phases": L123}
        client.go_on(client.start_flow([entry_id, "circuit"]), circuit)
    for bay in range(1, BAYS + 1):
        _add_charger(client, entry_id, bay)


def _add_charger(client: Client, entry_id: str, bay: int) -> None:
    flow = client.start_flow([entry_id, "charger"])
    flow = client.go_on(flow, {"control": "number"})
    field = next(part for part in flow["data_schema"] if part["name"] == "circuit")
    circuits = [option["value"] for option in field["selector"]["select"]["options"]]
    flow = client.go_on(
        flow,
        {
            "name": name_of(bay),
            "circuit": circuits[bay > BAYS / 2],
            "phases": phases_of(bay),
            "max_current_a": 32,
            "min_current_a": 6,
        },
    )
    flow = client.go_on(flow, {"number_entity": f"number.bay_{bay}_limit"})
    client.go_on(
        flow,
        {
            "status_entity": f"sensor.bay_{bay}_status",
            "charging_states": ["charging"],
            "draw_entity": f"sensor.bay_{bay}_draw",
        },
    )
