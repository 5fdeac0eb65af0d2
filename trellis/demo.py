"""`trellis demo`: a simulated school, trained on and served, in one folder of its own."""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .output import answer, say
from .server import HOST, PORT, check_port
from .words import Subparsers, add_seed, command

if TYPE_CHECKING:
    from data.school import School
    from data.store import Store
    from serving.settings import Settings

FOLDER = ".trellis/demo"
TENANT = "demo"
UNFINISHED, FINISHED = "unfinished", "demo.json"
MODEL = "items+gaps"  # forgets by the clock, so pages show what falls due; seconds to fit
LOG = "events.csv"  # what the store holds, as a file to try the other commands on
"""One of the two marks a folder as the demo's own: only such a folder is ever made anew."""
SIGN_IN_MINUTES = 12 * 60


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "demo",
        does="make a simulated school, train on its log, and serve it; a second run reuses it",
        example="trellis demo --port 8000",
        run=run,
    )
    parser.add_argument("--folder", default=FOLDER, metavar="DIR", help="(default %(default)s)")
    parser.add_argument("--port", type=int, default=PORT, metavar="P", help="(default %(default)s)")
    parser.add_argument(
        "--no-serve", dest="serve", action="store_false", help="make the folder and stop there"
    )
    add_seed(parser)


def run(args: argparse.Namespace) -> int:
    """Makes the folder if it is not there whole, then serves it."""
    folder = Path(args.folder)
    if args.serve:
        check_port(HOST, args.port)
    if (folder / FINISHED).exists():
        say(f"using the school in {folder}/ (delete the folder to start afresh)")
    else:
        _make(folder, seed=args.seed)
    settings = demo_settings(folder)
    doors = _doors(settings, f"http://{HOST}:{args.port}")
    ending = "Ctrl-C ends it." if args.serve else "The same command without --no-serve opens it."
    answer(args, {"folder": str(folder), **doors}, _welcome(folder, doors, ending))
    if args.serve:
        from serving.server import serve

        serve(settings, host=HOST, port=args.port)
    return 0


def demo_settings(folder: Path) -> Settings:
    """Settings under which everything the demo writes lies in its folder."""
    from serving.settings import Settings

    return replace(
        Settings(),
        database_url=f"sqlite:///{folder / 'school.db'}",
        model_dir=folder / "model",
    )


def _make(folder: Path, *, seed: int) -> None:
    """The folder holds a whole demo. One that an interrupted run left half made is made anew."""
    from data.events import write_events
    from data.mathematics import middle_school_mathematics
    from data.school import TERM_WEEKS, simulate_school
    from data.store import Store

    _claim(folder)
    say(f"making a simulated school in {folder}/")
    start = _term_start(datetime.now(UTC).date(), weeks=TERM_WEEKS)
    school = simulate_school(middle_school_mathematics(), seed=seed, start=start)
    say(
        f"  {len(school.classes)} classes, {len(school.students)} students, "
        f"{len(school.events):,} answers over {TERM_WEEKS} weeks"
    )
    with Store.open(demo_settings(folder).database_url) as store:
        _fill(store, school)
        key = store.create_key(TENANT, "platform", datetime.now(UTC), label="demo")
    write_events(school.events, folder / LOG)
    say("learning from the school's log, as the data team would")
    say(_train(folder, seed=seed))
    # The key opens nothing but this made-up school, so it may lie in a file.
    finished = {"tenant": TENANT, "seed": seed, "key": key}
    (folder / UNFINISHED).write_text(json.dumps(finished, indent=1), encoding="utf-8")
    (folder / UNFINISHED).rename(folder / FINISHED)


def _claim(folder: Path) -> None:
    """The folder is empty and marked as the demo's; a stranger's folder is refused."""
    from models.files import check_folder

    check_folder(folder)
    if (folder / UNFINISHED).exists():
        say(f"an earlier run left {folder}/ half made: making it anew")
        shutil.rmtree(folder)
    if folder.exists() and any(folder.iterdir()):
        raise InvalidInput.at("--folder", str(folder), "a new folder, or one the demo made")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / UNFINISHED).touch()


def _term_start(today: date, *, weeks: int) -> date:
    """The Monday from which a term of so many weeks ends just before this one."""
    return today - timedelta(days=today.weekday(), weeks=weeks)


def _fill(store: Store, school: School) -> None:
    """The store holds the curriculum, the roster and the log of the school."""
    from data.loading import new_events
    from data.school import school_facts

    now = datetime.now(UTC)
    facts = school_facts(school)
    students = [{**one, "family": [_family_of(one["id"])]} for one in facts["students"]]
    store.put_curriculum(TENANT, school.curriculum, now=now)
    store.put_roster(TENANT, students, facts["classes"], now=now)
    store.append_many(TENANT, new_events(school.events), now)


def _family_of(student: str) -> str:
    """The user name of those at home with a student of the made-up school."""
    return f"family of {student}"


def _train(folder: Path, *, seed: int) -> str:
    """The first champion is on record and in the model folder; says how good it is."""
    from .train import outcome, retrain_from_log

    found = retrain_from_log(
        demo_settings(folder),
        tenant=TENANT,
        tracking=folder / "mlruns",
        name=MODEL,
        seed=seed,
    )
    return "\n".join(f"  {line}" for line in outcome(found).splitlines())


def _doors(settings: Settings, address: str) -> dict[str, Any]:
    """Fresh sign-in links, and the key of the first run."""
    from data.store import Store

    now = datetime.now(UTC)
    with Store.open(settings.database_url) as store:
        classes = store.list(TENANT, "classes")
        student = classes[0]["students"][0]
        people = [
            *(("teacher", name) for name in sorted({row["teacher"] for row in classes})),
            ("student", student),
            ("family", _family_of(student)),
        ]
        token, *others = (
            store.create_sign_in(TENANT, role, now, minutes=SIGN_IN_MINUTES, user=name)
            for role, name in (("admin", None), *people)
        )
    links = {
        name: f"{address}/sign-in?token={link}"
        for (_, name), link in zip(people, others, strict=True)
    }
    finished = json.loads((settings.model_dir.parent / FINISHED).read_text(encoding="utf-8"))
    return {
        "url": address,
        "sign_in": f"{address}/sign-in?token={token}",
        "teachers": {name: links[name] for role, name in people if role == "teacher"},
        "student": links[student],
        "family": links[_family_of(student)],
        "key": finished["key"],
    }


def _welcome(folder: Path, doors: dict[str, Any], ending: str) -> str:
    teachers = [f"  {name:<18} {link}" for name, link in doors["teachers"].items()]
    return "\n".join(
        [
            "",
            "Open one of these in a browser (each signs you in, for 12 hours):",
            f"  {'the whole school':<18} {doors['sign_in']}",
            *teachers,
            f"  {'a student':<18} {doors['student']}",
            f"  {'their family':<18} {doors['family']}",
            "",
            f"API documentation    {doors['url']}/docs",
            f"API key              {doors['key']}",
            f"everything lies in   {folder.resolve()}",
            ending,
        ]
    )
