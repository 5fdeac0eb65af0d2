"""The worked example of `/docs`: commands to paste, from nothing to a recommendation."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """What a command does, and the command."""

    says: str
    command: str


CURL = 'curl --silent --show-error --header "Authorization: Bearer $KEY"'
JSON = '--header "Content-Type: application/json"'


def _put(path: str, body: str) -> str:
    return f"{CURL} {JSON} \\\n  --request PUT \"$TRELLIS/v1/{path}\" --data '{body}'"


def _post(path: str, body: str) -> str:
    return f"{CURL} {JSON} \\\n  \"$TRELLIS/v1/{path}\" --data '{body}'"


STEPS = (
    Step(
        "Two skills, one building on the other", _put("skills/fractions", '{"name": "Fractions"}')
    ),
    Step(
        "",
        _put("skills/ratios", '{"name": "Ratios", "prerequisites": ["fractions"]}'),
    ),
    Step(
        "Something to do",
        _put(
            "activities/fraction-bars",
            '{"name": "Fraction bars", "skills": ["fractions"], "minutes": 8}',
        ),
    ),
    Step(
        "Two answers; sending them again changes nothing",
        _post(
            "events",
            '{"events": [\n'
            '  {"id": "docs-1", "student": "ana", "skills": ["fractions"], "correct": true,\n'
            '   "occurred_at": "2026-09-01T08:30:00Z"},\n'
            '  {"id": "docs-2", "student": "ana", "skills": ["fractions"], "correct": 0.5,\n'
            '   "occurred_at": "2026-09-01T08:31:00Z"}]}',
        ),
    ),
    Step(
        "What is believed of Ana now, and how sure that is",
        f'{CURL} "$TRELLIS/v1/students/ana/mastery?skill=fractions"',
    ),
    Step(
        "What she should do next, and why",
        _post("students/ana/recommendations", '{"intent": "learn", "n": 3}'),
    ),
)
