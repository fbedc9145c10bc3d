"""The rules that turn a situation into a plan, in the order in which they apply."""

from collections.abc import Callable
from typing import Final, NamedTuple

from .decide import decide_each
from .naming import name_ladder, name_lost_meter
from .plan import NOTHING_PLANNED, Plan
from .shift import land_reductions_first, lower_to_fair_shares
from .situation import Situation


class Rule(NamedTuple):
    """A step from one plan to the next, and why it stands where it does."""

    apply: Callable[[Situation, Plan], Plan]
    reason: str


RULES: Final = (
    Rule(
        decide_each,
        "First: each charger by itself. Reductions go out at once, an increase goes out "
        "when its ramp is ripe.",
    ),
    Rule(
        name_ladder,
        "Before lost meters: an overload explains a low current better than anything.",
    ),
    Rule(
        name_lost_meter,
        "Before increases are held back, which then name what they wait for.",
    ),
    Rule(
        land_reductions_first,
        "After every reduction is known: an increase waits until what it needs is free.",
    ),
    Rule(
        lower_to_fair_shares,
        "Last: only now it is known which increase waits for current that others hold.",
    ),
)


def make_plan(situation: Situation) -> Plan:
    """Apply every rule in order."""
    plan = NOTHING_PLANNED
    for rule in RULES:
        plan = rule.apply(situation, plan)
    return plan
