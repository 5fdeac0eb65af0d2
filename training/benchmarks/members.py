"""Every member of the BKT family fitted to a real course, by MAP and by plain likelihood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from time import perf_counter
from typing import Any

import pandas as pd

from models import BKT

WORDS = ("items", "resources", "item_order", "priors")
FORGETTING = ((), ("forgets",), ("gaps",))
SLACK = 1e-6  # in log-likelihood: the climbs of two members end in different digits


@dataclass(frozen=True)
class MemberFit:
    """One fit: how high, how flat it is there, and the skills that did not arrive."""

    model: str
    plain: bool
    log_likelihood: float
    largest_gradient: float
    unconverged: tuple[str, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def all_members() -> Iterator[tuple[str, ...]]:
    """The options of each of the 48 members.

    >>> len(list(all_members()))
    48
    """
    for chosen in product((False, True), repeat=len(WORDS)):
        words = [word for word, on in zip(WORDS, chosen, strict=True) if on]
        for forgetting in FORGETTING:
            yield (*words, *forgetting)


def fit_members(responses: pd.DataFrame) -> dict[tuple[tuple[str, ...], bool], MemberFit]:
    """All members under both goals, by (options, plain). An activity is the item just answered
    where the table has none."""
    if "activity" not in responses:
        responses = responses.assign(activity=responses["item"])
    return {
        (member, plain): _fitted(member, plain, responses)
        for plain in (False, True)
        for member in all_members()
    }


def _fitted(member: tuple[str, ...], plain: bool, responses: pd.DataFrame) -> MemberFit:
    started = perf_counter()
    options: dict[str, Any] = dict.fromkeys(member, True)
    model = BKT(map=not plain, **options).fit(responses)
    seconds, facts = perf_counter() - started, model.bundle.facts
    return MemberFit(
        model=model.name,
        plain=plain,
        log_likelihood=facts["log_likelihood"],
        largest_gradient=facts["largest_gradient"],
        unconverged=tuple(
            skill
            for skill, one in model.bundle.skills.items()
            if any(flag.startswith("unconverged") for flag in one.flags)
        ),
        seconds=seconds,
    )


def falls(found: dict[tuple[tuple[str, ...], bool], MemberFit]) -> list[str]:
    """Where a richer member is less likely than a simpler one, under plain likelihood."""
    wrong = []
    for (member, plain), own in found.items():
        for word in member if plain else ():
            rest = tuple(other for other in member if other != word)
            rest = (*rest, "forgets") if word == "gaps" else rest
            if found[rest, True].log_likelihood > own.log_likelihood + SLACK:
                wrong.append(f"{own.model} below {found[rest, True].model}")
    return wrong
