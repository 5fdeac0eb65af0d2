"""A picture of fit time against the number of responses, as SVG: both axes are logarithmic."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 78, 128, 40, 56
COLOURS = ("#0b6e4f", "#b5541c", "#3a4f8f")
DASHES = ("", "7 4", "2 4")
"""Lines differ in their dashes too: colour alone would leave some readers out."""


class Line(NamedTuple):
    """One line: its name, and points (responses, seconds)."""

    name: str
    points: Sequence[tuple[float, float]]


def picture(title: str, lines: Sequence[Line]) -> str:
    """The lines as an SVG document.

    >>> "Trellis" in picture("Fit time", [Line("Trellis", [(1e3, 0.01), (1e6, 0.1)])])
    True
    """
    points = [point for line in lines for point in line.points]
    across = _decades([x for x, _ in points])
    up = _decades([y for _, y in points])
    inside = [_grid(across, up)]
    for number, line in enumerate(lines):
        inside.append(_line(line, across, up, COLOURS[number % 3], DASHES[number % 3]))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="system-ui, sans-serif" font-size="13" role="img">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{LEFT}" y="24" font-size="15" font-weight="600">{escape(title)}</text>',
            *inside,
            "</svg>\n",
        ]
    )


def _decades(values: Sequence[float]) -> tuple[int, int]:
    return floor(log10(min(values)) + 1e-9), ceil(log10(max(values)) - 1e-9)


def _x(value: float, across: tuple[int, int]) -> float:
    share = (log10(value) - across[0]) / max(across[1] - across[0], 1)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(value: float, up: tuple[int, int]) -> float:
    share = (log10(value) - up[0]) / max(up[1] - up[0], 1)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _grid(across: tuple[int, int], up: tuple[int, int]) -> str:
    bottom, right, found = HEIGHT - BOTTOM, WIDTH - RIGHT, []
    for decade in range(across[0], across[1] + 1):
        x = _x(10.0**decade, across)
        found.append(f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#ddd"/>')
        found.append(
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{10**decade:,}</text>'
        )
    for decade in range(up[0], up[1] + 1):
        y = _y(10.0**decade, up)
        found.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        shown = f"{10.0**decade:g} s"
        found.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{shown}</text>')
    middle = (LEFT + right) / 2
    label = f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">responses</text>'
    return "\n".join([*found, label])


def _line(
    line: Line, across: tuple[int, int], up: tuple[int, int], colour: str, dashes: str
) -> str:
    places = [(_x(x, across), _y(y, up)) for x, y in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
    end_x, end_y = places[-1]
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dashes}"/>{dots}\n'
        f'<text x="{end_x + 10:.1f}" y="{end_y + 4:.1f}" fill="{colour}">{escape(line.name)}</text>'
    )
