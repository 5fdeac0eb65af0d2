"""The bytes of a text file, checked while they pass: unpacked, counted, and known to be UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from engine.errors import InvalidInput

GZIP_MAGIC = b"\x1f\x8b"
BOM = codecs.BOM_UTF8


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked where it is gzip.

    Raises `InvalidInput` for a file that is missing, is a folder, cannot be read, or whose
    gzip stream is cut short or damaged.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
    except FileNotFoundError as error:
        raise InvalidInput.at("path", path, "a file that exists") from error
    except IsADirectoryError as error:
        raise InvalidInput.at("path", path, "a file, not a folder") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput.at(str(path), error, "a whole, undamaged gzip file") from error
    except PermissionError as error:
        raise InvalidInput.at("path", path, "a file that may be read") from error


class TextBytes(io.RawIOBase):
    """Reads through to `raw`, refusing what is not UTF-8 and counting lines and quotes.

    >>> stream = TextBytes(io.BytesIO(b"student,skill\\n"), "a.csv")
    >>> stream.read(), stream.lines, stream.quotes
    (b'student,skill\\n', 1, 0)
    """

    def __init__(self, raw: IO[bytes], name: str) -> None:
        super().__init__()
        self._raw = raw
        self._name = name
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._seen = 0
        self._last = b""
        self._newlines = 0
        self.quotes = 0

    @property
    def lines(self) -> int:
        """How many lines have passed; a last line without its newline counts too."""
        return self._newlines + (self._last not in (b"", b"\n"))

    @property
    def position(self) -> int:
        """How many bytes of the file itself, packed or not, have been used."""
        file: IO[bytes] = getattr(self._raw, "fileobj", None) or self._raw  # gzip's own file
        return file.tell()

    def readable(self) -> bool:
        """Always true: the stream is for reading."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises `InvalidInput` naming the line and byte that is not UTF-8."""
        chunk = self._raw.read(size)
        self._check(chunk, final=not chunk or size < 0)
        self._seen += len(chunk)
        self._newlines += chunk.count(b"\n")
        self.quotes += chunk.count(b'"')
        self._last = chunk[-1:] or self._last
        return chunk

    def _check(self, chunk: bytes, *, final: bool) -> None:
        pending = self._decoder.getstate()[0]
        try:
            self._decoder.decode(chunk, final=final)
        except UnicodeDecodeError as error:
            before = (pending + chunk)[: error.start]
            line = self._newlines + before.count(b"\n") + 1
            offset = self._seen - len(pending) + error.start
            bad = (pending + chunk)[error.start : error.start + 1]
            raise InvalidInput.at(
                f"{self._name}, line {line}, byte {offset}", f"0x{bad.hex()}", "UTF-8 text"
            ) from error
