"""The matrix of routes, roles and reach, held against the running application.

Every route is called as every role: about what is theirs, about somebody else's class and student,
and from a foreign tenant. A new route needs its line in `serving.permissions.ROUTES`; a new kind of
record also needs a line in `RECORDS` below, which says how to make one about a student or class.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts

from data.store import Role
from serving.pages.forms import FORM_COOKIE, csrf_token
from serving.permission_table import as_markdown
from serving.permissions import OPEN, ROUTES, About, reach_of
from serving.roles import MATRIX, REACH, Action, Reach, allowed

SOUTH = "south"
NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
USERS = {"teacher": "ms-rivera", "student": "ana", "family": "mrs-alvarez"}
THINGS = {"skills": "fractions", "objectives": "proportion", "items": "f-1", "activities": "bars"}
MINE = {About.CLASS: "7b", About.STUDENT: "ana"}
THEIRS = {About.CLASS: "8a", About.STUDENT: "cy"}
PARTIAL = (Reach.CLASSES, Reach.SELF, Reach.CHILDREN)
SECRETS = ("Ana", "Ben", "Cy", "7b", "8a")
WORD = {"kind": "exclude", "skill": "ratios", "reason": "r"}
CIRCLE = {
    "activity": "ratio-workshop",
    "starts_at": "2026-09-15T12:00:00Z",
    "ends_at": "2026-09-15T13:00:00Z",
}
LESSON = {"objective": "proportion", "minutes": 45}
AS_A_FORM = {
    "data": {"csrf": csrf_token("a visitor's"), "target": "skill:ratios"},
    "headers": {"Cookie": f"{FORM_COOKIE}=a visitor's"},
}
"""What a page's own form sends beside its fields."""
RECORDS = {
    "recommendations": ("POST", "/v1/students/{student}/recommendations", {}),
    "groupings": ("POST", "/v1/classes/{class_}/groupings", {"objective": "proportion"}),
    "groups": ("POST", "/v1/classes/{class_}/groupings", {"objective": "proportion"}),
    "goals": ("PUT", "/v1/goals/of-{student}", {"student": "{student}", "skill": "ratios"}),
    "help": ("POST", "/v1/students/{student}/help", {"message": "Help"}),
    "overrides": ("POST", "/v1/overrides", {"student": "{student}", **WORD}),
    "workshops": ("PUT", "/v1/workshops/of-{class_}", {"class": "{class_}", **CIRCLE}),
    "session-plans": ("POST", "/v1/classes/{class_}/session-plan", LESSON),
    "jobs": ("POST", "/v1/snapshots", {"day": "2026-09-01"}),
}
"""Kind of record → how and where it is made, and what is sent there."""


@pytest.fixture(scope="module")
def whole_school(whole_school, tmp_path_factory):
    """A second class that is not the teacher's, and keys of the same names in another tenant."""
    path = tmp_path_factory.mktemp("schools") / "trellis.db"
    keys = dict(whole_school.keys)
    with whole_school.copied(path) as store:
        store.put("north", "classes", "8a", {"teacher": "mr-stone", "students": ["cy"]}, now=NOW)
        few = {"skills": ["ratios"], "seats": 5}
        store.put("north", "activities", "ratio-workshop", few, now=NOW)
        for role in MATRIX:
            keys[f"{SOUTH} {role}"] = store.create_key(SOUTH, role, NOW, user=USERS.get(role))
    return whole_school._replace(path=path, keys=keys)


@pytest.fixture
def school(world):
    """The tiny school, and what `whole_school` adds."""
    return world


def served(app):
    """Every route of the application as `METHOD /path`."""
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in context.methods - {"HEAD"}
    }


def kind_of(path):
    """What `{id}` stands for: the word before it; without one, the first word of the address."""
    words = path.removeprefix("/v1").strip("/").split("/")
    named = [before for before, word in pairwise(words) if word.startswith("{id}")]
    return named[0] if named else words[0]


def made(world, route, whose):
    """The id of a new record about somebody, made by the platform."""
    kind = kind_of(route.partition(" ")[2])
    if kind == "accounts":
        return an_account(world)
    method, path, body = RECORDS[kind]
    names = {"student": whose[About.STUDENT], "class_": whose[About.CLASS]}
    sent = {
        field: value.format(**names) if isinstance(value, str) else value
        for field, value in body.items()
    }
    reply = world.call(method, path.format(**names), json=sent)
    assert reply.status_code in (200, 201, 202), reply.text
    return reply.json()["id"]


def an_account(world):
    """The name of the school's account, which no request makes."""
    if world.store.account("rivera") is None:
        said = {"tenant": "north", "role": "teacher", "user": "ms-rivera", "now": NOW}
        world.store.create_account("rivera", "correct horse battery", **said)
    return "rivera"


def address_of(world, route, whose):
    """The route's address about somebody's class, student or record."""
    path = route.partition(" ")[2]
    about = ROUTES[route].about
    if "{id}" in path and (about is About.RECORD or "{class_id}" in path):
        path = path.replace("{id}", made(world, route, whose))
    own = whose.get(about) or THINGS.get(kind_of(path), "none")
    named = {"{id}": own, "{class_id}": whose[About.CLASS], "{student_id}": whose[About.STUDENT]}
    for placeholder, value in named.items():
        path = path.replace(placeholder, value)
    return path


def example(app, route):
    """The body that the documentation shows for the route; None where it takes none."""
    method, path = route.split(" ")
    document = app.openapi()
    operation = document["paths"].get(path, {}).get(method.lower(), {})
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = schema.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name].get("examples", [{}])[0] if name else None


def is_form(route):
    """Whether the route takes what a page's own form sends."""
    return route.startswith("POST /") and not route.startswith("POST /v1/")


def called(world, route, role, whose):
    """The response to the route, called as a role about somebody."""
    body = example(world.app, route)
    if body and "student" in body:
        body = {**body, "student": whose[About.STUDENT]}
    if body and "class" in body:
        body = {**body, "class": whose[About.CLASS]}
    sent = {} if body is None else {"json": body}
    if is_form(route):
        sent = AS_A_FORM
    return world.call(route.split(" ")[0], address_of(world, route, whose), role, **sent)


def roles_of(route, *reaches):
    """The roles that reach these by the route."""
    return [role for role in MATRIX if reach_of(role, ROUTES[route]) in reaches]


LIMITED = [
    route
    for route, rule in ROUTES.items()
    if rule.about is not About.TENANT and roles_of(route, *PARTIAL)
]


def test_every_route_has_a_line_and_every_line_a_route(app):
    lines = set(ROUTES) | set(OPEN)
    assert served(app) - lines == set(), "say in serving/permissions.py who may call these"
    assert lines - served(app) == set(), "these lines of serving/permissions.py have no route"
    assert not set(ROUTES) & set(OPEN)


def test_every_role_has_a_line_and_a_reach():
    assert set(MATRIX) == set(REACH) == {role.value for role in Role}


def test_every_action_is_open_to_somebody_and_used():
    assert all(any(allowed(role, action) for role in MATRIX) for action in Action)
    assert {rule.action for rule in ROUTES.values()} == set(Action)


def test_only_platform_and_admin_write_facts():
    writing = {Action.WRITE_CURRICULUM, Action.WRITE_ROSTER, Action.SEND_EVENTS}
    writers = {role for role, actions in MATRIX.items() if actions & writing}
    assert writers == {"platform", "admin"}


def test_an_unlisted_role_may_do_nothing():
    assert not any(allowed("janitor", action) for action in Action)


def test_the_page_of_the_documentation_is_this_matrix():
    page = Path(__file__).parents[2] / "docs" / "permissions.md"
    assert page.read_text() == as_markdown() + "\n"


@pytest.mark.parametrize("route", ROUTES)
def test_a_role_the_matrix_leaves_out_is_refused(school, route):
    method, path = route.split(" ")
    sent = AS_A_FORM if is_form(route) else {"json": {}}
    assert school.call(method, path, None, **sent).status_code == 401
    for role in roles_of(route, None):
        reply = school.call(method, path, role, **sent)
        assert reply.status_code == 403, reply.text
        assert role in reply.json()["detail"]


@pytest.mark.parametrize(
    ("route", "role"), [(route, role) for route in ROUTES for role in roles_of(route, *Reach)]
)
def test_a_role_the_matrix_names_is_let_in_about_what_is_theirs(school, route, role):
    reply = called(school, route, role, MINE)
    assert reply.status_code < 500, reply.text
    assert reply.status_code not in (401, 403, 404, 405), reply.text


@pytest.mark.parametrize("route", LIMITED)
def test_somebody_else_s_class_or_student_is_answered_like_none(school, route):
    for role in roles_of(route, *PARTIAL):
        reply = called(school, route, role, THEIRS)
        assert reply.status_code == 404, (role, reply.text)


EDITED = [
    (route, role)
    for route, rule in ROUTES.items()
    for role in roles_of(route, *PARTIAL)
    if rule.versioned and "/v1/" in route
]
POLICY = "/v1/classes/7b/policy"


@pytest.mark.parametrize(("route", "role"), EDITED)
def test_people_change_only_what_they_say_they_have_seen(school, route, role):
    school.call("PUT", POLICY, json={"tiered_share": 0.5})
    method, path = route.split(" ")[0], address_of(school, route, MINE)
    body = {"student": "ana", "skill": "fractions"} if "goals" in path else {}
    body = {"class": "7b", **CIRCLE} if "workshops" in path else body
    sent = {} if method == "DELETE" else {"json": body}
    assert school.call(method, path, role, **sent).status_code == 428
    stale = school.call(method, path, role, headers={"If-Match": '"7"'}, **sent)
    assert stale.status_code == 412, stale.text
    seen = school.call(method, path, role, headers={"If-Match": '"1"'}, **sent)
    assert seen.status_code in (200, 204), seen.text


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_that_a_version_is_asked_for_where_the_matrix_says_so(app, route):
    method, path = route.split(" ")
    operation = app.openapi()["paths"].get(path, {}).get(method.lower())
    if operation is not None:
        assert ("428" in operation["responses"]) is ROUTES[route].versioned


def test_a_program_that_says_what_is_so_names_no_version(school):
    for deadline in ("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"):
        body = {"student": "ana", "skill": "ratios", "deadline": deadline}
        assert school.call("PUT", "/v1/goals/g", json=body).status_code in (200, 201)


@pytest.mark.parametrize("route", ROUTES)
def test_a_foreign_tenant_reaches_nothing(school, route):
    before = whole(school)
    for role in roles_of(route, *Reach):
        reply = called(school, route, f"{SOUTH} {role}", MINE)
        if ROUTES[route].about is not About.TENANT and not route.startswith("PUT "):
            assert reply.status_code == 404, (role, reply.text)
        shown = reply.text if reply.status_code == 200 and route.startswith("GET ") else ""
        assert not any(f'"{secret}"' in shown for secret in SECRETS)
        assert whole(school) == before


def whole(world):
    """Every fact of the school, and how far its log has come."""
    kinds = ("skills", "objectives", "items", "activities", "students", "classes")
    facts = {kind: world.store.list("north", kind) for kind in kinds}
    return facts, world.store.last_sequence("north")
