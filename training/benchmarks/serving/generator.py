"""Who asks: wrk for as much as the server can take, and an even stream for what it takes in time.

The even stream is open: a request goes out when it is due, whether or not those before it have been
answered, and its time counts from when it was due.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

SCRIPT = Path(__file__).parent / "events.lua"
CHUNK = 1 << 16
MOST_WAITING = 256

Ask = Callable[[int], tuple[str, bytes]]
"""The path and body of the n-th request of a stream."""
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def deliveries(
    address: str, key: str, *, size: int, connections: int, seconds: int, students: int, skills: int
) -> dict[str, Any]:
    """wrk's result: deliveries of so many events each, on so many connections."""
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "30s"]
    command += ["-s", str(SCRIPT), address, "--", key, str(size), str(students), str(skills)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = next(line for line in shown.splitlines() if line.startswith("RESULT "))
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return found


@dataclass
class Stream:
    """Requests at an even rate, and what came of them."""

    ask: Ask
    rate: float
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    given_up: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Milliseconds from when a request was due to the last byte of its answer."""
        times = np.array(self.times) * 1000
        p50, p99, most = (float(np.percentile(times, p)) for p in (50, 99, 100))
        return {
            "requests": len(times),
            "given_up": self.given_up,
            "rate": self.rate,
            "p50_ms": round(p50, 2),
            "p99_ms": round(p99, 2),
            "max_ms": round(most, 2),
            "statuses": {str(code): count for code, count in self.statuses.items()},
        }


def run_streams(port: int, key: str, streams: list[Stream], seconds: float) -> None:
    """All streams run side by side for so long. A stream of which `MOST_WAITING` requests wait
    gives up those that come due meanwhile, and says how many."""
    asyncio.run(_run(port, key, streams, seconds))


async def _run(port: int, key: str, streams: list[Stream], seconds: float) -> None:
    await asyncio.gather(*(_flow(port, key, stream, seconds) for stream in streams))


async def _flow(port: int, key: str, stream: Stream, seconds: float) -> None:
    idle: list[Ends] = []
    started = perf_counter()
    tasks: set[asyncio.Task[None]] = set()
    for number in range(int(seconds * stream.rate)):
        due = started + number / stream.rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        if len(tasks) >= MOST_WAITING:  # far behind: whoever comes now would only wait
            stream.given_up += 1
            continue
        task = asyncio.create_task(_one(port, key, stream, number, due, idle))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    for _, writer in idle:
        writer.close()


async def _one(port: int, key: str, stream: Stream, number: int, due: float, idle: Any) -> None:
    path, body = stream.ask(number)
    head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: bench\r\n"
    head += f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    status = None
    while status is None:  # a server hangs up on who has been silent for long: ask it anew
        ends = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port, limit=CHUNK)
        status = await _asked(ends, request)
    stream.times.append(perf_counter() - due)
    stream.statuses[status] += 1
    idle.append(ends)


async def _asked(ends: Ends, request: bytes) -> int | None:
    """The status of the answer, read to its end; None where the other side had hung up."""
    reader, writer = ends
    try:
        writer.write(request)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
        return None
    length = int(answer.partition("content-length:")[2].partition("\r\n")[0])
    await reader.readexactly(length)
    return int(answer.split(" ", 2)[1])
