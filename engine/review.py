"""What is to be reviewed now: skills that have faded, those a deadline asks for, no more than fit.

What was earned stays earned: a faded skill keeps open what builds on it, and comes back as a
review, not as something new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from .beliefs import SkillBelief
from .goals import Standing
from .responses import Response

REVIEWS_A_DAY = 5
"""Skills reviewed in a day at most, so that reviews never crowd out what is new: judgement."""
DAY = timedelta(days=1)
BEFORE_DEADLINE = timedelta(days=7)
"""A skill that will have faded by a deadline is reviewed in the week before it: judgement."""


def pulled(belief: SkillBelief, deadline: datetime | None, now: datetime) -> datetime | None:
    """When the skill is due, where a deadline asks for it; None: not at all.

    A review that falls due by the deadline moves into the week before it, but no further than half
    way back to the last practice: a skill that fades in days is not asked for every hour.
    """
    due = belief.review_due
    if due is None or belief.last_at is None or deadline is None or not now <= deadline:
        return due
    if due > deadline:
        return due
    half_way = belief.last_at + (due - belief.last_at) / 2
    return min(due, max(half_way, deadline - BEFORE_DEADLINE))


def deadlines(
    standings: Iterable[Standing], paths: Mapping[str, frozenset[str]], now: datetime
) -> dict[str, datetime]:
    """Skill → the next deadline to come of a goal that it is on the way to.

    `paths` holds the skills on the way to each goal, by the goal's id.
    """
    found: dict[str, datetime] = {}
    for one in standings:
        if one.deadline is not None and now <= one.deadline:
            for skill in paths[one.goal]:
                found[skill] = min(one.deadline, found.get(skill, one.deadline))
    return found


def reviewed_lately(
    history: Sequence[Response], beliefs: Mapping[str, SkillBelief], now: datetime
) -> frozenset[str]:
    """The skills already reviewed in the last 24 hours: come back to after a day or more.

    Only skills that are secure or due count; coming back to what is still being learnt is not a
    review.
    """
    lately = {r.skill for r in history if now - r.occurred_at <= DAY and r.skill in beliefs}
    earned = {s for s in lately if beliefs[s].state in ("secure", "review_due")}
    if not earned:
        return frozenset()
    before: dict[str, datetime] = {}
    found = set()
    for response in sorted(history, key=lambda r: (r.occurred_at, r.id)):
        skill, at = response.skill, response.occurred_at
        if skill in earned and skill in before and at - before[skill] >= DAY and now - at <= DAY:
            found.add(skill)
        before[skill] = at
    return frozenset(found)
