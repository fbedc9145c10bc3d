"""What is on loan, on disk: it is given back also after a crash."""

from collections.abc import Callable, Mapping
from typing import NotRequired, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN

STORAGE_VERSION = 1
SAVE_DELAY_S = 1.0


class LeaseData(TypedDict):
    """What is known of a lease on disk. Values are in the unit of the dial.

    ``registry_id`` still finds the entity when it has another entity ID by now.
    """

    entity_id: str
    registry_id: NotRequired[str | None]
    kind: str
    prior: float
    held: list[float]
    taken_at: str


class LeaseJournal:
    """What is to be given back, on disk."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the store after the config entry."""
        self._store = Store[dict[str, LeaseData]](
            hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}.leases"
        )

    async def async_load(self) -> dict[str, LeaseData]:
        """Read what an earlier run did not give back."""
        return await self._store.async_load() or {}

    async def async_write(self, kept: Mapping[str, LeaseData]) -> None:
        """Write at once."""
        await self._store.async_save(dict(kept))

    def write_soon(self, kept: Callable[[], dict[str, LeaseData]]) -> None:
        """Write within a moment what is to be kept by then."""
        self._store.async_delay_save(kept, SAVE_DELAY_S)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()
