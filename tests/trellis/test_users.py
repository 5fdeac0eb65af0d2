"""`trellis user`: accounts of people, their passwords read and never shown."""

import io
from datetime import UTC, datetime

import pytest

from data.store import Store

PASSWORD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch):
    """Standard input of a script that hands in a password."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/trellis.db") as opened:
        yield opened


@pytest.fixture
def created(trellis, typed):
    typed(f"{PASSWORD}\n")
    return trellis(
        *("user", "create", "rivera", "--tenant", "lincoln", "--role", "teacher"),
        *("--user", "ms-rivera", "--json"),
    )


def test_an_account_signs_in(created, store):
    person = store.signed_in("rivera", PASSWORD)
    assert (person.tenant, person.role, person.user) == ("lincoln", "teacher", "ms-rivera")
    assert PASSWORD not in created.out + created.err


def test_accounts_are_listed(created, trellis):
    [user] = trellis("user", "list", "--tenant", "lincoln", "--json").json["users"]
    assert (user["name"], user["user"], user["state"]) == ("rivera", "ms-rivera", "signs in")


def test_a_new_password_ends_the_sessions_there_are(created, trellis, typed, store):
    now = datetime.now(UTC)
    session = store.open_session(store.signed_in("rivera", PASSWORD), now)
    typed("another long one\n")
    assert trellis("user", "password", "rivera", "--json").json["ended"] == 1
    assert store.session(session, now) is None
    assert store.signed_in("rivera", "another long one") is not None


def test_a_link_lets_somebody_choose_a_password_themselves(created, trellis, store):
    ran = trellis("user", "reset", "rivera", "--url", "https://trellis.example/", "--json")
    address, _, token = ran.json["link"].partition("?token=")
    assert address == "https://trellis.example/reset"
    store.use_reset(token, "another long one", datetime.now(UTC))
    assert store.signed_in("rivera", "another long one") is not None


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nobody"], "nobody"),
        (["rivera", "--hours", "0"], "life"),
        (["rivera", "--hours", "inf"], "--hours"),
    ],
)
def test_a_link_that_cannot_be_is_the_callers_fault(created, trellis, words, named):
    ran = trellis("user", "reset", *words)
    assert ran.status == 2
    assert named in ran.err


def test_a_disabled_account_signs_in_no_more(created, trellis, store):
    assert trellis("user", "disable", "rivera").status == 0
    assert store.signed_in("rivera", PASSWORD) is None


@pytest.mark.parametrize(
    ("words", "password", "named"),
    [
        (["create", "rivera", "--tenant", "t", "--role", "teacher"], PASSWORD, "rivera"),
        (["create", "new", "--tenant", "t", "--role", "teacher"], "short", "12"),
        (["create", "new", "--tenant", "t", "--role", "teacher"], "", "12"),
        (["create", "new", "--tenant", "t", "--role", "head"], PASSWORD, "head"),
        (["disable", "nobody"], "", "nobody"),
        (["password", "nobody"], PASSWORD, "nobody"),
    ],
)
def test_what_cannot_be_is_the_callers_fault(created, trellis, typed, words, password, named):
    typed(f"{password}\n")
    ran = trellis("user", *words)
    assert ran.status == 2
    assert named in ran.err
