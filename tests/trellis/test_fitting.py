"""`trellis fit`: from a file to a bundle, or to a clear refusal with nothing written."""

import gzip
import json

import pandas as pd
import pytest

from models import BKT


def test_the_bundle_is_the_one_that_python_would_fit(trellis, events, tmp_path):
    ran = trellis("fit", events, "--out", "bundle", "--json")
    assert ran.status == 0
    assert ran.out.count("\n") == 1
    expected = BKT(items=True, ability=True, forgets=True).fit(pd.read_csv(events)).bundle
    assert ran.json["log_likelihood"] == pytest.approx(expected.facts["log_likelihood"])
    assert BKT.load(tmp_path / "bundle").bundle.version == ran.json["version"]


def test_the_result_has_the_fields_that_others_rely_on(trellis, events):
    found = trellis("fit", events, "--out", "bundle", "--json").json
    assert {name: found[name] for name in ("model", "events", "students", "skills")} == {
        "model": "hierarchical",
        "events": 300,
        "students": 30,
        "skills": 2,
    }
    assert found["converged"] is True
    assert found["seconds"] > 0


def test_only_the_rows_of_the_split_are_fitted(trellis, events):
    found = trellis("fit", events, "--out", "bundle", "--split", "train", "--json").json
    assert found["students"] == 20


def test_the_quality_report_goes_to_stderr(trellis, events):
    ran = trellis("fit", events, "--out", "bundle", "--json")
    assert "300 rows read as 'table'" in ran.err


def test_other_column_names_are_told_by_an_option(trellis, events, tmp_path):
    table = pd.read_csv(events).rename(columns={"student": "user", "skill": "topic"})
    table.to_csv(tmp_path / "other.csv", index=False)
    ran = trellis(
        "fit", "other.csv", "--columns", "student=user,skill=topic", "--out", "bundle", "--json"
    )
    assert (ran.status, ran.json["students"]) == (0, 30)


@pytest.mark.parametrize("name", ["e.tsv", "e.parquet", "e.jsonl", "e.csv.gz"])
def test_every_kind_of_file_gives_the_same_bundle(trellis, events, tmp_path, name):
    table = pd.read_csv(events)
    path = tmp_path / name
    if name.endswith(".parquet"):
        table.to_parquet(path)
    elif name.endswith(".jsonl"):
        table.to_json(path, orient="records", lines=True)
    else:
        table.to_csv(path, index=False, sep="\t" if "tsv" in name else ",")
    expected = trellis("fit", events, "--out", "a", "--json").json["version"]
    assert trellis("fit", path, "--out", "b", "--json").json["version"] == expected


def test_the_same_seed_gives_the_same_bundle(trellis, events):
    first = trellis("fit", events, "--out", "a", "--seed", 7, "--json").json
    second = trellis("fit", events, "--out", "b", "--seed", 7, "--json").json
    assert first["version"] == second["version"]


def test_parameters_may_be_given_and_bounded(trellis, events, tmp_path):
    words = ["--plain", "--fix", "forget=0.02", "--bounds", "guess=0:0.3", "--model", "classic"]
    assert trellis("fit", events, *words, "--out", "bundle", "--json").status == 0
    model = BKT.load(tmp_path / "bundle")
    assert model.map is False
    assert (model.params["forget"] == 0.02).all()
    assert (model.params["forget_se"] == 0.0).all()
    assert (model.params["guess"] <= 0.3).all()


def test_skills_to_be_read_with_care_are_named_with_the_reason(trellis, tmp_path):
    rows = [f"s{n},falling,{y}" for n in range(30) for y in [1] * (n % 5) + [0] * (5 - n % 5)]
    table = ["student,skill,correct", "ana,C++,1", *rows]
    (tmp_path / "e.csv").write_text("\n".join(table))
    ran = trellis("fit", "e.csv", "--plain", "--out", "bundle", "--json")
    assert "skill falling: guess+slip>=1" in ran.err
    reason = "undetermined: prior, learn, guess, slip (one response)"
    assert any(line.startswith("skill C++: ") and reason in line for line in ran.err.splitlines())
    assert reason in ran.json["flagged"]["C++"]


UNUSUAL = {
    "one response": "student,skill,correct\nana,ratio,1\n",
    "one student": "student,skill,correct\n" + "ana,ratio,1\nana,ratio,0\n" * 4,
    "only right answers": "student,skill,correct\nana,ratio,1\nana,ratio,1\nben,ratio,1\n",
    "odd names": 'student,skill,correct\n"Zoë, 7","Volume (3D)",1\n"=1+1",C++,0\n😀,.*,1\n',
    "partial credit": "student,skill,correct\nana,ratio,0.5\nana,ratio,0.25\n",
    "a long history": "student,skill,correct\n" + "ana,ratio,1\nana,ratio,0\n" * 5000,
    "a repeated delivery": "student,skill,correct,event\nana,ratio,1,e1\nana,ratio,1,e1\n",
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_input_simply_works(trellis, tmp_path, text):
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    ran = trellis("fit", "e.csv", "--out", "bundle", "--json")
    assert ran.status == 0, ran.err
    parameters = json.loads((tmp_path / "bundle" / "bundle.json").read_text())["skills"]
    assert all(0 <= p <= 1 for entry in parameters.values() for p in entry["parameters"])
    assert trellis("trace", "bundle", "e.csv", "--out", "t.parquet").status == 0
    traced = pd.read_parquet(tmp_path / "t.parquet")
    assert traced["p_correct"].between(0, 1, inclusive="neither").all()
    assert traced["p_mastery"].between(0, 1).all()


BAD = {
    "too many fields": (b"student,skill,correct\nana,ratio,1\nben,ratio,1,9\n", "row 3"),
    "not UTF-8": ("student,skill,correct\nZoë,ratio,1\n".encode("latin-1"), "UTF-8"),
    "no skill column": (b"student,correct\nana,1\n", "skill"),
    "correct above 1": (b"student,skill,correct\nana,ratio,1\nana,ratio,2\n", "row 3"),
    "correct below 0": (b"student,skill,correct\nana,ratio,-1\n", "correct"),
    "correct in words": (b"student,skill,correct\nana,ratio,maybe\n", "maybe"),
    "an empty file": (b"", "empty"),
    "only a header": (b"student,skill,correct\n", "usable"),
    "conflicting duplicates": (
        b"student,skill,correct,event\nana,ratio,1,e1\nana,ratio,0,e1\n",
        "row 3",
    ),
    "half a gzip": (gzip.compress(b"student,skill,correct\nana,ratio,1\n" * 99)[:40], ""),
    "half a Parquet": (b"PAR1 and then nothing", ""),
    "half a JSON line": (b'{"student": "ana", "skill"\n', "row 1"),
}


@pytest.mark.parametrize(("content", "named"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("command", ["fit", "trace", "evaluate", "import", "train"])
def test_bad_input_is_named_and_nothing_is_written(
    trellis, bundle, tmp_path, content, named, command
):
    (tmp_path / "bad.csv").write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    words = {
        "fit": ["fit", "bad.csv", "--out", "new"],
        "trace": ["trace", bundle, "bad.csv", "--out", "new.parquet"],
        "evaluate": ["evaluate", "bad.csv", "--folds", 2],
        "import": ["import", "events", "bad.csv", "--database", f"sqlite:///{tmp_path}/s.db"],
        "train": ["train", "bad.csv", "--tracking", "runs", "--model-dir", "new"],
    }[command]
    ran = trellis(*words)
    assert ran.status == 2, ran.err
    assert named in ran.err
    assert ran.out == ""
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nowhere.csv", "--out", "new"], "nowhere.csv"),
        ([".", "--out", "new"], "folder"),
        (["events.csv", "--out", "new", "--model", "oracle"], "mean, pfa, lr"),
        (["events.csv", "--out", "new", "--split", "middle"], "middle"),
        (["events.csv", "--out", "new", "--columns", "student"], "student"),
        (["events.csv", "--out", "new", "--columns", "student=nobody"], "nobody"),
        (["events.csv", "--out", "new", "--format", "excel"], "excel"),
        (["events.csv", "--out", "events.csv"], "is a file"),
        (["events.csv"], "--out"),
        (["events.csv", "--out", "new", "--seed", "many"], "many"),
        (["events.csv", "--out", "new", "--restarts", 0], "restarts"),
        (["events.csv", "--out", "new", "--model", "items+items"], "items+items"),
        (["events.csv", "--out", "new", "--fix", "forget"], "NAME=VALUE"),
        (["events.csv", "--out", "new", "--fix", "forget=2"], "a number from 0 to 1"),
        (["events.csv", "--out", "new", "--fix", "oblivion=0.1"], "oblivion"),
        (["events.csv", "--out", "new", "--fix", "guess=.1", "--fix", "guess=.2"], "once"),
        (["events.csv", "--out", "new", "--bounds", "guess=0.3"], "NAME=LOW:HIGH"),
        (["events.csv", "--out", "new", "--bounds", "guess=0.3:0.1"], "first below the second"),
        (["events.csv", "--out", "new", "--bounds", "guess=0:0.9"], "from 0 to 0.5"),
    ],
)
def test_bad_words_are_named_and_nothing_is_written(trellis, events, tmp_path, words, named):
    ran = trellis("fit", *words)
    assert ran.status == 2
    assert named in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_a_file_without_split_cannot_be_split(trellis, tmp_path):
    (tmp_path / "e.csv").write_text("student,skill,correct\nana,ratio,1\n")
    ran = trellis("fit", "e.csv", "--split", "train", "--out", "new")
    assert ran.status == 2
    assert "split" in ran.err
