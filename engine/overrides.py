"""A teacher's word against the model's: what is in force for one student, and what it outweighs.

An override is a fact beside the evidence. It changes what is decided and the word a state goes by,
never the estimate behind it, and it is never something that the student did.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from .beliefs import SkillBelief
from .curriculum import LEVELS, Activity, Curriculum
from .errors import Fault, InvalidInput

KINDS = ("pin", "exclude", "set_state", "move", "skip_prerequisite")
STATES = ("secure", "not_secure")
NEEDS: Mapping[str, tuple[frozenset[str], ...]] = {
    "pin": (frozenset({"activity"}), frozenset({"skill"})),
    "exclude": (frozenset({"activity"}), frozenset({"skill"})),
    "set_state": (frozenset({"skill", "state"}),),
    "move": (frozenset({"objective", "tier"}), frozenset({"grouping", "group"})),
    "skip_prerequisite": (frozenset({"skill"}), frozenset({"skill", "prerequisite"})),
}
"""Kind → the sets of fields that it may name: exactly one of these sets."""
SAID = (
    "activity",
    "skill",
    "state",
    "objective",
    "tier",
    "prerequisite",
    "grouping",
    "group",
)
OF_ONE_STUDENT = ("set_state", "move")
"""Kinds that say something of a student, and so cannot be said of a whole class at once."""


@dataclass(frozen=True, slots=True)
class Override:
    """What a teacher said, of whom, why and until when.

    pin                the activity, or the best one on the skill, comes first until it is done
    exclude            the activity, or every one that works on the skill, is not served
    set_state          the skill counts as secure, or as not secure
    move               the student sits in this tier of the objective, or in the group of this
                       number of a grouping
    skip_prerequisite  the skill does not wait for the prerequisite, or for any

    It concerns one student, or everybody in a class. `expires_at`: from then on it no longer holds.
    `done`: students who have done what was pinned, said so because no answer could show it.
    """

    id: str
    kind: str
    said_at: datetime
    expires_at: datetime
    student: str | None = None
    class_id: str | None = None
    activity: str | None = None
    skill: str | None = None
    state: str | None = None
    objective: str | None = None
    tier: str | None = None
    prerequisite: str | None = None
    reason: str = ""
    by: str = ""
    grouping: str | None = None
    group: int | None = None
    done: tuple[str, ...] = ()

    def checked(self, curriculum: Curriculum) -> Override:
        """The same override, once everything it says fits its kind and is known to exist.

        Raises `InvalidInput` naming every fault.
        """
        faults = list(self.faults(curriculum))
        if faults:
            raise InvalidInput(faults)
        return self

    def faults(self, curriculum: Curriculum) -> Iterator[Fault]:
        """Everything that keeps it from meaning something, one after the other."""
        yield from _of_form(self)
        yield from _unknown(self, curriculum)

    @property
    def topic(self) -> Hashable:
        """What it is about: of two overrides on one topic, the newer holds."""
        if self.kind in ("pin", "exclude"):
            return "order", self.activity, self.skill
        if self.kind == "skip_prerequisite":
            return self.kind, self.skill, self.prerequisite
        return self.kind, self.skill or self.objective or ("grouping", self.grouping)

    @property
    def age(self) -> tuple[datetime, str]:
        """By which the newer of two is told; the id settles ties, so no order of arrival does."""
        return self.said_at, self.id


class Displaced(NamedTuple):
    """An override that a newer one contradicts, and that one."""

    older: Override
    newer: Override


@dataclass(frozen=True)
class Rulings:
    """The overrides in force for one student at one time, each kind where it is looked for.

    pins     the newest first
    states   skill → what was said of it; `moves` objective → the tier the student sits in;
             `seats` grouping → the group
    displaced  what newer overrides contradict: not in force
    """

    pins: tuple[Override, ...] = ()
    exclusions: tuple[Override, ...] = ()
    states: Mapping[str, Override] = field(default_factory=dict)
    moves: Mapping[str, Override] = field(default_factory=dict)
    skips: tuple[Override, ...] = ()
    displaced: tuple[Displaced, ...] = ()
    seats: Mapping[str, Override] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Override, ...]:
        """Everything in force."""
        of_skills = (*self.states.values(), *self.moves.values(), *self.seats.values())
        return (*self.pins, *self.exclusions, *of_skills, *self.skips)

    def excluding(self, activity: Activity) -> Override | None:
        """The exclusion that keeps an activity from being served; None where it may be.

        A pin newer than the exclusion of a skill frees the activity that it names, no other.
        """
        if not self.exclusions or any(pin.activity == activity.id for pin in self.pins):
            return None
        found = [one for one in self.exclusions if _concerns(one, activity)]
        return max(found, key=lambda one: one.age, default=None)

    def skips_prerequisite(self, skill: str, prerequisite: str) -> bool:
        """Whether the skill need not wait for this prerequisite."""
        return any(
            one.skill == skill and one.prerequisite in (None, prerequisite) for one in self.skips
        )


NO_RULINGS = Rulings()


def rulings(
    overrides: Iterable[Override],
    curriculum: Curriculum,
    *,
    student: str,
    at: datetime,
    classes: Collection[str] = (),
) -> Rulings:
    """What is in force for a student, who sits in `classes`, at a time.

    Overrides of others, of other times, and those that cannot be meant (any more: the curriculum
    may have lost what they name) are passed over, and so are pins that the student has done.

    >>> from datetime import timedelta, timezone
    >>> from engine.curriculum import Skill
    >>> at = datetime(2026, 9, 1, tzinfo=timezone.utc)
    >>> until, course = at + timedelta(days=7), Curriculum.of(skills=[Skill("ratio")])
    >>> said = [Override("o1", "exclude", at, until, student="ana", skill="ratio"),
    ...         Override("o2", "pin", at, until, class_id="7b", skill="ratio")]
    >>> found = rulings(said, course, student="ana", at=at, classes=("7b",))
    >>> [one.id for one in found.all], [one.older.id for one in found.displaced]
    (['o2'], ['o1'])
    """
    concerned = [
        one
        for one in overrides
        if (one.student == student or (one.class_id is not None and one.class_id in classes))
        and one.said_at <= at < one.expires_at
        and student not in one.done
        and not any(one.faults(curriculum))
    ]
    held, displaced = _newest(sorted(concerned, key=lambda one: one.age, reverse=True))
    gone = [*displaced, *_pins_excluded(held, curriculum)]
    lost = {one.older.id for one in gone}
    return _sorted_out([one for one in held if one.id not in lost], tuple(gone))


def ruled(beliefs: Mapping[str, SkillBelief], said: Rulings) -> dict[str, SkillBelief]:
    """The beliefs with the teacher's word for a state, marked; the estimates stay as they are."""
    found = dict(beliefs)
    for skill, override in said.states.items():
        if skill in found:
            found[skill] = _with_word(found[skill], override)
    return found


def _with_word(belief: SkillBelief, override: Override) -> SkillBelief:
    state = belief.model_state or belief.state
    word = "secure"
    if override.state != "secure":
        # what the model says already is not secure need not be made out worse, or better
        word = "developing" if state in ("secure", "review_due") else state
    return replace(belief, state=word, override=override.id, model_state=state)


def _of_form(one: Override) -> Iterator[Fault]:
    if one.kind not in KINDS:
        yield Fault("kind", str(one.kind), f"one of {', '.join(KINDS)}")
        return
    said = frozenset(name for name in SAID if getattr(one, name) is not None)
    if said not in NEEDS[one.kind]:
        wanted = " or ".join(" and ".join(sorted(names)) for names in NEEDS[one.kind])
        yield Fault(one.kind, ", ".join(sorted(said)) or "nothing", f"{wanted}, and no other")
    if (one.student is None) == (one.class_id is None):
        named = "both" if one.student is not None else "neither"
        yield Fault("student", named, "either a student or a class")
    elif one.class_id is not None and one.kind in OF_ONE_STUDENT:
        yield Fault("class", one.class_id, "a student: this is said of one at a time")
    if one.state is not None and one.state not in STATES:
        yield Fault("state", one.state, f"one of {', '.join(STATES)}")
    if one.tier is not None and one.tier not in LEVELS:
        yield Fault("tier", one.tier, f"one of {', '.join(LEVELS)}")
    if one.group is not None and one.group < 0:
        yield Fault("group", str(one.group), "the number of a group, from 0")
    if one.expires_at <= one.said_at:
        yield Fault("expires_at", one.expires_at.isoformat(), "a time to come")


def _unknown(one: Override, curriculum: Curriculum) -> Iterator[Fault]:
    known: Mapping[str, Collection[str]] = {
        "skill": curriculum.skills,
        "activity": curriculum.activities,
        "objective": curriculum.objectives,
    }
    for name, things in known.items():
        said = getattr(one, name)
        if said is not None and said not in things:
            yield Fault(name, said, f"the id of {'an' if name != 'skill' else 'a'} {name}")
    skill = curriculum.skills.get(one.skill or "")
    if one.prerequisite is not None and skill is not None:
        needed = skill.prerequisites
        if one.prerequisite not in needed:
            expected = f"a prerequisite of {one.skill}: {', '.join(needed) or 'it has none'}"
            yield Fault("prerequisite", one.prerequisite, expected)


def _newest(newest_first: Iterable[Override]) -> tuple[list[Override], list[Displaced]]:
    """Of each topic the newest; older ones that said something else are displaced by it."""
    held: dict[Hashable, Override] = {}
    displaced = []
    for one in newest_first:
        newer = held.setdefault(one.topic, one)
        if newer is not one and _said(newer) != _said(one):
            displaced.append(Displaced(one, newer))
    return list(held.values()), displaced


def _said(one: Override) -> tuple[object, ...]:
    return one.kind, one.state, one.tier, one.group


def _pins_excluded(held: Sequence[Override], curriculum: Curriculum) -> Iterator[Displaced]:
    """Pinned activities that work on a skill excluded since."""
    exclusions = tuple(one for one in held if one.kind == "exclude")
    for pin in held:
        if pin.kind == "pin" and pin.activity is not None:
            newer = Rulings(exclusions=tuple(one for one in exclusions if one.age > pin.age))
            found = newer.excluding(curriculum.activities[pin.activity])
            if found is not None:
                yield Displaced(pin, found)


def _concerns(exclusion: Override, activity: Activity) -> bool:
    return exclusion.activity == activity.id or exclusion.skill in activity.skills


def _sorted_out(held: Iterable[Override], displaced: tuple[Displaced, ...]) -> Rulings:
    kinds: dict[str, list[Override]] = {kind: [] for kind in KINDS}
    for one in held:
        kinds[one.kind].append(one)
    return Rulings(
        pins=tuple(kinds["pin"]),
        exclusions=tuple(kinds["exclude"]),
        states={one.skill: one for one in kinds["set_state"] if one.skill is not None},
        moves={one.objective: one for one in kinds["move"] if one.objective is not None},
        skips=tuple(kinds["skip_prerequisite"]),
        displaced=displaced,
        seats={one.grouping: one for one in kinds["move"] if one.grouping is not None},
    )
