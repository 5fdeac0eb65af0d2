"""What became of a recommendation: which activity was taken, how it went, what it moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean
from typing import Any

from data.store import Answer

from ..answers import Reading

Document = dict[str, Any]


def outcome(document: Document, answers: Sequence[Answer], now: datetime) -> Document:
    """The outcome of a recommendation as it was stored, from the answers that name it.

    The activity taken is that of the first answer; `rank` is null for one that was not offered.
    `predicted` is what was expected of it when it was decided.
    """
    mine = [one for one in answers if one.student == document["student"]]
    taken = next((one.activity for one in mine if one.activity is not None), None)
    offered = {one["activity"]: one for one in document["candidates"]}.get(taken or "")
    expired = now >= datetime.fromisoformat(document["expires_at"])
    return {
        "status": "acted_on" if mine else "expired" if expired else "open",
        "activity": taken,
        "rank": offered and offered["rank"],
        "propensity": offered and offered["propensity"],
        "predicted": offered and offered["p_correct"],
        "answers": len(mine),
        "right": fmean(one.correct for one in mine) if mine else None,
        "first_at": mine[0].occurred_at.isoformat() if mine else None,
        "last_at": mine[-1].occurred_at.isoformat() if mine else None,
    }


def movement(reading: Reading, document: Document, found: Document) -> Document | None:
    """How mastery of the skill moved from the decision to the last answer that follows it.

    Both under the model in force now, so that they can be compared. None before the first answer.
    """
    skill = _skill(document, found["activity"])
    if skill is None or found["last_at"] is None:
        return None
    before, after = (
        reading.beliefs(document["student"], datetime.fromisoformat(moment)).get(skill)
        for moment in (document["decided_at"], found["last_at"])
    )
    if before is None or after is None:
        return None
    return {"skill": skill, "before": before.p_mastery, "after": after.p_mastery}


def _skill(document: Document, activity: str | None) -> str | None:
    """The skill that the activity taken was offered for; the first one's, if another was taken."""
    offered = {one["activity"]: one["skill"] for one in reversed(document["candidates"])}
    first = next((one["skill"] for one in document["candidates"]), None)
    return offered.get(activity or "", first)
