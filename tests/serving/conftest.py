"""A tiny world: one school, two skills in a row, one class of three, one model, every role."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from data.store import Store
from engine.bundle import BUNDLE_FILE, Bundle, encode, versioned
from engine.curriculum import Activity, Curriculum, Item, Objective, Skill
from engine.parameters import SkillEstimate, SkillParameters
from serving.app import create_app
from serving.champion import Champion
from serving.context import Context
from serving.settings import Settings

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
TENANT = "north"
ROLES = ("platform", "admin", "teacher", "data", "student", "family")


def estimate(learn: float = 0.2) -> SkillEstimate:
    """A skill whose parameters are known well."""
    parameters = SkillParameters(0.3, learn, 0.0, 0.2, 0.1)
    return SkillEstimate(parameters, SkillParameters(*[0.01] * 5), np.eye(5) / 100.0)


def small_bundle(learn: float = 0.2) -> Bundle:
    """A model of the two skills."""
    skills = {"fractions": estimate(learn), "ratios": estimate(learn)}
    return versioned(Bundle("classic", skills, estimate(learn), {"events": 1000}))


def write_bundle(folder: Path, content: bytes) -> None:
    """Replaces the champion as promotion does: a new file, moved into place."""
    folder.mkdir(exist_ok=True)
    new = folder / "new"
    new.write_bytes(content)
    new.replace(folder / BUNDLE_FILE)


def curriculum() -> Curriculum:
    """Fractions, then ratios; one objective, one item and an activity or two for each."""
    return Curriculum.of(
        skills=[Skill("fractions"), Skill("ratios", prerequisites=("fractions",))],
        objectives=[Objective("proportion", skills=("ratios",))],
        items=[Item("f-1", ("fractions",)), Item("r-1", ("ratios",))],
        activities=[
            Activity("bars", ("fractions",), modality="video", level="support", minutes=5),
            Activity("cards", ("fractions",), items=("f-1",)),
            Activity("quiz", ("fractions",), assesses=True, items=("f-1",)),
            Activity("paint", ("ratios",), items=("r-1",)),
        ],
    )


def answered(number: int, *, student: str = "ana", **changes: Any) -> dict[str, Any]:
    """An event as a platform sends it; a change to None leaves the field out."""
    said: dict[str, Any] = {
        "id": f"e{number}",
        "student": student,
        "skills": ["fractions"],
        "correct": True,
        "occurred_at": f"2026-09-01T08:{number % 60:02d}:00Z",
    }
    return {name: value for name, value in (said | changes).items() if value is not None}


class Caller:
    """Calls an application in this process over real HTTP messages."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://trellis.test"
        )

    def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The response to one request."""
        return self._runner.run(self._client.request(method, path, **request))


@dataclass
class World:
    """A running application, and a way to call it as anybody."""

    app: FastAPI
    client: Caller
    store: Store
    folder: Path
    keys: dict[str, str]
    now: datetime = NOW

    def call(self, method: str, path: str, role: str | None = "platform", **request: Any) -> Any:
        """The response to one request made with the role's key."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"} if role else {}
        headers |= request.pop("headers", {})
        return self.client.request(method, path, headers=headers, **request)

    def get(self, path: str, role: str | None = "platform", **request: Any) -> Any:
        """The response to a GET."""
        return self.call("GET", path, role, **request)

    def send(self, *events: object, role: str = "platform") -> Any:
        """The response to a delivery of events."""
        return self.call("POST", "/v1/events", role, json={"events": list(events)})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{tmp_path}/trellis.db",
        model_dir=tmp_path / "model",
        pseudonym_secret="a secret of a school",
    )


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application, built once (its routes take a third of a second); each test brings the
    store, model and clock that it answers from."""
    folder = tmp_path_factory.mktemp("app")
    made = create_app(Settings(f"sqlite:///{folder}/first.db", folder / "model"))
    first: Store = made.state.context.store
    with first:
        yield made


class Made(NamedTuple):
    """A database that tests begin with a copy of, and the keys in it: migrations, and every wait
    for the disk, are paid for once."""

    path: Path
    keys: dict[str, str]

    def copied(self, path: Path) -> Store:
        """A store of its own on a copy."""
        shutil.copy(self.path, path)
        return Store.open(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def only_keys(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A database with a key of every role, and nothing else."""
    path = tmp_path_factory.mktemp("keys") / "trellis.db"
    users = {"teacher": "ms-rivera", "student": "ana", "family": "mrs-alvarez"}
    with Store.open(f"sqlite:///{path}") as store:
        keys = {role: store.create_key(TENANT, role, NOW, user=users.get(role)) for role in ROLES}
        keys["stranger"] = store.create_key(TENANT, "teacher", NOW, user="mr-stone")
        keys["foreign"] = store.create_key("south", "platform", NOW)
    return Made(path, keys)


@pytest.fixture(scope="session")
def whole_school(only_keys: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The same with the curriculum and the roster of the tiny school."""
    path = tmp_path_factory.mktemp("school") / "trellis.db"
    with only_keys.copied(path) as store:
        store.put_curriculum(TENANT, curriculum(), now=NOW)
        store.put_roster(
            TENANT,
            [
                {"id": "ana", "name": "Ana", "family": ["mrs-alvarez"]},
                {"id": "ben", "name": "Ben"},
                {"id": "cy", "name": "Cy"},
            ],
            [{"id": "7b", "name": "7b", "teacher": "ms-rivera", "students": ["ana", "ben"]}],
            now=NOW,
        )
    return Made(path, only_keys.keys)


@pytest.fixture
def bare(
    app: FastAPI, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[World]:
    """A server with keys, and nothing else: no curriculum, no model."""
    begins_with = "whole_school" if "world" in request.fixturenames else "only_keys"
    made: Made = request.getfixturevalue(begins_with)
    store = made.copied(tmp_path / "trellis.db")
    app.state.context = Context(settings, store, Champion(settings.model_dir), lambda: NOW)
    with asyncio.Runner() as runner, store:
        yield World(app, Caller(app, runner), store, tmp_path, dict(made.keys))


@pytest.fixture
def world(bare: World) -> World:
    """The whole tiny school."""
    write_bundle(bare.folder / "model", encode(small_bundle()))
    return bare


@pytest.fixture
def bundle() -> Bundle:
    """A model of the two skills."""
    return small_bundle()


@pytest.fixture
def promote(tmp_path: Path) -> Callable[[bytes], None]:
    """Replaces the champion's file in the world's model folder."""
    return lambda content: write_bundle(tmp_path / "model", content)


@pytest.fixture
def answer() -> Callable[..., dict[str, Any]]:
    """Makes events as a platform sends them."""
    return answered


Faults = Callable[[Any], dict[str, str]]


@pytest.fixture
def expected_by_field() -> Faults:
    """Reads a problem document: what would have been right, by field."""
    return lambda reply: {e["field"]: e["expected"] for e in reply.json()["errors"]}


@dataclass(frozen=True)
class Live:
    """A real server in a process of its own, with a platform key."""

    process: subprocess.Popen[bytes]
    address: str
    key: str

    def stop(self) -> int:
        """The exit status once the server has been asked to stop."""
        self.process.terminate()
        return self.process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_until_ready(live: Live) -> None:
    for _ in range(600):
        assert live.process.poll() is None, "the server ended before it was ready"
        try:
            if httpx.get(f"{live.address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not become ready")


@pytest.fixture
def serve() -> Iterator[Callable[..., Live]]:
    """Starts servers as `trellis serve` starts them; what still runs is stopped after the test."""
    started: list[Live] = []

    def start(settings: Settings, workers: int = 1) -> Live:
        with Store.open(settings.database_url) as store:
            key = store.create_key(TENANT, "platform", NOW)
        port = _free_port()
        program = (
            "from serving.server import serve; from serving.settings import Settings; "
            f"serve(Settings.from_environment(), port={port}, workers={workers})"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program], env=os.environ | settings.as_environment()
        )
        started.append(Live(process, f"http://127.0.0.1:{port}", key))
        _wait_until_ready(started[-1])
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(params=[1])
def live(request: pytest.FixtureRequest, settings: Settings, serve: Callable[..., Live]) -> Live:
    """A server with a model; its parameter is the number of workers."""
    write_bundle(settings.model_dir, encode(small_bundle()))
    return serve(settings, request.param)
