"""A response: one student's answer to one item, as the tracing core sees it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

SKILL_SEPARATOR = "~~"  # DataShop's mark between the skills of one step


class Response(NamedTuple):
    """One scored answer. `correct` is 0, 1, or a fraction for partial credit.

    >>> from datetime import datetime, timezone
    >>> at = datetime(2026, 9, 1, 8, 30, tzinfo=timezone.utc)
    >>> Response("e1", "ana", ("fractions", "ratios"), 1.0, at).skill
    'fractions~~ratios'
    """

    id: str
    student: str
    skills: tuple[str, ...]
    correct: float
    occurred_at: datetime
    item: str | None = None
    activity: str | None = None

    @property
    def skill(self) -> str:
        """The name under which the response is traced: several skills together count as one."""
        return combined(self.skills)


def combined(skills: tuple[str, ...]) -> str:
    """The one name of several skills practised together, the same in whatever order they come.

    >>> combined(("ratios", "fractions")), combined(("ratios",))
    ('fractions~~ratios', 'ratios')
    """
    return skills[0] if len(skills) == 1 else SKILL_SEPARATOR.join(sorted(set(skills)))
