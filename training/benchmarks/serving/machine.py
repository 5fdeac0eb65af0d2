"""What a figure was measured on: without the disk's own speed, a rate of commits says little."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

WRITES = 50
BLOCK = b"x" * 4096
PACKAGES = ("fastapi", "uvicorn", "sqlalchemy", "psycopg", "numpy", "numba")


def fsync_milliseconds(folder: Path) -> float:
    """How long a block of 4 kB takes to the disk of a folder: the median of fifty."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(WRITES):
            started = perf_counter()
            file.write(BLOCK)
            file.flush()
            os.fsync(file.fileno())
            times.append(perf_counter() - started)
    return round(median(times) * 1000, 3)


def described() -> dict[str, Any]:
    """The machine, and the versions of what runs on it."""
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "wrk": wrk_version(),
    }


def wrk_version() -> str | None:
    """The version of the load generator; None where it is not installed (`apt install wrk`)."""
    if shutil.which("wrk") is None:
        return None
    shown = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout
    return shown.split("\n")[0].split("[")[0].strip()
