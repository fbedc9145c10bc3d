"""The websocket commands behind the cards: the sites, and a live picture of one.

The picture comes from the running halves, not from entities. So it may change every
second, and no database records it.
"""

from datetime import datetime
from typing import Any

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later
import voluptuous as vol

from .const import CONF_BOILER, CONF_SUPPLY, DOMAIN
from .coordinator import LoadSharingConfigEntry

PICTURE_EVERY_S = 1.0
"""A picture follows the one before after this time at the earliest."""

MAIN_ENTITIES = (
    "limiting_reason",
    "room_reason",
    "circuit_current",
    "balancer_state",
    "load_sharing_state",
    "max_circuit_current",
)
"""Keys of the entities that stand for a part of a site, the best first."""


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register the commands."""
    websocket_api.async_register_command(hass, handle_sites)
    websocket_api.async_register_command(hass, handle_subscribe)


@callback
@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/sites"})
def handle_sites(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer with the sites that the user may read."""
    sites = [
        {
            "entry_id": entry.entry_id,
            "title": entry.title,
            "charging": CONF_SUPPLY in entry.data,
            "heating": CONF_BOILER in entry.data,
        }
        for entry in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
        if may_read(hass, connection.user, entry)
    ]
    connection.send_result(msg["id"], sites)


@callback
@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/subscribe",
        vol.Required("entry_id"): str,
    }
)
def handle_subscribe(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send pictures of a site, until the user unsubscribes."""
    entry = hass.config_entries.async_get_entry(msg["entry_id"])
    if entry is None or entry.domain != DOMAIN:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "No such site")
        return
    if not may_read(hass, connection.user, entry):
        raise Unauthorized(permission=POLICY_READ)
    subscription = Subscription(hass, entry, connection, msg["id"])
    connection.subscriptions[msg["id"]] = subscription.async_stop
    connection.send_result(msg["id"])
    subscription.async_start()


def may_read(hass: HomeAssistant, user: User, entry: ConfigEntry[Any]) -> bool:
    """Return whether a user may read all of a site's entities: a picture shows all."""
    if user.permissions.access_all_entities(POLICY_READ):
        return True
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return bool(entities) and all(
        user.permissions.check_entity(entity.entity_id, POLICY_READ)
        for entity in entities
    )


def main_entities(hass: HomeAssistant, entry: ConfigEntry[Any]) -> dict[str, str]:
    """Return the entity that stands for each part, by the ID of its subentry.

    The site's own is under an empty ID.
    """
    found: dict[str, tuple[int, str]] = {}
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        if entity.disabled or entity.translation_key not in MAIN_ENTITIES:
            continue
        part = entity.config_subentry_id or ""
        ranked = (MAIN_ENTITIES.index(entity.translation_key), entity.entity_id)
        found[part] = min(found.get(part, ranked), ranked)
    return {part: entity_id for part, (_, entity_id) in found.items()}


class Subscription:
    """Sends pictures of one site over one connection, also after the site reloads."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LoadSharingConfigEntry,
        connection: websocket_api.ActiveConnection,
        message_id: int,
    ) -> None:
        """Prepare; ``async_start`` sends the first picture."""
        self._hass = hass
        self._entry = entry
        self._connection = connection
        self._message_id = message_id
        self._stop_watching: CALLBACK_TYPE | None = None
        self._stop_following: CALLBACK_TYPE | None = None
        self._cancel_timer: CALLBACK_TYPE | None = None
        self._sent: dict[str, Any] | None = None
        self._sent_at_s = 0.0
        self._job = HassJob(
            self._send_late, f"{DOMAIN} picture", cancel_on_shutdown=True
        )

    @callback
    def async_start(self) -> None:
        """Send a picture now, and another one after every change."""
        self._stop_following = self._entry.async_on_state_change(self._follow_entry)
        self._follow_entry()

    @callback
    def async_stop(self) -> None:
        """Send nothing any more."""
        self._end_watching()
        if self._stop_following is not None:
            self._stop_following()
            self._stop_following = None
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None

    @callback
    def _follow_entry(self) -> None:
        """Watch the site while it runs. Each reload makes a new coordinator."""
        self._end_watching()
        if self._runs:
            self._stop_watching = self._entry.runtime_data.async_watch(self._note)
        self._note()

    @property
    def _runs(self) -> bool:
        return self._entry.state is ConfigEntryState.LOADED

    def _end_watching(self) -> None:
        if self._stop_watching is not None:
            self._stop_watching()
            self._stop_watching = None

    @callback
    def _note(self) -> None:
        """Send a picture soon. At most one is under way."""
        if self._cancel_timer is None:
            passed_s = self._hass.loop.time() - self._sent_at_s
            wait_s = 0.0 if self._sent is None else PICTURE_EVERY_S - passed_s
            self._cancel_timer = async_call_later(
                self._hass, max(0.0, wait_s), self._job
            )

    @callback
    def _send_late(self, _now: datetime) -> None:
        """Send a picture, unless it is the one that was sent last."""
        self._cancel_timer = None
        picture = self._picture()
        if picture != self._sent:
            self._sent, self._sent_at_s = picture, self._hass.loop.time()
            message = websocket_api.event_message(self._message_id, picture)
            self._connection.send_message(message)

    def _picture(self) -> dict[str, Any]:
        """Return what the cards draw; the halves are None while the site is down.

        What the user may see can change at any time, so each picture asks.
        """
        if not may_read(self._hass, self._connection.user, self._entry):
            return {"allowed": False}
        halves: dict[str, Any] = {"charging": None, "heating": None}
        if self._runs:
            halves = self._entry.runtime_data.picture()
        return {
            "allowed": True,
            "title": self._entry.title,
            "running": self._runs,
            "entities": main_entities(self._hass, self._entry),
            **halves,
        }
