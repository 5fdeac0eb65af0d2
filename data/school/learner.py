"""One simulated student at work: studies activities, answers questions, remembers and forgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from engine.curriculum import Activity, Item
from engine.responses import combined

from .course import Course, suits
from .minds import (
    Memory,
    Question,
    Traits,
    chance_correct,
    practised,
    proficiency,
    readiness,
    together,
)

ABILITY_SPREAD = 0.75  # sd, logits
SPEED_SPREAD, RETENTION_SPREAD, TEMPO_SPREAD = 0.35, 0.35, 0.25  # sd of logs
USUAL_TEMPO = 24.0  # seconds for an answer of middling difficulty
ATTENDS, RARELY_ATTENDS = (0.90, 0.99), 0.10
SLIPS = (1.5, 22.0)  # of a beta distribution: .06 at the mean

START = -0.4  # logits, the usual level before a skill is taught
START_SPREAD = 0.6  # sd between the skills of one student
FROM_PREREQUISITES = 0.4  # how much of a surprising prerequisite shows in the next skill

STUDY_GAIN = 1.0  # logits that a plain activity gives a ready beginner
ANSWER_GAIN = 0.45  # logits that answering one question, with feedback, gives a ready beginner
REFRESHES = 0.15  # the share of it that the prerequisites get, since they are used

DAY_SPREAD = 0.3  # sd in logits of good and bad days
SEEN_BEFORE = 0.15  # logits easier each time the same question comes again
SEEN_AT_MOST = 3
MOST_HINTS = 3
TEMPO_NOISE = 0.35  # sd of the log seconds
HARDER_IS_SLOWER = 0.2  # log seconds per logit
FASTEST_ANSWER, SLOWEST_ANSWER = 2.0, 180.0  # seconds


class Answer(NamedTuple):
    """One answer as it is logged, and behind it what nobody sees: the level and the chance."""

    student: str
    skill: str
    item: str
    correct: float
    time: datetime
    session: str
    response_ms: int
    hints: int
    attempt: int
    activity: str | None
    proficiency: float
    p_correct: float


def draw_traits(rng: np.random.Generator, *, rarely_there: bool) -> Traits:
    """What makes one student different from the next."""
    return Traits(
        ability=float(rng.normal(0, ABILITY_SPREAD)),
        speed=float(np.exp(rng.normal(0, SPEED_SPREAD))),
        retention=float(np.exp(rng.normal(0, RETENTION_SPREAD))),
        slip=float(rng.beta(*SLIPS)),
        tempo=float(USUAL_TEMPO * np.exp(rng.normal(0, TEMPO_SPREAD))),
        hint_habit=float(rng.beta(2, 4)),
        attendance=RARELY_ATTENDS if rarely_there else float(rng.uniform(*ATTENDS)),
    )


def draw_memories(
    rng: np.random.Generator, course: Course, traits: Traits, *, shift: float = 0.0
) -> dict[str, Memory]:
    """The levels a student brings along; who knows the prerequisites is further ahead."""
    memories: dict[str, Memory] = {}
    usual = START + traits.ability + shift
    for skill in course.order:
        before = [memories[p].start - usual for p in course.curriculum.skills[skill].prerequisites]
        carried = FROM_PREREQUISITES * sum(before) / len(before) if before else 0.0
        start = usual + carried + float(rng.normal(0, START_SPREAD))
        memories[skill] = Memory(start=start, stability=Memory(0.0).stability * traits.retention)
    return memories


class Learner:
    """A student whose memories change as lessons go by. All chance comes from `rng`."""

    def __init__(
        self,
        student: str,
        traits: Traits,
        memories: Mapping[str, Memory],
        *,
        course: Course,
        rng: np.random.Generator,
    ) -> None:
        self.student = student
        self.traits = traits
        self.memories = dict(memories)
        self._course = course
        self._rng = rng
        self._seen: Counter[str] = Counter()
        self._mood = 0.0

    def begin_day(self) -> None:
        """A good day or a bad one: shifts every answer until the next day begins."""
        self._mood = float(self._rng.normal(0, DAY_SPREAD))

    def choose(self, activities: Sequence[Activity], skill: str, *, day: float) -> Activity | None:
        """An activity that fits the student's level, as well as a teacher can tell it."""
        if not activities:
            return None
        level = proficiency(self.memories[skill], day)
        weights = np.array([suits(activity.level, level) for activity in activities])
        return activities[int(self._rng.choice(len(activities), p=weights / weights.sum()))]

    def study(self, activity: Activity, *, day: float) -> None:
        """Works through an activity that asks nothing."""
        for skill in activity.skills:
            self._practise(skill, STUDY_GAIN * self._worth(activity, skill, day), day)

    def answer(
        self, item: Item, activity: Activity | None, *, at: datetime, day: float, session: str
    ) -> Answer:
        """Answers a question, learns from the feedback, and hands in the log's line."""
        question = self._course.questions[item.id]
        level = together([proficiency(self.memories[skill], day) for skill in item.skills])
        chance = chance_correct(question, self._shown(level, item), slip=self.traits.slip)
        correct = bool(self._rng.random() < chance)
        self._seen[item.id] += 1
        seconds = self._seconds(question, level)
        self._learn_from(item, activity, day)
        return Answer(
            student=self.student,
            skill=combined(item.skills),
            item=item.id,
            correct=float(correct),
            time=at + timedelta(seconds=round(seconds)),
            session=session,
            response_ms=round(seconds * 1000),
            hints=0 if correct else self._hints(activity),
            attempt=self._seen[item.id],
            activity=activity.id if activity else None,
            proficiency=level,
            p_correct=chance,
        )

    def _shown(self, level: float, item: Item) -> float:
        """The level as it shows today, on a question that may have been met before."""
        return level + self._mood + SEEN_BEFORE * min(self._seen[item.id], SEEN_AT_MOST)

    def _hints(self, activity: Activity | None) -> int:
        """Hints asked for after a wrong answer; a check offers none."""
        if activity is not None and activity.assesses:
            return 0
        return int(self._rng.binomial(MOST_HINTS, self.traits.hint_habit))

    def _seconds(self, question: Question, level: float) -> float:
        slower = HARDER_IS_SLOWER * (question.difficulty - level)
        noise = float(self._rng.normal(0, TEMPO_NOISE))
        seconds = self.traits.tempo * float(np.exp(slower + noise))
        return min(max(seconds, FASTEST_ANSWER), SLOWEST_ANSWER)

    def _learn_from(self, item: Item, activity: Activity | None, day: float) -> None:
        for skill in item.skills:
            share = ANSWER_GAIN / len(item.skills)
            self._practise(skill, share * self._worth(activity, skill, day), day)

    def _worth(self, activity: Activity | None, skill: str, day: float) -> float:
        """How much an activity teaches this student now, as a multiple of the usual."""
        before = self._course.curriculum.skills[skill].prerequisites
        ready = readiness([proficiency(self.memories[p], day) for p in before])
        if activity is None:
            return self.traits.speed * ready
        fit = suits(activity.level, proficiency(self.memories[skill], day))
        return self.traits.speed * ready * fit * self._course.effects[activity.id]

    def _practise(self, skill: str, amount: float, day: float) -> None:
        self.memories[skill] = practised(self.memories[skill], day, amount=amount)
        for before in self._course.curriculum.skills[skill].prerequisites:
            refreshed = practised(self.memories[before], day, amount=amount * REFRESHES)
            self.memories[before] = refreshed
