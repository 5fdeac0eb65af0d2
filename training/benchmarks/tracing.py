"""How fast fitted models are read: many responses in bulk, one response online."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import numba
import numpy as np
from numba import njit

from engine.bundle import Bundle
from engine.online import Following
from engine.parameters import DRAWS, SkillEstimate, SkillParameters
from engine.responses import Response
from engine.stepping import learn_of, move
from engine.tables import Floats, classic_indexed, classic_tables
from engine.tracing import trace
from models import BKT
from models.hierarchical.model import followed
from models.hierarchical.responses import laid_out
from models.hierarchical.simulating import design, simulated

from .worlds import ONE_SKILL, RESPONSES_EACH, answers

RESPONSES = 10_000_000
STEPS = 1_000_000
HISTORY = 20_000  # responses followed from Python, and by the hierarchical filter
SCHOOL = 40  # students that its model is fitted to
REPEATS = 5


@dataclass(frozen=True)
class Speeds:
    """What was measured, the best of several turns.

    in_bulk       responses a second, predicted and filtered, on all threads
    online        seconds a response inside the kernel, of the estimate alone
    with_draws    and with the parameter sets of its 90 % interval beside it
    from_python   seconds a response from Python: keys, rows, the step and the new state
    hierarchical  seconds a response of one student inside the hierarchical model's filter, all
                  nodes of ability, of the estimate alone, and
    hierarchical_draws  with the parameter sets of its interval beside it
    """

    responses: int
    threads: int
    in_bulk: float
    online: float
    with_draws: float
    from_python: float
    hierarchical: float
    hierarchical_draws: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def speeds(*, responses: int = RESPONSES, steps: int = STEPS, history: int = HISTORY) -> Speeds:
    """Bulk and online speed of classic BKT on simulated responses."""
    found = answers(ONE_SKILL, responses // RESPONSES_EACH, np.random.default_rng(0))
    correct = found.ravel().astype(np.float64)
    starts = np.arange(0, len(correct) + 1, RESPONSES_EACH)
    indexed = classic_indexed(starts, np.zeros(len(starts) - 1, dtype=np.int64), correct)
    tables = classic_tables(np.array([ONE_SKILL]))
    bulk = min(_timed(lambda: trace(indexed, tables)) for _ in range(REPEATS + 1))
    return Speeds(
        responses=len(correct),
        threads=numba.get_num_threads(),
        in_bulk=len(correct) / bulk,
        online=_online(correct[:steps], sets=1),
        with_draws=_online(correct[: steps // 10], sets=1 + DRAWS),
        from_python=_from_python(correct[:history]),
        **_hierarchical(history),
    )


def _timed(work: Any) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _online(correct: Floats, *, sets: int) -> float:
    columns = tuple(np.full(sets, value) for value in (0.1, 0.02, 0.2, 0.1))
    return min(_timed(lambda: _steps(correct, *columns)) for _ in range(REPEATS)) / len(correct)


@njit(cache=True, nogil=True)
def _steps(correct: Floats, learn: Floats, forget: Floats, guess: Floats, slip: Floats) -> float:
    """One response after the other, each moving the state that the last one left."""
    state = np.zeros(len(learn))
    for right in correct:
        move(state, learn, forget)
        learn_of(state, right, guess, slip)
    return float(state[0])


def _from_python(correct: Floats) -> float:
    estimate = SkillEstimate(ONE_SKILL, SkillParameters(*[0.01] * 5), 0.01 * np.eye(5))
    begin = datetime(2026, 9, 1, tzinfo=UTC)
    responses = [
        Response(f"{n:08}", "ana", ("one skill",), right, begin + timedelta(seconds=n))
        for n, right in enumerate(correct.tolist())
    ]
    student = Following(Bundle("classic", {"one skill": estimate}, estimate)).after(responses[0])
    started = perf_counter()
    for response in responses[1:]:
        student = student.after(response)
    return (perf_counter() - started) / max(len(responses) - 1, 1)


def _hierarchical(responses: int) -> dict[str, float]:
    """Of a student with so many responses, under a model fitted to a small school."""
    rows = design(students=SCHOOL, skills=4, items=5, responses=30, seed=0)
    hierarchy = BKT(ability=True).fit(simulated(rows, seed=0).events).bundle.hierarchy
    assert hierarchy is not None
    one = design(students=1, skills=4, items=5, responses=responses, seed=1)
    laid = laid_out(one, average=hierarchy.average, gaps=hierarchy.gaps)

    def every_set() -> None:
        for number in range(hierarchy.sets):
            followed(laid, hierarchy, number)

    alone = min(_timed(lambda: followed(laid, hierarchy, 0)) for _ in range(REPEATS + 1))
    all_sets = min(_timed(every_set) for _ in range(REPEATS))
    return {"hierarchical": alone / responses, "hierarchical_draws": all_sets / responses}
