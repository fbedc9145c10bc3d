"""Knows when automations can hear an event, for those that are fired only once."""

from .host import Host

AUTOMATIONS_START_S = 60.0
"""Automations attach their triggers only once Home Assistant has started."""


class Audience:
    """Whether automations listen: some time after Home Assistant has started."""

    def __init__(self, host: Host) -> None:
        """Nothing listens at first."""
        self._host = host
        self._up_s: float | None = None

    @property
    def listens(self) -> bool:
        """Whether an event is heard now."""
        if not self._host.is_up:
            self._up_s = None
            return False
        now_s = self._host.hass.loop.time()
        if self._up_s is None:
            self._up_s = now_s
        return now_s >= self._up_s + AUTOMATIONS_START_S
