"""A lesson of so many minutes: who does what when, and where the teacher is.

First together, then in groups on the objective, then each on their own, last a short check. How
much of the time belongs to the groups is the class policy's to say; what each group does comes
from its materials, and the teacher goes where most is to be gained.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import NamedTuple

from .curriculum import LEVELS, Activity, Curriculum
from .group_quality import Visit
from .tiers import Group, Grouping

OPENING_SHARE, LONGEST_OPENING = 0.1, 5.0  # of the lesson; minutes
CHECK_MINUTES = 5.0
SHORTEST_LESSON = 15.0  # minutes; below, there is no time for opening and check
SHORTEST_BLOCK = 5.0
DEFAULT_TIERED = 0.5  # share of the time after the opening that belongs to the groups
NO_CHOICES: Mapping[str, str] = {}
NO_GAINS: Mapping[str, Mapping[str, float]] = {}


@dataclass(frozen=True, slots=True)
class Task:
    """What some students do in a block: an activity, or in words where there is none."""

    students: tuple[str, ...]
    group: int | None
    activity: str | None
    minutes: float
    with_teacher: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the lesson: `together`, `groups`, `personal` or `check`."""

    kind: str
    start: float
    minutes: float
    tasks: tuple[Task, ...]
    teacher: int | None = None
    teach: str | None = None


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A lesson. status: `ok`, `too_short` or `nobody`; where it is not ok there are no blocks.

    without_tools  activity → what it needs and is not at hand, so that it is in no block
    """

    status: str
    minutes: float
    blocks: tuple[Block, ...]
    without_material: tuple[int, ...] = ()
    without_tools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def session_plan(
    curriculum: Curriculum,
    grouping: Grouping,
    *,
    minutes: float,
    visits: Sequence[Visit] = (),
    tiered: float = DEFAULT_TIERED,
    personal: Mapping[str, str] = NO_CHOICES,
    gains: Mapping[str, Mapping[str, float]] = NO_GAINS,
    tools: Collection[str] | None = None,
) -> SessionPlan:
    """The plan of one lesson. `personal`: what each student would do next on their own; `gains`:
    what each would gain of being taught each skill; `tools`: what is at hand (None: everything).

    `tiered` is the share of time for the groups, the rest is personal; a part too short to be of
    use goes to the other. The blocks' minutes sum to the lesson's.

    >>> session_plan(Curriculum.of(), Grouping("o", (), ()), minutes=45).status
    'nobody'
    """
    everybody = _everybody(grouping)
    if not everybody:
        return SessionPlan("nobody", minutes, ())
    if minutes < SHORTEST_BLOCK:
        return SessionPlan("too_short", minutes, ())
    room = Room(curriculum, gains, None if tools is None else frozenset(tools))
    parts = _parts(minutes, tiered)
    blocks = tuple(_blocks(room, grouping, parts, visits=visits, personal=personal))
    bare = tuple(n for n, group in enumerate(grouping.groups) if _bare(room, group))
    return SessionPlan("ok", minutes, blocks, bare, _without_tools(room, grouping))


class Room(NamedTuple):
    """What a lesson has to go by beside its groups: see `session_plan`."""

    curriculum: Curriculum
    gains: Mapping[str, Mapping[str, float]]
    tools: frozenset[str] | None

    def missing(self, activity: Activity) -> tuple[str, ...]:
        """What the activity needs and is not at hand."""
        return tuple(t for t in activity.tools if self.tools is not None and t not in self.tools)

    def gain(self, student: str, activity: Activity) -> float:
        """What a student would gain of the skills that an activity teaches."""
        mine = self.gains.get(student, {})
        return sum(mine.get(skill, 0.0) for skill in dict.fromkeys(activity.skills))


@dataclass(frozen=True, slots=True)
class _Parts:
    opening: float
    groups: float
    personal: float
    check: float


def _parts(minutes: float, tiered: float) -> _Parts:
    """How the lesson is divided, in whole minutes but for what is left over."""
    opening = check = 0.0
    if minutes >= SHORTEST_LESSON:
        opening = float(floor(min(minutes * OPENING_SHARE, LONGEST_OPENING)))
        check = CHECK_MINUTES if minutes >= 2 * SHORTEST_LESSON else 0.0
    rest = minutes - opening - check
    groups = float(round(rest * tiered))
    if groups < SHORTEST_BLOCK:
        groups = 0.0
    elif rest - groups < SHORTEST_BLOCK:
        groups = rest
    return _Parts(opening, groups, rest - groups, check)


def _blocks(
    room: Room,
    grouping: Grouping,
    parts: _Parts,
    *,
    visits: Sequence[Visit],
    personal: Mapping[str, str],
) -> Iterator[Block]:
    everybody, start = _everybody(grouping), 0.0
    if parts.opening:
        task = Task(everybody, None, None, parts.opening, with_teacher=True)
        yield Block("together", start, parts.opening, (task,))
        start += parts.opening
    for block in _in_groups(room, grouping, parts.groups, visits):
        yield Block(
            "groups", start + block.start, block.minutes, block.tasks, block.teacher, block.teach
        )
    start += parts.groups
    if parts.personal:
        alone = _alone(everybody, personal, parts.personal)
        yield Block("personal", start, parts.personal, alone)
        start += parts.personal
    if parts.check:
        check = _check(room, grouping)
        yield Block("check", start, parts.check, (Task(everybody, None, check, parts.check),))


def _in_groups(
    room: Room, grouping: Grouping, minutes: float, visits: Sequence[Visit]
) -> Iterator[Block]:
    """One stretch for each group that the teacher can visit for long enough to be of use."""
    if minutes <= 0.0:
        return
    most = max(1, int(minutes // (2 * SHORTEST_BLOCK)))
    stops: list[Visit | None] = [*visits[:most]] or [None]
    used: dict[int, int] = {}
    for number, stop in enumerate(stops):
        first, last = (float(round(minutes * n / len(stops))) for n in (number, number + 1))
        length = (last if number + 1 < len(stops) else minutes) - first
        tasks = tuple(
            task
            for place, group in enumerate(grouping.groups)
            if group.students
            for task in _group_tasks(room, group, place, length, used, stop)
        )
        waiting = tuple(one.student for one in grouping.unplaced)
        if waiting:
            tasks = (*tasks, Task(waiting, None, grouping.unplaced[0].diagnostic, length))
        yield Block(
            "groups",
            first,
            length,
            tasks,
            None if stop is None else stop.group,
            None if stop is None else stop.skill,
        )


def _group_tasks(
    room: Room,
    group: Group,
    place: int,
    minutes: float,
    used: dict[int, int],
    stop: Visit | None,
) -> Iterator[Task]:
    """What a group does: a teacher-led activity only while the teacher is there, and with no more
    students than it has seats; the others of the group do something else meanwhile."""
    visited = stop is not None and stop.group == place
    offered = [a for a in materials(room, group) if visited or not a.teacher_led]
    students = tuple(seat.student for seat in group.students)
    if not offered:
        yield Task(students, place, None, minutes, with_teacher=visited)
        return
    led = [a for a in offered if a.teacher_led]
    alone = [a for a in offered if not a.teacher_led and a.seats is None]
    if stop is not None and led:
        chosen = next((a for a in led if stop.skill in a.skills), led[0])
    else:
        chosen = _in_turn(alone or offered, place, used)
    seated = _seated(room, students, chosen, alone)
    yield Task(seated, place, chosen.id, minutes, with_teacher=visited)
    left = tuple(student for student in students if student not in seated)
    if left:
        yield Task(left, place, _in_turn(alone, place, used).id if alone else None, minutes)


def _in_turn(offered: Sequence[Activity], place: int, used: dict[int, int]) -> Activity:
    """The group's next activity of those offered."""
    used[place] = used.get(place, 0) + 1
    return offered[(used[place] - 1) % len(offered)]


def _seated(
    room: Room, students: tuple[str, ...], activity: Activity, alone: Sequence[Activity]
) -> tuple[str, ...]:
    """Who takes part in an activity: those who gain most beyond the best they could do alone, in
    the group's own order; everybody where there are seats for all."""
    if activity.seats is None or activity.seats >= len(students):
        return students

    def order(student: str) -> tuple[float, float, int]:
        own = room.gain(student, activity)
        best = max((room.gain(student, a) for a in alone), default=0.0)
        return best - own, -own, students.index(student)

    chosen = sorted(students, key=order)[: activity.seats]
    return tuple(student for student in students if student in chosen)


def materials(room: Room, group: Group) -> list[Activity]:
    """The group's activities that can be done with what is at hand, one of each modality in turn;
    where its tier has none, those of the nearest level on what it needs."""
    return [a for a in _shelf(room.curriculum, group) if not room.missing(a)]


def _shelf(curriculum: Curriculum, group: Group) -> list[Activity]:
    """The same, whatever they need."""
    shelves = [[curriculum.activities[one] for one in ids] for ids in group.activities.values()]
    longest = max(map(len, shelves), default=0)
    found = [shelf[n] for n in range(longest) for shelf in shelves if n < len(shelf)]
    if found or not group.tier:
        return found
    wanted = LEVELS.index(group.tier)
    on_focus = [a for skill in group.focus for a in curriculum.activities_for(skill)]
    others = dict.fromkeys(a for a in on_focus if not a.assesses)
    return sorted(others, key=lambda a: abs(LEVELS.index(a.level) - wanted))


def _without_tools(room: Room, grouping: Grouping) -> dict[str, tuple[str, ...]]:
    """The groups' activities that cannot be done with what is at hand, and what each lacks."""
    shelf = (a for group in grouping.groups for a in _shelf(room.curriculum, group))
    return {activity.id: lacking for activity in shelf if (lacking := room.missing(activity))}


def _bare(room: Room, group: Group) -> bool:
    return bool(group.students) and not materials(room, group)


def _alone(
    everybody: Sequence[str], personal: Mapping[str, str], minutes: float
) -> tuple[Task, ...]:
    """Students who would do the same next, side by side; whoever has nothing works on a goal."""
    together: dict[str | None, list[str]] = {}
    for student in everybody:
        together.setdefault(personal.get(student), []).append(student)
    return tuple(Task(tuple(some), None, what, minutes) for what, some in together.items())


def _check(room: Room, grouping: Grouping) -> str | None:
    """A check of the objective, if the catalogue has one that can be done."""
    objective = room.curriculum.objectives.get(grouping.objective)
    for skill in objective.skills if objective else ():
        for activity in room.curriculum.activities_for(skill):
            if activity.assesses and not room.missing(activity):
                return activity.id
    return None


def _everybody(grouping: Grouping) -> tuple[str, ...]:
    seated = [seat.student for group in grouping.groups for seat in group.students]
    return (*seated, *(one.student for one in grouping.unplaced))
