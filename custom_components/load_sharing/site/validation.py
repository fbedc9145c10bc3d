"""Validates stored configuration, which may have been edited by hand or damaged.

No default replaces an invalid value: a wrong limit is worse than a half that does not
start and reports why.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from homeassistant.core import valid_entity_id
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from ..const import DOMAIN
from .ranges import Range

type Validator = Callable[[Any], Any]

MISSING = "is missing"


class ConfigDamagedError(HomeAssistantError):
    """The stored configuration of a part has a value that no form accepts."""

    def __init__(self, part: str, field: str, problem: str) -> None:
        """Name the part, the field, and what is wrong with it."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="config_damaged",
            translation_placeholders={
                "part": part,
                "field": field,
                "problem": problem,
            },
        )


def check(part: str, schema: Mapping[Any, Any], data: Any) -> Mapping[str, Any]:
    """Return the configuration of a part; raises ConfigDamagedError if it is invalid.

    Fields that the schema does not name belong to a newer version and are ignored.
    """
    if not isinstance(data, Mapping):
        raise ConfigDamagedError(part, "data", "is no set of fields")
    try:
        vol.Schema(dict(schema), extra=vol.ALLOW_EXTRA)(dict(data))
    except vol.MultipleInvalid as error:
        raise _damaged(part, error.errors[0]) from error
    except vol.Invalid as error:
        raise _damaged(part, error) from error
    return data


def _damaged(part: str, error: vol.Invalid) -> ConfigDamagedError:
    field = ".".join(str(step) for step in error.path)
    if isinstance(error, vol.RequiredFieldInvalid):
        return ConfigDamagedError(part, field, MISSING)
    return ConfigDamagedError(part, field, error.msg)


def number(within: Range) -> Validator:
    """Accept a number within a range."""

    def validate(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise vol.Invalid("is no number")
        if not isfinite(value):
            raise vol.Invalid("is not finite")
        if not within.minimum <= value <= within.maximum:
            raise vol.Invalid(
                f"is {value:g}, and not from {within.minimum:g} to {within.maximum:g}"
            )
        return value

    return validate


def choice(*options: str) -> Validator:
    """Accept one of the options."""

    def validate(value: Any) -> str:
        if not isinstance(value, str) or value not in options:
            raise vol.Invalid(f"is none of {', '.join(options)}")
        return value

    return validate


def choices(*options: str) -> Validator:
    """Accept a list of options, with at least one and none of them twice."""
    validate_option = choice(*options)

    def validate(value: Any) -> Any:
        if not isinstance(value, list | tuple) or not value:
            raise vol.Invalid(f"is no list of {', '.join(options)}")
        if len(set(map(validate_option, value))) < len(value):
            raise vol.Invalid("names something twice")
        return value

    return validate


def boolean(value: Any) -> bool:
    """Accept true or false."""
    if not isinstance(value, bool):
        raise vol.Invalid("is neither true nor false")
    return value


def text(value: Any) -> str:
    """Accept a text."""
    if not isinstance(value, str):
        raise vol.Invalid("is no text")
    return value


def texts(value: Any) -> Any:
    """Accept a list of texts."""
    if not isinstance(value, list | tuple):
        raise vol.Invalid("is no list")
    for item in value:
        text(item)
    return value


def numbers(value: Any) -> Any:
    """Accept finite numbers by name."""
    if not isinstance(value, Mapping):
        raise vol.Invalid("is no set of numbers")
    for item in value.values():
        if isinstance(item, bool) or not isinstance(item, int | float):
            raise vol.Invalid("has something that is no number")
        if not isfinite(item):
            raise vol.Invalid("has a number that is not finite")
    return value


def entity(value: Any) -> str:
    """Accept an entity ID; the entity need not exist."""
    if not isinstance(value, str) or not valid_entity_id(value):
        raise vol.Invalid("is no entity ID")
    return value


def actions(value: Any) -> Any:
    """Accept an action or a sequence of actions. They are not checked further here."""
    sequence = value if isinstance(value, list | tuple) else [value]
    if not sequence or not all(isinstance(item, Mapping) for item in sequence):
        raise vol.Invalid("is no sequence of actions")
    return value


def optional(validate: Validator) -> Validator:
    """Accept an empty value, or what ``validate`` accepts."""

    def validate_filled(value: Any) -> Any:
        return value if value is None or value in ("", []) else validate(value)

    return validate_filled
