"""Measures everything and writes docs/benchmark.md: figures, charts, versions, seeds.

python -m benchmarks.page            about a quarter of an hour on two cores
python -m benchmarks.page --quick    a minute: a look at it, in artifacts/
"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from importlib.metadata import version
import io
import logging
from multiprocessing import get_context
from pathlib import Path
import platform
import subprocess
from time import monotonic

from . import charging_tables, costs, heating_tables

ROOT = Path(__file__).parent.parent
PROCESSES = 2

HEAD = """# Benchmark

`scripts/benchmark` wrote this page. It measures everything anew, in about a quarter of an hour
on two idle cores; `scripts/benchmark --quick` takes a minute and writes to `artifacts/`. Houses are
simulated, with fixed seeds, so the figures are the same on every machine, except for the costs.
"""

HEATING = """## Heating

A house of six rooms and a boiler from 6 kW in winter, by setpoint of the water and mean outdoor
temperature in °C. The figures are those of a day, from {days:g} days. *Starts* and *cooldowns* are the
burner's. Gas *matched* compares with no sharing that heats so much earlier that its rooms are as
warm in time. *Under* is how far rooms were below their targets in their
scheduled time, *over* how far they were more than 0.5 K above. *Moves* are those of the
busiest valve. The burner is held off in *balanced* and *fewest burns*.
[heating.md](heating.md) explains the controls.

![Cooldowns by case and control](images/benchmark-cooldowns.svg)

![Gas by case and control](images/benchmark-gas.svg)

{matrix}

### Where something is harder

Cooldowns against no sharing in the first and the last of the cases above, and the most gas in
either.

{harder}
"""

CHARGING = """## Charging

Simulated evenings in which people cook, wash and shower while cars charge: {evenings}, with
seed {seed}. The energy is in percent of what a clairvoyant would have given the cars; A·s are the
ampere-seconds over the limit; commands are an evening's. The plain way lowers at once, and
raises by 4 A with every report 15 s later. [charging.md](charging.md) explains ours.

![Current over the limit](images/benchmark-overload.svg)
"""

SLOW = """### Chargers slower than their settle time

Cloud chargers take 5 to 20 s to follow a command; the *settle time* is 5 s by default, and the
site does not know better. The meter reports every second. No time proves that a car has followed:
only a reading does.

{slow}
"""

COSTS = """## What a site costs

Processor time of a meter event, by number of chargers, in millionths of a second, on the
machine that wrote this page, and rows that its database gets in an hour. *x floor* compares
with what Home Assistant itself needs for the event.

```text
{costs}
```
"""


def _run_all[Result](
    jobs: Mapping[object, Callable[[], Result]],
) -> dict[object, Result]:
    """Run jobs, two at a time; return what they return by the same keys."""
    with ProcessPoolExecutor(PROCESSES, get_context("forkserver")) as pool:
        running = {key: pool.submit(job) for key, job in jobs.items()}
        return {key: job.result() for key, job in running.items()}


def _costs(chargers: list[int]) -> str:
    logging.disable(logging.WARNING)
    text = io.StringIO()
    with redirect_stdout(text):
        costs.print_table(costs.measure(chargers), None, "")
    return text.getvalue().rstrip()


def _versions(took_s: float) -> str:
    command = ("git", "-C", str(ROOT), "describe", "--always", "--tags", "--dirty")
    revision = subprocess.run(
        command, check=False, capture_output=True, text=True
    ).stdout.strip()
    return (
        f"Load Sharing {revision or 'without git'}, Home Assistant "
        f"{version('homeassistant')}, Python {platform.python_version()}, "
        f"{platform.machine()}; took {took_s / 60:.0f} minutes.\n"
    )


def write(folder: Path, *, quick: bool) -> Path:
    """Measure, and write the page and its charts into a folder; return the page."""
    began_s = monotonic()
    heating = heating_tables.QUICK if quick else heating_tables.Plan()
    charging = charging_tables.QUICK if quick else charging_tables.Plan()
    # First, while nothing else runs.
    spent = _costs([1] if quick else [1, 4, 16])
    found = _run_all(heating_tables.jobs(heating))
    scores = _run_all(charging_tables.jobs(charging))
    parts = [
        HEAD,
        HEATING.format(
            days=heating.days,
            matrix=heating_tables.matrix(heating, found),
            harder=heating_tables.harder(heating, found),
        ),
        CHARGING.format(evenings=charging.evenings, seed=charging_tables.SEED),
    ]
    for name in charging.sites:
        title = name[0].upper() + name[1:]
        parts.append(
            f"### {title}\n\n{charging_tables.table(charging, name, scores)}\n"
        )
    parts.append(SLOW.format(slow=charging_tables.slow(charging, scores)))
    parts.append(COSTS.format(costs=spent))
    parts.append("## Versions\n\n" + _versions(monotonic() - began_s))
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    charts = heating_tables.plots(heating, found) | charging_tables.plots(
        charging, scores
    )
    for name, chart in charts.items():
        (images / name).write_text(chart)
    page = folder / "benchmark.md"
    page.write_text("\n".join(parts))
    return page


def main() -> None:
    """Write the page."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    folder = ROOT / "artifacts" if chosen.quick else ROOT / "docs"
    print(write(folder, quick=chosen.quick))


if __name__ == "__main__":
    main()
