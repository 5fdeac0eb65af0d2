"""The pages that a measurement writes: Markdown made of what was measured, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Measured = Mapping[str, Any]

ACCURACY_TITLE = """# Accuracy, and what mastery is worth

Written by `trellis bench accuracy`; every figure is of the run named above its table.

Every model is fitted on some students and predicts others: each response from the student's own
earlier ones, one row per response. Differences are from `{against}`, on the same responses; their
intervals are the middle 95 % of 1,000 draws of whole students (within each fold). They hold the fit
fixed: another training set would move them further. All models were given the same rows, and
nothing was chosen on the students they are judged on.

- `mean`: the skill's share right. `pfa`: Pavlik, Cen & Koedinger (2009).
- `lr`: logistic regression on items, skills, right and wrong answers by window of time (or of
  responses), shares that fade, for the student, the skill and the item, after Gervet et al. (2020)
  and Choffin et al. (2019); penalties chosen on held-out training students in every fit.
- `dkt`: Piech et al. (2015), an LSTM over skills. `dkt-items`: the same with items and skills as
  vectors. Sizes and rates were chosen on held-out training students of assist2009; every fit stops
  early by a tenth of its training students.
- ECE is over 20 bins of equal width. `±` is the standard deviation over folds.

**Mastery validity** asks what students do once a model first calls them secure (P(mastered) of at
least .95) in a skill: how many of the next first attempts at that skill are right. An attempt at
the item answered just before is a retry and left out. How many students' skills were called secure,
and after how many responses, stands beside it, since a model can buy the first with the second.
"""

ABLATION_TITLE = """# What each ingredient adds

Written by `trellis bench ablation`; AUC on unseen students, differences with the middle 95 % of
1,000 draws of whole students.

**Added in turn**: from pooled skills alone, one ingredient after the other, each against the model
before it. **Left out alone**: the whole model against the one that lacks only this ingredient. An
ingredient whose second figure is near zero can be stood in for by others.

No ingredient may buy accuracy with the meaning of mastery: **right once secure** is the share right
of the next three first attempts once the model with all ingredients down to that row first gives a
student .95 in a skill, and how many students' skills it called so.

![What each ingredient adds](ablation.svg)
"""


LONG_LOGS = """## What long logs hold beside right and wrong

Three kinds of the logistic model measure, on any course, what is left to learn from the way
students work: `lr+pairs` (an effect of every pair of skills that follow each other, by how the
first went), `lr+hints` (hints taken at earlier responses) and `lr+pace` (how long the last answer
took, and the pause since), each beside `lr`:

```sh
trellis evaluate answers.csv --folds 5 --against lr \\
    --model lr --model lr+pairs --model lr+hints --model lr+pace
```

Where the clock of a response is that of its answer and not of its question, a short pause holds
some of the time that the student thought about it. Models that read the clock are to be judged with
that in mind; none here reads the response time of the answer it predicts.
"""


def accuracy_page(runs: Sequence[Measured]) -> str:
    """The page of accuracy: an overview, then a section for each course."""
    against = next((row["against"] for run in runs for row in run.get("differences", ())), "-")
    parts = [ACCURACY_TITLE.format(against=against), _overview(runs)]
    return "\n".join([*parts, *map(_accuracy_section, runs), LONG_LOGS]).rstrip() + "\n"


def ablation_page(runs: Sequence[Measured]) -> str:
    """The page of ingredients: a table for each course."""
    return "\n".join([ABLATION_TITLE, *map(_ablation_section, runs)]).rstrip() + "\n"


def markdown(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as a Markdown table; columns but the first to the right.

    >>> print(markdown([{"model": "lr", "AUC": ".78"}]))
    | model | AUC |
    |---|--:|
    | lr | .78 |
    """
    if not rows:
        return "(nothing)"
    names = list(rows[0])
    rule = "|" + "|".join(["---", *["--:"] * (len(names) - 1)]) + "|"
    cells = [names, *([row[name] for name in names] for row in rows)]
    lines = [f"| {' | '.join(line)} |" for line in cells]
    return "\n".join([lines[0], rule, *lines[1:]])


def _overview(runs: Sequence[Measured]) -> str:
    """AUC of every model on every course."""
    names = dict.fromkeys(row["model"] for run in runs for row in run["models"])
    aucs = {
        (run["course"], row["model"]): _short(row["auc"]) for run in runs for row in run["models"]
    }
    rows = [
        {"AUC": f"`{name}`"} | {run["course"]: aucs.get((run["course"], name), "–") for run in runs}
        for name in names
    ]
    return f"## AUC at a glance\n\n{markdown(rows)}\n"


def _accuracy_section(run: Measured) -> str:
    how = f"{run['folds']} folds" if run["folds"] else "its published split"
    title = (
        f"## {run['course']}\n\n{run['about'].capitalize()}. {run['responses']:,} responses of "
        f"{run['students']:,} students, {run['skills']} skills and combinations; {how}, "
        f"{run['unseen']:,} responses predicted. {run['ran']}\n"
    )
    parts = [title, markdown([_scores(row, run) for row in run["models"]]), *_memory(run)]
    if run.get("by_encounter"):
        rows = run["by_encounter"]
        parts += ["\nAUC at a student's first encounter with a skill, and later:\n", _cold(rows)]
    if run.get("validity"):
        valid = markdown([_validity(row) for row in run["validity"]])
        parts += ["\nMastery validity at .95:\n", valid]
    return "\n".join(parts) + "\n"


def _memory(run: Measured) -> list[str]:
    """How much memory the first model took at most, and all of them; nothing of older runs."""
    peaks = run.get("peak_gib")
    if not peaks:
        return []
    name, first = next(iter(peaks.items()))
    return [
        f"\nMemory of the process, data and libraries included: {first:.2f} GiB at most until "
        f"`{name}` was fitted, intervals included, and judged; {max(peaks.values()):.2f} in all."
    ]


def _scores(row: Measured, run: Measured) -> dict[str, str]:
    spread = f" ± {_short(row['spread']['auc'])}" if "spread" in row else ""
    apart = {(one["model"], one["metric"]): _apart(one) for one in run.get("differences", ())}
    return {
        "model": f"`{row['model']}`",
        "AUC": _short(row["auc"]) + spread,
        "difference": apart.get((row["model"], "auc"), ""),
        "log loss": _short(row["log_loss"]),
        "difference ": apart.get((row["model"], "log_loss"), ""),
        "RMSE": _short(row["rmse"]),
        "accuracy": _short(row["accuracy"]),
        "ECE": _short(row["ece"]),
        "fit s": f"{row['fit_seconds']:.1f}",
        "trace s": f"{row['trace_seconds']:.1f}",
    }


def _cold(rows: Iterable[Measured]) -> str:
    by_model: dict[str, dict[str, str]] = {}
    for row in rows:
        shown = by_model.setdefault(row["model"], {"model": f"`{row['model']}`"})
        shown[f"{row['encounter']} ({row['n']:,})"] = _short(row["auc"])
    return markdown(list(by_model.values()))


def _validity(row: Measured) -> dict[str, str]:
    shares = {
        f"next {horizon}": f"{_short(one['right'])} [{_short(one['low'])}, {_short(one['high'])}]"
        for horizon, one in ((name[5:], row[name]) for name in row if name.startswith("next_"))
    }
    return {
        "model": f"`{row['model']}`",
        "called secure": f"{row['declared']:,} of {row['runs']:,}",
        "after responses (mean, median)": f"{row['mean_opportunities']:.1f}, "
        f"{row['median_opportunities']:g}",
        "of them answered on": f"{row['followed']:,}",
        **shares,
    }


def _ablation_section(run: Measured) -> str:
    how = f"{run['folds']} folds" if run["folds"] else "its published split"
    scores = {row["model"]: row for row in run["models"]}
    base = run["worth"][0]["added"]["against"]
    secure = {row["model"]: _once_secure(row) for row in run.get("validity", ())}
    rows = [
        {
            "ingredient": "skills alone",
            "AUC": _short(scores[base]["auc"]),
            "added": "",
            "secure": secure.get(base, "–"),
            "left": "",
        }
    ]
    for one in run["worth"]:
        rows.append(
            {
                "ingredient": f"+ {one['ingredient']}",
                "AUC": _short(scores[one["added"]["model"]]["auc"]),
                "added": _apart(one["added"]),
                "secure": secure.get(one["added"]["model"], "–"),
                "left": _apart(one["left_out"]),
            }
        )
    named = {
        "added": "added in turn",
        "secure": "right once secure (called secure)",
        "left": "left out alone",
    }
    shown = [{named.get(name, name): cell for name, cell in row.items()} for row in rows]
    return f"## {run['course']}\n\n{how.capitalize()}. {run['ran']}\n\n{markdown(shown)}\n"


def _once_secure(row: Measured) -> str:
    share = row["next_3"]
    ends = f"[{_short(share['low'])}, {_short(share['high'])}]"
    return f"{_short(share['right'])} {ends} ({row['declared']:,})"


def _apart(one: Measured) -> str:
    return f"{one['difference']:+.4f} [{one['low']:+.4f}, {one['high']:+.4f}]"


def _short(value: float | None) -> str:
    """Four places without the leading zero; a dash where there is no number."""
    if value is None or value != value:
        return "–"
    return f"{value:.4f}".replace("0.", ".", 1) if 0.0 <= value < 1.0 else f"{value:.4f}"
