"""Which commands a meter may show, where many of them were never seen to be followed."""

from itertools import product
from random import Random

import pytest

from custom_components.load_sharing.charging.engine import steps as engine_steps
from custom_components.load_sharing.charging.engine.epochs import EPOCHS_KEPT, Epoch
from custom_components.load_sharing.charging.engine.model import Sample
from custom_components.load_sharing.charging.engine.steps import Step, explained


def steps_of(name: str, currents_a: list[float]) -> list[Step]:
    """The steps of a charger whose commands are all open."""
    epochs = [Epoch(current_a, at_s, at_s) for at_s, current_a in enumerate(currents_a)]
    return [
        Step(name, epoch, epoch.current_a - former.current_a, before != index - 1, 0.0)
        for index, epoch in enumerate(epochs)
        for before, former in list(enumerate(epochs[:index]))[::-1]
        if epoch.current_a != former.current_a
    ]


def open_steps(seed: int, chargers: int, commands: int) -> list[list[Step]]:
    """The steps of chargers without a car, which were given currents in turns."""
    random = Random(seed)
    return [
        steps_of(str(n), [float(random.randint(6, 16)) for _ in range(commands)])
        for n in range(chargers)
    ]


def sample(current_a: float, at_s: float) -> Sample:
    """What a meter of one phase shows."""
    return Sample(at_s, (current_a,))


@pytest.mark.parametrize("seed", range(20))
def test_two_chargers_are_explained_by_the_fewest_steps(seed: int) -> None:
    """A step of either, else of both, and rather none that skips a command."""
    chargers = open_steps(seed, 2, 4)
    moved_a = Random(-seed).uniform(2, 20)
    former, newest = [sample(10, 1)], sample(10 + moved_a, 2)
    found = explained(chargers, former, newest, 0)

    def fits(*steps: Step) -> bool:
        total_a = sum([step.step_a for step in steps])
        return engine_steps.moved_by(former[0], newest, 0, total_a)

    alone = [step for steps in chargers for step in steps if fits(step)]
    both = [pair for pair in product(*chargers) if fits(*pair)]
    if whole := [step for step in alone if not step.skips]:
        assert list(found) == whole[:1]
    elif whole_pairs := [pair for pair in both if not any(s.skips for s in pair)]:
        assert tuple(found) == whole_pairs[0]
    elif alone:
        assert len(found) == 1
        assert fits(*found)
    else:
        assert bool(found) == bool(both)


def test_many_open_commands_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 15 chargers' commands each, not every combination of all is compared."""
    compared = 0
    moved_by = engine_steps.moved_by

    def count(former: Sample, newest: Sample, phase: int, step_a: float) -> bool:
        nonlocal compared
        compared += 1
        return moved_by(former, newest, phase, step_a)

    monkeypatch.setattr(engine_steps, "moved_by", count)
    chargers = open_steps(1, 4, EPOCHS_KEPT)
    assert max(map(len, chargers)) > 100
    # No step is so large.
    assert explained(chargers, [sample(0, 1)], sample(90, 2), 0) == ()
    assert compared < 30_000
