"""The command `query`: a SELECT of the user's or a named one, its rows in four formats."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable

from scalinglaws.commands import DONE
from scalinglaws.commands.inputs import pairs
from scalinglaws.commands.printing import bold, print_json, print_rows, remark, wrap


def add_query(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("query", run, "run one SELECT over the survey database")
    sub.add_argument("statement", nargs="?", metavar="SQL", help="the SELECT; - reads it from standard input")
    sub.add_argument("inputs", nargs="*", metavar="NAME=VALUE", help="values for :name in it, or of a named query")
    sub.add_argument("--name", metavar="NAME", help="run this named query instead, such as disputed-fits")
    sub.add_argument("--list", action="store_true", help="list the named queries")
    sub.add_argument("--format", choices=("table", "csv", "json", "markdown"), help="how to print the rows")
    sub.add_argument("--limit", type=int, default=None, metavar="N", help="print at most so many rows")


def run(options: argparse.Namespace) -> int:
    """Run the statement and print its rows."""
    from scalinglaws import library  # noqa: PLC0415
    from scalinglaws.database import access  # noqa: PLC0415
    from scalinglaws.database.named_queries import number_or_text  # noqa: PLC0415

    if options.name is not None and "=" in (options.statement or "").partition(" ")[0]:
        # With a query named, what stands first is a value for it.
        options.statement, options.inputs = None, [options.statement, *options.inputs]
    asked = [each for each in (options.statement, options.name, options.list or None) if each is not None]
    if len(asked) != 1:
        raise library.InputError("give a SELECT, or --name NAME, or --list: one of them")
    if options.limit is not None and options.limit < 1:
        raise library.InputError(f"--limit must be at least 1, not {options.limit}")
    limit = options.limit if options.limit is not None else access.MAX_ROWS
    style = options.format or ("json" if options.json else "table")
    if options.list:
        return _list_queries(style, limit)
    statement = sys.stdin.read() if options.statement == "-" else options.statement
    given = pairs(options.inputs, "value", "NAME=VALUE, as in since=2022")
    values = given if statement is None else {name: number_or_text(text) for name, text in given.items()}
    sql, bound = library.asked_query(statement, (), options.name, values)
    rows = access.run_query(library.connect(options.database), sql, bound, max_rows=min(limit, access.MAX_ROWS))
    print_rows(rows, style)
    if rows.truncated:
        remark(f"only the first {len(rows)} rows are shown")
    return DONE


def _list_queries(style: str, limit: int) -> int:
    from scalinglaws import library  # noqa: PLC0415
    from scalinglaws.database import access  # noqa: PLC0415

    queries = list(library.queries().values())
    if style == "table":
        for each in queries[:limit]:
            print(f"{bold(each.name)}  {each.title}\n{wrap(each.answers, '    ')}")
            for parameter in each.parameters:
                print(wrap(str(parameter), "      "))
    elif style == "json":
        print_json([dataclasses.asdict(each) for each in queries[:limit]])
    else:
        listed = tuple(
            (each.name, each.title, each.answers, "; ".join(map(str, each.parameters))) for each in queries[:limit]
        )
        print_rows(access.Rows(("name", "title", "answers", "parameters"), listed), style)
    if len(queries) > limit:
        remark(f"only the first {limit} queries are shown")
    return DONE
