"""`trellis outcomes`: every recommendation with its outcome as a table, for learning from logs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .output import answer
from .words import Subparsers, add_store, command, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.store import Store

ENDINGS = (".csv", ".csv.gz", ".parquet")
COLUMNS = (
    "recommendation",
    "student",
    "decided_at",
    "model",
    "policy",
    "intent",
    "status",
    "activity",
    "skill",
    "purpose",
    "rank",
    "propensity",
    "score",
    "p_correct",
    "expected_gain",
    "taken",
    "answers",
    "right",
)


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "outcomes",
        does="write every recommendation kept, one row per candidate, with its propensity and "
        "what became of it",
        example="trellis outcomes outcomes.parquet --tenant lincoln",
        run=run,
    )
    parser.add_argument("out", metavar="FILE", help="ends in " + ", ".join(ENDINGS))
    parser.add_argument(
        "--with-ids",
        action="store_true",
        help="students by their ids (default: under pseudonyms, which need "
        "TRELLIS_PSEUDONYM_SECRET)",
    )
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Writes the table; the file appears whole or not at all."""
    from datetime import UTC, datetime

    from data.store import Store

    if not args.out.endswith(ENDINGS):
        raise InvalidInput.at("FILE", args.out, f"a name that ends in {', '.join(ENDINGS)}")
    settings = settings_of(args)
    secret = "" if args.with_ids else settings.pseudonym_secret
    if not secret and not args.with_ids:
        raise InvalidInput.at("TRELLIS_PSEUDONYM_SECRET", "", "a secret, or --with-ids")
    with Store.open(settings.database_url) as store:
        rows = list(_rows(store, args.tenant, secret, datetime.now(UTC)))
    _write(rows, Path(args.out))
    decided = len({row["recommendation"] for row in rows})
    answer(
        args,
        {"file": args.out, "recommendations": decided, "rows": len(rows)},
        f"{args.out}: {decided:,} recommendations, {len(rows):,} candidates",
    )
    return 0


def _rows(store: Store, tenant: str, secret: str, now: Any) -> Iterator[dict[str, Any]]:
    from serving.recommendations.outcome import outcome

    after: str | None = None
    while page := store.recommendations(tenant, after=after):
        after = page[-1]["id"]
        answers = store.answers_to(tenant, [document["id"] for document in page])
        for document in page:
            became = outcome(document, answers[document["id"]], now)
            student = _named(document["student"], tenant, secret)
            for candidate in document["candidates"]:
                yield _row(document, candidate, became, student)


def _row(
    document: dict[str, Any], candidate: dict[str, Any], became: dict[str, Any], student: str
) -> dict[str, Any]:
    """One candidate: what was offered, with which chance to come first, and what came of it."""
    taken = candidate["activity"] == became["activity"]
    return {
        "recommendation": document["id"],
        "student": student,
        **{name: document[name] for name in ("decided_at", "model", "policy", "status")},
        "intent": document["request"]["intent"],
        **{name: candidate[name] for name in COLUMNS if name in candidate},
        "taken": taken,
        "answers": became["answers"] if taken else 0,
        "right": became["right"] if taken else None,
    }


def _named(student: str, tenant: str, secret: str) -> str:
    from serving.mastery.pseudonyms import pseudonym

    return pseudonym(student, tenant, secret) if secret else student


def _write(rows: list[dict[str, Any]], path: Path) -> None:
    """Beside its place first, then moved there: no reader ever sees half of it."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    beside = path.with_name(f".{path.name}.part")
    try:
        if path.name.endswith(".parquet"):
            frame.to_parquet(beside, index=False)
        else:
            compression: Any = "gzip" if path.name.endswith(".gz") else None
            frame.to_csv(beside, index=False, compression=compression)
        beside.replace(path)
    except OSError as error:
        raise InvalidInput.at("FILE", str(path), f"a place to write to: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
