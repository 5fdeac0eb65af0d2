"""A belief as a page shows it: the number, how sure it is, and the word for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.beliefs import SkillBelief
from engine.curriculum import Curriculum
from engine.responses import SKILL_SEPARATOR

from .charts import Bar, bar
from .words import STATES, between, count, is_thin, percent

STYLES = {"not_enough_evidence": "thin", "review_due": "review"}
"""State → name of its look, where the two differ."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is printed of a belief.

    seen   whether any answer stands behind it: the model's starting guess is not shown as one's own
    thin   whether it rests on so few answers that it must look like a hint
    """

    value: float
    percent: str
    between: str
    answers: str
    state: str
    style: str
    bar: Bar
    seen: bool
    thin: bool
    pooled: bool


def shown(belief: SkillBelief) -> Shown:
    """What a page prints of a belief."""
    return Shown(
        value=belief.p_mastery,
        percent=percent(belief.p_mastery),
        between=between(belief.low, belief.high),
        answers=count(belief.n, "answer") if belief.n else "no answers",
        state=STATES[belief.state],
        style=STYLES.get(belief.state, belief.state),
        bar=bar(belief.p_mastery, belief.low, belief.high),
        seen=belief.n > 0,
        thin=is_thin(belief),
        pooled=belief.pooled,
    )


def skill_name(curriculum: Curriculum, skill: str) -> str:
    """The name of a skill, or of several practised together.

    >>> from engine.curriculum import Skill
    >>> course = Curriculum.of(skills=[Skill("a", "Adding"), Skill("b")])
    >>> skill_name(course, "a~~b"), skill_name(course, "c")
    ('Adding + b', 'c')
    """
    names: Mapping[str, str] = {s.id: s.name or s.id for s in curriculum.skills.values()}
    return " + ".join(names.get(part, part) for part in skill.split(SKILL_SEPARATOR))


def objective_name(curriculum: Curriculum, objective: str) -> str:
    """The name of an objective; its id where it has none."""
    return curriculum.objectives[objective].name or objective
