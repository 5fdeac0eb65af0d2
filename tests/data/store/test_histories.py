"""Histories kept in memory: never older than the log, whoever wrote to it."""

from datetime import UTC, datetime, timedelta

import pytest

from data.store import NewEvent, Store
from data.store.histories import Histories
from engine.curriculum import Curriculum, Skill

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
COURSE = Curriculum.of(skills=[Skill("a")])


def answer(id, student="ana", minutes=0):
    return NewEvent(id, student, ("a",), correct=1, occurred_at=NOW + timedelta(minutes=minutes))


def ids(histories):
    return {student: [r.id for r in history.responses] for student, history in histories.items()}


@pytest.fixture
def school(store):
    store.put("t", "skills", "a", {}, now=NOW)
    return store


def test_what_has_not_changed_is_not_read_again(school):
    school.append("t", [answer("e1")], NOW)
    first = school.histories("t", ["ana", "ben"])
    school.append("t", [answer("e2", "ben")], NOW)
    second = school.histories("t", ["ana", "ben"])
    assert second["ana"] is first["ana"]
    assert ids(second) == {"ana": ["e1"], "ben": ["e2"]}


def test_what_another_process_wrote_is_seen_at_once(school, url):
    assert ids(school.histories("t", ["ana"])) == {"ana": []}
    with Store.open(url) as other:
        for n in range(3):
            other.append("t", [answer(f"e{n}", minutes=-n)], NOW)
            assert len(school.histories("t", ["ana"])["ana"].responses) == n + 1
    assert ids(school.histories("t", ["ana"])) == {"ana": ["e2", "e1", "e0"]}


def test_an_event_committed_late_under_an_early_number_is_seen(postgres_url):
    """PostgreSQL gives numbers before commits: the newest number alone would miss the older."""
    row = "VALUES ('t', 'slow', 'ana', '[\"a\"]', 1, 1, true, 1, false)"
    columns = "tenant, id, student, skills, correct, occurred_at, dated, received_at, quarantined"
    with Store.open(postgres_url) as school:
        school.put("t", "skills", "a", {}, now=NOW)
        with school._database.writing("t") as slow:
            slow.exec_driver_sql(f"INSERT INTO events ({columns}) {row}")
            school.append("t", [answer("fast")], NOW)
            assert ids(school.histories("t", ["ana"])) == {"ana": ["fast"]}
        assert ids(school.histories("t", ["ana"])) == {"ana": ["slow", "fast"]}


def test_a_change_of_the_curriculum_makes_them_anew(school):
    school.append("t", [NewEvent("e1", "ana", item="q", correct=1)], NOW)
    assert ids(school.histories("t", ["ana"])) == {"ana": []}
    school.put("t", "items", "q", {"skills": ["a"]}, now=NOW)
    assert ids(school.histories("t", ["ana"])) == {"ana": ["e1"]}


def test_memory_is_bounded_and_the_least_used_goes_first(school):
    sent = [answer(f"{student}{n}", student) for student in ("ana", "ben", "cem") for n in range(9)]
    school.append("t", sent, NOW)
    kept = Histories(most=21)

    def read(student):
        with school._database.reading("t") as connection:
            return kept.of(connection, "t", [student], curriculum=COURSE, revision=1)[student]

    ana, ben = read("ana"), read("ben")
    assert read("ana") is ana
    read("cem")
    assert read("ana") is ana
    assert read("ben") is not ben


def test_tenants_do_not_share_a_student_s_id(school):
    school.put("other", "skills", "a", {}, now=NOW)
    school.append("t", [answer("e1")], NOW)
    school.append("other", [answer("e2")], NOW)
    assert ids(school.histories("t", ["ana"])) == {"ana": ["e1"]}
    assert ids(school.histories("other", ["ana"])) == {"ana": ["e2"]}
