"""Currents that a person or another automation sets at a charger's own controls."""

from datetime import timedelta

from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockUser

from ..homes.house import DRAW, NUMBER, STATUS, SWITCH, Car, House

LIMITED_BY = "sensor.garage_limited_by"
BY_HAND = "sensor.garage_set_by_hand"
UNTIL = "sensor.garage_set_by_hand_until"
CURRENT_SET = "sensor.garage_current_set"
RESPECT_TIME = "number.garage_manual_hold"


async def start(house: House, switch: bool = True) -> Car:
    """Charge with the charger's maximum of 20 A beside 4 A of other load."""
    house.number.show(20)
    car = Car(house.hass, NUMBER)
    await house.measure(24)
    own = {"max_current_a": 20.0}
    await house.set_up(charger=own | ({"switch_entity": SWITCH} if switch else {}))
    await house.live(30, 4, car)
    house.sent.clear()
    return car


async def act_as_user(
    house: House, service: str, entity_id: str = NUMBER, **data: float
) -> None:
    """Perform an action as a user."""
    user = MockUser(is_owner=True).add_to_hass(house.hass)
    await house.hass.services.async_call(
        entity_id.split(".", maxsplit=1)[0],
        service,
        {"entity_id": entity_id, **data},
        blocking=True,
        context=Context(user_id=user.id),
    )
    await house.hass.async_block_till_done()


async def test_a_lower_current_is_respected_for_an_hour(house: House) -> None:
    """A user sets 12 A with 28 A available; after an hour the charger rises again."""
    car = await start(house)
    await act_as_user(house, "set_value", value=12)
    assert house.state(BY_HAND) == "12.0"
    until = dt_util.parse_datetime(house.state(UNTIL))
    assert until is not None
    assert abs(until - dt_util.utcnow() - timedelta(hours=1)) < timedelta(seconds=2)
    await house.live(60, 4, car)
    assert house.sent == [12]  # The person's own command.
    assert house.state(LIMITED_BY) == "set_by_hand"
    assert house.state(CURRENT_SET) == "12.0"
    await house.wait(3500)
    assert house.state(BY_HAND) == "12.0"
    await house.live(100, 4, car)
    assert house.state(BY_HAND) == "unknown"
    assert house.state(NUMBER) == "20.0"


async def test_a_current_set_at_the_charger_itself_is_respected(house: House) -> None:
    """A change by the charger's app or knob has no user in its context."""
    car = await start(house, switch=False)
    house.number.show(12)
    await house.live(60, 4, car)
    assert house.sent == []
    assert house.state(LIMITED_BY) == "set_by_hand"


async def test_the_supply_limit_takes_precedence(house: House) -> None:
    """12 A are set by hand; the house leaves 8 A, then 28 A again."""
    car = await start(house)
    await act_as_user(house, "set_value", value=12)
    house.sent.clear()
    await house.live(10, 24, car)
    assert house.sent == [8]
    await house.live(60, 4, car)
    assert house.sent == [8, 12]
    assert house.state(LIMITED_BY) == "set_by_hand"


async def test_setting_the_maximum_by_hand_ends_the_limit(house: House) -> None:
    """Setting less than the maximum moves the limit."""
    car = await start(house)
    await act_as_user(house, "set_value", value=10)
    await act_as_user(house, "set_value", value=15)
    assert house.state(BY_HAND) == "15.0"
    assert house.state(NUMBER) == "10.0"
    await house.live(60, 4, car)
    assert house.state(NUMBER) == "15.0"
    await act_as_user(house, "set_value", value=20)
    assert house.state(BY_HAND) == "unknown"
    await house.live(60, 4, car)
    assert house.state(NUMBER) == "20.0"


async def test_a_pause_by_hand_lasts_until_the_switch_is_turned_on(
    house: House,
) -> None:
    """The charger resumes as after any pause: at its minimum, after the ramp-up time."""
    car = await start(house)
    await act_as_user(house, "turn_off", SWITCH)
    house.number.show(20)
    assert house.state(BY_HAND) == "0.0"
    sent = list(house.sent)
    await house.live(120, 4)
    assert house.state(LIMITED_BY) == "set_by_hand"
    assert house.sent == sent
    await act_as_user(house, "turn_on", SWITCH)
    assert house.state(BY_HAND) == "unknown"
    assert house.state(SWITCH) == "off"
    await house.live(30, 4, car)
    assert house.state(SWITCH) == "on"
    assert house.sent[len(sent) :][:2] == [0, 6]


async def test_a_switch_that_turns_off_by_itself_is_not_set_by_hand(
    house: House,
) -> None:
    """Chargers end sessions; the command is sent again."""
    car = await start(house)
    house.switch.show(on=False)
    await house.live(3, 4, car)
    assert house.state(BY_HAND) == "unknown"
    assert house.state(SWITCH) == "on"


async def test_a_refused_command_is_not_set_by_hand(house: House) -> None:
    """The charger shows 16 A two seconds after it was sent 18 A: 18 A are sent again."""
    car = await start(house)
    await house.tune("number.garage_max_current", 18)
    await house.live(2, 4, car)
    house.number.show(16)
    await house.live(1, 4, car)
    assert house.state(BY_HAND) == "unknown"
    assert house.sent == [18, 18]


async def test_with_0_minutes_nothing_is_respected(house: House) -> None:
    """That ends a limit in force, and undoes later changes."""
    car = await start(house)
    await act_as_user(house, "set_value", value=12)
    await house.tune(RESPECT_TIME, 0)
    assert house.state(BY_HAND) == "unknown"
    await house.live(60, 4, car)
    assert house.state(NUMBER) == "20.0"
    house.sent.clear()
    await act_as_user(house, "set_value", value=12)
    assert house.sent == [12, 20]


async def test_the_limit_survives_a_restart(hass: HomeAssistant, house: House) -> None:
    """It ends at the same time."""
    car = await start(house)
    await act_as_user(house, "set_value", value=12)
    await house.live(10, 4, car)
    until = house.state(UNTIL)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    await house.live(60, 4, car)
    assert house.state(UNTIL) == until
    assert house.state(NUMBER) == "12.0"
    assert house.state(LIMITED_BY) == "set_by_hand"


async def test_changes_while_balancing_is_off_are_not_set_by_hand(house: House) -> None:
    """The current found when balancing is switched on sets no limit."""
    car = await start(house)
    await house.switch_balancing(on=False)
    await act_as_user(house, "set_value", value=12)
    await house.switch_balancing(on=True)
    await house.live(60, 4, car)
    assert house.state(BY_HAND) == "unknown"
    assert house.state(NUMBER) == "20.0"


async def test_a_charger_that_returns_with_less_gets_its_current_again(
    house: House,
) -> None:
    """It was restarted, and shows 6 A."""
    car = await start(house, switch=False)
    house.number.show_available(False)
    await house.live(20, 4, car)
    house.number._attr_native_value = 6
    house.number.show_available(True)
    await house.live(3, 4, car)
    assert house.state(BY_HAND) == "unknown"
    assert house.state(NUMBER) == "20.0"


async def test_the_limit_ends_with_the_session(house: House) -> None:
    """12 A are set for the car that charges; the next car gets 20 A."""
    house.number.show(20)
    car = Car(house.hass, NUMBER)
    await house.set_state(STATUS, "Charging")
    await house.measure(24)
    own = {"max_current_a": 20.0, "status_entity": STATUS}
    await house.set_up(charger=own)
    await house.live(30, 4, car)
    await act_as_user(house, "set_value", value=12)
    await house.live(30, 4, car)
    assert house.state(BY_HAND) == "12.0"
    await house.set_state(STATUS, "Ready")
    await house.live(55, 4)
    assert house.state(BY_HAND) == "12.0"
    await house.live(10, 4)
    assert house.state(BY_HAND) == "unknown"


async def test_an_unavailable_number_is_not_set_by_hand(house: House) -> None:
    """The entity shows no current."""
    car = await start(house)
    house.number.show_available(False)
    await house.live(5, 4, car)
    assert house.state(BY_HAND) == "unknown"


async def test_a_draw_above_the_current_set_by_hand_is_disobedience(
    house: House,
) -> None:
    """12 A are set by hand, but the car goes on drawing 20 A: 12 A are sent."""
    house.number.show(20)
    await house.set_state(DRAW, 20, "A")
    await house.measure(24)
    await house.set_up(charger={"max_current_a": 20.0, "draw_entity": DRAW})
    await house.wait(10)
    house.sent.clear()
    await act_as_user(house, "set_value", value=12)
    for _ in range(10):
        await house.wait(1)
        await house.set_state(DRAW, 20.01, "A")
        await house.set_state(DRAW, 20, "A")
        await house.measure(24)
    assert house.sent[:2] == [12, 12]
