"""Three phases, four chargers and two circuits, as the demo's dashboard shows them."""

from collections.abc import Callable
import time

from playwright.sync_api import Page, expect

from demo.client import Client
from demo.site import CHARGERS, set_up_apartments, view

from .conftest import TakePicture
from .frontend import tile, visit
from .waiting import wait_until
from .witness import Witness

VOLTAGE_V = 230.0
WITHIN_S = 300.0


def test_a_circuit_is_overloaded_and_chargers_take_turns(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """A compressor is too much for the garage, a shower for all cars on L1."""
    set_up_apartments(client)
    client.call(
        "number",
        "set_value",
        {"entity_id": "number.apartments_ramp_up_time", "value": 5},
    )
    page.set_viewport_size({"width": 1440, "height": 1300})
    visit(page, f"{client.url}{view(client, 'Apartments', 'charging')}")

    card = page.locator("load-sharing-current-card")
    expect(card).to_contain_text("Bay 1")
    expect(page.locator("hui-warning")).to_have_count(0)
    witness = Witness(card)
    tile(page, "Start over").click()
    wait_until(lambda: _is_overloaded(client), WITHIN_S)
    assert max(_supply_a(client, phase) for phase in ("l1", "l2", "l3")) < 63
    take_picture(page, "dashboard-apartments-overload")
    witness.wait_for("Garage is full")
    wait_until(lambda: not _is_overloaded(client))
    assert _current_set_a(client, "bay_1") < 10

    _turn(client, "garage_compressor", "off")
    _turn(client, "visitor_plugged_in", "on")
    _turn(client, "flat_l1_shower", "on")
    waiting = _wait_for(lambda: _waiting(client))
    expect(card).to_contain_text("Waiting for its turn")
    expect(card).to_contain_text("Limit of phase L1")
    expect(card).to_contain_text("Limit of the circuit (Garage)")
    take_picture(page, "dashboard-apartments")
    turn = tile(page, "Turn")
    turn.get_by_role("spinbutton").press("ArrowDown")
    expect(turn).to_contain_text("1 min")
    wait_until(lambda: _draw_a(client, waiting) >= 6, WITHIN_S)
    assert max(_supply_a(client, phase) for phase in ("l1", "l2", "l3")) <= 63
    take_picture(page, "dashboard-apartments-turn")


def _turn(client: Client, key: str, state: str) -> None:
    entity_id = f"switch.simulated_apartments_{key}"
    client.call("switch", f"turn_{state}", {"entity_id": entity_id})


def _supply_a(client: Client, phase: str) -> float:
    state = client.wait_for(f"sensor.simulated_apartments_supply_{phase}")
    return float(state["state"]) / VOLTAGE_V


def _current_set_a(client: Client, charger: str) -> float:
    return float(client.wait_for(f"sensor.{charger}_current_set")["state"])


def _draw_a(client: Client, charger: str) -> float:
    key = charger.lower().replace(" ", "_")
    return float(client.wait_for(f"sensor.{key}_draw")["state"])


def _is_overloaded(client: Client) -> bool:
    state: str = client.wait_for("binary_sensor.garage_overload")["state"]
    return state == "on"


def _waiting(client: Client) -> str | None:
    """Name of a charger that is paused for others, if there is one."""
    for name in CHARGERS:
        key = name.lower().replace(" ", "_")
        limit = client.wait_for(f"sensor.{key}_limited_by")["state"]
        if limit == "waiting_for_turn" and _current_set_a(client, key) == 0:
            return name
    return None


def _wait_for(find: Callable[[], str | None]) -> str:
    deadline_s = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline_s:
        if (found := find()) is not None:
            return found
        time.sleep(0.3)
    raise TimeoutError
