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
    return f"{CURL} \\\n  {JSON} --request PUT \"$TRELLIS/v1/{path}\" \\\n  --data '{body}'"


def _post(path: str, body: str) -> str:
    return f"{CURL} \\\n  {JSON} \"$TRELLIS/v1/{path}\" \\\n  --data '{body}'"


STEPS = (
    Step("A skill", _put("skills/fractions", '{"name": "Fractions"}')),
    Step(
        "Another that builds on it",
        _put("skills/ratios", '{"name": "Ratios", "prerequisites": ["fractions"]}'),
    ),
    Step(
        "Something to do",
        _put("activities/bars", '{"name": "Fraction bars", "skills": ["fractions"]}'),
    ),
    Step(
        "Two answers",
        _post(
            "events",
            """{"events": [
  {"id": "docs-1", "student": "ana", "skills": ["fractions"],
   "correct": true, "occurred_at": "2026-09-01T08:30:00Z"},
  {"id": "docs-2", "student": "ana", "skills": ["fractions"],
   "correct": 0.5, "occurred_at": "2026-09-01T08:31:00Z"}]}""",
        ),
    ),
    Step(
        "What is believed of Ana now, and how sure that is",
        f'{CURL} \\\n  "$TRELLIS/v1/students/ana/mastery?skill=fractions"',
    ),
    Step(
        "What she should do next, and why",
        _post("students/ana/recommendations", '{"intent": "learn", "n": 3}'),
    ),
)
