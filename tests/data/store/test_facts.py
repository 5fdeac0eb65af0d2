from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import update

from data.store import Store
from data.store.schema import facts
from engine.curriculum import Activity, Curriculum, Item, Objective, Skill
from engine.errors import Conflict, InvalidInput

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
COURSE = Curriculum.of(
    skills=[Skill("ratio", "Ratios", ("fraction",)), Skill("fraction", "Fractions")],
    objectives=[Objective("o1", "Compare", ("ratio",))],
    items=[Item("q1", ("ratio",))],
    activities=[Activity("a1", ("ratio",), items=("q1",))],
)


def test_there_is_nothing_at_first(store):
    assert store.get("t", "skills", "ratio") is None
    assert store.list("t", "classes") == []
    assert store.curriculum("t") == Curriculum()


def test_a_fact_reads_back_as_it_was_stored(store):
    stored, created = store.put("t", "students", "ana", {"name": "Ana Ž."}, now=NOW)
    assert created
    assert stored == store.get("t", "students", "ana")
    assert stored == {
        "id": "ana",
        "name": "Ana Ž.",
        "family": [],
        "interests": [],
        "tools": None,
        "version": 1,
        "updated_at": "2026-09-01T08:30:00+00:00",
    }


def test_each_put_is_a_version_further(store):
    store.put("t", "students", "ana", {"name": "Ana"}, now=NOW)
    stored, created = store.put("t", "students", "ana", {"name": "Anna"}, now=LATER)
    assert (stored["version"], stored["name"], created) == (2, "Anna", False)
    assert store.get("t", "students", "ana")["updated_at"] == LATER.isoformat()


@pytest.mark.parametrize("kind", ["skills", "activities"])
def test_what_was_deleted_and_put_again_stands_where_every_server_sees_it(store, url, kind):
    store.put("t", "skills", "ratio", {}, now=NOW)
    body = {"skills": ["ratio"]} if kind == "activities" else {}
    for key in ("a", "b", "c"):
        store.put("t", kind, key, body, now=NOW)
    store.delete("t", kind, "a", now=NOW)
    store.put("t", kind, "a", body, now=LATER)
    with Store.open(url) as another:
        assert list(getattr(store.curriculum("t"), kind)) == list(
            getattr(another.curriculum("t"), kind)
        )


def test_a_version_number_is_never_given_twice(store):
    store.put("t", "students", "ana", {}, now=NOW)
    assert store.delete("t", "students", "ana", now=NOW)
    stored, created = store.put("t", "students", "ana", {}, now=NOW)
    assert created
    assert stored["version"] == 3


def test_tenants_do_not_see_each_other(store):
    store.put("t", "skills", "ratio", {}, now=NOW)
    assert store.get("other", "skills", "ratio") is None
    assert not store.delete("other", "skills", "ratio", now=NOW)
    assert store.curriculum("other") == Curriculum()


def test_the_id_in_a_body_must_be_the_one_it_is_put_under(store):
    store.put("t", "skills", "a", {"id": "a"}, now=NOW)
    with pytest.raises(InvalidInput, match="the id it is put under"):
        store.put("t", "skills", "a", {"id": "b"}, now=NOW)


def test_pages_follow_each_other_by_id(store):
    store.put_many("t", "students", [{"id": name} for name in ("é", "b", "C++", "a")], now=NOW)
    first = store.list("t", "students", limit=2)
    rest = store.list("t", "students", after=first[-1]["id"], limit=2)
    assert [row["id"] for row in (*first, *rest)] == sorted(["é", "b", "C++", "a"])


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_has_a_size_within_reason(store, limit):
    with pytest.raises(InvalidInput, match="limit"):
        store.list("t", "students", limit=limit)


def test_many_are_stored_together_or_not_at_all(store):
    assert (
        store.put_many("t", "skills", [{"id": "b", "prerequisites": ["a"]}, {"id": "a"}], now=NOW)
        == 2
    )
    with pytest.raises(InvalidInput):
        store.put_many("t", "skills", [{"id": "c"}, {"id": "d", "prerequisites": ["x"]}], now=NOW)
    assert list(store.curriculum("t").skills) == ["a", "b"]


def test_nothing_to_store_is_no_fault(store):
    assert store.put_many("t", "students", [], now=NOW) == 0
    assert store.get_many("t", "students", []) == {}


def test_many_more_ids_than_a_statement_takes(store):
    rows = [{"id": f"s{n}"} for n in range(12_000)]
    assert store.put_many("t", "students", rows, now=NOW) == 12_000
    assert len(store.get_many("t", "students", [row["id"] for row in rows])) == 12_000


def test_a_curriculum_reads_back_whole(store):
    store.put_curriculum("t", COURSE, now=NOW)
    assert store.curriculum("t") == COURSE
    assert store.get("t", "activities", "a1")["items"] == ["q1"]


def test_a_curriculum_put_leaves_what_else_there_is(store):
    store.put("t", "skills", "algebra", {}, now=NOW)
    store.put_curriculum("t", COURSE, now=NOW)
    assert set(store.curriculum("t").skills) == {"algebra", "fraction", "ratio"}


def test_a_cycle_is_refused_by_naming_it_and_nothing_is_written(store):
    store.put_curriculum("t", COURSE, now=NOW)
    before = store.revision("t")
    with pytest.raises(InvalidInput, match="fraction → ratio → fraction"):
        store.put("t", "skills", "fraction", {"prerequisites": ["ratio"]}, now=LATER)
    assert store.get("t", "skills", "fraction")["version"] == 1
    assert store.revision("t") == before
    assert store.curriculum("t") == COURSE


def test_an_unknown_skill_is_refused_by_name(store):
    with pytest.raises(InvalidInput, match="geometry"):
        store.put("t", "items", "q1", {"skills": ["geometry"]}, now=NOW)
    assert store.get("t", "items", "q1") is None


def test_what_is_still_mentioned_cannot_be_deleted(store):
    store.put_curriculum("t", COURSE, now=NOW)
    with pytest.raises(Conflict, match="objective o1, item q1, activity a1"):
        store.delete("t", "skills", "ratio", now=NOW)
    with pytest.raises(Conflict, match="activity a1"):
        store.delete("t", "items", "q1", now=NOW)
    assert store.curriculum("t") == COURSE


def test_a_deleted_thing_is_gone_from_the_curriculum(store):
    store.put_curriculum("t", COURSE, now=NOW)
    for kind, key in (
        ("activities", "a1"),
        ("items", "q1"),
        ("objectives", "o1"),
        ("skills", "ratio"),
    ):
        assert store.delete("t", kind, key, now=NOW)
        assert not store.delete("t", kind, key, now=NOW)
    assert list(store.curriculum("t").skills) == ["fraction"]


def test_the_curriculum_is_built_once_for_each_change(store):
    store.put_curriculum("t", COURSE, now=NOW)
    once = store.curriculum("t")
    store.put("t", "students", "ana", {}, now=NOW)
    assert store.curriculum("t") is once
    store.put("t", "skills", "new", {}, now=NOW)
    assert "new" in store.curriculum("t").skills


def test_a_change_made_elsewhere_is_seen(store, url):
    assert store.curriculum("t") == Curriculum()
    with Store.open(url) as elsewhere:
        elsewhere.put_curriculum("t", COURSE, now=NOW)
    assert store.curriculum("t") == COURSE


def test_a_roster_is_stored_whole(store):
    store.put_roster("t", [{"id": "ana"}], [{"id": "7a", "students": ["ana", "ben"]}], now=NOW)
    assert store.get("t", "classes", "7a")["students"] == ["ana", "ben"]
    assert store.get("t", "classes", "7a")["teacher"] == ""


def test_a_student_cannot_be_deleted_out_of_a_class(store):
    store.put_roster("t", [{"id": "ana"}], [{"id": "7a", "students": ["ana"]}], now=NOW)
    with pytest.raises(Conflict, match="class 7a"):
        store.delete("t", "students", "ana", now=NOW)
    store.put("t", "classes", "7a", {"students": []}, now=NOW)
    assert store.delete("t", "students", "ana", now=NOW)


def test_a_deleted_class_lets_its_students_go(store):
    store.put_roster("t", [{"id": "ana"}], [{"id": "7a", "students": ["ana"]}], now=NOW)
    assert store.delete("t", "classes", "7a", now=NOW)
    assert store.delete("t", "students", "ana", now=NOW)


def test_threads_that_put_at_once_lose_nothing(store):
    def put(name):
        for number in range(10):
            store.put("t", "skills", f"{name}{number}", {}, now=NOW)
            store.put("t", "skills", "shared", {}, now=NOW)

    threads = [Thread(target=put, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.curriculum("t").skills) == 41
    assert store.get("t", "skills", "shared")["version"] == 40
    assert store.revision("t") == 80


def test_a_fact_kept_before_a_field_existed_has_its_default(store):
    """As an earlier version of Trellis left it: upgraded stores must not fail on it."""
    store.put_curriculum("t", COURSE, now=NOW)
    store.put("t", "classes", "7b", {"students": ["ana"]}, now=NOW)
    with store._database.writing("t") as connection:
        bodies = {"activities": {"name": "", "skills": ["ratio"]}, "classes": {"students": ["ana"]}}
        for kind, body in bodies.items():
            change = update(facts).where(facts.c.kind == kind)
            connection.execute(change.values(body=body))
    store._catalogues.clear()
    assert store.get("t", "classes", "7b")["teacher"] == ""
    assert store.curriculum("t").activities["a1"].modality == "exercise"
    store.put("t", "skills", "new", {}, now=NOW)
