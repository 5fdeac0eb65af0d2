"""`trellis key create`: a secret shown once."""

import pytest

from data.store import Store


def test_the_key_printed_opens_the_tenants_door(trellis, tmp_path):
    ran = trellis("key", "create", "--tenant", "lincoln", "--role", "platform", "--json")
    with Store.open(f"sqlite:///{tmp_path}/trellis.db") as store:
        caller = store.principal(ran.json["key"])
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
