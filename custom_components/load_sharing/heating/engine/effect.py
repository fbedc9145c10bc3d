"""Does it help? Counts false activations, and estimates the cooldowns prevented."""

from dataclasses import dataclass, replace

from .model import BoilerInput, LoadSharingState

WATCH_S = 300.0
COLD_RETURN_K = 25.0
KEPT_OUTCOMES = 20
COMPARABLE_S = 1800.0
"""So much time at low load without sharing is needed to compare with."""
LONGEST_STEP_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What load sharing has brought so far.

    An activation was false if, with the burner on throughout, the return soon
    fell far below the setpoint: the radiators could have taken the heat anyway.
    Times are counted while load is low, cooldowns likewise.
    """

    outcomes: tuple[bool, ...] = ()
    watching_since_s: float | None = None
    sharing_s: float = 0.0
    sharing_cooldowns: int = 0
    low_load_s: float = 0.0
    low_load_cooldowns: int = 0
    seen_s: float | None = None

    @property
    def false_activation_rate(self) -> float | None:
        """Share of false activations among the last ones, 0 to 1; None without any."""
        if not self.outcomes:
            return None
        return sum(self.outcomes) / len(self.outcomes)

    @property
    def prevented_cooldowns(self) -> float | None:
        """Estimate: cooldowns there would have been at the rate without sharing."""
        if self.low_load_s < COMPARABLE_S:
            return None
        per_s = self.low_load_cooldowns / self.low_load_s
        return max(0.0, per_s * self.sharing_s - self.sharing_cooldowns)


def account(
    effect: Effect,
    before: LoadSharingState,
    after: LoadSharingState,
    boiler: BoilerInput,
    now_s: float,
    *,
    low_load: bool,
    cooldowns: int,
) -> Effect:
    """Take note of the time since the last evaluation, and of its new cooldowns.

    ``low_load``: rooms call, but cannot take away what the boiler makes.
    """
    elapsed_s = 0.0 if effect.seen_s is None else now_s - effect.seen_s
    elapsed_s = min(elapsed_s, LONGEST_STEP_S)
    effect = replace(effect, seen_s=now_s)
    if before.is_active:
        effect = replace(
            effect,
            sharing_s=effect.sharing_s + elapsed_s,
            sharing_cooldowns=effect.sharing_cooldowns + cooldowns,
        )
    elif low_load:
        effect = replace(
            effect,
            low_load_s=effect.low_load_s + elapsed_s,
            low_load_cooldowns=effect.low_load_cooldowns + cooldowns,
        )
    return _judge(effect, before, after, boiler, now_s)


def _judge(
    effect: Effect,
    before: LoadSharingState,
    after: LoadSharingState,
    boiler: BoilerInput,
    now_s: float,
) -> Effect:
    """Decide whether the running activation was false, once that can be told."""
    since_s = effect.watching_since_s
    if after.is_active and not before.is_active:
        since_s = now_s
    if since_s is None:
        return effect
    if boiler.return_c is None or boiler.setpoint_c is None or boiler.burner is None:
        return replace(effect, watching_since_s=None)
    is_false = boiler.burner and boiler.return_c < boiler.setpoint_c - COLD_RETURN_K
    if not is_false and boiler.burner and now_s - since_s < WATCH_S:
        return replace(effect, watching_since_s=since_s)
    outcomes = (*effect.outcomes, is_false)[-KEPT_OUTCOMES:]
    return replace(effect, outcomes=outcomes, watching_since_s=None)
