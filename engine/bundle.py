"""A parameter bundle: all that a server needs to know about a fitted model, as plain JSON.

The model crosses from training to serving as this small document and nothing else: no pickle, no
code. Its version is the hash of its content, so a damaged or edited bundle is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import isnan, nan
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from .contexts import LAG, SKILL_ALONE, TIME, Contexts
from .errors import InvalidInput
from .hierarchy import Hierarchy, as_document, from_document
from .parameters import FROM_NOTHING, Emission, SkillEstimate, SkillParameters

if TYPE_CHECKING:
    from .beliefs import SkillBelief
    from .curriculum import Curriculum
    from .plans import Plan

BUNDLE_FILE = "bundle.json"
FORMAT = 1
SIZE = len(SkillParameters._fields)
ROWS = ("priors", "learns", "forgets")  # parameters by key, beside items
TRIANGLE = np.tril_indices(SIZE)  # a covariance is symmetric: half of it travels
VERSION_LENGTH = 16  # hexadecimal digits of SHA-256 that name a version
WELL_FORMED = "a parameter bundle written by Trellis (`trellis fit … --out DIR`)"
UNUSABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What content of another form leads to, numbers of 5,000 digits and deep nesting among it."""


@dataclass(frozen=True)
class Bundle:
    """A fitted model: an estimate for every skill, and one for skills it has never seen.

    `facts` is what the fit reports of itself (events, students, log-likelihood, …); `contexts`
    says which parameters depend on more than the skill. With a `hierarchy` all skills are followed
    together through the student's ability; the estimates then speak of the average student.
    """

    model: str
    skills: Mapping[str, SkillEstimate]
    pooled: SkillEstimate
    facts: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    contexts: Contexts = SKILL_ALONE
    hierarchy: Hierarchy | None = None
    unseen: dict[tuple[str, str | None], SkillBelief] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What is believed before any answer, by skill and record; kept by `engine.beliefs`."""
    plans: dict[int, tuple[Curriculum, Plan]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """The plans of courses under this model; kept by `engine.plans`."""

    def estimate(self, skill: str) -> tuple[SkillEstimate, bool]:
        """The estimate for a skill, and whether the pooled one had to stand in for it."""
        found = self.skills.get(skill)
        if found is None:
            return self.pooled, True
        return found, "pooled" in found.flags


def versioned(bundle: Bundle) -> Bundle:
    """The same bundle, named by the hash of its content."""
    return replace(bundle, version=_version(_content(bundle)))


def encode(bundle: Bundle) -> bytes:
    """The bundle as UTF-8 JSON, the same bytes for the same content."""
    content = _content(bundle)
    document = {"format": FORMAT, "version": _version(content), **content}
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1).encode()


def decode(data: bytes) -> Bundle:
    """The bundle that `encode` wrote. Raises `InvalidInput` for anything else.

    >>> decode(b"{}")
    Traceback (most recent call last):
    engine.errors.InvalidInput: bundle, format: got 'None', expected 1
    """
    document = _document(data)
    if document.get("format") != FORMAT:
        raise InvalidInput.at("bundle, format", document.get("format"), str(FORMAT))
    try:
        found = versioned(
            Bundle(
                model=str(document["model"]),
                skills=MappingProxyType(
                    {name: _estimate(name, entry) for name, entry in document["skills"].items()}
                ),
                pooled=_estimate("(pooled)", document["pooled"]),
                facts=MappingProxyType(document["facts"]),
                contexts=_contexts(document),
                hierarchy=_hierarchy(document),
            )
        )
    except UNUSABLE as error:
        raise InvalidInput.at("bundle", f"{type(error).__name__}: {error}", WELL_FORMED) from None
    if found.version != document.get("version"):
        expected = f"{found.version}, the hash of the content: the bundle was damaged or edited"
        raise InvalidInput.at("bundle, version", document.get("version"), expected)
    return found


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except UNUSABLE as error:
        raise InvalidInput.at("bundle", str(error), WELL_FORMED) from None
    if not isinstance(document, dict):
        raise InvalidInput.at("bundle", type(document).__name__, WELL_FORMED)
    return document


def _content(bundle: Bundle) -> dict[str, Any]:
    return {
        "model": bundle.model,
        "facts": dict(bundle.facts),
        **_contexts_entry(bundle),
        **({} if bundle.hierarchy is None else {"hierarchy": as_document(bundle.hierarchy)}),
        "pooled": _entry(bundle.pooled),
        "skills": {name: _entry(bundle.skills[name]) for name in sorted(bundle.skills)},
    }


def _version(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH]


def _entry(estimate: SkillEstimate) -> dict[str, Any]:
    return {
        "parameters": list(estimate.parameters),
        "standard_errors": [None if isnan(value) else value for value in estimate.standard_errors],
        "covariance": estimate.covariance[TRIANGLE].tolist(),
        "upper": list(estimate.upper),
        **_lower(estimate),
        **_rows(estimate),
        "responses": estimate.responses,
        "students": estimate.students,
        "flags": list(estimate.flags),
    }


def _contexts_entry(bundle: Bundle) -> dict[str, Any]:
    """Left out where items alone say it: bundles from before there were others keep versions."""
    told = replace(bundle.contexts, items=False) == SKILL_ALONE
    return {} if told else {"contexts": asdict(bundle.contexts)}


def _contexts(document: Mapping[str, Any]) -> Contexts:
    found = document.get("contexts")
    if found is None:
        return Contexts(items=any("items" in entry for entry in document["skills"].values()))
    contexts = Contexts(**found)
    if contexts.gaps not in ("", TIME, LAG):
        raise InvalidInput.at("bundle, contexts, gaps", contexts.gaps, f"{TIME}, {LAG} or nothing")
    return contexts


def _hierarchy(document: Mapping[str, Any]) -> Hierarchy | None:
    found = document.get("hierarchy")
    return None if found is None else from_document(found)


def _rows(estimate: SkillEstimate) -> dict[str, Any]:
    """Left out where there are none: so bundles from before there were any keep their versions."""
    found: dict[str, Mapping[str, Any]] = {
        "items": {item: list(estimate.items[item]) for item in sorted(estimate.items)},
        **{name: dict(sorted(getattr(estimate, name).items())) for name in ROWS},
    }
    return {name: rows for name, rows in found.items() if rows}


def _lower(estimate: SkillEstimate) -> dict[str, Any]:
    return {} if estimate.lower == FROM_NOTHING else {"lower": list(estimate.lower)}


def _estimate(name: str, entry: Mapping[str, Any]) -> SkillEstimate:
    place = f"bundle, skill {name}"
    errors = [nan if value is None else float(value) for value in entry["standard_errors"]]
    covariance = np.zeros((SIZE, SIZE))
    covariance[TRIANGLE] = entry["covariance"]
    covariance.T[TRIANGLE] = entry["covariance"]
    if not np.isfinite(covariance).all():
        raise InvalidInput.at(f"{place}, covariance", "NaN or infinity", "finite numbers")
    return SkillEstimate(
        parameters=SkillParameters(*map(float, entry["parameters"])).checked(place),
        standard_errors=SkillParameters(*errors),
        covariance=covariance,
        upper=SkillParameters(*map(float, entry["upper"])).checked(f"{place}, upper"),
        lower=SkillParameters(*map(float, entry.get("lower", FROM_NOTHING))).checked(
            f"{place}, lower"
        ),
        items={item: _emission(place, item, pair) for item, pair in entry.get("items", {}).items()},
        **{name: _rates(f"{place}, {name}", entry.get(name, {})) for name in ROWS},
        responses=int(entry["responses"]),
        students=int(entry["students"]),
        flags=tuple(entry["flags"]),
    )


def _rates(place: str, rows: Mapping[str, Any]) -> dict[str, float]:
    found = {key: float(value) for key, value in rows.items()}
    for key, value in found.items():
        if not 0.0 <= value <= 1.0:
            raise InvalidInput.at(f"{place}, {key}", value, "a number from 0 to 1")
    return found


def _emission(place: str, item: str, pair: list[float]) -> Emission:
    guess, slip = map(float, pair)
    if not (0.0 <= guess <= 1.0 and 0.0 <= slip <= 1.0):
        raise InvalidInput.at(f"{place}, item {item}", pair, "two numbers from 0 to 1")
    return Emission(guess, slip)
