from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from data.store.writer import MOST_AT_ONCE, Writer


class Disk:
    """Doubles what it is given, one group at a time, each when it is let."""

    def __init__(self):
        self.groups = []
        self.busy, self.free = Event(), Event()

    def write(self, works):
        self.groups.append(list(works))
        self.busy.set()
        assert self.free.wait(10)
        if "bad" in works:
            raise OSError("disk full")
        return [2 * work for work in works]


@pytest.fixture
def disk():
    return Disk()


def test_what_comes_while_one_group_is_written_shares_the_next(disk):
    writer = Writer(disk.write)
    first = writer.submit(1)
    assert disk.busy.wait(10)
    rest = [writer.submit(n) for n in range(2, 12)]
    assert not first.group.done()
    disk.free.set()
    assert [pending.result() for pending in [first, *rest]] == [2 * n for n in range(1, 12)]
    assert disk.groups == [[1], list(range(2, 12))]
    writer.close()


def test_a_group_that_fails_fails_for_all_in_it_and_for_no_other(disk):
    writer = Writer(disk.write)
    first = writer.submit(1)
    assert disk.busy.wait(10)
    together = [writer.submit("bad"), writer.submit("good")]
    disk.free.set()
    assert first.result() == 2
    for pending in together:
        with pytest.raises(OSError, match="full"):
            pending.result()
    assert writer.submit(5).result() == 10
    writer.close()


def test_a_group_is_bounded(disk):
    writer = Writer(disk.write)
    writer.submit(0)
    assert disk.busy.wait(10)
    waiting = [writer.submit(n) for n in range(MOST_AT_ONCE + 1)]
    disk.free.set()
    assert [pending.result() for pending in waiting] == [2 * n for n in range(MOST_AT_ONCE + 1)]
    assert [len(group) for group in disk.groups] == [1, MOST_AT_ONCE, 1]
    writer.close()


def test_what_was_handed_in_is_written_before_it_closes_and_it_can_begin_anew(disk):
    disk.free.set()
    writer = Writer(disk.write)
    pending = [writer.submit(n) for n in range(50)]
    writer.close()
    assert all(one.group.done() for one in pending)
    assert writer.submit(4).result() == 8
    writer.close()


def test_senders_from_many_threads_each_get_their_own(disk):
    disk.free.set()
    writer = Writer(disk.write)
    with ThreadPoolExecutor(16) as senders:
        found = list(senders.map(lambda n: writer.submit(n).result(), range(2000)))
    assert found == [2 * n for n in range(2000)]
    writer.close()


def test_who_finds_nobody_writing_writes_and_whoever_comes_meanwhile_shares_the_next(disk):
    writer = Writer(disk.write)
    with ThreadPoolExecutor(3) as senders:
        first = senders.submit(writer.write, 1)
        assert disk.busy.wait(10)
        others = [writer.submit(2), writer.submit(3)]
        last = senders.submit(writer.write, 4)
        while len(writer._open.works) < 3:
            sleep(0.001)
        disk.free.set()
        assert (first.result(), last.result()) == (2, 8)
    assert [one.result() for one in others] == [4, 6]
    assert disk.groups == [[1], [2, 3, 4]]
    writer.close()


def test_a_write_that_fails_leaves_the_way_free(disk):
    disk.free.set()
    writer = Writer(disk.write)
    with pytest.raises(OSError, match="full"):
        writer.write("bad")
    assert writer.write(1) == 2
