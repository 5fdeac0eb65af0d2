"""A retrain: fit, judge on unseen students, refit on everyone, record, and offer for serving.

The unseen students are those of fold 0 of 5 (CRC-32 of the id), the same in every retrain. The
model judged never saw them; the model served is refitted on everyone. Both are kept, so that the
next retrain can be compared with a champion that had not seen those students either.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.splits import fold_of
from engine.bundle import BUNDLE_FILE, Bundle, decode, encode
from engine.curriculum import Curriculum
from engine.errors import InvalidInput
from models.bkt import BKT
from models.names import from_bundle

from .differences_in_kinds import kind_facts
from .evaluation import score
from .follow_ups import tier_facts
from .grounds import fit_facts, grounded, prerequisite_facts
from .metrics import Scores
from .promotion import promote
from .tracking import CHALLENGER, CHAMPION, Records, Run, Version

Maker = Callable[[], BKT]
UNSEEN_FOLD, FOLDS = 0, 5
SERVED, JUDGED = "bundle", "judged"
"""The folders of a run's artifacts: refitted on everyone, and fitted without the unseen."""
JUDGED_YES = "yes"
NEEDED = ("student", "skill", "correct")
DIGEST_LENGTH = 16
TOLERANCE = 1e-6
"""Log loss that a challenger may lose to rounding: the same model on the same log must pass."""


@dataclass(frozen=True)
class Verdict:
    """Whether a retrained model may be served, and why, in a sentence for people."""

    passed: bool
    reason: str
    champion: int | None = None
    champion_log_loss: float | None = None


@dataclass(frozen=True)
class Retrained:
    """What a retrain led to: the version registered, its alias, and its scores if it has any."""

    version: Version
    alias: str
    bundle: Bundle
    scores: Scores | None
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        return {
            "version": self.version.number,
            "run_id": self.version.run_id,
            "alias": self.alias,
            "model": self.bundle.model,
            "bundle": self.bundle.version,
            "unseen": None if self.scores is None else self.scores.as_dict(),
            "gate": asdict(self.verdict),
        }


def retrain(
    events: pd.DataFrame,
    make: Maker,
    *,
    records: Records,
    model_folder: Path,
    parameters: dict[str, Any],
    curriculum: Curriculum | None = None,
) -> Retrained:
    """The newest version is on record; it is served if it is the first, or passes the gate.

    The bundle served also holds what decisions rest on (`training.grounds`): of prerequisites, and
    of how beliefs are to be read for tiers, where there is a `curriculum`.
    """
    if events.empty:
        raise InvalidInput.at("events", "none", "at least one response to learn from")
    unseen = fold_of(events["student"], FOLDS) == UNSEEN_FOLD
    judged = _judged(events, unseen, make)
    found = None if judged is None else score(judged, events[unseen])[0]
    champion = records.alias(CHAMPION)
    verdict = judge(champion, found, events[unseen], records)
    facts: dict[str, Any] = fit_facts(events, unseen, found)
    if curriculum is not None:
        facts |= prerequisite_facts(events, curriculum)
        facts |= {} if judged is None else tier_facts(events[unseen], judged.bundle, curriculum)
        facts |= {} if judged is None else kind_facts(events[unseen], judged.bundle, curriculum)
    served = grounded(make().fit(events).bundle, facts)
    run = _run(served, judged, found, verdict, {**parameters, **_facts(events, unseen)})
    version = records.register(
        records.log(run),
        artifact=SERVED,
        tags={
            "model": served.model,
            "bundle": served.version,
            JUDGED: "no" if judged is None else JUDGED_YES,
        },
    )
    if verdict.passed:
        promote(records, version.number, model_folder=model_folder)
    else:
        records.point(CHALLENGER, version.number)
    alias = CHAMPION if verdict.passed else CHALLENGER
    return Retrained(version, alias, served, found, verdict)


def judge(
    champion: Version | None,
    found: Scores | None,
    unseen: pd.DataFrame,
    records: Records,
) -> Verdict:
    """The gate: not worse in log loss than the champion, on the same unseen students.

    The champion is judged by the bundle it was judged by itself: fitted without these students.
    """
    if champion is None:
        return Verdict(True, "no champion yet")
    number = champion.number
    if found is None:
        return Verdict(False, f"no unseen students to compare with champion {number} on", number)
    theirs = _champion_scores(champion, unseen, records)
    if theirs is None:
        return Verdict(True, f"champion {number} was never judged on unseen students", number)
    passed = found.log_loss <= theirs.log_loss + TOLERANCE
    reason = (
        f"log loss {found.log_loss:.5f} on {found.n:,} responses of unseen students is "
        f"{'not worse' if passed else 'worse'} than champion {number}'s "
        f"{theirs.log_loss:.5f} (neither model had seen these students)"
    )
    return Verdict(passed, reason, number, theirs.log_loss)


def _judged(events: pd.DataFrame, unseen: Any, make: Maker) -> BKT | None:
    """A model fitted without the unseen students; None where there are none, or no others."""
    if unseen.all() or not unseen.any():
        return None
    return make().fit(events[~unseen])


def _champion_scores(champion: Version, unseen: pd.DataFrame, records: Records) -> Scores | None:
    if champion.tags.get(JUDGED) != JUDGED_YES:
        return None
    bundle = decode(records.document(champion.run_id, f"{JUDGED}/{BUNDLE_FILE}"))
    return score(from_bundle(bundle), unseen)[0]


def _facts(events: pd.DataFrame, unseen: Any) -> dict[str, Any]:
    """What the run was fitted on, in numbers that tell two data sets apart."""
    digest = pd.util.hash_pandas_object(events[list(NEEDED)], index=False).to_numpy()
    facts = {
        "events": len(events),
        "students": events["student"].nunique(),
        "skills": events["skill"].nunique(),
        "unseen_students": events["student"][unseen].nunique(),
        "unseen_fold": f"{UNSEEN_FOLD} of {FOLDS} by CRC-32 of the student id",
        "digest": hashlib.sha256(digest.tobytes()).hexdigest()[:DIGEST_LENGTH],
    }
    if "time" in events and events["time"].notna().any():
        facts["first"], facts["last"] = str(events["time"].min()), str(events["time"].max())
    return facts


def _run(
    served: Bundle,
    judged: BKT | None,
    found: Scores | None,
    verdict: Verdict,
    parameters: dict[str, Any],
) -> Run:
    metrics = {} if found is None else {f"unseen_{k}": float(v) for k, v in asdict(found).items()}
    if verdict.champion_log_loss is not None:
        metrics["champion_unseen_log_loss"] = verdict.champion_log_loss
    documents = {f"{SERVED}/{BUNDLE_FILE}": encode(served).decode()}
    if judged is not None:
        documents[f"{JUDGED}/{BUNDLE_FILE}"] = encode(judged.bundle).decode()
    return Run(
        name=f"{served.model} {served.version}",
        parameters={"model": served.model, **parameters},
        metrics={name: value for name, value in metrics.items() if math.isfinite(value)},
        tags={"gate": "passed" if verdict.passed else "not passed", "gate_reason": verdict.reason},
        documents=documents,
    )
