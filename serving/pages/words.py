"""How numbers and states are said to a teacher.

One place, so that the matrix, the cards and the drill-down never say the same thing two ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from unicodedata import bidirectional

from engine.beliefs import SkillBelief
from engine.explanation import Share

STATES = {
    "unseen": "Not started",
    "not_enough_evidence": "Too early to say",
    "emerging": "Emerging",
    "developing": "Developing",
    "secure": "Secure",
    "review_due": "Review due",
}
TIERS = {
    "support": "Support",
    "on-level": "On level",
    "advanced": "Advanced",
    "unplaced": "Not enough evidence",
}


def percent(p: float) -> str:
    """A probability in whole per cent, rounded down, so that 95% always means secure.

    Nothing is ever certain here, so neither 0% nor 100% is printed.

    >>> percent(0.949), percent(0.95), percent(0.9999), percent(0.002)
    ('94%', '95%', '99%', '<1%')
    """
    return f"{Share(p)}"


def level(name: str) -> str:
    """A level of work, of whatever catalogue.

    >>> level("support"), level("on-level"), level("grade 7")
    ('support level', 'on level', 'grade 7 level')
    """
    return "on level" if name == "on-level" else f"{name} level"


def between(low: float, high: float) -> str:
    """An interval of probabilities.

    >>> between(0.4, 0.714), between(0.001, 0.004), between(0.971, 0.975)
    ('40% to 71%', 'under 1%', 'about 97%')
    """
    first, last = percent(low), percent(high)
    if first != last:
        return f"{first} to {last}"
    return "under 1%" if first == "<1%" else f"about {first}"


def isolated(name: str) -> str:
    """A name for the middle of a sentence; one that reads from right to left is set apart, so that
    the words around it stay in order (Unicode Standard Annex 9, FSI and PDI).

    >>> isolated("Ana"), len(isolated("\u05e9\u05e8\u05d4"))
    ('Ana', 5)
    """
    backwards = any(bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\u2068{name}\u2069" if backwards else name


def count(n: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "answer"), count(12000, "answer"), count(2, "class", "classes")
    ('1 answer', '12,000 answers', '2 classes')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence would list them.

    >>> listed(["ratio"]), listed(["ratio", "percent"]), listed(["a", "b", "c"])
    ('ratio', 'ratio and percent', 'a, b and c')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def day(at: datetime) -> str:
    """A date as it is spoken.

    >>> from datetime import UTC
    >>> day(datetime(2026, 9, 4, 8, 30, tzinfo=UTC))
    '4 Sep 2026'
    """
    return f"{at.day} {at:%b %Y}"


def moment(at: datetime) -> str:
    """A date and time, always in UTC: the page does not know the school's clock.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 9, 4, 8, 30, tzinfo=UTC))
    '4 Sep 2026, 08:30'
    """
    return f"{day(at)}, {at:%H:%M}"


def kind_of(correct: float) -> str:
    """Which of three looks a scored answer has.

    >>> kind_of(1.0), kind_of(0.4), kind_of(0.0)
    ('right', 'partly', 'wrong')
    """
    if correct >= 1.0:
        return "right"
    return "wrong" if correct <= 0.0 else "partly"


def answer(correct: float) -> str:
    """The word for a scored answer.

    >>> answer(1.0), answer(0.0), answer(0.5)
    ('Right', 'Wrong', 'Partly right (50%)')
    """
    words = {"right": "Right", "wrong": "Wrong", "partly": f"Partly right ({correct:.0%})"}
    return words[kind_of(correct)]


def is_thin(belief: SkillBelief) -> bool:
    """Whether a belief rests on too little to be read as more than a hint."""
    return belief.evidence in ("none", "thin")
