"""The README is a promise: every command in it runs, and every file it names is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", README, flags=re.DOTALL)
ON_REAL_DATA = "TRELLIS_REAL_DATA"


def is_make(block):
    return block.startswith("make ")


COMMANDS = [b for kind, b in BLOCKS if kind == "sh" and not is_make(b) and ON_REAL_DATA not in b]
MEASURED = [b for kind, b in BLOCKS if kind == "sh" and ON_REAL_DATA in b]
PYTHON = [b for kind, b in BLOCKS if kind == "python"]


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """An empty folder in which `.venv/bin/trellis` is the command of this environment."""
    place = tmp_path_factory.mktemp("newcomer")
    (place / ".venv" / "bin").mkdir(parents=True)
    command = place / ".venv" / "bin" / "trellis"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m trellis.main "$@"\n')
    command.chmod(0o755)

    def run(*call):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(
            call, cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"{call[-1]}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    return run


def test_the_commands_for_make_are_targets_of_the_makefile():
    (block,) = [b for kind, b in BLOCKS if kind == "sh" and is_make(b)]
    makefile = (ROOT / "Makefile").read_text()
    for line in block.splitlines():
        target = line.split()[1]
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


def test_the_commands_run_in_the_order_of_the_page(newcomer):
    assert len(COMMANDS) == 2
    for block in COMMANDS:
        newcomer("bash", "-euc", block)


def test_the_python_runs_on_what_the_commands_left(newcomer):
    (block,) = PYTHON
    newcomer(sys.executable, "-W", "error", "-c", block)


@pytest.mark.skipif(ON_REAL_DATA not in os.environ, reason="set TRELLIS_REAL_DATA to its folder")
def test_the_table_of_accuracies_is_what_the_commands_print(newcomer):
    (block,) = MEASURED
    output = newcomer("bash", "-euc", block)
    printed = re.findall(r"^([a-z+]+)\s+(0\.\d+)", output, flags=re.MULTILINE)
    shown = re.findall(r"\| `([a-z+]+)` \| (\.\d+)", README)
    assert [model for model, _ in printed] == [model for model, _ in shown]
    assert len(shown) == 7
    for (_, measured), (_, claimed) in zip(printed, shown, strict=True):
        assert float(claimed) == pytest.approx(float(measured), abs=0.0006)


def test_every_picture_page_and_folder_it_names_is_there():
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    pages = re.findall(r"(?<!!)\[[^]]+\]\((docs/[^)]+)\)", README)
    folders = re.findall(r"^(\w+/)  ", README, flags=re.MULTILINE)
    assert pictures
    assert pages
    assert len(folders) == 7
    for name in [*pictures, *pages, *folders]:
        assert (ROOT / name).exists(), name
