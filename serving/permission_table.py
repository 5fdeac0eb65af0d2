"""The matrix of permissions, printed: for docs/permissions.md and for `/docs`."""

from __future__ import annotations

from collections.abc import Iterator

from .permissions import OPEN, ROUTES, reach_of
from .roles import MATRIX, Action, Reach


def table() -> Iterator[tuple[str, ...]]:
    """The matrix as rows: the route, what it is about, and for each role whom it reaches."""
    yield ("Route", "About", *MATRIX)
    for route, rule in ROUTES.items():
        cells = (reach_of(role, rule) for role in MATRIX)
        yield (route, rule.about, *(cell.name.lower() if cell else "–" for cell in cells))
    for route in OPEN:
        yield (route, "nobody", *("open" for _ in MATRIX))


def as_markdown() -> str:
    """The matrix as docs/permissions.md holds it."""
    head, *rows = table()
    marked = ", ".join(f"`{route}`" for route, rule in ROUTES.items() if rule.versioned)
    lines = [head, tuple("---" for _ in head), *(_coded(row) for row in rows)]
    reaches = [f"- **{reach.name.lower()}**: {reach}" for reach in Reach]
    return "\n".join(
        [
            "# Who may do what",
            "",
            "Written by `python -m serving.permission_table`. Each cell says whose data a role",
            "reaches by a route, inside the tenant of its own credential; – means 403. Whatever is",
            "beyond a caller's reach is answered like what does not exist: 404.",
            "",
            *reaches,
            "- **open**: without a credential",
            "",
            f"Teachers, students and families change what exists by {marked}",
            "only as they saw it: `If-Match` with its `ETag` (a page's form brings the version",
            "along). Without it the answer is 428, with that of another version 412. An admin's or",
            "a platform's program states what is so and may leave it out.",
            "",
            *(f"| {' | '.join(line)} |" for line in lines),
            "",
            "A key may be limited further, to some of these actions: "
            + ", ".join(f"`{action.scope}`" for action in Action)
            + ".",
        ]
    )


def _coded(row: tuple[str, ...]) -> tuple[str, ...]:
    return (f"`{row[0]}`", *row[1:])


if __name__ == "__main__":
    print(as_markdown())
