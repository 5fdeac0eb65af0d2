"""The `trellis` command: reads the words, hands them to one command, and answers for its errors."""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from engine.errors import Conflict, InvalidInput, NotFound, TrellisError

from .output import forget, say

COMMANDS = {
    "fit": "fitting",
    "trace": "tracing",
    "evaluate": "evaluating",
    "params": "parameters",
    "import": "importing",
    "train": "train",
    "prerequisites": "prerequisites",
    "models": "registry",
    "serve": "server",
    "key": "keys",
    "user": "users",
    "audit": "audit",
    "backup": "backups",
    "restore": "restoring",
    "verify": "verifying",
    "outcomes": "outcomes",
    "replay": "replaying",
    "demo": "demo",
    "simulate": "simulating",
    "bench": "bench",
    "load": "load",
}
"""Each command and the module of this folder that holds it, in the order `--help` shows them."""

DONE = 0
SOMETHING_ELSE = 1
CALLERS_FAULT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
FAULTS_OF_CALLER = (InvalidInput, NotFound, Conflict)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status: 0 done, 2 the input's fault, 1 anything else.

    >>> main(["fit", "no-such-file.csv", "--out", "bundle"])
    2
    """
    _ready_streams()
    try:
        args, unknown = parser().parse_known_args(argv)
        if unknown:  # the command's own usage says what it takes
            args.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    except SystemExit as leaving:  # argparse has said why, or printed its help
        return leaving.code if isinstance(leaving.code, int) else CALLERS_FAULT
    return _answer_for(args)


def parser() -> argparse.ArgumentParser:
    """The whole command line, every command with its help and an example."""
    found = argparse.ArgumentParser(
        prog="trellis",
        description="Trellis, an adaptive learning engine: events in, mastery and next steps out.",
        epilog="Each command shows a worked example: trellis COMMAND --help",
    )
    commands = found.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in COMMANDS.values():
        import_module(f"trellis.{module}").add_parser(commands)
    return found


def _ready_streams() -> None:
    """Whatever the shell closed swallows what is said; what is open speaks UTF-8.

    An id or a file's name may hold what the locale's encoding cannot. Half a character in a file's
    name is escaped as JSON would, so that a result line stays one.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  for good
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _answer_for(args: argparse.Namespace) -> int:
    """Runs the command; whatever goes wrong becomes a clear line and an exit status."""
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except FAULTS_OF_CALLER as error:
        return _explained(args, error, CALLERS_FAULT)
    except TrellisError as error:
        return _explained(args, error, SOMETHING_ELSE)
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader had enough, as in `trellis params … | head`
        forget(sys.stdout)
        return DONE
    except Exception as error:  # noqa: BLE001  the outermost frame: nothing above could answer
        return _explained(args, error, SOMETHING_ELSE)
    return status


def _explained(args: argparse.Namespace, error: Exception, status: int) -> int:
    if args.debug:
        traceback.print_exception(error, file=sys.stderr)
    elif isinstance(error, TrellisError):
        say(f"error: {error}")
    else:
        say(f"error: {type(error).__name__}: {error} (--debug shows where)")
    return status


if __name__ == "__main__":
    sys.exit(main())
