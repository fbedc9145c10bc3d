"""The configuration folder of the demo's Home Assistant."""

import base64
from datetime import datetime
import json
from pathlib import Path
import shutil
from typing import Any

import bcrypt

from simulation.thermal_house import cold_evening

ROOT = Path(__file__).parent.parent
WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
USER = "demo"
PASSWORD = "demo"  # noqa: S105 - it is printed for everybody to use


def prepare(folder: Path, port: int) -> None:
    """Fill the folder so that Home Assistant starts without a question.

    What a former start left there is kept: history, and what was changed in the UI.
    """
    storage = folder / ".storage"
    storage.mkdir(parents=True, exist_ok=True)
    for name in ("configuration.yaml", "dashboard.yaml"):
        shutil.copy(ROOT / "demo" / name, folder / name)
    (folder / "schedules.yaml").write_text(json.dumps(schedules(datetime.now())))
    integrations = folder / "custom_components"
    _link(integrations, ROOT / "custom_components" / "load_sharing")
    _link(integrations, ROOT / "demo" / "custom_components" / "simulated_house")
    _link(folder, ROOT / "simulation")
    _store(storage / "http", 2, 2, _http(port))
    if not (storage / "onboarding").exists():
        done = ["user", "core_config", "analytics", "integration"]
        _store(storage / "onboarding", 4, 1, {"done": done})
        _store(
            storage / "frontend.system_data",
            1,
            1,
            {"core": {"default_panel": "load-sharing"}},
        )
        hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=12))
        user = {"username": USER, "password": base64.b64encode(hashed).decode()}
        _store(storage / "auth_provider.homeassistant", 1, 1, {"users": [user]})


def schedules(now: datetime) -> dict[str, Any]:
    """Schedule helpers that say what the thermostats of the house do."""
    house = cold_evening(now.astimezone())
    return {
        name.lower().replace(" ", "_"): {
            "name": name,
            **{
                day: [
                    {
                        "from": _clock(start),
                        "to": _clock(end),
                        "data": {"temperature": target_c},
                    }
                    for start, end, target_c in zone.thermostat.blocks[weekday]
                    # What remains of a block after midnight may be some seconds.
                    if _clock(start) < _clock(end)
                ]
                for weekday, day in enumerate(WEEKDAYS)
            },
        }
        for name, zone in house.zones.items()
    }


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def _link(folder: Path, source: Path) -> None:
    folder.mkdir(exist_ok=True)
    link = folder / source.name
    link.unlink(missing_ok=True)
    link.symlink_to(source)


def _http(port: int) -> dict[str, Any]:
    stable = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def _store(path: Path, version: int, minor_version: int, data: dict[str, Any]) -> None:
    content = {
        "version": version,
        "minor_version": minor_version,
        "key": path.name,
        "data": data,
    }
    path.write_text(json.dumps(content))
