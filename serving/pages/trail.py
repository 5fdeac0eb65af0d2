"""The evidence for one skill of one student: what is believed, why, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.beliefs import SkillBelief
from engine.bundle import Bundle
from engine.curriculum import Curriculum
from engine.responses import Response
from engine.states import SECURE
from engine.trails import EvidenceStep

from .charts import Trajectory, trajectory
from .needs import activity_name
from .shown import Shown, shown, skill_name
from .what_if import after, right_answers_until_secure
from .words import STATES, answer, between, count, day, kind_of, moment, percent

MOST_ANSWERS = 200  # drawn and listed: more would be a smear on the chart and a page without end
EVENTFUL = 0.10  # an answer that moved mastery by less is not worth a sentence
SIGNS = {"right": "●", "wrong": "✕", "partly": "○"}


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer: what was asked, how it went, and what the model made of it."""

    number: int
    at: str
    at_iso: str
    item: str
    activity: str
    kind: str
    sign: str
    result: str
    expected: str
    value: float
    mastery: str
    between: str


@dataclass(frozen=True, slots=True)
class Trail:
    """Sentences, a chart, and the same answers as a table, newest first."""

    name: str
    shown: Shown
    belief: str
    why: tuple[str, ...]
    change: tuple[str, ...]
    omitted: str
    chart: Trajectory | None
    answers: tuple[AnswerLine, ...]


def trail(
    curriculum: Curriculum, bundle: Bundle, belief: SkillBelief, steps: Sequence[EvidenceStep]
) -> Trail:
    """Everything that a page says about one skill; `steps` are its answers, oldest first."""
    name = skill_name(curriculum, belief.skill)
    left_out = max(len(steps) - MOST_ANSWERS, 0)
    latest = steps[left_out:]
    lines = [_line(curriculum, number, step) for number, step in enumerate(latest, left_out + 1)]
    return Trail(
        name=name,
        shown=shown(belief),
        belief=believed(name, belief),
        why=tuple(_why(belief, steps)),
        change=tuple(_change(bundle, belief, [step.response for step in steps])),
        omitted=f"The latest {MOST_ANSWERS} of {len(steps):,} answers." if left_out else "",
        chart=trajectory(latest, first=left_out + 1) if latest else None,
        answers=tuple(reversed(lines)),
    )


def believed(name: str, belief: SkillBelief) -> str:
    """The belief in a sentence that claims no more than the evidence carries."""
    now = f"{percent(belief.p_mastery)} ({between(belief.low, belief.high)})"
    if belief.n == 0:
        return (
            f"Nothing is known about “{name}” yet. Until an answer comes, the model "
            f"assumes {percent(belief.p_mastery)}, as for any student."
        )
    if belief.state == "not_enough_evidence":
        few = f"{count(belief.n, 'answer')} {'is' if belief.n == 1 else 'are'} not enough"
        return f"Too early to say: {few}. So far the chance that “{name}” is mastered is {now}."
    said = f" Your word counts instead: {STATES[belief.state].lower()}." if belief.override else ""
    verdict = {
        "secure": "Secure",
        "review_due": "Secure once, and due for review",
        "developing": "More likely mastered than not, but not secure",
    }.get(belief.model_state or belief.state, "Probably not mastered yet")
    return f"{verdict}: the chance that “{name}” is mastered is {now}.{said}"


def _why(belief: SkillBelief, steps: Sequence[EvidenceStep]) -> list[str]:
    if not steps:
        return []
    right = sum(step.response.correct for step in steps)
    last = day(steps[-1].response.occurred_at)
    said = [f"{right:.3g} of {count(len(steps), 'answer')} right, the last on {last}."]
    turn = _turning_point(steps)
    if turn:
        said.append(turn)
    expected = percent(belief.p_correct)
    said.append(f"The model expects the next answer to be right with a chance of {expected}.")
    if belief.pooled:
        said.append("The model has not learnt this skill by itself: the average skill stands in.")
    return said


def _turning_point(steps: Sequence[EvidenceStep]) -> str:
    """The single answer that moved the belief most, where one stands out."""
    moves = list(pairwise(steps))
    if not moves:
        return ""
    before, then = max(moves, key=lambda move: abs(move[1].p_mastery - move[0].p_mastery))
    if abs(then.p_mastery - before.p_mastery) < EVENTFUL:
        return ""
    kind = answer(then.response.correct).lower()
    on = day(then.response.occurred_at)
    moved = f"from {percent(before.p_mastery)} to {percent(then.p_mastery)}"
    return f"What moved it most: the {kind} answer on {on}, {moved}."


def _change(bundle: Bundle, belief: SkillBelief, responses: Sequence[Response]) -> list[str]:
    """What the next answers would do, by running the model on them."""
    wrong = after(responses, bundle, belief.skill, answers=[0.0])
    down = f"A wrong answer next would put it at {percent(wrong.p_mastery)}."
    if belief.state == "secure":
        return [down]
    needed = right_answers_until_secure(responses, bundle, belief.skill)
    if needed is None:
        return [
            f"Even a dozen right answers in a row would not make it secure ({SECURE:.0%}).",
            down,
        ]
    noun = count(needed, "more right answer" if responses else "right answer")
    in_a_row = " in a row" if needed > 1 else ""
    return [f"{noun}{in_a_row} would make it secure ({SECURE:.0%}).", down]


def _line(curriculum: Curriculum, number: int, step: EvidenceStep) -> AnswerLine:
    response = step.response
    kind = kind_of(response.correct)
    return AnswerLine(
        number=number,
        at=moment(response.occurred_at),
        at_iso=response.occurred_at.isoformat(),
        item=_item_name(curriculum, response.item),
        activity=activity_name(curriculum, response.activity) if response.activity else "",
        kind=kind,
        sign=SIGNS[kind],
        result=answer(response.correct),
        expected=percent(step.p_correct),
        value=step.p_mastery,
        mastery=percent(step.p_mastery),
        between=between(step.low, step.high),
    )


def _item_name(curriculum: Curriculum, item: str | None) -> str:
    if item is None:
        return "–"
    known = curriculum.items.get(item)
    return (known.name or known.id) if known else item
