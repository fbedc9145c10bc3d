"""A real Home Assistant lives with both halves, and finds nothing to complain of."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
import re

import pytest

from demo.client import Client
from demo.folder import ROOT, prepare
from demo.home_assistant import running
from demo.site import STATUS, set_up_home

from .waiting import told_until, wait_until

OURS = ("load_sharing", "simulated_house")
COMPLAINTS = ("WARNING", "ERROR", "CRITICAL")
WITHIN_S = 300.0
CURRENT = "sensor.garage_current_set"
OVERLOAD = "binary_sensor.home_overload"
MODE = {
    "entity_id": "select.home_heating_sharing_mode",
    "option": "schedule_tiers",
}


def test_it_has_nothing_to_complain_of(
    free_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One shared burn, one overload, and a stop leave no line of ours in the log."""
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    prepare(tmp_path, free_port)
    with running(tmp_path, free_port) as url:
        client = Client(url)
        set_up_home(client, charging=True, heating=True)
        # The third tier says so with a warning, as it is meant to.
        client.call("select", "select_option", MODE)
        _live_through_a_shared_burn(client)
        _live_through_an_overload(client)
    log = (tmp_path / "home-assistant.log").read_text()
    # It is the log of what happened.
    assert "tier1_active" in log
    # The clone itself may be in a folder of that name.
    assert list(complaints(log.replace(str(ROOT), ""))) == []


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ("2026-11-28 05:25:46.683 INFO (MainThread) [x.load_sharing] Told", 0),
        ("2026-11-28 05:25:46.683 WARNING (MainThread) [x.load_sharing] Beware", 1),
        ("2026-11-28 05:25:46.683 WARNING (MainThread) [homeassistant] Slow", 0),
        (
            """2026-11-28 05:25:46.683 ERROR (MainThread) [homeassistant] Failed
Traceback (most recent call last):
  File "load_sharing/car.py"
2026-11-28 05:25:46.684 INFO (MainThread) [homeassistant] Good""",
            1,
        ),
    ],
)
def test_a_complaint_is_seen(log: str, found: int) -> None:
    """By its level and by what it names, also below its first line."""
    assert len(list(complaints(log))) == found


def complaints(log: str) -> Iterator[str]:
    """Records of a log that warn of something of ours, with all their lines."""
    # Every custom integration is announced like this.
    log = re.sub(
        r".*We found a custom integration \w+ which has not been tested.*\n", "", log
    )
    for record in re.split(
        r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", log, flags=re.MULTILINE
    ):
        level = record.split(" ", 3)[2:3]
        if level and level[0] in COMPLAINTS and any(name in record for name in OURS):
            yield record


def _live_through_an_overload(client: Client) -> None:
    """The charger gives way to an oven and a hob."""
    wait_until(lambda: _state(client, STATUS) == "Charging", WITHIN_S)
    wait_until(lambda: float(_state(client, CURRENT)) >= 10, WITHIN_S)
    # The kettle's is over.
    wait_until(lambda: _state(client, OVERLOAD) == "off")
    before_a, begin = float(_state(client, CURRENT)), datetime.now(UTC)
    for appliance in ("oven", "hob"):
        entity_id = f"switch.simulated_house_{appliance}"
        client.call("switch", "turn_on", {"entity_id": entity_id})
    told = told_until(client, "event.home_overload_event", "cleared", begin)
    assert told[0] == "detected"
    assert told[-1] == "cleared"
    assert float(_state(client, CURRENT)) < before_a


def _live_through_a_shared_burn(client: Client) -> None:
    """A further radiator is open while the boiler burns, and is given back."""
    valve = "number.simulated_house_living_room_valve"

    def shares() -> bool:
        burns = _state(client, "binary_sensor.simulated_house_burner") == "on"
        return burns and float(_state(client, valve)) >= 70

    wait_until(shares, WITHIN_S)
    assert _state(client, "sensor.home_heating_state").startswith("tier")
    assert _state(client, "sensor.living_room_tier") == "tier_1"
    client.call("switch", "turn_off", {"entity_id": "switch.home_heating_share_heat"})
    told = told_until(client, "event.home_heating_sharing_event", "deactivated")
    assert "activated" in told
    assert told[-1] == "deactivated"
    wait_until(lambda: float(_state(client, valve)) == 0)


def _state(client: Client, entity_id: str) -> str:
    state: str = client.wait_for(entity_id)["state"]
    return state
