"""Splits are by whole students and the same everywhere."""

import zlib

import pandas as pd
import pytest

from data.splits import fold_of, split_rows
from engine.errors import InvalidInput


def test_a_fold_is_the_checksum_of_the_id():
    students = pd.Series(["ana", "Zoë", "ana", "", "学生"], index=[9, 8, 7, 6, 5])
    expected = [zlib.crc32(student.encode()) % 7 for student in students]
    assert fold_of(students, 7).tolist() == expected


def test_the_checksum_is_the_published_one():
    assert zlib.crc32(b"123456789") == 0xCBF43926
    assert fold_of(pd.Series(["123456789"]), 1000).tolist() == [0xCBF43926 % 1000]


def test_folds_share_students_out_about_evenly():
    folds = fold_of(pd.Series([f"s{number}" for number in range(5000)]), 5)
    counts = pd.Series(folds).value_counts()
    assert len(counts) == 5
    assert counts.between(900, 1100).all()


def test_one_fold_is_refused():
    with pytest.raises(InvalidInput, match="at least 2"):
        fold_of(pd.Series(["ana"]), 1)


def rows(*splits):
    return pd.DataFrame({"student": [f"s{i}" for i in range(len(splits))], "split": splits})


def test_the_rows_of_a_split_keep_their_index():
    assert split_rows(rows("train", "test", "train"), "train").index.tolist() == [0, 2]


def test_a_table_that_does_not_say_is_refused():
    with pytest.raises(InvalidInput, match="also split"):
        split_rows(pd.DataFrame({"student": ["ana"]}), "train")


def test_an_unknown_or_missing_split_is_refused_with_its_value():
    with pytest.raises(InvalidInput) as raised:
        split_rows(rows("train", "holdout", None), "train")
    assert [fault.value for fault in raised.value.faults] == ["holdout", ""]
    with pytest.raises(InvalidInput, match="train or test"):
        split_rows(rows("train"), "valid")
