"""A server on a read-only file system reads the kernels that were compiled when it was built."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, sys
sys.path[:0] = [sys.argv[1]]
import serving.warming, engine.tracing as tracing
assert serving.__file__.startswith(sys.argv[1])
serving.warming.warm_up()
assert not os.access(os.path.dirname(tracing.__file__), os.W_OK)
stats = tracing.trace_columns.stats
assert stats.cache_hits and not stats.cache_misses, stats
"""


@pytest.fixture
def image(tmp_path):
    """The server's packages with their kernels, copied as an image holds them."""
    from serving.warming import warm_up

    warm_up()
    for name in ("engine", "data", "serving"):
        shutil.copytree(ROOT / name, tmp_path / "image" / name)
    return tmp_path / "image"


def read_only(folder, *command):
    """The command, run where the folder is mounted read-only and there is no home to write to."""
    mount = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"},
        cwd=folder,
    )


def test_kernels_shipped_read_only_are_used_as_they_are(image):
    if read_only(image, "true").returncode != 0:
        pytest.skip("this machine lets nobody mount")
    ran = read_only(image, sys.executable, "-I", "-c", PROGRAM, str(image))
    assert ran.returncode == 0, ran.stderr
