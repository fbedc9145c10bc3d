"""Fills in forms whose fields are folded into sections, as a browser does."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section


def fold(form: Any, entered: dict[str, Any]) -> dict[str, Any]:
    """Return what was entered by field, as a form with sections takes it."""
    schema = form.get("data_schema")
    if schema is None:
        return entered
    folded = dict(entered)
    for key, part in schema.schema.items():
        if isinstance(part, section):
            fields = {str(field) for field in part.schema.schema}
            own = fields & folded.keys()
            folded[str(key)] = {field: folded.pop(field) for field in own}
    return folded


def unfold(form: Any) -> dict[str, Any]:
    """Return the fields of a form and of its sections, as selectors by name."""
    fields: dict[str, Any] = {}
    for key, part in form["data_schema"].schema.items():
        if isinstance(part, section):
            fields |= {str(field): item for field, item in part.schema.schema.items()}
        else:
            fields[str(key)] = part
    return fields


def suggested(form: Any) -> dict[str, Any]:
    """Return what is filled in to a form and to its sections."""
    markers = list(form["data_schema"].schema)
    for part in form["data_schema"].schema.values():
        if isinstance(part, section):
            markers += part.schema.schema
    return {
        str(key): key.description["suggested_value"]
        for key in markers
        if key.description and "suggested_value" in key.description
    }


async def enter(hass: HomeAssistant, flow_id: str, entered: dict[str, Any]) -> Any:
    """Submit the form that a flow of a site shows now, or choose from its menu.

    The first question about a supply is answered by what is entered.
    """
    flows = hass.config_entries.flow
    shown: Any = flows._progress[flow_id].cur_step
    if shown["step_id"] == "mains" and "next_step_id" not in entered:
        kind = kind_of(entered)
        answered = {"total": ("total",), "split_phase": ("wiring",)}.get(kind, ())
        entered = {key: val for key, val in entered.items() if key not in answered}
        shown = await flows.async_configure(flow_id, {"next_step_id": kind})
    return await flows.async_configure(flow_id, fold(shown, entered))


async def enter_part(hass: HomeAssistant, form: Any, entered: dict[str, Any]) -> Any:
    """Submit a form of the flow of a part.

    Where it asks for the device first, there is none: only how it is controlled.
    """
    flows = hass.config_entries.subentries
    if form.get("step_id") == "device" and "device" not in entered:
        entered = dict(entered)
        control = {"control": entered.pop("control", "number")}
        form = await flows.async_configure(form["flow_id"], control)
        if not entered:
            return form
    return await flows.async_configure(form["flow_id"], fold(form, entered))


def kind_of(supply: dict[str, Any]) -> str:
    """Return the answer to the first question about a supply."""
    if supply.get("total"):
        return "total"
    if supply.get("wiring") == "split_phase":
        return "split_phase"
    several = "meter_l2" in supply or "meter_l3" in supply
    return "three_phases" if several else "one_phase"
