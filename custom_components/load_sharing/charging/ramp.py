"""Down now, up slowly: when and how far a charger's current may rise."""

from .allocation import ceil_to_step, floor_to_step, step_up
from .model import ChargerSettings, Ramp, SiteSettings


def watch(ramp: Ramp | None, target_a: float, now_s: float) -> Ramp:
    """Note that the supply could give ``target_a`` at this moment."""
    if ramp is None:
        return Ramp(now_s, target_a)
    return ramp if target_a >= ramp.least_a else Ramp(ramp.since_s, target_a)


def keep_watching(ramp: Ramp | None, site: SiteSettings, now_s: float) -> Ramp | None:
    """While the meter does not show the last command yet: half of it is still to come.

    Else a charger that takes its time would be raised on its first reading.
    """
    latest_s = now_s - site.ramp_up_time_s / 2
    if ramp is None or ramp.since_s >= latest_s:
        return ramp
    return Ramp(latest_s, ramp.least_a)


def ripe_at(ramp: Ramp, site: SiteSettings) -> float:
    """When the headroom has lasted long enough."""
    return ramp.since_s + site.ramp_up_time_s


def next_current(
    ramp: Ramp, present_a: float, charger: ChargerSettings, site: SiteSettings
) -> float:
    """Current after one step up, never above the least that was free meanwhile.

    A paused charger starts at its minimum, or with a whole step if that is more.
    """
    grid = (charger.step_a, charger.levels_a)
    step_a = max(site.ramp_up_step_a, step_up(present_a, *grid))
    lowest_a = ceil_to_step(charger.min_a, *grid)
    raised_a = min(max(present_a + step_a, lowest_a), ramp.least_a)
    raised_a = floor_to_step(raised_a, *grid)
    if raised_a < lowest_a:
        return present_a
    return max(present_a, raised_a)
