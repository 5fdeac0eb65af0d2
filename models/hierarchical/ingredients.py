"""What the hierarchical model is made of, each part a switch, so that its worth can be measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from engine.errors import Fault, InvalidInput
from engine.touches import COMBININGS, USUAL, Combining


@dataclass(frozen=True)
class Ingredients:
    """Which parts the model has.

    ability       a student's ability moves every skill
    items         items differ in how hard they are
    forgets       what was mastered may be lost again
    gaps          learning and forgetting depend on the time since the last practice
    history       how recent answers went, and when the item was met before, move the next
    combinations  a combination of skills may differ from the mean of its single skills
    together      what an answer to a combination takes: a name of `engine.touches.COMBININGS`
    """

    ability: bool = True
    items: bool = True
    forgets: bool = True
    gaps: bool = True
    history: bool = True
    combinations: bool = True
    together: str = USUAL

    @property
    def missing(self) -> tuple[str, ...]:
        """What is left out.

        >>> Ingredients(gaps=False).missing
        ('gaps',)
        """
        return tuple(name for name in NAMES if not getattr(self, name))

    @property
    def combining(self) -> Combining:
        """What an answer to a combination takes."""
        return COMBININGS[self.together]


METHODS = ("map", "laplace", "svi", "nuts")
"""Ways to the posterior: see `models.hierarchical.inference`."""
NAMES = tuple(one.name for one in fields(Ingredients) if one.type == "bool")


def ingredients_of(
    left_out: Sequence[str],
    *,
    others: Sequence[str] = (),
    map_estimate: bool = True,
    together: str = USUAL,
) -> Ingredients:
    """The ingredients but those left out. Raises `InvalidInput` for what cannot be.

    >>> ingredients_of(["clock"])
    Traceback (most recent call last):
    engine.errors.InvalidInput: without: got 'clock', expected one of ability, items, forgets, ...
    """
    faults = [
        Fault("without", name, f"one of {', '.join(NAMES)}")
        for name in left_out
        if name not in NAMES
    ]
    faults += [
        Fault("ability", f"with {name}", "the hierarchical model without it") for name in others
    ]
    if not map_estimate:
        faults.append(Fault("map", "False", "True: effects of the hierarchical model are shrunk"))
    if together not in COMBININGS:
        faults.append(Fault("together", together, f"one of {', '.join(COMBININGS)}"))
    if faults:
        raise InvalidInput(faults)
    return Ingredients(**{name: name not in left_out for name in NAMES}, together=together)
