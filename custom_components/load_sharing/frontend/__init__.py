"""Serves the cards and the dashboard strategy, and has every page load them."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components import frontend, panel_custom
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant, callback
from homeassistant.setup import async_when_setup

from ..const import DOMAIN

FOLDER: Final = Path(__file__).parent / "js"
MAIN_MODULE: Final = "load-sharing.js"
DASHBOARD_PATH: Final = "load-sharing-dashboard"
"""A page that leads to the dashboard, and offers to add it if there is none."""


@callback
def async_register_frontend(hass: HomeAssistant) -> None:
    """Register the modules once there is a frontend; without one, nothing is done."""
    async_when_setup(hass, "frontend", _register)


async def _register(hass: HomeAssistant, _component: str) -> None:
    """Serve the modules, load them on every page, and add the dashboard's page."""
    base = f"/{DOMAIN}/{await hass.async_add_executor_job(fingerprint)}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(base, str(FOLDER), cache_headers=True)]
    )
    module_url = f"{base}/{MAIN_MODULE}"
    frontend.add_extra_js_url(hass, module_url)
    await panel_custom.async_register_panel(
        hass,
        DASHBOARD_PATH,
        "load-sharing-dashboard-page",
        module_url=module_url,
        require_admin=True,
    )


def fingerprint() -> str:
    """Return a name for this version of the modules, as browsers keep them for long."""
    digest = sha256()
    for path in sorted(FOLDER.glob("*.js")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
