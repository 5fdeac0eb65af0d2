"""Files are whole or not there, whatever interrupts."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from models.files import check_file, check_folder, replace_file


def test_a_file_is_read_as_it_was_written(tmp_path):
    replace_file(tmp_path / "new" / "folder" / "notes", b"whole")
    assert (tmp_path / "new" / "folder" / "notes").read_bytes() == b"whole"


def test_replacing_leaves_nothing_else_behind(tmp_path):
    for content in (b"old", b"new"):
        replace_file(tmp_path / "notes", content)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("notes", b"new")]


def test_a_server_under_another_name_may_read_it(tmp_path):
    replace_file(tmp_path / "notes", b"whole")
    assert (tmp_path / "notes").stat().st_mode & 0o777 == 0o644


def test_what_cannot_take_the_name_leaves_no_trace(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        replace_file(tmp_path / "taken", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_file_in_the_way_of_a_folder_is_refused(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InvalidInput, match="is a file"):
        replace_file(tmp_path / "taken" / "below" / "notes", b"whole")
    with pytest.raises(InvalidInput, match="is a file"):
        check_folder(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_place_where_nothing_may_be_written_is_refused(tmp_path):
    for path in (Path("/proc/nowhere/notes"), tmp_path / ("x" * 300) / "notes"):
        with pytest.raises(InvalidInput, match="may be written"):
            replace_file(path, b"whole")
    tmp_path.chmod(0o500)
    if os.geteuid() != 0:  # root may write everywhere
        with pytest.raises(InvalidInput, match="may be written"):
            check_folder(tmp_path / "new")


def test_a_folder_in_the_way_of_a_file_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="a folder"):
        check_file(tmp_path)
    check_file(tmp_path / "new" / "file")
    check_folder(tmp_path / "new" / "folder")


WRITES_WITHOUT_END = """
import sys
from pathlib import Path
from models.files import replace_file
print("writing", flush=True)
while True:
    replace_file(Path(sys.argv[1]), b"a" * 10)
    replace_file(Path(sys.argv[1]), b"b" * 1_000_000)
"""


@pytest.mark.parametrize("delay", [0.0, 0.013, 0.029, 0.041, 0.067])
def test_a_process_killed_while_writing_leaves_a_whole_file(tmp_path, delay):
    path = tmp_path / "bundle.json"
    replace_file(path, b"a" * 10)
    command = [sys.executable, "-c", WRITES_WITHOUT_END, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
    assert path.read_bytes() in (b"a" * 10, b"b" * 1_000_000)
