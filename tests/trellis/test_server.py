"""`trellis serve`: a real process on a loopback port."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

LONGEST_WAIT = 60


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port, path):
    """The status and body of a path, once the server answers at all."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as found:
                return found.status, found.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server never answered")


def test_it_serves_until_interrupted(bundle, port, tmp_path):
    words = ["serve", "--port", str(port), "--model-dir", str(bundle)]
    words += ["--database", f"sqlite:///{tmp_path}/s.db"]
    command = [sys.executable, "-m", "trellis.main", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        status, body = answer(port, "/healthz")
        assert status == 200
        assert json.loads(body)
        assert answer(port, "/openapi.json")[0] == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=LONGEST_WAIT) in (0, 130)
        assert b"Traceback" not in server.stderr.read()


def test_a_port_that_is_taken_is_named_at_once(trellis, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        ran = trellis("serve", "--port", port)
    assert ran.status == 2
    assert str(port) in ran.err


@pytest.mark.parametrize(
    ("words", "named"),
    [(["--port", "99999"], "99999"), (["--port", "http"], "http"), (["--workers", "0"], "workers")],
)
def test_bad_words_are_named(trellis, words, named):
    ran = trellis("serve", *words)
    assert ran.status == 2
    assert named in ran.err


def test_help_lists_the_environment(trellis):
    shown = trellis("serve", "--help").out
    assert "TRELLIS_DATABASE_URL" in shown
    assert "TRELLIS_MODEL_DIR" in shown
