"""What a preset is, and the actions that several presets share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
import re
from typing import Any

from homeassistant.helpers import entity_registry as er

# Entities that only action sequences refer to: the forms have no field for them.
LIMIT = "limit"
PAUSE = "pause"
RESUME = "resume"
TRANSACTION = "transaction"

type Groups = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class EntityPattern:
    """Matches an entity by its domain and its whole unique ID, a regular expression.

    All entities of a charger agree in the named groups of their patterns, as in
    ``(?P<id>.+)_status``. ``older`` are unique IDs that older versions of the
    integration made. They stay registered after an update, and so come last.
    """

    domain: str
    unique_id: str
    older: tuple[str, ...] = ()

    def find(
        self, entries: Iterable[er.RegistryEntry], known: Groups
    ) -> Iterator[tuple[er.RegistryEntry, Groups]]:
        """Find the entities that match and agree with the known groups, newest first."""
        candidates = [entry for entry in entries if entry.domain == self.domain]
        for pattern in (self.unique_id, *self.older):
            for entry in candidates:
                match = re.fullmatch(pattern, entry.unique_id)
                if match and agree(groups := match.groupdict(), known):
                    yield entry, groups


def agree(groups: Groups, known: Groups) -> bool:
    """Return whether the groups that both have are the same."""
    return all(known[key] == value for key, value in groups.items() if key in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What is known of the chargers of one integration.

    platform: domain of the integration.
    name: name of the integration, as shown to the user.
    control: how the charger is controlled, one of the ``CONTROL_*`` constants.
    required: entities by form field, or by a name of their own. A device that lacks
        one is not a charger; each entity that matches the first is one. A preset
        without any is offered if its integration is set up.
    optional: further entities that a charger may have.
    second_outlet: entity that only a device with a second outlet has. There, the control
        is that of both, so what is known of the first one alone is left out.
    draws: alternatives for the measured current or power. Each has one sensor for each
        phase, or one for all of them. The first that a charger has in full is used.
    fields: other form fields. In them, ``<key>`` stands for the entity ID of that key
        in ``required`` or ``optional``, or for a group of the unique IDs, and
        ``<device>`` for the device ID. A group without a match is "1".
    starting_values: values that the charger's numbers have until the user moves them.
    """

    platform: str
    name: str
    control: str
    required: Mapping[str, EntityPattern] = field(default_factory=dict)
    optional: Mapping[str, EntityPattern] = field(default_factory=dict)
    second_outlet: EntityPattern | None = None
    draws: tuple[tuple[EntityPattern, ...], ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    starting_values: Mapping[str, float] = field(default_factory=dict)


def per_phase(domain: str, *unique_ids: str) -> tuple[EntityPattern, ...]:
    """Return the patterns of measurements of one domain, one for each phase."""
    return tuple(EntityPattern(domain, unique_id) for unique_id in unique_ids)


def fail_without(key: str) -> dict[str, Any]:
    """Return an action that ends a sequence with an error while an entity is away.

    A sequence that lifts a pause before it sets the current must not do half of that.
    """
    shown = f"states('<{key}>')"
    return {
        "variables": {"there": f"{{{{ {shown} != 'unavailable' or {shown} | float }}}}"}
    }


def set_limit() -> dict[str, Any]:
    """Return the action that sets the number of the current limit."""
    return {
        "action": "number.set_value",
        "target": {"entity_id": f"<{LIMIT}>"},
        "data": {"value": "{{ current_a }}"},
    }


def set_limit_up_to_maximum() -> dict[str, Any]:
    """Return the action that sets the number to no more than its present maximum.

    That of a car is what the socket allows that it is plugged into.
    """
    most = f"state_attr('<{LIMIT}>', 'max') | float(current_a)"
    return {
        **set_limit(),
        "data": {"value": f"{{{{ [current_a, {most}] | min }}}}"},
    }


def select_pause(option: str) -> dict[str, Any]:
    """Return the action that selects an option of the select that pauses charging."""
    return {
        "action": "select.select_option",
        "target": {"entity_id": f"<{PAUSE}>"},
        "data": {"option": option},
    }


def switch_pause(*, is_on: bool) -> dict[str, Any]:
    """Return the action that turns the switch that pauses charging on or off."""
    return {
        "action": f"switch.turn_{'on' if is_on else 'off'}",
        "target": {"entity_id": f"<{PAUSE}>"},
    }


def press(key: str) -> dict[str, Any]:
    """Return the action that presses a button."""
    return {"action": "button.press", "target": {"entity_id": f"<{key}>"}}


def if_paused(option: str, *actions: dict[str, Any]) -> dict[str, Any]:
    """Return an action that runs others while the select shows its pause."""
    return {
        "if": [
            {"condition": "state", "entity_id": f"<{PAUSE}>", "state": option},
        ],
        "then": list(actions),
    }
