"""Choice within a slate: what each option costs beside the best, in numbers and in a sentence.

Letting simulated students choose the skill within 80 % of the best score cost .8 % of what they
learnt at most; a free choice of activity cost 5 to 13 %. So the choice is theirs, and its price is
shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .explanation import Code, sentence

AS_GOOD = 0.8
"""Within this of the best, a choice hardly costs anything: measured on simulated students."""
WORSE = 0.4
NO_LESS = 0.005  # half a point of mastery is nothing to speak of


@dataclass(frozen=True, slots=True)
class Price:
    """What choosing a candidate costs.

    relative   its score as a share of the best one's, at most 1
    gain_lost  how much less P(mastered) is expected to rise than by the first candidate
    """

    relative: float
    gain_lost: float
    text: str


class Offer(Protocol):
    """What a price is told from."""

    @property
    def score(self) -> float: ...
    @property
    def expected_gain(self) -> float: ...


def prices(offers: Sequence[Offer]) -> list[Price]:
    """The price of each candidate of a slate, in its order; the first is what is advised."""
    if not offers:
        return []
    best = max(offer.score for offer in offers)
    first = offers[0]
    return [_price(offer, first, best, advised=offer is first) for offer in offers]


def _price(offer: Offer, first: Offer, best: float, *, advised: bool) -> Price:
    relative = min(1.0, offer.score / best) if best > 0.0 else 1.0
    lost = max(0.0, first.expected_gain - offer.expected_gain)
    return Price(relative, lost, sentence(_code(relative, lost, advised), {}))


def _code(relative: float, lost: float, advised: bool) -> Code:
    if advised:
        return Code.PRICE_NONE
    if relative >= AS_GOOD:
        return Code.PRICE_SMALL
    if lost <= NO_LESS:
        return Code.PRICE_LATER
    return Code.PRICE_SOME if relative >= WORSE else Code.PRICE_LARGE
