"""`trellis prerequisites`, and a retrain that keeps what it finds, on a real store."""

import json

import numpy as np
import pandas as pd
import pytest

from models.bundles import read_bundle


@pytest.fixture
def taught(trellis, tmp_path):
    """A store whose tenant lists colour under add, for no reason; and the file of the answers."""
    skills = [{"id": "add"}, {"id": "colour", "prerequisites": ["add"]}]
    (tmp_path / "skills.jsonl").write_text("\n".join(map(json.dumps, skills)))
    answers().to_csv(tmp_path / "answers.csv", index=False)
    assert trellis("import", "skills", "skills.jsonl").status == 0
    return tmp_path / "answers.csv"


def answers(students=900):
    rng = np.random.default_rng(4)
    held = np.zeros((students, 2), dtype=bool)
    rows = []
    for n in range(24):
        skill = rng.integers(0, 2, students)
        holds = held[np.arange(students), skill]
        correct = rng.random(students) < np.where(holds, 0.92, 0.15)
        held[np.arange(students), skill] |= rng.random(students) < np.where(skill == 0, 0.12, 0.25)
        rows.append(
            pd.DataFrame(
                {
                    "student": [f"s{s}" for s in range(students)],
                    "skill": np.array(["add", "colour"])[skill],
                    "correct": correct.astype(int),
                    "time": f"2026-09-01T08:{n:02}:00Z",
                }
            )
        )
    return pd.concat(rows)


def test_the_owner_reads_which_edge_the_answers_contradict(trellis, taught):
    ran = trellis("prerequisites", taught)
    assert ran.status == 0
    assert ran.out.splitlines()[-1] == "the log contradicts: colour ← add"


def test_every_edge_has_its_numbers_in_the_last_line(trellis, taught):
    found = trellis("prerequisites", taught, "--json").json
    [edge] = found["edges"]
    assert (edge["skill"], edge["needs"]) == ("colour", "add")
    assert edge["contradicted"]
    assert edge["strength"] < 0.2
    assert found["contradicted"] == [["colour", "add"]]
    assert found["listed"] == 1


def test_a_retrain_on_the_log_keeps_the_strengths_for_decisions(trellis, train, taught, tmp_path):
    assert trellis("import", "events", taught).status == 0
    learnt = trellis("prerequisites", "--json").json
    assert train("--model", "classic").status == 0
    facts = read_bundle(tmp_path / "model").facts
    assert facts["strengths"] == {"colour": {"add": learnt["edges"][0]["strength"]}}
    assert facts["contradicted"] == learnt["contradicted"]


def test_without_a_curriculum_there_is_nothing_to_learn(trellis, events):
    ran = trellis("prerequisites", events, "--tenant", "nobody")
    assert ran.status == 0
    assert ran.out.strip() == "no prerequisite has answers on both its skills"


def test_a_file_that_is_not_there_is_named(trellis):
    ran = trellis("prerequisites", "nowhere.csv")
    assert ran.status == 2
    assert "nowhere.csv" in ran.err
