"""What a site costs Home Assistant: time for each meter event, rows in the database.

    python -m benchmarks.costs 1 4 16 64
    python -m benchmarks.costs 1 4 --against v0.1.0    the same of another revision beside it

All of it is measured now, on this machine: processor time, the median of several runs.
"""

from argparse import ArgumentParser
import json
import logging
from pathlib import Path
import shutil
from statistics import median
import subprocess
import sys
import tempfile

from .database_rows import rows_per_hour
from .meter_event import costs_us, name_of

ROOT = Path(__file__).parent.parent
NOISE_W = 25.0

type Costs = dict[str, dict[str, float]]
"""By what is measured: the floor, or a number of chargers, and the figure."""


def measure(counts: list[int]) -> Costs:
    """Cost of a meter event in us, by stream, and rows in an hour."""
    found: Costs = {
        f"event, {stream} (us)": {
            who: median(runs_us) for who, runs_us in costs.items()
        }
        for stream, costs in costs_us(counts).items()
    }
    rows = {count: rows_per_hour(count, NOISE_W) for count in counts}
    meter = next(iter(rows.values()))["meter"]
    found[f"rows an hour, noise of {NOISE_W:g} W"] = {
        "the meter": float(meter),
        **{name_of(count): float(of["site"]) for count, of in rows.items()},
    }
    return found


def measure_revision(revision: str, counts: list[int]) -> Costs:
    """The same of another revision, with the benchmarks of this one."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run(
            [*git, "add", "--quiet", "--detach", str(tree), revision], check=True
        )
        try:
            shutil.copytree(
                ROOT / "benchmarks", tree / "benchmarks", dirs_exist_ok=True
            )
            bridge = Path("tests") / "plugin_bridge.py"
            shutil.copy(ROOT / bridge, tree / bridge)
            numbers = [str(count) for count in counts]
            answer = subprocess.run(
                [sys.executable, "-m", "benchmarks.costs", "--json", *numbers],
                cwd=tree,
                check=True,
                capture_output=True,
                text=True,
            )
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)
    costs: Costs = json.loads(answer.stdout)
    return costs


def print_table(now: Costs, before: Costs | None, revision: str) -> None:
    """Print every figure beside its floor, and beside what it was."""
    heads = [revision, "x floor"] if before else []
    print(f"{'':34}" + "".join(f"{head:>12}" for head in [*heads, "now", "x floor"]))
    for what, figures in now.items():
        print(what)
        (floor, *_) = figures
        for who in figures:
            columns = [before[what], figures] if before else [figures]
            cells = "".join(
                f"{of[who]:12,.0f}{of[who] / of[floor]:12.2f}" for of in columns
            )
            print(f"  {who:32}{cells}")


def main() -> None:
    """Measure, and print one table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("chargers", type=int, nargs="*", default=[1])
    parser.add_argument("--against", metavar="REVISION")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    before = None
    if chosen.against:
        before = measure_revision(chosen.against, chosen.chargers)
    now = measure(chosen.chargers)
    if chosen.json:
        print(json.dumps(now))
    else:
        print_table(now, before, chosen.against or "")


if __name__ == "__main__":
    main()
