"""How a state of knowing is said to a child and to their family: kind, plain, and never a rank.

Tiers are a teacher's tool for a lesson. Their names stand nowhere in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TO_STUDENTS: Mapping[str, str] = MappingProxyType(
    {
        "secure": "You know this",
        "review_due": "You knew this well: time for another look",
        "developing": "You are getting there",
        "emerging": "You have made a start",
        "not_enough_evidence": "Just begun",
        "unseen": "Still ahead",
    }
)
ABOUT_STUDENTS: Mapping[str, str] = MappingProxyType(
    {
        "secure": "Knows this well",
        "review_due": "Knew this well: time for another look",
        "developing": "Is getting there",
        "emerging": "Has made a start",
        "not_enough_evidence": "Just begun: too few answers to say",
        "unseen": "Still ahead",
    }
)
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "learning": ("developing", "emerging", "not_enough_evidence"),
        "another look": ("review_due",),
        "known": ("secure",),
        "ahead": ("unseen",),
    }
)
"""Part of a report → the states it gathers, in the order they are shown."""
TITLES_TO_STUDENTS = {
    "learning": "What you are learning now",
    "another look": "Time for another look",
    "known": "What you know",
    "ahead": "Still ahead",
}
TITLE_TOGETHER = "Several skills in one question"
TITLES_ABOUT_STUDENTS = {**TITLES_TO_STUDENTS, "learning": "Learning now", "known": "Known well"}
NOTHING_NEXT = {
    "complete": "Everything here is known well. Time to look ahead together with the teacher.",
    "review_later": "Nothing is due right now. Some skills come back later for another look.",
    "needs_teacher": "The next step is one to take together with the teacher.",
    "nothing_available": "There is more to learn, and the teacher will find something that fits.",
}
MEANING = (
    "“Knows this well” means that the answers so far make it very likely that the skill is held. "
    "It is an estimate from answers, not a mark: it changes with every answer, and a few answers "
    "say little."
)
