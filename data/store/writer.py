"""The group commit: whatever senders hand in while one commit is under way shares the next.

Reaching the disk takes milliseconds, however little is written. One thread takes everything that
is waiting, writes it in one transaction, and tells all its senders once that is on the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, NamedTuple, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")
MOST_AT_ONCE = 256  # pieces of work in one transaction: the first waits for the last of them


class Pending(NamedTuple, Generic[Out]):
    """What will become of a piece of work: its place among the results of its group."""

    group: Future[Sequence[Out]]
    place: int

    def result(self) -> Out:
        """What became of it, once that is known. Raises whatever kept the group from the disk."""
        return self.group.result()[self.place]


class _Group(Generic[In, Out]):
    """Work that is written together."""

    def __init__(self) -> None:
        self.works: list[In] = []
        self.future: Future[Sequence[Out]]


class Writer(Generic[In, Out]):
    """Hands work, grouped, to a function that does all of a group or none of it.

    >>> writer = Writer(lambda group: [word.upper() for word in group])
    >>> first, second = writer.submit("kept"), writer.submit("twice")
    >>> first.result(), second.result(), writer.write("now")
    ('KEPT', 'TWICE', 'NOW')
    >>> writer.close()
    """

    def __init__(self, write: Callable[[Sequence[In]], Sequence[Out]]) -> None:
        self._write = write
        self._joining = threading.Lock()
        self._writing = threading.Lock()
        self._open: _Group[In, Out] | None = None
        self._thread: ThreadPoolExecutor | None = None

    def submit(self, work: In) -> Pending[Out]:
        """Joins the group that is written next; it is known at once where, and later what."""
        with self._joining:
            group = self._open
            if group is None or len(group.works) >= MOST_AT_ONCE:
                group = self._open = _Group()
                group.future = self._started().submit(self._run, group)
            group.works.append(work)
            return Pending(group.future, len(group.works) - 1)

    def write(self, work: In) -> Out:
        """What became of it, in the end: done by this thread where nobody is writing, for to hand
        it on and wait costs more than a small write; else with the group that is written next."""
        if not self._writing.acquire(blocking=False):
            return self.submit(work).result()
        try:
            return self._write([work])[0]
        finally:
            self._writing.release()

    def close(self) -> None:
        """What was handed in is written; a later `submit` begins anew."""
        with self._joining:
            thread, self._thread = self._thread, None
            self._open = None
        if thread is not None:
            thread.shutdown()

    def _started(self) -> ThreadPoolExecutor:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "writer")
        return self._thread

    def _run(self, group: _Group[In, Out]) -> Sequence[Out]:
        with self._writing:
            with self._joining:  # from here on nobody joins it
                if self._open is group:
                    self._open = None
            return self._write(group.works)
