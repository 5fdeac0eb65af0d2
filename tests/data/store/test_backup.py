"""Backups are whole, taken under load, and never written over anything."""

import threading
import zipfile
from datetime import UTC, datetime

import pytest

from data.store import NewEvent, Store
from data.store.backup import back_up, restore
from engine.errors import Conflict, InvalidInput

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def filled(store):
    for tenant in ("north", "south"):
        store.put(tenant, "skills", "ratio", {"name": "Größen\t\\n"}, now=NOW)
        store.put(tenant, "classes", "7b", {"students": ["ana"]}, now=NOW)
        store.append(tenant, [answer(n) for n in range(5)], NOW)
        store.save_recommendation(tenant, "r1", {"why": "because"})
    return store


def answer(number, **changes):
    return NewEvent(f"e{number}", "ana", ("ratio",), correct=number % 2, **changes)


@pytest.fixture
def elsewhere(url, request, tmp_path):
    """The address of another database of the same kind, with nothing in it."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/restored.db"
    return request.getfixturevalue("bare_postgres_url")


def kept(address):
    with Store.open(address) as store:
        return {
            tenant: (
                store.responses(tenant, ["ana"]),
                store.list(tenant, "skills"),
                store.list(tenant, "classes"),
                store.recommendation(tenant, "r1"),
                store.last_sequence(tenant),
            )
            for tenant in ("north", "south")
        }


def test_what_is_restored_is_what_was_kept(filled, url, elsewhere, tmp_path):
    made = back_up(url, tmp_path / "backup")
    assert made.events == 10
    assert restore(tmp_path / "backup", elsewhere).events == 10
    assert kept(elsewhere) == kept(url)


def test_a_restored_log_goes_on_where_it_stopped(filled, url, elsewhere, tmp_path):
    back_up(url, tmp_path / "backup")
    restore(tmp_path / "backup", elsewhere)
    with Store.open(elsewhere) as store:
        (new,) = store.append("north", [answer(99)], NOW)
        assert store.last_sequence("north") == filled.last_sequence("south") + 1
        (again,) = store.append("north", [answer(1)], NOW)
        assert (new.status, again.status) == ("accepted", "duplicate")


def test_a_restored_wall_between_tenants_stands(filled, url, elsewhere, tmp_path):
    back_up(url, tmp_path / "backup")
    restore(tmp_path / "backup", elsewhere)
    with Store.open(elsewhere) as store:
        assert store.responses("west", ["ana"]) == {"ana": []}
        assert not store.known_student("west", "ana")


def test_a_backup_under_load_holds_whole_batches(store, url, elsewhere, tmp_path):
    done = threading.Event()

    def send():
        batch = 0
        while not done.is_set():
            store.append("north", [answer(10 * batch + n) for n in range(10)], NOW)
            batch += 1

    sender = threading.Thread(target=send)
    sender.start()
    try:
        made = [back_up(url, tmp_path / f"backup-{n}") for n in range(3)]
    finally:
        done.set()
        sender.join()
    assert all(one.events % 10 == 0 for one in made)
    assert restore(tmp_path / "backup-2", elsewhere).events == made[-1].events


def test_neither_a_backup_nor_a_database_is_written_over(filled, url, tmp_path):
    back_up(url, tmp_path / "backup")
    before = (tmp_path / "backup").read_bytes()
    with pytest.raises(Conflict, match="exists"):
        back_up(url, tmp_path / "backup")
    with pytest.raises(Conflict, match=r"exists|holds rows"):
        restore(tmp_path / "backup", url)
    assert (tmp_path / "backup").read_bytes() == before
    assert kept(url)["north"][4] > 0


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_what_an_earlier_database_left_beside_it_is_never_mixed_in(sqlite_url, tmp_path, end):
    Store.open(sqlite_url).close()
    back_up(sqlite_url, tmp_path / "backup")
    (tmp_path / f"new.db{end}").write_bytes(b"of another database")
    with pytest.raises(Conflict, match=end):
        restore(tmp_path / "backup", f"sqlite:///{tmp_path}/new.db")
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("content", [b"", b"not a backup", b"SQLite format 3\x00 and no more"])
def test_what_is_no_backup_is_refused_and_nothing_is_left(url, elsewhere, tmp_path, content):
    (tmp_path / "backup").write_bytes(content)
    with pytest.raises(InvalidInput):
        restore(tmp_path / "backup", elsewhere)
    assert not (tmp_path / "restored.db").exists()
    assert [p.name for p in tmp_path.glob(".*")] == []


def test_a_damaged_table_of_a_copy_is_refused_whole(postgres_url, bare_postgres_url, tmp_path):
    with Store.open(postgres_url) as store:
        store.append("north", [answer(n) for n in range(5)], NOW)
    back_up(postgres_url, tmp_path / "whole")
    with (
        zipfile.ZipFile(tmp_path / "whole") as whole,
        zipfile.ZipFile(tmp_path / "cut", "w") as cut,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            short = content.splitlines(keepends=True)[:-1]
            cut.writestr(name, b"".join(short) if name == "events.copy" else content)
    with pytest.raises(InvalidInput, match="events"):
        restore(tmp_path / "cut", bare_postgres_url)
    with Store.open(bare_postgres_url) as store:
        assert store.last_sequence("north") == 0


def test_a_database_that_is_not_there_is_not_made_to_back_it_up(tmp_path):
    with pytest.raises(InvalidInput, match="existing"):
        back_up(f"sqlite:///{tmp_path}/nothing.db", tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_each_kind_of_backup_goes_back_into_its_kind(sqlite_url, tmp_path, postgres_url):
    Store.open(sqlite_url).close()
    back_up(sqlite_url, tmp_path / "one")
    back_up(postgres_url, tmp_path / "other")
    with pytest.raises(InvalidInput, match="PostgreSQL"):
        restore(tmp_path / "one", postgres_url)
    with pytest.raises(InvalidInput, match="SQLite"):
        restore(tmp_path / "other", f"sqlite:///{tmp_path}/new.db")
