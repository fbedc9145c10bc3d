"""A supply of 32 A and a charger of 6 to 32 A, tuned as by default."""

from functools import partial
from math import inf

from custom_components.load_sharing.charging.engine.model import (
    ChargerSettings,
    Fallback,
    FallbackAction,
    SiteSettings,
)

site_settings = partial(
    SiteSettings,
    limit_a=32.0,
    safety_margin_a=0.0,
    rotation_time_s=inf,
    ramp_up_time_s=15.0,
    ramp_up_step_a=4.0,
    overload_trigger_delay_s=2.0,
    overload_loop_interval_s=5.0,
    fallback=Fallback(FallbackAction.STOP, current_a=6.0, grace_s=10.0),
)

charger_settings = partial(
    ChargerSettings, phases=(0,), min_a=6.0, max_a=32.0, step_a=1.0, settle_s=5.0
)
