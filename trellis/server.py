"""`trellis serve`: the API and the pages."""

from __future__ import annotations

import argparse
import socket

from engine.errors import InvalidInput

from .output import answer, say
from .words import Subparsers, add_database, add_model_folder, command, settings_of

HOST, PORT = "127.0.0.1", 8000


def add_parser(commands: Subparsers) -> None:
    """Declares the command; its help lists the environment the server reads."""
    from serving.settings import environment_help

    parser = command(
        commands,
        "serve",
        does="serve the API and the pages until interrupted",
        example="trellis serve --port 8000 --workers 2",
        run=run,
    )
    parser.epilog = f"{parser.epilog}\n\nenvironment:\n{environment_help()}"
    parser.add_argument("--host", default=HOST, metavar="H", help="(default %(default)s)")
    parser.add_argument("--port", type=int, default=PORT, metavar="P", help="(default %(default)s)")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes (default %(default)s)"
    )
    add_database(parser)
    add_model_folder(parser)


def run(args: argparse.Namespace) -> int:
    """Serves until interrupted."""
    from serving.collecting import collect_seldom, keep_few_heaps

    keep_few_heaps()
    collect_seldom()  # before the imports: they make most of what there is to search
    from serving.server import serve

    if args.workers < 1:
        raise InvalidInput.at("--workers", args.workers, "1 or more")
    check_port(args.host, args.port)
    say(f"serving on http://{args.host}:{args.port} until Ctrl-C")
    serve(settings_of(args), host=args.host, port=args.port, workers=args.workers)
    answer(args, {"served": f"http://{args.host}:{args.port}"}, "stopped")
    return 0


def check_port(host: str, port: int) -> None:
    """Raises `InvalidInput` where no server could listen: before anything else is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            expected = f"an address and port that are free here ({error})"
            raise InvalidInput.at("--host and --port", f"{host}:{port}", expected) from None
