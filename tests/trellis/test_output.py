"""What a command prints: a table for people, one JSON line for programs."""

import argparse
import json

import pytest

from trellis.output import answer, say, table


def test_the_json_line_is_json_whatever_the_result_holds(capsys):
    result = {"auc": float("nan"), "rows": [{"loss": float("inf")}], "names": ("Zoë",), "n": 3}
    answer(argparse.Namespace(json=True), result, "not this")
    assert json.loads(capsys.readouterr().out) == {
        "auc": None, "rows": [{"loss": None}], "names": ["Zoë"], "n": 3
    }  # fmt: skip


def test_messages_stay_out_of_the_result(capsys):
    say("reading")
    answer(argparse.Namespace(json=False), {}, "done")
    assert capsys.readouterr() == ("done\n", "reading\n")


@pytest.mark.parametrize("value", [None, float("nan")])
def test_what_is_not_known_is_a_dash_in_a_table(value):
    assert table([{"auc": value}]).splitlines()[1].strip() == "-"


def test_columns_line_up():
    lines = table([{"name": "a", "n": 1}, {"name": "long", "n": 1000}]).splitlines()
    assert len({len(line) for line in lines}) == 1


def test_an_empty_table_says_so():
    assert table([]) == "(nothing)"
