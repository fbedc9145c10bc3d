"""What the entities in a form show now, for the texts below its fields.

A form cannot follow an entity. It shows what was true when it was opened.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.translation import async_get_cached_translations

from ...const import DOMAIN
from ..readings import to_number

type ToAmperes = Callable[[State], float | None]
"""Converts what an entity shows to A; None where that is not possible."""


def describe(
    hass: HomeAssistant, entity_id: str | None, amperes: ToAmperes | None = None
) -> str:
    """Return what an entity shows, as in ``3.91 kW = 17 A``; "?" without a state."""
    state = hass.states.get(entity_id) if entity_id else None
    if state is None:
        return "?"
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    number = to_number(state)
    text = state.state if number is None else f"{round(number, 3):.12g}"
    shown = f"{text} {unit}" if unit else text
    current_a = amperes(state) if amperes else None
    if current_a is None or (unit == "A" and current_a == number):
        return shown
    return f"{shown} = {in_amperes(current_a)}"


def list_found(hass: HomeAssistant, entity_ids: Iterable[str]) -> str:
    """Return a list of what the entities show that were found; empty without any."""
    states = map(hass.states.get, entity_ids)
    lines = [
        f"\n- {state.name}: **{describe(hass, state.entity_id)}**"
        for state in states
        if state is not None
    ]
    return _headed(hass, "form_found", lines)


def list_disabled(hass: HomeAssistant, names: Iterable[str]) -> str:
    """Return a list of what would be filled in, too, if it were enabled."""
    return _headed(hass, "form_disabled", [f"\n- {name}" for name in names])


def _headed(hass: HomeAssistant, key: str, lines: list[str]) -> str:
    """Return lines below a translated heading; empty without any."""
    if not lines:
        return ""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    heading = texts.get(f"component.{DOMAIN}.common.{key}", "")
    return f"\n\n{heading}\n" + "".join(lines)


def in_amperes(current_a: float) -> str:
    """Return a current with three digits, or all before the point, and its unit."""
    digits = ".0f" if abs(current_a) >= 100 else ".3g"
    return f"{current_a:{digits}} A"


def live_values(
    hass: HomeAssistant,
    fields: Iterable[str],
    values: Mapping[str, Any],
    amperes: ToAmperes | None = None,
) -> dict[str, str]:
    """Return the placeholder ``shows_<field>`` of each field that takes an entity.

    It is empty where none is chosen.
    """
    return {
        f"shows_{field}": (
            f"\n**→ {describe(hass, values[field], amperes)}**"
            if values.get(field)
            else ""
        )
        for field in fields
    }
