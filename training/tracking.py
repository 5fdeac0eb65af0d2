"""The record of what was learnt: one MLflow run per retrain, one registered model with aliases.

The only file that knows MLflow. A records folder holds `mlflow.db` (SQLite) and `artifacts/`;
look at it with `mlflow ui --backend-store-uri sqlite:///FOLDER/mlflow.db`.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput, NotFound, Unavailable

EXPERIMENT = "trellis"
REGISTERED_MODEL = "trellis"
DATABASE = "mlflow.db"
CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous"

QUIET = {
    # Student data are nobody else's business: MLflow reports usage unless told not to.
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}
"""What MLflow 3.17 reads from the environment when it is imported, and only there."""


@dataclass(frozen=True)
class Run:
    """What one retrain leaves behind. `documents` maps a path to the text kept under it."""

    name: str
    parameters: Mapping[str, Any]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    documents: Mapping[str, str]


@dataclass(frozen=True)
class Version:
    """A registered version of the model, and the names that point at it."""

    number: int
    run_id: str
    aliases: tuple[str, ...]
    created_at: datetime
    tags: Mapping[str, str]


class Records:
    """A records folder, opened; made on first use if `create`.

    Raises `NotFound` where there is none, `Unavailable` where MLflow cannot read it.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        if folder.exists() and not folder.is_dir():
            raise InvalidInput.at(str(folder), "a file", "a folder for the training records")
        if not create and not (folder / DATABASE).exists():
            raise NotFound("training records (`trellis train` makes them)", str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        with _as_our_errors(self.folder):
            self._client = _client(f"sqlite:///{self.folder / DATABASE}")

    def log(self, run: Run) -> str:
        """The run is on record, finished; returns its id."""
        with _as_our_errors(self.folder):
            found = self._client.create_run(
                self._experiment(), run_name=run.name, tags=dict(run.tags)
            )
            run_id = str(found.info.run_id)
            for name, value in run.parameters.items():
                self._client.log_param(run_id, name, value)
            for name, metric in run.metrics.items():
                self._client.log_metric(run_id, name, metric)
            for path, text in run.documents.items():
                self._client.log_text(run_id, text, path)
            self._client.set_terminated(run_id)
            return run_id

    def register(self, run_id: str, *, artifact: str, tags: Mapping[str, str]) -> Version:
        """A run's artifact folder is the newest version of the registered model."""
        with _as_our_errors(self.folder):
            if not self._client.search_registered_models(f"name = '{REGISTERED_MODEL}'"):
                self._client.create_registered_model(REGISTERED_MODEL)
            root = self._client.get_run(run_id).info.artifact_uri
            return _version(
                self._client.create_model_version(
                    REGISTERED_MODEL, source=f"{root}/{artifact}", run_id=run_id, tags=dict(tags)
                )
            )

    def versions(self) -> list[Version]:
        """Every registered version, newest first."""
        with _as_our_errors(self.folder):
            found = self._client.search_model_versions(f"name = '{REGISTERED_MODEL}'")
            # A search leaves the aliases out: each version is asked for its own.
            numbers = sorted((int(each.version) for each in found), reverse=True)
            return [self._one(number) for number in numbers]

    def version(self, number: int) -> Version:
        """One version. Raises `NotFound`."""
        found = next((each for each in self.versions() if each.number == number), None)
        if found is None:
            raise NotFound("registered model version", str(number))
        return found

    def alias(self, name: str) -> Version | None:
        """The version that an alias points at, if any."""
        return next((each for each in self.versions() if name in each.aliases), None)

    def point(self, alias: str, number: int) -> None:
        """The alias points at this version."""
        with _as_our_errors(self.folder):
            self._client.set_registered_model_alias(REGISTERED_MODEL, alias, str(number))

    def unpoint(self, alias: str) -> None:
        """The alias points at nothing."""
        with _as_our_errors(self.folder):
            self._client.delete_registered_model_alias(REGISTERED_MODEL, alias)

    def document(self, run_id: str, path: str) -> bytes:
        """A text kept with a run."""
        with _as_our_errors(self.folder), tempfile.TemporaryDirectory() as place:
            return Path(self._client.download_artifacts(run_id, path, place)).read_bytes()

    def metrics(self, run_id: str) -> dict[str, float]:
        """The metrics of a run."""
        with _as_our_errors(self.folder):
            return dict(self._client.get_run(run_id).data.metrics)

    def _one(self, number: int) -> Version:
        return _version(self._client.get_model_version(REGISTERED_MODEL, str(number)))

    def _experiment(self) -> str:
        found = self._client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        place = (self.folder / "artifacts").as_uri()
        return str(self._client.create_experiment(EXPERIMENT, artifact_location=place))


def _client(uri: str) -> Any:
    """MLflow's client, which takes some three seconds to import and to open."""
    return _mlflow().MlflowClient(tracking_uri=uri, registry_uri=uri)


def _mlflow() -> Any:
    """The library, told to be quiet before it first looks at the environment."""
    for name, value in QUIET.items():
        os.environ[name] = value
    try:
        import mlflow
        import mlflow.exceptions
    except ImportError as error:
        wanted = "MLflow is not installed: pip install 'trellis-learning[training]'"
        raise Unavailable(wanted) from error
    return mlflow


def _version(found: Any) -> Version:
    return Version(
        number=int(found.version),
        run_id=str(found.run_id),
        aliases=tuple(sorted(found.aliases)),
        created_at=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
        tags=dict(found.tags),
    )


@contextmanager
def _as_our_errors(folder: Path) -> Iterator[None]:
    """MLflow's failures as `Unavailable`; its own deprecation warnings kept out of our output."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        failure = _mlflow().exceptions.MlflowException
        try:
            yield
        except failure as error:
            raise Unavailable(f"training records in {folder}: {error}") from error
