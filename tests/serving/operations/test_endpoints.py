"""Whether the server is well, and which model is in force."""

from __future__ import annotations


def test_health_and_readiness_ask_for_no_credential(world):
    assert world.get("/healthz", None).json() == {"status": "ok"}
    ready = world.get("/readyz", None).json()
    assert ready["status"] == "ready"
    assert ready["model"] == world.get("/v1/model").json()["version"]


def test_a_server_without_a_model_is_ready_for_events_and_says_so(bare):
    assert bare.get("/readyz", None).json() == {"status": "ready", "model": None}
    found = bare.get("/v1/model").json()
    assert found["version"] is None
    assert "trellis train" in found["refusal"]


def test_a_server_whose_database_is_gone_is_not_ready(bare):
    bare.store.close()
    (bare.folder / "trellis.db").unlink()
    (bare.folder / "trellis.db").mkdir()  # now nothing can open it
    reply = bare.get("/readyz", None)
    assert reply.status_code == 503
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_model_in_force_is_described(world):
    found = world.get("/v1/model", "teacher").json()
    assert (found["model"], found["skills"], found["refusal"]) == ("classic", 2, None)
    assert found["facts"] == {"events": 1000}
