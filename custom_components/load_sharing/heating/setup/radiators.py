"""Estimates the rating of a panel radiator from its type and size.

The type's digits are its panels and its convectors (EN 442). ``docs/load-sharing.md``
names the tables that the values come from; they are good to about 10 %.
"""

from collections.abc import Mapping
from typing import Any

from ...const import CONF_Q50, CONF_RADIATOR_SIZE, CONF_RADIATOR_TYPE
from ...site.ranges import Q50_W
from ...site.setup.checks import Errors

W_PER_M: Mapping[str, float] = {
    "10": 590,
    "11": 970,
    "20": 980,
    "21": 1300,
    "22": 1720,
    "33": 2400,
}
"""Output at ΔT 50 K of a metre of a radiator that is 600 mm high, in W."""
TABLE_HEIGHT_MM = 600.0
HEIGHT_EXPONENT = 0.8
"""A radiator of twice the height gives 1.74 times the heat."""


def estimate_q50_w(radiator_type: str, height_mm: float, length_mm: float) -> float:
    """Return the rating of a radiator in W, in steps of 10 W."""
    height_factor = float((height_mm / TABLE_HEIGHT_MM) ** HEIGHT_EXPONENT)
    q50_w = W_PER_M[radiator_type] * length_mm / 1000 * height_factor
    return max(Q50_W.minimum, min(Q50_W.maximum, round(q50_w, -1)))


def fill_in_rating(entered: dict[str, Any]) -> Errors:
    """Replace a radiator's type and size in a form by the rating they stand for.

    The error asks the person to look at it. A rating that was entered stands.
    """
    radiator_type = entered.pop(CONF_RADIATOR_TYPE, None)
    sizes_mm = [entered.pop(key, None) for key in CONF_RADIATOR_SIZE]
    given = [radiator_type, *sizes_mm]
    if CONF_Q50 in entered or not any(given):
        return {}
    if not all(given):
        entered |= _only_given(radiator_type, sizes_mm)
        return {CONF_RADIATOR_TYPE: "radiator_incomplete"}
    entered[CONF_Q50] = estimate_q50_w(radiator_type, *sizes_mm)
    return {CONF_Q50: "rating_estimated"}


def _only_given(
    radiator_type: str | None, sizes_mm: list[float | None]
) -> dict[str, Any]:
    """Return those of a radiator's fields that were entered."""
    fields = (CONF_RADIATOR_TYPE, *CONF_RADIATOR_SIZE)
    given = zip(fields, (radiator_type, *sizes_mm), strict=True)
    return {key: value for key, value in given if value is not None}
