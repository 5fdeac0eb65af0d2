import pytest

from data.store.decisions import Decision
from data.store.plain import encoded
from engine.errors import Conflict, InvalidInput

BODY = {"status": "ok", "candidates": [{"activity": "a1", "score": 0.1}]}


def test_a_decision_reads_back_whole(store):
    store.save_recommendation("t", "r1", BODY)
    assert store.recommendation("t", "r1") == BODY
    assert store.grouping("t", "r1") is None
    assert store.recommendation("other", "r1") is None


def test_the_same_again_changes_nothing(store):
    store.save_grouping("t", "g1", BODY)
    store.save_grouping("t", "g1", BODY)
    assert store.grouping("t", "g1") == BODY


def test_another_under_the_same_id_is_refused(store):
    store.save_grouping("t", "g1", BODY)
    with pytest.raises(Conflict, match="g1"):
        store.save_grouping("t", "g1", {"status": "other"})
    assert store.grouping("t", "g1") == BODY


def test_of_many_at_once_each_is_told_apart(store):
    store.save_grouping("t", "g1", BODY)
    kept = [Decision(tenant, "grouping", f"g{n}", encoded(BODY)) for n in (1, 2) for tenant in "tu"]
    other = Decision("t", "grouping", "g1", encoded({"status": "other"}))
    refusals = store._write_decisions([*kept, other])
    assert [refusal is None for refusal in refusals] == [True, True, True, True, False]
    assert store.grouping("u", "g2") == store.grouping("t", "g1") == BODY


def test_what_is_no_number_is_refused(store):
    with pytest.raises(InvalidInput, match="r1"):
        store.save_recommendation("t", "r1", {"score": float("nan")})
    assert store.recommendation("t", "r1") is None
