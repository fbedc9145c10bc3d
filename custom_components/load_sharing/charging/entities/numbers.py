"""Describes the numbers of the supply and the chargers."""

from collections.abc import Iterable

from ...site.descriptions import (
    MaximumDescription,
    SetLimit,
    TunableDescription,
    describe_tunable,
)
from ...site.tunables import Tunable


def numbers(
    tunables: Iterable[Tunable], maximum: str, limited: str, set_limit: SetLimit
) -> list[TunableDescription]:
    """Describe the numbers of the supply or the charger with the name ``limited``.

    Temporary limits are set on the number with the key ``maximum``. It is not a
    configuration entity, as actions on areas and devices skip those.
    """
    return [
        MaximumDescription(
            key=tunable.key, tunable=tunable, limited=limited, set_limit_fn=set_limit
        )
        if tunable.key == maximum
        else describe_tunable(tunable)
        for tunable in tunables
    ]
