"""The command `mcp`: serves the catalog to assistants over standard input and output."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable

from scalinglaws.commands import DONE, WRONG_CALL
from scalinglaws.commands.printing import print_json, remark
from scalinglaws.extras import MissingPackage, package


def add_mcp(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    command("mcp", run, "serve the catalog to assistants, by the Model Context Protocol over stdin and stdout")


def run(options: argparse.Namespace) -> int:
    """Serve until standard input closes; with `--json` only say what is served."""
    try:
        package("mcp.server", "the server for assistants", "mcp")
    except MissingPackage as error:
        remark(str(error))
        return WRONG_CALL
    from scalinglaws.assistants.server import described, server  # noqa: PLC0415 - heavy, and an extra

    made = server(options.database)
    if options.json:
        print_json(described(made))
        return DONE
    if sys.stdin.isatty():
        remark("waiting for an assistant on standard input: name this command in its configuration; Ctrl-D ends it")
    # The thread that waits for a line cannot be woken, so that Python's own way of stopping would wait for it.
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        made.run("stdio")
    except* BrokenPipeError:
        pass  # The client has gone in the middle of an answer.
    finally:
        signal.signal(signal.SIGINT, previous)
    return DONE
