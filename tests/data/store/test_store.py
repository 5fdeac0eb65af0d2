"""What is promised whatever happens to the process: with real processes, really killed."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.store import NewEvent, Store
from engine.errors import Unavailable

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
HEAD = """
import sys, time
from datetime import UTC, datetime
from data.store import NewEvent, Store
NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
def answers(ids, correct=1):
    return [NewEvent(f"e{n}", "ana", ("a",), correct=correct) for n in ids]
"""
STOPS_HALFWAY = """
def endless():
    yield from answers(range(12_000))
    print("halfway", flush=True)
    time.sleep(600)
Store.open(sys.argv[1]).{call}("t", endless(), NOW)
"""
NEVER_STOPS = """
store, start = Store.open(sys.argv[1]), 0
while True:
    store.append("t", answers(range(start, start + 50)), NOW)
    print("acknowledged", flush=True)
    start += 50
"""
SENDS = """
store = Store.open(sys.argv[1])
for n in range(60):
    print(store.append("t", answers([n], float(sys.argv[2])), NOW)[0].status)
"""


def started(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + script, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def kill_after(process, lines):
    for _ in range(lines):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    said = process.stdout.read().splitlines()
    process.stdout.close()
    process.wait()
    return lines + len(said)


@pytest.mark.parametrize("call", ["append", "append_many"])
def test_a_process_killed_in_the_middle_of_a_batch_leaves_nothing_of_it(store, url, call):
    store.append("t", [NewEvent("before", "ana", ("a",), correct=1)], NOW)
    kill_after(started(STOPS_HALFWAY.replace("{call}", call), url), 1)
    assert len(store.all_responses_frame("t")) == 1
    again = [NewEvent("e1", "ana", ("a",), correct=1)]
    assert store.append("t", again, NOW)[0].status == "accepted"


def test_what_was_acknowledged_before_the_kill_is_there_in_whole_batches(store, url):
    acknowledged = kill_after(started(NEVER_STOPS, url), 10)
    kept = len(store.all_responses_frame("t"))
    assert kept >= 50 * acknowledged
    assert kept % 50 == 0


def test_two_processes_cannot_both_have_their_way_with_an_id(store, url):
    senders = [started(SENDS, url, correct) for correct in ("0", "1")]
    said = [sender.communicate()[0].split() for sender in senders]
    for mine, other in zip(*said, strict=True):
        assert sorted([mine, other]) == ["accepted", "conflict"]
    assert len(store.all_responses_frame("t")) == 60


def test_processes_may_create_the_database_at_once(url):
    starters = [started(SENDS, url, "1") for _ in range(4)]
    said = [word for starter in starters for word in starter.communicate()[0].split()]
    assert sorted(said) == ["accepted"] * 60 + ["duplicate"] * 180


def test_what_is_stored_is_there_after_closing_and_opening(url):
    with Store.open(url) as store:
        store.put("t", "skills", "a", {"name": "A"}, now=NOW)
        secret = store.create_key("t", "admin", NOW)
    with Store.open(url) as store:
        assert store.get("t", "skills", "a")["name"] == "A"
        assert store.principal(secret, NOW).tenant == "t"


def test_a_database_that_went_away_is_unavailable_and_comes_back(sqlite_url, tmp_path):
    store = Store.open(sqlite_url)
    store.close()
    folder, aside = tmp_path, tmp_path.with_name(f"{tmp_path.name}-aside")
    folder.rename(aside)
    with pytest.raises(Unavailable):
        store.append("t", [NewEvent("e1", "ana", ("a",), correct=1)], NOW)
    aside.rename(folder)
    assert (
        store.append("t", [NewEvent("e1", "ana", ("a",), correct=1)], NOW)[0].status == "accepted"
    )
    store.close()


def test_a_full_disk_is_unavailable_and_nothing_is_acknowledged(sqlite_url):
    store = Store.open(sqlite_url)
    # SQLite's own page limit gives the error that a full disk gives.
    sent = [NewEvent(f"e{n}", "ana" * 60, ("a",), correct=1) for n in range(5000)]
    with store._database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Unavailable, match="full"):
        store.append("t", sent, NOW)
    store.close()
    assert store.last_sequence("t") == 0
    assert {one.status for one in store.append("t", sent, NOW)} == {"accepted"}
    store.close()
