"""`trellis verify`: whether what is kept is whole, and beliefs are what the log says."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .output import answer, say
from .words import Subparsers, add_database, add_model_folder, command, settings_of

if TYPE_CHECKING:
    from data.store.verification import Check
    from serving.settings import Settings

STUDENTS = 200
ALIKE = 1e-12


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "verify",
        does="check the log row by row, and that beliefs equal a replay of it; changes nothing",
        example="trellis verify --database sqlite:///restored.db",
        run=run,
    )
    parser.add_argument(
        "--students",
        type=int,
        default=STUDENTS,
        metavar="N",
        help="students whose beliefs are replayed, spread over all (default %(default)s)",
    )
    add_database(parser)
    add_model_folder(parser)


def run(args: argparse.Namespace) -> int:
    """Prints each check; the exit status is 1 where anything is wrong."""
    from data.store.verification import verify_store
    from engine.errors import InvalidInput

    if args.students < 0:
        raise InvalidInput.at("--students", args.students, "0 or more")
    settings = settings_of(args)
    checks = [*verify_store(settings.database_url), _beliefs(settings, args.students)]
    for check in checks:
        say(f"{check.name}: {check.looked_at:,} looked at, {check.wrong:,} wrong")
        for fault in check.faults:
            say(f"  {fault}")
    wrong = sum(check.wrong for check in checks)
    answer(
        args,
        {"whole": wrong == 0, "checks": [check._asdict() for check in checks]},
        "everything is whole" if wrong == 0 else f"{wrong:,} things are wrong",
    )
    return 0 if wrong == 0 else 1


def _beliefs(settings: Settings, most: int) -> Check:
    """Beliefs as requests are answered, against the bare rows played in another order."""
    from data.store.verification import SHOWN, Check, students_of
    from serving.champion import Champion

    name = "beliefs, replayed"
    bundle = Champion(settings.model_dir).state().bundle
    if bundle is None or most == 0:
        return Check(f"{name} (no model: left out)" if most else name, 0)
    students = students_of(settings.database_url, most)
    faults = list(_differing(settings, students))
    return Check(name, len(students), len(faults), tuple(faults[:SHOWN]))


def _differing(settings: Settings, students: list[tuple[str, str]]) -> Iterator[str]:
    from data.store import Store
    from data.store.verification import replayed
    from engine.beliefs import student_beliefs
    from serving.champion import Champion

    bundle = Champion(settings.model_dir).bundle()
    with Store.open(settings.database_url) as store:
        for tenant, student in students:
            served = student_beliefs(store.responses(tenant, [student])[student], bundle)
            rows = replayed(settings.database_url, tenant, student)
            again = student_beliefs(
                [*reversed(rows), *rows], bundle
            )  # order and repeats: no matter
            same = served.keys() == again.keys() and all(
                abs(served[skill].p_mastery - again[skill].p_mastery) <= ALIKE for skill in served
            )
            if not same:
                yield f"student {student!r} of {tenant!r}: what is served is not what the log says"
