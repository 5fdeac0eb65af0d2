"""How students went on answering after a belief was held: a log, and a model that never saw them.

Each student's history on one objective is cut in two: what is believed at the cut, and the answers
thereafter. `models.tier_reading` learns from that how the beliefs are to be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine.beliefs import student_beliefs
from engine.bundle import Bundle
from engine.curriculum import Curriculum
from engine.parameters import SkillParameters
from engine.responses import SKILL_SEPARATOR, Response
from engine.tables import Floats
from engine.tier_reading import log_odds_features
from models.tier_reading import FollowUps, learn_reading

FOLLOWED = 5
"""Answers on a skill that count as what followed: more would see the student learn."""
LEAST_FOLLOWED = 2
TOGETHER = 3
"""Skills of a student followed at a time, to see what they have in common."""
MOST_STUDENTS = 1_000
ENOUGH_STUDENTS = 100
"""Students followed from which a reading is learnt; with fewer, beliefs are taken at their word."""


class Followed(NamedTuple):
    """One student at the cut: features [skill, 3] twice, answers so far, and four [skill]."""

    states: Floats
    levels: Floats
    answers: float
    right: Floats
    asked: Floats
    held: Floats
    lacked: Floats


def tier_facts(unseen: pd.DataFrame, judged: Bundle, curriculum: Curriculum) -> dict[str, Any]:
    """`tier_reading` as `engine.tier_reading.TierReading` has it; nothing where data are too few.

    `unseen` are answers, with times, of students that the model judged was not fitted to.
    """
    if "time" not in unseen or unseen["time"].isna().any() or not curriculum.objectives:
        return {}
    followed = (follow(history, judged, curriculum) for history in histories_of(unseen))
    found = [one for one in followed if one]
    if len(found) < ENOUGH_STUDENTS:
        return {}
    columns = (np.array(column, dtype=np.float64) for column in zip(*found, strict=True))
    return {"tier_reading": asdict(learn_reading(FollowUps(*columns)).reading)}


def follow(history: Sequence[Response], bundle: Bundle, curriculum: Curriculum) -> Followed | None:
    """A student half way, on the objective of which most skills were answered afterwards.

    None where fewer than `TOGETHER` skills of any objective were, twice or more each.
    """
    cut = len(history) // 2
    after: dict[str, list[float]] = defaultdict(list)
    for response in history[cut:]:
        after[response.skill].append(response.correct)
    asked = {skill for skill, answers in after.items() if len(answers) >= LEAST_FOLLOWED}
    scopes = [curriculum.scope(objective) for objective in curriculum.objectives]
    scope = max(scopes, key=lambda scope: len(asked.intersection(scope)))
    rows = [row for row, skill in enumerate(scope) if skill in asked][:TOGETHER]
    if len(rows) < TOGETHER:
        return None
    known = student_beliefs(history[:cut], bundle, scope)
    answers = [np.array(after[scope[row]][:FOLLOWED]) for row in rows]
    likely = [
        [likelihood(bundle.estimate(scope[row])[0].parameters, some, p) for p in (1.0, 0.0)]
        for row, some in zip(rows, answers, strict=True)
    ]
    return Followed(
        states=log_odds_features(np.array([known[skill].p_mastery for skill in scope]))[rows],
        levels=log_odds_features(np.array([known[skill].p_correct for skill in scope]))[rows],
        answers=float(sum(known[skill].n for skill in scope)),
        right=np.array([some.sum() for some in answers]),
        asked=np.array([float(len(some)) for some in answers]),
        held=np.array(likely)[:, 0],
        lacked=np.array(likely)[:, 1],
    )


def likelihood(parameters: SkillParameters, correct: Floats, p: float) -> float:
    """P(the answers) of a student who holds the skill with P = p at the first of them.

    >>> guessing = SkillParameters(prior=0.5, learn=0.0, forget=0.0, guess=0.25, slip=0.1)
    >>> likelihood(guessing, np.array([1.0, 1.0]), 0.0)
    0.0625
    """
    total = 1.0
    for c in correct.tolist():
        knows = c * (1.0 - parameters.slip) + (1.0 - c) * parameters.slip
        guesses = c * parameters.guess + (1.0 - c) * (1.0 - parameters.guess)
        chance = p * knows + (1.0 - p) * guesses
        total *= chance
        p = p * knows / chance
        p = p * (1.0 - parameters.forget) + (1.0 - p) * parameters.learn
    return total


def histories_of(events: pd.DataFrame) -> Iterator[list[Response]]:
    """Each student's answers, oldest first, of as many students as are weighed."""
    columns = ["student", "skill", "correct", "time"]
    students = events["student"].drop_duplicates().head(MOST_STUDENTS)
    rows = events[events["student"].isin(students)].sort_values("time", kind="stable")
    none = pd.Series(None, index=rows.index, dtype=object)
    item, activity = (rows.get(name, none) for name in ("item", "activity"))
    by_student: dict[str, list[Response]] = {}
    for n, (row, name, done) in enumerate(
        zip(rows[columns].itertuples(index=False, name=None), item, activity, strict=True)
    ):
        student, skill, correct, time = row
        skills = tuple(skill.split(SKILL_SEPARATOR))
        asked = name if isinstance(name, str) else None
        within = done if isinstance(done, str) else None
        one = Response(f"{n:09}", student, skills, float(correct), time, asked, within)
        by_student.setdefault(student, []).append(one)
    yield from by_student.values()
