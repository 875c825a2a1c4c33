"""The command `check`: what is wrong with records."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from scalinglaws.commands import DONE, NO_ANSWER
from scalinglaws.commands.printing import plural, print_json


def add_check(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("check", run, "check the records, or single files as if they stood in the catalog", reads=False)
    sub.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="record files or a catalog folder")


def run(options: argparse.Namespace) -> int:
    """Check and print every problem."""
    from scalinglaws.catalog import Catalog  # noqa: PLC0415
    from scalinglaws.problems import InvalidRecords, Problem  # noqa: PLC0415
    from scalinglaws.records.files import catalog_root, read_contents  # noqa: PLC0415

    folders = [path for path in options.paths if path.is_dir()]
    contents = read_contents(folders[0] if folders else catalog_root())
    problems: list[Problem] = []
    named: set[str] = set()
    for path in options.paths:
        if path.is_dir():
            continue
        folder = "datasets" if path.parent.name == "datasets" else "papers"
        name = path.name if path.name in contents else f"{folder}/{path.name}"
        named.add(name)
        try:
            contents[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), "", f"cannot be read: {error}", "name a record file in UTF-8"))
    try:
        catalog = Catalog.from_contents(contents)
        count = f"{plural(len(catalog.papers), 'paper')}, {plural(sum(1 for _ in catalog.laws()), 'law')}"
    except InvalidRecords as error:
        problems += [each for each in error.problems if not named or folders or each.file in named]
        others = len(error.problems) - len([each for each in error.problems if each in problems])
        count = f"the other files have {plural(others, 'problem')} of their own" if others else ""
    if options.json:
        print_json({"valid": not problems, "problems": [each.as_dict() for each in problems]})
    else:
        for each in problems:
            print(each)
        summary = f"{plural(len(problems), 'problem')} found" if problems else "no problems found"
        print(f"{summary}{f' ({count})' if count else ''}", file=sys.stderr if problems else sys.stdout)
    return NO_ANSWER if problems else DONE
