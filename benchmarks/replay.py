"""Days of a whole house in Home Assistant's test harness, with faults, and a judge.

Three phases, four chargers, a circuit. Cars come and go, appliances run, the sun
shines; meters, chargers and calls fail, and Home Assistant restarts in the middle of
overloads. Every command is held against the truth at the reading it was made from.
"""

from argparse import ArgumentParser
import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
import logging
import sys
import tempfile

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from homeassistant import loader
from homeassistant.helpers import frame
from pytest_homeassistant_custom_component.common import (
    async_test_home_assistant,
    mock_storage,
)

from simulation.house import DAY_S
from simulation.meter import MeterKind
from tests.replay.run import Replay
from tests.replay.site import Sensors

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


async def _replay(
    freezer: FrozenDateTimeFactory,
    kind: MeterKind,
    sensors: Sensors,
    seed: int,
    days: float,
) -> Replay:
    with tempfile.TemporaryDirectory() as folder, mock_storage():
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
            frame.async_setup(hass)
            replay = Replay(
                hass,
                freezer,
                kind=kind,
                sensors=sensors,
                seed=seed,
                seconds=days * DAY_S,
                on_step=_progress(),
            )
            await replay.live()
            await hass.async_stop(force=True)
    return replay


@contextmanager
def _frozen() -> Iterator[FrozenDateTimeFactory]:
    """Stop the clock."""
    with freeze_time(MONDAY) as freezer:
        assert isinstance(freezer, FrozenDateTimeFactory)
        yield freezer


def _progress() -> Callable[[Replay], None]:
    """Tell of every hour, and of every violation at once."""
    told = 0
    next_s = 0.0

    def tell(replay: Replay) -> None:
        nonlocal told, next_s
        for violation in replay.judge.violations[told:]:
            print(violation, file=sys.stderr, flush=True)
        told = len(replay.judge.violations)
        if replay.now_s >= next_s:
            next_s += 3600
            hours = f"{replay.now_s / 3600:.0f} h, {replay.steps} steps"
            print(f"{hours}, {dict(replay.judge.seen)}", file=sys.stderr, flush=True)

    return tell


def _print(replay: Replay, label: str) -> None:
    judge = replay.judge
    print(f"\n{label}: {replay.steps} steps in {replay.took_s:.0f} s")
    for what, number in sorted(judge.seen.items()):
        print(f"  {what:<44}{number:>8}")
    for what, seconds in sorted(judge.longest_s.items()):
        print(f"  {'longest: ' + what:<44}{seconds:>8} s")
    print(f"  {'violations':<44}{len(judge.violations):>8}")
    for violation in judge.violations[:40]:
        print(f"    {violation}")


def main() -> None:
    """Live through the days, and print what was seen."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--meter", choices=list(MeterKind), default=MeterKind.EVERY_SECOND
    )
    parser.add_argument("--sensors", choices=list(Sensors), default=Sensors.MEASURED)
    chosen = parser.parse_args()
    logging.getLogger().setLevel(logging.ERROR)
    kind, sensors = MeterKind(chosen.meter), Sensors(chosen.sensors)
    with _frozen() as freezer:
        replay = asyncio.run(_replay(freezer, kind, sensors, chosen.seed, chosen.days))
    _print(replay, f"{kind}, {sensors}, seed {chosen.seed}, {chosen.days:g} days")
    sys.exit(bool(replay.judge.violations))


if __name__ == "__main__":
    main()
