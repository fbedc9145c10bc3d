"""Lets the pytest plugin run on a Home Assistant newer than the one it pins.

``pytest-homeassistant-custom-component`` follows Home Assistant some days or weeks late.
Until then its latest release has to do: scripts/lock overrides its pin. pytest loads this
module before it (``-p`` in pyproject.toml), and here the plugin finds what its Home
Assistant had. Each part does nothing where it is not needed, and can go once the plugin's
own pin has caught up.
"""

from typing import Any

# Since 2026.11, Home Assistant puts httpx2 in the place of httpx, and refuses if httpx is
# imported already. The plugin imports httpx first, so this import has to come before it.
from homeassistant.components import logger
from homeassistant.components.logger import helpers
from homeassistant.const import __version__
from homeassistant.helpers import entity_registry as er, restore_state

# The plugin imports this by name; 2026.11 moved it.
if not hasattr(logger, "_clear_logger_overwrites"):
    vars(logger)["_clear_logger_overwrites"] = helpers._clear_logger_overwrites

# `mock_restore_cache` fills `last_states`, which 2026.11 split: an entity of the registry
# looks its state up by its registry ID.
stored_states: Any = restore_state.RestoreStateData
if hasattr(stored_states, "async_get_stored_state"):
    StoredStates = dict[str, restore_state.StoredState]
    by_registry_id = stored_states.async_get_stored_state

    def _get(data: Any) -> StoredStates:
        states: StoredStates = data.last_states_by_entity_id
        return states

    def _set(data: Any, states: StoredStates) -> None:
        data.last_states_by_entity_id = states

    def _look_up(data: Any, entity_id: str) -> restore_state.StoredState | None:
        found: restore_state.StoredState | None = by_registry_id(data, entity_id)
        return found or _get(data).get(entity_id)

    stored_states.last_states = property(_get, _set)
    stored_states.async_get_stored_state = _look_up


def pytest_report_header() -> str:
    """Print the version of Home Assistant under test."""
    return f"Home Assistant {__version__}"


def pytest_configure() -> None:
    """Leave the field that 2026.11 added out of snapshots, so that they fit all versions."""
    from pytest_homeassistant_custom_component import syrupy  # noqa: PLC0415

    serializer: Any = syrupy.HomeAssistantSnapshotSerializer
    serialize = serializer._serializable_entity_registry_entry

    def without_new_fields(data: er.RegistryEntry) -> Any:
        serialized = serialize(data)
        serialized.pop("compat_name", None)
        return serialized

    serializer._serializable_entity_registry_entry = staticmethod(without_new_fields)
