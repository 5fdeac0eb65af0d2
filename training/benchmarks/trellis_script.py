"""Our side in a process of its own, asked and answering as `pybkt_script` is and does.

    python -m training.benchmarks.trellis_script responses.parquet

In a process of its own because memory is measured by how much a process grew.
"""

import json
import sys
import time
from typing import Any

import pandas as pd

from models import BKT

from .fitting import about_us
from .pybkt_script import answer, most_memory


def main(path: str) -> None:
    """Answers lines with fits until the input ends."""
    responses = pd.read_parquet(path)
    few = responses.head(200)
    answer(about_us())
    for line in sys.stdin:
        options = json.loads(line)["options"]
        BKT(map=False, **options).fit(few)  # compiles, once per machine, and loads what it needs
        answer(fit(responses, options))


def fit(responses: pd.DataFrame, options: dict[str, Any]) -> dict[str, Any]:
    """One fit of every skill, by plain likelihood."""
    before, processor, started = most_memory(), time.process_time(), time.perf_counter()
    bundle = BKT(map=False, **options).fit(responses).bundle
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    return {
        "seconds": seconds,
        "processor": processor,
        "memory": most_memory() - before,
        "parameters": {
            skill: {
                **one.parameters._asdict(),
                "items": {item: own._asdict() for item, own in one.items.items()},
            }
            for skill, one in bundle.skills.items()
        },
    }


if __name__ == "__main__":
    main(sys.argv[1])
