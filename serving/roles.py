"""What each role may do at all, and whose data that extends to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Action(StrEnum):
    """Something a caller may be allowed to do."""

    READ_CURRICULUM = "read the curriculum"
    WRITE_CURRICULUM = "change the curriculum"
    READ_STUDENTS = "read about students"
    READ_ROSTER = "read classes"
    WRITE_ROSTER = "change students and classes"
    EXPORT_STUDENT = "export all that is kept about a student"
    ERASE_STUDENT = "erase a student"
    SEND_EVENTS = "send events"
    READ_STUDENT_MASTERY = "read a student's mastery"
    READ_CLASS_MASTERY = "read a class's mastery"
    READ_STUDENT_REPORT = "read a student's report"
    READ_CLASS_REPORT = "read a class's report"
    READ_GOALS = "read goals"
    SET_GOALS = "set goals"
    READ_OVERRIDES = "read overrides"
    OVERRIDE = "override what the model decides"
    ASK_FOR_HELP = "ask for help"
    READ_HELP = "read requests for help"
    ANSWER_HELP = "answer requests for help"
    RECOMMEND = "ask for a student's next activities"
    GROUP = "group a class"
    TAKE_SNAPSHOT = "take a snapshot of everybody's mastery"
    READ_JOBS = "look up jobs"
    READ_MODEL = "read about the model in force"
    READ_AUDIT = "read who did what"
    RESET_PASSWORDS = "let people choose a new password"
    CHANGE_OWN_PASSWORD = "change their own password"
    OPEN_HOME = "open their front page"
    OPEN_STUDENT_PAGES = "open the pages of a student's teachers"

    @property
    def scope(self) -> str:
        """The word by which a key is limited to this action.

        >>> Action.SEND_EVENTS.scope
        'send-events'
        """
        return self.name.lower().replace("_", "-")


EVERYTHING = frozenset(Action)

MATRIX: Mapping[str, frozenset[Action]] = MappingProxyType(
    {
        "admin": EVERYTHING,
        "platform": EVERYTHING - {Action.READ_AUDIT, Action.RESET_PASSWORDS},
        "teacher": frozenset(
            {
                Action.READ_CURRICULUM,
                Action.READ_STUDENTS,
                Action.READ_ROSTER,
                Action.READ_STUDENT_MASTERY,
                Action.READ_CLASS_MASTERY,
                Action.READ_STUDENT_REPORT,
                Action.READ_CLASS_REPORT,
                Action.READ_GOALS,
                Action.SET_GOALS,
                Action.READ_OVERRIDES,
                Action.OVERRIDE,
                Action.READ_HELP,
                Action.ANSWER_HELP,
                Action.RECOMMEND,
                Action.GROUP,
                Action.READ_MODEL,
                Action.OPEN_HOME,
                Action.CHANGE_OWN_PASSWORD,
                Action.OPEN_STUDENT_PAGES,
            }
        ),
        "student": frozenset(
            {
                Action.READ_CURRICULUM,
                Action.READ_STUDENTS,
                Action.READ_STUDENT_MASTERY,
                Action.READ_STUDENT_REPORT,
                Action.READ_GOALS,
                Action.SET_GOALS,
                Action.ASK_FOR_HELP,
                Action.READ_HELP,
                Action.RECOMMEND,
                Action.OPEN_HOME,
                Action.CHANGE_OWN_PASSWORD,
            }
        ),
        "family": frozenset(
            {
                Action.READ_CURRICULUM,
                Action.READ_STUDENTS,
                Action.READ_STUDENT_MASTERY,
                Action.READ_STUDENT_REPORT,
                Action.OPEN_HOME,
                Action.CHANGE_OWN_PASSWORD,
                Action.READ_GOALS,
            }
        ),
        "data": frozenset({Action.READ_CURRICULUM, Action.READ_CLASS_MASTERY, Action.READ_MODEL}),
    }
)
"""Role → what it may do at all. To whom is its reach."""


class Reach(StrEnum):
    """Whose data a role's actions extend to, inside its own tenant."""

    ALL = "everybody"
    CLASSES = "their own classes, and the students enrolled in them now"
    SELF = "themselves"
    CHILDREN = "the children linked to them"
    PSEUDONYMS = "everybody, under pseudonyms and without names"


REACH: Mapping[str, Reach] = MappingProxyType(
    {
        "admin": Reach.ALL,
        "platform": Reach.ALL,
        "teacher": Reach.CLASSES,
        "student": Reach.SELF,
        "family": Reach.CHILDREN,
        "data": Reach.PSEUDONYMS,
    }
)


def allowed(role: str, action: Action) -> bool:
    """Whether a role may do something; a role that nobody listed may do nothing.

    >>> allowed("teacher", Action.GROUP), allowed("teacher", Action.SEND_EVENTS)
    (True, False)
    """
    return action in MATRIX.get(role, frozenset())


def roles_for(action: Action) -> list[str]:
    """The roles that may do something, for a message that says what would have been right.

    >>> roles_for(Action.SEND_EVENTS)
    ['admin', 'platform']
    """
    return [role for role, actions in MATRIX.items() if action in actions]
