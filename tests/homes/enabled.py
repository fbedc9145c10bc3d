"""Which entities the tests see: nearly all, also those that users have to enable."""

from homeassistant.helpers.entity import Entity

NOISY = (
    "available_current",
    "base_load",
    "utilisation",
    "usable_current",
    "service_current_l",
    "headroom_l",
    "learned_rating",
)
"""Sensors that stay disabled, as most tests count what is written."""


def is_enabled(entity: Entity) -> bool:
    """Return whether the tests enable an entity that users may have disabled."""
    description = getattr(entity, "entity_description", None)
    return description is None or not description.key.startswith(NOISY)
