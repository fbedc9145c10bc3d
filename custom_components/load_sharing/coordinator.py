"""A site: starts its halves, passes changes to them, and publishes their results."""

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
from .site.isolation import run_for_each
from .site.repairs.checkup import Checkup
from .site.repairs.findings import Finder
from .site.repairs.outage import (
    as_entry_error,
    raise_entities_missing_issue,
    update_down_issue,
)
from .site.snapshot import SiteSnapshot
from .site.stale_entities import KnownEntities
from .site.storage.store import SiteStore

if TYPE_CHECKING:
    from .charging.control import ChargingControl
    from .heating.control import HeatingControl

_LOGGER = logging.getLogger(__name__)

type LoadSharingConfigEntry = ConfigEntry[LoadSharingCoordinator]


class LoadSharingCoordinator(DataUpdateCoordinator[SiteSnapshot]):
    """Connects the halves of a site with Home Assistant. Decides nothing."""

    config_entry: LoadSharingConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LoadSharingConfigEntry,
        store: SiteStore,
    ) -> None:
        """Prepare the site. Nothing is read or sent before ``async_start``."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=None,
        )
        self.data = SiteSnapshot()
        self.store = store
        self.known_entities = KnownEntities()
        self._host = Host(
            hass=hass,
            entry=entry,
            store=store,
            publish=self._publish,
        )
        self._modules: dict[Half, HalfModule] = {}
        self._controls: dict[Half, Control] = {}
        self._finders: dict[Half, Finder] = {}
        self._changed_parts: set[str] = set()
        self._listeners_by_part: dict[Any, list[CALLBACK_TYPE]] = {}
        self._watchers: list[CALLBACK_TYPE] = []
        self.cause: Context | None = None
        """Context of the change being handled; entities write their states with it."""

    @property
    def charging(self) -> ChargingControl | None:
        """The charging control; None if the site has no charging, or it is down."""
        return cast("ChargingControl | None", self._controls.get(CHARGING))

    @property
    def heating(self) -> HeatingControl | None:
        """The heating control; None if the site has no heating, or it is down."""
        return cast("HeatingControl | None", self._controls.get(HEATING))

    async def async_start(self) -> None:
        """Start each half independently; raises ConfigEntryError if no half starts."""
        entry = self.config_entry
        halves = [half for half in HALVES if half.key in entry.data]
        if not halves:
            raise ConfigEntryError(
                translation_domain=DOMAIN, translation_key="nothing_configured"
            )
        failures = await run_for_each(halves, self._async_start_half)
        for half in halves:
            update_down_issue(self.hass, entry, half, failures.get(half))
        partly_started = [half for half in failures if half in self._controls]
        await run_for_each(partly_started, self._async_unload_half)
        for half in partly_started:
            del self._controls[half]
        if not self._controls:
            raise as_entry_error(failures[halves[0]])
        await Checkup(self._host, self._finders).async_start()

    async def _async_start_half(self, half: Half) -> None:
        """Import, create and start a half, and pass changes to it."""
        name = f"{__package__}.{half.module}"
        module: Any = await async_import_module(self.hass, name)
        self._modules[half] = module
        self._controls[half] = control = module.make(self._host)
        await control.async_start()
        listener = self._state_listener(control)

        @callback
        def hass_started(_hass: HomeAssistant) -> None:
            control.async_hass_started()

        for stop in (
            async_at_started(self.hass, hass_started),
            async_track_state_change_event(
                self.hass, control.watched_entities, listener
            ),
            async_track_state_report_event(
                self.hass, control.reporting_entities, listener
            ),
            control.stop,
        ):
            self.config_entry.async_on_unload(stop)
        self._finders[half] = module.make_finder(control, self._host)

    async def async_describe(
        self, platform: Platform, add: Callable[[Owner[Any], Sequence[Any]], None]
    ) -> None:
        """Add the entities of a platform, even if one of the halves fails."""

        async def describe(half: Half) -> None:
            describe_half = self._modules[half].describe
            for owner, items in describe_half(
                self._controls[half], self._host, platform
            ):
                if items:
                    add(owner, items)

        failures = await run_for_each(list(self._controls), describe)
        for half, error in failures.items():
            raise_entities_missing_issue(
                self.hass, self.config_entry, half, platform, error
            )
        halves = [half for half in HALVES if half.key in self.config_entry.data]
        if not failures and len(self._controls) == len(halves):
            self.known_entities.mark_complete(platform)

    @callback
    def async_pause(self) -> None:
        """Stop evaluating until the site is reloaded, which is about to happen."""
        for control in self._controls.values():
            control.stop()

    async def async_unload(self) -> None:
        """Unload each half, and save what is not saved yet."""
        failures = await run_for_each(list(self._controls), self._async_unload_half)
        await self.store.async_save_now()
        for error in failures.values():
            raise error

    async def _async_unload_half(self, half: Half) -> None:
        await self._controls[half].async_unload()

    def _state_listener(self, control: Control) -> Callable[[Event[Any]], None]:
        """Return the listener that passes changed and reported states to a half."""

        @callback
        def handle_state(event: Event[Any]) -> None:
            if event.data["new_state"] is None:
                # Removed, or renamed: a rename pauses the site right after this event.
                self.hass.loop.call_soon(control.evaluate)
                return
            outer, self.cause = self.cause, event.context
            try:
                control.handle_change(event.data["entity_id"])
            finally:
                self.cause = outer
            self._call_watchers()

        return handle_state

    def _publish(self, changed: set[str], **snapshots: Any) -> None:
        """Publish snapshots of halves; update the entities of the ``changed`` parts."""
        self.data = replace(self.data, **snapshots)
        self._changed_parts = changed
        self.async_update_listeners()
        self._call_watchers()

    def picture(self) -> dict[str, Any]:
        """Return what the cards draw of each half; None for one that does not run."""
        return {
            half.name: control.picture() if control else None
            for half in HALVES
            for control in [self._controls.get(half)]
        }

    @callback
    def async_watch(self, changed: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call back after all that may change the picture; return how to end that.

        It is called in the middle of evaluations, so it should only note the change.
        """
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    def _call_watchers(self) -> None:
        for changed in self._watchers:
            changed()

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> CALLBACK_TYPE:
        """Add a listener to one part of the site, named by the context."""
        remove = super().async_add_listener(update_callback, context)
        listeners = self._listeners_by_part.setdefault(context, [])
        listeners.append(update_callback)

        def stop() -> None:
            listeners.remove(update_callback)
            remove()

        return stop

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Update the entities of the parts that changed."""
        # A written state may cause an evaluation, which replaces the set.
        for part in self._changed_parts:
            for update_callback in list(self._listeners_by_part.get(part, ())):
                update_callback()

    @callback
    def async_tune(self, owner: str, key: str, value: float) -> None:
        """Apply and store a tuning value of the supply, the heating or a subentry.

        Raises ServiceValidationError if it is not finite, or contradicts another value.
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
