"""What balancing was good for, as Home Assistant shows and keeps it."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from ..homes.house import DRAW, STATUS, House

ENERGY, SESSION = "sensor.garage_energy", "sensor.garage_session_energy"
PEAK, CORRECTED = "sensor.home_peak_today", "sensor.home_overloads_corrected"
TODAY = "sensor.home_overloads_today"


async def charge(house: House, seconds: float, draw_a: float = 10.0) -> None:
    """Let the car take a current for a time, read every half minute."""
    for _ in range(int(seconds // 30)):
        await house.set_state(DRAW, draw_a, "A")
        await house.measure(12 + draw_a)
        await house.wait(30)


async def set_up(house: House) -> None:
    """A charger of which the draw is measured."""
    house.number.show(10)
    await house.set_state(STATUS, "Charging")
    await house.set_state(DRAW, 0, "A")
    await house.measure(12)
    await house.set_up(
        charger={"status_entity": STATUS, "draw_entity": DRAW, "max_current_a": 10.0}
    )


async def test_energy_is_counted_and_outlasts_a_reload(
    hass: HomeAssistant, house: House
) -> None:
    """10 A at 230 V for half an hour; what it takes meanwhile is not made up."""
    await set_up(house)
    assert house.state(ENERGY) == "0.0"
    await charge(house, 1800)
    assert float(house.state(ENERGY)) == pytest.approx(1.15, abs=0.1)
    before = house.state(ENERGY)
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert house.state(ENERGY) == before
    assert house.state(SESSION) == before
    await house.set_state(DRAW, "unavailable")
    await house.wait(600)
    assert float(house.state(ENERGY)) == pytest.approx(float(before), abs=0.1)


async def test_few_rows_for_the_energy(hass: HomeAssistant, house: House) -> None:
    """A step of 0.1 kWh is a row: 23 of them in an hour with 2.3 kW."""
    await set_up(house)
    states = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: (
            states.append(event.data["new_state"].state)
            if event.data["entity_id"] == ENERGY
            else None
        ),
    )
    await charge(house, 1800)
    assert len(states) <= 13


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A usual day, and the two on which the clocks are changed: midnight is local.
        ("2026-11-02T23:59:00+01:00", "2026-11-03T00:01:00+01:00"),
        ("2026-10-25T23:59:00+01:00", "2026-10-26T00:01:00+01:00"),
        ("2027-03-28T23:59:00+02:00", "2027-03-29T00:01:00+02:00"),
    ],
)
async def test_the_peak_begins_anew_at_midnight(
    hass: HomeAssistant, house: House, before: str, after: str
) -> None:
    """In local time, also when a day has 23 or 25 hours."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    house.freezer.move_to(before)
    await set_up(house)
    await house.measure(28)
    await house.wait(11)
    assert house.state(PEAK) == "28.0"
    await house.measure(14)
    await house.wait(11)
    assert house.state(PEAK) == "28.0"
    house.freezer.move_to(after)
    await house.measure(13)
    await house.wait(11)
    assert house.state(PEAK) == "13.0"
    await house.measure("unavailable")
    await house.wait(11)
    assert house.state(PEAK) == "13.0"


async def test_an_overload_that_was_corrected_is_counted(house: House) -> None:
    """Of all time, and of today."""
    await set_up(house)
    await charge(house, 120)
    assert house.state(CORRECTED) == "0"
    await house.set_state(DRAW, 10, "A")
    await house.measure(36)
    await house.wait(4)
    await house.set_state(DRAW, 6, "A")
    await house.measure(30)
    await house.wait(20)
    assert house.state(CORRECTED) == "1"
    assert house.state(TODAY) == "1"


async def test_a_week_is_reported_when_the_next_begins(
    hass: HomeAssistant, house: House
) -> None:
    """At midnight in local time, also after a reload in its middle."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    house.freezer.move_to("2026-10-24T20:00:00+02:00")
    weeks = async_capture_events(hass, "load_sharing_week")
    await set_up(house)
    await charge(house, 1800)
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    await charge(house, 300)
    assert not weeks
    # The clocks are set back in this night. Of a silence, a quarter of an hour counts.
    house.freezer.move_to("2026-10-25T23:59:50+01:00")
    await charge(house, 60)
    assert [dict(week.data) for week in weeks] == [
        {
            "site": "Home",
            "since": "2026-10-24",
            "energy_kwh": {"Garage": pytest.approx(1.9, abs=0.11)},
            "overloads_corrected": 0,
            "peak_current_a": 22.0,
        }
    ]
    house.freezer.move_to("2026-11-02T00:01:00+01:00")
    await charge(house, 60)
    assert weeks[-1].data["since"] == "2026-10-26"


async def test_a_week_says_since_when_there_are_figures(
    hass: HomeAssistant, house: House
) -> None:
    """Off from Sunday to Wednesday: Wednesday. A clock that is set back ends no week."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    house.freezer.move_to("2026-10-25T12:00:00+01:00")
    weeks = async_capture_events(hass, "load_sharing_week")
    await set_up(house)
    await charge(house, 60)
    assert await hass.config_entries.async_unload("site")
    house.freezer.move_to("2026-10-28T12:00:00+01:00")
    assert await hass.config_entries.async_setup("site")
    await charge(house, 120)
    assert [week.data["since"] for week in weeks] == ["2026-10-25"]
    house.freezer.move_to("2026-11-02T00:01:00+01:00")
    await charge(house, 60)
    assert [week.data["since"] for week in weeks[1:]] == ["2026-10-28"]
    house.freezer.move_to("2026-10-30T12:00:00+01:00")
    await charge(house, 60)
    assert len(weeks) == 2


@pytest.mark.parametrize("broken", ["tallies.Tallies.note", "telling.Teller.follow"])
async def test_what_only_tells_does_not_keep_from_acting(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    """The next deadline is set all the same: a meter that is silent is noticed."""
    await set_up(house)

    def fail(*_args: object) -> None:
        raise ValueError(broken)

    monkeypatch.setattr(f"custom_components.load_sharing.charging.{broken}", fail)
    await house.measure(20)
    await house.measure(40)
    assert house.timers
    assert caplog.text.count("Traceback") == 1
    caplog.clear()
