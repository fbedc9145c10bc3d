"""The sentence that says what happens to the heating: pure, without Home Assistant."""

from typing import Any

from hypothesis import given, strategies as st

from custom_components.load_sharing.heating.engine.hold import HoldReason
from custom_components.load_sharing.heating.engine.model import (
    HeatingDecision,
    LoadSharingState,
    RoomDecision,
    Tier,
)
from custom_components.load_sharing.heating.engine.reasons import Reason, RoomReason
from custom_components.load_sharing.heating.moment import Seen, describe

from ..homes.sentences import sentence

NAMES = {"bath": "Bath", "hall": "Hall", "study": "Study"}


def said(
    reason: Reason = Reason.NO_CALL,
    *,
    state: LoadSharingState = LoadSharingState.INACTIVE,
    hold: HoldReason = HoldReason.NOT_NEEDED,
    exhausted: bool = False,
    rooms: dict[str, RoomDecision] | None = None,
    **seen: Any,
) -> str:
    """Return the English sentence, made of exactly the placeholders it has."""
    idle = {key: RoomDecision(reason=RoomReason.NOT_NEEDED) for key in NAMES}
    decision = HeatingDecision(
        state=state,
        reason=reason,
        evidence=None,
        calling_capacity_w=500,
        total_capacity_w=500,
        trigger_rooms=frozenset(),
        active_since=None,
        rooms=idle | (rooms or {}),
        hold=hold,
        exhausted=exhausted,
    )
    given: dict[str, Any] = {
        "names": NAMES,
        "enabled": True,
        "shadow": False,
        "boiler_problem": False,
    } | seen
    return sentence(describe(Seen(decision=decision, **given)))


CALLING = {"bath": RoomDecision(reason=RoomReason.CALLING, calling=True)}
OPEN = RoomDecision(reason=RoomReason.SCHEDULE, tier=Tier.SCHEDULE, valve_pct=20)
ACTIVE = LoadSharingState.TIER1_ACTIVE


def test_rooms_are_open_because_others_call() -> None:
    """Both are named, and whether there are more."""
    shared = CALLING | {"hall": OPEN, "study": OPEN}
    assert said(state=ACTIVE, rooms=shared) == (
        "Bath alone would make the boiler cycle. Also open: Hall, Study."
    )
    assert said(state=ACTIVE, rooms=shared, exhausted=True).endswith(
        "No other room may be opened."
    )
    between = RoomDecision(reason=RoomReason.BETWEEN_BURNS)
    assert said(state=ACTIVE, rooms=CALLING | {"hall": between}).endswith(
        "Open with the next burn: Hall."
    )


def test_a_hold_is_explained() -> None:
    """It comes before the rooms that are open meanwhile."""
    shared = CALLING | {"hall": OPEN}
    assert said(state=ACTIVE, rooms=shared, hold=HoldReason.TOO_HOT) == (
        "The last burn ended too hot: the burner waits until the water has cooled."
    )


def test_nothing_to_do_has_its_reason() -> None:
    """Each reason of rest is said, and names those who call where it is about them."""
    assert said() == "No room calls for heat."
    assert said(Reason.CAPACITY_SUFFICIENT, rooms=CALLING) == (
        "Enough for the boiler to do: Bath."
    )
    assert said(Reason.NO_CANDIDATES, rooms=CALLING).startswith(
        "The boiler would cycle for Bath"
    )
    overrun = {"hall": RoomDecision(reason=RoomReason.PUMP_OVERRUN)}
    assert said(rooms=overrun) == "Still open until the boiler's pump stops: Hall."


def test_what_keeps_it_from_working_comes_first() -> None:
    """Switched off, shadow mode, a boiler that cannot be read."""
    assert said(enabled=False).startswith("Sharing is switched off")
    assert "burner waits" in said(enabled=False, hold=HoldReason.TOO_HOT)
    assert said(boiler_problem=True).startswith("The boiler cannot be read")
    assert said(shadow=True) == "Shadow mode: no valve is moved."
    shared = CALLING | {"hall": OPEN}
    assert said(state=ACTIVE, rooms=shared, shadow=True) == (
        "Shadow mode: Hall would be opened."
    )
    assert said(names={}, rooms={}).startswith("No room is set up")


@given(
    st.sampled_from(Reason),
    st.sampled_from(LoadSharingState),
    st.sampled_from(HoldReason),
    st.dictionaries(
        st.sampled_from(sorted(NAMES)),
        st.builds(
            RoomDecision,
            reason=st.sampled_from(RoomReason),
            calling=st.booleans(),
            tier=st.sampled_from([None, *Tier]),
        ),
    ),
    st.booleans(),
    st.booleans(),
)
def test_whatever_happens_can_be_said(
    reason: Reason,
    state: LoadSharingState,
    hold: HoldReason,
    rooms: dict[str, RoomDecision],
    exhausted: bool,
    shadow: bool,
) -> None:
    """Each moment has its sentence, its placeholders, and room in a state."""
    sentence = said(
        reason,
        state=state,
        hold=hold,
        rooms=rooms,
        exhausted=exhausted,
        shadow=shadow,
    )
    assert len(sentence) < 255
