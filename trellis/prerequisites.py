"""`trellis prerequisites`: what a log says of the prerequisites that the curriculum lists."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .inputs import events_of
from .output import answer, say
from .words import Subparsers, add_log, command, settings_of

if TYPE_CHECKING:
    from models.edges import LearntEdge


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "prerequisites",
        does="learn from a log how much each prerequisite of the tenant's curriculum matters, and "
        "name those that the answers contradict",
        example="trellis prerequisites --tenant lincoln",
        run=run,
    )
    add_log(parser)


def run(args: argparse.Namespace) -> int:
    """Learns the strengths and prints every edge, the contradicted ones by name."""
    from data.store import Store
    from models.edges import learn_edges

    with Store.open(settings_of(args).database_url) as store:
        curriculum = store.curriculum(args.tenant)
        listed = sum(len(skill.prerequisites) for skill in curriculum.skills.values())
        say(f"{listed:,} prerequisites in the curriculum of tenant {args.tenant!r}")
        log = store.all_responses_frame(args.tenant) if args.events is None else None
    events = events_of(args, args.events).frame if log is None else log
    found = learn_edges(events, curriculum)
    result = {
        "tenant": args.tenant,
        "responses": len(events),
        "listed": listed,
        "edges": [_row(edge) for edge in found],
        "contradicted": [[edge.skill, edge.needs] for edge in found if edge.contradicted],
    }
    answer(args, result, table(found))
    return 0


def table(edges: Sequence[LearntEdge]) -> str:
    """The edges as people read them, and what the owner of the curriculum should look at."""
    lines = ["strength  ± sd   P(real)  chances  skill ← prerequisite"]
    for edge in edges:
        one = edge.found
        lines.append(
            f"{one.strength:8.2f}  {one.spread:5.2f}  {one.real:6.2f}  {one.chances:7.1f}  "
            f"{edge.skill} ← {edge.needs}{'' if edge.suffices else '  (too little to go by)'}"
        )
    against = [f"{e.skill} ← {e.needs}" for e in edges if e.contradicted]
    said = "the log contradicts: " + "; ".join(against) if against else "the log contradicts none"
    return "\n".join([*lines, said]) if edges else "no prerequisite has answers on both its skills"


def _row(edge: LearntEdge) -> dict[str, Any]:
    one = edge.found
    return {
        "skill": edge.skill,
        "needs": edge.needs,
        "strength": one.strength,
        "spread": one.spread,
        "p_real": one.real,
        "chances": one.chances,
        "suffices": edge.suffices,
        "contradicted": edge.contradicted,
    }
