"""Students carried along between requests: one more answer costs one step, not the whole history.

Under a model whose skills move together an answer is taken in by every ability under every draw, so
that a thousand of them are dear. A student is kept as the state after all responses last read. If
those read now begin with the same ones the rest is taken in; after a late answer, a retraction, a
new mapping of items or another model the history is replayed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from engine.beliefs import SkillBelief
from engine.bundle import Bundle
from engine.responses import Response
from engine.together import Together

MOST_NUMBERS = 1_500_000
"""Kept per process: 12 MB, some 50 students who have practised 40 skills each."""

Key = tuple[str, str]  # tenant and student


class Followed(NamedTuple):
    """A student, and the responses that the state rests on."""

    responses: tuple[Response, ...]
    student: Together


class FollowedStudents:
    """The students followed last, up to a bound; safe to use from many threads."""

    def __init__(self, most: int = MOST_NUMBERS) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Followed] = OrderedDict()
        self._size = 0
        self._changing = threading.Lock()

    def beliefs(
        self, key: Key, responses: Sequence[Response], bundle: Bundle, skills: Sequence[str]
    ) -> dict[str, SkillBelief]:
        """What `engine.beliefs.student_beliefs` says of these responses, in their order."""
        student = self._after(key, tuple(responses), bundle)
        wanted = dict.fromkeys([*skills, *sorted(student.skills)])
        return student.belief_of(list(wanted))

    def _after(self, key: Key, responses: tuple[Response, ...], bundle: Bundle) -> Together:
        with self._changing:
            kept = self._kept.get(key)
        taken, student = kept or Followed((), Together(bundle))
        same = student.bundle.version == bundle.version and responses[: len(taken)] == taken
        if not same:
            taken, student = (), Together(bundle)
        student = student.after_all(responses[len(taken) :])
        self._keep(key, Followed(responses, student))
        return student

    def _keep(self, key: Key, followed: Followed) -> None:
        with self._changing:
            before = self._kept.pop(key, None)
            self._kept[key] = followed
            self._size += followed.student.size - (before.student.size if before else 0)
            while self._size > self._most and self._kept:
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.student.size
