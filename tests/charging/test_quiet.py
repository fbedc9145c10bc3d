"""When states are published: decisions at once, measurements every ten seconds."""

from random import Random

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import session_scope
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from sqlalchemy import text

from custom_components.load_sharing.const import DOMAIN

from ..homes.house import DRAW, METERS, THREE_PHASES, Car, House

SERVICE = "sensor.home_service_current"
HEADROOM = "sensor.home_headroom"
MOMENT = "sensor.home_what_happens_now"


class Rows:
    """Counts the states that are written of the meters and of the site."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Count from now on."""
        self.of_meters = 0
        self.of_site: list[tuple[str, str]] = []
        self._registry = er.async_get(hass)
        hass.bus.async_listen("state_changed", self._count)

    @callback
    def _count(self, event: Event[EventStateChangedData]) -> None:
        entity_id, state = event.data["entity_id"], event.data["new_state"]
        if entity_id in METERS:
            self.of_meters += 1
            return
        entry = self._registry.async_get(entity_id)
        if entry is not None and entry.platform == DOMAIN and state is not None:
            self.of_site.append((entity_id, state.state))


async def settle(house: House, *, base_a: float = 5.0) -> Car:
    """Set up a supply of 32 A where the car takes all of its 16 A."""
    house.number.show(0)
    car = Car(house.hass, house.number.entity_id)
    await house.measure(base_a)
    await house.set_up(charger={"max_current_a": 16.0})
    await house.live(400, base_a, car)
    assert car.draw_a == 16
    return car


async def test_noise_is_shown_every_ten_seconds(house: House) -> None:
    """Ten readings result in one state of each current, and in no other state."""
    car = await settle(house)
    rows, noise = Rows(house.hass), Random(1)
    for _ in range(100):
        await house.wait(1)
        await house.measure(round(5 + car.draw_a + noise.uniform(-0.4, 0.4), 2))
    assert rows.of_meters > 90
    written = {entity_id for entity_id, _ in rows.of_site}
    assert written == {SERVICE, HEADROOM}
    assert 10 <= len(rows.of_site) <= 20


async def test_a_deferred_reading_is_shown_after_ten_seconds(house: House) -> None:
    """The meter is silent after the reading that was deferred."""
    await settle(house)
    shown = house.state(SERVICE)
    await house.measure(21.4)
    assert house.state(SERVICE) == shown
    await house.wait(10.01)
    assert house.state(SERVICE) == "21.4"
    assert house.state(HEADROOM) == "10.6"
    # Then nothing is held back, and nothing is due.
    rows = Rows(house.hass)
    await house.wait(120)
    assert not rows.of_site


async def test_a_slow_rise_is_followed_within_ten_seconds(
    house: House,
) -> None:
    """At 0.05 A per second, the state is that of one of the last ten readings."""
    car = await settle(house)
    lately: list[str] = []
    for step in range(90):
        await house.wait(1)
        value = 5 + car.draw_a + 0.05 * step
        await house.measure(round(value, 2))
        lately = [*lately[-10:], f"{round(value, 1)}"]
        assert house.state(SERVICE) in lately or step < 10


async def test_a_load_that_is_switched_is_shown_at_once(house: House) -> None:
    car = await settle(house)
    await house.measure(5 + car.draw_a + 8)
    assert house.state(SERVICE) == "29.0"
    await house.wait(1)
    await house.measure(5 + car.draw_a)
    assert house.state(SERVICE) == "21.0"


async def test_constant_switching_is_not_shown_at_once(house: House) -> None:
    """After five states at once, there is one per minute beside one in ten seconds."""
    car = await settle(house)
    rows = Rows(house.hass)
    for step in range(300):
        await house.wait(1)
        await house.measure(5 + car.draw_a + 3 * (step % 2))
    assert len([1 for entity_id, _ in rows.of_site if entity_id == SERVICE]) <= 42


async def test_an_overload_and_its_correction_are_shown_at_once(
    house: House,
) -> None:
    """The states are written together with the reading and the command."""
    car = await settle(house)
    rows = Rows(house.hass)
    await house.measure(20 + car.draw_a)
    assert house.state("binary_sensor.home_overload") == "on"
    assert house.state(SERVICE) == "36.0"
    assert house.state(HEADROOM) == "-4.0"
    assert house.state("sensor.garage_current_decided") == "12.0"
    assert house.state("sensor.garage_current_set") == "12.0"
    assert house.state("sensor.garage_limited_by") == "overload"
    assert house.state("sensor.garage_last_change_because_of") == "overload"
    await house.wait(1)
    await house.measure(20 + car.draw_a)
    assert house.state("binary_sensor.home_overload") == "off"
    assert house.state(SERVICE) == "32.0"
    states = [state for entity_id, state in rows.of_site if entity_id == SERVICE]
    assert states == ["36.0", "32.0"]


async def test_a_lost_meter_is_shown_at_once(house: House) -> None:
    await settle(house)
    await house.set_state(METERS[0], "unavailable")
    assert house.state("binary_sensor.home_meter_problem") == "on"
    assert house.state(SERVICE) == "unknown"
    await house.measure(21)
    assert house.state("binary_sensor.home_meter_problem") == "off"
    assert house.state(SERVICE) == "21.0"


async def test_a_draw_that_begins_is_shown_at_once(house: House) -> None:
    """A car is plugged in; afterwards, its draw is only a measurement."""
    await house.set_state(DRAW, 0, "A")
    await house.measure(5)
    await house.set_up(charger={"draw_entity": DRAW, "max_current_a": 16.0})
    await house.wait(30)
    await house.set_state(DRAW, 6, "A")
    assert house.state("binary_sensor.garage_charging") == "on"
    assert house.state("sensor.garage_draw") == "6.0"


async def test_a_limit_that_is_tuned_is_shown_at_once(house: House) -> None:
    await settle(house)
    await house.tune("number.home_max_service_current", 25)
    assert house.state(HEADROOM) == "4.0"


async def test_reasons_that_noise_keeps_changing_are_shown_now_and_then(
    house: House,
) -> None:
    """The headroom varies around the minimum of a paused charger."""
    house.number.show(0)
    await house.measure(26)
    await house.set_up(charger={"max_current_a": 16.0})
    rows, noise = Rows(house.hass), Random(1)
    for _ in range(300):
        await house.wait(1)
        await house.measure(round(26 + noise.uniform(-0.3, 0.3), 2))
    assert house.sent == [0] or not house.sent
    assert len(rows.of_site) <= 180


@pytest.mark.parametrize("noise_w", [25, 500])
async def test_the_database_gets_a_tenth_of_the_rows_of_the_meter(
    recorder_mock: Recorder, hass: HomeAssistant, house: House, noise_w: float
) -> None:
    """Three phases report every second for five minutes, with a real recorder."""
    house.number.show(16)
    phases = ["l1", "l2", "l3"]
    await house.measure(8, 6, 5)
    charger = {"max_current_a": 16.0, "phases": phases}
    await house.set_up(supply=THREE_PHASES, charger=charger)
    noise = Random(1)

    async def live(seconds: int) -> None:
        for _ in range(seconds):
            await house.wait(1)
            await house.measure(
                *[
                    round(other_a + 8 + noise.gauss(0, noise_w) / 230, 3)
                    for other_a in (8, 6, 5)
                ]
            )

    await live(60)
    await async_wait_recording_done(hass)
    before = count_rows(hass)
    await live(300)
    await async_wait_recording_done(hass)
    meters, site = (
        now - then for now, then in zip(count_rows(hass), before, strict=True)
    )
    assert meters > 850
    assert site <= meters / 10


def count_rows(hass: HomeAssistant) -> tuple[int, int]:
    """Return the database rows of the meters, and of the site."""
    registry = er.async_get(hass)
    ours = {
        entry.entity_id
        for entry in registry.entities.values()
        if entry.platform == DOMAIN
    }
    query = text(
        "select m.entity_id, count(*) from states s "
        "join states_meta m on m.metadata_id = s.metadata_id group by m.entity_id"
    )
    with session_scope(session=get_instance(hass).get_session()) as session:
        counts = dict(session.execute(query).tuples().all())
    meters = sum(counts.get(meter, 0) for meter in METERS)
    return meters, sum(count for key, count in counts.items() if key in ours)


async def test_what_happens_is_said_in_the_language_of_the_server(
    house: House,
) -> None:
    """An oven takes 22 A: one sentence, which follows a change of the language."""
    car = await settle(house)
    assert house.state(MOMENT).startswith("Nothing is in the way")
    rows = Rows(house.hass)
    await house.live(30, 25, car)
    said = [state for entity_id, state in rows.of_site if entity_id == MOMENT]
    assert len(said) == 1
    assert "Garage turned down from 16 A to" in said[0]
    shown = house.hass.states.get(MOMENT)
    assert shown is not None
    assert shown.attributes["kind"].startswith("lowered_")
    await house.hass.config.async_update(language="es")
    await house.hass.async_block_till_done()
    assert "Garage, de 16 A a" in house.state(MOMENT)


async def test_a_sentence_ends_without_a_reading(house: House) -> None:
    """What was told of a reduction is over after a while, though nothing reports."""
    car = await settle(house)
    await house.live(30, 25, car)
    assert "turned down" in house.state(MOMENT)
    await house.wait(200)
    assert "turned down" not in house.state(MOMENT)
