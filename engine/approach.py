"""Which approach fits a class: work by tiers, personal learning, or a blend of both.

The formula is judgement, not measurement, and says so: every term is shown with its size, every
input alone can change the advice, and the teacher decides. Without devices personal learning is
smaller, not absent: goals, mentoring, projects and hands-on work need none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from .errors import Fault, InvalidInput

UNKNOWN_INDEPENDENCE = 0.5
LEAST_PERSONAL, BY_INDEPENDENCE = 0.2, 0.6  # personal share of nobody's, of full independence
WITHOUT_DEVICES = 0.5  # the share that goals, mentoring, projects and hands-on work can carry
CROWDED, CROWDED_FACTOR = 30.0, 0.7  # students per adult, where they cannot yet work alone
YOUNG, YOUNG_FACTOR = 8, 0.7
OLDER, OLDER_FACTOR = 14, 1.1
FIXED = -0.10  # a curriculum that says what is taught when
LITTLE_PREPARATION = 60.0  # minutes a week; materials for three tiers take about that
UNPREPARED = 0.10
LIFT, BY_LIFT = 0.05, 0.15  # probability of a skill gained, beyond which lift counts
OUT_OF_REACH, BY_REACH = 0.25, 0.10
DIFFERENTIATED_BELOW, PERSONALIZED_ABOVE = 0.25, 0.60
APPROACHES = ("differentiated", "blend", "personalized")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the advice goes by; a value that is None is unknown, and the advice says what it took.

    students, adults       in the room
    devices                per student, 0 to 1
    independence           0 to 1: starts unprompted, finishes, uses help sensibly; measured
                           (`engine.independence`) and the teacher's rating together
    age                    in years
    fixed_curriculum       whether what is taught when is laid down
    preparation            the teacher's minutes a week
    lift                   what personal work gains over tiered work, as probability of a skill
    out_of_reach           share of students for whom the objective is out of reach: in support
    """

    students: int
    adults: float = 1.0
    devices: float | None = None
    independence: float | None = None
    age: float | None = None
    fixed_curriculum: bool = False
    preparation: float | None = None
    lift: float = 0.0
    out_of_reach: float = 0.0

    def checked(self) -> Conditions:
        """The same conditions, once each can be meant. Raises `InvalidInput` naming all faults."""
        faults = [
            Fault(name, str(value), f"a number from {low:g} to {high:g}")
            for name, (low, high) in BOUNDS.items()
            if (value := getattr(self, name)) is not None and not low <= value <= high
        ]
        if faults:
            raise InvalidInput(faults)
        return self


BOUNDS = {
    "students": (0, 10_000),
    "adults": (0.25, 100),
    "devices": (0, 1),
    "independence": (0, 1),
    "age": (3, 120),
    "preparation": (0, 10_000),
    "lift": (-1, 1),
    "out_of_reach": (0, 1),
}


class Term(NamedTuple):
    """One step of the formula: which input, what was done to the share, and the share then."""

    input: str
    step: str
    share: float


class Change(NamedTuple):
    """What would change the advice: this input at this value, everything else as it is."""

    input: str
    value: float | bool
    approach: str


@dataclass(frozen=True, slots=True)
class Advice:
    """An approach, the share of time for personal learning behind it, and where that comes from.

    assumed  inputs that nobody gave, with what was taken in their place
    """

    approach: str
    personal_share: float
    terms: tuple[Term, ...]
    assumed: tuple[str, ...]
    would_change: tuple[Change, ...]


def advise(conditions: Conditions) -> Advice:
    """The advice for a class. Raises `InvalidInput` for conditions that cannot be meant.

    >>> advice = advise(Conditions(students=24, devices=1.0, independence=0.9, age=15))
    >>> advice.approach, round(advice.personal_share, 2)
    ('personalized', 0.81)
    >>> advise(Conditions(students=24, devices=0.0, independence=0.9)).approach
    'blend'
    """
    terms = tuple(_terms(conditions.checked()))
    share = terms[-1].share
    return Advice(
        approach=_approach(share),
        personal_share=share,
        terms=terms,
        assumed=tuple(_assumed(conditions)),
        would_change=tuple(_changes(conditions, _approach(share))),
    )


def _terms(c: Conditions) -> Iterator[Term]:
    """The formula, step by step; the last step bounds the share to what a share can be."""
    independence = UNKNOWN_INDEPENDENCE if c.independence is None else c.independence
    share = LEAST_PERSONAL + BY_INDEPENDENCE * independence
    yield Term("independence", f"{LEAST_PERSONAL} + {BY_INDEPENDENCE} × {independence:.2f}", share)
    for name, step, after in _steps(c, independence):
        share = after(share)
        yield Term(name, step, share)
    yield Term("bounds", "at least 0, at most 1", min(max(share, 0.0), 1.0))


def _steps(c: Conditions, independence: float) -> Iterator[tuple[str, str, Any]]:
    devices = 1.0 if c.devices is None else c.devices
    most = WITHOUT_DEVICES + (1.0 - WITHOUT_DEVICES) * devices
    if c.age is not None and c.age < YOUNG:
        yield "age", f"× {YOUNG_FACTOR}: under {YOUNG}", lambda p: p * YOUNG_FACTOR
    if c.age is not None and c.age >= OLDER:
        yield "age", f"× {OLDER_FACTOR}: {OLDER} or older", lambda p: p * OLDER_FACTOR
    yield (
        "devices",
        f"at most {WITHOUT_DEVICES} + {1 - WITHOUT_DEVICES} × {devices:.2f}",
        (lambda p: min(p, most)),
    )
    if c.students / c.adults > CROWDED and independence < UNKNOWN_INDEPENDENCE:
        yield (
            "adults",
            f"× {CROWDED_FACTOR}: more than {CROWDED:.0f} students per adult",
            (lambda p: p * CROWDED_FACTOR),
        )
    if c.fixed_curriculum:
        yield "fixed_curriculum", f"{FIXED:+.2f}", lambda p: p + FIXED
    if c.preparation is not None and c.preparation < LITTLE_PREPARATION:
        yield (
            "preparation",
            f"{UNPREPARED:+.2f}: too little for three sets of materials",
            (lambda p: p + UNPREPARED),
        )
    if abs(c.lift) > LIFT:
        change = BY_LIFT if c.lift > 0 else -BY_LIFT
        yield "lift", f"{change:+.2f}: personal work gains {c.lift:+.2f}", lambda p: p + change
    if c.out_of_reach >= OUT_OF_REACH:
        yield (
            "out_of_reach",
            f"{BY_REACH:+.2f}: the objective is not yet for everybody",
            (lambda p: p + BY_REACH),
        )


def _approach(share: float) -> str:
    if share < DIFFERENTIATED_BELOW:
        return "differentiated"
    return "personalized" if share > PERSONALIZED_ABOVE else "blend"


def _assumed(c: Conditions) -> Iterable[str]:
    if c.independence is None:
        yield f"independence: {UNKNOWN_INDEPENDENCE}"
    if c.devices is None:
        yield "devices: one for each student"
    if c.age is None:
        yield f"age: {YOUNG} to {OLDER - 1}"
    if c.preparation is None:
        yield f"preparation: {LITTLE_PREPARATION:.0f} minutes a week or more"


def _changes(c: Conditions, now: str) -> Iterator[Change]:
    """For each input alone, the nearest value at which the advice would be another."""
    for field in fields(c):
        found = [
            Change(field.name, value, approach)
            for value in _values(c, field.name)
            if (approach := _approach(_last(replace(c, **{field.name: value})))) != now
        ]
        yield from found[:1]


def _values(c: Conditions, name: str) -> list[Any]:
    """Values of one input that could be, the nearest first."""
    now = getattr(c, name)
    if isinstance(now, bool):
        return [not now]
    grids: dict[str, Iterable[float]] = {
        "students": range(1, 101),
        "adults": (1, 2, 3, 4),
        "age": range(5, 20),
        "preparation": range(0, 241, 15),
        "lift": (-0.1, 0.0, 0.1),
    }
    grid = grids.get(name, [step / 20 for step in range(21)])
    middle = {"age": 10, "preparation": LITTLE_PREPARATION, "devices": 1.0}.get(name, 0.5)
    return sorted(grid, key=lambda value: abs(value - (middle if now is None else now)))


def _last(c: Conditions) -> float:
    *_, last = _terms(c)
    return last.share
