"""Sees which of the first steps with a new site are done: the meter, and a charger."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval

from ..site.host import Host
from ..site.repairs import first_steps
from .charger import ManagedCharger
from .engine.commissioning import Outcome
from .meter_pace import MeterPace
from .store import ChargingStore

LOOK_EVERY = timedelta(seconds=20)


@callback
def async_watch(
    host: Host, chargers: Mapping[str, ManagedCharger], pace: MeterPace
) -> None:
    """Look now and then, for as long as the site has a step that is still to do."""
    if first_steps.async_next_step(host.hass, host.entry.entry_id) is None:
        return

    @callback
    def look(_now: datetime) -> None:
        done = set(_done(host, chargers, pace))
        first_steps.async_advance(host.hass, host.entry, done)

    host.entry.async_on_unload(
        async_track_time_interval(host.hass, look, LOOK_EVERY, cancel_on_shutdown=True)
    )


def _done(
    host: Host, chargers: Mapping[str, ManagedCharger], pace: MeterPace
) -> Iterator[str]:
    """Yield the steps that can be seen to be done."""
    if pace.has_moved:
        yield first_steps.METER
    store = ChargingStore(host.store)
    for charger in chargers.values():
        tested = store.test_findings(charger.config.charger_id).outcome
        obeyed = charger.runner.record.latency_s is not None
        if obeyed or tested is Outcome.PASSED:
            yield first_steps.CHARGER
