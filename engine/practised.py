"""What a student's responses leave behind under the hierarchical model: of a skill, of a single
skill, of an item, and of everything together."""

from __future__ import annotations

from typing import NamedTuple

from .contexts import Last
from .memory import REOPEN
from .responses import Response
from .states import DEVELOPING, ENOUGH_RESPONSES, SECURE
from .tables import Floats


class Practised(NamedTuple):
    """All that the responses which touched a skill leave behind.

    known, unknown  [set, node] P(mastered) given each node, and what it lacks to 1
    responses       how many touched it
    secured, fell   whether it was ever secure, and whether mastery has fallen since; of all
                    responses but the last, whose mastery is
    trailing        P(mastered) right after it: answers to other skills may have moved it since
    last            what the next response needs to know of the last one
    """

    known: Floats
    unknown: Floats
    responses: int
    secured: bool
    fell: bool
    trailing: float
    last: Last

    def state(self, mastery: float) -> str:
        """The word for where the student stands, as in `engine.beliefs.SkillBelief`."""
        if self.responses < ENOUGH_RESPONSES:
            return "not_enough_evidence"
        secured, fell = _secured(self.responses, self.secured, self.fell, mastery)
        if secured:
            return "review_due" if fell else "secure"
        return "developing" if mastery >= DEVELOPING else "emerging"


class Met(NamedTuple):
    """What is remembered of an item: the number of the last response, how many, how it went."""

    last: int
    times: float
    went: float


class Single(NamedTuple):
    """What is remembered of a single skill: the last response's number, wrong ones in a row."""

    last: int
    wrong: float


class Fading(NamedTuple):
    """What is remembered of all responses: shares that fade, how many, the session, the clock."""

    fading: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    responses: int = 0
    session: int = 0
    clock: float = float("nan")


NOTHING_YET = Fading()


def touched_again(before: Practised, mastery: float, last: Last) -> Practised:
    """The same once one more response touched the skill."""
    secured, fell = before.secured, before.fell
    if before.responses:
        secured, fell = _secured(before.responses, secured, fell, before.trailing)
    return before._replace(
        responses=before.responses + 1, secured=secured, fell=fell, trailing=mastery, last=last
    )


def _secured(responses: int, secured: bool, fell: bool, mastery: float) -> tuple[bool, bool]:
    """Whether a skill was ever secure, and has fallen since, after so many responses."""
    if responses >= ENOUGH_RESPONSES and mastery >= SECURE:
        return True, False
    return secured, fell or (responses >= ENOUGH_RESPONSES and mastery < REOPEN)


def last_of(response: Response, number: int) -> Last:
    """What is remembered of a response, the student's so manieth."""
    return Last(response.item, response.activity, response.occurred_at, number)
