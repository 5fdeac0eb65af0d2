"""Compiled kernels where nothing can be written: an image with a read-only file system.

The compiler keeps what it compiled beside the source, and gives up where it cannot write there. An
image that ran `python -m serving.warming` when it was built has the kernels already: they are then
read from a copy in a folder of this process's own, to which others may be added. The package names
this module to the compiler when it is imported.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from numba.core.caching import InTreeCacheLocator

KERNELS = ("*.nbi", "*.nbc")


class ShippedKernels(InTreeCacheLocator):
    """Finds the kernels of a source file that lies where this process cannot write."""

    def __init__(self, py_func: Any, py_file: str) -> None:
        super().__init__(py_func, py_file)  # type: ignore[no-untyped-call]
        self._cache_path = _own_copy(self._cache_path)

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Any:
        """The place of a function's kernel; None where the compiler's own way will do."""
        folder = Path(py_file).parent / "__pycache__"
        shipped = folder.is_dir() and not os.access(folder, os.W_OK)
        return cls(py_func, py_file) if shipped else None


@cache
def _own_copy(folder: str) -> str:
    """The folder's kernels, in a folder that is private to this process and goes with it."""
    target = tempfile.mkdtemp(prefix="trellis-kernels-")
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    for pattern in KERNELS:
        for kernel in Path(folder).glob(pattern):
            shutil.copy2(kernel, target)
    return target
