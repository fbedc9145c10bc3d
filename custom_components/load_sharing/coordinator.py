"""One site: hears of changes, has its halves evaluate, and shows what came of it."""

from collections.abc import Callable
import logging
from math import isfinite
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Context, Event, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
)
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .charging_control import ChargingControl
from .checkup import Checkup
from .circuits import CircuitConfig
from .config import ChargerConfig, SupplyConfig
from .const import (
    CONF_BOILER,
    CONF_SUPPLY,
    DOMAIN,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
    SUBENTRY_ROOM,
)
from .heating_config import BoilerConfig, RoomConfig
from .heating_control import HeatingControl
from .heating_tuning import check_heating
from .host import Host
from .settings import SiteStore
from .snapshot import HEATING, SUPPLY, SiteSnapshot

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
        host = Host(
            hass=hass,
            entry=entry,
            store=store,
            snapshot=self.data,
            publish=self._publish,
        )
        self.charging = _charging(host)
        self.heating = _heating(host)
        self._checkup = Checkup(host, self.charging, self.heating)
        self._changed: set[str] = set()
        self._followers: dict[Any, list[CALLBACK_TYPE]] = {}
        self.cause: Context | None = None
        """What the states that are written now are to be put down to."""

    async def async_start(self) -> None:
        """Listen, and evaluate for the first time."""
        entry = self.config_entry
        if (charging := self.charging) is not None:
            caused = self._caused(charging.evaluate)
            entry.async_on_unload(
                async_track_state_change_event(self.hass, charging.watched, caused)
            )
            entry.async_on_unload(
                async_track_state_report_event(self.hass, charging.reporting, caused)
            )
            entry.async_on_unload(charging.stop)
            charging.start()
        if (heating := self.heating) is not None:
            await heating.async_start()
            caused = self._caused(heating.evaluate)
            entry.async_on_unload(
                async_track_state_change_event(self.hass, heating.watched, caused)
            )
            entry.async_on_unload(heating.stop)
        entry.async_on_unload(async_at_started(self.hass, self._hass_started))
        self._checkup.start()

    @callback
    def async_pause(self) -> None:
        """Leave everything as it is until the site is set up anew, which is due."""
        if self.charging is not None:
            self.charging.stop()
        if self.heating is not None:
            self.heating.stop()

    async def async_unload(self) -> None:
        """Come to rest, and save what was not saved yet."""
        if self.charging is not None:
            await self.charging.async_unload()
        if self.heating is not None:
            await self.heating.async_unload()
        await self.store.async_save_now()

    def _caused(self, evaluate: Callable[[], None]) -> Callable[[Event[Any]], None]:
        """Evaluate on an event, and put down to it what comes of it."""

        @callback
        def hear(event: Event[Any]) -> None:
            if event.data["new_state"] is None:
                # Gone, or about to come back under another name: the site is told next.
                self.hass.loop.call_soon(evaluate)
                return
            outer, self.cause = self.cause, event.context
            try:
                evaluate()
            finally:
                self.cause = outer

        return hear

    @callback
    def _hass_started(self, _hass: HomeAssistant) -> None:
        if self.charging is not None:
            self.charging.evaluate()
        if self.heating is not None:
            self.heating.async_hass_started()

    def _publish(self, snapshot: SiteSnapshot, changed: set[str]) -> None:
        self.data = snapshot
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
        if owner == HEATING:
            check_heating(key, value, self.store.tuning(HEATING))
        self.store.tune(owner, key, value)
        self._refresh(owner)

    @callback
    def async_set_flag(self, owner: str, key: str, *, value: bool) -> None:
        """Turn on or off what the user may let load sharing do."""
        self.store.set_flag(owner, key, value=value)
        self._refresh(owner)

    def _refresh(self, owner: str) -> None:
        if self.charging and (owner == SUPPLY or owner in self.charging.parts):
            self.charging.async_refresh_settings()
        if self.heating and (owner == HEATING or owner in self.heating.rooms):
            self.heating.async_refresh_settings()


def _charging(host: Host) -> ChargingControl | None:
    """Charging, if the site has a supply."""
    entry = host.entry
    if CONF_SUPPLY not in entry.data:
        return None
    chargers = [
        ChargerConfig.from_subentry(subentry.subentry_id, subentry.title, subentry.data)
        for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER)
    ]
    circuits = [
        CircuitConfig.from_subentry(subentry.subentry_id, subentry.title, subentry.data)
        for subentry in entry.get_subentries_of_type(SUBENTRY_CIRCUIT)
    ]
    supply = SupplyConfig.from_entry(entry.data, entry.options)
    return ChargingControl(host, supply, chargers, circuits)


def _heating(host: Host) -> HeatingControl | None:
    """Heating, if the site has a boiler."""
    entry = host.entry
    if CONF_BOILER not in entry.data:
        return None
    rooms = [
        RoomConfig.from_subentry(subentry.subentry_id, subentry.title, subentry.data)
        for subentry in entry.get_subentries_of_type(SUBENTRY_ROOM)
    ]
    boiler = BoilerConfig.from_data(entry.data[CONF_BOILER])
    return HeatingControl(host, boiler, rooms)
