"""A picture of what ingredients are worth: points with intervals, course by course. Plain SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

LINE, PANEL_GAP, TOP = 22, 46, 54
LABEL, PLOT, MARGIN = 120, 460, 24
INK, QUIET, ADDED, LEFT_OUT = "#1f2933", "#616e7c", "#0b6e4f", "#b45309"
STEPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
MOST_MARKS = 8
STYLE = f"""text {{ font: 13px system-ui, sans-serif; fill: {INK} }}
.quiet {{ fill: {QUIET}; font-size: 11px }} .title {{ font-weight: 600 }}"""


def picture(runs: Sequence[Mapping[str, Any]]) -> str:
    """The SVG: a panel for each course; for each ingredient what it adds and its lack costs."""
    parts, y = [_legend()], TOP
    for run in runs:
        panel = _panel(run, y)
        parts.append(panel)
        y += (len(run["worth"]) + 1) * LINE + PANEL_GAP
    width = LABEL + PLOT + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" role="img" '
        f'aria-label="AUC that each ingredient adds, with intervals"><style>{STYLE}</style>'
        f'<rect width="{width}" height="{y}" fill="white"/>' + "".join(parts) + "</svg>\n"
    )


def _legend() -> str:
    first, second = MARGIN + LABEL, MARGIN + LABEL + 200
    return (
        f"{_point(first, 20, ADDED, hollow=False)}"
        f'<text x="{first + 12}" y="24">AUC added in turn</text>'
        f"{_point(second, 20, LEFT_OUT, hollow=True)}"
        f'<text x="{second + 12}" y="24">AUC lost when left out alone</text>'
    )


def _panel(run: Mapping[str, Any], top: float) -> str:
    shown = [one[kind] for one in run["worth"] for kind in ("added", "left_out")]
    low = min(0.0, *(one["low"] for one in shown))
    high = max(1e-4, *(one["high"] for one in shown))
    room = 0.04 * (high - low)
    low, high = low - room, high + room

    def x(value: float) -> float:
        return float(round(MARGIN + LABEL + PLOT * (value - low) / (high - low), 1))

    bottom = top + len(run["worth"]) * LINE
    parts = [f'<text class="title" x="{MARGIN}" y="{top - 8}">{escape(run["course"])}</text>']
    for mark in _marks(low, high):
        at, colour = x(mark), INK if mark == 0.0 else "#e4e7eb"
        parts.append(f'<path d="M{at} {top}V{bottom}" stroke="{colour}"/>')
        said = f'x="{at}" y="{bottom + 14}" text-anchor="middle">{_signed(mark)}'
        parts.append(f'<text class="quiet" {said}</text>')
    for row, one in enumerate(run["worth"]):
        y = top + row * LINE + LINE / 2
        parts.append(f'<text x="{MARGIN}" y="{y + 4}">{escape(one["ingredient"])}</text>')
        parts.append(_ranged(one["added"], y - 4, x, ADDED, hollow=False))
        parts.append(_ranged(one["left_out"], y + 5, x, LEFT_OUT, hollow=True))
    return "".join(parts)


def _ranged(one: Mapping[str, Any], y: float, x: Any, colour: str, *, hollow: bool) -> str:
    said = f"{one['difference']:+.4f} [{one['low']:+.4f}, {one['high']:+.4f}]"
    return (
        f"<g><title>{escape(one['model'])} against {escape(one['against'])}: {said}</title>"
        f'<path d="M{x(one["low"])} {y}H{x(one["high"])}" stroke="{colour}" stroke-width="2"/>'
        f"{_point(x(one['difference']), y, colour, hollow=hollow)}</g>"
    )


def _point(x: float, y: float, colour: str, *, hollow: bool) -> str:
    fill = "white" if hollow else colour
    return f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}" stroke="{colour}" stroke-width="2"/>'


def _signed(value: float) -> str:
    """With its sign, but for nothing at all.

    >>> _signed(0.01), _signed(0.0)
    ('+0.01', '0')
    """
    return f"{value:+g}" if value else "0"


def _marks(low: float, high: float) -> list[float]:
    """Round numbers between the two, 0 among them."""
    step = next((s for s in STEPS if (high - low) / s <= MOST_MARKS), STEPS[-1])
    first, last = int(low / step), int(high / step)
    return [round(n * step, 6) for n in range(first, last + 1)]
