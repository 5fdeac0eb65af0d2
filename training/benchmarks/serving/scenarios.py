"""What is asked of the server, each with its figure to reach. `Plan` says how much of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any, NamedTuple

import numpy as np

from data.store import Store
from engine.errors import Unavailable
from models.bundles import write_bundle

from .generator import Stream, deliveries, run_streams
from .machine import fsync_milliseconds, wrk_version
from .observed import between, buckets_of
from .school import CLASS, OBJECTIVE, TENANT, Size, build, model, student_id
from .servers import Server, postgres, serving

Rows = list[dict[str, Any]]
WORKERS = 2  # one for each core: a process answers on one at a time
RATES = ((250, 0, "<= 25 ms"), (500, 0, "<= 25 ms"), (500, 1000, "<= 50 ms"))
"""Next activities and events a second; half the rate shows what a larger machine would do."""
ROUTE = "/v1/students/{id}/recommendations"


class Plan(NamedTuple):
    """How much is measured: for the record, or for a quick look."""

    seconds: int
    district: Size
    long: Size  # students with long histories
    ready: Size
    rebuilt: Size

    @classmethod
    def whole(cls) -> Plan:
        return cls(30, Size(25_000, 200), Size(40, 1000), Size(5000, 200), Size(50_000, 200))

    @classmethod
    def quick(cls) -> Plan:
        return cls(5, Size(1000, 200), Size(10, 1000), Size(500, 200), Size(1000, 200))


class Place(NamedTuple):
    """A district in a database, with a model, and a key to it."""

    folder: Path
    url: str
    model: Path
    key: str
    size: Size


def ingest(plan: Plan) -> Rows:
    """Durable events a second: in batches of 100, and one by one on 64 connections."""
    if wrk_version() is None:
        raise Unavailable("no wrk here: apt install wrk")
    rows = []
    for kind in ("sqlite", "postgresql"):
        for size, connections, wanted in ((100, 8, 10_000), (1, 64, 2_000)):
            with _place(Size(1000, 0), kind=kind) as place:
                row = _ingested(place, plan, size=size, connections=connections)
            name = f"events/s, {kind}, {size} a request, {connections} connections"
            rows.append({"figure": name, "wanted": f">= {wanted:,}", **row})
    return rows


def _ingested(place: Place, plan: Plan, *, size: int, connections: int) -> dict[str, Any]:
    with serving(place.url, place.model) as server:
        found = deliveries(
            server.address,
            place.key,
            size=size,
            connections=connections,
            seconds=plan.seconds,
            students=place.size.students,
            skills=place.size.skills,
        )
        memory = server.megabytes()
    with Store.open(place.url) as store:
        kept = store.count_events(TENANT)
    # wrk hangs up on what is under way when its time is over: kept, though nobody heard of it.
    lost = found["kept"] * size - kept
    return {
        "found": round(found["kept"] * size / found["seconds"]),
        "acknowledged": found["kept"] * size,
        "rows": kept,
        "acknowledged_and_not_kept": max(0, lost),
        "other_answers": found["other"],
        "p99_ms": found["p99_ms"],
        "fsync_ms": fsync_milliseconds(place.folder),
        "memory_mb": memory,
    }


def next_activity(plan: Plan) -> Rows:
    """The time to a recommendation at 250 and 500 a second, and while 1,000 events/s arrive."""
    rows = []
    with (
        _place(plan.district) as place,
        serving(place.url, place.model, workers=WORKERS) as server,
    ):
        for rate, events_a_second, wanted in RATES:
            asked = Stream(_recommendations(place.size, seed=rate + events_a_second), rate)
            sent = Stream(_batches(place.size, events=10), events_a_second / 10 or 1e-9)
            streams = [asked, sent] if events_a_second else [asked]
            server.settle()
            answered, before = buckets_of(server.port, ROUTE), server.cpu_seconds()
            run_streams(server.port, place.key, streams, plan.seconds)
            worked = 1000 * (server.cpu_seconds() - before)
            observed = between(answered, buckets_of(server.port, ROUTE))
            name = f"next activity at {rate}/s, p99, with {events_a_second:,} events/s"
            about = {"found": asked.as_dict()["p99_ms"], **asked.as_dict(), **observed}
            about["cpu_ms"] = round(worked / len(asked.times), 2)  # with what the events took
            rows.append({"figure": name, "wanted": wanted, **about, **_around(place, server)})
    return rows


def beliefs(plan: Plan) -> Rows:
    """The time to a belief nobody asked for before: of one long history, and of a class of 35."""
    rows = []
    with _place(plan.long) as place, serving(place.url, place.model) as server:
        paths = [f"/v1/students/{student_id(n)}/mastery" for n in range(place.size.students)]
        times = _one_by_one(server, place.key, paths)
        name = f"cold belief of {place.size.answers:,} responses, median"
        rows.append({"figure": name, "wanted": "<= 10 ms", **times, **_around(place, server)})
    with _place(Size(20 * CLASS, 200)) as place, serving(place.url, place.model) as server:
        for classes, query, what in (
            (range(10), f"?objective={OBJECTIVE}", "an objective's ten skills"),
            (range(10, 20), "", "all 200 skills"),
        ):
            paths = [f"/v1/classes/c{n}/mastery{query}" for n in classes]
            times = _one_by_one(server, place.key, paths)
            name = f"class of {CLASS}, 200 answers each, {what}, median"
            rows.append({"figure": name, "wanted": "<= 100 ms", **times, **_around(place, server)})
    return rows


def readiness(plan: Plan) -> Rows:
    """The time from the start of the process to its first answer, with a full log."""
    with _place(plan.ready) as place:
        for _ in range(2):  # the first start of a machine compiles
            with serving(place.url, place.model) as server:
                worked = round(server.cpu_seconds(), 2)
                row = {"found": server.ready_seconds, "cpu_s": worked, **_around(place, server)}
    name = f"seconds to ready with {plan.ready.events:,} events"
    return [{"figure": name, "wanted": "<= 3 s", **row}]


def rebuild(plan: Plan) -> Rows:
    """The time of a snapshot: every belief of a whole district from its log, kept and in a file."""
    with _place(plan.rebuilt) as place, serving(place.url, place.model) as server:
        started = perf_counter()
        job = _asked(server, place.key, "POST", "/v1/snapshots", b"{}")
        while job["state"] in ("queued", "running"):
            sleep(0.2)
            job = _asked(server, place.key, "GET", f"/v1/jobs/{job['id']}")
        seconds = round(perf_counter() - started, 1)
        if job["state"] != "done":
            raise Unavailable(f"the snapshot failed: {job['result']}")
        about = {
            "rows": job["result"]["rows"],
            "cpu_s": round(server.cpu_seconds(), 1),  # of the server and of the job's processes
            **_around(place, server),
        }
    name = f"seconds to every belief from {place.size.events:,} events"
    return [{"figure": name, "wanted": "<= 60 s for 10,000,000", "found": seconds, **about}]


SCENARIOS: dict[str, Callable[[Plan], Rows]] = {
    "ingest": ingest,
    "next": next_activity,
    "beliefs": beliefs,
    "ready": readiness,
    "rebuild": rebuild,
}


@contextmanager
def _place(size: Size, *, kind: str = "sqlite") -> Iterator[Place]:
    """A district in a new database of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="trellis-bench-") as name:
        folder = Path(name)
        write_bundle(folder / "model", model(size))
        if kind == "sqlite":
            url = f"sqlite:///{folder}/district.db"
            yield Place(folder, url, folder / "model", build(url, size), size)
        else:
            with postgres(folder) as url:
                yield Place(folder, url, folder / "model", build(url, size), size)


def _around(place: Place, server: Server) -> dict[str, Any]:
    return {"fsync_ms": fsync_milliseconds(place.folder), "memory_mb": server.megabytes()}


def _recommendations(size: Size, *, seed: int) -> Callable[[int], tuple[str, bytes]]:
    drawn = np.random.default_rng(seed).integers(size.students, size=1_000_000)

    def ask(number: int) -> tuple[str, bytes]:
        student = student_id(int(drawn[number % len(drawn)]))
        return f"/v1/students/{student}/recommendations", b'{"n":3}'

    return ask


def _batches(size: Size, *, events: int) -> Callable[[int], tuple[str, bytes]]:
    rng = np.random.default_rng(1)

    def ask(number: int) -> tuple[str, bytes]:
        batch = [
            {
                "id": f"live-{number}-{place}",
                "student": student_id(int(rng.integers(size.students))),
                "item": f"i{int(rng.integers(size.skills))}",
                "correct": int(rng.integers(2)),
            }
            for place in range(events)
        ]
        return "/v1/events", json.dumps({"events": batch}).encode()

    return ask


def _asked(server: Server, key: str, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """The document that the server answers with."""
    connection = HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request(method, path, body or None, headers)
    found: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def _one_by_one(server: Server, key: str, paths: list[str]) -> dict[str, Any]:
    """Each path asked for once, one after the other; the first, which opens everything, aside."""
    connection = HTTPConnection("127.0.0.1", server.port)
    times = []
    for path in paths:
        started = perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        answer.read()
        times.append((perf_counter() - started) * 1000)
        if answer.status != 200:
            raise Unavailable(f"{path}: {answer.status}")
    connection.close()
    found = sorted(times[1:])
    return {"found": round(median(found), 2), "max_ms": round(found[-1], 2), "asked": len(found)}
