"""What the benchmarks found, as a page: every figure with what it was measured on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .curve import Line, picture

PICTURE = "fit-time.svg"
NUMBERS = "benchmarks.json"
SHOWN = ("fitting", "items", "large", "tracing", "members", "bounds")
HEAD = """# Benchmarks

Written by `trellis bench --page docs/benchmarks.md`; the numbers behind it are in
[benchmarks.json](benchmarks.json). Each figure is of one run on the machine named with it. Asked
for are the figures that the project set itself beforehand.
"""


def write_page(path: Path, found: Mapping[str, Any]) -> None:
    """The page holds these results, and for parts that were not run those it held before."""
    numbers = path.parent / NUMBERS
    kept = json.loads(numbers.read_text(encoding="utf-8")) if numbers.exists() else {}
    machine = {"machine": found["machine"]}
    kept.update({part: {**found[part], **machine} for part in SHOWN if part in found})
    numbers.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if "fitting" in kept:
        (path.parent / PICTURE).write_text(_drawn(kept["fitting"]), encoding="utf-8")
    sections = [_dated(part, kept[part]) for part in SHOWN if part in kept]
    path.write_text("\n".join([HEAD, *sections]), encoding="utf-8")


def _dated(part: str, found: Mapping[str, Any]) -> str:
    return f"{SECTIONS[part](found)}\n\n{found['machine']}\n"


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as a Markdown table.

    >>> print(table([{"work": "assist2009", "ratio": "9.4"}]))
    | work | ratio |
    |---|---|
    | assist2009 | 9.4 |
    """
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([row[name] for name in names] for row in rows)]
    shown = ["| " + " | ".join(line) + " |" for line in lines]
    shown[1] = "|" + "---|" * len(names)
    return "\n".join(shown)


def fitting(found: Mapping[str, Any]) -> str:
    """The races to fit classic BKT."""
    rows = [
        {
            "work": race["work"],
            "responses": f"{race['responses']:,}",
            "skills": str(race["skills"]),
            "Trellis": f"{race['seconds']:.3f} s",
            "pyBKT": f"{race['peer_seconds']:.3f} s",
            "ratio": f"**{race['ratio']:.1f}** ({race['lowest']:.1f}–{race['highest']:.1f})",
            "by processor": f"{race['processor_ratio']:.1f}",
            "as likely or more": f"{race['skills_at_least_as_high']} of {race['skills']}",
            "largest gradient": f"{race['steepness']:.0e}",
            "pyBKT off by > .1": str(race["far_off"]),
        }
        for race in found["races"]
    ]
    ours, peer = found["races"][0]["ours"]["about"], found["races"][0]["peer"]["about"]
    return "\n".join(
        [
            "## Fitting, beside pyBKT\n",
            "From a DataFrame in memory to the fitted parameters of all skills, plain maximum "
            "likelihood, turn by turn on the same rows: medians, and the lowest and highest ratio "
            "of a turn. The log-likelihood of both is judged by the same exact filter.\n",
            f"Trellis {ours['version']} ({ours['threads']} threads, numpy {ours['numpy']}, pandas "
            f"{ours['pandas']}, numba {ours['numba']}); {peer['name']} {peer['version']} "
            f"({peer['built']}, {peer['threads']} threads, numpy {peer['numpy']}, pandas "
            f"{peer['pandas']}), 5 restarts and everything else as it comes. pyBKT compares "
            "whole numbers of the log-likelihood and so stops before its top.\n",
            table(rows),
            "\nAsked for: 10 times on assist2009, 20 on assist2015, 100 on the simulated skill.\n",
            f"![Fit time against the number of responses]({PICTURE})\n",
            table(
                [
                    {
                        "responses to one skill": f"{point['responses']:,}",
                        "Trellis": f"{point['seconds']:.4f} s",
                        "pyBKT": f"{point['peer_seconds']:.4f} s",
                    }
                    for point in found["curve"]
                ]
            ),
        ]
    )


def items(found: Mapping[str, Any]) -> str:
    """The races to fit items."""
    rows = [
        {
            "responses": f"{race['responses']:,}",
            "items": f"{race['items']:,}",
            "Trellis": f"{race['seconds']:.3f} s",
            "pyBKT": f"{race['peer_seconds']:.3f} s",
            "ratio": f"**{race['ratio']:.1f}**",
            "Trellis grew": _bytes(race["memory"]),
            "pyBKT grew": _bytes(race["peer_memory"]),
            "log-likelihood": f"{race['log_likelihood']:,.0f}",
            "pyBKT's": f"{race['peer_log_likelihood']:,.0f}",
        }
        for race in found["races"]
    ]
    return (
        "## Guess and slip by item\n\nOne simulated skill, plain maximum likelihood, each side in "
        f"a process of its own.\n\n{table(rows)}\n\n*grew*: how far the fit raised the peak of its "
        "process; what fits below an earlier peak does not show.\n\n"
        "Asked for: 100 times, memory by responses."
    )


def large(found: Mapping[str, Any]) -> str:
    """The fits of ever more responses."""
    rows = [
        {
            "responses": f"{size['responses']:,}",
            "file": _bytes(size["file"]),
            "read": f"{size['reading']:.2f} s",
            "counted and fitted": f"{size['fitting']:.2f} s",
            "together": f"**{size['seconds']:.1f} s**",
            "a response": f"{size['microseconds_each']:.3f} µs",
            "of the processor": f"{1e6 * size['processor'] / size['responses']:.3f} µs",
            "memory": _bytes(size["memory"]),
            "converged": "yes" if size["converged"] else "NO",
        }
        for size in found["sizes"]
    ]
    skills = found["sizes"][0]["skills"]
    return (
        f"## Ever more responses\n\nClassic BKT by MAP on {skills} simulated skills, from a "
        f"Parquet file that the benchmark wrote.\n\n{table(rows)}\n\nAsked for: 100 million in "
        "under two minutes and 12 GiB, at a cost for each response that falls as the data grow."
    )


def _hierarchical(found: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was found of the hierarchical filter; nothing in runs from before it was measured."""
    said = {
        "hierarchical": "one response of a student, hierarchical, in the kernel",
        "hierarchical_draws": "with the 20 draws of its interval",
    }
    return [{"what": said[n], "found": _micro(found[n])} for n in said if n in found]


def tracing(found: Mapping[str, Any]) -> str:
    """The speeds of reading a fitted model."""
    rows = [
        {"what": "in bulk, all threads", "found": f"{found['in_bulk'] / 1e6:.0f} M responses/s"},
        {"what": "one response online, in the kernel", "found": _micro(found["online"])},
        {"what": "with the 40 draws of its interval", "found": _micro(found["with_draws"])},
        *_hierarchical(found),
        {"what": "from Python, interval and all", "found": _micro(found["from_python"])},
    ]
    return (
        f"## Tracing\n\nClassic BKT, {found['responses']:,} simulated responses, "
        f"{found['threads']} threads in bulk.\n\n{table(rows)}\n\nAsked for: 20 M responses/s in "
        "bulk, 2 µs for one online in the kernel."
    )


def members(found: Mapping[str, Any]) -> str:
    """The fits of every member of the family."""
    rows = [
        {
            "model": fit["model"],
            "goal": "plain" if fit["plain"] else "MAP",
            "log-likelihood": f"{fit['log_likelihood']:,.2f}",
            "largest gradient": f"{fit['largest_gradient']:.0e}",
            "seconds": f"{fit['seconds']:.2f}",
            "not converged": ", ".join(fit["unconverged"]) or "–",
        }
        for fit in found["fits"]
    ]
    falls = "; ".join(found["falls"]) or "none"
    return (
        f"## Every member of the family\n\nOn {found['course']}; an activity is the item just "
        f"answered. Under plain likelihood a richer member may never be less likely than a simpler "
        f"one: {falls} is.\n\n{table(rows)}"
    )


def bounds(found: Mapping[str, Any]) -> str:
    """The bounds on forgetting under MAP, side by side."""
    rows = [
        {
            "course": one["course"],
            "forget at most": f"{one['bound']:g}",
            "AUC": f"{one['auc']:.4f}",
            "log loss": f"{one['log_loss']:.4f}",
            "called secure": f"{one['followed']:,}",
            "next three right": f"{one['after']:.3f}",
        }
        for one in found["found"]
    ]
    return (
        "## How much forgetting MAP may find\n\nClassic BKT with forgetting by MAP, each training "
        f"student predicted by a model of others.\n\n{table(rows)}"
    )


SECTIONS = {
    "fitting": fitting,
    "items": items,
    "large": large,
    "tracing": tracing,
    "members": members,
    "bounds": bounds,
}


def _drawn(found: Mapping[str, Any]) -> str:
    names = {"Trellis": "seconds", "pyBKT": "peer_seconds"}
    lines = [
        Line(name, [(point["responses"], point[key]) for point in found["curve"]])
        for name, key in names.items()
    ]
    return picture("Fitting one skill by plain maximum likelihood", lines)


def _bytes(count: float) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def _micro(seconds: float) -> str:
    return f"{1e6 * seconds:.2f} µs"
