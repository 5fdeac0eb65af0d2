"""Logs as JSON, a line each on stderr, which hold nothing that names a child.

What an exception says may quote the value that it stumbled on. So of an exception its kind and its
place are logged, not its words.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any


class Lines(logging.Formatter):
    """A record as one line of JSON.

    >>> record = logging.LogRecord("trellis", logging.INFO, "", 0, "ready", (), None)
    >>> json.loads(Lines().format(record))["event"]
    'ready'
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line: when, how grave, what, and whatever the record says besides."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "said", {}),
            "process": record.process,
        }
        if record.exc_info and record.exc_info[1] is not None:
            said |= _without_words(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)


def _without_words(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "places": places}


def logging_config(*, requests: bool) -> dict[str, Any]:
    """The settings of `logging` for a server: with a line for each request, or for troubles only.

    >>> logging_config(requests=False)["loggers"]["trellis.requests"]["level"]
    'ERROR'
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{__name__}.{Lines.__name__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {
            "trellis": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "trellis.requests": {"level": "INFO" if requests else "ERROR"},
            "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }
