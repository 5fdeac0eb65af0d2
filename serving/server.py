"""Runs the application: one process, or several that share a database."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI

from data.store import Store

from .app import create_app
from .collecting import collect_seldom, keep_few_heaps
from .logs import logging_config
from .settings import Settings

OPTIONS: dict[str, Any] = {
    "timeout_graceful_shutdown": 10,  # seconds that requests in progress may still take
    # A worker that does not answer its supervisor for so long is killed, requests and all: on a
    # loaded machine a worker that is only starting, or busy, has been seen silent for over 5.
    "timeout_worker_healthcheck": 60,
    "access_log": False,  # addresses hold the ids of children
    "server_header": False,
}


COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the metrics' library has workers count together."""


def serve(
    settings: Settings, *, host: str = "127.0.0.1", port: int = 8000, workers: int = 1
) -> None:
    """Serves until told to stop by Ctrl-C or SIGTERM; requests in progress are finished first.

    Raises `InvalidInput` or `Unavailable` when the database cannot be used.
    """
    options = {**OPTIONS, "log_config": logging_config(requests=settings.log_requests)}
    if workers == 1:
        uvicorn.run(create_app(settings), host=host, port=port, **options)
        return
    Store.open(settings.database_url).close()  # brings the schema up to date, once, before all
    settings.export()
    with TemporaryDirectory(prefix="trellis-counts-") as counts:
        os.environ[COUNTS] = counts
        uvicorn.run(
            "serving.server:application",
            factory=True,
            workers=workers,
            host=host,
            port=port,
            **options,
        )


def application() -> FastAPI:
    """The application of a worker process, its settings taken from the environment."""
    collect_seldom()
    keep_few_heaps()
    return create_app(Settings.from_environment())
