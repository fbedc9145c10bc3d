"""Meters whose phases are reported one by one, evenly spread or not."""

from typing import Any

import pytest

from custom_components.load_sharing.charging.engine.command import holding
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerSettings,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.watts import (
    NOT_WATCHED,
    WattsWatch,
    follow_watts,
)

from .car import Car
from .house import House, within_limit
from .settings import charger_settings, site_settings

ALL = (0, 1, 2)
SITE = site_settings(limit_a=25.0)
PER_A = (230.0, 460.0, 690.0)
LAG_S = 1.0

PACES_S = [1.0, 2.0, 5.0, 10.0]
STAGGERS_S = [0.002, 0.1, 0.3, 1 / 3, 0.45, 0.6, 0.9]


class StaggeredHouse(House):
    """A house whose meter reports L2 and L3 each ``stagger_s`` after the one before."""

    def __init__(
        self, pace_s: float, stagger_s: float, *args: Any, **options: Any
    ) -> None:
        """Build the house."""
        super().__init__(*args, phases=3, **options)
        self.reports = sorted(
            (round(k * pace_s + phase * stagger_s, 6), phase)
            for k in range(int(400 / pace_s))
            for phase in ALL
        )

    def _sample(self) -> bool:
        """Read one phase."""
        flows_a = self.service_a()
        if self.reading is None:
            self.reading = ServiceReading(flows_a, (0.0,) * 3)
        while self.reports and self.reports[0][0] <= self.now_s:
            phase = self.reports.pop(0)[1]
            current_a, taken_s = (
                list(self.reading.current_a),
                list(self.reading.taken_at_s),
            )
            current_a[phase], taken_s[phase] = flows_a[phase], self.now_s
            self.reading = ServiceReading(tuple(current_a), tuple(taken_s))
        self._samples_s = self.reports[0][0]
        return True


@pytest.mark.parametrize("pace_s", PACES_S)
@pytest.mark.parametrize("stagger_s", STAGGERS_S)
@pytest.mark.parametrize(("wires", "cars"), [(ALL, 1), ((0,), 2)])
def test_each_command_is_seen(
    pace_s: float, stagger_s: float, wires: tuple[int, ...], cars: int
) -> None:
    """Within a report of the car's step, and one more if the phases come in turns."""
    chargers = [
        Car(
            charger=charger_settings(name, phases=wires, max_a=16),
            lag_s=LAG_S,
            reads_back=True,
        )
        for name in ("first", "second")[:cars]
    ]
    house = StaggeredHouse(
        pace_s, stagger_s, 5.0, *chargers, site=SITE, witness=within_limit
    )
    house.run(250)
    for car in chargers:
        response = house.engine.responses.chargers[car.charger.charger_id]
        assert response.epoch_s == car.state.epochs[-1].begun_s
        sent = [one for one in house.log if one.charger_id == car.charger.charger_id]
        # At first 0 A is sent to a charger that has nothing.
        assert len(response.latencies_s) == len(sent) - 1
        assert max(response.latencies_s) <= LAG_S + 2 * pace_s + 2 * stagger_s + 1


@pytest.mark.parametrize("pace_s", PACES_S)
@pytest.mark.parametrize("stagger_s", STAGGERS_S)
@pytest.mark.parametrize("used", [1, 2, 3])
@pytest.mark.parametrize("begins_s", [0.25, 0.75])
def test_the_number_of_phases_is_learnt(
    pace_s: float, stagger_s: float, used: int, begins_s: float
) -> None:
    """6 A of three phases are 9 A on two, and 18 A on one."""
    settings = charger_settings("car", phases=ALL, max_a=32, watts_per_a=PER_A)
    known, taken_s = NOT_WATCHED, [0.0] * 3
    shown_a = [3.0] * 3
    step_a = 18.0 / used
    reports = sorted(
        (round(k * pace_s + phase * stagger_s, 6), phase)
        for k in range(int(60 / pace_s))
        for phase in ALL
    )
    for now_s, phase in reports:
        draws = now_s >= 21.0 + begins_s * pace_s and phase < used
        shown_a[phase], taken_s[phase] = 3.0 + (step_a if draws else 0.0), now_s
        sent_a = 6.0 if now_s >= 20 else 0.0
        known = follow(known, settings, shown_a, taken_s, sent_a, now_s)
        assert known.phases in (0, used)
        if now_s + 0.5 < min([s for s, _ in reports if s > now_s], default=0):
            known = follow(known, settings, shown_a, taken_s, sent_a, now_s + 0.5)
    assert known.phases == used


def follow(
    known: WattsWatch,
    settings: ChargerSettings,
    shown_a: list[float],
    taken_s: list[float],
    sent_a: float,
    now_s: float,
) -> WattsWatch:
    """Return what is known after one more report."""
    reading = ServiceReading(tuple(shown_a), tuple(taken_s))
    charger = ChargerInput(settings, holding(sent_a))
    return follow_watts(known, charger, SiteInput(SITE, reading, (charger,)), now_s)
