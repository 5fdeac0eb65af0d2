import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from data.store import NewEvent, Store
from data.store.bodies import FIELDS, WISHES
from data.store.schema import metadata, replies, snapshots
from data.store.verification import verify_store
from engine.errors import Conflict, NotFound

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SECRETS = ("ana", "Ana Alvarez", "essay-of-ana")


def answer(number, student="ana", **given):
    said = {"skills": ("ratio",), "correct": 1, "occurred_at": NOW} | given
    return NewEvent(f"{student}-{number}", student, **said)


@pytest.fixture
def school(store):
    """Two students with everything there can be about them, in two tenants."""
    for tenant in ("north", "south"):
        store.put(tenant, "skills", "ratio", {}, now=NOW)
        store.put_roster(
            tenant,
            [
                {"id": "ana", "name": "Ana Alvarez", "family": ["mrs-alvarez"]},
                {"id": "ben", "name": "Ben", "family": ["mr-b"]},
            ],
            [{"id": "7b", "teacher": "ms-rivera", "students": ["ana", "ben"]}],
            now=NOW,
        )
        for student in ("ana", "ben"):
            goal = {"student": student, "skill": "ratio"}
            store.put(tenant, "goals", f"goal-of-{student}", goal, now=NOW)
            store.create_key(tenant, "student", NOW, user=student)
            store.create_sign_in(tenant, "student", NOW, user=student)
            advice = {"student": student, "candidates": []}
            store.save_recommendation(tenant, f"rec-{student}", advice)
        store.put(
            tenant,
            "goals",
            "goal-of-ana",
            {"student": "ana", "skill": "ratio", "weight": 2},
            now=NOW,
        )
        store.append(tenant, [answer(i, one) for one in ("ana", "ben") for i in range(3)], NOW)
        late = answer(9, occurred_at=NOW + timedelta(days=9))
        store.append(
            tenant, [late, answer(10, voids="ana-1"), answer(11, session="essay-of-ana")], NOW
        )
        groups = {
            "class": "7b",
            "kind": "need",
            "groups": [
                {
                    "tier": "on-level",
                    "students": [{"student": "ana", "why": "x"}, {"student": "ben", "why": "y"}],
                }
            ],
        }
        store.save_grouping(tenant, "grp-1", groups)
    return store


def test_a_record_holds_everything_about_one_student(school):
    found = school.personal_record("north", "ana")
    assert found["facts"]["student"][0]["name"] == "Ana Alvarez"
    assert found["facts"]["classes"] == ["7b"]
    assert [goal["version"] for goal in found["facts"]["goals"]] == [1, 2]
    assert len(found["events"]) == 6
    assert sum(event["quarantined"] for event in found["events"]) == 1
    assert [one["student"] for one in found["recommendations"]] == ["ana"]
    assert found["groupings"][0]["parts"] == [{"student": "ana", "why": "x"}]
    assert [one["kind"] for one in found["credentials"]] == ["keys"]


def test_a_record_names_nobody_else_and_is_plain(school):
    text = json.dumps(school.personal_record("north", "ana"))
    assert "ben" not in text.lower()


def test_of_nobody_there_is_no_record(school):
    with pytest.raises(NotFound):
        school.personal_record("north", "nobody")


def everything_but(school, tenant, student):
    """What is left of the others, in words."""
    return [
        school.personal_record(tenant, student),
        school.get(tenant, "classes", "7b")["teacher"],
        school.responses(tenant, [student]),
    ]


def test_erasing_takes_one_student_out_and_leaves_the_others(school):
    before = everything_but(school, "north", "ben"), school.personal_record("south", "ana")
    done = school.erase_student("north", "ana", LATER)
    assert (done.erased_at, done.events) == (LATER, 6)
    with pytest.raises(NotFound):
        school.personal_record("north", "ana")
    assert (
        everything_but(school, "north", "ben"),
        school.personal_record("south", "ana"),
    ) == before
    assert school.get("north", "classes", "7b")["students"] == ["ben"]
    assert school.children("north", "mrs-alvarez") == []
    assert not school.known_student("north", "ana")
    assert school.responses("north", ["ana"]) == {"ana": []}


def test_a_grouping_keeps_a_mark_that_leads_to_nobody(school):
    school.erase_student("north", "ana", LATER)
    first, second = school.grouping("north", "grp-1")["groups"][0]["students"]
    assert first["student"].startswith("erased-")
    assert second["student"] == "ben"


def test_nobody_signs_in_as_an_erased_student(store):
    key = store.create_key("north", "student", NOW, user="ana")
    link = store.create_sign_in("north", "student", NOW, user="ana")
    session = store.create_session(link, NOW)
    who = {"tenant": "north", "role": "student", "user": "ana", "now": NOW}
    store.create_account("ana-at-home", "correct horse battery", **who)
    reset = store.create_reset("ana-at-home", NOW)
    store.append("north", [answer(1)], NOW)
    store.erase_student("north", "ana", LATER)
    assert store.account_to_reset(reset, NOW) is None
    assert store.account("ana-at-home") is None
    assert store.principal(key, LATER) is None
    assert store.session(session, LATER) is None
    assert store.create_session(link, NOW) is None


def test_erasing_again_changes_nothing(school):
    first = school.erase_student("north", "ana", LATER)
    again = school.erase_student("north", "ana", LATER + timedelta(days=1))
    assert again == first == school.erasure("north", "ana")
    assert school.erasure("north", "ben") is None


def test_nobody_is_erased_who_was_never_there(school):
    with pytest.raises(NotFound):
        school.erase_student("north", "nobody", LATER)
    assert school.erasure("north", "nobody") is None


def test_a_late_event_does_not_bring_a_student_back(school):
    school.erase_student("north", "ana", LATER)
    late, again, other = school.append("north", [answer(77), answer(1), answer(78, "ben")], LATER)
    assert (late.status, again.status, other.status) == ("rejected", "rejected", "accepted")
    assert "erased" in late.reason
    assert not school.known_student("north", "ana")
    assert school.append("south", [answer(77)], LATER)[0].status == "accepted"


def test_a_roster_does_not_bring_a_student_back(school):
    school.erase_student("north", "ana", LATER)
    with pytest.raises(Conflict, match="ana"):
        school.put("north", "students", "ana", {"name": "Ana"}, now=LATER)
    with pytest.raises(Conflict, match="ana"):
        school.put("north", "classes", "7c", {"students": ["ana"]}, now=LATER)
    assert school.get("north", "classes", "7c") is None


def test_no_version_of_a_class_names_an_erased_student(school):
    school.put("north", "classes", "7b", {"students": ["ana"]}, now=NOW)
    school.put("north", "classes", "7b", {"students": ["ben"]}, now=NOW)
    school.erase_student("north", "ana", LATER)
    past = school.past("north", "classes", "7b")
    assert [version["students"] for version in past] == [["ben"], [], ["ben"]]


def test_every_kind_of_fact_about_a_student_is_known_here():
    about = {kind for kind, fields in FIELDS.items() if "student" in fields}
    assert about == set(WISHES), "say in data/store/personal.py what becomes of it"


def test_no_row_of_any_table_names_an_erased_student(school):
    asked = {"student": "ana", "by": "ana", "asked_at": NOW.isoformat(), "message": "?"}
    school.put("north", "help", "help-1", asked, now=NOW)
    body = json.dumps({"student": "ana"})
    row = {"tenant": "north", "digest": "d", "request": "r", "body": body, "created_at": 0}
    day = {"day": "2026-09-01", "student": "ana", "skill": "ratio", "model": "m", "state": "secure"}
    numbers = {"p_mastery": 0.9, "low": 0.8, "high": 0.95, "n": 3}
    who = {"tenant": "north", "role": "student", "user": "ana", "now": NOW}
    school.create_account("ana", "correct horse battery", **who)
    school.create_reset("ana", NOW)
    with school._database.writing("north") as connection:
        connection.execute(insert(replies).values(row))
        connection.execute(insert(snapshots).values({"tenant": "north", **day, **numbers}))
    school.erase_student("north", "ana", LATER)
    with school._database.overseeing() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                said = row._mapping
                here = said.get("tenant") == "north"
                assert not here or "ana" not in json.dumps(dict(said), default=str), table.name


def test_no_trace_is_on_the_disk(sqlite_url, tmp_path):
    """The bytes of the file, its write-ahead log included."""
    with Store.open(sqlite_url) as store:
        store.put("north", "skills", "ratio", {}, now=NOW)
        store.put("north", "students", "zq-77-zq", {"name": "Zqx Alvarez"}, now=NOW)
        sent = [answer(i, "zq-77-zq", session="zq-essay") for i in range(200)]
        store.append("north", sent, NOW)
        assert any(b"zq-77-zq" in path.read_bytes() for path in tmp_path.iterdir())
        store.erase_student("north", "zq-77-zq", LATER)
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (b"zq-77-zq", b"Zqx Alvarez", b"zq-essay"):
        assert secret not in kept


def test_the_numbers_that_an_erased_student_took_along_are_not_missed(school, url):
    school.erase_student("north", "ana", LATER)
    school.append("north", [answer(5, "ben")], LATER)
    assert [check.name for check in verify_store(url) if check.wrong] == []


def test_nothing_slips_in_while_a_student_is_erased(store):
    """Deliveries and the erasure at once: whatever the order, nothing is left."""
    store.append("north", [answer(0)], NOW)
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(store.append, "north", [answer(i)], NOW) for i in range(1, 40)]
        erased = pool.submit(store.erase_student, "north", "ana", LATER)
        sent += [pool.submit(store.append, "north", [answer(i)], NOW) for i in range(40, 80)]
        statuses = {one.result()[0].status for one in sent}
    assert erased.result().events >= 1
    assert statuses <= {"accepted", "rejected"}
    assert not store.known_student("north", "ana")
