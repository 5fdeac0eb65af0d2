"""`trellis simulate`: the rows that others read, and what it refuses."""

import json

import pytest

from training.simulation import pilots
from trellis.main import main

COLUMNS = {
    "world",
    "policy",
    "students",
    "held",
    "held_se",
    "over_practice",
    "false_mastery",
    "lowest_quarter",
    "highest_quarter",
    "regret_closed",
}


@pytest.fixture
def small(monkeypatch):
    """A pilot of few students, so that the command takes a moment."""
    monkeypatch.setattr(pilots, "STUDENTS", 40)


def test_one_row_for_each_policy_and_world(small, capsys):
    words = "simulate --policy auto --policy random --world matched --students 4 --courses 1 --json"
    assert main(words.split()) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["policy"] for row in result["rows"]] == ["auto", "random"]
    assert all(set(row) == COLUMNS for row in result["rows"])
    assert result["against"] == "bkt"


@pytest.mark.parametrize(
    "words",
    ["--students 0", "--courses 0", "--seed -1", "--world nowhere", "--policy nobody"],
)
def test_bad_words_are_refused_with_what_would_be_right(words, capsys):
    assert main(["simulate", *words.split()]) == 2
    assert words.split()[0] in capsys.readouterr().err
