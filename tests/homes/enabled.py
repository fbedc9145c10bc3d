"""Which entities the tests see: nearly all, also those that users have to enable."""

from homeassistant.helpers.entity import Entity

from custom_components.load_sharing.const import DOMAIN

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
    """Return whether the tests enable an entity that users may have disabled.

    Those of other integrations are as their integration makes them.
    """
    description = getattr(entity, "entity_description", None)
    platform = getattr(entity, "platform_data", None)
    if platform is None or platform.platform_name != DOMAIN:
        own = getattr(entity, "_attr_entity_registry_enabled_default", None)
        if own is not None:
            return bool(own)
        return description is None or description.entity_registry_enabled_default
    return description is None or not description.key.startswith(NOISY)
