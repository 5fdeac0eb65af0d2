"""The contract is good enough to write a client from, without reading anything else.

The client is generated from `/openapi.json` as a platform's developers would generate theirs, and
then used against a real server.
"""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
import time

import httpx
import pytest

BEYOND_IT = ("application/x-ndjson", "text/csv")
"""Forms of a body that this generator leaves out; it sends the same as a plain file."""
SETTINGS = "post_hooks: []\npackage_name_override: trellis_client\n"


@pytest.fixture
def generated(live, tmp_path, monkeypatch):
    """The client's package, generated without a complaint but for what is beyond the generator."""
    document = tmp_path / "openapi.json"
    document.write_bytes(httpx.get(f"{live.address}/openapi.json").content)
    (tmp_path / "settings.yml").write_text(SETTINGS)
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", document, "--config", tmp_path / "settings.yml"]
    command += ["--output-path", tmp_path / "trellis_client"]
    made = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    said = made.stdout + made.stderr
    unread = [line for line in said.splitlines() if "Unable" in line or "nsupported" in line]
    assert [line for line in unread if not any(one in line for one in BEYOND_IT)] == [], said
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("trellis_client")
    for name in [name for name in sys.modules if name.startswith("trellis_client")]:
        del sys.modules[name]


def operation(tag, name):
    return importlib.import_module(f"trellis_client.api.{tag}.{tag}_{name}")


def model(name):
    return getattr(importlib.import_module("trellis_client.models"), name)


def file(generated):
    """A file of answers, as the client wraps it."""
    File = importlib.import_module(f"{generated.__name__}.types").File  # noqa: N806
    return File(payload=io.BytesIO(b"id,student,skills,correct\ne2,ana,km/h,0\n"))


def finished(client, job):
    """The job once it is done."""
    for _ in range(600):
        found = operation("jobs", "get").sync(job.id, client=client)
        if found.state in ("done", "failed"):
            return found
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_a_generated_client_works(live, generated):
    with generated.AuthenticatedClient(live.address, live.key) as client:
        skill = model("Skill")(name="Ratios, km/h")
        stored = operation("skills", "put_skill").sync("km/h", client=client, body=skill)
        assert (stored.id, stored.version) == ("km/h", 1)

        listed = operation("skills", "list_skills").sync(client=client, limit=1)
        assert [one.id for one in listed.results] == ["km/h"]
        assert listed.next_ is None

        event = {"id": "e1", "student": "ana", "skills": ["km/h"], "correct": True}
        delivery = model("Delivery").from_dict({"events": [event]})
        kept = operation("events", "send").sync(client=client, body=delivery)
        assert [one.status for one in kept.results] == ["accepted"]

        mastery = operation("mastery", "of_student").sync("ana", client=client)
        assert [(one.skill, one.n) for one in mastery.skills] == [("km/h", 1)]

        asked = model("RecommendationRequest")(n=1)
        advice = operation("recommendations", "recommend").sync("ana", client=client, body=asked)
        assert advice.status == "nothing_available"

        job = operation("jobs", "import_events").sync(client=client, body=file(generated))
        assert (job.kind, job.state) == ("import-events", "queued")
        assert finished(client, job).result.to_dict()["accepted"] == 1

        problem = operation("skills", "get_skill").sync("none", client=client)
        assert (problem.status, type(problem).__name__) == (404, "ProblemDocument")
