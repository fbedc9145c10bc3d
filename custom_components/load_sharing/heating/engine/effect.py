"""The effect of load sharing: false activations and prevented cooldowns."""

from dataclasses import dataclass, replace

from .model import BoilerInput, LoadSharingState

JUDGE_AFTER_S = 300.0
COLD_RETURN_K = 25.0
KEPT_ACTIVATIONS = 20
MIN_BASELINE_S = 1800.0
"""Time at low load without sharing that the estimate needs for comparison."""
MAX_STEP_S = 300.0
"""Longer gaps between two evaluations count as this much time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Statistics of load sharing, and the activation that is being judged.

    ``activation_was_false`` has one item for each of the last activations. One was
    false if soon after it the return fell far below the setpoint with the burner on
    throughout: the radiators could have taken the heat anyway. ``judging_since_s`` is
    when the activation began that is still to be judged.

    ``sharing_s`` and ``sharing_cooldowns`` count time and cooldowns while sharing is
    active; ``low_load_s`` and ``low_load_cooldowns`` count them at low load without
    sharing.
    """

    activation_was_false: tuple[bool, ...] = ()
    judging_since_s: float | None = None
    sharing_s: float = 0.0
    sharing_cooldowns: int = 0
    low_load_s: float = 0.0
    low_load_cooldowns: int = 0
    updated_s: float | None = None

    @property
    def false_activation_rate(self) -> float | None:
        """Fraction of the last activations that were false, 0 to 1, or None."""
        if not self.activation_was_false:
            return None
        return sum(self.activation_was_false) / len(self.activation_was_false)

    @property
    def prevented_cooldowns(self) -> float | None:
        """Estimate: cooldowns at the rate without sharing, less those that happened."""
        if self.low_load_s < MIN_BASELINE_S:
            return None
        per_s = self.low_load_cooldowns / self.low_load_s
        return max(0.0, per_s * self.sharing_s - self.sharing_cooldowns)


def update_effect(
    effect: Effect,
    before: LoadSharingState,
    after: LoadSharingState,
    boiler: BoilerInput,
    now_s: float,
    *,
    low_load: bool,
    cooldowns: int,
) -> Effect:
    """Count the time since the last evaluation, and the cooldowns that are new in it.

    ``before`` and ``after`` are the states around this evaluation. ``low_load``: rooms
    call, but can take less than the boiler's least output.
    """
    elapsed_s = 0.0 if effect.updated_s is None else now_s - effect.updated_s
    elapsed_s = min(elapsed_s, MAX_STEP_S)
    effect = replace(effect, updated_s=now_s)
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
    return _judge_activation(effect, before, after, boiler, now_s)


def _judge_activation(
    effect: Effect,
    before: LoadSharingState,
    after: LoadSharingState,
    boiler: BoilerInput,
    now_s: float,
) -> Effect:
    """Record whether the running activation was false, as soon as that is certain.

    It is dropped if a reading is missing.
    """
    since_s = effect.judging_since_s
    if after.is_active and not before.is_active:
        since_s = now_s
    if since_s is None:
        return effect
    if boiler.return_c is None or boiler.setpoint_c is None or boiler.burner is None:
        return replace(effect, judging_since_s=None)
    is_false = boiler.burner and boiler.return_c < boiler.setpoint_c - COLD_RETURN_K
    if not is_false and boiler.burner and now_s - since_s < JUDGE_AFTER_S:
        return replace(effect, judging_since_s=since_s)
    activation_was_false = (*effect.activation_was_false, is_false)[-KEPT_ACTIVATIONS:]
    return replace(
        effect, activation_was_false=activation_was_false, judging_since_s=None
    )
