from datetime import UTC, datetime

import pytest

from data.store import Principal, Role
from data.store.passwords import LEAST_LENGTH
from engine.errors import Conflict, InvalidInput, NotFound

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
PASSWORD = "correct horse battery"
RIVERA = Principal("t", Role.TEACHER, user="ms-rivera")
ISSUER = "https://id.example"


def create(store, name="rivera", **given):
    said = {"tenant": "t", "role": "teacher", "user": "ms-rivera", "now": NOW} | given
    return store.create_account(name, PASSWORD, **said)


def test_a_name_and_its_password_sign_in(store):
    assert create(store).person == RIVERA
    assert store.signed_in("rivera", PASSWORD) == RIVERA


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("rivera", "wrong"),
        ("nobody", PASSWORD),
        ("Rivera", PASSWORD),
        ("", ""),
        ("\ud800", "\ud800"),
        ("a\0b", "x" * 5000),
    ],
)
def test_nothing_else_does(store, name, password):
    create(store)
    assert store.signed_in(name, password) is None


def test_a_name_belongs_to_one_person_whatever_the_school(store):
    create(store)
    with pytest.raises(Conflict, match="rivera"):
        create(store, tenant="u")
    assert store.accounts("u") == []


def test_no_password_is_kept(store, tmp_path):
    create(store)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD.encode() not in kept


def test_a_disabled_account_signs_nobody_in_until_it_has_a_new_password(store):
    create(store)
    assert store.disable_account("rivera", NOW)[0].disabled
    assert store.signed_in("rivera", PASSWORD) is None
    store.set_password("rivera", "another long one", NOW)
    assert store.signed_in("rivera", PASSWORD) is None
    assert store.signed_in("rivera", "another long one") == RIVERA


@pytest.mark.parametrize("password", ["", "x" * (LEAST_LENGTH - 1), "x" * 300])
def test_a_password_has_a_length(store, password):
    with pytest.raises(InvalidInput, match="characters"):
        store.create_account("a", password, tenant="t", role="admin", now=NOW)


def test_a_name_is_no_password(store):
    with pytest.raises(InvalidInput, match="guess"):
        store.create_account(
            "ms-rivera-7b-north", "Ms-Rivera-7b-North", tenant="t", role="admin", now=NOW
        )


def test_an_account_that_is_not_there_is_named(store):
    with pytest.raises(NotFound, match="nobody"):
        store.disable_account("nobody", NOW)


def test_an_identity_stands_for_whom_it_was_linked_to_first(store):
    assert store.link_identity(ISSUER, "sub-1", RIVERA, NOW) == RIVERA
    renamed = Principal("t", Role.TEACHER, user="renamed")
    assert store.link_identity(ISSUER, "sub-1", renamed, NOW) == RIVERA
    assert store.link_identity(ISSUER, "sub-2", renamed, NOW) == renamed


def test_an_identity_has_the_role_of_today_s_rule(store):
    store.link_identity(ISSUER, "sub-1", Principal("t", Role.ADMIN, user="ms-rivera"), NOW)
    assert store.link_identity(ISSUER, "sub-1", RIVERA, NOW) == RIVERA


def test_an_identity_never_changes_its_tenant(store):
    store.link_identity(ISSUER, "sub-1", RIVERA, NOW)
    elsewhere = Principal("u", Role.TEACHER, user="ms-rivera")
    assert store.link_identity(ISSUER, "sub-1", elsewhere, NOW) is None


def test_who_somebody_is_leads_to_their_account(store):
    assert store.account_of(RIVERA) is None
    assert store.account_of(create(store).person).name == "rivera"
    assert store.account_of(Principal("u", Role.TEACHER, user="ms-rivera")) is None


def test_a_new_password_and_disabling_end_every_session(store):
    create(store)
    for change in (
        lambda: store.set_password("rivera", "another long one", NOW),
        lambda: store.disable_account("rivera", NOW),
    ):
        session = store.open_session(RIVERA, NOW)
        _, ended = change()
        assert ended == 1
        assert store.session(session, NOW) is None
