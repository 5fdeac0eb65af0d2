"""Long work: asked for, done, and looked up."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import httpx
import pytest
from pyarrow import parquet

from serving.jobs.uploads import CSV, NDJSON, rows_of
from serving.jobs.work import Means, do

FILE = """id,student,skills,item,correct,occurred_at
e1,ana,fractions,,1,2026-09-01T08:30:00Z
e2,ana,fractions~~ratios,,0.5,2026-09-01T08:31:00Z
e3,,fractions,,1,2026-09-01T08:32:00Z
e4,ben,,nowhere,0,2026-09-01T08:33:00Z
e5,ben,fractions,,seven,2026-09-01T08:34:00Z
e6,ben
"""


def upload(world, text, kind=CSV, role="platform"):
    headers = {"Content-Type": kind}
    return world.call("POST", "/v1/imports/events", role, content=text, headers=headers)


@pytest.fixture
def means(world):
    champion = world.app.state.context.champion
    return Means(world.store, champion.bundle, world.folder / "snapshots", lambda: world.now)


def done(world, means):
    """The oldest job, done as a worker does it."""
    job = world.store.take_job(world.now)
    world.store.end_job(job, "done", do(job, means), world.now)
    return world.get(f"/v1/jobs/{job.id}").json()


def test_a_file_is_kept_row_by_row_and_its_report_names_what_was_not(world, means):
    asked = upload(world, FILE)
    assert asked.status_code == 202
    assert world.get(asked.headers["location"]).json()["state"] == "queued"
    job = done(world, means)
    assert job["state"] == "done"
    found = job["result"]
    assert (found["rows"], found["accepted"], found["rejected"]) == (6, 3, 3)
    assert found["unmapped"] == 1
    assert [(row["row"], row["id"]) for row in found["wrong"]] == [(3, None), (5, None), (6, None)]
    assert "student" in found["wrong"][0]["reason"]
    assert "correct" in found["wrong"][1]["reason"]
    assert world.store.last_sequence("north") == 3


LINES = '{"id": "l1", "student": "ana", "skills": ["fractions"], "correct": true}\n'


@pytest.mark.parametrize(("text", "accepted"), [(FILE, 3), (LINES, 1), ("\n " + LINES, 1)])
def test_a_plain_file_is_told_by_how_it_begins(world, means, text, accepted):
    assert upload(world, text, "application/octet-stream").status_code == 202
    assert done(world, means)["result"]["accepted"] == accepted


def test_the_same_file_again_changes_nothing(world, means):
    for expected in ({"accepted": 3, "duplicate": 0}, {"accepted": 0, "duplicate": 3}):
        upload(world, FILE)
        assert expected.items() <= done(world, means)["result"].items()


def test_lines_of_json_say_the_same_as_events_sent(world, means, answer):
    lines = "\n".join(json.dumps(answer(n)) for n in range(3)) + "\n\nnot json\n"
    upload(world, lines, NDJSON)
    found = done(world, means)["result"]
    assert (found["accepted"], found["rejected"]) == (3, 1)
    assert world.send(answer(0)).json()["results"][0]["status"] == "duplicate"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"", CSV, 422), (b"\xff", CSV, 422), (b"{}", "application/json", 422), (b"a", "", 422)],
)
def test_what_is_no_such_file_is_refused_at_once(world, body, kind, status):
    assert upload(world, body, kind).status_code == status
    assert world.store.take_job(world.now) is None


def test_rows_count_from_one_and_empty_lines_are_none():
    assert [row.number for row in rows_of(NDJSON, '{"a": 1}\n\n{"b": 2}\n')] == [1, 3]
    assert list(rows_of(CSV, "id,student\n")) == []


def test_a_snapshot_holds_what_every_student_would_be_told(world, means, answer, tmp_path):
    world.send(*(answer(n, student=s, id=f"{s}{n}") for n in range(4) for s in ("ana", "ben")))
    asked = world.call("POST", "/v1/snapshots", json={"day": "2026-09-15"})
    assert asked.status_code == 202
    found = done(world, means)["result"]
    assert (found["rows"], found["day"]) == (2, "2026-09-15")
    rows = {row.student: row for row in world.store.snapshot("north", "2026-09-15")}
    table = parquet.read_table(tmp_path / "snapshots" / "north" / found["file"]).to_pylist()
    for student in ("ana", "ben"):
        told = world.get(f"/v1/students/{student}/mastery?skill=fractions").json()["skills"][0]
        assert (rows[student].p_mastery, rows[student].n) == (told["p_mastery"], told["n"])
    assert [row["p_mastery"] for row in table] == [rows[s].p_mastery for s in ("ana", "ben")]


def test_a_snapshot_taken_again_replaces_that_of_the_day(world, means, answer):
    for number in (1, 2):
        world.send(answer(number))
        world.call("POST", "/v1/snapshots", json={"day": "2026-09-15"})
        done(world, means)
    (row,) = world.store.snapshot("north", "2026-09-15")
    assert row.n == 2


def test_an_erased_student_is_in_no_snapshot(world, means, answer):
    world.send(answer(1))
    world.call("POST", "/v1/snapshots", json={"day": "2026-09-15"})
    done(world, means)
    world.store.erase_student("north", "ana", world.now)
    assert world.store.snapshot("north", "2026-09-15") == []


def test_without_a_model_no_snapshot_is_begun(bare):
    assert bare.call("POST", "/v1/snapshots", json={}).status_code == 503


def test_a_job_belongs_to_its_tenant(world):
    job = upload(world, FILE).json()["id"]
    assert world.get(f"/v1/jobs/{job}", "foreign").status_code == 404
    assert world.get("/v1/jobs/nothing").status_code == 404


def test_a_job_is_taken_once_and_again_only_if_its_worker_is_gone(world):
    upload(world, FILE)
    assert world.store.take_job(world.now) is not None
    assert world.store.take_job(world.now) is None
    later = world.now + timedelta(minutes=2)
    again = world.store.take_job(later)
    assert again is not None
    world.store.still_at(again, later)
    assert world.store.take_job(later) is None


def test_a_server_does_its_jobs_by_itself(live):
    headers = {"Authorization": f"Bearer {live.key}", "Content-Type": CSV}
    with httpx.Client(base_url=live.address, headers=headers, timeout=60) as client:
        address = client.post("/v1/imports/events", content=FILE).headers["location"]
        for _ in range(600):
            job = client.get(address).json()
            if job["state"] in ("done", "failed"):
                break
            time.sleep(0.1)
    assert job["state"] == "done"
    assert job["result"]["accepted"] == 3
