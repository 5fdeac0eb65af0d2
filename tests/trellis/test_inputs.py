"""Events for a command: in order, with a bar where somebody watches."""

import argparse
import io
import sys

import pytest

from engine.errors import InvalidInput
from trellis.inputs import bar, events_of, rows_of_split

NO_OPTIONS = argparse.Namespace(format=None, columns=None, kc_model=None)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_moves_where_somebody_watches(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with bar("reading") as progress:
        progress(50, 100)
        progress(100, 100)
    assert "reading" in sys.stderr.getvalue()


def test_there_is_no_bar_where_nobody_does(capsys):
    with bar("reading") as progress:
        assert progress is None
    assert capsys.readouterr().err == ""


def test_responses_come_in_the_order_of_the_file(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("student,skill,correct,time\nana,x,1,2026-09-02\nana,x,0,2026-09-01\n")
    assert events_of(NO_OPTIONS, str(path)).frame["source_row"].tolist() == [0, 1]


def test_a_split_without_rows_is_refused(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("student,skill,correct,split\nana,x,1,train\n")
    frame = events_of(NO_OPTIONS, str(path)).frame
    assert len(rows_of_split(frame, "train")) == 1
    with pytest.raises(InvalidInput, match="test"):
        rows_of_split(frame, "test")


def test_a_fault_says_which_file_it_is_of(tmp_path):
    path = tmp_path / "second.csv"
    path.write_text("student,skill,correct\nana,x,2\n")
    with pytest.raises(InvalidInput, match=r"second\.csv, row 2, correct"):
        events_of(NO_OPTIONS, str(path))
