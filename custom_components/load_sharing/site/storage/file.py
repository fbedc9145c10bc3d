"""A JSON file of a site that survives a downgrade and notices when it is lost."""

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
"""A higher minor version only adds data. Anything that older code would misread needs a
higher version."""


class LoadedFile(NamedTuple):
    """The content of a file. ``lost``: the file existed once, but is unreadable now."""

    data: Any
    lost: bool


class SiteFile(Store[dict[str, Any]]):
    """A JSON file that is written atomically: a crash leaves the previous one."""

    def __init__(self, hass: HomeAssistant, key: str) -> None:
        """Name the file."""
        super().__init__(
            hass, VERSION, key, minor_version=MINOR_VERSION, atomic_writes=True
        )

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> dict[str, Any]:
        """Keep the data of a newer minor version, and its version number."""
        if isinstance(old_minor_version, int):
            self.minor_version = max(self.minor_version, old_minor_version)
        return old_data

    async def async_read(self) -> LoadedFile:
        """Read the file. An unreadable one is kept beside it, under another name.

        Raises HomeAssistantError if the file cannot be read at the moment, and
        UnsupportedStorageVersionError if a newer version wrote it.
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
            return LoadedFile(data, lost=False)
        lost = await self.hass.async_add_executor_job(_keep_corrupt_file, path)
        return LoadedFile(None, lost)


def _keep_corrupt_file(path: Path) -> bool:
    """Rename an unreadable file; return whether there is one, also from earlier."""
    if path.exists():
        path.rename(f"{path}.corrupt.{dt_util.utcnow().isoformat()}")
    return any(path.parent.glob(f"{path.name}.corrupt.*"))
