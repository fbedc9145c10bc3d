"""How well a charger keeps to its commands: what counts as a problem, and what as a lapse.

A call that fails, or that the charger does not follow, is a failed attempt. So is a
confirmation that is contradicted soon after: some chargers take every current, and are
back at their old one at their next poll. Others forget a current when they hear nothing
for a minute, and fall back to one of their own: they are reminded in time.
"""

from math import inf
from typing import NamedTuple

PROBLEM_AFTER_ATTEMPTS = 3

CONFIRM_WITHIN_S = 10.0
"""A command that was accepted is sent again if it is not confirmed within this time."""

LONGEST_CONFIRM_S = 60.0
"""Each further attempt at a charger with a problem waits twice as long, up to this."""

SOON_S = 90.0
"""A confirmation that is contradicted within this time was none. Polls may take 60 s."""

LEAST_LAPSE_S = 20.0
"""A charger that is back sooner does not forget a current, but refuses it."""

SIMILAR = 1.3
"""Two lapses are alike if one took at most this many times as long as the other."""

REMIND = 0.5
"""A charger that forgets gets its current again after this part of that time."""


class Obedience(NamedTuple):
    """How a charger has kept to its commands so far, apart from the wanted current.

    ``failures`` are the failed attempts for others that were wanted since the charger
    last obeyed, and ``reverts`` the confirmations in a row that were soon contradicted.
    The last confirmation was at ``confirmed_s``. ``lapses_s`` are how long the charger
    kept the last currents that it seems to have forgotten.
    """

    failures: int = 0
    reverts: int = 0
    confirmed_s: float = -inf
    lapses_s: tuple[float, ...] = ()

    def is_problem(self, attempts: int) -> bool:
        """Return whether it failed several times in a row, the last ``attempts`` too."""
        return max(attempts + self.failures, self.reverts) >= PROBLEM_AFTER_ATTEMPTS

    @property
    def remind_s(self) -> float:
        """How often to repeat a current for a charger that forgets it; inf if not.

        It takes two lapses, after about the same time, to find out.
        """
        if len(self.lapses_s) < 2 or max(self.lapses_s) > SIMILAR * min(self.lapses_s):
            return inf
        return REMIND * min(self.lapses_s)

    def given_up(self, attempts: int) -> Obedience:
        """Return it once another current is wanted, after failed attempts."""
        return self._replace(failures=self.failures + attempts)

    def confirmed(self, now_s: float) -> Obedience:
        """Return it once the charger was seen to obey."""
        return self._replace(failures=0, confirmed_s=now_s)

    def contradicted(self, begun_s: float, now_s: float) -> Obedience:
        """Return it once a charger disobeys that kept the current since ``begun_s``."""
        soon = now_s <= self.confirmed_s + SOON_S
        reverts = self.reverts + 1 if soon else 0
        return self.lapsed(now_s - begun_s)._replace(reverts=reverts)

    def lapsed(self, kept_s: float) -> Obedience:
        """Return it once the charger seems to have kept a current only for so long."""
        kept = (kept_s, *self.lapses_s[:1]) if kept_s >= LEAST_LAPSE_S else ()
        return self._replace(lapses_s=kept)

    def lasted(self, now_s: float) -> Obedience:
        """Return it while the charger goes on obeying."""
        if self.reverts and now_s > self.confirmed_s + SOON_S:
            return self._replace(reverts=0)
        return self


NO_RECORD = Obedience()


def confirm_within_s(attempts: int) -> float:
    """Return how long to wait for an answer to an attempt, before the next one."""
    doublings = max(0, min(attempts - PROBLEM_AFTER_ATTEMPTS, 10))
    return min(LONGEST_CONFIRM_S, CONFIRM_WITHIN_S * 2.0**doublings)
