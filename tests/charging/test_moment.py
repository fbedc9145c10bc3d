"""The sentence that says what happens to the chargers: pure, without Home Assistant."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    BalancerState,
    ChargerDecision,
    Decision,
)
from custom_components.load_sharing.charging.engine.model import Limit
from custom_components.load_sharing.charging.moment import (
    Car,
    ChargingStory,
    Seen,
    follow,
)
from custom_components.load_sharing.site.moment import amount, listed

from ..homes.sentences import sentence


@dataclass
class Evening:
    """A supply of 32 A, seen second by second."""

    now_s: float = 1000.0
    base_a: float = 5.0
    cars: dict[str, Car] = field(
        default_factory=lambda: {"garage": car("garage", "Garage", 20)}
    )
    decided: dict[str, ChargerDecision] = field(default_factory=dict)
    story: ChargingStory = field(default_factory=ChargingStory)
    seen: dict[str, Any] = field(default_factory=dict)

    def see(self, seconds: float = 1, **seen: Any) -> str:
        """Let time pass, and return what is said then."""
        self.now_s += seconds
        drawn_a = sum(one.draw_a or 0.0 for one in self.cars.values())
        decision = Decision(
            BalancerState.ACTIVE,
            {key: self.decided.get(key) or held(20) for key in self.cars},
            base_a=(self.base_a,),
            overloaded=seen.pop("overloaded", False),
            fallback_active=seen.pop("fallback", False),
        )
        given = {
            "service_a": (self.base_a + drawn_a,),
            "limit_a": 32.0,
            **self.seen,
            **seen,
        }
        self.story = follow(
            self.story,
            Seen(
                now_s=self.now_s,
                decision=decision,
                cars=list(self.cars.values()),
                **given,
            ),
        )
        return sentence(self.story.moment)

    def change(
        self, action: ActionReason, before_a: float, after_a: float, limit: Limit
    ) -> None:
        """Decide on another current for the garage."""
        self.cars["garage"] = self.cars["garage"]._replace(before_a=before_a)
        self.decided["garage"] = ChargerDecision(after_a, limit, action, (before_a,))

    def hold(self, current_a: float, limit: Limit) -> None:
        """Decide that the garage keeps its current."""
        self.cars["garage"] = self.cars["garage"]._replace(
            before_a=current_a, draw_a=min(current_a, 20.0)
        )
        self.decided["garage"] = held(current_a, limit)


def car(key: str, name: str, current_a: float) -> Car:
    """Return a car that takes what it may, on the first phase."""
    return Car(key, name, current_a, charging=True, phases=(0,), draw_a=current_a)


def held(current_a: float, limit: Limit = Limit.SUPPLY) -> ChargerDecision:
    """Return a decision to keep a current."""
    return ChargerDecision(current_a, limit, None, (current_a,))


def test_a_load_explains_why_a_car_is_turned_down() -> None:
    """An oven of 22 A: the sentence stays for a while, and then says what lasts."""
    evening = Evening()
    assert evening.see() == "The house leaves no more for Garage."
    evening.see(5)
    evening.base_a += 22
    evening.change(ActionReason.OVERLOAD, 20, 11, Limit.SUPPLY)
    sentence = "The house took 22 A more: Garage turned down from 20 A to 11 A."
    assert evening.see() == sentence
    evening.hold(11, Limit.L1)
    for _ in range(8):
        assert evening.see(10) == sentence
    assert evening.see(20) == "Phase L1 is full: no more for Garage."


def test_what_is_not_measured_is_not_said_of_the_house() -> None:
    """Without the car's own draw only the meter is certain."""
    evening = Evening()
    evening.cars["garage"] = evening.cars["garage"]._replace(draw_a=None)
    evening.see()
    evening.base_a += 8
    evening.change(ActionReason.SUPPLY, 20, 12, Limit.SUPPLY)
    assert evening.see(2).startswith("The meter shows 8 A more: Garage")


def test_a_step_that_explains_little_is_no_cause() -> None:
    """A kettle of 2 A has not taken 14 A."""
    evening = Evening()
    evening.see()
    evening.base_a += 2
    evening.change(ActionReason.SUPPLY, 20, 6, Limit.SUPPLY)
    assert evening.see(2) == "Less is left: Garage turned down from 20 A to 6 A."


def test_a_load_of_long_ago_is_no_cause() -> None:
    """What was switched on a minute ago has been dealt with."""
    evening = Evening()
    evening.see()
    evening.base_a += 22
    for _ in range(7):
        evening.see(10)
    evening.change(ActionReason.SUPPLY, 20, 11, Limit.SUPPLY)
    assert evening.see().startswith("Less is left: Garage")


@pytest.mark.parametrize(
    ("limit", "start"),
    [
        (Limit.USER_LIMIT, "The limit is lower now: Garage"),
        (Limit.EXTERNAL_LIMIT, "The limit is lower now: Garage"),
        (Limit.DEMAND_LIMIT, "The demand limit leaves less: Garage"),
        (Limit.CIRCUIT, "Cellar is full: Garage"),
    ],
)
def test_a_limit_is_a_cause(limit: Limit, start: str) -> None:
    """It is named although a load came on as well."""
    evening = Evening()
    evening.cars["garage"] = evening.cars["garage"]._replace(circuit="Cellar")
    evening.see()
    evening.base_a += 20
    evening.change(ActionReason.SUPPLY, 20, 11, limit)
    assert evening.see().startswith(start)


def test_a_pause_and_its_end() -> None:
    """Paused for a load, waiting, charging again, and with all it wants."""
    evening = Evening()
    evening.see()
    evening.base_a += 25
    evening.change(ActionReason.BELOW_MINIMUM, 20, 0, Limit.BELOW_MINIMUM)
    assert evening.see() == (
        "The house took 25 A more and leaves too little: Garage paused."
    )
    evening.hold(0, Limit.BELOW_MINIMUM)
    evening.cars["garage"] = evening.cars["garage"]._replace(waiting=True)
    evening.see(80)
    assert evening.see(30) == "Too little current is free: Garage waiting."
    evening.base_a = 5
    evening.cars["garage"] = evening.cars["garage"]._replace(waiting=False)
    evening.change(ActionReason.RESUMED, 0, 6, Limit.RAMP_UP)
    assert evening.see() == "There is enough again: Garage may charge."
    for current_a in (8, 10, 12):
        evening.change(ActionReason.HEADROOM, current_a - 2, current_a, Limit.RAMP_UP)
        assert evening.see(20) == "There is room: more for Garage."
    evening.hold(20, Limit.CHARGER_MAXIMUM)
    evening.see(10)
    assert evening.see(30) == "Every car has what it wants."


def test_noise_changes_no_sentence() -> None:
    """Limits that change with every reading are not repeated in words."""
    evening = Evening()
    sentences = {evening.see()}
    for index in range(200):
        limits = (Limit.SUPPLY, Limit.RAMP_UP, Limit.L1, Limit.SETTLING)
        evening.hold(20, limits[index % 4])
        sentences.add(evening.see(3, overloaded=index % 7 == 0))
    assert sentences == {"The house leaves no more for Garage."}


def test_that_too_much_flows_is_said_no_longer_than_it_does() -> None:
    """A short overload is not said at all, and the end of a longer one at once."""
    evening = Evening()
    evening.see()
    assert evening.see(5, overloaded=True) == "The house leaves no more for Garage."
    for _ in range(25):
        sentence = evening.see(1, overloaded=True)
    assert sentence.startswith("More flows than the limit")
    assert evening.see() == "The house leaves no more for Garage."


def test_a_car_that_leaves_some_has_what_it_wants() -> None:
    """It is full, or takes no more than it can."""
    evening = Evening()
    evening.cars["garage"] = evening.cars["garage"]._replace(draw_a=7.0)
    assert evening.see() == "Every car has what it wants."


def test_what_matters_most_is_said_at_once() -> None:
    """In the order of what a person has to know first."""
    evening = Evening()
    evening.see()
    assert "switch something off" in evening.see(alarmed=True, overloaded=True)
    assert evening.see(meter_lost=True).startswith("The meter is silent")
    assert evening.see(meter_lost=True, fallback=True).startswith("The meter is lost")
    evening.hold(0, Limit.METER_LOST)
    assert "paused" in evening.see(meter_lost=True, fallback=True)
    assert evening.see(enabled=False).startswith("Balancing is switched off")
    assert evening.see(enabled=False, overloaded=True).startswith("More flows")
    assert evening.see(service_a=None).startswith("Home Assistant is starting")


def test_what_is_over_is_not_said_any_longer() -> None:
    """The meter is back: at once something else is said, although it may pass."""
    evening = Evening()
    assert evening.see(meter_lost=True).startswith("The meter is silent")
    evening.hold(20, Limit.SETTLING)
    assert evening.see() == "Waiting to see what the cars take."
    evening.hold(20, Limit.SUPPLY)
    assert evening.see() == "The house leaves no more for Garage."


def test_shadow_mode_claims_no_change() -> None:
    """What was decided is not said to have happened."""
    evening = Evening()
    evening.base_a += 22
    evening.change(ActionReason.OVERLOAD, 20, 11, Limit.SUPPLY)
    assert evening.see(shadow=True) == "Shadow mode: every charger is left alone."


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Limit),
            st.sampled_from([None, *ActionReason]),
            st.sampled_from([None, 0.0, 6.0, 20.0]),
            st.sampled_from([None, 0.0, 11.0, 32.0]),
            st.sampled_from([None, True, False]),
            st.booleans(),
            st.floats(-10, 60),
        ),
        min_size=1,
        max_size=30,
    ),
    st.booleans(),
)
def test_whatever_happens_can_be_said(
    steps: list[tuple[Any, ...]], measured: bool
) -> None:
    """Each moment has its sentence, its placeholders, and room in a state."""
    evening = Evening()
    for limit, action, before_a, after_a, charging, flag, base_a in steps:
        evening.base_a = base_a
        evening.cars["garage"] = Car(
            "garage",
            "Garage",
            before_a,
            charging,
            (0,),
            5.0 if measured else None,
            waiting=flag and not after_a,
            circuit="Cellar" if flag else None,
        )
        evening.decided["garage"] = ChargerDecision(after_a, limit, action, ())
        assert len(evening.see(7)) < 255


def test_lists_and_amounts() -> None:
    """Many names are counted; amounts are as precise as they are worth saying."""
    assert listed(["A", "B"]) == "A, B"
    assert listed("ABCDEF") == "A, B, C, +3"
    assert [amount(value) for value in (22.4, 6.0, 7.25)] == ["22", "6", "7.2"]
