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

AS_INSTALLED = Entity.__dict__["entity_registry_enabled_default"]
"""Home Assistant's own answer, which the tests replace."""


def is_enabled(entity: Entity) -> bool:
    """Return whether the tests enable an entity that users may have disabled.

    Those of other integrations are as their integration makes them.
    """
    platform = entity.platform_data
    if platform is None or platform.platform_name != DOMAIN:
        return bool(AS_INSTALLED.func(entity))
    description = getattr(entity, "entity_description", None)
    return description is None or not description.key.startswith(NOISY)
