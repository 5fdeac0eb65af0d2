"""Bytes that are checked while they pass."""

import gzip
import io

import pytest

from data.formats.stream import TextBytes, opened
from engine.errors import InvalidInput


def test_what_is_not_utf8_is_named_by_line_and_byte():
    stream = TextBytes(io.BytesIO("é\nab\xff".encode("latin-1")), "a.csv")
    with pytest.raises(InvalidInput, match="line 1, byte 0"):
        stream.read()


def test_a_letter_cut_in_two_by_reading_in_pieces_is_whole():
    stream = TextBytes(io.BytesIO("aé\n€".encode()), "a.csv")
    assert b"".join(iter(lambda: stream.read(1), b"")).decode() == "aé\n€"
    assert stream.lines == 2


def test_a_fault_in_a_later_piece_is_counted_from_the_start():
    stream = TextBytes(io.BytesIO(b"abc\nd\xe9\n"), "a.csv")
    stream.read(5)
    with pytest.raises(InvalidInput, match="line 2, byte 5"):
        stream.read(5)


def test_a_letter_cut_off_by_the_end_is_a_fault():
    stream = TextBytes(io.BytesIO(b"a\xc3"), "a.csv")
    with pytest.raises(InvalidInput, match="byte 1"):
        stream.read()


@pytest.mark.parametrize("keep", [0.5, 0.99])
def test_a_gzip_file_cut_short_is_refused(tmp_path, keep):
    path = tmp_path / "events.csv.gz"
    whole = gzip.compress(b"".join(b"%d,a,1\n" % row for row in range(5000)))
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(InvalidInput, match="gzip"), opened(path) as raw:
        raw.read()


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InvalidInput, match="exists"), opened(tmp_path / "no.csv"):
        pass
    with pytest.raises(InvalidInput, match="folder"), opened(tmp_path):
        pass
