"""Tables under the column names that pyBKT takes by default.

Names: pyBKT 1.4, `util/data_helper.py`. It orders a student's rows by `order_id` and learns item
guess and slip, and resources, by `template_id`. Its Cognitive Tutor names are DataShop's.
"""

from __future__ import annotations

from ..quality import Sieve
from .draft import Draft, Wanted, join_skills, read_columns
from .source import Source

NEEDS = (("user_id",), ("skill_name",), ("correct",))
NAMES = {
    "student": "user_id",
    "skill": "skill_name",
    "correct": "correct",
    "order": "order_id",
    "item": "problem_id",
    "activity": "template_id",
    "response_ms": "ms_first_response",
    "hints": "hint_count",
    "split": "split",
}


def read_pybkt(source: Source, wanted: Wanted) -> Draft:
    """One row per response; rows repeated per skill are joined where the problem is known."""
    rows = read_columns(source, NAMES, wanted)
    sieve = Sieve(rows_read=len(rows))
    if "order" in rows and "item" in rows:
        key = ["student", "order", "item"]
        rows = join_skills(source, rows, sieve, key=key, same=["correct"])
    if "item" not in rows and "activity" in rows:
        rows["item"] = rows["activity"]
    return Draft(rows, sieve)
