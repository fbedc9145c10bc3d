"""Stories of the demo."""

from simulation.story import Story


def test_things_happen_at_their_time_in_each_round() -> None:
    """Twice in two rounds; after a stop, never again."""
    seen: list[tuple[str, float]] = []
    story = Story(
        (
            (2, lambda now_s: seen.append(("kettle", now_s))),
            (5, lambda now_s: seen.append(("oven", now_s))),
        ),
        round_s=10,
    )
    story.step(100)
    assert not seen
    story.begin(100)
    assert story.is_going()
    for now_s in range(100, 116):
        story.step(now_s)
    assert seen == [("kettle", 102), ("oven", 105), ("kettle", 112), ("oven", 115)]
    story.stop()
    assert not story.is_going()
    story.step(200)
    assert len(seen) == 4


def test_a_round_can_begin_over() -> None:
    """What was due before it is not."""
    seen: list[float] = []
    story = Story(((5, seen.append),), round_s=60)
    story.begin(0)
    story.begin(3)
    story.step(5)
    story.step(8)
    assert seen == [8]
