"""`trellis bench accuracy`: a course measured, kept, and shown beside those measured before."""

import json

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(1)
    students = np.repeat([f"s{n}" for n in range(30)], 4)
    table = pd.DataFrame(
        {"student": students, "skill": "ratio", "correct": rng.integers(0, 2, len(students))}
    )
    (tmp_path / "data" / "events").mkdir(parents=True)
    for name in ("stats_cloze", "cognitive_tutor"):
        table.to_parquet(tmp_path / "data" / "events" / f"{name}.parquet")
    return tmp_path / "data"


def words(data, course, *more):
    models = ["--model", "classic", "--model", "mean"]
    return ["bench", "accuracy", "--data", data, "--set", course, *models, *more]


def test_the_page_is_made_of_every_course_measured_so_far(trellis, data, tmp_path):
    out = tmp_path / "docs" / "accuracy.md"
    for course in ("cognitive_tutor", "stats_cloze"):
        assert trellis(*words(data, course, "--out", out)).status == 0
    page = out.read_text()
    assert page.index("## stats_cloze") < page.index("## cognitive_tutor")
    assert len(json.loads(out.with_suffix(".json").read_text())) == 2


def test_without_a_page_it_is_printed(trellis, data):
    assert "## stats_cloze" in trellis(*words(data, "stats_cloze")).out
    ran = trellis(*words(data, "stats_cloze"), "--json")
    [run] = ran.json["accuracy"]["runs"]
    assert [row["model"] for row in run["models"]] == ["classic", "mean"]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--out", "page.txt"], "page.txt"),
        (["--set", "algebra"], "algebra"),
        (["--model", "oracle"], "oracle"),
        (["--data", "nowhere"], "nowhere"),
        (["speed"], "speed"),
    ],
)
def test_bad_words_are_named(trellis, data, more, named):
    ran = trellis(*words(data, "stats_cloze"), *more)
    assert ran.status == 2
    assert named in ran.err


def test_what_was_kept_and_cannot_be_read_is_named(trellis, data, tmp_path):
    (tmp_path / "page.json").write_text("[{}]")
    ran = trellis(*words(data, "stats_cloze"), "--out", tmp_path / "page.md")
    assert ran.status == 2
    assert "page.json" in ran.err
