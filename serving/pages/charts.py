"""Where the marks of the small charts go: plain numbers that a template prints as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from engine.states import SECURE
from engine.trails import EvidenceStep

from .words import kind_of

BAR_WIDTH = 84.0
BAR_EDGE = 5.0  # room for the point when it stands at 0 or 1
CHART_WIDTH, CHART_HEIGHT = 720.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 16.0, 14.0, 34.0
GUIDES = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_TICKS = 12
SIZES = ((30, 6.0), (90, 4.0), (inf, 2.5))  # answers up to → radius of their marks


@dataclass(frozen=True, slots=True)
class Bar:
    """A point with its 90 % interval on a line from 0 to 1; `goal` is where secure begins."""

    point: float
    start: float
    length: float
    goal: float


def bar(p: float, low: float, high: float) -> Bar:
    """The marks of one mastery and its interval.

    >>> bar(0.5, 0.25, 0.75)
    Bar(point=42.0, start=23.5, length=37.0, goal=75.3)
    """
    start, end = _along(low), _along(high)
    return Bar(_along(p), start, round(end - start, 1), _along(SECURE))


def _along(p: float) -> float:
    return round(BAR_EDGE + p * (BAR_WIDTH - 2 * BAR_EDGE), 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """One answer on a trajectory: where it stands, and whether it was right, wrong or partly so."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Mastery after every answer: a line with its marks, inside a band of uncertainty.

    `size` is the radius of a mark, `arm` half the width of the cross inside a wrong one.
    """

    band: str
    line: str
    marks: tuple[Mark, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    goal: float
    size: float
    arm: float
    width: float = CHART_WIDTH
    height: float = CHART_HEIGHT
    left: float = LEFT
    right: float = CHART_WIDTH - RIGHT
    bottom: float = CHART_HEIGHT - BOTTOM


def trajectory(steps: Sequence[EvidenceStep], *, first: int = 1) -> Trajectory:
    """The chart of a trail; `first` is the number of the first answer shown."""
    across = [_across(i, len(steps)) for i in range(len(steps))]
    placed = list(zip(across, steps, strict=True))
    upper = [f"{x},{_up(step.high)}" for x, step in placed]
    lower = [f"{x},{_up(step.low)}" for x, step in placed]
    marks = tuple(_mark(x, step) for x, step in placed)
    size = _size(len(steps))
    return Trajectory(
        band=" ".join(upper + lower[::-1]),
        line=" ".join(f"{mark.x},{mark.y}" for mark in marks),
        marks=marks,
        rows=tuple(Tick(_up(p), f"{p:.0%}") for p in GUIDES),
        columns=tuple(Tick(across[i], str(first + i)) for i in _ticked(len(steps))),
        goal=_up(SECURE),
        size=size,
        arm=round(size * 0.5, 1),
    )


def _mark(x: float, step: EvidenceStep) -> Mark:
    return Mark(x, _up(step.p_mastery), kind_of(step.response.correct))


def _size(n: int) -> float:
    """Marks shrink before they touch."""
    return next(size for most, size in SIZES if n <= most)


def _across(i: int, n: int) -> float:
    """Answers are spaced evenly: what counts is their order, not the days between them."""
    span = CHART_WIDTH - LEFT - RIGHT
    return round(LEFT + span * (i + 0.5) / max(n, 1), 1)


def _up(p: float) -> float:
    return round(TOP + (1.0 - p) * (CHART_HEIGHT - TOP - BOTTOM), 1)


def _ticked(n: int) -> range:
    """Which answers carry a number below the axis: all of them, or a readable few."""
    return range(0, n, max(1, -(-n // MOST_TICKS)))
