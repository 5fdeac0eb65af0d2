"""The other side of the race: run by pyBKT's own Python, it imports nothing of Trellis.

    python pybkt_script.py responses.parquet

It reads the responses (student, skill, correct, perhaps item, in the order they happened), says in
a line of JSON what is being raced, then fits all skills once for each line it reads, such as
{"seed": 1, "options": {"forgets": true}}, and prints a line with the seconds, the processor's
seconds, by how many bytes the process grew, and the parameters.
"""

import contextlib
import importlib.metadata
import importlib.util
import json
import resource
import sys
import time
from typing import Any

NAMES = {"prior": "prior", "learns": "learn", "forgets": "forget", "guesses": "guess"}
LIBRARIES = ("numpy", "pandas", "scikit-learn")


def main(path: str) -> None:
    """Answers seeds with fits until the input ends."""
    import pandas as pd
    from pyBKT.models import Model  # type: ignore[import-not-found,unused-ignore]

    responses = pd.read_parquet(path)
    # pyBKT takes skill names as regular expressions: the driver sends plain numbers.
    table = pd.DataFrame(
        {
            "order_id": range(len(responses)),
            "user_id": responses["student"],
            "skill_name": responses["skill"],
            "correct": responses["correct"].astype(int),
        }
    )
    if "item" in responses:
        table["item"] = responses["item"]
    answer(about())
    for line in sys.stdin:
        wanted = json.loads(line)
        answer(fit(Model(seed=wanted["seed"]), table.copy(), wanted["options"]))


def fit(model: Any, table: Any, options: dict[str, Any]) -> dict[str, Any]:
    """One fit of every skill, everything else as pyBKT comes."""
    before = most_memory()
    with contextlib.redirect_stdout(sys.stderr):
        processor, started = time.process_time(), time.perf_counter()
        model.fit(data=table, **options)
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
    return {
        "seconds": seconds,
        "processor": processor,
        "memory": most_memory() - before,
        "parameters": parameters(model),
    }


def most_memory() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def parameters(model: Any) -> dict[str, dict[str, Any]]:
    """The five parameters of each skill, under Trellis's names; those of items by item."""
    found: dict[str, dict[str, Any]] = {}
    names = {**NAMES, "slips": "slip"}
    for (skill, name, key), value in model.params()["value"].items():
        own = found.setdefault(skill, {})
        own[names[name]] = float(value)
        if names[name] in ("guess", "slip") and str(key) != "default":
            own.setdefault("items", {}).setdefault(str(key), {})[names[name]] = float(value)
    return found


def about() -> dict[str, Any]:
    """Which pyBKT this is, built how, with how many threads, on which libraries."""
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped,unused-ignore]

    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp"]
    return {
        "name": "pyBKT",
        "version": importlib.metadata.version("pyBKT"),
        "built": "C++" if importlib.util.find_spec("pyBKT.fit.E_step") else "pure Python",
        "threads": max(pools, default=1),
        "python": sys.version.split()[0],
        **{name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def answer(value: dict[str, Any]) -> None:
    """One line of JSON for whoever asked."""
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
