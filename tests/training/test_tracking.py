"""The training records, on MLflow's real SQLite backend."""

import os
import warnings

import pytest

from engine.errors import InvalidInput, NotFound
from training.tracking import CHAMPION, PREVIOUS, Records, Run

RUN = Run(
    name="classic",
    parameters={"model": "classic", "seed": 0},
    metrics={"auc": 0.71},
    tags={"source": "a file"},
    documents={"bundle/bundle.json": '{"π": 1}'},
)


def registered(records):
    run_id = records.log(RUN)
    return records.register(run_id, artifact="bundle", tags={"bundle": "abc"})


def test_a_run_is_read_back_as_it_was_logged(records):
    run_id = records.log(RUN)
    assert records.metrics(run_id) == {"auc": 0.71}
    assert records.document(run_id, "bundle/bundle.json").decode() == '{"π": 1}'


def test_versions_count_up_and_show_the_newest_first(records):
    registered(records)
    registered(records)
    assert [version.number for version in records.versions()] == [2, 1]
    assert records.version(1).tags == {"bundle": "abc"}


def test_an_alias_moves_from_version_to_version(records):
    assert records.alias(CHAMPION) is None
    first, second = registered(records), registered(records)
    records.point(CHAMPION, first.number)
    records.point(CHAMPION, second.number)
    records.point(PREVIOUS, first.number)
    assert records.alias(CHAMPION).number == second.number
    assert records.alias(PREVIOUS).aliases == (PREVIOUS,)
    records.unpoint(PREVIOUS)
    assert records.alias(PREVIOUS) is None


def test_records_are_found_again_by_another_process(records):
    first = registered(records)
    assert Records(records.folder).versions() == [records.version(first.number)]


def test_everything_lies_in_the_records_folder(records, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    registered(records)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records"]
    assert sorted(path.name for path in records.folder.iterdir()) == ["artifacts", "mlflow.db"]


def test_usage_reports_are_off(records):
    from mlflow.telemetry.utils import is_telemetry_disabled

    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert is_telemetry_disabled()


def test_no_warning_of_the_library_reaches_the_caller(records):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        registered(records)


def test_an_unknown_version_is_not_found(records):
    with pytest.raises(NotFound, match="7"):
        records.version(7)


def test_reading_makes_no_records(tmp_path):
    with pytest.raises(NotFound):
        Records(tmp_path / "records")
    assert not (tmp_path / "records").exists()


def test_records_need_a_folder(tmp_path):
    (tmp_path / "records").write_text("a file")
    with pytest.raises(InvalidInput, match="folder"):
        Records(tmp_path / "records", create=True)
