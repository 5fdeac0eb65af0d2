"""An empty records folder for every test: MLflow takes two seconds to make its tables anew."""

import shutil

import pytest

from training.tracking import DATABASE, Records


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory):
    return Records(tmp_path_factory.mktemp("empty") / "records", create=True).folder


@pytest.fixture
def records(empty_records, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    shutil.copy(empty_records / DATABASE, folder)
    return Records(folder)
