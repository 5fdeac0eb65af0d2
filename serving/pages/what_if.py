"""What a student's next answers would change, by really running the model on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from engine.beliefs import SkillBelief, student_beliefs
from engine.bundle import Bundle
from engine.responses import SKILL_SEPARATOR, Response
from engine.states import SECURE

MOST_IMAGINED = 12  # beyond a dozen right answers the count tells a teacher nothing


def after(
    responses: Sequence[Response], bundle: Bundle, skill: str, *, answers: Sequence[float]
) -> SkillBelief:
    """The belief in a skill if these answers followed, one after the other."""
    imagined = [_next(responses, skill, number, answer) for number, answer in enumerate(answers)]
    return student_beliefs([*responses, *imagined], bundle, [skill])[skill]


def right_answers_until_secure(
    responses: Sequence[Response], bundle: Bundle, skill: str
) -> int | None:
    """How many right answers in a row would make a skill secure; None if a dozen would not."""
    for n in range(1, MOST_IMAGINED + 1):
        belief = after(responses, bundle, skill, answers=[1.0] * n)
        if belief.p_mastery >= SECURE and belief.state == "secure":
            return n
    return None


def _next(responses: Sequence[Response], skill: str, number: int, answer: float) -> Response:
    last = max((r.occurred_at for r in responses), default=datetime(1970, 1, 1, tzinfo=UTC))
    at = last + timedelta(seconds=number + 1)
    student = responses[0].student if responses else ""
    return Response(f"what-if-{number}", student, tuple(skill.split(SKILL_SEPARATOR)), answer, at)
