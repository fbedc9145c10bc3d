"""Says which numbers must not be written, though they look as if they were the ones."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .presets import LIMITS, REWRITTEN
from .presets.preset import Pattern


def is_limit(entry: er.RegistryEntry) -> bool:
    """Return whether a number limits how far a head opens, or works in its own mode."""
    return _is_one_of(entry, LIMITS)


def is_rewritten(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether a setpoint must not be lowered to hold a burner off."""
    entry = er.async_get(hass).async_get(entity_id)
    return entry is not None and _is_one_of(entry, REWRITTEN)


def _is_one_of(entry: er.RegistryEntry, numbers: Iterable[tuple[str, Pattern]]) -> bool:
    """Return whether an entity is one of these, given by platform."""
    return any(
        entry.platform == platform and pattern.matches(entry)
        for platform, pattern in numbers
    )
