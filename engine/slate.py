"""The slate: which of the scored activities are served, in what order, with what propensity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

from .chance import Chance
from .explanation import Code, term
from .ranking import Scored

SKILLS = 3
"""Skills on a slate, unless more candidates are asked for: letting simulated students choose among
three cost at most .8 % of what they learnt."""
PER_SKILL = 2
EXPLORE = 0.10
"""How often another activity of the chosen skill comes first, so that logs can tell which
activities teach: on simulated students it cost 1.7 % and knowing it is the largest lever."""


class Served(NamedTuple):
    """A scored activity on the slate, and the probability that it is ranked first."""

    scored: Scored
    propensity: float


def slate(scored: Iterable[Scored], *, n: int, chance: Chance) -> list[Served]:
    """Up to n activities, best first, except that chance may put another of its skill before it.

    What is served does not depend on chance, only which comes first, and that only among the
    served activities of the chosen skill. So the propensities are exact and sum to 1; with n = 1
    there is no choice to be made by chance.
    """
    served = sorted(_served(sorted(scored, key=_order), n), key=_order)
    if not served:
        return []
    eligible = _eligible(served)
    first = _drawn(eligible, chance)
    ordered = [_explained(first, first is not served[0])]
    ordered += [other for other in served if other is not first]
    shares = {s.option: _propensity(s is served[0], len(eligible)) for s in eligible}
    return [Served(s, shares.get(s.option, 0.0)) for s in ordered]


def _order(scored: Scored) -> tuple[bool, float, str]:
    """Reviews first, then by score; the id settles ties, so the catalogue's order never does."""
    task, activity = scored.option
    return (task.purpose != "review", -scored.score, activity.id)


def _served(ranked: Sequence[Scored], n: int) -> list[Scored]:
    """The best of every skill on the slate, then a second of each, of another kind if there is.

    An activity that works on several skills is served once, for the skill it serves best. A seat
    that is kept is offered, whatever else there is: its workshop is then the last, if need be.
    """
    once: dict[str, Scored] = {}
    for scored in ranked:
        once.setdefault(scored.option.activity.id, scored)
    skills: dict[str, list[Scored]] = {}
    for scored in once.values():
        skills.setdefault(scored.option.task.skill, []).append(scored)
    chosen = list(skills.values())[: max(SKILLS, ceil(n / PER_SKILL))]
    firsts = [options[0] for options in chosen]
    seconds = [_second(options) for options in chosen if len(options) > 1]
    served = [*firsts, *seconds][:n]
    kept = [s for s in once.values() if _says(s, Code.SEAT_KEPT) and s not in served]
    if not kept or n == 1:
        return served
    return [*served[: n - 1], kept[0]]


def _second(options: Sequence[Scored]) -> Scored:
    """The best way to do something else: a workshop in which a seat is kept, else another
    modality, and not a check in its place."""
    first = options[0].option.activity

    def unlike(scored: Scored) -> tuple[bool, bool, bool]:
        activity = scored.option.activity
        return (
            not _says(scored, Code.SEAT_KEPT),
            activity.assesses and not first.assesses,
            activity.modality == first.modality,
        )

    return min(options[1:], key=unlike)  # options come best first, and min keeps the first


def _eligible(served: Sequence[Scored]) -> list[Scored]:
    """What chance may put first: the chosen skill's activities, but none twice in a row."""
    best = served[0]
    return [
        s
        for s in served
        if s.option.task == best.option.task and (s is best or not _says(s, Code.JUST_DONE))
    ]


def _says(scored: Scored, code: Code) -> bool:
    return any(one.code == code for one in scored.terms)


def _drawn(eligible: Sequence[Scored], chance: Chance) -> Scored:
    if chance.uniform("explore") >= EXPLORE:
        return eligible[0]
    return eligible[int(chance.uniform("which") * len(eligible))]


def _propensity(is_best: bool, choices: int) -> float:
    """P(ranked first): the best when not exploring, and each alike when exploring."""
    return (1.0 - EXPLORE if is_best else 0.0) + EXPLORE / choices


def _explained(scored: Scored, explored: bool) -> Scored:
    """The same, saying so when chance put it first; that moves nothing in its score."""
    if not explored:
        return scored
    return scored._replace(terms=(*scored.terms, term(Code.EXPLORED, 1.0, {})))
