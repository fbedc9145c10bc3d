"""A Silla Prism, made by its own integration over MQTT."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from .conftest import Installed

RATING_A = 16.0
IDLE, WAITING, CHARGING, PAUSED = 1, 2, 3, 4
NORMAL, PAUSE = 2, 3


class Prism:
    """The charger at the other end of the broker, with a car of 16 A.

    Its topics, states and modes are those that pysillaprism 0.2.1 reads and sends.
    Commands are volatile; what the charger publishes is retained.
    """

    def __init__(self, hass: HomeAssistant, publish: Any) -> None:
        """Charge with 16 A, and take what is published."""
        self.hass = hass
        self.limit_a = RATING_A
        self.mode = NORMAL
        self.commands: list[tuple[str, str]] = []
        publish.side_effect = self._take

    @property
    def draw_a(self) -> float:
        """A car that takes what it is allowed."""
        return 0.0 if self.mode == PAUSE else min(self.limit_a, RATING_A)

    async def _take(self, topic: str, payload: str, *_: Any, **__: Any) -> None:
        """Obey a command."""
        command = topic.removeprefix("home/prism/1/command/")
        self.commands.append((command, payload))
        match command:
            case "set_current_limit":
                self.limit_a = float(payload)
            case "set_mode":
                self.mode = int(payload)
        self.report()

    def report(self) -> None:
        """Publish what changes while it charges."""
        values = {
            "state": PAUSED if self.mode == PAUSE else CHARGING,
            "mode": self.mode,
            "w": 230 * self.draw_a,
            "amp": round(1000 * self.draw_a),
            "volt": 230,
            "pilot": self.draw_a,
            "user_amp": 16,
        }
        for name, value in values.items():
            async_fire_mqtt_message(self.hass, f"home/prism/1/{name}", str(value))


@pytest.fixture(autouse=True)
def expected_lingering_timers() -> bool:
    """MQTT's client looks after its connection until the very end."""
    return True


@pytest.fixture
async def prism(hass: HomeAssistant, installed: Installed, mqtt_mock: Any) -> Prism:
    """A Prism that its own integration has set up."""
    prism = Prism(hass, mqtt_mock.async_publish)
    await installed.add("silla_prism", data={"base_topic": "home/prism"})
    prism.report()
    await hass.async_block_till_done()
    return prism


@pytest.mark.usefixtures("prism")
async def test_a_prism_is_found(installed: Installed) -> None:
    """Its limit for load balancers is set, and its buttons are left alone."""
    assert installed.unique_ids == {
        "status_entity": "home/prism_status",
        "offered_entity": "home/prism_pilot",
        "draw_entity": "home/prism_power",
    }
    (limit, _resume) = installed.fields["set_current"]
    assert limit["data"]["topic"] == "home/prism/1/command/set_current_limit"
    await installed.check()


async def test_a_prism_is_driven(prism: Prism, installed: Installed) -> None:
    """It is paused by its mode; nothing presses its buttons."""
    await installed.live_through_an_evening(prism)
    assert ("set_mode", str(PAUSE)) in prism.commands
    assert {name for name, _ in prism.commands} == {"set_mode", "set_current_limit"}
