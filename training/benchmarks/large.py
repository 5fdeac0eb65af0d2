"""Ever more responses: written as Parquet, then read, counted and fitted, by the clock.

Each size runs in a process of its own, so that the memory it needed can be told.

    python -m training.benchmarks.large responses.parquet
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import pandas as pd

from engine.errors import Unavailable
from models import BKT

from .pybkt_script import answer, most_memory
from .worlds import course

SIZES = (1_000_000, 10_000_000, 100_000_000)
SKILLS = 500
FEW = 1_000  # responses fitted before the clock starts: the first fit compiles


@dataclass(frozen=True)
class Large:
    """One size: seconds to read the file, and from a table in memory to fitted parameters."""

    responses: int
    skills: int
    file: int
    reading: float
    fitting: float
    processor: float
    memory: int
    converged: bool

    @property
    def seconds(self) -> float:
        return self.reading + self.fitting

    def as_dict(self) -> dict[str, Any]:
        each = {"microseconds_each": 1e6 * self.seconds / self.responses}
        return {**asdict(self), "seconds": self.seconds, **each}


def fit_large(*, sizes: tuple[int, ...] = SIZES, skills: int = SKILLS) -> tuple[Large, ...]:
    """Classic BKT by MAP on each size of a course of so many skills."""
    return tuple(_measured(size, skills) for size in sizes)


def _measured(size: int, skills: int) -> Large:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.parquet"
        _write(path, size, skills)
        command = [sys.executable, "-m", f"{__package__}.large", str(path)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise Unavailable(f"the fit of {size:,} responses stopped: {ran.stderr.strip()[-300:]}")
        return Large(file=path.stat().st_size, **json.loads(ran.stdout.splitlines()[-1]))


def _write(path: Path, size: int, skills: int) -> None:
    """The responses as one Parquet file, a group of rows for each skill."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for rows in course(size, skills=skills):
        table = pa.Table.from_pandas(rows, preserve_index=False)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def main(path: str) -> None:
    """Reads, counts and fits one file; answers with what it took."""
    few = pd.concat(course(FEW, skills=2), ignore_index=True)
    BKT().fit(few)
    busy, started = process_time(), perf_counter()
    responses = pd.read_parquet(path)
    reading = perf_counter() - started
    facts = BKT().fit(responses).bundle.facts
    answer(
        {
            "responses": facts["events"],
            "skills": facts["skills"],
            "reading": reading,
            "fitting": perf_counter() - started - reading,
            "processor": process_time() - busy,
            "memory": most_memory(),
            "converged": facts["converged"],
        }
    )


if __name__ == "__main__":
    main(sys.argv[1])
