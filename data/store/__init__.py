"""Where facts, events, decisions and credentials live: the only place with SQL.

`Store` is the entrance; its calls are described in `facts`, `log`, `decisions`, `credentials`.
"""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from .accounts import Account
from .audit import About, Deed, Noted, a_student
from .bodies import Body
from .connection import connect
from .credentials import Credentials
from .decisions import Decisions
from .erasing import Erasing
from .erasures import Erasure
from .events import NewEvent, Outcome
from .habits import Habits
from .histories import History, Stamp
from .jobs import Job, Jobs
from .keys import Key
from .log import BulkTally, Log
from .outcomes import Answer, Outcomes
from .personal import Personal
from .principals import Principal, Role
from .remembered import Remembered
from .replies import Replies, Reply
from .revision import NEWEST, revision
from .snapshots import Snapshots, Standing
from .wishes import Wishes, override_of, workshop_of
from .writer import Pending

__all__ = [
    "About",
    "Account",
    "Answer",
    "Body",
    "BulkTally",
    "Deed",
    "Erasure",
    "History",
    "Job",
    "Key",
    "NewEvent",
    "Noted",
    "Outcome",
    "Pending",
    "Principal",
    "Remembered",
    "Reply",
    "Role",
    "Stamp",
    "Standing",
    "Store",
    "Wishes",
    "a_student",
    "override_of",
    "workshop_of",
]


class Store(
    Log, Habits, Decisions, Outcomes, Credentials, Personal, Erasing, Replies, Jobs, Snapshots
):
    """Everything that is kept, in one database; safe to use from many threads and processes.

    >>> import tempfile
    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Store.open(f"sqlite:///{folder.name}/school.db") as store:
    ...     stored, created = store.put("school", "skills", "ratio", {"name": "Ratios"}, now=now)
    ...     sent = NewEvent("e1", "ana", skills=("ratio",), correct=1)
    ...     first, again = store.append("school", [sent, sent], now)
    ...     answers = store.responses("school", ["ana"])["ana"]
    >>> created, first.status, again.status, answers[0].skill
    (True, 'accepted', 'duplicate', 'ratio')
    >>> folder.cleanup()
    """

    @classmethod
    def open(cls, url: str) -> Self:
        """The store at a database address, created there or brought to the newest schema.

        Raises `InvalidInput` for an address that cannot be one, `Unavailable` for a database that
        cannot be reached or written to, or that a newer Trellis has migrated.
        """
        database = connect(url)
        with ExitStack() as undo:
            undo.callback(database.close)
            with database.writing() as connection:
                if revision(connection) != NEWEST:
                    from .migration import upgrade  # imports Alembic: only where it has work

                    upgrade(connection)
            database.exists()
            undo.pop_all()
        return cls(database)

    def close(self) -> None:
        """What was handed in is written, and every connection closed."""
        self._arrivals.close()
        self._decisions.close()
        self._readings.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
