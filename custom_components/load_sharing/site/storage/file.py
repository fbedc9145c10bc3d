"""A file of a site that outlives a downgrade, and tells a lost file from a first start."""

import logging
from pathlib import Path
from typing import Any, NamedTuple, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

_LOGGER = logging.getLogger(__name__)

VERSION = 1
MINOR_VERSION = 1
"""A higher minor version only adds; what cannot be read as before is another version."""


class Loaded(NamedTuple):
    """What was in a file. ``lost``: there was one, and nothing can be read of it."""

    data: Any
    lost: bool


class KeptFile(Store[dict[str, Any]]):
    """A JSON file, written in one go, so that a crash leaves the former one."""

    def __init__(self, hass: HomeAssistant, key: str) -> None:
        """Name the file."""
        super().__init__(
            hass, VERSION, key, minor_version=MINOR_VERSION, atomic_writes=True
        )

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> dict[str, Any]:
        """Leave all that a newer version added, and its minor version, as they are."""
        if isinstance(old_minor_version, int):
            self.minor_version = max(self.minor_version, old_minor_version)
        return old_data

    async def async_read(self) -> Loaded:
        """Read it; what cannot be read at all is kept beside it, under another name.

        Raises HomeAssistantError if the file cannot be read just now, and
        UnsupportedStorageVersionError if it is a newer version's.
        """
        path = Path(self.path)
        try:
            data = await self.async_load()
        except UnsupportedStorageVersionError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _LOGGER.error("%s holds something else than it should: %s", path, error)
            data = None
        if data is not None:
            return Loaded(data, lost=False)
        lost = await self.hass.async_add_executor_job(_put_aside, path)
        return Loaded(None, lost)


def _put_aside(path: Path) -> bool:
    """Keep what is of no use; tell whether there is any such file, as of old."""
    if path.exists():
        path.rename(f"{path}.corrupt.{dt_util.utcnow().isoformat()}")
    return any(path.parent.glob(f"{path.name}.corrupt.*"))
