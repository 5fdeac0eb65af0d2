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
RIVALS = ("threshold", "fringe", "zpdes")
"""Rivals that Trellis's own rule must not fall behind in any world."""
REFERENCES = ("bkt", "oracle")  # 0 and 1 by what a share is
PANEL, BAR, HEAD, PER_ROW = 470, 15, 34, 2  # pixels, but for panels in a row
ZERO, SCALE = 220, 205  # where a share of 0 lies, and how far from it 1 would
OURS, THEIRS = "#1b6ca8", "#b9c3cb"


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
    worlds = {
        world: [row for row in rows if row["world"] == world]
        for world in dict.fromkeys(str(row["world"]) for row in rows)
    }
    lines += ["", *_summary(worlds)]
    for world, mine in worlds.items():
        lines += ["", f"## {world}", "", *_table(mine)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    picture.write_text(drawn(worlds), encoding="utf-8")


def _summary(worlds: Mapping[str, Sequence[Row]]) -> list[str]:
    """What `auto` closes of the regret of the reference and of ALOSI, beside its best rivals."""
    head = ("world", "`auto` closes", *RIVALS, "of ALOSI's regret", "lowest / highest quarter")
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for world, rows in worlds.items():
        found = {str(row["policy"]): row for row in rows}
        if "auto" in found:
            lines.append("| " + " | ".join(_summed(world, found)) + " |")
    return lines if len(lines) > 2 else []


def _summed(world: str, found: Mapping[str, Row]) -> list[str]:
    auto = found["auto"]
    rivals = [_cell(found[one]["regret_closed"]) if one in found else "–" for one in RIVALS]
    quarters = " / ".join(_cell(auto[f"{which}_quarter"]) for which in ("lowest", "highest"))
    return [f"`{world}`", _cell(auto["regret_closed"]), *rivals, _of_alosi(found), quarters]


def _of_alosi(found: Mapping[str, Row]) -> str:
    """The share of the way from ALOSI to the oracle that `auto` goes."""
    held = [float(found[one]["held"] or 0) for one in ("auto", "alosi", "oracle") if one in found]
    if len(held) < 3 or held[2] <= held[1]:
        return "–"
    return _cell((held[0] - held[1]) / (held[2] - held[1]))


def _table(rows: Sequence[Row]) -> list[str]:
    head = "| " + " | ".join(COLUMNS.values()) + " |"
    rule = "|" + "---|" * len(COLUMNS)
    return [head, rule, *("| " + " | ".join(_cell(row[c]) for c in COLUMNS) + " |" for row in rows)]


def _cell(value: str | float | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.2f}"


def drawn(worlds: Mapping[str, Sequence[Row]]) -> str:
    """A panel for each world, with a bar for each policy: the share of the regret it closes, left
    of the line where it is below 0. The references are 0 and 1 and left out.

    >>> row = {"world": "matched", "policy": "auto", "regret_closed": 0.4}
    >>> drawn({"matched": [row]}).count("<rect")
    1
    """
    bars = {
        world: [row for row in rows if row["policy"] not in REFERENCES]
        for world, rows in worlds.items()
    }
    tall = HEAD + BAR * max((len(rows) for rows in bars.values()), default=0)
    panels = [
        _panel(world, rows, PANEL * (number % PER_ROW), tall * (number // PER_ROW))
        for number, (world, rows) in enumerate(bars.items())
    ]
    width, height = PANEL * min(PER_ROW, len(bars)), tall * -(-len(bars) // PER_ROW)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" role="img">'
        "<title>Share of the regret closed, by world and policy</title>"
        f'<path d="M0 0H{width}V{height}H0Z" fill="#fff"/>{"".join(panels)}</svg>\n'
    )


def _panel(world: str, rows: Sequence[Row], x: int, y: int) -> str:
    zero, top, bottom = x + ZERO, y + HEAD - 8, y + HEAD + BAR * len(rows) - 8
    parts = [
        f'<text x="{x + 8}" y="{y + 18}" font-weight="bold">{escape(world)}</text>',
        *(_bar(row, x, y + HEAD + BAR * number) for number, row in enumerate(rows)),
        f'<path d="M{zero} {top}V{bottom}" stroke="#555"/>',
    ]
    return "".join(parts)


def _bar(row: Row, x: int, y: int) -> str:
    share = float(row["regret_closed"] or 0.0)
    long = min(abs(share), 1.0) * SCALE
    left = x + ZERO - (long if share < 0 else 0.0)
    shade, weight = (OURS, "bold") if row["policy"] == "auto" else (THEIRS, "normal")
    return (
        f'<text x="{x + 16}" y="{y + 4}" font-weight="{weight}">{escape(str(row["policy"]))}</text>'
        f'<rect x="{left:.1f}" y="{y - 6}" width="{long:.1f}" height="11" fill="{shade}"/>'
        f'<text x="{x + ZERO + max(share, 0.0) * SCALE + 5:.1f}" y="{y + 4}">{share:.2f}</text>'
    )
