import pytest

from engine.errors import InvalidInput
from models import BKT
from models.baselines import LR, Mean
from models.baselines.saved import BASELINE_FILE
from models.names import saved_model


def test_a_folder_gives_back_the_model_it_holds(events, tmp_path):
    Mean().fit(events).save(tmp_path / "mean")
    BKT().fit(events).save(tmp_path / "classic")
    assert [saved_model(tmp_path / name).name for name in ("mean", "classic")] == [
        "mean",
        "classic",
    ]


def test_another_kind_is_refused(events, tmp_path):
    Mean().fit(events).save(tmp_path)
    with pytest.raises(InvalidInput, match="mean"):
        LR.load(tmp_path)


def test_a_damaged_file_is_refused(events, tmp_path):
    Mean().fit(events).save(tmp_path)
    file = tmp_path / BASELINE_FILE
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(InvalidInput, match=BASELINE_FILE):
        Mean.load(tmp_path)


def test_a_folder_never_holds_two_models(events, tmp_path):
    BKT().fit(events).save(tmp_path)
    with pytest.raises(InvalidInput, match="another model"):
        Mean().fit(events).save(tmp_path)
