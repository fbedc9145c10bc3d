"""Folds the fields of a form that few users need into sections that are closed at first."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from homeassistant.data_entry_flow import section
import voluptuous as vol

from .checks import Errors

type Sections = Mapping[str, Sequence[str]]
"""The fields of each section, by the section's name."""


def fold(
    form: vol.Schema, sections: Sections, opened: Collection[str] = ()
) -> vol.Schema:
    """Return a form with the fields of ``sections`` folded away, but for ``opened``."""
    fields: dict[Any, Any] = {
        key: value
        for key, value in form.schema.items()
        if not any(str(key) in keys for keys in sections.values())
    }
    for name, keys in sections.items():
        folded = {key: val for key, val in form.schema.items() if str(key) in keys}
        if folded:
            fields[vol.Required(name)] = section(
                vol.Schema(folded), {"collapsed": name not in opened}
            )
    return vol.Schema(fields)


def nest(values: Mapping[str, Any], sections: Sections) -> dict[str, Any]:
    """Return values by field as a folded form has them."""
    nested: dict[str, Any] = {
        name: {key: values[key] for key in keys if key in values}
        for name, keys in sections.items()
    }
    return {**values, **nested}


def flatten(entered: Mapping[str, Any], sections: Sections) -> dict[str, Any]:
    """Return what was entered in a folded form by field, as without sections."""
    values = {key: value for key, value in entered.items() if key not in sections}
    for name in sections:
        values |= entered.get(name, {})
    return values


def folded_error(errors: Errors, sections: Sections) -> tuple[str, str] | None:
    """Return the section and the field of the first error that is inside of a section."""
    for field in errors:
        for name, keys in sections.items():
            if field in keys:
                return name, field
    return None


def lift(errors: Errors, sections: Sections) -> Errors:
    """Return errors by what shows them: the frontend shows none inside of a section."""
    shown: Errors = {}
    for field, error in errors.items():
        names = (name for name, keys in sections.items() if field in keys)
        shown.setdefault(next(names, field), error)
    return shown
