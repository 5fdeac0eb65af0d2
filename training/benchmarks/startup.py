"""How soon a server answers, and what it has to load for that."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

from engine.bundle import Bundle
from engine.errors import Unavailable
from models.bundles import write_bundle

REPEATS = 3
LONGEST_WAIT = 60.0  # seconds: a first start compiles
POLL = 0.01
HEAVY = ("torch", "pyro", "mlflow", "scipy", "sklearn")
LOADED = "import json, sys, serving.app; print(json.dumps(sorted(sys.modules)))"


@dataclass(frozen=True)
class StartUp:
    """Seconds from starting the process to its first answer, and the modules it loads."""

    seconds: tuple[float, ...]
    modules: int
    heavy: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "median_seconds": median(self.seconds)}


def start_up(bundle: Bundle, *, repeats: int = REPEATS) -> StartUp:
    """A real server on a loopback port, started again and again with a model to serve.

    One start before the clock counts: the first compiles, once per machine.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_bundle(folder / "model", bundle)
        seconds = [_ready_after(folder) for _ in range(repeats + 1)][1:]
    loaded = modules_loaded()
    roots = {module.split(".")[0] for module in loaded}
    return StartUp(tuple(seconds), len(loaded), tuple(name for name in HEAVY if name in roots))


def modules_loaded() -> list[str]:
    """Every module that `import serving.app` brings along."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    return [str(module) for module in json.loads(done.stdout)]


def _ready_after(folder: Path) -> float:
    port = _free_port()
    words = ["serve", "--port", str(port), "--model-dir", str(folder / "model")]
    words += ["--database", f"sqlite:///{folder / 'school.db'}"]
    command = [sys.executable, "-m", "trellis.main", *words]
    started = perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        try:
            _wait_until_ready(server, port, deadline=started + LONGEST_WAIT)
            return perf_counter() - started
        finally:
            server.terminate()


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, *, deadline: float) -> None:
    while perf_counter() < deadline and server.poll() is None:
        if _is_ready(port):
            return
        sleep(POLL)
    raise Unavailable(f"the server was not ready within {LONGEST_WAIT:.0f} seconds")


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
