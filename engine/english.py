"""The sentence of every reason in English; what stands in braces are its facts."""

from __future__ import annotations

from collections.abc import Mapping

from .codes import Code

ENGLISH: Mapping[Code, str] = {
    Code.INDEX: (
        "Working on “{skill}”, now {p}, is worth about {gain:.1f} points of mastery an activity, "
        "counting what its answers show."
    ),
    Code.PACE: (
        "This student seems to learn {times:.1f} times as fast as usual ({low:.1f} to {high:.1f}, "
        "from {count:one answer|# answers})."
    ),
    Code.TIRES: (
        "“{skill}” was worked on just now: by the logs it is learnt at {share} of full speed until "
        "something else was done."
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
    Code.SEAT_NO_GAIN: "No seat is kept in “{activity}”: something else helps more now.",
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
