"""A repair that explains itself, and then does what its button says."""

from abc import abstractmethod

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.helpers import issue_registry as ir
import voluptuous as vol

from ...const import DOMAIN


class ExplainedFlow(RepairsFlow):
    """Shows the text of the repair with its values, and goes on when it is confirmed."""

    async def async_step_init(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start the flow."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Explain the problem, then go on."""
        if user_input is not None:
            return await self._async_go_on()
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=issue.translation_placeholders if issue else None,
        )

    @abstractmethod
    async def _async_go_on(self) -> RepairsFlowResult:
        """Do what the button says."""
