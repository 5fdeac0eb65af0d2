"""Who may do what, to whom: the one matrix of routes, roles and reach.

It is data, and everything else follows from it: `serving.auth` lets a request pass by it, `/docs`
and docs/permissions.md print it (`serving.permission_table`), and a test calls every route as every
role, from a foreign tenant, and about somebody else's class and student. The tenant itself comes
from the credential alone.

To add a route:

1. Give its endpoint a caller, `caller: Annotated[Principal, Depends(Permission(Action.GROUP))]`, or
   one of the names for that in `serving.auth`.
2. Add its line to `ROUTES`: the action, and what it is about. A class or student named in the
   address (`{id}`, or `{class_id}` and `{student_id}`) is then checked before the endpoint runs;
   what a body names, or a `RECORD` belongs to, is the endpoint's to check (`serving.reach`).
3. For a new action, add it to `Action` and to the roles of `MATRIX` that may do it
   (`serving.roles`).
4. `python -m serving.permission_table > docs/permissions.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from .roles import REACH, Action, Reach, allowed


class About(StrEnum):
    """What a route is about, which says how its reach is checked."""

    TENANT = "the tenant"  # the same for everybody who may; lists show what the caller reaches
    CLASS = "a class"  # named in the address, checked before the endpoint runs
    STUDENT = "a student"  # named in the address, checked before the endpoint runs
    RECORD = "a record"  # of a student or class, looked up and checked by the endpoint


class Rule(NamedTuple):
    """What a route lets a caller do, and what it is about."""

    action: Action
    about: About = About.TENANT
    versioned: bool = False  # people change it by the version that they saw (`serving.versions`)


ROUTES: Mapping[str, Rule] = MappingProxyType(
    {
        "GET /v1/skills": Rule(Action.READ_CURRICULUM),
        "GET /v1/skills/{id}": Rule(Action.READ_CURRICULUM),
        "PUT /v1/skills/{id}": Rule(Action.WRITE_CURRICULUM),
        "DELETE /v1/skills/{id}": Rule(Action.WRITE_CURRICULUM),
        "GET /v1/objectives": Rule(Action.READ_CURRICULUM),
        "GET /v1/objectives/{id}": Rule(Action.READ_CURRICULUM),
        "PUT /v1/objectives/{id}": Rule(Action.WRITE_CURRICULUM),
        "DELETE /v1/objectives/{id}": Rule(Action.WRITE_CURRICULUM),
        "GET /v1/items": Rule(Action.READ_CURRICULUM),
        "GET /v1/items/{id}": Rule(Action.READ_CURRICULUM),
        "PUT /v1/items/{id}": Rule(Action.WRITE_CURRICULUM),
        "DELETE /v1/items/{id}": Rule(Action.WRITE_CURRICULUM),
        "GET /v1/activities": Rule(Action.READ_CURRICULUM),
        "GET /v1/activities/{id}": Rule(Action.READ_CURRICULUM),
        "PUT /v1/activities/{id}": Rule(Action.WRITE_CURRICULUM),
        "DELETE /v1/activities/{id}": Rule(Action.WRITE_CURRICULUM),
        "GET /v1/students": Rule(Action.READ_STUDENTS),
        "GET /v1/students/{id}": Rule(Action.READ_STUDENTS, About.STUDENT),
        "PUT /v1/students/{id}": Rule(Action.WRITE_ROSTER, About.STUDENT),
        "DELETE /v1/students/{id}": Rule(Action.WRITE_ROSTER, About.STUDENT),
        "POST /v1/students/{id}:export": Rule(Action.EXPORT_STUDENT, About.STUDENT),
        "POST /v1/students/{id}:erase": Rule(Action.ERASE_STUDENT, About.STUDENT),
        "GET /v1/classes": Rule(Action.READ_ROSTER),
        "GET /v1/classes/{id}": Rule(Action.READ_ROSTER, About.CLASS),
        "PUT /v1/classes/{id}": Rule(Action.WRITE_ROSTER, About.CLASS),
        "DELETE /v1/classes/{id}": Rule(Action.WRITE_ROSTER, About.CLASS),
        "POST /v1/events": Rule(Action.SEND_EVENTS),
        "GET /v1/students/{id}/mastery": Rule(Action.READ_STUDENT_MASTERY, About.STUDENT),
        "GET /v1/classes/{id}/mastery": Rule(Action.READ_CLASS_MASTERY, About.CLASS),
        "GET /v1/students/{id}/report": Rule(Action.READ_STUDENT_REPORT, About.STUDENT),
        "GET /v1/classes/{id}/report": Rule(Action.READ_CLASS_REPORT, About.CLASS),
        "POST /v1/students/{id}/recommendations": Rule(Action.RECOMMEND, About.STUDENT),
        "GET /v1/recommendations/{id}": Rule(Action.RECOMMEND, About.RECORD),
        "POST /v1/recommendations/{id}:replay": Rule(Action.RECOMMEND, About.RECORD),
        "POST /v1/classes/{id}/groupings": Rule(Action.GROUP, About.CLASS),
        "GET /v1/groupings/{id}": Rule(Action.GROUP, About.RECORD),
        "PATCH /v1/groupings/{id}": Rule(Action.GROUP, About.RECORD, versioned=True),
        "GET /v1/classes/{id}/policy": Rule(Action.GROUP, About.CLASS),
        "PUT /v1/classes/{id}/policy": Rule(Action.GROUP, About.CLASS, versioned=True),
        "GET /v1/classes/{id}/approach": Rule(Action.GROUP, About.CLASS),
        "POST /v1/classes/{id}/session-plan": Rule(Action.GROUP, About.CLASS),
        "GET /v1/session-plans/{id}": Rule(Action.GROUP, About.RECORD),
        "POST /v1/session-plans/{id}:replay": Rule(Action.GROUP, About.RECORD),
        "GET /v1/workshops": Rule(Action.GROUP),
        "GET /v1/workshops/{id}": Rule(Action.GROUP, About.RECORD),
        "PUT /v1/workshops/{id}": Rule(Action.GROUP, About.RECORD, versioned=True),
        "DELETE /v1/workshops/{id}": Rule(Action.GROUP, About.RECORD, versioned=True),
        "POST /v1/workshops/{id}:seat": Rule(Action.GROUP, About.RECORD),
        "PUT /v1/workshops/{id}/seats/{student_id}": Rule(Action.GROUP, About.RECORD),
        "DELETE /v1/workshops/{id}/seats/{student_id}": Rule(Action.GROUP, About.RECORD),
        "GET /v1/goals": Rule(Action.READ_GOALS),
        "GET /v1/goals/{id}": Rule(Action.READ_GOALS, About.RECORD),
        "PUT /v1/goals/{id}": Rule(Action.SET_GOALS, About.RECORD, versioned=True),
        "DELETE /v1/goals/{id}": Rule(Action.SET_GOALS, About.RECORD, versioned=True),
        "POST /v1/students/{id}/help": Rule(Action.ASK_FOR_HELP, About.STUDENT),
        "GET /v1/help": Rule(Action.READ_HELP),
        "GET /v1/help/{id}": Rule(Action.READ_HELP, About.RECORD),
        "POST /v1/help/{id}:answer": Rule(Action.ANSWER_HELP, About.RECORD),
        "DELETE /v1/help/{id}": Rule(Action.ASK_FOR_HELP, About.RECORD),
        "POST /v1/overrides": Rule(Action.OVERRIDE, About.RECORD),
        "POST /v1/overrides/{id}:done": Rule(Action.RECOMMEND, About.RECORD),
        "GET /v1/overrides": Rule(Action.READ_OVERRIDES),
        "GET /v1/overrides/{id}": Rule(Action.READ_OVERRIDES, About.RECORD),
        "DELETE /v1/overrides/{id}": Rule(Action.OVERRIDE, About.RECORD),
        "POST /v1/imports/events": Rule(Action.SEND_EVENTS),
        "POST /v1/snapshots": Rule(Action.TAKE_SNAPSHOT),
        "GET /v1/jobs/{id}": Rule(Action.READ_JOBS, About.RECORD),
        "GET /v1/model": Rule(Action.READ_MODEL),
        "GET /v1/audit": Rule(Action.READ_AUDIT),
        "POST /v1/accounts/{id}:reset": Rule(Action.RESET_PASSWORDS, About.RECORD),
        # pages
        "GET /": Rule(Action.OPEN_HOME),
        "GET /password": Rule(Action.CHANGE_OWN_PASSWORD),
        "POST /password": Rule(Action.CHANGE_OWN_PASSWORD),
        "GET /students/{student_id}/report": Rule(Action.READ_STUDENT_REPORT, About.STUDENT),
        "GET /classes/{class_id}/report": Rule(Action.READ_CLASS_REPORT, About.CLASS),
        "GET /classes/{class_id}": Rule(Action.GROUP, About.CLASS),
        "POST /students/{student_id}/goals": Rule(Action.SET_GOALS, About.STUDENT, versioned=True),
        "POST /students/{student_id}/help": Rule(Action.READ_HELP, About.STUDENT),
        "GET /classes/{class_id}/students/{student_id}/override": Rule(
            Action.OVERRIDE, About.STUDENT
        ),
        "POST /classes/{class_id}/students/{student_id}/override": Rule(
            Action.OVERRIDE, About.STUDENT
        ),
        "GET /classes/{class_id}/groups": Rule(Action.GROUP, About.CLASS),
        "POST /classes/{class_id}/groups": Rule(Action.GROUP, About.CLASS),
        "GET /classes/{class_id}/groups/{id}": Rule(Action.GROUP, About.CLASS),
        "POST /classes/{class_id}/groups/{id}": Rule(Action.GROUP, About.CLASS, versioned=True),
        "GET /classes/{class_id}/plan": Rule(Action.GROUP, About.CLASS),
        "GET /classes/{class_id}/approach": Rule(Action.GROUP, About.CLASS),
        "POST /classes/{class_id}/approach": Rule(Action.GROUP, About.CLASS, versioned=True),
        "GET /classes/{class_id}/students/{student_id}": Rule(
            Action.OPEN_STUDENT_PAGES, About.STUDENT
        ),
    }
)
"""Method and address → what a caller must be allowed, and what it is about."""

OPEN: Mapping[str, str] = MappingProxyType(
    {
        "GET /healthz": "says only that the process answers",
        "GET /readyz": "says only whether events can be kept",
        "GET /metrics": "counts by route and status, never by whom a request is about",
        "GET /openapi.json": "the contract, the same for everybody",
        "GET /docs": "the contract, the same for everybody",
        "GET /docs/docs.css": "a style sheet",
        "GET /assets/{name}": "a style sheet and a picture",
        "GET /sign-in": "where a credential is traded for a session",
        "GET /sign-in/provider": "sends the browser to whoever signs people in",
        "GET /sign-in/provider/callback": "where the provider's answer is traded for a session",
        "POST /sign-in": "where a password is traded for a session",
        "GET /reset": "where a one-time link shows the form for a new password",
        "POST /reset": "where a one-time link is traded for a new password",
        "POST /sign-out": "ends the caller's own session",
    }
)
"""Routes without a credential, each with the reason why that is safe."""


def reach_of(role: str, rule: Rule) -> Reach | None:
    """Whose data a role reaches by a route; None where it may not call it at all.

    >>> str(reach_of("family", ROUTES["GET /v1/students/{id}/mastery"]))
    'the children linked to them'
    """
    return REACH[role] if allowed(role, rule.action) else None
