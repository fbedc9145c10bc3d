"""What a preset of a radiator head or of a boiler is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import re
from typing import Any

from homeassistant.helpers import entity_registry as er

from ...engine.model import Actuator


@dataclass(frozen=True, slots=True)
class Pattern:
    """Matches an entity by its domain and its whole unique ID, a regular expression."""

    domain: str
    unique_id: str

    def matches(self, entry: er.RegistryEntry) -> bool:
        """Return whether it is this entity."""
        return entry.domain == self.domain and bool(
            re.fullmatch(self.unique_id, entry.unique_id)
        )


type Patterns = tuple[Pattern, ...]
"""Alternatives for one field, the best one first."""


def find_one(patterns: Patterns, entries: Iterable[er.RegistryEntry]) -> str | None:
    """Return the entity of the first pattern that exactly one entity matches."""
    candidates = list(entries)
    for pattern in patterns:
        found = [entry.entity_id for entry in candidates if pattern.matches(entry)]
        if len(found) == 1:
            return found[0]
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of the radiator heads or thermostats of one integration.

    platform: domain of the integration.
    name: name of the integration, as shown to the user.
    device: what the text of its device has to contain, a regular expression; see
        ``registry.describe_device``.
    climate: the whole unique ID of its thermostat, a regular expression.
    actuator: what opens its room.
    entities: further entities of its device, by form field.
    shows_schedule: whether its thermostat shows when it will switch next.
    """

    platform: str
    name: str
    device: str = ""
    climate: str = ".+"
    actuator: Actuator = Actuator.SETPOINT
    entities: Mapping[str, Patterns] = field(default_factory=dict)
    shows_schedule: bool = False

    def matches(self, climate: er.RegistryEntry, device_text: str) -> bool:
        """Return whether a thermostat is one of these."""
        return (
            climate.platform == self.platform
            and bool(re.fullmatch(self.climate, climate.unique_id))
            and bool(re.search(self.device, device_text))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Boiler:
    """What is known of the boilers of one integration.

    platform: domain of the integration.
    name: name of the integration, as shown to the user.
    device: what the text of its device has to contain, a regular expression; see
        ``registry.describe_device``.
    required: entities by form field. A device that lacks one is not a boiler.
    optional: further entities that a boiler may have, by form field.
    fields: other form fields.
    """

    platform: str
    name: str
    device: str = ""
    required: Mapping[str, Patterns]
    optional: Mapping[str, Patterns] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
