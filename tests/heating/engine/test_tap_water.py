"""An entity that says tap water is heated, although nothing but the rooms is."""

import pytest

from custom_components.load_sharing.heating.engine.model import (
    BoilerInput,
    Control,
    Mode,
)
from custom_components.load_sharing.heating.engine.reasons import RoomReason
from custom_components.load_sharing.heating.engine.tap_water import (
    TapWater,
    watch_tap_water,
)

from .house import BATH, Story, daily, room


def always_on(**settings: float) -> Story:
    """EMS-ESP's "warm water active" is on: it is allowed."""
    tale = Story(
        BATH, room("lounge", 2290, 18.0, schedule=daily("06:50", "09:00")), **settings
    )
    tale.set_boiler(dhw=True)
    return tale


def cycle(tale: Story, burns: int, every_min: float = 4.0) -> None:
    """Burn, and go off with hot water, over and over."""
    for _ in range(burns):
        tale.cool_down()
        tale.wait(minutes=every_min)


def test_a_charge_that_cycles_at_its_end_is_believed() -> None:
    """Seven burns in an hour, the last of them close together."""
    tale = always_on()
    cycle(tale, 7, every_min=8)
    assert not tale.engine_state.tap_water.is_doubted
    assert not tale.engine_state.monitor.cooldowns_s


def test_many_burns_are_not_one_charge() -> None:
    """From the ninth on, a burn that gets too hot is a cooldown."""
    tale = always_on()
    cycle(tale, 8)
    assert tale.engine_state.tap_water.is_doubted
    assert not tale.engine_state.monitor.cooldowns_s
    cycle(tale, 2)
    assert len(tale.engine_state.monitor.cooldowns_s) == 2
    assert tale.state.is_active


def test_a_few_burns_in_an_afternoon_are_not_one_charge() -> None:
    """Three burns within more than four hours."""
    tale = always_on()
    cycle(tale, 3, every_min=75)
    assert not tale.engine_state.tap_water.is_doubted
    cycle(tale, 1, every_min=20)
    assert tale.engine_state.tap_water.is_doubted


def test_an_hour_long_charge_is_believed_without_burns_that_end() -> None:
    """One long burn, however long, is none of the rooms' cooldowns."""
    tale = always_on()
    tale.wait(minutes=600)
    assert not tale.engine_state.tap_water.is_doubted


def test_it_is_believed_again_once_it_has_been_off() -> None:
    """Then it shows when tap water is heated, after all."""
    tale = always_on()
    cycle(tale, 8)
    tale.set_boiler(dhw=False)
    tale.set_boiler(dhw=True)
    assert not tale.engine_state.tap_water.is_doubted
    counted = len(tale.engine_state.monitor.cooldowns_s)
    cycle(tale, 2)
    assert len(tale.engine_state.monitor.cooldowns_s) == counted


def test_the_burner_is_never_held_off_while_it_may_heat_tap_water() -> None:
    """A doubt is no reason for a cold shower."""
    tale = always_on(protection_floor_c=30.0)
    cycle(tale, 12)
    assert tale.engine_state.tap_water.is_doubted
    assert not tale.decision.hold.is_hold


@pytest.mark.parametrize("dhw", [None, True])
def test_a_moment_without_a_reading_changes_nothing(dhw: bool | None) -> None:
    """Eight burns are eight burns."""
    tap = TapWater(since_s=0.0, burns=8, burner=True, is_doubted=True)
    assert watch_tap_water(tap, BoilerInput(dhw=dhw), 900.0).is_doubted


def test_a_room_that_can_never_be_opened_says_so() -> None:
    """By tiers, a room needs a schedule, or a priority that the mode allows."""
    tale = Story(
        BATH,
        room("none", 1500, 19.8, target_c=20.0),
        room("fallback", 1500, 20.6, target_c=20.0, fallback_priority=1),
    )
    tale.cool_down()
    assert tale.reason_of("none") is RoomReason.NEVER_OPENED
    assert tale.reason_of("fallback") is RoomReason.NOT_NEEDED


def test_a_priority_that_the_mode_rules_out_says_so() -> None:
    """Without fallbacks, a room without a schedule is never opened."""
    tale = Story(BATH, room("hall", 1500, 19.8, target_c=20.0, fallback_priority=1))
    tale.mode = Mode.SCHEDULE_TIERS
    tale.cool_down()
    assert tale.reason_of("hall") is RoomReason.MODE_CHANGED


def test_while_it_burns_any_room_may_be_opened() -> None:
    """Without a schedule, too, until it is at its target."""
    tale = Story(BATH, room("hall", 1500, 21.0, target_c=20.0))
    tale.control = Control.BALANCED
    tale.wait(minutes=1)
    assert tale.reason_of("hall") is RoomReason.NOT_NEEDED
