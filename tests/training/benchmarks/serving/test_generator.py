"""An even stream asks as often as it says, and counts what it is told."""

import asyncio
import threading

import pytest

from training.benchmarks.serving.generator import Stream, run_streams


@pytest.fixture
def port():
    """A server that refuses every third request."""
    ready, found = threading.Event(), {}

    async def answer(reader, writer):
        while head := await reader.readline():
            path = head.split()[1].decode()
            length = 0
            while (line := await reader.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            await reader.readexactly(length)
            status = 503 if int(path.strip("/")) % 3 == 0 else 200
            writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 2\r\n\r\nok".encode())
        writer.close()

    async def serve():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        found.update(port=server.sockets[0].getsockname()[1], loop=asyncio.get_running_loop())
        found["stop"] = asyncio.Event()
        ready.set()
        async with server:
            await found["stop"].wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    yield found["port"]
    found["loop"].call_soon_threadsafe(found["stop"].set)
    thread.join()


def test_a_stream_asks_at_its_rate_and_counts_the_answers(port):
    one = Stream(lambda number: (f"/{number}", b""), rate=60)
    other = Stream(lambda number: (f"/{number}", b"body"), rate=30)
    run_streams(port, "key", [one, other], 0.5)
    assert (one.statuses.total(), other.statuses.total()) == (30, 15)
    assert one.statuses == {503: 10, 200: 20}
    found = one.as_dict()
    assert 0 < found["p50_ms"] <= found["p99_ms"] <= found["max_ms"]
