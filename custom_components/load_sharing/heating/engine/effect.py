"""What load sharing does: the time it is active, and activations that were false."""

from dataclasses import dataclass, replace

from .model import BoilerInput, LoadSharingState

JUDGE_AFTER_S = 300.0
COLD_RETURN_K = 25.0
KEPT_ACTIVATIONS = 20
MAX_STEP_S = 300.0
"""Longer gaps between two evaluations count as this much time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Statistics of load sharing, and the activation that is being judged.

    ``activation_was_false`` has one item for each of the last activations. One was
    false if soon after it the return fell far below the setpoint with the burner on
    throughout: the radiators could have taken the heat anyway. ``judging_since_s`` is
    when the activation began that is still to be judged.

    ``sharing_s`` is how long sharing has been active in all.
    """

    activation_was_false: tuple[bool, ...] = ()
    judging_since_s: float | None = None
    sharing_s: float = 0.0
    updated_s: float | None = None

    @property
    def false_activation_rate(self) -> float | None:
        """Fraction of the last activations that were false, 0 to 1, or None."""
        if not self.activation_was_false:
            return None
        return sum(self.activation_was_false) / len(self.activation_was_false)


def passed_s(since_s: float | None, now_s: float) -> float:
    """Return the time in s since an evaluation, as far as it counts; None: the first."""
    return 0.0 if since_s is None else max(0.0, min(now_s - since_s, MAX_STEP_S))


def update_effect(
    effect: Effect,
    before: LoadSharingState,
    after: LoadSharingState,
    boiler: BoilerInput,
    now_s: float,
) -> Effect:
    """Count the time since the last evaluation, and judge the running activation.

    ``before`` and ``after`` are the states around this evaluation.
    """
    elapsed_s = passed_s(effect.updated_s, now_s)
    effect = replace(effect, updated_s=now_s)
    if before.is_active:
        effect = replace(effect, sharing_s=effect.sharing_s + elapsed_s)
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
