"""`trellis key`: a secret shown once, listed without it, replaced and revoked."""

from datetime import UTC, datetime

import pytest

from data.store import Store


def test_the_key_printed_opens_the_tenants_door(trellis, tmp_path):
    ran = trellis("key", "create", "--tenant", "lincoln", "--role", "platform", "--json")
    with Store.open(f"sqlite:///{tmp_path}/trellis.db") as store:
        caller = store.principal(ran.json["key"], datetime.now(UTC))
    assert (caller.tenant, caller.role) == ("lincoln", "platform")


def test_without_json_the_key_alone_is_on_stdout(trellis):
    ran = trellis("key", "create", "--tenant", "lincoln", "--role", "admin")
    assert ran.out.startswith("trellis_")
    assert ran.out.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--tenant", "lincoln", "--role", "headmaster"], "headmaster"),
        (["--tenant", "", "--role", "admin"], "tenant"),
        (["--role", "admin"], "--tenant"),
        (["--tenant", "t", "--role", "admin", "--database", "carrier pigeon"], "database URL"),
    ],
)
def test_bad_words_are_named(trellis, words, named):
    ran = trellis("key", "create", *words)
    assert ran.status == 2
    assert named in ran.err


def created(trellis, *more):
    return trellis("key", "create", "--tenant", "lincoln", "--role", "platform", *more, "--json")


def listed(trellis):
    return trellis("key", "list", "--tenant", "lincoln", "--json").json["keys"]


def test_a_list_says_everything_but_the_secret(trellis):
    secret = created(
        trellis, "--scopes", "send-events,recommend", "--days", "30", "--user", "x", "--label", "y"
    ).json["key"]
    [key] = listed(trellis)
    assert (key["scopes"], key["user"], key["label"]) == ("recommend,send-events", "x", "y")
    assert (key["state"], key["last used"]) == ("opens", None)
    assert key["expires"] > key["created"]
    assert secret not in trellis("key", "list", "--tenant", "lincoln").out


def test_a_key_is_replaced_then_revoked(trellis):
    created(trellis)
    [old] = listed(trellis)
    new = trellis("key", "rotate", old["id"], "--overlap", "0", "--json")
    assert new.json["replaces"] == old["id"]
    states = {key["id"]: key["state"] for key in listed(trellis)}
    assert states.pop(old["id"]) == "expired"
    [(id, state)] = states.items()
    assert state == "opens"
    assert trellis("key", "revoke", id).status == 0
    assert {key["state"] for key in listed(trellis)} == {"expired", "revoked"}


@pytest.mark.parametrize(
    "words",
    [
        ["key", "create", "--tenant", "t", "--role", "data", "--scopes", "send-events"],
        ["key", "create", "--tenant", "t", "--role", "platform", "--scopes", ""],
        ["key", "create", "--tenant", "t", "--role", "platform", "--days", "0"],
        ["key", "create", "--tenant", "t", "--role", "platform", "--days", "1e300"],
        ["key", "create", "--tenant", "t", "--role", "platform", "--days", "nan"],
        ["key", "rotate", "key_none"],
        ["key", "rotate", "key_none", "--overlap", "-1"],
        ["key", "revoke", "key_none"],
    ],
)
def test_what_cannot_be_is_the_callers_fault(trellis, words):
    assert trellis(*words).status == 2
