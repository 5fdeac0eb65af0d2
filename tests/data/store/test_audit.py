"""The audit log says who did what to whom, names nobody, and is only ever added to."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.store import About, Deed, NewEvent, Principal, Role, a_student
from engine.errors import InvalidInput, TrellisError

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
RIVERA = Principal("t", Role.TEACHER, user="ms-rivera")
PASSWORD = "correct horse battery"


def deeds(store, **chosen):
    return [str(one.deed) for one in store.audit("t", **chosen)]


def account(store):
    store.create_account("rivera", PASSWORD, tenant="t", role="teacher", user="ms-rivera", now=NOW)


def test_what_is_done_to_credentials_is_noted(store):
    account(store)
    store.create_key("t", "data", NOW, user="dr-lee", scopes=["read-model"])
    [key] = store.keys("t")
    store.rotate_key(key.id, NOW, overlap=timedelta(0))
    store.revoke_key(key.id, NOW)
    store.open_session(RIVERA, NOW)
    store.set_password("rivera", "another long one", NOW, by=RIVERA)
    store.disable_account("rivera", NOW)
    assert deeds(store) == [
        "create-account",
        "create-key",
        "rotate-key",
        "revoke-key",
        "sign-in",
        "change-password",
        "disable-account",
    ]
    made = store.audit("t", deed="create-key")[0]
    assert (made.role, made.actor, made.about) == ("operator", None, key.id)
    assert made.detail == "data: read-model"


def test_a_wrong_password_is_noted_for_its_school_and_an_unknown_name_for_none(store):
    account(store)
    for name in ("rivera", "nobody", "\ud800"):
        store.note_wrong_password(name, "10.0.0.1", NOW)
    assert deeds(store) == ["create-account", "sign-in-refused"]


def test_a_role_that_changed_is_noted_once(store):
    for role in (Role.ADMIN, Role.TEACHER, Role.TEACHER):
        store.link_identity("https://id", "7", Principal("t", role, user="ms-rivera"), NOW)
    [change] = store.audit("t")
    assert (change.deed, change.detail) == (Deed.CHANGE_ROLE, "admin to teacher")


def test_nobody_is_named(store):
    account(store)
    store.open_session(RIVERA, NOW)
    store.note(Deed.EXPORT_STUDENT, NOW, by=RIVERA, about=a_student("t", "ana"))
    for one in store.audit("t"):
        shown = f"{one.actor} {one.about} {one.detail}"
        assert not any(name in shown for name in ("rivera", "ana"))


def test_who_knows_an_id_finds_what_happened_to_it(store):
    account(store)
    secret = store.create_key("t", "teacher", NOW, user="ms-rivera")
    key = store.principal(secret, NOW)
    store.note(Deed.EXPORT_STUDENT, NOW, by=key, about=a_student("t", "ana"))
    store.note(Deed.ERASE_STUDENT, NOW, by=RIVERA, about=a_student("t", "ben"))
    assert deeds(store, student="ana") == ["export-student"]
    assert deeds(store, user="ms-rivera")[-2:] == ["export-student", "erase-student"]
    assert deeds(store, user="somebody-else") == []


def test_pages_follow_each_other_without_a_gap(store):
    for minute in range(7):
        moment = NOW + timedelta(minutes=minute)
        store.note(Deed.READ_CLASS, moment, by=RIVERA, about=About("class", str(minute)))
    seen, after = [], 0
    while page := store.audit("t", after=after, limit=3):
        seen += [one.about for one in page]
        after = page[-1].sequence
    assert seen == [str(minute) for minute in range(7)]
    assert len(store.audit("t", since=NOW + timedelta(minutes=5))) == 2


def test_another_tenant_s_log_is_not_shown(store):
    account(store)
    assert store.audit("u") == []


def test_it_survives_an_erasure_and_leads_to_nobody(store):
    store.put("t", "skills", "a", {}, now=NOW)
    store.append("t", [NewEvent("e1", "ana", ("a",), correct=1)], NOW)
    store.note(Deed.EXPORT_STUDENT, NOW, by=RIVERA, about=a_student("t", "ana"))
    store.erase_student("t", "ana", NOW, by=RIVERA)
    assert deeds(store, student="ana") == ["export-student", "erase-student"]


def test_somebody_s_export_says_who_looked_at_them(store):
    store.put("t", "students", "ana", {"name": "Ana"}, now=NOW)
    store.note(Deed.READ_STUDENT, NOW, by=RIVERA, about=a_student("t", "ana"))
    [entry] = store.personal_record("t", "ana")["audit"]
    assert entry == {"at": NOW.isoformat(), "deed": "read-student", "role": "teacher"}


def test_that_somebody_looked_is_noted_without_anybody_waiting(store, url):
    store.note_reading(Deed.READ_STUDENT, NOW, by=RIVERA, about=a_student("t", "ana"))
    store._readings.close()
    assert deeds(store, student="ana") == ["read-student"]


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET role = 'nobody'", "DELETE FROM audit WHERE tenant = 't'"]
)
def test_the_database_itself_changes_and_deletes_nothing(store, url, change):
    store.note(Deed.READ_CLASS, datetime.now(UTC), by=RIVERA)
    before = store.audit("t")
    refused = IntegrityError if url.startswith("sqlite") else ()
    with suppress(refused), store._database.writing("t") as connection:
        connection.execute(text(change))
    assert store.audit("t") == before


def test_only_what_is_older_than_a_year_is_forgotten(store):
    now = datetime.now(UTC)
    for days in (400, 300):
        store.note(Deed.READ_CLASS, now - timedelta(days=days), by=RIVERA)
    with pytest.raises(InvalidInput, match="a year at least"):
        store.forget_audit("t", now - timedelta(days=364), now)
    assert store.forget_audit("t", now - timedelta(days=366), now) == 1
    assert len(store.audit("t")) == 1


@pytest.mark.parametrize("asked", [{"limit": 0}, {"deed": "sang"}, {"limit": 10_000}])
def test_what_cannot_be_asked_is_named(store, asked):
    with pytest.raises(TrellisError, match=next(iter(asked))):
        store.audit("t", **asked)
