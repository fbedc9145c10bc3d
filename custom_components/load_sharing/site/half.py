"""The halves of a site, which know nothing of each other, and what is asked of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from homeassistant.const import Platform
from homeassistant.core import callback

from ..const import CONF_BOILER, CONF_SUPPLY
from .descriptions import Described
from .host import Host


@dataclass(frozen=True, slots=True)
class Half:
    """Charging or heating: what of the entry's data belongs to it, and its module.

    The module is imported when it is needed, so that one that cannot be imported does
    not take the other half with it.
    """

    name: str
    key: str
    module: str


CHARGING: Final = Half("charging", CONF_SUPPLY, "charging.half")
HEATING_HALF: Final = Half("heating", CONF_BOILER, "heating.half")
HALVES: Final = (CHARGING, HEATING_HALF)


class Control(Protocol):
    """A half at work."""

    @property
    def watched(self) -> set[str]:
        """Entities whose changes matter."""

    @property
    def reporting(self) -> set[str]:
        """Entities that matter also when they repeat their value."""

    @property
    def owners(self) -> set[str]:
        """Whose values in the store it heeds."""

    async def async_start(self) -> None:
        """Evaluate from now on."""

    def stop(self) -> None:
        """Evaluate no more."""

    async def async_unload(self) -> None:
        """Come to rest."""

    @callback
    def hear(self, entity_id: str) -> None:
        """Take note that an entity changed, or was reported."""

    @callback
    def evaluate(self) -> None:
        """Read, decide, command and show."""

    @callback
    def async_hass_started(self) -> None:
        """Go on with all of Home Assistant there."""

    def check_tuning(self, owner: str, key: str, value: float) -> None:
        """Refuse, with a ServiceValidationError, a value that contradicts another."""

    @callback
    def async_refresh_settings(self) -> None:
        """Take over changed values of the store."""


class HalfModule(Protocol):
    """What the module of a half offers."""

    make: Callable[[Host], Any]
    describe: Callable[[Any, Host, Platform], Described]
