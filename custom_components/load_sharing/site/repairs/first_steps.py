"""The first steps with a new site: a repair that names the next one until all are done.

The repair itself is what is stored: it survives a restart with its step. A site without
it, because it is older or its user is through, has nothing to do here.
"""

from collections.abc import Collection
from itertools import dropwhile
from typing import Final, override
from urllib.parse import quote

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN
from ..dashboard import view_of
from .explained import ExplainedFlow

PREFIX: Final = "first_steps"
METER: Final = "meter"
CHARGER: Final = "charger"
ALERT: Final = "alert"
DASHBOARD: Final = "dashboard"
STEPS: Final = (METER, CHARGER, ALERT, DASHBOARD)
DOCS: Final = "https://github.com/load-sharing/load-sharing#readme"
ALERT_BLUEPRINT: Final = (
    "https://github.com/load-sharing/load-sharing/blob/main/blueprints/automation"
    "/load_sharing/alert.yaml"
)
IMPORT_PAGE: Final = "/config/blueprint/dashboard/import?blueprint_url="
"""Where the frontend asks whether to import the blueprint at an address."""


@callback
def async_begin(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Ask for the first of the steps."""
    _async_ask(hass, entry, STEPS[0])


@callback
def async_next_step(hass: HomeAssistant, entry_id: str) -> str | None:
    """Return the step that a site is at; None if it has none."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"{PREFIX}_{entry_id}")
    step = (issue.data or {}).get("step") if issue else None
    return step if isinstance(step, str) and step in STEPS else None


@callback
def async_advance(
    hass: HomeAssistant, entry: ConfigEntry, done: Collection[str]
) -> None:
    """Leave the steps behind that are done, from the present one on."""
    step = async_next_step(hass, entry.entry_id)
    if step is None or step not in done:
        return
    rest = STEPS[STEPS.index(step) :]
    following = next(dropwhile(lambda other: other in done, rest), None)
    if following is None:
        ir.async_delete_issue(hass, DOMAIN, f"{PREFIX}_{entry.entry_id}")
    else:
        _async_ask(hass, entry, following)


def _async_ask(hass: HomeAssistant, entry: ConfigEntry, step: str) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{PREFIX}_{entry.entry_id}",
        data={"entry_id": entry.entry_id, "step": step},
        is_fixable=True,
        is_persistent=True,
        learn_more_url=DOCS,
        severity=ir.IssueSeverity.WARNING,
        translation_key=f"{PREFIX}_{step}",
        translation_placeholders={
            "site": entry.title,
            "dashboard": view_of("charging", entry.entry_id),
            "blueprint": IMPORT_PAGE + quote(ALERT_BLUEPRINT, safe=""),
        },
    )


class FirstStepsFlow(ExplainedFlow):
    """Explains the step, and takes the user's word that it is done."""

    @override
    async def _async_go_on(self) -> RepairsFlowResult:
        data = self.data or {}
        entry_id, step = str(data.get("entry_id")), str(data.get("step"))
        entry = self.hass.config_entries.async_get_entry(entry_id)
        if entry is not None:
            async_advance(self.hass, entry, {step})
        # Not an entry: that would delete the repair, which is at the next step.
        return self.async_abort(reason="step_done")
