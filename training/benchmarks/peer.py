"""A peer in a process and an environment of its own, asked for one fit at a time."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import pandas as pd

from engine.errors import InvalidInput, Unavailable
from engine.parameters import SkillParameters

PYBKT_SCRIPT = Path(__file__).parent / "pybkt_script.py"
RESPONSES = "responses.parquet"
HOW_TO_GET_IT = "the Python of an environment with pyBKT (`make bench` builds one in .bench/pybkt)"


class PeerFit(NamedTuple):
    """One fit of the peer: the seconds it took, and each skill's parameters."""

    seconds: float
    parameters: Mapping[str, SkillParameters]


class Peer:
    """A peer that has read the responses and waits. `about` says what it is and how built."""

    def __init__(self, process: subprocess.Popen[str], skills: list[str]) -> None:
        self._process = process
        self._skills = skills
        self.about = self._answer()

    def fit(self, *, seed: int) -> PeerFit:
        """One fit of every skill, from the responses it holds in memory."""
        cast(IO[str], self._process.stdin).write(f"{seed}\n")
        cast(IO[str], self._process.stdin).flush()
        found = self._answer()
        parameters = {
            self._skills[int(code)]: SkillParameters(**values)
            for code, values in found["parameters"].items()
        }
        return PeerFit(found["seconds"], parameters)

    def _answer(self) -> dict[str, Any]:
        line = cast(IO[str], self._process.stdout).readline()
        if not line:
            said = cast(IO[str], self._process.stderr).read().strip().splitlines()
            raise Unavailable(f"the peer stopped: {said[-1] if said else 'it said nothing'}")
        return cast(dict[str, Any], json.loads(line))


@contextmanager
def pybkt(python: Path, responses: pd.DataFrame) -> Iterator[Peer]:
    """pyBKT, started by `python` on these responses, ended with the block.

    Skills travel as numbers, because pyBKT takes their names as regular expressions.
    """
    if not python.is_file():
        raise InvalidInput.at("--peer", str(python), HOW_TO_GET_IT)
    codes, skills = pd.factorize(responses["skill"])
    with tempfile.TemporaryDirectory() as folder:
        table = responses[["student", "skill", "correct"]].assign(skill=codes.astype(str))
        table.to_parquet(Path(folder) / RESPONSES, index=False)
        command = [str(python), "-W", "ignore", str(PYBKT_SCRIPT), str(Path(folder) / RESPONSES)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            try:
                yield Peer(process, [str(skill) for skill in skills])
            finally:
                process.kill()
