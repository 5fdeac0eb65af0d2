"""The page on whether the posterior is right, and its picture: bars of ranks, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .pages import markdown

Measured = Mapping[str, Any]

TITLE = """# Is the posterior right?

Written by `trellis bench calibration --out docs/calibration.md`. {ran}
{seconds:.0f} s of processor time.

## Ranks of the truth

{schools} schools of 15 students, 12 responses each, are drawn from the model's own priors: skills
and combinations, items, pairs, what the past adds, gaps, opportunities, abilities (no drift), then
hidden states and answers. The posterior that the kernel implies is drawn from by elliptical slice
sampling, and the rank of the truth among {draws} draws must be uniform (simulation-based
calibration, Talts et al. 2018; exact ranks after Gandy & Scott 2020). `unevenness` is χ² by its
degrees of freedom, 1 on average where ranks are uniform; `p` is how often uniform ranks would be as
uneven as that, so that of a dozen groups one may well be below .05.

![Ranks of the truth](calibration.svg)
"""

CONTROL = """
Could such ranks show a mistake? The same for items, in fewer schools, with the right posterior and
with one that takes items to differ twice as much as they do:
"""

COVERAGE = """
## Intervals

Fitted as a user would, scales learnt; over all responses the share of 90 % intervals of P(mastered)
that hold what the filter says under the true rates and the true ability, asked to be .85 to .95.
`its own` story is the one above, with 4 skills, their combinations, 5 items a skill and 30
responses a student. `another` is one the model does not tell (`training/benchmarks/strangers.py`):
two kinds of students, abilities that differ from skill to skill, individual learning speeds, items
of three sorts, skills in blocks, rates spread evenly. No number of the model was chosen on either.

Where nobody forgets at all, P(mastered) under the true rates soon is .9999. The model holds
forgetting for rare, not for impossible, whatever the answers say (docs/hierarchical.md), so that
its intervals end near .99: most misses are of that kind and as small as `missed by` says, the mean
distance of the truth from the intervals that miss it.
"""


def calibration_page(found: Measured) -> str:
    """The page in Markdown."""
    draws = len(found["ranks"][0]["counts"]) - 1
    parts = [
        TITLE.format(**{**found, "draws": draws}),
        markdown([_rank(row) for row in found["ranks"]]),
        CONTROL,
        markdown([{"posterior": row["posterior"], **_rank(row)} for row in found["control"]]),
        COVERAGE,
        markdown([_coverage(row) for row in found["coverage"]]),
    ]
    return "\n".join(parts) + "\n"


def _rank(row: Measured) -> dict[str, str]:
    return {
        "effects": row["effects"].replace("_", " "),
        "ranks": f"{row['ranks']:,}",
        "unevenness": f"{row['unevenness']:.2f}",
        "p": f"{row['p']:.3f}",
        "mean rank": f"{row['mean_rank']:.3f}",
    }


def _coverage(row: Measured) -> dict[str, str]:
    return {
        "story": row["story"],
        "students": str(row["students"]),
        "inference": f"`{row['inference']}`",
        "schools": str(row["repeats"]),
        "holds the truth": f"{row['coverage']:.3f} ± {row['deviation']:.3f}",
        "least in a school": f"{row['lowest']:.3f}",
        "missed by": f"{row['missed_by']:.3f}",
        "mean width": f"{row['width']:.3f}",
    }


WIDTH, HEIGHT, ACROSS = 210, 110, 3
GAP, TOP, BAR_ROOM = 24, 34, 60.0
INK, BAR, BAND = "#1f2933", "#0b6e4f", "#dde5ec"
STYLE = f"text {{ font: 12px system-ui, sans-serif; fill: {INK} }} .title {{ font-weight: 600 }}"


def rank_picture(rows: Sequence[Measured]) -> str:
    """The SVG: for every group how often each rank came, and where uniform ranks would lie."""
    panels = [_panel(row, number) for number, row in enumerate(rows)]
    high = TOP + -(-len(rows) // ACROSS) * (HEIGHT + GAP)
    wide = ACROSS * (WIDTH + GAP) + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" '
        f'aria-label="How often the truth had each rank, by group of effects">'
        f'<style>{STYLE}</style><rect width="{wide}" height="{high}" fill="white"/>'
        f'<text x="{GAP}" y="20">How often the truth had each rank; the band holds 95 % of uniform '
        "ones</text>" + "".join(panels) + "</svg>\n"
    )


def _panel(row: Measured, number: int) -> str:
    left = GAP + number % ACROSS * (WIDTH + GAP)
    bottom = TOP + number // ACROSS * (HEIGHT + GAP) + HEIGHT - 16
    counts, total = row["counts"], row["ranks"]
    expected, wide = total / len(counts), WIDTH / len(counts)
    scale = BAR_ROOM / max(*counts, 1.5 * expected)
    spread = 1.96 * (expected * (1.0 - 1.0 / len(counts))) ** 0.5
    low, high = max(expected - spread, 0.0) * scale, (expected + spread) * scale
    name = row["effects"].replace("_", " ")
    bars = "".join(
        f'<rect x="{left + at * wide + 1:.1f}" y="{bottom - count * scale:.1f}" '
        f'width="{wide - 2:.1f}" height="{count * scale:.1f}" fill="{BAR}">'
        f"<title>{escape(name)}, rank {at}: {count}</title></rect>"
        for at, count in enumerate(counts)
    )
    return (
        f'<text class="title" x="{left}" y="{bottom - BAR_ROOM - 12}">{escape(name)}</text>'
        f'<rect x="{left}" y="{bottom - high:.1f}" width="{WIDTH}" height="{high - low:.1f}" '
        f'fill="{BAND}"/>{bars}'
        f'<path d="M{left} {bottom - expected * scale:.1f}h{WIDTH}" stroke="{INK}"/>'
        f'<path d="M{left} {bottom}h{WIDTH}" stroke="{INK}"/>'
    )
