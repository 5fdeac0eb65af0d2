"""One student under the hierarchical model, one response at a time: all skills move together.

`engine.joint` reads a whole history; here what it comes to is carried along. An update costs the
same whether the response is the student's first or ten thousandth, and what is carried grows with
the skills and items met alone. Any split of the responses leads to the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from .ability import Standing, State, grid, moved_by
from .beliefs import SkillBelief, evidence_level
from .bundle import Bundle
from .contexts import TIME
from .errors import InvalidInput
from .hierarchy import Hierarchy
from .history import Memory, nothing_yet
from .joint import Joint, Known, joint_of
from .memory import recalled, review_due, state_at
from .practised import NOTHING_YET, Fading, Met, Practised, Single, last_of, touched_again
from .responses import SKILL_SEPARATOR, Response
from .states import UNSEEN
from .tables import Floats
from .tracing import Traced


@dataclass(frozen=True)
class Together:
    """A student followed under a hierarchical model; every update gives a new value.

    belief    [set, node] how likely each ability is, under the estimate and every draw
    skills    the state of every skill touched
    singles   and items: what the next response needs to know of each
    previous  the skill of the last response, and whether it was right
    latest    when the last response was given, and its id: the next one must come after it
    """

    bundle: Bundle
    belief: Floats = field(default_factory=lambda: np.empty((0, 0)))
    skills: Mapping[str, Practised] = field(default_factory=dict)
    singles: Mapping[str, Single] = field(default_factory=dict)
    items: Mapping[str, Met] = field(default_factory=dict)
    overall: Fading = NOTHING_YET
    previous: tuple[str, bool] | None = None
    latest: tuple[datetime, str] | None = None

    def __post_init__(self) -> None:
        if self.bundle.hierarchy is None:
            expected = "a hierarchical model: others are followed by `engine.online`"
            raise InvalidInput.at("model", self.bundle.model, expected)
        if self.belief.size == 0:
            _, weights = grid(self.hierarchy.nodes)
            object.__setattr__(self, "belief", np.tile(weights, (self.hierarchy.sets, 1)))

    @property
    def hierarchy(self) -> Hierarchy:
        """The fitted effects."""
        assert self.bundle.hierarchy is not None
        return self.bundle.hierarchy

    @property
    def size(self) -> int:
        """How many numbers the state holds."""
        return self.belief.size * (1 + 2 * len(self.skills))

    def after(self, response: Response) -> Together:
        """The state once this response is known. Raises `InvalidInput` as `after_all`."""
        return self.after_all([response])

    def after_all(self, responses: Iterable[Response]) -> Together:
        """The state once all these responses, oldest first, are known.

        Raises `InvalidInput` where one does not come after the one before it, by (occurred_at,
        id): the history must be replayed then, as `engine.beliefs` does.
        """
        responses = list(responses)
        if not responses:
            return self
        latest = _checked(self.latest, responses)
        known = self._reading(responses, dict.fromkeys(one.skill for one in responses))
        states, traced = self._moved(known)
        assert known.memory is not None
        return replace(
            self,
            belief=np.stack([state.belief for state in states]),
            skills={**self.skills, **self._practised(known, states, traced, responses)},
            singles={**self.singles, **_singles(known)},
            items={**self.items, **_items(known)},
            overall=_overall(known.memory),
            previous=(responses[-1].skill, responses[-1].correct > 0.5),
            latest=latest,
        )

    def expected(self, response: Response) -> float:
        """P(correct) of a response before it is known; its `correct` is not looked at."""
        known = self._reading([response], [response.skill])
        state = self._state(known, 0)
        return float(_moved_by(known, state, 0).p_correct[0])

    def belief_of(self, skills: Sequence[str], *, at: datetime | None = None) -> Beliefs:
        """What is believed of these skills: what `engine.beliefs` says of the whole history."""
        found = joint_of(_Kept(self, skills))
        return {skill: self._belief(skill, place, found, at) for place, skill in enumerate(skills)}

    def memory(self, skills: Sequence[str], items: Sequence[str]) -> Memory:
        """What is remembered, for `engine.joint.Known` to go on from."""
        names = _single_names(skills)
        found = nothing_yet(len(skills), len(names), len(items))
        found.fading[:], found.clock[0] = self.overall.fading, self.overall.clock
        found.numbers[:] = self.overall.responses, self.overall.session
        timed = self.hierarchy.gaps == TIME
        for at, skill in enumerate(skills):
            if (one := self.skills.get(skill)) is not None:
                found.last[at], found.times[at] = one.last.number, one.responses
                found.seconds[at] = one.last.occurred_at.timestamp() if timed else np.nan
        for at, name in enumerate(names):
            if (single := self.singles.get(name)) is not None:
                found.part_last[at], found.wrong[at] = single
        for at, item in enumerate(items):
            if (met := self.items.get(item)) is not None:
                found.item_last[at], found.met[at], found.went[at] = met
        return found

    def _reading(self, responses: Sequence[Response], skills: Iterable[str]) -> Known:
        return Known(responses, self.hierarchy, list(skills), self)

    def _moved(self, known: Known) -> tuple[list[State], Traced]:
        """Where every set stands after these responses, and what the estimate finds on the way."""
        states = [self._state(known, number) for number in range(self.hierarchy.sets)]
        traced = [_moved_by(known, state, number) for number, state in enumerate(states)]
        return states, traced[0]

    def _state(self, known: Known, number: int) -> State:
        """Where one set stands before these responses, skills in the order touched."""
        names = _touched(known)
        nodes = self.belief.shape[1]
        k, u = np.zeros((2, len(names), nodes))
        begun = np.array([name in self.skills for name in names], dtype=np.bool_)
        for at, name in enumerate(names):
            if (one := self.skills.get(name)) is not None:
                k[at], u[at] = one.known[number], one.unknown[number]
        return State(self.belief[number].copy(), k, u, begun, np.zeros(nodes))

    def _practised(
        self, known: Known, states: list[State], traced: Traced, responses: list[Response]
    ) -> dict[str, Practised]:
        names, found = _touched(known), dict[str, Practised]()
        for at, name in enumerate(names):
            known_at = np.stack([state.known[at] for state in states])
            unknown_at = np.stack([state.unknown[at] for state in states])
            before = self.skills.get(name)
            found[name] = (
                Practised(known_at, unknown_at, 0, False, False, 0.0, last_of(responses[0], 0))
                if before is None
                else before._replace(known=known_at, unknown=unknown_at)
            )
        touches, begun = known.touches, self.overall.responses
        for touch, mastery in enumerate(traced.p_mastery.tolist()):
            name, at = known.skills[touches.skill[touch]], int(touches.response[touch])
            last = last_of(responses[at], begun + at)
            found[name] = touched_again(found[name], mastery, last)
        return found

    def _belief(self, skill: str, place: int, found: Joint, at: datetime | None) -> SkillBelief:
        bundle, one = self.bundle, self.skills.get(skill)
        estimate, pooled = bundle.estimate(skill)
        mastery = float(found.mastery[place])
        word, last = (one.state(mastery), one.last) if one else (UNSEEN, None)
        due = last and review_due(mastery, word, last, estimate, bundle.contexts)
        now = recalled(mastery, last, estimate, bundle.contexts, at=at) if last and at else None
        return SkillBelief(
            skill=skill,
            p_mastery=mastery,
            low=float(found.low[place]),
            high=float(found.high[place]),
            n=one.responses if one else 0,
            evidence=evidence_level(one.responses if one else 0),
            state=state_at(word, due, at),
            p_correct=float(found.p_correct[place]),
            last_at=last.occurred_at if last else None,
            review_due=due,
            model=bundle.version,
            pooled=pooled,
            p_now=now,
        )


Beliefs = dict[str, SkillBelief]


class _Kept(Known):
    """A student of whom the state alone is there, and no responses."""

    def __init__(self, student: Together, skills: Sequence[str]) -> None:
        super().__init__([], student.hierarchy, skills, student)
        self.student = student

    def standing(self, number: int) -> tuple[Standing, Traced]:
        met = [at for at, name in enumerate(self.skills) if name in self.student.skills]
        rows = [self.student.skills[self.skills[at]].known[number] for at in met]
        nodes = self.student.belief[number]
        mastered = np.array(rows).reshape(len(met), len(nodes))
        return Standing(nodes, mastered, np.array(met, dtype=np.int64)), Traced(*np.empty((2, 0)))


def _moved_by(known: Known, state: State, number: int) -> Traced:
    hierarchy = known.hierarchy
    return moved_by(
        known.touches,
        known.history.correct,
        known.rates(number),
        state,
        nodes=hierarchy.nodes,
        drift=hierarchy.drift,
    )


def _touched(known: Known) -> list[str]:
    """The skills that the responses touch, in the order in which they do."""
    return [known.skills[one] for one in dict.fromkeys(known.touches.skill.tolist())]


def _single_names(skills: Sequence[str]) -> list[str]:
    """Single skills in the order in which `engine.hierarchy.parts_of` numbers them."""
    return list(dict.fromkeys(one for name in skills for one in name.split(SKILL_SEPARATOR)))


def _singles(known: Known) -> dict[str, Single]:
    assert known.memory is not None
    rows = zip(known.memory.part_last.tolist(), known.memory.wrong.tolist(), strict=True)
    named = zip(_single_names(known.skills), rows, strict=True)
    return {name: Single(*row) for name, row in named if row[0] >= 0}


def _items(known: Known) -> dict[str, Met]:
    memory = known.memory
    assert memory is not None
    columns = (memory.item_last.tolist(), memory.met.tolist(), memory.went.tolist())
    return dict(zip(known.items, map(Met, *columns), strict=True))


def _overall(memory: Memory) -> Fading:
    responses, session = memory.numbers.tolist()
    return Fading(tuple(memory.fading.tolist()), responses, session, float(memory.clock[0]))


def _checked(
    latest: tuple[datetime, str] | None, responses: Iterable[Response]
) -> tuple[datetime, str] | None:
    """When the last of these was given, and its id."""
    for one in responses:
        if latest is not None and (one.occurred_at, one.id) <= latest:
            found = f"{one.id} at {one.occurred_at.isoformat()}"
            expected = f"a response after {latest[1]} at {latest[0].isoformat()}"
            raise InvalidInput.at("response", found, expected)
        latest = one.occurred_at, one.id
    return latest
