"""The strong logistic model: items, skills, and all that was right and wrong before, by window.

Sources: Gervet, Koedinger, Schneider & Mitchell (2020), When is deep learning the best approach to
knowledge tracing?, JEDM 12(3) (its Best-LR: items, skills, counts of every kind); Choffin,
Popineau, Bourda & Vie (2019), DAS3H, EDM (counts of a skill in windows of time); Galyardt & Goldin
(2015), R-PFA, JEDM 7(2) (success rates that fade).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.tables import Floats, Integers

from .baseline import Baseline
from .design import Design, Family, Part, designed, everywhere, present
from .histories import Histories, Occurrences, numbered, occurrences_of, of_students, vocabulary
from .logistic import STEEPNESS, ascend, predicted
from .records import Groups, faded, grouped, since_last, windowed

HOUR, DAY = 3600.0, 86400.0
TIME_WINDOWS = (HOUR, DAY, 7 * DAY, 30 * DAY, np.inf)
"""DAS3H's, in seconds."""
LAG_WINDOWS = (5.0, 20.0, 100.0, np.inf)
"""Where no clock is known: by how many of the student's responses ago."""
TIME_GAPS = (30.0, 120.0, 600.0, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
LAG_GAPS = (1.5, 2.5, 5.5, 10.5, 20.5, 50.5, 100.5, 300.5)
"""Classes of the time since the last response to the same skill, and to the same item."""
FADES = (0.6, 0.85, 0.97)
FIRST_WEIGHT = 2.0
"""Responses' worth of the overall rate at the start of every fading share."""

SHARED, ITEM, COMBINATION, OWN = 0.01, 1.5, 2.0, 10.0
"""Penalties, chosen on held-out training students of ASSISTments 2009."""
SCALES = (4.0, 1.0)
"""All of them are multiplied by one of these, chosen in every fit on held-out students."""
HELD_OUT = 5
"""One student in so many is held out for that choice."""
ROUGH = 5.0
"""Largest entry of the gradient at which a trial fit ends: its predictions are right to 1e-4."""


class LR(Baseline):
    """logit P(correct) = item + skills + what the student did before, overall and by skill.

    What was done before: log(1 + right) and log(1 + wrong) in windows of time (of responses where
    no clock is known), and shares of right answers that fade at three speeds, as log-odds; of all
    the student's responses, of those to the skill (with slopes all skills share and slopes of the
    skill's own), and of those to the item; the time since the last of each, in classes.

    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {"student": list("aaabbb"), "skill": "x", "correct": [1, 1, 1, 0, 0, 0]}
    ... )
    >>> predicted = LR().fit(events).predict(events)
    >>> bool(predicted[2] > predicted[5])
    True
    """

    name = "lr"

    def _learn(self, histories: Histories) -> None:
        self._numbers = {
            "singles": list(vocabulary(occurrences_of(histories).skills)),
            "clocked": histories.clocked,
            "rate": float((histories.correct.sum() + 1.0) / (histories.events + 2.0)),
        }
        self._note(histories)
        self._numbers["scale"] = self._scale(histories)
        found = ascend(self._design(histories), histories.correct)
        self._numbers["converged"] = found.gradient < STEEPNESS
        self._arrays = {"weights": found.weights}

    def _answers(self, histories: Histories) -> Floats:
        return predicted(self._design(histories), self._arrays["weights"])

    def _scale(self, histories: Histories) -> float:
        """The strength of the penalties that predicts held-out students best."""
        students = np.arange(len(histories.starts) - 1)
        out = students % HELD_OUT == HELD_OUT - 1
        if not out.any():
            return SCALES[0]
        kept, judged = of_students(histories, students[~out]), of_students(histories, students[out])
        losses, weights = [], None
        for scale in SCALES:
            design = self._design(kept, scale)
            weights = ascend(design, kept.correct, start=weights, steepness=ROUGH).weights
            p = predicted(self._design(judged, scale), weights)
            right = judged.correct * np.log(p) + (1.0 - judged.correct) * np.log1p(-p)
            losses.append(-right.mean())
        return SCALES[int(np.argmin(losses))]

    def _design(self, histories: Histories, scale: float | None = None) -> Design:
        numbers, asked = self._numbers, occurrences_of(histories)
        singles = vocabulary(numbers["singles"])
        scale = numbers["scale"] if scale is None else scale
        skills = grouped(histories.student()[asked.event], asked.skill)
        record = self._record(histories, asked, skills)
        intercepts = np.ones(len(asked.event))
        every = np.arange(histories.events)
        parts = {
            "shared": everywhere(self._shared(histories, asked, skills, record)),
            "item": present(every, numbered(histories.items, self._items)[histories.item]),
            "combination": present(
                every, numbered(histories.skills, self._skills)[histories.skill]
            ),
            "own": Part(
                asked.event,
                numbered(asked.skills, singles)[asked.skill],
                np.column_stack([intercepts, record]),
            ),
        }
        families = {
            "shared": Family(1, parts["shared"].values.shape[1], scale * SHARED),
            "item": Family(len(self._items) + 1, 1, scale * ITEM),
            "combination": Family(len(self._skills) + 1, 1, scale * COMBINATION),
            "own": Family(len(singles) + 1, 1 + record.shape[1], scale * OWN),
        }
        for name, (family, part) in self._more(histories, scale).items():
            families[name], parts[name] = family, part
        return designed(families, parts, events=histories.events)

    def _note(self, histories: Histories) -> None:
        """What a kind with more features has to remember of the histories it learns from."""

    def _more(self, histories: Histories, scale: float) -> Mapping[str, tuple[Family, Part]]:
        """The features that a kind has beyond these."""
        return {}

    def _record(self, histories: Histories, asked: Occurrences, skills: Groups) -> Floats:
        """[occurrence, number] what the student did on each skill asked for, shared among them."""
        clock, windows, _ = self._clock(histories)
        told = self._told(skills, clock[asked.event], histories.correct[asked.event], windows)
        return told / _asked_for(asked)[:, None]

    def _shared(
        self, histories: Histories, asked: Occurrences, skills: Groups, record: Floats
    ) -> list[Floats]:
        """[event, number] 1, and the records of all responses, of the item, and of the skills."""
        clock, windows, gaps = self._clock(histories)
        student = histories.student()
        all_of_them = grouped(student, np.zeros_like(student))
        item = grouped(student, histories.item)
        since = _classes(since_last(skills, clock[asked.event]), gaps) / _asked_for(asked)[:, None]
        return [
            np.ones(histories.events),
            self._told(all_of_them, clock, histories.correct, windows),
            self._told(item, clock, histories.correct, windows[-1:], fades=FADES[:1]),
            _classes(since_last(item, clock), gaps),
            _summed(asked.event, record, histories.events),
            _summed(asked.event, since, histories.events),
        ]

    def _told(
        self,
        groups: Groups,
        clock: Floats,
        correct: Floats,
        windows: Sequence[float],
        fades: Sequence[float] = FADES,
    ) -> Floats:
        """[entry, number] counts by window and fading shares, as logarithms."""
        counts = windowed(groups, clock, correct, windows=np.array(windows))
        rate = self._numbers["rate"]
        shares = [
            faded(groups, correct, factor=fade, rate=rate, weight=FIRST_WEIGHT) for fade in fades
        ]
        odds = [np.log(share / (1.0 - share)) for share in shares]
        return np.column_stack([np.log1p(counts.right), np.log1p(counts.wrong), *odds])

    def _clock(self, histories: Histories) -> tuple[Floats, Sequence[float], Sequence[float]]:
        """The clock that the model was fitted by, its windows and its classes of gaps.

        Where it knew times and this table has none, all that happened counts as just now.
        """
        if not self._numbers["clocked"]:
            return histories.positions(), LAG_WINDOWS, LAG_GAPS
        clock = histories.clock if histories.clocked else np.zeros(histories.events)
        return clock, TIME_WINDOWS, TIME_GAPS


def _classes(since: Floats, bounds: Sequence[float]) -> Floats:
    """[entry, class] 1 in the class of the time since, the last one for the first time ever."""
    number: Integers = np.searchsorted(bounds, since)
    number[np.isinf(since)] = len(bounds) + 1
    return np.eye(len(bounds) + 2)[number]


def _asked_for(asked: Occurrences) -> Floats:
    """[occurrence] how many skills its event asks for."""
    return np.bincount(asked.event)[asked.event].astype(np.float64)


def _summed(event: Integers, values: Floats, events: int) -> Floats:
    """[event, number] the sum over each event's entries."""
    columns = [np.bincount(event, weights=column, minlength=events) for column in values.T]
    return np.column_stack(columns)
