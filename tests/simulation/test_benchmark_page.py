"""The page of benchmarks: every run has its place in a table, and charts are valid."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from benchmarks import charging_tables, heating_tables
from benchmarks.evenings import Score
from benchmarks.heating_matrix import WAYS, matched_kwh
from benchmarks.plot import bars
from simulation.thermal_house import Report

SVG = "{http://www.w3.org/2000/svg}"
REPORT = Report(
    days=2.0,
    starts=100,
    cooldowns=80,
    gas_kwh=200.0,
    under_kh=100.0,
    over_kh=10.0,
    valve_moves=60,
    room_moves={"bath": 40, "hall": 20},
)


def heights(chart: str) -> list[float]:
    """Heights of a chart's bars, without the squares of its legend."""
    root = ET.fromstring(chart)
    return [
        float(rect.get("height", 0))
        for rect in root.iter(f"{SVG}rect")
        if rect.find(f"{SVG}title") is not None
    ]


def test_a_bar_is_as_high_as_its_value() -> None:
    """Two groups of two bars, one of them below zero."""
    chart = bars("Gas & heat", "%", ["a", "b"], {"x": [10, -20], "y": [0, 40]})
    tall = heights(chart)
    assert len(tall) == 4
    assert [round(value / tall[0], 2) for value in tall] == [1, 2, 0, 4]
    assert "Gas &amp; heat" in chart


def test_a_chart_without_any_height_is_a_chart() -> None:
    """All values are zero."""
    assert heights(bars("Nothing", "%", ["a"], {"x": [0.0]})) == [0.0]


def test_every_run_of_heating_is_in_a_table() -> None:
    """Half the cooldowns are -50 %; 4 % more gas than no sharing that is as warm."""
    plan = heating_tables.Plan()
    reports = {}
    for key in heating_tables.jobs(plan):
        alone = isinstance(key, tuple) and isinstance(key[1], int)
        reports[key] = REPORT if alone else replace(REPORT, cooldowns=40, gas_kwh=208.0)
    matrix = heating_tables.matrix(plan, reports).splitlines()
    assert len(matrix) == 2 + len(plan.cases) * (1 + len(WAYS))
    assert (
        "| balanced | 50.0 | 20.0 | -50 % | 104.0 kWh | +4.0 % | +4.0 % |"
        in "".join(matrix)
    )
    harder = heating_tables.harder(plan, reports).splitlines()
    assert len(harder) == 2 + len(plan.harder)
    assert harder[2].count("-50 -50 % | +4.0 % at most") == 2
    charts = heating_tables.plots(plan, reports)
    assert {len(heights(chart)) for chart in charts.values()} == {16}


def test_gas_is_compared_with_a_house_that_is_as_warm() -> None:
    """Half-way between 200 kWh for 100 K·h and 210 kWh for 80 K·h; equal ones are one."""
    warmer = replace(REPORT, gas_kwh=210.0, under_kh=80.0)
    assert matched_kwh([REPORT, warmer], 90.0) == 205.0
    assert matched_kwh([REPORT, REPORT], 100.0) == 200.0


def test_every_run_of_charging_is_in_a_table() -> None:
    """Of 100 kWh possible, 97 in seven evenings with 350 commands."""
    plan = charging_tables.Plan()
    score = Score()
    score.kwh, score.over_as, score.sent = 97.0, 1234.0, 350
    best = Score()
    best.kwh = 100.0
    scores = {
        key: best if isinstance(key, str) else score
        for key in charging_tables.jobs(plan)
    }
    for name in plan.sites:
        table = charging_tables.table(plan, name, scores).splitlines()
        assert len(table) == 2 + 9
        assert table[2].count("97.0 %, 1,234 A·s, 50 commands") == 3
    slow = charging_tables.slow(plan, scores).splitlines()
    assert len(slow) == 2 + 2 * 4
    assert slow[-1].startswith(f"| {plan.sites[-1]} | 20 s | 97.0 %, 1,234 A·s")
    (chart,) = charging_tables.plots(plan, scores).values()
    assert len(heights(chart)) == 27
