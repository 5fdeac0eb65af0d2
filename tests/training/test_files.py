"""Bundles on disk: whole or not there, whatever interrupts."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from engine.bundle import BUNDLE_FILE, Bundle, versioned
from engine.errors import InvalidInput, NotFound
from engine.parameters import SkillEstimate, SkillParameters
from training.bundles import read_bundle, write_bundle

NO_ERRORS = SkillParameters(*[float("nan")] * 5)


def bundle_of(prior, skills=1):
    parameters = SkillParameters(prior, 0.1, 0.0, 0.2, 0.1)
    estimate = SkillEstimate(parameters, NO_ERRORS, np.zeros((5, 5)), responses=3, students=2)
    return versioned(Bundle("classic", {f"skill {i}": estimate for i in range(skills)}, estimate))


def test_a_bundle_is_read_as_it_was_written(tmp_path):
    write_bundle(tmp_path / "new" / "folder", bundle_of(0.3))
    found = read_bundle(tmp_path / "new" / "folder")
    assert found.version == bundle_of(0.3).version
    assert found.skills["skill 0"].parameters.prior == 0.3


def test_writing_replaces_and_leaves_nothing_else_behind(tmp_path):
    write_bundle(tmp_path, bundle_of(0.3))
    write_bundle(tmp_path, bundle_of(0.4))
    assert read_bundle(tmp_path).skills["skill 0"].parameters.prior == 0.4
    assert [path.name for path in tmp_path.iterdir()] == [BUNDLE_FILE]


def test_a_server_under_another_name_may_read_it(tmp_path):
    assert write_bundle(tmp_path, bundle_of(0.3)).stat().st_mode & 0o777 == 0o644


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InvalidInput, match="is a file"):
        write_bundle(tmp_path / "taken" / "below", bundle_of(0.3))
    assert (tmp_path / "taken").read_text() == "mine"


def test_no_bundle_is_not_found_and_a_damaged_one_is_refused(tmp_path):
    with pytest.raises(NotFound):
        read_bundle(tmp_path)
    (tmp_path / BUNDLE_FILE).write_text('{"format": 1')
    with pytest.raises(InvalidInput):
        read_bundle(tmp_path)


WRITES_WITHOUT_END = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests_bundle import bundle_of
from training.bundles import write_bundle
small, large = bundle_of(0.3), bundle_of(0.4, skills=400)
print("writing", flush=True)
while True:
    write_bundle(Path(sys.argv[1]), small)
    write_bundle(Path(sys.argv[1]), large)
"""


@pytest.mark.parametrize("delay", [0.0, 0.013, 0.029, 0.041, 0.067])
def test_a_process_killed_while_writing_leaves_a_whole_bundle(tmp_path, delay):
    shutil.copy(__file__, tmp_path / "tests_bundle.py")
    folder = tmp_path / "model"
    write_bundle(folder, bundle_of(0.3))
    command = [sys.executable, "-c", WRITES_WITHOUT_END, str(folder), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ}) as writer:
        writer.stdout.readline()
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
    versions = {bundle_of(0.3).version, bundle_of(0.4, skills=400).version}
    assert read_bundle(folder).version in versions
