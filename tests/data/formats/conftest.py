"""Small files in the publishers' layouts, and the publishers' own where they are at hand."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes lines of cells to a file, comma-separated unless told otherwise."""

    def write_lines(*rows: str, name: str = "events.csv", cells: str = ",") -> Path:
        path = tmp_path / name
        lines = (row.replace(" | ", cells) for row in rows)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
        return path

    return write_lines


@pytest.fixture
def real_formats() -> Path:
    """The folder of files exactly as their publishers export them."""
    folder = os.environ.get("TRELLIS_REAL_DATA")
    if not folder:
        pytest.skip("set TRELLIS_REAL_DATA to the folder of real data to run this test")
    return Path(folder) / "formats"
