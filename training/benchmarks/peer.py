"""A peer in a process and an environment of its own, asked for one fit at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import pandas as pd

from engine.errors import InvalidInput, Unavailable
from engine.parameters import Emission, SkillParameters

PYBKT_SCRIPT = Path(__file__).parent / "pybkt_script.py"
PYBKT_PROGRAM = ("-W", "ignore", str(PYBKT_SCRIPT))
TRELLIS_PROGRAM = ("-m", f"{__package__}.trellis_script")
RESPONSES = "responses.parquet"
COLUMNS = ("student", "skill", "correct", "item")
HOW_TO_GET_IT = "the Python of an environment with pyBKT (`make bench` builds one in .bench/pybkt)"


class PeerFit(NamedTuple):
    """One fit of the peer: the seconds it took by the clock and of the processor, by how many bytes
    it grew, each skill's parameters, and those of its items."""

    seconds: float
    processor: float
    memory: int
    parameters: Mapping[str, SkillParameters]
    items: Mapping[str, Mapping[str, Emission]]


class Peer:
    """A peer that has read the responses and waits. `about` says what it is and how built."""

    def __init__(self, process: subprocess.Popen[str], skills: list[str]) -> None:
        self._process = process
        self._skills = skills
        self.about = self._answer()

    def fit(self, *, seed: int, options: Mapping[str, Any] | None = None) -> PeerFit:
        """One fit of every skill, from the responses it holds in memory."""
        wanted = json.dumps({"seed": seed, "options": dict(options or {})})
        cast(IO[str], self._process.stdin).write(f"{wanted}\n")
        cast(IO[str], self._process.stdin).flush()
        found = self._answer()
        named = {self._skills[int(code)]: own for code, own in found["parameters"].items()}
        items = {skill: own.pop("items", {}) for skill, own in named.items()}
        return PeerFit(
            found["seconds"],
            found["processor"],
            found["memory"],
            {skill: SkillParameters(**own) for skill, own in named.items()},
            {
                skill: {item: Emission(**pair) for item, pair in own.items()}
                for skill, own in items.items()
            },
        )

    def _answer(self) -> dict[str, Any]:
        line = cast(IO[str], self._process.stdout).readline()
        if not line:
            heard = cast(IO[str], self._process.stderr)
            self._process.wait()
            heard.seek(0)
            said = heard.read().strip().splitlines()
            raise Unavailable(f"the peer stopped: {said[-1] if said else 'it said nothing'}")
        return cast(dict[str, Any], json.loads(line))


@contextmanager
def pybkt(
    python: Path, responses: pd.DataFrame, *, program: Sequence[str] = PYBKT_PROGRAM
) -> Iterator[Peer]:
    """pyBKT, started by `python` on these responses, ended with the block.

    Skills travel as numbers, because pyBKT takes their names as regular expressions.
    """
    if not python.is_file():
        raise InvalidInput.at("--peer", str(python), HOW_TO_GET_IT)
    codes, skills = pd.factorize(responses["skill"])
    with tempfile.TemporaryDirectory() as folder:
        columns = [name for name in COLUMNS if name in responses]
        table = responses[columns].assign(skill=codes.astype(str))
        table.to_parquet(Path(folder) / RESPONSES, index=False)
        command = [str(python), *program, str(Path(folder) / RESPONSES)]
        pipe = subprocess.PIPE
        with (
            tempfile.TemporaryFile("w+") as said,
            subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=said, text=True) as process,
        ):
            process.stderr = said
            try:
                yield Peer(process, [str(skill) for skill in skills])
            finally:
                process.kill()


@contextmanager
def ourselves(responses: pd.DataFrame) -> Iterator[Peer]:
    """Trellis in a process of its own, asked as the peer is."""
    with pybkt(Path(sys.executable), responses, program=TRELLIS_PROGRAM) as found:
        yield found
