"""Who may do what: the one matrix of roles and actions.

The tenant comes from the credential alone; what a role may do inside it stands here. A teacher's
actions reach their own classes only, which `serving.auth` checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Action(StrEnum):
    """Something a caller may be allowed to do."""

    READ_CURRICULUM = "read the curriculum"
    WRITE_CURRICULUM = "change the curriculum"
    READ_ROSTER = "read students and classes"
    WRITE_ROSTER = "change students and classes"
    SEND_EVENTS = "send events"
    READ_STUDENT_MASTERY = "read a student's mastery"
    READ_CLASS_MASTERY = "read a class's mastery"
    RECOMMEND = "ask for a student's next activities"
    GROUP = "group a class"
    READ_MODEL = "read about the model in force"


EVERYTHING = frozenset(Action)

MATRIX: Mapping[str, frozenset[Action]] = MappingProxyType(
    {
        "admin": EVERYTHING,
        "platform": EVERYTHING,
        "teacher": frozenset(
            {
                Action.READ_CURRICULUM,
                Action.READ_ROSTER,
                Action.READ_STUDENT_MASTERY,
                Action.READ_CLASS_MASTERY,
                Action.RECOMMEND,
                Action.GROUP,
                Action.READ_MODEL,
            }
        ),
        "data": frozenset({Action.READ_CLASS_MASTERY, Action.READ_MODEL}),
        # Their own front doors are not open yet: such keys exist and are told so.
        "student": frozenset(),
        "family": frozenset(),
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
