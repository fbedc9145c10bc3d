"""What a flow asks beside its fields: numbers out of range, and doubts to confirm."""

from collections.abc import Callable, Mapping
from typing import Any

import voluptuous as vol

from .checks import Errors
from .forms import CONF_ANYWAY, check_ranges, confirmable
from .sections import Sections, flatten, fold, lift


class Asking:
    """The forms of one flow: reads them, and shows again what was refused.

    A doubt is an error that goes away when the user ticks a box. The box counts only for
    what was asked about: another choice may have another doubt.
    """

    def __init__(self) -> None:
        """Start without a question."""
        self.bounds: dict[str, str] = {}
        """Placeholders of the text for a number out of range."""
        self._asked: set[tuple[str, str, str]] = set()
        self._is_confirmed = False
        self._in_doubt = False

    def read(
        self, user_input: Mapping[str, Any], sections: Sections | None = None
    ) -> dict[str, Any]:
        """Return what was entered in a form by field, without the box for doubts."""
        entered = flatten(user_input, sections or {})
        self._is_confirmed = bool(entered.pop(CONF_ANYWAY, False))
        self._in_doubt = False
        return entered

    def out_of_range(self, form: vol.Schema, entered: Mapping[str, Any]) -> Errors:
        """Return the errors of numbers that are not within their ranges."""
        errors, self.bounds = check_ranges(form, entered)
        return errors

    def unconfirmed(
        self,
        entered: Mapping[str, Any],
        doubt: Callable[[Mapping[str, Any]], Errors],
        stored: Mapping[str, Any] | None = None,
    ) -> Errors:
        """Return the doubts that the user has not confirmed.

        What is ``stored`` was confirmed before, or is older than the doubt.
        """
        before = stored or {}
        known = doubt(before) if before else {}
        new = {
            key: reason
            for key, reason in doubt(entered).items()
            if known.get(key) != reason or entered.get(key) != before.get(key)
        }
        asked = {(key, reason, str(entered.get(key))) for key, reason in new.items()}
        if self._is_confirmed and asked <= self._asked:
            return {}
        self._asked = asked
        self._in_doubt = bool(new)
        return new

    def form(
        self, form: vol.Schema, errors: Errors, sections: Sections | None = None
    ) -> vol.Schema:
        """Return a form as it is shown: folded, and with the box where there is a doubt."""
        opened = lift(errors, sections or {})
        folded = fold(form, sections or {}, opened)
        return confirmable(folded) if self._in_doubt else folded
