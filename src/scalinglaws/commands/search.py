"""The command `search`: papers, laws and claims by words."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from scalinglaws.commands.printing import bold, found_any, print_json


def add_search(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("search", run, "find papers, laws and claims by words")
    sub.add_argument("words", nargs="+", metavar="WORD")
    sub.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (20)")


def run(options: argparse.Namespace) -> int:
    """Search and print what is found."""
    from scalinglaws import library  # noqa: PLC0415

    if options.limit < 1:
        raise library.InputError(f"--limit must be at least 1, not {options.limit}")
    found = library.search(" ".join(options.words), options.limit, path=options.database)
    if options.json:
        print_json(found)
    else:
        for each in found:
            print(f"{each['kind']:<9}{bold(each['id'])}  {each['title'] or each['snippet']}")
    return found_any(found, "entry")
