"""What a school's logs taught about a course: the models that policies go by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from data.worlds import Course
from engine.indices import IndexTable, Shelf, index_table
from models.following import Spread
from models.ladder import held_level
from models.teaching import Teaching


@dataclass(frozen=True, eq=False)
class Fitted:
    """What the pilot taught.

    tracing    knowledge tracing: two levels, students alike
    ladder     the number of levels that the log speaks for
    spread     how much students differ, by the same log
    fits       log-likelihood by number of levels
    """

    course: Course
    tracing: Teaching
    ladder: Teaching
    spread: Spread
    fits: dict[int, float]

    def __str__(self) -> str:
        fits = ", ".join(f"{levels}: {fit:.0f}" for levels, fit in self.fits.items())
        contradicted = sum(edge.contradicted for edge in self.tracing.edges)
        tired = self.tracing.tiring.rate
        return (
            f"log-likelihood by levels {fits}; students differ by {tuple(self.spread)}; "
            f"tiring {tired:.2f}; "
            f"{contradicted} of {len(self.tracing.edges)} edges contradicted"
        )

    @cached_property
    def tables(self) -> tuple[IndexTable, ...]:
        """The index table of every skill, for the ladder."""
        model = self.ladder.ladder
        # somebody who does not hold the skill knows in part: the mean of the levels below
        share = float(model.shares[: held_level(model.shares)].mean())
        seems = model.guess + share * (1.0 - model.slip - model.guess)
        return tuple(
            index_table(
                Shelf(
                    model.teach[on], seems[on], model.slip[on], self.course.asks[on].astype(float)
                )
            )
            for on in self.course.on_skill
        )
