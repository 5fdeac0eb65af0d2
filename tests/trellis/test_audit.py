"""`trellis audit`: what was done, without a name, and forgotten only when it is old."""

from datetime import UTC, datetime, timedelta

import pytest

from data.store import Deed, Principal, Role, Store, a_student

RIVERA = Principal("t", Role.TEACHER, user="ms-rivera")
NOW = datetime.now(UTC)


@pytest.fixture
def noted(tmp_path):
    """A log of three rows, one of them old."""
    with Store.open(f"sqlite:///{tmp_path}/trellis.db") as store:
        about = a_student("t", "ana")
        store.note(Deed.READ_STUDENT, NOW - timedelta(days=800), by=RIVERA, about=about)
        store.note(Deed.EXPORT_STUDENT, NOW - timedelta(days=2), by=RIVERA, about=about)
        store.create_key("t", "data", NOW)


def test_the_log_is_listed_without_a_name(trellis, noted):
    ran = trellis("audit", "--tenant", "t")
    assert [line.split()[1] for line in ran.out.splitlines()] == [
        "deed",
        "read-student",
        "export-student",
        "create-key",
    ]
    assert "rivera" not in ran.out


def test_it_can_be_asked_about_somebody(trellis, noted):
    for words, count in (
        (["--student", "ana"], 2),
        (["--user", "ms-rivera"], 2),
        (["--deed", "create-key"], 1),
        (["--since", f"{(NOW - timedelta(days=3)).date()}"], 2),
    ):
        assert len(trellis("audit", "--tenant", "t", *words, "--json").json["audit"]) == count


def test_what_is_old_enough_is_forgotten(trellis, noted):
    day = f"{(NOW - timedelta(days=400)).date()}"
    ran = trellis("audit", "--tenant", "t", "--forget-before", day, "--json")
    assert ran.json == {"forgotten": 1}
    assert len(trellis("audit", "--tenant", "t", "--json").json["audit"]) == 2


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--since", "yesterday"], "--since"),
        (["--deed", "sang"], "deed"),
        (["--forget-before", f"{NOW.date()}"], "a year at least"),
    ],
)
def test_what_cannot_be_is_the_callers_fault(trellis, noted, words, named):
    ran = trellis("audit", "--tenant", "t", *words)
    assert ran.status == 2
    assert named in ran.err
