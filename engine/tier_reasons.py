"""Why a student sits in a tier: how likely it is, what is in doubt, which skills say so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .classroom import Classroom
from .curriculum import LEVELS as TIERS
from .explanation import Code, Count, Reason, Share, note
from .states import DEVELOPING
from .tier_odds import Floats
from .tier_review import BARS, LONGEST_SUPPORT, EarlierSeat, Verdict

NAMED_SKILLS = 3
NEGLIGIBLE = 0.05  # a skill that moves the odds by less than a twentieth is not worth a sentence


def likelihood(room: Classroom, row: int, tier: int) -> Reason:
    """How likely each tier is; weighs the probability of the one taken."""
    odds = room.odds.tiers[row]
    support, on_level, advanced = map(Share, odds)
    facts = {"support": support, "on_level": on_level, "advanced": advanced}
    return note(Code.TIER_LIKELY, facts, weight=float(odds[tier]))


def doubts(room: Classroom, row: int, tier: int) -> list[Reason]:
    """What makes the student's tier provisional; empty: nothing does."""
    return [*_unsure(room, row, tier), *few_answers(room, row)]


def since_last_review(
    room: Classroom, row: int, verdict: Verdict, earlier: Sequence[EarlierSeat]
) -> list[Reason]:
    """What the review made of the seat before; nothing where there was none, or no question."""
    odds = room.odds.tiers[row]
    if verdict.why == "limit":
        count = Count(LONGEST_SUPPORT)
        return [note(Code.SUPPORT_LIMIT, {"count": count}, weight=float(count))]
    if not earlier or verdict.why == "seated":
        return []
    before = TIERS.index(earlier[-1].tier)
    if verdict.why == "stays":
        likeliest = int(odds.argmax())
        return [] if likeliest == before else [_changed(Code.TIER_STAYS, odds, likeliest)]
    if verdict.why == "retreats":
        opposite = float(odds[2 - before])
        facts = {"other": _words(before), "p": Share(opposite)}
        return [note(Code.TIER_RETREATS, facts, weight=opposite)]
    return [note(Code.TIER_MOVES, {"other": _words(before)}, weight=float(odds[verdict.tier]))]


def _changed(code: Code, odds: Floats, tier: int) -> Reason:
    facts = {"other": _words(tier), "p": Share(odds[tier])}
    return note(code, facts, weight=float(odds[tier]))


def _words(tier: int) -> str:
    return TIERS[tier].replace("-", " ")


def no_answers() -> Reason:
    return note(Code.NO_ANSWERS, {})


def weightiest(room: Classroom, row: int, tier: int) -> list[Reason]:
    """The one to three skills that speak most for a tier, each with how much.

    Where no skill speaks for the tier, the one that speaks least against it is named all the
    same.
    """
    weights = room.odds.evidence[row, :, tier]
    order = [int(k) for k in np.argsort(-weights, kind="stable")[:NAMED_SKILLS]]
    chosen = [k for k in order if weights[k] > NEGLIGIBLE] or order[:1]
    return [_skill(room, row, room.skills[k], weight=float(weights[k])) for k in chosen]


def _unsure(room: Classroom, row: int, tier: int) -> list[Reason]:
    odds = room.odds.tiers[row]
    likeliest = int(odds.argmax())
    if odds[tier] >= BARS.firm:
        return []
    facts = {"tier": _words(likeliest), "p": Share(odds[likeliest])}
    return [note(Code.UNSURE_TIER, facts, weight=float(odds[likeliest]))]


def few_answers(room: Classroom, row: int) -> list[Reason]:
    """That there are too few answers to go by; empty: there are enough."""
    answers, skills = room.answers(row), len(room.skills)
    if answers >= BARS.answers_per_skill * skills:
        return []
    facts = {"count": Count(answers), "skills": Count(skills)}
    return [note(Code.FEW_ANSWERS, facts, weight=float(answers))]


def _skill(room: Classroom, row: int, skill: str, *, weight: float) -> Reason:
    belief = room.belief(row, skill)
    code = Code.PROBABLY_HOLDS if belief.p_mastery >= DEVELOPING else Code.PROBABLY_LACKS
    if belief.n == 0:
        code = Code.NOT_ANSWERED
    facts = {"skill": room.name(skill), "p": Share(belief.p_mastery), "count": Count(belief.n)}
    return note(code, facts, weight=weight)
