"""Automations of a Home Assistant under test, and what they do."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import condition, entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.load_sharing.const import DOMAIN

NOTE = [{"action": "test.note", "data": {"entity": "{{ trigger.entity_id }}"}}]


async def automate(hass: HomeAssistant, *automations: dict[str, Any]) -> None:
    """Set automations up."""
    config = {
        "automation": [
            {"id": str(index), "alias": f"Automation {index}", **automation}
            for index, automation in enumerate(automations)
        ]
    }
    assert await async_setup_component(hass, "automation", config)
    await hass.async_block_till_done()
    for state in hass.states.async_all("automation"):
        assert state.state == "on", state


async def note(hass: HomeAssistant, *triggers: dict[str, Any]) -> list[ServiceCall]:
    """Note whenever one of the triggers fires."""
    calls = async_mock_service(hass, "test", "note")
    await automate(hass, {"triggers": list(triggers), "actions": NOTE})
    return calls


def noted(calls: list[ServiceCall]) -> list[str]:
    """Entities that fired since this was asked last."""
    entities = [call.data["entity"] for call in calls]
    calls.clear()
    return entities


def trigger(name: str, target: dict[str, Any] | str, **options: Any) -> dict[str, Any]:
    """One of the triggers of the integration."""
    if isinstance(target, str):
        target = {"entity_id": target}
    return {"trigger": f"{DOMAIN}.{name}", "target": target, "options": options}


async def passes(
    hass: HomeAssistant, name: str, target: dict[str, Any] | str, **options: Any
) -> bool:
    """Whether one of the conditions of the integration passes now."""
    checker = await check(hass, name, target, **options)
    result = checker.async_check()
    checker.async_unload()
    return bool(result)


async def check(
    hass: HomeAssistant, name: str, target: dict[str, Any] | str, **options: Any
) -> condition.ConditionChecker:
    """One of the conditions of the integration."""
    if isinstance(target, str):
        target = {"entity_id": target}
    config = await condition.async_validate_condition_config(
        hass,
        {"condition": f"{DOMAIN}.{name}", "target": target, "options": options},
    )
    return await condition.async_from_config(hass, config)


def device_of(hass: HomeAssistant, entity_id: str) -> dict[str, str]:
    """Target that is the device of an entity."""
    entry = er.async_get(hass).async_get(entity_id)
    assert entry is not None
    assert entry.device_id is not None
    return {"device_id": entry.device_id}
