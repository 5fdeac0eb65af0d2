"""Who must sit apart and who together, and which of that cannot be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from .errors import Fault, InvalidInput

NO_LOCKS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SeatWishes:
    """A teacher's wishes for the groups of a class.

    apart     pairs (or more, each from each) who must not share a group
    together  students who must share one
    locked    student → number of the group they must sit in
    """

    apart: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    locked: Mapping[str, int] = field(default_factory=lambda: NO_LOCKS)

    def checked(self, students: Sequence[str], groups: int) -> SeatWishes:
        """The same wishes, once everybody named is in the class and every group there.

        Raises `InvalidInput` naming every fault.
        """
        faults = list(self._faults(frozenset(students), groups))
        if faults:
            raise InvalidInput(faults)
        return self

    def _faults(self, students: frozenset[str], groups: int) -> Iterable[Fault]:
        for place, sets in (("apart", self.apart), ("together", self.together)):
            for number, named in enumerate(sets):
                for one in named:
                    if one not in students:
                        yield Fault(f"{place}.{number}", one, "the id of a student of the class")
        for student, group in self.locked.items():
            if student not in students:
                yield Fault("locked", student, "the id of a student of the class")
            if not 0 <= group < max(groups, 1):
                expected = f"the number of a group, from 0 to {max(groups - 1, 0)}"
                yield Fault(f"locked, {student}", str(group), expected)


def units(students: Sequence[str], wishes: SeatWishes) -> list[tuple[str, ...]]:
    """The students in units that stay together, in class order; wishes that overlap join up.

    Whoever is locked to another group than their companions leaves the unit: a lock is a place
    that the teacher gave by name.

    >>> units(["a", "b", "c", "d"], SeatWishes(together=(("d", "a"),)))
    [('a', 'd'), ('b',), ('c',)]
    """
    leader = {one: one for one in students}

    def lead(one: str) -> str:
        while leader[one] != one:
            one = leader[one]
        return one

    for named in wishes.together:
        for one in named[1:]:
            if wishes.locked.get(one) == wishes.locked.get(named[0]):
                leader[lead(one)] = lead(named[0])
    found: dict[str, list[str]] = {}
    for one in students:
        found.setdefault(lead(one), []).append(one)
    return [tuple(some) for some in found.values()]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that the groups do not grant: which, whom it names, and why it could not be had."""

    wish: str
    students: tuple[str, ...]
    why: str


def unmet(wishes: SeatWishes, groups: Sequence[Sequence[str]]) -> tuple[Unmet, ...]:
    """The wishes that a seating does not grant, each with what stands in its way."""
    place = {student: number for number, some in enumerate(groups) for student in some}
    found = [*_not_apart(wishes, place, len(groups)), *_not_together(wishes, place, groups)]
    return tuple(dict.fromkeys(found))


def _not_apart(wishes: SeatWishes, place: Mapping[str, int], groups: int) -> Iterable[Unmet]:
    together = [frozenset(named) for named in wishes.together]
    for named in wishes.apart:
        for number, one in enumerate(named):
            for other in named[:number]:
                if other == one or place.get(one) is None or place.get(one) != place.get(other):
                    continue
                if any({one, other} <= some for some in together):
                    why = "they are also to be together"
                elif one in wishes.locked and other in wishes.locked:
                    why = "both are locked to this group"
                elif len(set(named)) > groups:
                    why = f"{len(set(named))} students apart from each other, {groups} groups"
                else:
                    why = "no seating was found in which everybody named sits apart"
                yield Unmet("apart", (other, one), why)


def _not_together(
    wishes: SeatWishes, place: Mapping[str, int], groups: Sequence[Sequence[str]]
) -> Iterable[Unmet]:
    largest = max(map(len, groups), default=0)
    for named in wishes.together:
        if len({place.get(one) for one in named}) <= 1:
            continue
        if len({wishes.locked[one] for one in named if one in wishes.locked}) > 1:
            why = "they are locked to different groups"
        elif len(set(named)) > largest:
            why = f"{len(set(named))} students, and no group holds more than {largest}"
        else:
            why = "no group has room for all of them beside the others kept together"
        yield Unmet("together", named, why)
