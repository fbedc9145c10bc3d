"""How hard the properties are tried: alike on every run in CI."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "charging",
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("charging")
