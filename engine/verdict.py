"""The status of a recommendation in a word, and the reasons for it.

"Nothing to do" has several meanings, and each has its own word: an empty catalogue must never
look like a finished course.
"""

from __future__ import annotations

from collections.abc import Sequence

from .constraints import Option, barriers, options_for, skill_names
from .explanation import Code, Count, Reason, Share, note
from .placement import SURE
from .planning import GATE
from .readiness import BAR
from .review import REVIEWS_A_DAY
from .situation import Situation
from .states import ENOUGH_RESPONSES
from .tasks import Task, blocked_skills, is_stuck, postponed, readiness_in

STATUSES = ("ok", "complete", "nothing_available", "needs_teacher", "review_later")
Verdict = tuple[str, tuple[Reason, ...]]


def verdict(
    situation: Situation,
    tasks: Sequence[Task],
    served: Sequence[Option],
) -> Verdict:
    """The status and its reasons, from what could be worked on and what of it is served."""
    if served:
        return _with_something(situation, tasks, served[0].task.skill)
    if tasks:
        return _with_nothing_left(situation, tasks, options_for(situation, tasks))
    return _without_tasks(situation)


def waiting_note(situation: Situation, skill: str, other: str) -> Reason:
    """Why a blocked skill has to wait."""
    facts = {
        "skill": situation.name(skill),
        "other": situation.name(other),
        "p": Share(situation.mastery(other)),
        "bar": Share(GATE),
    }
    return note(Code.WAITS_FOR, facts)


def notes_on_goals(situation: Situation) -> tuple[Reason, ...]:
    """Goals whose deadline has passed, and those that lead nowhere any more."""
    codes = {"overdue": Code.OVERDUE, "gone": Code.GOAL_GONE}
    return tuple(
        note(
            codes[one.status],
            {
                "goal": situation.target_name(one.target),
                "date": one.deadline.date().isoformat() if one.deadline else "",
            },
        )
        for one in situation.standings
        if one.status in codes
    )


def _with_something(situation: Situation, tasks: Sequence[Task], leading: str) -> Verdict:
    status = "needs_teacher" if is_stuck(situation, leading) else "ok"
    return status, (*_stuck(situation, tasks), *_postponed(situation))


def _with_nothing_left(
    situation: Situation, tasks: Sequence[Task], options: Sequence[Option]
) -> Verdict:
    """There is something to work on, but nothing to do it with."""
    stuck = _stuck(situation, tasks)
    if not options:
        skills = skill_names(situation, (task.skill for task in tasks))
        return "nothing_available", (note(Code.NO_ACTIVITY, {"skills": skills}), *stuck)
    reasons = (*barriers(situation, options), *stuck)
    needs_teacher = any(reason.code == Code.TEACHER_ABSENT for reason in reasons)
    return "needs_teacher" if needs_teacher or stuck else "nothing_available", reasons


def _without_tasks(situation: Situation) -> Verdict:
    """Nothing in scope is to be worked on with this intent: done, not due, or not yet possible."""
    intent = situation.request.intent
    if not situation.scope:
        return "nothing_available", (note(Code.NO_SKILLS, {}),)
    if situation.request.revisit is not None:
        facts = {"skill": situation.name(situation.request.revisit)}
        return "nothing_available", (note(Code.NOT_DONE_YET, facts),)
    if intent == "review":
        return _no_review(situation)
    if postponed(situation):
        return "review_later", _postponed(situation)
    if all(situation.is_secure(skill) for skill in situation.scope):
        return _all_secure(situation)
    if intent == "assess":
        bar: dict[str, object] = {"bar": Share(BAR), "answers": ENOUGH_RESPONSES}
        return "nothing_available", (note(Code.NOT_READY, bar), *_how_far(situation))
    if intent == "diagnose":
        return _placed(situation)
    return "nothing_available", (note(Code.ENOUGH_EVIDENCE, {"answers": ENOUGH_RESPONSES}),)


def _placed(situation: Situation) -> Verdict:
    """A diagnosis has found out what it can: where the student stands."""
    chances = situation.over_graph.values()
    held = sum(p >= SURE for p in chances)
    missing = sum(p <= 1.0 - SURE for p in chances)
    between = len(chances) - held - missing
    facts = {"held": Count(held), "missing": Count(missing), "between": Count(between)}
    placed = note(Code.PLACED, facts)
    if not between:
        return "complete", (placed,)
    return "complete", (placed, note(Code.ENOUGH_EVIDENCE, {"answers": ENOUGH_RESPONSES}))


def _how_far(situation: Situation) -> tuple[Reason, ...]:
    """How far the surest check is from being offered."""
    found = readiness_in(situation)[:1]
    return tuple(
        note(
            Code.FAR_OFF if one.answers_to_go is None else Code.HOW_FAR,
            {
                "skill": situation.name(one.skill),
                "needed": one.needed,
                "questions": one.questions,
                "p": Share(one.p_pass),
                "bar": Share(one.bar),
                "count": Count(one.answers_to_go or 0),
            },
        )
        for one in found
    )


def _no_review(situation: Situation) -> Verdict:
    """Nothing is due, or what is due waits for a prerequisite."""
    waiting = blocked_skills(situation)
    due = [
        waiting_note(situation, skill, other)
        for skill, other in waiting
        if situation.beliefs[skill].state == "review_due"
    ]
    if due:
        return "nothing_available", tuple(due)
    return "review_later", (note(Code.NOTHING_DUE, {}), *_next_review(situation))


def _all_secure(situation: Situation) -> Verdict:
    secure = note(Code.ALL_SECURE, {"count": Count(len(situation.scope))})
    review = _next_review(situation)
    return "review_later" if review else "complete", (secure, *review)


def _postponed(situation: Situation) -> tuple[Reason, ...]:
    """That more is due than fits into the day."""
    left = postponed(situation)
    if not left:
        return ()
    facts = {"most": REVIEWS_A_DAY, "skills": skill_names(situation, left)}
    return (note(Code.DAILY_CAP, facts),)


def _next_review(situation: Situation) -> tuple[Reason, ...]:
    """The first review that is already scheduled, if any."""
    dates = [(b.review_due, s) for s in situation.scope if (b := situation.beliefs[s]).review_due]
    if not dates:
        return ()
    date, skill = min(dates)
    facts = {"skill": situation.name(skill), "date": date.date().isoformat() if date else ""}
    return (note(Code.NEXT_REVIEW, facts),)


def _stuck(situation: Situation, tasks: Sequence[Task]) -> tuple[Reason, ...]:
    return tuple(
        note(
            Code.STUCK,
            {
                "skill": situation.name(task.skill),
                "count": Count(situation.beliefs[task.skill].n),
                "p": Share(situation.mastery(task.skill)),
            },
        )
        for task in tasks
        if is_stuck(situation, task.skill)
    )
