"""A tenant's curriculum as it was at one revision, and what it becomes by a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.curriculum import Curriculum

from .bodies import THINGS, Thing, thing

Things = Mapping[str, Mapping[str, Thing]]  # kind → id → thing, in the order first put


@dataclass(frozen=True)
class Catalogue:
    """The things of a curriculum in the order they were first put, checked together.

    A `Curriculum` orders skills by their prerequisites; the order of arrival is kept beside it so
    that a catalogue changed step by step equals one read from the database anew.
    """

    revision: int
    things: Things
    curriculum: Curriculum

    @classmethod
    def of(cls, revision: int, facts: Iterable[tuple[str, str, Any]]) -> Catalogue:
        """The catalogue of facts (kind, id, body). Raises `InvalidInput` naming every fault."""
        things: dict[str, dict[str, Thing]] = {kind: {} for kind in THINGS}
        for kind, key, body in facts:
            things[kind][key] = thing(kind, key, body)
        return cls(revision, things, _curriculum(things))

    def with_facts(self, bodies: Mapping[str, Mapping[str, Any]]) -> Catalogue:
        """The next revision: facts (kind → id → body) put. Raises `InvalidInput` as `of` does."""
        things = {
            kind: {**known, **{key: thing(kind, key, b) for key, b in bodies.get(kind, {}).items()}}
            for kind, known in self.things.items()
        }
        return Catalogue(self.revision + 1, things, _curriculum(things))

    def without(self, kind: str, key: str) -> Catalogue:
        """The next revision: one thing that nothing mentions taken away."""
        rest = {name: one for name, one in self.things[kind].items() if name != key}
        things = {**self.things, kind: rest}
        return Catalogue(self.revision + 1, things, _curriculum(things))

    def mentions(self, kind: str, key: str) -> Iterator[str]:
        """Whatever points at a skill or an item, in words: 'item q7'."""
        for place, ids in self._pointers(kind):
            if key in ids:
                yield place

    def _pointers(self, kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        course = self.curriculum
        if kind == "skills":
            yield from ((f"skill {s.id}", s.prerequisites) for s in course.skills.values())
            yield from ((f"objective {o.id}", o.skills) for o in course.objectives.values())
            yield from ((f"item {i.id}", i.skills) for i in course.items.values())
            yield from ((f"activity {a.id}", a.skills) for a in course.activities.values())
        elif kind == "items":
            yield from ((f"activity {a.id}", a.items) for a in course.activities.values())


def _curriculum(things: Things) -> Curriculum:
    # Typed by kind: each dictionary holds what `THINGS` makes for its kind.
    skills: Any = things["skills"].values()
    objectives: Any = things["objectives"].values()
    items: Any = things["items"].values()
    activities: Any = things["activities"].values()
    return Curriculum.of(skills=skills, objectives=objectives, items=items, activities=activities)
