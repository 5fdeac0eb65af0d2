"""The advice on the approach, said to a teacher: what, how much, why, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine.approach import CROWDED, OLDER, UNKNOWN_INDEPENDENCE, YOUNG, Advice, Conditions
from engine.approach import Term as Step
from engine.curriculum import Curriculum

from ..lessons.planning import Found
from .group_pages import Option
from .rendering import address
from .shown import objective_name
from .words import percent

LESSON = 45
"""Minutes of the lesson in which the shares are shown."""
APPROACHES = {
    "differentiated": "Mostly together, in groups by need",
    "blend": "First in groups by need, then each on their own",
    "personalized": "Mostly each on their own, at their own pace",
}
IN_SHORT = {
    "differentiated": "groups by need",
    "blend": "half and half",
    "personalized": "each on their own",
}
CHANGES = {
    "independence": "if the class worked {} independently",
    "age": "if they were {} years old",
    "devices": "with devices for {} of them",
    "adults": "if {} adults were in the room",
    "students": "if {} students were in the class",
    "preparation": "if you had {} minutes a week to prepare",
    "out_of_reach": "if the objective were out of reach for {} of the class",
}
STEPS = {
    "independence": "Independence",
    "age": "Age",
    "devices": "Devices",
    "adults": "Students per adult",
    "fixed_curriculum": "Fixed curriculum",
    "preparation": "Time to prepare",
    "lift": "What personal work gains",
    "out_of_reach": "Objective out of reach",
    "bounds": "Personal share",
}
HABITS = {
    "started": ("They begin by themselves", "days with work that began outside a lesson"),
    "finished": ("They finish what they begin", "activities begun that were finished"),
    "help": ("They use help when it helps", "moments when help was needed or taken"),
}
UNKNOWN = {
    "independence": "How independently they work: taken as middling.",
    "devices": "How many devices there are: taken as one for each student.",
    "age": "How old they are: taken as between 8 and 13.",
    "preparation": "How long you have to prepare: taken as an hour a week or more.",
}
SIGNS = {1: "More alone", 0: "No change", -1: "More in groups"}


@dataclass(frozen=True, slots=True)
class Why:
    """One thing that speaks for more time alone, for more in groups, or for neither, in words."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Habit:
    """What the log shows of how the class works."""

    name: str
    share: str
    of: str


@dataclass(frozen=True, slots=True)
class ApproachPage:
    """Which approach fits, why in words, every number behind it, and the form for the inputs."""

    name: str
    href: str
    action: str
    objective: str
    objectives: tuple[Option, ...]
    approach: str = ""
    lesson: int = LESSON
    alone: int = 0
    together: int = LESSON
    whys: tuple[Why, ...] = ()
    habits: tuple[Habit, ...] = ()
    judgement: str = ""
    terms: tuple[tuple[str, str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    policy: Mapping[str, Any] | None = None
    version: int = 0
    no_model: bool = False
    no_objective: bool = False
    wrong: str = ""


def approach_page(
    class_: Mapping[str, Any],
    curriculum: Curriculum,
    objective: str,
    policy: Mapping[str, Any],
    found: Found,
    *,
    judgement: str,
    wrong: str = "",
) -> ApproachPage:
    """The page of the advice."""
    conditions, advice, habits = found
    alone = round(LESSON * advice.personal_share)
    return ApproachPage(
        **about(class_, curriculum, objective),
        approach=APPROACHES[advice.approach],
        alone=alone,
        together=LESSON - alone,
        whys=tuple(reasons(conditions, advice)),
        habits=tuple(
            Habit(name, percent(habits[key].share), f"of {habits[key].occasions} {of}")
            for key, (name, of) in HABITS.items()
            if key in habits
        ),
        judgement=judgement,
        terms=tuple((STEPS[t.input], t.step, percent(t.share)) for t in advice.terms),
        unknown=tuple(UNKNOWN[one.partition(":")[0]] for one in advice.assumed),
        changes=tuple(_changed(one.input, one.value, one.approach) for one in advice.would_change),
        policy=policy,
        version=policy["version"],
        wrong=wrong,
    )


def about(
    class_: Mapping[str, Any], curriculum: Curriculum, objective: str | None
) -> dict[str, Any]:
    """What every such page says: the class and the objective."""
    place = ("classes", class_["id"])
    return {
        "name": class_.get("name") or class_["id"],
        "href": address(*place, objective=objective),
        "action": address(*place, "approach"),
        "objective": objective_name(curriculum, objective) if objective else "",
        "objectives": objective_options(curriculum, objective),
    }


def objective_options(curriculum: Curriculum, chosen: str | None) -> tuple[Option, ...]:
    """The objectives there are, in course order."""
    return tuple(
        Option(key, objective_name(curriculum, key), key == chosen) for key in curriculum.objectives
    )


def reasons(conditions: Conditions, advice: Advice) -> Iterator[Why]:
    """Why, in words: first independence, then what moves the share from there."""
    known = conditions.independence is not None
    independence = conditions.independence if known else UNKNOWN_INDEPENDENCE
    assert independence is not None
    yield Why(SIGNS[_sign(independence - UNKNOWN_INDEPENDENCE)], _independent(independence, known))
    for before, step in pairwise(advice.terms[:-1]):
        moved = _sign(step.share - before.share)
        yield Why(SIGNS[moved], _in_words(step, conditions, moved))


def _sign(change: float) -> int:
    return (change > 1e-9) - (change < -1e-9)


def _independent(independence: float, known: bool) -> str:
    if not known:
        return (
            "Nobody has said yet how independently the class works, and the log does not show it."
        )
    if independence > 0.6:
        return f"The class works quite independently ({percent(independence)})."
    if independence >= 0.4:
        return f"The class works fairly independently ({percent(independence)})."
    return f"The class still needs much guidance ({percent(independence)} independent)."


def _in_words(step: Step, c: Conditions, moved: int) -> str:
    words = {
        "age": (
            f"They are under {YOUNG}, and need more guidance."
            if c.age is not None and c.age < YOUNG
            else f"They are {OLDER} or older, and can do more alone."
        ),
        "devices": (
            "Devices are few. Goals, mentoring, projects and hands-on work need none, so half of "
            "the time can be personal all the same."
            if moved
            else "Devices are enough for that; half of the time would need none."
        ),
        "adults": f"There is one adult for more than {CROWDED:.0f} students who need guidance.",
        "fixed_curriculum": "The order of topics is fixed, so there is less to choose.",
        "preparation": "You have little time to prepare, and groups need three sets of materials.",
        "lift": (
            "Their gaps differ: each gains more by their own next skill than by the group's."
            if moved > 0
            else "Their gaps are alike: what helps the group helps each of them."
        ),
        "out_of_reach": "For a quarter of the class or more the objective is out of reach for now.",
    }
    return words[step.input]


def _changed(name: str, value: float | bool, approach: str) -> str:
    return f"{IN_SHORT[approach].capitalize()}, {_if(name, value)}."


def _if(name: str, value: float | bool) -> str:
    """The condition under which the advice would be another.

    >>> _if("adults", 2.0), _if("fixed_curriculum", True)
    ('if 2 adults were in the room', 'if the order of topics were fixed')
    """
    if name == "lift":
        more = "more" if value > 0 else "no more" if value == 0 else "less"
        return f"if each gained {more} by their own next skill than by the group's"
    if name == "fixed_curriculum":
        return f"if the order of topics were {'fixed' if value else 'open'}"
    shown = percent(value) if name in ("independence", "devices", "out_of_reach") else f"{value:g}"
    return CHANGES[name].format(shown)
