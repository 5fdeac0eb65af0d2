"""The other side of the race: run by pyBKT's own Python, it imports nothing of Trellis.

    python pybkt_script.py responses.parquet

It reads the responses (student, skill, correct, in the order they happened), prints a line of
JSON that says what is being raced, then fits all skills once for each line it reads (a seed) and
prints a line with the seconds and the parameters.
"""

import contextlib
import importlib.metadata
import importlib.util
import json
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
    answer(about())
    for line in sys.stdin:
        answer(fit(Model(seed=int(line)), table.copy()))


def fit(model: Any, table: Any) -> dict[str, Any]:
    """One fit of every skill, everything else as pyBKT comes."""
    with contextlib.redirect_stdout(sys.stderr):
        started = time.perf_counter()
        model.fit(data=table)
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "parameters": parameters(model)}


def parameters(model: Any) -> dict[str, dict[str, float]]:
    """The five parameters of each skill, under Trellis's names."""
    found: dict[str, dict[str, float]] = {}
    names = {**NAMES, "slips": "slip"}
    for (skill, name, _), value in model.params()["value"].items():
        found.setdefault(skill, {})[names[name]] = float(value)
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
