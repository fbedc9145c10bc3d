"""The transition table is complete, sound, and the same as in the documentation."""

from pathlib import Path
import re

from custom_components.load_sharing.heating.engine.model import LoadSharingState
from custom_components.load_sharing.heating.engine.reasons import Reason
from custom_components.load_sharing.heating.engine.transitions import TRANSITIONS

DOCS = Path(__file__).parents[3] / "docs" / "load-sharing.md"


def test_every_state_can_be_reached_and_left() -> None:
    """Listed transitions lead from disabled to every state, and on from it."""
    reached = {LoadSharingState.DISABLED}
    while (
        grown := {after for before, after in TRANSITIONS if before in reached} - reached
    ):
        reached |= grown
    assert reached == set(LoadSharingState)
    assert {before for before, _ in TRANSITIONS} == set(LoadSharingState)


def test_every_move_has_a_reason() -> None:
    """Every transition has a reason, and none leads to its own state."""
    for (before, after), reasons in TRANSITIONS.items():
        assert reasons
        assert before is not after


def test_the_documentation_lists_the_same_moves() -> None:
    """The documented rows of from, to and reasons are those of the table."""
    row = re.compile(r"^\| `(\w+)` \| `(\w+)` \| (.+) \|$", re.MULTILINE)
    documented = {
        (LoadSharingState(before), LoadSharingState(after)): frozenset(
            Reason(name) for name in re.findall(r"`(\w+)`", reasons)
        )
        for before, after, reasons in row.findall(DOCS.read_text())
        if before in set(LoadSharingState)
    }
    assert documented == TRANSITIONS
