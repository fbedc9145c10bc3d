"""The boiler's heat balance: learns its least output from burner, flow and return.

What heats the water is known up to one factor, the heat capacity of the boiler's water:

    P / C = dF/dt + k (F - R)        F: flow, R: return

While the burner is off, P is 0, which shows k. From one flame-off to the next, the burner
gives as much heat as the radiators emit and store, which shows C. A burn that ends because
the water is too hot ends at the boiler's least output, which shows that output.

The radiators are those of the ratings, so that the least output is as right as these are,
and the two can be compared. A radiator is one well-mixed volume of water and steel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from .capacity import RATED_EXCESS_K
from .model import BoilerInput
from .room import RoomView

STEEL_J_WK = 0.018 * 490
WATER_J_WK = 0.0036 * 4186
"""Heat capacity of a panel radiator's steel and water, by its rating in W."""
LONGEST_STEP_S = 90.0
"""The water is not known for longer between two readings."""
END_S = 60.0
"""A burn's end, during which it burns at its least output."""
AFTER_S = 80.0
"""A flame-off is judged so long after it: then the cooling has shown k."""
SHORTEST_END_S = 20.0
KEPT = 25
ENOUGH = 4
GAIN = 0.1
PLAUSIBLE_FACTOR = (0.3, 3.0)
PLAUSIBLE_W = (500.0, 50000.0)


class Sample(NamedTuple):
    """Flow and return in °C at a moment."""

    at_s: float
    flow_c: float
    return_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A burn since its beginning, and what each radiator emitted since the last one.

    ``stored_j`` is the heat in each of them at the last flame-off. ``spread_ks`` is the
    integral of flow less return, ``end`` the latest samples.
    """

    heat_j: Mapping[str, float] = field(default_factory=dict)
    stored_j: Mapping[str, float] = field(default_factory=dict)
    flow_c: float | None = None
    spread_ks: float = 0.0
    end: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What has been learned, and the cycle that is being measured.

    ``capacities_j_k`` are measured heat capacities of the boiler's water, ``ends_k_s``
    the heating rates P / C at the ends of burns. ``factors`` are what the radiators give
    of their ratings, by room, for a boiler of known least output. ``returns_c`` are the
    outlets of the radiators by room. ``ended`` is a burn that is over but not judged,
    which ended with so much heat stored. ``burn`` is None until a flame-off has been
    seen.
    """

    capacities_j_k: tuple[float, ...] = ()
    ends_k_s: tuple[float, ...] = ()
    factors: Mapping[str, float] = field(default_factory=dict)
    last: Sample | None = None
    burner: bool | None = None
    returns_c: Mapping[str, float] = field(default_factory=dict)
    burn: Burn | None = None
    ended: Burn | None = None
    ended_stored_j: Mapping[str, float] = field(default_factory=dict)
    cooling_k: float = 0.0
    cooling_ks: float = 0.0

    @property
    def least_output_w(self) -> float | None:
        """The least output in W; None until enough burns have been measured."""
        if min(len(self.capacities_j_k), len(self.ends_k_s)) < ENOUGH:
            return None
        # Some burns end above the least output, because the calls have ended.
        output_w = _part(self.capacities_j_k, 0.5) * _part(self.ends_k_s, 0.25)
        low_w, high_w = PLAUSIBLE_W
        return output_w if low_w <= output_w <= high_w else None


def update_balance(
    balance: Balance,
    boiler: BoilerInput,
    views: Mapping[str, RoomView],
    open_rooms: frozenset[str],
    now_s: float,
    *,
    pump: bool,
    nominal_drop_k: float,
    least_output_w: float | None,
) -> Balance:
    """Go on with the readings at ``now_s``; begin anew where one is missing.

    ``open_rooms`` let water through while the ``pump`` runs. With a ``least_output_w``
    from the data sheet, what the radiators give is learned, too.
    """
    if boiler.flow_c is None or boiler.return_c is None or boiler.burner is None:
        return _anew(balance)
    sample = Sample(now_s, boiler.flow_c, boiler.return_c)
    last = balance.last
    too_late = last is not None and now_s - last.at_s > LONGEST_STEP_S
    if last is None or boiler.heats_tap_water or too_late:
        return replace(_anew(balance), last=sample, burner=boiler.burner)
    if now_s <= last.at_s:
        return balance
    flowing = open_rooms if pump else frozenset()
    returns_c, heat_j = _heat(balance, views, flowing, last, sample, nominal_drop_k)
    balance = replace(balance, returns_c=returns_c, last=sample)
    stored_j = _stored_j(views, returns_c)
    balance = _follow(balance, last, sample, heat_j, least_output_w)
    if balance.burner and not boiler.burner:
        balance = replace(
            balance,
            ended=balance.burn,
            ended_stored_j=stored_j,
            cooling_k=0.0,
            cooling_ks=0.0,
            burn=Burn(stored_j=stored_j),
        )
    elif not balance.burner and boiler.burner and balance.burn is not None:
        balance = replace(
            _judge(balance, least_output_w),
            burn=replace(balance.burn, flow_c=sample.flow_c, end=(sample,)),
        )
    return replace(balance, burner=boiler.burner)


def _anew(balance: Balance) -> Balance:
    """Keep what has been learned."""
    return Balance(
        capacities_j_k=balance.capacities_j_k,
        ends_k_s=balance.ends_k_s,
        factors=balance.factors,
    )


def _follow(
    balance: Balance,
    last: Sample,
    now: Sample,
    heat_j: Mapping[str, float],
    least_output_w: float | None,
) -> Balance:
    """Add the last step to the cycle: to its burn, or to the cooling after one."""
    step_s = now.at_s - last.at_s
    spread_k = (now.flow_c - now.return_c + last.flow_c - last.return_c) / 2
    if balance.burn is not None:
        burn = replace(balance.burn, heat_j=_added(balance.burn.heat_j, heat_j))
        if balance.burner:
            end = [item for item in burn.end if now.at_s - item.at_s <= END_S]
            burn = replace(
                burn, spread_ks=burn.spread_ks + spread_k * step_s, end=(*end, now)
            )
        balance = replace(balance, burn=burn)
    if balance.ended is None or balance.burner:
        return balance
    balance = replace(
        balance,
        cooling_k=balance.cooling_k + last.flow_c - now.flow_c,
        cooling_ks=balance.cooling_ks + spread_k * step_s,
    )
    ended = balance.ended
    if ended is not None and ended.end and now.at_s - ended.end[-1].at_s >= AFTER_S:
        return _judge(balance, least_output_w)
    return balance


def _judge(balance: Balance, least_output_w: float | None) -> Balance:
    """Learn from a burn that has ended, once the water has cooled for a while."""
    ended = balance.ended
    balance = replace(balance, ended=None)
    if ended is None or ended.flow_c is None or balance.cooling_ks <= 0:
        return balance
    k_per_s = balance.cooling_k / balance.cooling_ks
    # The last sample may be from after the flame-off.
    end = ended.end[:-1]
    if k_per_s <= 0 or len(end) < 2 or end[-1].at_s - end[0].at_s < SHORTEST_END_S:
        return balance
    rate_k_s = _rate_k_s(end, k_per_s)
    heated_k = end[-1].flow_c - ended.flow_c + k_per_s * ended.spread_ks
    gains_j = {
        room_id: heat_j
        + balance.ended_stored_j.get(room_id, 0.0)
        - ended.stored_j.get(room_id, 0.0)
        for room_id, heat_j in ended.heat_j.items()
    }
    gained_j = sum(gains_j.values())
    if rate_k_s <= 0 or heated_k <= 0 or gained_j <= 0:
        return balance
    balance = replace(
        balance,
        capacities_j_k=(*balance.capacities_j_k, gained_j / heated_k)[-KEPT:],
        ends_k_s=(*balance.ends_k_s, rate_k_s)[-KEPT:],
    )
    if least_output_w is None or len(balance.ends_k_s) < ENOUGH:
        return balance
    given_j = least_output_w / _part(balance.ends_k_s, 0.25) * heated_k
    return replace(balance, factors=corrected(balance.factors, gains_j, given_j))


def corrected(
    factors: Mapping[str, float], gains_j: Mapping[str, float], given_j: float
) -> dict[str, float]:
    """Move the radiators' factors towards the heat that the burner gave.

    Normalised least mean squares (Widrow and Hoff): what is missing is shared among
    the radiators by the square of what each is thought to have taken.
    """
    missing_j = given_j - sum(
        factors.get(room_id, 1.0) * gain_j for room_id, gain_j in gains_j.items()
    )
    square = sum(gain_j**2 for gain_j in gains_j.values())
    low, high = PLAUSIBLE_FACTOR
    after = dict(factors)
    for room_id, gain_j in gains_j.items():
        factor = factors.get(room_id, 1.0) + GAIN * missing_j * gain_j / square
        after[room_id] = max(low, min(high, factor))
    return after


def _added(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Return the sums of two mappings."""
    return {key: one.get(key, 0.0) + value for key, value in other.items()}


def _part(values: tuple[float, ...], part: float) -> float:
    """Return the value that a part of the values is below: 0.5 is the median."""
    return sorted(values)[int(part * len(values))]


def _rate_k_s(end: tuple[Sample, ...], k_per_s: float) -> float:
    """Return P / C over the end of a burn, in K/s."""
    spread_ks = sum(
        (one.flow_c - one.return_c + other.flow_c - other.return_c)
        / 2
        * (other.at_s - one.at_s)
        for one, other in pairwise(end)
    )
    elapsed_s = end[-1].at_s - end[0].at_s
    return (end[-1].flow_c - end[0].flow_c + k_per_s * spread_ks) / elapsed_s


def _heat(
    balance: Balance,
    views: Mapping[str, RoomView],
    flowing: frozenset[str],
    last: Sample,
    now: Sample,
    nominal_drop_k: float,
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the radiators' outlets after a step, and the heat in J that they gave."""
    returns_c, heat_j, step_s = {}, {}, now.at_s - last.at_s
    flow_c = (last.flow_c + now.flow_c) / 2
    for room_id, view in views.items():
        q50_w, room_c = view.settings.q50_w, view.room.temperature_c
        if not q50_w or room_c is None:
            continue
        mixed_flow_c = view.settings.mixed_flow_c
        supply_c = flow_c if mixed_flow_c is None else min(flow_c, mixed_flow_c)
        return_c = balance.returns_c.get(room_id, room_c)
        flows = room_id in flowing
        mean_c = (supply_c + return_c) / 2 if flows else return_c
        excess_k = max(0.0, mean_c - room_c)
        emitted_w = q50_w * (excess_k / RATED_EXCESS_K) ** view.settings.exponent
        gained_w = q50_w / nominal_drop_k * (supply_c - return_c) if flows else 0.0
        stored_j_k = q50_w * (STEEL_J_WK + WATER_J_WK)
        change_k = (gained_w - emitted_w) * step_s / stored_j_k
        returns_c[room_id] = min(return_c + change_k, max(supply_c, return_c))
        heat_j[room_id] = emitted_w * step_s
    return returns_c, heat_j


def _stored_j(
    views: Mapping[str, RoomView], returns_c: Mapping[str, float]
) -> dict[str, float]:
    """Return the heat in each radiator in J, above 0 °C."""
    return {
        room_id: (views[room_id].settings.q50_w or 0.0)
        * (STEEL_J_WK + WATER_J_WK)
        * return_c
        for room_id, return_c in returns_c.items()
    }
