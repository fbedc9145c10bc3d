"""A bar chart as SVG: groups of bars, above or below a line at zero."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor

COLOURS = ("#9aa5b1", "#5b7a99", "#f2a33a", "#2e9e6b", "#1f6f8b")
WIDTH, HEIGHT = 760, 340
LEFT, TOP, BOTTOM = 60, 46, 70
BAR_SHARE = 0.8
"""Share of a group that its bars take up; the rest is space between groups."""


def bars(
    title: str, unit: str, groups: Sequence[str], series: Mapping[str, Sequence[float]]
) -> str:
    """Return a chart with one bar for each of the ``series`` in each of the groups.

    Values are in ``unit``. It can be read on a light and on a dark background.
    """
    values = [value for row in series.values() for value in row]
    low, high = min(0.0, *values), max(0.0, *values)
    scale = (HEIGHT - TOP - BOTTOM) / ((high - low) or 1.0)
    zero_y = TOP + high * scale
    group_w = (WIDTH - LEFT - 10) / len(groups)
    bar_w = group_w * BAR_SHARE / len(series)
    parts = [_text(LEFT, 22, title, size=15, anchor="start")]
    for value in _ticks(low, high):
        y = zero_y - value * scale
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - 10}" stroke="#888" '
            f'stroke-width="{1 if value else 2}" opacity=".5"/>'
        )
        parts.append(_text(LEFT - 8, y + 4, f"{value:g} {unit}", anchor="end"))
    for column, row in enumerate(series.values()):
        for group, value in enumerate(row):
            x = LEFT + group * group_w + group_w * (1 - BAR_SHARE) / 2 + column * bar_w
            y = zero_y - max(value, 0.0) * scale
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar_w - 2:.1f}" '
                f'height="{abs(value) * scale:.1f}" fill="{COLOURS[column % 5]}">'
                f"<title>{escape(f'{groups[group]}: {value:.1f} {unit}')}</title></rect>"
            )
    for group, name in enumerate(groups):
        middle = LEFT + (group + 0.5) * group_w
        parts.append(_text(middle, HEIGHT - BOTTOM + 20, name))
    each = (WIDTH - LEFT) / len(series)
    for column, name in enumerate(series):
        x = LEFT + column * each
        parts.append(
            f'<rect x="{x:.0f}" y="{HEIGHT - 26}" width="12" height="12" '
            f'fill="{COLOURS[column % 5]}"/>'
        )
        parts.append(_text(x + 17, HEIGHT - 16, name, anchor="start"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" role="img" aria-label="{escape(title)}">'
        + "".join(parts)
        + "</svg>\n"
    )


def _ticks(low: float, high: float) -> list[float]:
    """Return about five round values, zero among them."""
    step = 1.0
    while (high - low) / step > 6:
        step *= 2.5 if f"{step:e}".startswith("2") else 2.0
    return [index * step for index in range(ceil(low / step), floor(high / step) + 1)]


def _text(
    x: float, y: float, text: str, *, size: int = 12, anchor: str = "middle"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="#777">{escape(text)}</text>'
    )
