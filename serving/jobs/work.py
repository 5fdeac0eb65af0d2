"""What each kind of job does. Everything here can be done again from the start: a job whose worker
is gone is taken up by another."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from data.store import Job, NewEvent, Standing, Store
from engine.bundle import Bundle

from .crew import Page, standings, standings_side_by_side
from .uploads import Row, rows_of

BATCH = 1000
REPORTED = 1000  # rows of which is said what was wrong
FINE = ("accepted", "duplicate")


@dataclass(frozen=True)
class Means:
    """What a job works with: the store, the model in force, and a folder for files.

    With the store's `url` several `processes` can share long work; without, one does it.
    """

    store: Store
    bundle: Callable[[], Bundle]
    folder: Path
    clock: Callable[[], datetime]
    url: str | None = None
    processes: int = 1


def do(job: Job, means: Means) -> dict[str, Any]:
    """The result of a job. Raises `TrellisError` where it cannot be done."""
    return KINDS[job.kind](job, means)


def import_events(job: Job, means: Means) -> dict[str, Any]:
    """How many events of a file were accepted and so on, and what was wrong with which row."""
    asked = json.loads(job.input)
    tally: Counter[str] = Counter(rows=0, accepted=0, duplicate=0, unmapped=0)
    wrong: list[dict[str, Any]] = []
    rows = rows_of(asked["type"], asked["text"])
    while batch := list(islice(rows, BATCH)):
        events = [row.event for row in batch if row.event is not None]
        outcomes = iter(means.store.append(job.tenant, events, means.clock()))
        for row in batch:
            tally["rows"] += 1
            _note(row, outcomes, tally, wrong)
    return {**tally, "wrong": wrong[:REPORTED], "wrong_rows": len(wrong)}


def _note(row: Row, outcomes: Iterator[Any], tally: Counter[str], wrong: list[Any]) -> None:
    event: NewEvent | None = row.event
    status, reason = "rejected", row.reason
    if event is not None:
        outcome = next(outcomes)
        status, reason = outcome.status, outcome.reason
        tally["unmapped"] += outcome.unmapped
    tally[status] += 1
    if status not in FINE:
        id = event.id if event else None
        wrong.append({"row": row.number, "id": id, "status": status, "reason": reason})


def take_snapshot(job: Job, means: Means) -> dict[str, Any]:
    """What is believed of everybody, as rows of the table and as a Parquet file of the day."""
    day = json.loads(job.input)["day"]
    bundle = means.bundle()
    path = means.folder / quote(job.tenant, safe="") / f"mastery-{day}.parquet"
    count = 0
    with _parquet(path, {"day": day, "model": bundle.version}) as write:
        for students, rows in _pages(means, job.tenant, bundle):
            means.store.keep_standings(job.tenant, day, bundle.version, students, rows)
            write(rows)
            count += len(rows)
    return {"day": day, "model": bundle.version, "rows": count, "file": path.name}


def _pages(means: Means, tenant: str, bundle: Bundle) -> Iterator[Page]:
    if means.url is None or means.processes == 1:
        return standings(means.store, tenant, bundle)
    return standings_side_by_side(
        means.store, tenant, bundle, url=means.url, processes=means.processes
    )


@contextmanager
def _parquet(path: Path, about: dict[str, str]) -> Iterator[Callable[[list[Standing]], None]]:
    """Writes rows; the file is there whole at the end, or as it was before."""
    import pyarrow as pa
    from pyarrow import parquet

    texts, numbers = ("student", "skill", "state"), ("p_mastery", "low", "high")
    types = dict.fromkeys(texts, pa.string()) | dict.fromkeys(numbers, pa.float64())
    types["n"] = pa.int32()
    schema: Any = pa.schema([(name, types[name]) for name in Standing._fields], metadata=about)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with parquet.ParquetWriter(part, schema) as writer:

        def write(rows: list[Standing]) -> None:
            columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
            writer.write_table(
                pa.Table.from_arrays(list(map(pa.array, columns, schema.types)), schema=schema)
            )

        yield write
    part.replace(path)


KINDS: dict[str, Callable[[Job, Means], dict[str, Any]]] = {
    "import-events": import_events,
    "snapshot": take_snapshot,
}
