"""ASSISTments' skill-builder export: 30 columns, and a row for every skill of a response.

`correct` is about the first attempt; `order_id` numbers the responses in the order they were
given. Scaffolding questions (`original` 0) are questions with answers and are kept.
"""

from __future__ import annotations

from ..quality import Sieve
from .draft import Draft, Wanted, join_skills, read_columns
from .source import Source

NEEDS = (
    ("order_id",), ("user_id",), ("problem_id",), ("correct",), ("skill_name", "skill_id"),
)  # fmt: skip
MARK = "assistment_id"  # what tells this export from a pyBKT table with the same names
NAMES = {
    "student": "user_id",
    "skill": "skill_name",
    "correct": "correct",
    "item": "problem_id",
    "event": "order_id",
    "class": "student_class_id",
    "response_ms": "ms_first_response",
    "hints": "hint_count",
    "activity": "sequence_id",
    "skill_id": "skill_id",
}


def read_assistments(source: Source, wanted: Wanted) -> Draft:
    """One row per response; a skill without a name goes by its number."""
    rows = read_columns(source, NAMES, wanted)
    sieve = Sieve(rows_read=len(rows))
    if "skill" not in rows:
        rows["skill"] = rows["skill_id"]
    elif "skill_id" in rows:
        rows["skill"] = rows["skill"].fillna(rows["skill_id"])
    rows["order"] = rows["event"]
    same = ("student", "correct", "item")
    rows = join_skills(source, rows, sieve, key=["event"], same=same)
    return Draft(rows.drop(columns="skill_id", errors="ignore"), sieve)
