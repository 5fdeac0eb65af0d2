"""What became of every row of an event file: used, joined to another, repeated, or set aside.

Nothing is dropped in silence: the four numbers of a report always add up to the rows read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

EXAMPLES_SHOWN = 5  # per reason: enough to find the pattern, few enough to read


class Example(NamedTuple):
    """One row that was set aside, and the value that was the reason."""

    place: str
    value: str

    def __str__(self) -> str:
        return f"{self.place}: {self.value!r}" if self.value else self.place


@dataclass(frozen=True)
class Reason:
    """Why some rows could not be used, how many, and the first few of them."""

    text: str
    rows: int
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class QualityReport:
    """What was read and what became of it.

    `rows_read` equals `usable` + `joined` (rows that repeat a response once per further skill)
    + `repeated` (the same event delivered again) + the rows of every reason.

    >>> report = QualityReport("tiny.csv", "table", rows_read=3, usable=2, students=1, skills=1,
    ...                        reasons=(Reason("no skill", 1, (Example("row 3", ""),)),))
    >>> report.unusable
    1
    >>> print(report)
    tiny.csv: 3 rows read as 'table'
      usable responses    2
      unusable: no skill  1   row 3
      students            1
      skills              1
      items               0
      with a time         0
    """

    source: str
    format: str
    rows_read: int
    usable: int
    joined: int = 0
    repeated: int = 0
    reasons: tuple[Reason, ...] = ()
    students: int = 0
    skills: int = 0
    items: int = 0
    timed: int = 0
    first_time: str | None = None
    last_time: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def unusable(self) -> int:
        """How many rows were set aside, over all reasons."""
        return sum(reason.rows for reason in self.reasons)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON."""
        reasons = [
            {**asdict(reason), "examples": [example._asdict() for example in reason.examples]}
            for reason in self.reasons
        ]
        return {**asdict(self), "unusable": self.unusable, "reasons": reasons}

    def __str__(self) -> str:
        lines = list(self._lines())
        width = max(len(label) for label, _, _ in lines)
        figures = max(len(f"{count:,}") for _, count, _ in lines)
        table = [
            f"  {label:<{width}}  {count:>{figures},}   {remark}".rstrip()
            for label, count, remark in lines
        ]
        head = f"{self.source}: {self.rows_read:,} rows read as {self.format!r}"
        return "\n".join([head, *table, *(f"  note: {note}" for note in self.notes)])

    def _lines(self) -> Iterator[tuple[str, int, str]]:
        yield "usable responses", self.usable, ""
        if self.joined:
            yield "joined", self.joined, "the same response, listed again for another skill"
        if self.repeated:
            yield "repeated", self.repeated, "the same event, delivered again"
        for reason in self.reasons:
            yield f"unusable: {reason.text}", reason.rows, ", ".join(map(str, reason.examples))
        yield "students", self.students, ""
        yield "skills", self.skills, ""
        yield "items", self.items, ""
        span = f"{self.first_time} to {self.last_time}" if self.timed else ""
        yield "with a time", self.timed, span


@dataclass
class Sieve:
    """Collects, while a file is read, what happened to the rows that do not become responses.

    >>> sieve = Sieve()
    >>> rows = pd.DataFrame({"student": ["ana", None], "source_row": [0, 1]})
    >>> kept = sieve.keep(rows, rows["student"].notna(), "no student", "student")
    >>> len(kept), sieve.reasons(lambda row: f"row {row + 2}")[0].examples[0].place
    (1, 'row 3')
    """

    rows_read: int = 0
    joined: int = 0
    repeated: int = 0
    notes: list[str] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _examples: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def keep(self, rows: pd.DataFrame, good: ArrayLike, reason: str, column: str) -> pd.DataFrame:
        """The good rows; the others are counted under `reason`, showing their `column`."""
        kept: NDArray[np.bool_] = np.asarray(good, dtype=bool)
        if kept.all():
            return rows
        bad = rows.loc[~kept]
        shown = bad.head(EXAMPLES_SHOWN)
        values = shown[column].astype(object).where(shown[column].notna(), "")
        examples = self._examples.setdefault(reason, [])
        examples += zip(shown["source_row"].tolist(), values.map(str), strict=True)
        self._counts[reason] = self._counts.get(reason, 0) + len(bad)
        return rows.loc[kept]

    def reasons(self, place: Callable[[int], str]) -> tuple[Reason, ...]:
        """Every reason with its rows, the most frequent first; `place` names a source row."""
        ordered = sorted(self._counts.items(), key=lambda counted: -counted[1])
        return tuple(
            Reason(text, count, tuple(Example(place(row), value) for row, value in found))
            for text, count in ordered
            for found in [self._examples[text][:EXAMPLES_SHOWN]]
        )


def report_on(
    frame: pd.DataFrame, sieve: Sieve, *, source: str, form: str, place: Callable[[int], str]
) -> QualityReport:
    """The report on the usable responses of `frame` and on what the sieve held back."""
    times = frame["time"].dropna() if "time" in frame else pd.Series(dtype=object)
    combinations = frame["skill"].unique()
    return QualityReport(
        source=source,
        format=form,
        rows_read=sieve.rows_read,
        usable=len(frame),
        joined=sieve.joined,
        repeated=sieve.repeated,
        reasons=sieve.reasons(place),
        students=frame["student"].nunique(),
        skills=len({part for combination in combinations for part in combination.split("~~")}),
        items=frame["item"].nunique() if "item" in frame else 0,
        timed=len(times),
        first_time=times.min().isoformat() if len(times) else None,
        last_time=times.max().isoformat() if len(times) else None,
        notes=tuple(sieve.notes),
    )
