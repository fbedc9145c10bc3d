"""The halves of a site, and what the coordinator expects of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from homeassistant.const import Platform
from homeassistant.core import callback

from ..const import CONF_BOILER, CONF_SUPPLY
from .descriptions import Described
from .host import Host
from .repairs.findings import Finder


@dataclass(frozen=True, slots=True)
class Half:
    """Charging or heating: the key of its part of the entry's data, and its module.

    The coordinator imports the module by name, when the half starts. So a half that
    cannot be imported does not stop the other.
    """

    name: str
    key: str
    module: str


CHARGING: Final = Half("charging", CONF_SUPPLY, "charging.half")
HEATING: Final = Half("heating", CONF_BOILER, "heating.half")
HALVES: Final = (CHARGING, HEATING)


class Control(Protocol):
    """A running half."""

    @property
    def watched_entities(self) -> set[str]:
        """Entities whose state changes matter."""

    @property
    def reporting_entities(self) -> set[str]:
        """Entities that matter even when they report the same state again."""

    @property
    def owners(self) -> set[str]:
        """Owners whose stored values the half uses."""

    async def async_start(self) -> None:
        """Start to evaluate."""

    def stop(self) -> None:
        """Stop evaluating."""

    async def async_unload(self) -> None:
        """Stop, and leave every device in a safe state."""

    @callback
    def handle_change(self, entity_id: str) -> None:
        """React to an entity that changed or reported its state."""

    @callback
    def evaluate(self) -> None:
        """Read, decide, command and publish."""

    @callback
    def async_hass_started(self) -> None:
        """Continue once all of Home Assistant is running."""

    def picture(self) -> dict[str, Any] | None:
        """Return what the cards draw now; None before the first evaluation."""

    def check_tuning(self, owner: str, key: str, value: float) -> None:
        """Raise ServiceValidationError for a value that contradicts another."""

    @callback
    def async_refresh_settings(self) -> None:
        """Apply changed values of the store."""


class HalfModule(Protocol):
    """What the module of a half offers."""

    make: Callable[[Host], Any]
    make_finder: Callable[[Any, Host], Finder]
    describe: Callable[[Any, Host, Platform], Described]
