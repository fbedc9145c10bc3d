"""What load sharing does: the time it is active, and activations that were false."""

from dataclasses import dataclass, replace

from .burns import MeasuredBurn, begin_burn, follow_burn
from .evidence import MOMENT_S
from .model import BoilerInput, LoadSharingState

JUDGE_AFTER_S = 300.0
COLD_RETURN_K = 25.0
KEPT_ACTIVATIONS = 20
MAX_STEP_S = 300.0
"""Longer gaps between two evaluations count as this much time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Statistics of load sharing, and the activation that is being judged.

    ``activation_was_false`` has one item for each of the last activations that could be
    judged. One that began while the burner burned was false if soon after it the return
    fell far below the setpoint with the burner on throughout: the radiators could have
    taken the heat anyway. One that began while it was off, such as after a cooldown,
    was false if the next burn was too hot again, and as short as the last one: the
    opened rooms took no heat.

    ``judging_since_s`` is when the activation began that is still to be judged by the
    return, ``compared_with`` the burn before the one that is to be judged by its
    length. ``burn`` is the present burn, ``last_burn`` the last one that has ended.

    ``sharing_s`` is how long sharing has been active in all.
    """

    activation_was_false: tuple[bool, ...] = ()
    judging_since_s: float | None = None
    compared_with: MeasuredBurn | None = None
    burn: MeasuredBurn | None = None
    last_burn: MeasuredBurn | None = None
    burner: bool | None = None
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
    *,
    callers: frozenset[str] = frozenset(),
    holds_rooms: bool = False,
    cooldowns_s: tuple[float, ...] = (),
) -> Effect:
    """Count the time since the last evaluation, and judge the running activation.

    ``before`` and ``after`` are the states around this evaluation. ``callers`` are the
    rooms that call themselves; ``holds_rooms``: others are held open for them.
    ``cooldowns_s`` are the times of the last cooldowns.
    """
    elapsed_s = passed_s(effect.updated_s, now_s)
    effect = replace(effect, updated_s=now_s)
    if before.is_active:
        effect = replace(effect, sharing_s=effect.sharing_s + elapsed_s)
    effect = _follow_burns(effect, boiler, callers, now_s, holds_rooms=holds_rooms)
    effect = _note_activation(effect, before, after, boiler, cooldowns_s, now_s)
    effect = _judge_by_length(effect, cooldowns_s, now_s)
    return _judge_by_return(effect, boiler, now_s)


def _follow_burns(
    effect: Effect,
    boiler: BoilerInput,
    callers: frozenset[str],
    now_s: float,
    *,
    holds_rooms: bool,
) -> Effect:
    """Measure the present burn, unless it is for tap water or its beginning was missed."""
    burn, last_burn = effect.burn, effect.last_burn
    if boiler.burner is None or boiler.heats_tap_water:
        burn = None
    elif burn is not None:
        burn = follow_burn(burn, boiler, callers, now_s, is_shared=holds_rooms)
        if burn.ended_s is not None:
            burn, last_burn = None, burn
    elif boiler.burner and effect.burner is False:
        burn = begin_burn(boiler, callers, now_s)
    return replace(effect, burn=burn, last_burn=last_burn, burner=boiler.burner)


def _note_activation(
    effect: Effect,
    before: LoadSharingState,
    after: LoadSharingState,
    boiler: BoilerInput,
    cooldowns_s: tuple[float, ...],
    now_s: float,
) -> Effect:
    """Note by what an activation that begins now can be judged; forget an old one."""
    if not after.is_active:
        return replace(effect, compared_with=None)
    if before.is_active:
        return effect
    if boiler.burner is not False:
        return replace(effect, judging_since_s=now_s, compared_with=None)
    last = effect.last_burn
    if last is not None and not (last.was_too_hot(cooldowns_s) and not last.is_shared):
        last = None
    return replace(effect, judging_since_s=None, compared_with=last)


def _judge_by_length(
    effect: Effect, cooldowns_s: tuple[float, ...], now_s: float
) -> Effect:
    """Record whether the first burn of an activation was as short as the one before.

    It is judged a moment after its end, because what ended it may be read late. It is
    dropped if it cannot be compared, or was short because something else ended it.
    """
    other, burn = effect.compared_with, effect.last_burn
    if other is None or burn is None or burn == other or burn.ended_s is None:
        return effect
    if now_s < burn.ended_s + MOMENT_S:
        return effect
    effect = replace(effect, compared_with=None)
    was_helped = burn.was_helped(other) if burn.is_shared else None
    if was_helped is None or not (was_helped or burn.was_too_hot(cooldowns_s)):
        return effect
    return _with_judged(effect, is_false=not was_helped)


def _judge_by_return(effect: Effect, boiler: BoilerInput, now_s: float) -> Effect:
    """Record whether the running activation was false, as soon as that is certain.

    It is dropped if a reading is missing.
    """
    since_s = effect.judging_since_s
    if since_s is None:
        return effect
    if boiler.return_c is None or boiler.setpoint_c is None or boiler.burner is None:
        return replace(effect, judging_since_s=None)
    is_false = boiler.burner and boiler.return_c < boiler.setpoint_c - COLD_RETURN_K
    if not is_false and boiler.burner and now_s - since_s < JUDGE_AFTER_S:
        return effect
    return _with_judged(replace(effect, judging_since_s=None), is_false=is_false)


def _with_judged(effect: Effect, *, is_false: bool) -> Effect:
    """Add an activation that has been judged; forget the oldest."""
    judged = (*effect.activation_was_false, is_false)
    return replace(effect, activation_was_false=judged[-KEPT_ACTIVATIONS:])
