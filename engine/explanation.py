"""Reasons in words: every code that a decision can give, and its sentence.

A decision names its reasons by code, with a weight; the sentences stand in one table, so that
another language is another table and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import floor, log
from typing import NamedTuple

SECOND_LOOK = 1e-9  # .29 × 100 is 28.999999999999996: not a reason to show 28 %


class Code(StrEnum):
    """Every reason there is, by the part of a decision that gives it."""

    # terms of a candidate's score
    INDEX = "index"
    COURSE_FIRST = "course_first"
    COURSE_ORDER = "course_order"
    LEADS_ON = "leads_on"
    TEACHES = "teaches"
    INFORMATION = "information"
    NO_PREREQUISITES = "no_prerequisites"
    PREREQUISITE_HELD = "prerequisite_held"
    PREREQUISITES_HELD = "prerequisites_held"
    PREREQUISITES_UNSURE = "prerequisites_unsure"
    REVIEW_DUE = "review_due"
    REVIEW_AHEAD = "review_ahead"
    TOWARDS_GOAL = "towards_goal"
    OPENS_UP = "opens_up"
    LEVEL_MATCHES = "level_matches"
    LEVEL_EASIER = "level_easier"
    LEVEL_HARDER = "level_harder"
    ASKS_NOTHING = "asks_nothing"
    ONLY_CHECKS = "only_checks"
    NOT_A_CHECK = "not_a_check"
    DONE_BEFORE = "done_before"
    JUST_DONE = "just_done"
    EXPLORED = "explored"
    PINNED = "pinned"
    SEAT_KEPT = "seat_kept"
    KIND_TEACHES = "kind_teaches"
    OTHER_KIND_TEACHES = "other_kind_teaches"
    # why there is nothing, or somebody is needed
    NO_SKILLS = "no_skills"
    ALL_SECURE = "all_secure"
    NEXT_REVIEW = "next_review"
    NOTHING_DUE = "nothing_due"
    NOT_READY = "not_ready"
    ENOUGH_EVIDENCE = "enough_evidence"
    PLACED = "placed"
    WAITS_FOR = "waits_for"
    NO_ACTIVITY = "no_activity"
    EXCLUDED = "excluded"
    RULED_OUT = "ruled_out"
    OTHER_MODALITY = "other_modality"
    OTHER_LEVEL = "other_level"
    TOO_LONG = "too_long"
    TEACHER_ABSENT = "teacher_absent"
    TOOLS_MISSING = "tools_missing"
    NO_SEAT = "no_seat"
    TOOL_WANTED = "tool_wanted"
    SEATS_FULL = "seats_full"
    SEAT_EARLY = "seat_early"
    SEAT_NO_GAIN = "seat_no_gain"
    NO_WORKSHOP = "no_workshop"
    NO_QUESTIONS = "no_questions"
    NO_CHECK = "no_check"
    SKILL_NOT_OPEN = "skill_not_open"
    STUCK = "stuck"
    DAILY_CAP = "daily_cap"
    NOT_DONE_YET = "not_done_yet"
    HOW_FAR = "how_far"
    FAR_OFF = "far_off"
    PIN_NOT_NOW = "pin_not_now"
    NEWER_WORD = "newer_word"
    OVERDUE = "overdue"
    GOAL_GONE = "goal_gone"
    # which rule is in force
    RULE_INDEX = "rule_index"
    RULE_FEW = "rule_few"
    RULE_MISFIT = "rule_misfit"
    # what would change a recommendation
    WOULD_OPEN = "would_open"
    WOULD_MOVE_ON = "would_move_on"
    WOULD_SECURE = "would_secure"
    WOULD_FINISH = "would_finish"
    WOULD_BE_KNOWN = "would_be_known"
    WOULD_FALL_BACK = "would_fall_back"
    TEACHER_SAID = "teacher_said"
    NOTHING_WOULD_CHANGE = "nothing_would_change"
    WOULD_NOT_FALL_BACK = "would_not_fall_back"
    # what a choice costs
    PRICE_NONE = "price_none"
    PRICE_SMALL = "price_small"
    PRICE_LATER = "price_later"
    PRICE_SOME = "price_some"
    PRICE_LARGE = "price_large"
    # tiers
    TIER_LIKELY = "tier_likely"
    PROBABLY_HOLDS = "probably_holds"
    PROBABLY_LACKS = "probably_lacks"
    NOT_ANSWERED = "not_answered"
    UNSURE_TIER = "unsure_tier"
    FEW_ANSWERS = "few_answers"
    NO_ANSWERS = "no_answers"
    MOVED = "moved"
    TIER_STAYS = "tier_stays"
    TIER_MOVES = "tier_moves"
    TIER_RETREATS = "tier_retreats"
    SUPPORT_LIMIT = "support_limit"
    BALANCES = "balances"
    COVERS = "covers"
    KEPT_TOGETHER = "kept_together"
    HELPS = "helps"
    IS_HELPED = "is_helped"
    ALIKE = "alike"
    CHOSEN = "chosen"
    IN_NO_GROUP = "in_no_group"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, how much it weighs, and its sentence."""

    code: str
    weight: float
    text: str


class Share(float):
    """A probability that a sentence or a page shows in whole per cent, rounded down.

    Down, so that nothing below a bar reads as if it had reached it; and never 0% or 100%, for
    nothing here is certain.

    >>> f"{Share(0.948)} {Share(0.29)} {Share(0.002)} {Share(1.0)}"
    '94% 29% <1% 99%'
    """

    def __format__(self, spec: str) -> str:
        whole = min(floor(self * 100 + SECOND_LOOK), 99)
        return f"{whole}%" if whole else "<1%"


class Count(int):
    """A number that a sentence shows in its own singular or plural.

    >>> f"{Count(1):one answer|# answers}, {Count(3):one answer|# answers}"
    'one answer, 3 answers'
    """

    def __format__(self, spec: str) -> str:
        singular, plural = spec.split("|")
        return singular if self == 1 else plural.replace("#", str(int(self)))


def sentence(code: Code, facts: Mapping[str, object], *, language: str = "en") -> str:
    """The sentence of a reason with its facts filled in.

    >>> sentence(Code.WAITS_FOR, {"skill": "slope", "other": "ratio", "p": Share(0.4),
    ...                           "bar": Share(0.9)})
    '“slope” waits for its prerequisite “ratio”, which is at 40% and opens it at 90%.'
    """
    return SENTENCES[language][code].format_map(facts)


def note(code: Code, facts: Mapping[str, object], *, weight: float = 0.0) -> Reason:
    """A reason with its sentence; without a weight it explains and moves nothing."""
    return Reason(code.value, weight, sentence(code, facts))


class Term(NamedTuple):
    """A factor of a score: its log, and the facts for its sentence, written only when asked for.

    A decision weighs thousands of activities and serves a handful: most are never put in words.
    """

    code: Code
    weight: float
    facts: Mapping[str, object]

    def reason(self) -> Reason:
        """The term in words."""
        return note(self.code, self.facts, weight=self.weight)


def term(code: Code, factor: float, facts: Mapping[str, object]) -> Term:
    """A factor of a score as a term: its weight is the log of the factor.

    >>> term(Code.TOWARDS_GOAL, 3.0, {"goal": "slope"}).reason()
    Reason(code='towards_goal', weight=1.0986122886681098, text='It leads to the goal “slope”.')
    """
    return Term(code, log(factor), facts)


ENGLISH: Mapping[Code, str] = {
    Code.INDEX: (
        "Working on “{skill}”, now {p}, is worth about {gain:.1f} points of mastery an activity, "
        "counting what its answers show."
    ),
    Code.COURSE_FIRST: "“{skill}”, now {p}, comes first in the course of all that is open.",
    Code.COURSE_ORDER: (
        "{count:One open skill comes|# open skills come} before “{skill}”, now {p}, in the course."
    ),
    Code.LEADS_ON: (
        "{count:One skill in scope builds|# skills in scope build} on “{skill}”: with all that "
        "follows, holding it is worth {times:.1f} skills."
    ),
    Code.TEACHES: (
        "From the logs it is worth {share} of what the best activity on “{skill}” is worth."
    ),
    Code.RULE_INDEX: (
        "The index rule decides: the model rests on {students:one student|# students}."
    ),
    Code.RULE_FEW: (
        "The careful rule decides: the model rests on {students:one student|# students}, and the "
        "index rule needs {least}."
    ),
    Code.RULE_MISFIT: (
        "The careful rule decides: another kind of model predicts answers better, by {worse:.3f} "
        "nats each, so this one is not trusted to plan."
    ),
    Code.INFORMATION: "One answer should tell {bits:.2f} bits about “{skill}”, now at {p}.",
    Code.NO_PREREQUISITES: "“{skill}” builds on nothing else, so it can start now.",
    Code.PREREQUISITE_HELD: "“{skill}” builds on “{other}”, which is held ({p}).",
    Code.PREREQUISITES_HELD: "What “{skill}” builds on is held: “{other}”, the lowest, is at {p}.",
    Code.PREREQUISITES_UNSURE: "“{skill}” builds on “{other}”, of which too little is known ({p}).",
    Code.REVIEW_DUE: "“{skill}” was secure once and has fallen to {p}, so it comes first.",
    Code.REVIEW_AHEAD: "“{skill}” is still secure ({p}); a look now keeps it so up to the goal.",
    Code.TOWARDS_GOAL: "It leads to the goal “{goal}”.",
    Code.OPENS_UP: "{count:One skill in scope waits|# skills in scope wait} for “{skill}”.",
    Code.LEVEL_MATCHES: "Its level ({level}) suits mastery at {p}.",
    Code.LEVEL_EASIER: "Its level ({level}) is easier than what suits mastery at {p} ({best}).",
    Code.LEVEL_HARDER: "Its level ({level}) is harder than what suits mastery at {p} ({best}).",
    Code.ASKS_NOTHING: "It asks nothing about “{skill}” alone, so it cannot show what was learnt.",
    Code.ONLY_CHECKS: "It is a check: better kept until there is something to show.",
    Code.NOT_A_CHECK: "It asks questions but was not made to check.",
    Code.DONE_BEFORE: "It has been done before.",
    Code.JUST_DONE: "It was the last thing done.",
    Code.EXPLORED: "It comes first by chance this time, to find out which activities teach.",
    Code.PINNED: "A teacher put it first.",
    Code.NO_SKILLS: "There is no skill in scope.",
    Code.ALL_SECURE: "{count:The one skill in scope is|All # skills in scope are} secure.",
    Code.NEXT_REVIEW: "The next review is “{skill}”, due on {date}.",
    Code.NOTHING_DUE: "Nothing in scope is due for review.",
    Code.NOT_READY: (
        "No check in scope would be passed with a chance of {bar} yet, after {answers} answers or "
        "more: from there one is offered."
    ),
    Code.PLACED: (
        "The diagnosis is complete: {held:one skill is|# skills are} held, "
        "{missing:one is|# are} not yet, and {between:one is|# are} in doubt."
    ),
    Code.ENOUGH_EVIDENCE: (
        "Every skill that could be asked about has {answers} answers or more already."
    ),
    Code.WAITS_FOR: (
        "“{skill}” waits for its prerequisite “{other}”, which is at {p} and opens it at {bar}."
    ),
    Code.NO_ACTIVITY: "There is no activity for {skills}.",
    Code.EXCLUDED: "The request excludes {count:an activity|# activities} for {skills}.",
    Code.RULED_OUT: "A teacher ruled out {count:an activity|# activities} for {skills}.",
    Code.OTHER_MODALITY: (
        "{count:An activity|# activities} for {skills}: not of the kind asked for ({modality})."
    ),
    Code.OTHER_LEVEL: (
        "{count:An activity|# activities} for {skills}: not of the difficulty asked for "
        "({difficulty})."
    ),
    Code.TOOLS_MISSING: (
        "{count:An activity|# activities} for {skills}: not without {tools}, which is not at hand."
    ),
    Code.NO_SEAT: "{count:An activity|# activities} for {skills}: only with a seat.",
    Code.TOOL_WANTED: "“{activity}” needs {tools}, which is not at hand.",
    Code.SEATS_FULL: (
        "“{activity}”: {seats:its one seat is|all # seats are} taken; seats go to those who gain "
        "most by it."
    ),
    Code.SEAT_EARLY: "“{activity}” begins at {at}; seats are given out shortly before.",
    Code.SEAT_NO_GAIN: "“{activity}” teaches nothing that is open and not secure: no seat is kept.",
    Code.NO_WORKSHOP: "“{activity}” has few seats, and no time is set for it in any class.",
    Code.KIND_TEACHES: (
        "So far “{kind}” has taught this student {times:.1f} times as well as it teaches others "
        "({low:.1f} to {high:.1f}, from {count:one answer|# answers})."
    ),
    Code.OTHER_KIND_TEACHES: (
        "Beside it “{kind}” has taught this student {times:.1f} times as well as it teaches others "
        "({low:.1f} to {high:.1f}, from {count:one answer|# answers})."
    ),
    Code.SEAT_KEPT: "A seat in this workshop is kept, until {at}.",
    Code.TOO_LONG: (
        "{count:An activity|# activities} for {skills}: longer than {minutes} minutes; the "
        "shortest takes {least}."
    ),
    Code.TEACHER_ABSENT: "{count:An activity|# activities} for {skills}: only with a teacher.",
    Code.NO_QUESTIONS: "{count:An activity|# activities} for {skills}: asks no questions.",
    Code.NO_CHECK: "{count:An activity|# activities} for {skills}: not a check.",
    Code.SKILL_NOT_OPEN: (
        "{count:An activity|# activities} for {skills}: needs another skill that still waits "
        "for a prerequisite."
    ),
    Code.STUCK: (
        "After {count:one answer|# answers}, “{skill}” is at {p}: a teacher should have a look."
    ),
    Code.NOT_DONE_YET: "Nothing on “{skill}” has been answered yet: there is no going back to it.",
    Code.HOW_FAR: (
        "A check on “{skill}” ({needed} of {questions} right to pass) would be passed with a "
        "chance of {p}; it is offered from {bar}, "
        "{count:one more right answer away|# more right answers in a row away}."
    ),
    Code.FAR_OFF: (
        "A check on “{skill}” ({needed} of {questions} right to pass) would be passed with a "
        "chance of {p}; it is offered from {bar}."
    ),
    Code.DAILY_CAP: "{most} skills a day are reviewed at most; for another day: {skills}.",
    Code.PIN_NOT_NOW: "A teacher put “{what}” first, but it cannot be done now.",
    Code.NEWER_WORD: "On “{what}” a newer word of a teacher holds, and not the one before it.",
    Code.OVERDUE: "The goal “{goal}” was due on {date} and is still open.",
    Code.GOAL_GONE: "What the goal “{goal}” aimed at is no longer in the curriculum.",
    Code.WOULD_OPEN: (
        "{count:One more right answer|# more right answers in a row} on “{skill}” would "
        "open “{other}”."
    ),
    Code.WOULD_MOVE_ON: (
        "{count:One more right answer|# more right answers in a row} on “{skill}” would make "
        "it secure and move on to “{other}”."
    ),
    Code.WOULD_SECURE: (
        "{count:One right answer|# right answers in a row} on “{skill}” would make it secure."
    ),
    Code.WOULD_FINISH: (
        "{count:One more right answer|# more right answers in a row} on “{skill}” would "
        "complete everything in scope."
    ),
    Code.WOULD_BE_KNOWN: (
        "{count:One more answer|# more answers} on “{skill}” would be enough evidence to go by."
    ),
    Code.WOULD_FALL_BACK: (
        "{count:One wrong answer|# wrong answers in a row} on “{skill}” would bring it below "
        "{bar}, back to practice."
    ),
    Code.TEACHER_SAID: "A teacher's word on “{skill}” holds, whatever the next answers are.",
    Code.NOTHING_WOULD_CHANGE: (
        "Not even {count:one right answer|# right answers in a row} on “{skill}” would change "
        "this: under this model they tell too little."
    ),
    Code.WOULD_NOT_FALL_BACK: (
        "Not even {count:one wrong answer|# wrong answers in a row} on “{skill}” would bring "
        "it below {bar}."
    ),
    Code.PRICE_NONE: "This is what we would pick.",
    Code.PRICE_SMALL: "About as good as our pick.",
    Code.PRICE_LATER: "You would learn about as much now; we would still begin with our pick.",
    Code.PRICE_SOME: "A little slower than our pick.",
    Code.PRICE_LARGE: "Fine to do, but our pick helps much more right now.",
    Code.TIER_LIKELY: (
        "Probability of each tier: support {support}, on level {on_level}, advanced {advanced}."
    ),
    Code.PROBABLY_HOLDS: "“{skill}” is at {p} after {count:one answer|# answers}.",
    Code.PROBABLY_LACKS: "“{skill}” is only at {p} after {count:one answer|# answers}.",
    Code.NOT_ANSWERED: "Nothing on “{skill}” has been answered yet.",
    Code.UNSURE_TIER: (
        "This tier is not likely enough (the likeliest, {tier}, at {p}), so provisional."
    ),
    Code.FEW_ANSWERS: (
        "{count:One answer|# answers} on {skills:one skill|# skills}: too few to go by, "
        "so on level for now."
    ),
    Code.MOVED: "A teacher chose this place ({tier}).",
    Code.TIER_STAYS: "Stays: {other} has become likelier ({p}), not likely enough to move for.",
    Code.TIER_MOVES: "Moves up or down from {other}: the evidence since the last review says so.",
    Code.TIER_RETREATS: (
        "Comes from {other}: the tier furthest from it has become too likely ({p}) to stay."
    ),
    Code.SUPPORT_LIMIT: (
        "{count:One review|# reviews} in a row in support: on level now, unless a teacher "
        "confirms the support."
    ),
    Code.BALANCES: "Holds {p} of the skills: the group stands at {mean}, the class at {overall}.",
    Code.COVERS: "The one of the group who most probably holds “{skill}” ({p}).",
    Code.KEPT_TOGETHER: "Kept together with {other}, as asked.",
    Code.HELPS: "Probably holds what {other} lacks: “{skill}”.",
    Code.IS_HELPED: "Probably lacks “{skill}”, which {other} holds.",
    Code.ALIKE: "Stands about where {other} stands.",
    Code.CHOSEN: "A teacher chose this group.",
    Code.IN_NO_GROUP: "In no group so far.",
    Code.NO_ANSWERS: "No answer yet on the objective or on what it builds on.",
}

SENTENCES: Mapping[str, Mapping[Code, str]] = {"en": ENGLISH}
"""Language → code → sentence. Every language has every code."""
