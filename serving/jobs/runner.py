"""Does jobs in a process of their own, one at a time, so that answering students is not slowed."""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import os
import threading
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess

from data.store import Job, Store
from engine.errors import TrellisError

from ..champion import Champion
from ..collecting import collect_seldom, keep_few_heaps
from ..settings import Settings
from .work import Means, do

PAUSE = 1.0  # seconds between two looks at the queue
MOST_PROCESSES = 4  # that a job works with, each of some 200 MB
NICENESS = 10  # whoever answers students goes first
logger = logging.getLogger("trellis.jobs")


class Runner:
    """A thread that takes jobs and watches over the process that does each."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._work: BaseProcess | None = None

    def start(self) -> None:
        """Jobs are done from now on."""
        atexit.register(self._abandon)  # before whatever waits for processes to end
        self._thread.start()

    def stop(self) -> None:
        """No job is begun any more. One that is under way is left: somebody takes it up anew."""
        self._stopping.set()
        self._thread.join()
        atexit.unregister(self._abandon)

    def _abandon(self) -> None:
        if self._work is not None:
            self._work.terminate()

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE):
            try:
                job = self._store.take_job(_now())
                if job is not None:
                    self._watch_over(job)
            except TrellisError:
                logger.exception("jobs cannot be looked up")

    def _watch_over(self, job: Job) -> None:
        # No daemon, for those may not have processes of their own.
        asked = self._settings.as_environment(), job.tenant, job.id
        work = multiprocessing.get_context("spawn").Process(target=run_job, args=asked)
        self._work = work
        work.start()
        while work.is_alive() and not self._stopping.is_set():
            work.join(PAUSE)
            with suppress(TrellisError):  # an outage: the work may go on once that is over
                self._store.still_at(job, _now())
        if work.is_alive():
            work.terminate()
        elif work.exitcode != 0:
            reason = {"reason": "the process that did it ended without a result"}
            self._store.end_job(job, "failed", reason, _now())


def run_job(environment: dict[str, str], tenant: str, id: str) -> None:
    """Does one job to its end: the whole of a process's life."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    collect_seldom()
    keep_few_heaps()
    settings = Settings.from_environment(environment)
    with Store.open(settings.database_url) as store:
        job = store.job(tenant, id)
        if job is None:
            return
        champion = Champion(settings.model_dir)
        means = Means(
            store,
            champion.bundle,
            settings.snapshot_dir,
            _now,
            url=settings.database_url,
            processes=min(os.cpu_count() or 1, MOST_PROCESSES),
        )
        try:
            store.end_job(job, "done", do(job, means), _now())
        except (TrellisError, OSError) as error:
            store.end_job(job, "failed", {"reason": str(error)}, _now())


def _now() -> datetime:
    return datetime.now(UTC)
