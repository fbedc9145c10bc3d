"""Activations between burns, judged by the length of the burns before and after."""

import pytest

from custom_components.load_sharing.heating.engine.model import BoilerInput

from .house import BATH, Story, daily, room

LOUNGE = room("lounge", 9000, schedule=daily("06:40", "09:00"))
STUDY = room("study", 900, 15.0, target_c=18.0, owner_valve_pct=100.0)


class Boiler:
    """A boiler that cycles, with the bath calling and a lounge that may be opened."""

    def __init__(self, *others: object) -> None:
        """Begin with the burner off, in water of 40 °C."""
        self.story = Story(BATH, LOUNGE, *others)  # type: ignore[arg-type]
        self.story.set_boiler(burner=False, flow_c=40.0, return_c=35.0)
        self.story.wait(minutes=5)

    def burn(self, seconds: float, **end: object) -> None:
        """Burn, by default until the water is too hot; then let it cool down."""
        self.story.set_boiler(burner=True)
        self.story.wait(seconds=seconds)
        hot = {"flow_c": 57.5, "return_c": 50.5}
        self.story.set_boiler(**{"burner": False} | (end or hot))
        self.story.wait(minutes=1)
        self.story.set_boiler(flow_c=40.0, return_c=35.0)
        self.story.wait(minutes=3)

    @property
    def judged(self) -> tuple[bool, ...]:
        """For every activation that was judged, whether it was false."""
        return self.story.engine_state.effect.activation_was_false


def test_a_burn_as_short_as_before_shows_a_false_activation() -> None:
    """150 s before and 155 s after: the lounge took no heat."""
    boiler = Boiler()
    boiler.burn(150)
    assert boiler.story.state.is_active
    assert not boiler.judged
    boiler.burn(155)
    assert boiler.judged == (True,)
    boiler.burn(150)
    assert boiler.judged == (True,)


def test_a_longer_burn_shows_a_true_one() -> None:
    """150 s before, 400 s after."""
    boiler = Boiler()
    boiler.burn(150)
    boiler.burn(400)
    assert boiler.judged == (False,)


def test_a_burn_from_colder_water_is_compared_by_what_it_heated() -> None:
    """240 s from 30 °C heat by 27.5 K: that is no longer than 150 s from 40 °C."""
    boiler = Boiler()
    boiler.burn(150)
    boiler.story.set_boiler(flow_c=30.0, return_c=28.0)
    boiler.burn(240)
    assert boiler.judged == (True,)


def test_without_a_flow_seconds_are_compared() -> None:
    """The return is near the setpoint; there is no sensor of the flow."""
    boiler = Boiler()
    boiler.story.set_boiler(flow_c=None)
    for seconds in (150, 152):
        boiler.story.set_boiler(burner=True)
        boiler.story.wait(seconds=seconds)
        boiler.story.set_boiler(burner=False, return_c=50.5)
        boiler.story.wait(minutes=4)
    assert boiler.judged == (True,)


def test_a_burn_that_something_else_ended_is_not_judged() -> None:
    """The controller withdrew the relay after 100 s, in water of 52 °C."""
    boiler = Boiler()
    boiler.burn(150)
    boiler.burn(100, burner=False, on=False, flow_c=52.0, return_c=40.0)
    assert boiler.judged == ()


@pytest.mark.parametrize(("seconds", "judged"), [(300, ()), (30, (True,))])
def test_another_caller_is_no_proof_of_a_longer_burn(
    seconds: float, judged: tuple[bool, ...]
) -> None:
    """The study joins. If the burn is as short all the same, the lounge took no heat."""
    boiler = Boiler(STUDY)
    story = boiler.story
    story.set_room("study", temperature_c=18.5, owner_valve_pct=0.0)
    boiler.burn(150)
    story.set_boiler(burner=True)
    story.wait(seconds=60)
    story.set_room("study", temperature_c=15.0, owner_valve_pct=100.0)
    story.wait(seconds=60)
    story.wait(seconds=seconds)
    story.set_boiler(burner=False, flow_c=57.5, return_c=50.5)
    story.wait(minutes=1)
    assert story.state.is_active
    assert boiler.judged == judged


@pytest.mark.parametrize(("seconds", "judged"), [(300, (False,)), (60, ())])
def test_a_caller_less_is_no_excuse_for_a_longer_burn(
    seconds: float, judged: tuple[bool, ...]
) -> None:
    """The study called in the first burn only. A shorter one is no proof, then."""
    boiler = Boiler(STUDY)
    story = boiler.story
    boiler.burn(150)
    assert story.state.is_active
    story.set_room("study", temperature_c=18.5, owner_valve_pct=0.0)
    boiler.burn(seconds)
    assert boiler.judged == judged


@pytest.mark.parametrize("between", [BoilerInput(dhw=True), BoilerInput()])
def test_tap_water_and_a_lost_burner_are_not_judged(between: BoilerInput) -> None:
    """Either during the second burn."""
    boiler = Boiler()
    boiler.burn(150)
    story = boiler.story
    story.set_boiler(burner=True)
    story.wait(seconds=60)
    story.set_boiler(dhw=between.dhw, burner=True if between.dhw else None)
    story.wait(seconds=30)
    story.set_boiler(dhw=False, burner=True)
    story.wait(seconds=60)
    story.set_boiler(burner=False, flow_c=57.5, return_c=50.5)
    story.wait(minutes=1)
    assert boiler.judged == ()


def test_burns_hours_apart_are_not_compared() -> None:
    """The weather has changed."""
    boiler = Boiler()
    boiler.burn(150)
    boiler.story.begin = boiler.story.begin.replace(hour=3)
    boiler.story.wait(minutes=125)
    boiler.burn(150)
    assert boiler.judged == ()
