"""Fix flow of the repairs: explains the problem and opens the form that fixes it."""

from typing import override

from homeassistant.components.repairs import FlowType, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlowContext,
    SubentryFlowContext,
)
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .site.repairs.explained import ExplainedFlow
from .site.repairs.first_steps import PREFIX, FirstStepsFlow


class ReconfigureFlow(ExplainedFlow):
    """Opens the form of a part. The site itself withdraws a fixed issue."""

    @override
    async def _async_go_on(self) -> RepairsFlowResult:
        data = self.data or {}
        entry = self.hass.config_entries.async_get_entry(str(data.get("entry_id")))
        part = str(data.get("part"))
        if entry is None or not _is_there(entry, part):
            return self.async_abort(reason="part_gone")
        return self.async_abort(
            reason="opened", next_flow=await self._async_open(entry, part)
        )

    async def _async_open(self, entry: ConfigEntry, part: str) -> tuple[FlowType, str]:
        """Start to reconfigure a part: a subentry, or a half; or to add a missing one."""
        entries = self.hass.config_entries
        if part in entry.supported_subentry_types:
            flow = await entries.subentries.async_init(
                (entry.entry_id, part),
                context=SubentryFlowContext(source=SOURCE_USER),
            )
            return FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"]
        if (subentry := entry.subentries.get(part)) is not None:
            flow = await entries.subentries.async_init(
                (entry.entry_id, subentry.subentry_type),
                context=SubentryFlowContext(
                    source=SOURCE_RECONFIGURE, subentry_id=part
                ),
            )
            return FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"]
        menu = await entries.flow.async_init(
            DOMAIN,
            context=ConfigFlowContext(
                source=SOURCE_RECONFIGURE, entry_id=entry.entry_id
            ),
        )
        step = {"next_step_id": f"change_{part}"}
        await entries.flow.async_configure(menu["flow_id"], step)
        return FlowType.CONFIG_FLOW, menu["flow_id"]


def _is_there(entry: ConfigEntry, part: str) -> bool:
    """Return whether a part can be changed, or one of its type can be added."""
    places = (entry.subentries, entry.data, entry.supported_subentry_types)
    return any(part in place for place in places)


async def async_create_fix_flow(
    _hass: HomeAssistant,
    issue_id: str,
    _data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow that fixes an issue."""
    if issue_id.startswith(PREFIX):
        return FirstStepsFlow()
    return ReconfigureFlow()
