"""Beliefs worked out a moment ago, kept while log, curriculum and model stay as they are.

A belief is a pure function of what its stamp names, so that nothing here can be stale: the stamp is
read from the log for each request, on every worker anew. Memory is bounded; what was used longest
ago goes first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from data.store import Stamp
from engine.beliefs import SkillBelief

from .followed import FollowedStudents

MOST_STUDENTS = 400
"""Some 15 kB each where a course has 200 skills, of which a student has practised 40."""

Beliefs = Mapping[str, SkillBelief]


class Basis(NamedTuple):
    """What a student's beliefs rest on: the same basis, the same beliefs."""

    stamp: Stamp  # the curriculum's revision, and the student's events
    traced: tuple[str, ...]  # the skills asked for
    model: str  # the version of the bundle: a hash of its content


class KeptBeliefs:
    """Beliefs by tenant and student, the last 400 used; safe to use from many threads.

    >>> kept = KeptBeliefs()
    >>> kept.keep("north", "ana", Basis(Stamp(1, 5, 9), (), "v1"), {})
    >>> kept.get("north", "ana", Basis(Stamp(1, 5, 9), (), "v1"))
    {}
    >>> kept.get("north", "ana", Basis(Stamp(1, 6, 10), (), "v1"))
    """

    def __init__(self, most: int = MOST_STUDENTS) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], tuple[Basis, Beliefs]] = OrderedDict()
        self._changing = threading.Lock()
        self.followed = FollowedStudents()

    def get(self, tenant: str, student: str, basis: Basis) -> Beliefs | None:
        """The beliefs, if they are those of this basis."""
        with self._changing:
            found = self._kept.get((tenant, student))
            if found is None or found[0] != basis:
                return None
            self._kept.move_to_end((tenant, student))
        return found[1]

    def keep(self, tenant: str, student: str, basis: Basis, beliefs: Beliefs) -> None:
        """They are known from now on, in place of whatever was known of the student before."""
        with self._changing:
            self._kept[tenant, student] = basis, beliefs
            self._kept.move_to_end((tenant, student))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
