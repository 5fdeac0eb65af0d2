"""Forgetting by the clock: how much is left at a time, and when a skill is due for review.

Only models whose forgetting depends on the time since the last practice can say (Qiu et al. 2011);
others forget per opportunity, if at all, and no date follows from that.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta

from .contexts import GAP_CLASSES, GAP_LIMITS, TIME, Contexts, Last
from .parameters import FORGET, LEARN, SkillEstimate
from .responses import Response

REOPEN = 0.90
"""A skill once secure is due for review when mastery falls below this."""
EARNED = ("secure", "review_due")
_LIMITS = (
    GAP_LIMITS.tolist()
)  # as `contexts.gap_classes` parts them, a hundred times faster for one


def recalled(
    mastery: float,
    last: Response | Last,
    estimate: SkillEstimate,
    contexts: Contexts,
    *,
    at: datetime,
) -> float | None:
    """P(mastered) that an answer at this time would begin with; None where the model has no clock.

    What the last practice taught is in it, and what was forgotten since.
    """
    if contexts.gaps != TIME:
        return None
    seconds = max(0.0, (at - last.occurred_at).total_seconds())
    return _after(mastery, GAP_CLASSES[bisect_left(_LIMITS, seconds)], last, estimate)


def review_due(
    mastery: float,
    state: str,
    last: Response | Last,
    estimate: SkillEstimate,
    contexts: Contexts,
) -> datetime | None:
    """When mastery of a secure skill will have fallen below the bar, if it is left alone.

    None: never under this model, or the skill was never secure. A skill that has fallen already by
    wrong answers has been due since the last of them.
    """
    if contexts.gaps != TIME or state not in EARNED:
        return None
    if state == "review_due":
        return last.occurred_at
    starts = (0.0, *GAP_LIMITS)
    for start, key in zip(starts, GAP_CLASSES, strict=True):
        if _after(mastery, key, last, estimate) < REOPEN:
            try:
                return last.occurred_at + timedelta(seconds=float(start))
            except OverflowError:  # past the year 9999
                return None
    return None


def state_at(state: str, due: datetime | None, at: datetime | None) -> str:
    """The word for where a student stands at a time: secure until the review is due.

    >>> from datetime import timezone
    >>> due = datetime(2026, 9, 8, tzinfo=timezone.utc)
    >>> [state_at("secure", due, due + timedelta(days=days)) for days in (-1, 0)]
    ['secure', 'review_due']
    """
    if state == "secure" and due is not None and at is not None and at >= due:
        return "review_due"
    return state


def _after(mastery: float, gap: str, last: Response | Last, estimate: SkillEstimate) -> float:
    forget, learn = estimate.own(FORGET, gap), estimate.own(LEARN, last.activity)
    forget = estimate.parameters.forget if forget is None else forget
    learn = estimate.parameters.learn if learn is None else learn
    return mastery * (1.0 - forget) + (1.0 - mastery) * learn
