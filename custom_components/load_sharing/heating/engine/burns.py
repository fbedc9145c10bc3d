"""Burns, measured so that two of them can be compared.

A burn in which more radiators take heat lasts longer for each kelvin by which it heats
the water. So it shows whether the rooms that were opened for it took any.
"""

from dataclasses import dataclass, replace

from .model import BoilerInput

LEAST_RISE_K = 5.0
"""A smaller rise of the water says little about its rate."""
LONGEST_AGO_S = 2 * 3600.0
"""Burns that are further apart are not alike: rooms and weather have changed."""
AS_SHORT = 1.1
"""Two burns of the same load differ by as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredBurn:
    """A burn. ``ended_s`` is None while it goes on.

    ``from_c`` is the flow at its beginning, ``to_c`` the hottest since. ``always`` are
    the rooms that called throughout, ``ever`` those that called at some time.
    ``is_shared``: a room was held open for it.
    """

    began_s: float
    from_c: float | None
    to_c: float | None
    always: frozenset[str]
    ever: frozenset[str]
    is_shared: bool = False
    ended_s: float | None = None

    def was_too_hot(self, cooldowns_s: tuple[float, ...]) -> bool:
        """Return whether the burn ended in a cooldown, and none came before its end."""
        return (
            self.ended_s is not None
            and bool(cooldowns_s)
            and cooldowns_s[-1] >= self.ended_s
        )

    def was_helped(self, before: MeasuredBurn) -> bool | None:
        """Return whether the opened rooms made it longer than the burn before.

        It was not if it is as short although at least the same rooms called. It was if
        it is longer although at most the same rooms called. None: that is not certain.
        """
        is_longer = self._is_longer_than(before)
        if is_longer is None:
            return None
        if is_longer:
            return True if self.ever <= before.always else None
        return False if self.always >= before.ever else None

    def _is_longer_than(self, other: MeasuredBurn) -> bool | None:
        """Return whether it lasted longer for what it heated; None: not comparable."""
        if self.ended_s is None or other.ended_s is None:
            return None
        if self.began_s - other.ended_s > LONGEST_AGO_S:
            return None
        own_s, others_s = self.ended_s - self.began_s, other.ended_s - other.began_s
        if self.from_c is not None or other.from_c is not None:
            own_k, others_k = self._rise_k, other._rise_k
            if own_k is None or others_k is None:
                return None
            own_s, others_s = own_s / own_k, others_s / others_k
        return own_s > AS_SHORT * others_s

    @property
    def _rise_k(self) -> float | None:
        """By how much the flow rose, in K; None if that is unknown or too little."""
        if self.from_c is None or self.to_c is None:
            return None
        rise_k = self.to_c - self.from_c
        return rise_k if rise_k >= LEAST_RISE_K else None


def begin_burn(
    boiler: BoilerInput, callers: frozenset[str], now_s: float
) -> MeasuredBurn:
    """Return a burn that begins now."""
    return MeasuredBurn(
        began_s=now_s,
        from_c=boiler.flow_c,
        to_c=boiler.flow_c,
        always=callers,
        ever=callers,
    )


def follow_burn(
    burn: MeasuredBurn,
    boiler: BoilerInput,
    callers: frozenset[str],
    now_s: float,
    *,
    is_shared: bool,
) -> MeasuredBurn:
    """Go on with a burn, or end it where the burner is off.

    The rooms that call once it is off say nothing about it.
    """
    if not boiler.burner:
        return replace(burn, to_c=_hotter(burn.to_c, boiler.flow_c), ended_s=now_s)
    return replace(
        burn,
        to_c=_hotter(burn.to_c, boiler.flow_c),
        always=burn.always & callers,
        ever=burn.ever | callers,
        is_shared=burn.is_shared or is_shared,
    )


def _hotter(one_c: float | None, other_c: float | None) -> float | None:
    """Return the higher of two temperatures; None if either is unknown."""
    return None if one_c is None or other_c is None else max(one_c, other_c)
