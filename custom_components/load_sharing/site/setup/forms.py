"""Parts of forms that both halves use."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..ranges import Range
from .checks import NUMERIC_DOMAINS


def number_box(allowed: Range, unit: str | None, step: float = 1) -> NumberSelector:
    """Return a box to type a number into."""
    config = NumberSelectorConfig(
        min=allowed.minimum,
        max=allowed.maximum,
        step=step,
        mode=NumberSelectorMode.BOX,
    )
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def choice(key: str, options: list[str]) -> SelectSelector:
    """Return a list to choose one option from; ``key`` is its translation key."""
    return SelectSelector(
        SelectSelectorConfig(
            options=options, translation_key=key, mode=SelectSelectorMode.LIST
        )
    )


def measurement(
    device_classes: Sequence[str], units: Sequence[str] = ()
) -> EntitySelector:
    """Return a picker of entities that measure a quantity, by their device class or unit.

    An ``input_number`` has no device class, so all of them are offered.
    """
    offered: list[EntityWithDeviceFilterSelectorConfig] = [
        {"domain": list(NUMERIC_DOMAINS), "device_class": list(device_classes)},
        {"domain": ["input_number"]},
    ]
    if units:
        offered.append(
            {"domain": list(NUMERIC_DOMAINS), "unit_of_measurement": list(units)}
        )
    return EntitySelector(EntitySelectorConfig(filter=offered))


def named(form: vol.Schema) -> vol.Schema:
    """Return a form that asks for a name first."""
    return vol.Schema({vol.Required(CONF_NAME): TextSelector(), **form.schema})


def newer_fields(
    stored: Mapping[str, Any], forms: Iterable[vol.Schema]
) -> dict[str, Any]:
    """Return the stored fields that none of the forms asks for.

    They belong to a newer version, which needs them again after a downgrade.
    """
    known = {str(key) for form in forms for key in form.schema}
    return {key: value for key, value in stored.items() if key not in known}
