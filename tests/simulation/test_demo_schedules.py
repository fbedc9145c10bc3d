"""The demo's schedule helpers: Home Assistant accepts them whenever the demo starts."""

from datetime import datetime, timedelta

from homeassistant.components.schedule import CONFIG_SCHEMA, DOMAIN

from demo.folder import schedules

MIDNIGHT = datetime(2026, 11, 29)


def test_they_are_valid_at_any_minute() -> None:
    """A block that ends just after midnight has no seconds left on the next day."""
    for minute in range(24 * 60):
        now = MIDNIGHT + timedelta(minutes=minute, seconds=20)
        CONFIG_SCHEMA({DOMAIN: schedules(now)})
