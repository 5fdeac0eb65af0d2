"""What an installation gets: built as pip would, then looked into and run on its own."""

import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib.metadata import distributions
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
FOLDERS = {"engine", "models", "data", "training", "serving", "trellis"}
DISTRIBUTION = "trellis-learning"
LEFT_BEHIND = {".pyc", ".nbi", ".nbc"}
NOT_FOR_SERVING = {"torch", "pyro", "mlflow"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    [built] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.fixture(scope="module")
def metadata(wheel):
    [found] = wheel.glob("*.dist-info/METADATA")
    return Parser().parsestr(found.read_text(encoding="utf-8"))


def files_below(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in LEFT_BEHIND
    }


def requirements(metadata, extra):
    """The libraries that an extra brings; those of every installation for the empty one."""
    lines = metadata.get_all("Requires-Dist")
    mine = [line for line in lines if (f"'{extra}'" in line if extra else "extra" not in line)]
    return {re.split(r"[^\w-]", line)[0] for line in mine}


def test_the_wheel_holds_our_folders_and_nothing_else(wheel):
    names = {path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")}
    assert names == FOLDERS


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_every_file_of_a_folder_is_in_the_wheel(wheel, folder):
    """Templates, styles, migrations and tables too: a page without them fails only when asked."""
    assert files_below(wheel / folder) == files_below(ROOT / folder)


def test_what_is_no_code_is_there_to_be_missed(wheel):
    kinds = {path.suffix for path in wheel.rglob("*") if path.is_file()}
    assert {".html", ".css", ".toml"} <= kinds
    assert list(wheel.glob("data/store/migrations/**/*.py"))


def test_no_other_distribution_ships_our_names():
    wrong = [
        f"{found.name} ships {name}"
        for found in distributions()
        if found.name != DISTRIBUTION
        for name in {str(file).split("/")[0].removesuffix(".py") for file in found.files or ()}
        if name in FOLDERS
    ]
    assert not wrong, wrong


def test_the_licence_and_the_command_are_declared(wheel, metadata):
    assert metadata["License-Expression"] == "Apache-2.0"
    assert list(wheel.glob("*.dist-info/licenses/LICENSE"))
    [commands] = wheel.glob("*.dist-info/entry_points.txt")
    assert "trellis = trellis.main:main" in commands.read_text()


def test_serving_asks_for_neither_torch_nor_mlflow(metadata):
    asked = requirements(metadata, "") | requirements(metadata, "serving")
    assert {"fastapi", "numba", "sqlalchemy"} <= asked
    assert not asked & {"torch", "pyro-ppl", "mlflow", "scipy", "scikit-learn"}
    assert {"torch", "mlflow"} <= requirements(metadata, "training")


def test_torch_is_pinned_to_one_minor_version(metadata):
    lines = [line for line in metadata.get_all("Requires-Dist") if line.startswith("torch")]
    assert lines
    assert all(re.match(r"torch==\d+\.\d+\.\*", line) for line in lines), lines


def run_without(blocked, wheel, code):
    """Runs code on the unpacked wheel, in a process where some libraries cannot be imported."""
    start = f"import sys; sys.path.insert(0, {str(wheel)!r})\n"
    start += "".join(f"sys.modules[{name!r}] = None\n" for name in blocked)
    return subprocess.run(
        [sys.executable, "-c", start + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=wheel,
    )


def test_the_wheel_serves_where_torch_and_mlflow_are_not_installed(wheel, tmp_path):
    code = f"""
import serving, serving.app, serving.server, trellis.main
from pathlib import Path
from serving.settings import Settings
from starlette.testclient import TestClient
folder = Path({str(tmp_path)!r})
settings = Settings(database_url=f"sqlite:///{{folder}}/s.db", model_dir=folder / "model")
with TestClient(serving.app.create_app(settings)) as client:
    print(serving.__file__)
    print(client.get("/healthz").status_code, client.get("/docs").status_code)
    print(client.get("/", headers={{"Accept": "text/html"}}).status_code)
"""
    done = run_without(NOT_FOR_SERVING, wheel, code)
    assert done.returncode == 0, done.stderr
    place, api, page = done.stdout.splitlines()
    assert Path(place).is_relative_to(wheel)
    assert api == "200 200"
    assert page == "401"


def test_the_wheel_fits_and_traces_where_nothing_of_serving_is_installed(wheel, tmp_path):
    (tmp_path / "e.csv").write_text("student,skill,correct\nana,ratio,1\nana,ratio,0\n")
    code = f"""
from trellis.main import main
folder = {str(tmp_path)!r}
assert main(["fit", folder + "/e.csv", "--out", folder + "/bundle"]) == 0
assert main(["trace", folder + "/bundle", folder + "/e.csv", "--out", folder + "/t.parquet"]) == 0
"""
    done = run_without({"fastapi", "starlette", "uvicorn", "jinja2", "sqlalchemy"}, wheel, code)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "t.parquet").exists()
