"""Parts of forms that both halves use."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, override

from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..ranges import Range
from .checks import NUMERIC_DOMAINS, Errors

CONF_SITE = "site"
SITE_NEW = "new"

CONF_ANYWAY = "use_anyway"
"""Field of a form that asks about something doubtful: never stored."""


class NumberBox(NumberSelector):
    """A box to type a number into.

    It takes any number, so that the flow can refuse one with the range in its words:
    Home Assistant's own error names no bound. See ``check_ranges``.
    """

    @override
    def __call__(self, data: Any) -> float:
        """Return what was entered as a number."""
        return float(vol.Coerce(float)(data))

    def problem(self, value: float) -> dict[str, str] | None:
        """Return the value and the bounds in words if it is not between them."""
        least, most = self.config["min"], self.config["max"]
        if least <= value <= most:
            return None
        unit = self.config.get("unit_of_measurement")
        after = f" {unit}" if unit else ""
        bounds = {"value": value, "least": least, "most": most}
        return {key: f"{number:g}{after}" for key, number in bounds.items()}


def number_box(allowed: Range, unit: str | None, step: float = 1) -> NumberSelector:
    """Return a box to type a number within a range into."""
    config = NumberSelectorConfig(
        min=allowed.minimum,
        max=allowed.maximum,
        step=step,
        mode=NumberSelectorMode.BOX,
    )
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberBox(config)


def check_ranges(
    form: vol.Schema, entered: Mapping[str, Any]
) -> tuple[Errors, dict[str, str]]:
    """Check the numbers of a form; return the errors, and the bounds for their text.

    The text names the value, as an error inside of a section stands above that. All texts
    share their placeholders, so what is not like the first is for the next time.
    """
    errors: Errors = {}
    bounds: dict[str, str] = {}
    for key, box in form.schema.items():
        if not isinstance(box, NumberBox) or (value := entered.get(str(key))) is None:
            continue
        found = box.problem(value)
        if found is not None and bounds in ({}, found):
            errors[str(key)] = "out_of_range"
            bounds = found
    return errors, bounds


def choice(key: str, options: list[str]) -> SelectSelector:
    """Return a list to choose one option from; ``key`` is its translation key."""
    return SelectSelector(
        SelectSelectorConfig(
            options=options, translation_key=key, mode=SelectSelectorMode.LIST
        )
    )


def measurement(
    device_classes: Sequence[str],
    units: Sequence[str] = (),
    *,
    domains: Sequence[str] = NUMERIC_DOMAINS,
    without: Sequence[str] = (),
) -> EntitySelector:
    """Return a picker of entities that measure a quantity, by their device class or unit.

    An ``input_number`` has no device class, so all of them are offered. Entities of
    other ``domains``, and those ``without``, are not offered.
    """
    offered: list[EntityWithDeviceFilterSelectorConfig] = [
        {"domain": list(domains), "device_class": list(device_classes)},
        {"domain": ["input_number"]},
    ]
    if units:
        offered.append({"domain": list(domains), "unit_of_measurement": list(units)})
    config = EntitySelectorConfig(filter=offered)
    if without:
        config["exclude_entities"] = list(without)
    return EntitySelector(config)


def confirmable(form: vol.Schema) -> vol.Schema:
    """Return a form with a box to tick for what is meant in spite of a doubt."""
    return vol.Schema({**form.schema, vol.Optional(CONF_ANYWAY): BooleanSelector()})


def named(form: vol.Schema) -> vol.Schema:
    """Return a form that asks for a name first."""
    return vol.Schema({vol.Required(CONF_NAME): TextSelector(), **form.schema})


def pick_site(names: Mapping[str, str]) -> vol.Schema:
    """Return the form to choose one of the sites, which are named by ID, or a new one."""
    options = [SelectOptionDict(value=key, label=name) for key, name in names.items()]
    config = SelectSelectorConfig(
        options=[*options, SelectOptionDict(value=SITE_NEW, label=SITE_NEW)],
        translation_key=CONF_SITE,
        mode=SelectSelectorMode.LIST,
    )
    default = next(iter(names), SITE_NEW)
    return vol.Schema(
        {vol.Required(CONF_SITE, default=default): SelectSelector(config)}
    )


def newer_fields(
    stored: Mapping[str, Any], forms: Iterable[vol.Schema]
) -> dict[str, Any]:
    """Return the stored fields that none of the forms asks for.

    They belong to a newer version, which needs them again after a downgrade.
    """
    known = {str(key) for form in forms for key in form.schema}
    return {key: value for key, value in stored.items() if key not in known}
