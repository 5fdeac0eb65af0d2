"""The contest as a page of Markdown, and a picture of it as SVG beside the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Row = Mapping[str, str | int | float | None]

COLUMNS = {
    "policy": "policy",
    "held": "skills held",
    "held_se": "± s.e.",
    "over_practice": "activities on what was held",
    "false_mastery": "declared, not held",
    "lowest_quarter": "lowest quarter gains",
    "highest_quarter": "highest quarter gains",
    "regret_closed": "regret closed",
}
WIDTH, LABEL, LINE, GAP = 760, 150, 16, 14  # pixels
SHADES = ("#1b6ca8", "#7aa6c2", "#c2a878", "#9a8fb0", "#b0b0b0")


def write_page(path: Path, rows: Sequence[Row], *, courses: int, seed: int) -> None:
    """The page lies at `path`, the picture beside it under the same name with `.svg`."""
    picture = path.with_suffix(".svg")
    students = max(int(row["students"] or 0) for row in rows)
    lines = [
        "# Policies on simulated students",
        "",
        f"{students} students in each world, on {courses} fresh courses (seeds {seed} to "
        f"{seed + courses - 1}), 150 activities each. Gains and regret are against mastery at .95 "
        "with random practice; 1 would be the oracle, which knows the truth. Quarters by what a "
        "student holds at the start. Every rival is shown at the best of its settings.",
        "",
        f"![Share of the regret closed, by world and policy]({picture.name})",
    ]
    for world in dict.fromkeys(str(row["world"]) for row in rows):
        lines += ["", f"## {world}", "", *_table([row for row in rows if row["world"] == world])]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    picture.write_text(drawn(rows), encoding="utf-8")


def _table(rows: Sequence[Row]) -> list[str]:
    head = "| " + " | ".join(COLUMNS.values()) + " |"
    rule = "|" + "---|" * len(COLUMNS)
    return [head, rule, *("| " + " | ".join(_cell(row[c]) for c in COLUMNS) + " |" for row in rows)]


def _cell(value: str | float | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.2f}"


def drawn(rows: Sequence[Row]) -> str:
    """A bar for each policy in each world: the share of the regret it closes, 0 at the left.

    >>> row = {"world": "matched", "policy": "auto", "regret_closed": 0.4}
    >>> drawn([row]).count("<rect")
    1
    """
    policies = list(dict.fromkeys(str(row["policy"]) for row in rows))
    parts, y = [], 10
    for world in dict.fromkeys(str(row["world"]) for row in rows):
        y += GAP
        parts.append(f'<text x="4" y="{y}" font-weight="bold">{escape(world)}</text>')
        for row in (one for one in rows if one["world"] == world):
            y += LINE
            parts.append(_bar(row, y, SHADES[policies.index(str(row["policy"])) % len(SHADES)]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + GAP}" '
        f'font-family="sans-serif" font-size="12" role="img">'
        "<title>Share of the regret closed, by world and policy</title>"
        f"{''.join(parts)}</svg>\n"
    )


def _bar(row: Row, y: int, shade: str) -> str:
    share = float(row["regret_closed"] or 0.0)
    width = max(share, 0.0) * (WIDTH - LABEL - 60)
    return (
        f'<text x="16" y="{y}">{escape(str(row["policy"]))}</text>'
        f'<rect x="{LABEL}" y="{y - 11}" width="{width:.1f}" height="12" fill="{shade}"/>'
        f'<text x="{LABEL + width + 6:.1f}" y="{y}">{share:.2f}</text>'
    )
