"""Helpers that run the integration's triggers and conditions in real automations."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import condition, entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.load_sharing.const import DOMAIN

NOTE = [{"action": "test.note", "data": {"entity": "{{ trigger.entity_id }}"}}]


async def automate(hass: HomeAssistant, *automations: dict[str, Any]) -> None:
    """Set up automations, which must be valid."""
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
    """Record a call each time one of the triggers fires."""
    calls = async_mock_service(hass, "test", "note")
    await automate(hass, {"triggers": list(triggers), "actions": NOTE})
    return calls


def noted(calls: list[ServiceCall]) -> list[str]:
    """Entities that fired a trigger since the previous call."""
    entities = [call.data["entity"] for call in calls]
    calls.clear()
    return entities


def trigger(name: str, target: dict[str, Any] | str, **options: Any) -> dict[str, Any]:
    """Configuration of one of the integration's triggers."""
    if isinstance(target, str):
        target = {"entity_id": target}
    return {"trigger": f"{DOMAIN}.{name}", "target": target, "options": options}


async def passes(
    hass: HomeAssistant, name: str, target: dict[str, Any] | str, **options: Any
) -> bool:
    """Whether one of the integration's conditions passes now."""
    checker = await check(hass, name, target, **options)
    result = checker.async_check()
    checker.async_unload()
    return bool(result)


async def check(
    hass: HomeAssistant, name: str, target: dict[str, Any] | str, **options: Any
) -> condition.ConditionChecker:
    """Checker of one of the integration's conditions."""
    if isinstance(target, str):
        target = {"entity_id": target}
    config = await condition.async_validate_condition_config(
        hass,
        {"condition": f"{DOMAIN}.{name}", "target": target, "options": options},
    )
    return await condition.async_from_config(hass, config)


def device_of(hass: HomeAssistant, entity_id: str) -> dict[str, str]:
    """Target that selects the device of an entity."""
    entry = er.async_get(hass).async_get(entity_id)
    assert entry is not None
    assert entry.device_id is not None
    return {"device_id": entry.device_id}
