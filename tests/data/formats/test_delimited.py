"""CSV and TSV: every malformed line is named as an editor would number it."""

import gzip

import pytest

from data.events import read_events
from data.formats.delimited import open_delimited
from engine.errors import InvalidInput


def source_of(tmp_path, content, name="events.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return open_delimited(path)


def columns_of(source, **options):
    return [column.to_pylist() for column in source.read([0, 1], **options)]


def test_rows_with_too_many_or_too_few_fields_are_all_named(tmp_path):
    source = source_of(tmp_path, b"a,b\n1,2\n3,4,5\n6\n")
    with pytest.raises(InvalidInput) as raised:
        source.read([0])
    assert [fault.place for fault in raised.value.faults] == ["row 3", "row 4"]


def test_many_malformed_rows_are_counted(tmp_path):
    source = source_of(tmp_path, b"a,b\n" + b"1,2,3\n" * 2000)
    with pytest.raises(InvalidInput, match="1,995 more"):
        source.read([0])


def test_a_quotation_mark_that_never_closes_swallows_nothing(tmp_path):
    source = source_of(tmp_path, b'a,b\n1,2\n1,"2\n3,4\n')
    with pytest.raises(InvalidInput, match=r"row 3.*closed"):
        source.read([0, 1])


def test_a_stray_quotation_mark_inside_a_word_is_a_character(tmp_path):
    assert columns_of(source_of(tmp_path, b'a,b\n5" pipe,2\n')) == [['5" pipe'], ["2"]]


def test_quoted_line_breaks_and_blank_lines_keep_the_line_numbers(tmp_path):
    source = source_of(tmp_path, b'a,b\n"x\ny",2\n\n3,4\n')
    assert columns_of(source) == [["x\ny", "3"], ["2", "4"]]
    assert [source.place(0), source.place(1)] == ["row 2", "row 5"]


@pytest.mark.parametrize("content", [
    b"\xef\xbb\xbfa,b\r\n1,2\r\n3,4",
    b"a\tb\n1\t2\n3\t4\n",
    b"a,b\r1,2\r3,4\r",
    gzip.compress(b" a , b\n1,2\n3,4\n"),
])  # fmt: skip
def test_marks_line_ends_delimiters_and_packing_do_not_matter(tmp_path, content):
    source = source_of(tmp_path, content)
    assert source.columns == ("a", "b")
    assert columns_of(source) == [["1", "3"], ["2", "4"]]


def test_a_header_may_be_quoted_over_two_lines(tmp_path):
    source = source_of(tmp_path, b'a,"b\nc"\n1,2\n')
    assert source.columns == ("a", "b\nc")
    assert columns_of(source) == [["1"], ["2"]]
    assert source.place(0) == "row 3"


def test_only_a_header_is_a_table_without_rows(tmp_path):
    assert columns_of(source_of(tmp_path, b"a,b\n")) == [[], []]


def test_progress_ends_at_the_size_of_the_file(tmp_path):
    source, seen = source_of(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 9000)), []
    source.read([0], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (source.path.stat().st_size,) * 2


def test_a_fault_deep_in_a_large_file_is_named_too(tmp_path):
    rows = b"".join(b"%07d,2\n" % row for row in range(200_000))
    with pytest.raises(InvalidInput, match="line 200002, byte 2000004"):
        source_of(tmp_path, b"a,b\n" + rows + b"\xff,1\n").read([0])
    packed = gzip.compress(b"a,b\n" + rows)
    with pytest.raises(InvalidInput, match="gzip"):
        source_of(tmp_path, packed[:-9]).read([0])


def test_the_line_of_a_value_at_fault_is_exact(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text('student,skill,correct\n"a\nb",s,1\n\nana,s,7\n')
    with pytest.raises(InvalidInput, match="row 5, correct"):
        read_events(path)
