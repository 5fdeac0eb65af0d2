"""The entrance: help for everyone, exit statuses that scripts can rely on."""

import json
import os
import signal
import subprocess
import sys

import pytest

from trellis.main import COMMANDS, main, parser

COMMAND_LINES = [
    *[[name] for name in COMMANDS if name not in ("import", "models", "key", "user")],
    *[["import", kind] for kind in ("events", "roster", "skills", "activities")],
    *[["models", action] for action in ("list", "promote", "rollback")],
    ["key", "create"],
    *[["user", action] for action in ("create", "disable")],
]


def ran(*words, **settings):
    command = [sys.executable, "-m", "trellis.main", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **settings)


@pytest.mark.parametrize("words", COMMAND_LINES, ids=" ".join)
def test_every_command_explains_itself_with_an_example(words, capsys):
    assert main([*words, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "example:\n  trellis " + " ".join(words) in shown
    assert "--json" in shown


def test_help_lists_every_command():
    shown = parser().format_help()
    assert all(f"\n    {name}" in shown for name in COMMANDS)


def test_help_needs_none_of_the_heavy_libraries():
    code = (
        "import sys; from trellis.main import main; main(['--help']); "
        "print({'torch', 'mlflow', 'pandas', 'numba', 'fastapi'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_an_unknown_command_is_the_callers_fault(capsys):
    assert main(["teach"]) == 2
    assert "teach" in capsys.readouterr().err


def test_an_unknown_option_is_answered_with_those_of_its_command(capsys):
    assert main(["models", "list", "--tenant", "t"]) == 2
    told = capsys.readouterr().err
    assert "usage: trellis models list" in told
    assert "unrecognized arguments: --tenant t" in told


def test_the_caller_is_told_in_one_line_and_gets_a_traceback_only_on_request(trellis, events):
    plain = trellis("fit", events, "--model", "oracle", "--out", "bundle")
    assert plain.status == 2
    assert plain.err.splitlines()[-1].startswith("error: model: got 'oracle'")
    assert "Traceback" not in plain.err
    debug = trellis("fit", events, "--model", "oracle", "--out", "bundle", "--debug")
    assert debug.status == 2
    assert "Traceback" in debug.err


def test_what_is_not_the_callers_fault_exits_with_1(trellis, bundle):
    (bundle / "bundle.json").chmod(0)
    unreadable = trellis("params", bundle)
    if os.geteuid() != 0:  # root may read everything
        assert unreadable.status == 1
        assert "PermissionError" in unreadable.err
    gone = trellis(
        "key", "create", "--tenant", "t", "--role", "admin", "--database", "sqlite:////proc/x/y.db"
    )
    assert gone.status in (1, 2)
    assert gone.err.startswith("error: ")


def test_a_real_process_answers_with_its_exit_status(events):
    done = ran("fit", events, "--out", events.parent / "bundle", "--json")
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert ran("params", events.parent / "nowhere").returncode == 2


def test_a_reader_that_had_enough_is_no_error(bundle):
    command = f"{sys.executable} -m trellis.main params {bundle} --csv | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 141)
    assert done.stderr == ""


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "2>/dev/full"])
def test_the_work_is_done_though_nobody_listens(events, closed):
    words = f"-m trellis.main fit {events} --out {events.parent / 'bundle'}"
    done = subprocess.run(["sh", "-c", f"{sys.executable} {words} {closed}"], check=False)
    assert done.returncode == 0
    assert (events.parent / "bundle" / "bundle.json").exists()


def test_any_id_can_be_printed_whatever_the_locale(trellis, tmp_path):
    (tmp_path / "events.csv").write_text("student,skill,correct\nZoë,数学,1\n", encoding="utf-8")
    assert trellis("fit", "events.csv", "--out", "bundle").status == 0
    settings = {"env": {**os.environ, "PYTHONIOENCODING": "ascii"}, "encoding": "utf-8"}
    done = ran("params", tmp_path / "bundle", "--json", **settings)
    assert json.loads(done.stdout)["skills"][0]["skill"] == "数学"


def test_an_interrupted_command_says_so(tmp_path):
    fifo = tmp_path / "events.csv"
    os.mkfifo(fifo)
    command = [sys.executable, "-m", "trellis.main", "fit", str(fifo), "--out", str(tmp_path / "b")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        with open(fifo, "w", encoding="utf-8") as writer:  # opens once the command reads
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            del writer
        assert process.returncode == 130
        assert "interrupted" in process.stderr.read()
    assert not (tmp_path / "b").exists()
