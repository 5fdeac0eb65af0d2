"""Recognising a format by its header, or refusing with the nearest."""

import pytest

from data.events import read_events
from data.formats import FORMATS, chosen, recognised
from engine.errors import InvalidInput

HEADERS = {
    "table": ["student", "skill", "correct", "extra"],
    "datashop-transaction": ["Anon Student Id", "Outcome", "KC (Default)"],
    "datashop-step": ["", "Anon Student Id", "Correct First Attempt", "KC(Default)"],
    "pykt": ["fold", "uid", "concepts", "responses"],
    "assistments": ["order_id", "assistment_id", "user_id", "problem_id", "correct", "skill_id"],
    "pybkt": ["Unnamed: 0", "user_id", "skill_name", "correct", "order_id", "problem_id"],
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_known_by_its_header(name):
    assert recognised(HEADERS[name]).name == name


def test_an_unknown_header_is_refused_with_what_was_found_and_the_nearest():
    with pytest.raises(InvalidInput) as raised:
        recognised(["Anon Student Id", "Outcome", "Skill"])
    assert "datashop-transaction" in str(raised.value)
    assert "Anon Student Id, Outcome, Skill" in str(raised.value)


def test_a_long_header_is_shown_whole():
    columns = [f"column_{number}" for number in range(40)]
    with pytest.raises(InvalidInput, match="column_39"):
        recognised(columns)


def test_a_forced_format_must_fit():
    with pytest.raises(InvalidInput, match="uid"):
        chosen("pykt", HEADERS["table"])
    with pytest.raises(InvalidInput, match="pybkt"):
        chosen("excel", HEADERS["table"])


def test_a_forced_format_beats_recognition(write):
    path = write(",".join(HEADERS["assistments"]) + ",skill_name", "1,1,ana,p,1,7,A")
    assert read_events(path, format="pybkt").quality.format == "pybkt"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \n\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    path = tmp_path / "events.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="empty"):
        read_events(path)


def test_a_model_of_skills_is_for_datashop_only(write):
    with pytest.raises(InvalidInput, match="kc_model"):
        read_events(write("student,skill,correct", "ana,a,1"), kc_model="Default")
