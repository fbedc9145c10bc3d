"""One site: hears of changes, has its halves evaluate, and shows what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
import logging
from math import isfinite
from typing import TYPE_CHECKING, Any, cast, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import CALLBACK_TYPE, Context, Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ServiceValidationError
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
)
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .const import DOMAIN
from .site.descriptions import Owner
from .site.half import CHARGING, HALVES, HEATING, Control, Half, HalfModule
from .site.host import Host
from .site.isolation import for_each
from .site.repairs.checkup import Checkup
from .site.repairs.findings import Finder
from .site.repairs.outage import as_entry_error, show_missing, show_state
from .site.snapshot import SiteSnapshot
from .site.stale_entities import Roll
from .site.storage.store import SiteStore

if TYPE_CHECKING:
    from .charging.control import ChargingControl
    from .heating.control import HeatingControl

_LOGGER = logging.getLogger(__name__)

type LoadSharingConfigEntry = ConfigEntry[LoadSharingCoordinator]


class LoadSharingCoordinator(DataUpdateCoordinator[SiteSnapshot]):
    """Wires a site: charging, heating, or both. Decides nothing."""

    config_entry: LoadSharingConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LoadSharingConfigEntry,
        store: SiteStore,
    ) -> None:
        """Put the site together. Nothing is read or sent before ``async_start``."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=None,
        )
        self.data = SiteSnapshot()
        self.store = store
        self.roll = Roll()
        self._host = Host(
            hass=hass,
            entry=entry,
            store=store,
            publish=self._publish,
        )
        self._modules: dict[Half, HalfModule] = {}
        self._controls: dict[Half, Control] = {}
        self._finders: dict[Half, Finder] = {}
        self._changed: set[str] = set()
        self._followers: dict[Any, list[CALLBACK_TYPE]] = {}
        self.cause: Context | None = None
        """What the states that are written now are to be put down to."""

    @property
    def charging(self) -> ChargingControl | None:
        """The charging, if the site has a supply and it is up."""
        return cast("ChargingControl | None", self._controls.get(CHARGING))

    @property
    def heating(self) -> HeatingControl | None:
        """The heating, if the site has a boiler and it is up."""
        return cast("HeatingControl | None", self._controls.get(HEATING))

    async def async_start(self) -> None:
        """Start each half for itself; ConfigEntryError if none is left to be up."""
        entry = self.config_entry
        halves = [half for half in HALVES if half.key in entry.data]
        if not halves:
            raise ConfigEntryError(
                translation_domain=DOMAIN, translation_key="nothing_configured"
            )
        failures = await for_each(halves, self._async_start_half)
        for half in halves:
            show_state(self.hass, entry, half, failures.get(half))
        begun = [half for half in failures if half in self._controls]
        await for_each(begun, self._async_unload_half)
        for half in begun:
            del self._controls[half]
        if not self._controls:
            raise as_entry_error(failures[halves[0]])
        await Checkup(self._host, self._finders).async_start()

    async def _async_start_half(self, half: Half) -> None:
        """Import, make and start a half, and have it hear of changes."""
        name = f"{__package__}.{half.module}"
        module: Any = await async_import_module(self.hass, name)
        self._modules[half] = module
        self._controls[half] = control = module.make(self._host)
        await control.async_start()
        hear = self._caused(control)

        @callback
        def hass_started(_hass: HomeAssistant) -> None:
            control.async_hass_started()

        for stop in (
            async_at_started(self.hass, hass_started),
            async_track_state_change_event(self.hass, control.watched_entities, hear),
            async_track_state_report_event(self.hass, control.reporting_entities, hear),
            control.stop,
        ):
            self.config_entry.async_on_unload(stop)
        self._finders[half] = module.make_finder(control, self._host)

    async def async_describe(
        self, platform: Platform, add: Callable[[Owner[Any], Sequence[Any]], None]
    ) -> None:
        """Add the entities of a platform; what one half has not, the other may have."""

        async def describe(half: Half) -> None:
            describe_half = self._modules[half].describe
            for owner, items in describe_half(
                self._controls[half], self._host, platform
            ):
                if items:
                    add(owner, items)

        failures = await for_each(list(self._controls), describe)
        for half, error in failures.items():
            show_missing(self.hass, self.config_entry, half, platform, error)
        halves = [half for half in HALVES if half.key in self.config_entry.data]
        if not failures and len(self._controls) == len(halves):
            self.roll.complete(platform)

    @callback
    def async_pause(self) -> None:
        """Leave everything as it is until the site is set up anew, which is due."""
        for control in self._controls.values():
            control.stop()

    async def async_unload(self) -> None:
        """Bring each half to rest, and save what was not saved yet."""
        failures = await for_each(list(self._controls), self._async_unload_half)
        await self.store.async_save_now()
        for error in failures.values():
            raise error

    async def _async_unload_half(self, half: Half) -> None:
        await self._controls[half].async_unload()

    def _caused(self, control: Control) -> Callable[[Event[Any]], None]:
        """Have a half hear of an event, and put down to it what comes of it."""

        @callback
        def hear(event: Event[Any]) -> None:
            if event.data["new_state"] is None:
                # Gone, or about to come back under another name: the site is told next.
                self.hass.loop.call_soon(control.evaluate)
                return
            outer, self.cause = self.cause, event.context
            try:
                control.handle_change(event.data["entity_id"])
            finally:
                self.cause = outer

        return hear

    def _publish(self, changed: set[str], **snapshots: Any) -> None:
        self.data = replace(self.data, **snapshots)
        self._changed = changed
        self.async_update_listeners()

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> CALLBACK_TYPE:
        """Listen to one part of the site: the context names it."""
        remove = super().async_add_listener(update_callback, context)
        followers = self._followers.setdefault(context, [])
        followers.append(update_callback)

        def stop() -> None:
            followers.remove(update_callback)
            remove()

        return stop

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Notify the entities of what changed."""
        # A state that is written may cause an evaluation, and another set of changes.
        for part in self._changed:
            for update_callback in list(self._followers.get(part, ())):
                update_callback()

    @callback
    def async_tune(self, owner: str, key: str, value: float) -> None:
        """Apply and keep a tuning value of the supply, the heating or a subentry.

        Raises ServiceValidationError for what is no number, or contradicts another.
        """
        if not isfinite(value):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="not_finite"
            )
        controls = [item for item in self._controls.values() if owner in item.owners]
        for control in controls:
            control.check_tuning(owner, key, value)
        self.store.tune(owner, key, value)
        for control in controls:
            control.async_refresh_settings()
