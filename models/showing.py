"""A fitted model's parameters as tables that a person reads."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from engine.bundle import Bundle
from engine.parameters import PARAMETER_NAMES, SkillEstimate

ROW_COLUMNS = ["skill", "parameter", "key", "value"]


def skills_shown(bundle: Bundle) -> pd.DataFrame:
    """The parameters of every skill, one row each: estimates, standard errors, flags."""
    rows = {skill: _skill(estimate) for skill, estimate in bundle.skills.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("skill")


def rows_shown(bundle: Bundle) -> pd.DataFrame:
    """What depends on more than the skill: skill, parameter, key (item, activity, …), value."""
    found = [row for skill, one in bundle.skills.items() for row in _rows(skill, one)]
    return pd.DataFrame(found, columns=ROW_COLUMNS)


def _skill(estimate: SkillEstimate) -> dict[str, float | str]:
    errors = estimate.standard_errors._asdict()
    return {
        **estimate.parameters._asdict(),
        **{f"{name}_se": errors[name] for name in PARAMETER_NAMES},
        "responses": estimate.responses,
        "students": estimate.students,
        "flags": "; ".join(estimate.flags),
    }


def _rows(skill: str, estimate: SkillEstimate) -> Iterator[tuple[str, str, str, float]]:
    for name in ("prior", "learn", "forget"):
        for key, value in getattr(estimate, f"{name}s").items():
            yield skill, name, key, value
    for item, emission in estimate.items.items():
        yield skill, "guess", item, emission.guess
        yield skill, "slip", item, emission.slip
