"""Without the permission to control an entity, a user cannot change it."""

from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from .homes.house import House
from .homes.radiators import MODE, RadiatorHouse

CHARGING = [
    ("switch", "turn_off", "switch.home_balancing", {}),
    ("switch", "turn_on", "switch.home_shadow_mode", {}),
    ("switch", "toggle", "switch.home_balancing", {}),
    ("number", "set_value", "number.home_ramp_up_time", {"value": 20}),
    ("number", "set_value", "number.home_max_service_current", {"value": 20}),
    ("number", "set_value", "number.garage_max_current", {"value": 20}),
    ("button", "press", "button.garage_test", {}),
]
HEATING = [
    ("switch", "turn_off", "switch.home_heating_share_heat", {}),
    ("switch", "turn_on", "switch.home_heating_shadow_mode", {}),
    ("switch", "turn_off", "switch.home_heating_tier_3_overheating_cap", {}),
    ("switch", "turn_off", "switch.lounge_takes_part", {}),
    ("select", "select_option", MODE, {"option": "off"}),
    ("select", "select_first", MODE, {}),
    ("select", "select_next", MODE, {}),
    ("number", "set_value", "number.home_heating_share_below", {"value": 3000}),
    ("number", "set_value", "number.lounge_fallback_priority", {"value": 5}),
    ("number", "set_value", "number.lounge_schedule_look_ahead", {"value": 90}),
]


async def try_as(
    hass: HomeAssistant, user: MockUser, call: tuple[str, str, str, dict[str, Any]]
) -> None:
    """Call an action as a user."""
    domain, action, entity_id, data = call
    await hass.services.async_call(
        domain,
        action,
        {"entity_id": entity_id, **data},
        blocking=True,
        context=Context(user_id=user.id),
    )


async def check(
    hass: HomeAssistant, user: MockUser, call: tuple[str, str, str, dict[str, Any]]
) -> None:
    """Check that an action has an effect only with the permission for this entity."""
    entity_id = call[2]
    before = hass.states.get(entity_id)
    assert before is not None
    others = {"switch.another": {POLICY_READ: True, POLICY_CONTROL: True}}
    policies: list[dict[str, Any]] = [
        {"entities": {"all": {POLICY_READ: True}}},
        {"entities": {"entity_ids": others}},
        {"entities": {}},
    ]
    for policy in policies:
        user.mock_policy(policy)
        with pytest.raises(Unauthorized):
            await try_as(hass, user, call)
        await hass.async_block_till_done()
        assert hass.states.get(entity_id) == before
    allowed = {entity_id: {POLICY_READ: True, POLICY_CONTROL: True}}
    user.mock_policy({"entities": {"entity_ids": allowed}})
    await try_as(hass, user, call)
    await hass.async_block_till_done()
    after = hass.states.get(entity_id)
    assert after is not None
    assert after.state != before.state


@pytest.mark.parametrize("call", CHARGING, ids=lambda call: f"{call[2]}-{call[1]}")
async def test_of_the_charging(
    hass: HomeAssistant, house: House, hass_read_only_user: MockUser, call: Any
) -> None:
    """Switches, numbers and the button."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up()
    await house.live(5, 24)
    await check(hass, hass_read_only_user, call)
    await house.wait(20)


@pytest.mark.parametrize("call", HEATING, ids=lambda call: f"{call[2]}-{call[1]}")
async def test_of_the_heating(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_read_only_user: MockUser,
    call: Any,
) -> None:
    """Switches, the select and numbers, of the heating and of a room."""
    await radiators.set_up_heating()
    await radiators.choose("schedule_tiers")
    await check(hass, hass_read_only_user, call)
