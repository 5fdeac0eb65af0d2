"""`trellis outcomes` and `trellis replay`: what was decided, as a table and decided again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from data.store import NewEvent, Store
from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.requests import Request
from serving.answers import Reading
from serving.champion import Champion
from serving.decisions import make_recommendation

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
COURSE = Curriculum.of(
    skills=[Skill("ratio")],
    items=[Item("q", ("ratio",))],
    activities=[Activity("a", ("ratio",), items=("q",)), Activity("b", ("ratio",), items=("q",))],
)


@pytest.fixture
def decided(trellis, bundle, tmp_path):
    """A recommendation to Ana, whose second candidate she took."""
    assert trellis("key", "create", "--tenant", "t", "--role", "admin").status == 0
    with Store.open(f"sqlite:///{tmp_path}/trellis.db") as store:
        store.put_curriculum("t", COURSE, now=NOW)
        reading = Reading(store, Champion(bundle).bundle(), "t", NOW)
        document = make_recommendation(reading, "ana", Request())
        later = NOW + timedelta(minutes=5)
        taken = document["candidates"][1]["activity"]
        event = NewEvent("e", "ana", item="q", correct=1, occurred_at=later, activity=taken)
        store.append("t", [replace(event, recommendation=document["id"])], later)
    return document


@pytest.mark.parametrize(
    ("name", "read"),
    [("d.csv", pd.read_csv), ("d.csv.gz", pd.read_csv), ("d.parquet", pd.read_parquet)],
)
def test_the_table_holds_every_candidate_with_its_chance_and_outcome(
    trellis, tmp_path, decided, name, read
):
    ran = trellis("outcomes", name, "--tenant", "t", "--with-ids", "--json")
    assert (ran.status, ran.json["recommendations"], ran.json["rows"]) == (0, 1, 2)
    found = read(tmp_path / name)
    assert list(found["propensity"]) == [one["propensity"] for one in decided["candidates"]]
    assert list(found["taken"]) == [False, True]
    assert list(found["answers"]) == [0, 1]
    assert found["right"].isna().tolist() == [True, False]
    assert set(found["student"]) == {"ana"}


def test_students_stay_unknown_unless_it_is_asked_for(trellis, tmp_path, decided, monkeypatch):
    refused = trellis("outcomes", "d.csv", "--tenant", "t")
    assert refused.status == 2
    assert "TRELLIS_PSEUDONYM_SECRET" in refused.err
    monkeypatch.setenv("TRELLIS_PSEUDONYM_SECRET", "a secret of a school")
    assert trellis("outcomes", "d.csv", "--tenant", "t").status == 0
    assert "ana" not in (tmp_path / "d.csv").read_text()


@pytest.mark.parametrize("name", ["d.txt", "no/such/folder/d.csv"])
def test_a_file_that_cannot_be_written_is_the_callers_to_mend(trellis, decided, name):
    ran = trellis("outcomes", name, "--tenant", "t", "--with-ids")
    assert ran.status == 2
    assert name in ran.err


def test_nothing_decided_yet_is_an_empty_table(trellis, tmp_path):
    assert trellis("outcomes", "d.csv", "--with-ids").status == 0
    assert len(pd.read_csv(tmp_path / "d.csv")) == 0


def test_a_decision_is_replayed_to_the_bit(trellis, decided, bundle):
    words = ("replay", decided["id"], "--tenant", "t", "--bundle", bundle, "--json")
    ran = trellis(*words)
    assert (ran.status, ran.json["identical"]) == (0, True)


def test_one_that_differs_says_where(trellis, decided, bundle, tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/trellis.db") as store:
        store.save_recommendation("t", "other", {**decided, "id": "other", "status": "complete"})
    ran = trellis("replay", "other", "--tenant", "t", "--bundle", bundle)
    assert ran.status == 1
    assert "complete" in ran.err


def test_a_decision_that_is_not_there_is_said_to_be_so(trellis, bundle):
    ran = trellis("replay", "rec_x", "--bundle", bundle)
    assert ran.status == 2
    assert "rec_x" in ran.err
