"""`trellis demo`: made once, reused after, remade if it was left half made."""

import json
from datetime import UTC, datetime

import pytest

from data.store import Store
from models.bundles import read_bundle
from training.tracking import CHAMPION, Records
from trellis.demo import FINISHED, TENANT, UNFINISHED


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from trellis.main import main

    made = tmp_path_factory.mktemp("demo") / "school"
    assert main(["demo", "--no-serve", "--folder", str(made)]) == 0
    return made


def test_the_school_is_big_enough_to_look_at(folder):
    with Store.open(f"sqlite:///{folder}/school.db") as store:
        classes = store.list(TENANT, "classes")
        curriculum = store.curriculum(TENANT)
        assert len(store.all_responses_frame(TENANT)) > 5000
    assert len(classes) >= 3
    assert all(20 <= len(each["students"]) <= 35 for each in classes)
    assert len(curriculum.skills) >= 25
    assert len(curriculum.activities) >= 140


def test_no_answer_lies_in_the_future(folder):
    with Store.open(f"sqlite:///{folder}/school.db") as store:
        assert store.all_responses_frame(TENANT)["time"].max() < datetime.now(UTC)


def test_the_model_came_by_the_data_teams_road(folder):
    champion = Records(folder / "mlruns").alias(CHAMPION)
    assert read_bundle(folder / "model").version == champion.tags["bundle"]


def test_a_second_run_reuses_the_school_and_signs_in_afresh(folder, trellis):
    log = (folder / "school.db").stat().st_ino
    runs = [trellis("demo", "--no-serve", "--folder", folder, "--json").json for _ in range(2)]
    assert (folder / "school.db").stat().st_ino == log
    assert runs[0]["key"] == runs[1]["key"]
    assert runs[0]["sign_in"] != runs[1]["sign_in"]
    with Store.open(f"sqlite:///{folder}/school.db") as store:
        token = runs[1]["sign_in"].partition("token=")[2]
        assert store.create_session(token, datetime.now(UTC))
        assert store.principal(runs[1]["key"], datetime.now(UTC)).tenant == TENANT


def test_the_port_is_part_of_what_is_printed(folder, trellis):
    ran = trellis("demo", "--no-serve", "--folder", folder, "--port", 8765)
    assert "http://127.0.0.1:8765/sign-in?token=" in ran.out


def test_a_folder_left_half_made_is_made_anew(trellis, tmp_path):
    half = tmp_path / "half"
    half.mkdir()
    (half / UNFINISHED).touch()
    (half / "school.db").write_text("half a database")
    assert trellis("demo", "--no-serve", "--folder", half).status == 0
    assert json.loads((half / FINISHED).read_text())["tenant"] == TENANT


def test_a_strangers_folder_is_left_alone(trellis, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    ran = trellis("demo", "--no-serve", "--folder", tmp_path)
    assert ran.status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
