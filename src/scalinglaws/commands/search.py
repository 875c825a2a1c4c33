"""The command `search`: papers, laws and claims by words and filters."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from scalinglaws.commands import DONE, NO_ANSWER
from scalinglaws.commands.printing import bold, print_json, remark

_SEARCHES = """\
examples:
  scalinglaws search chinchilla                       an id, alias or title comes first
  scalinglaws search MoE loss kind:law                all words, synonyms too; laws only
  scalinglaws search '"learning rate" -cosine'        a phrase, and a word to leave out
  scalinglaws search chinchilla OR kaplan             one of two
  scalinglaws search has:code 'year:>=2023'           filters alone list what they find
  scalinglaws search given:N,D want:L has:interval    laws by their signature

filters; a minus before one leaves out what it finds:
"""


def add_search(command: Callable[..., Any]) -> None:
    """Add the command to the parser."""
    sub = command("search", run, "find papers, laws and claims by words and filters")
    sub.dashed_words = True
    sub.more_help = _fields
    sub.add_argument("words", nargs="+", metavar="WORD", help="a word, '\"a phrase\"', -word, OR, or FIELD:VALUE")
    sub.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (20)")


def _fields() -> str:
    from scalinglaws.finding.query import FIELDS  # noqa: PLC0415

    width = max(len(example) for _, example in FIELDS.values()) + 2
    lines = [f"  {example:<{width}}{meaning}\n" for meaning, example in FIELDS.values()]
    return f"\n{_SEARCHES}{''.join(lines)}"


def run(options: argparse.Namespace) -> int:
    """Search and print what is found."""
    from scalinglaws import library  # noqa: PLC0415
    from scalinglaws.finding import ranking  # noqa: PLC0415

    if options.limit < 1:
        raise library.InputError(f"--limit must be at least 1, not {options.limit}")
    text = " ".join(options.words)
    found = library.search(text, options.limit, path=options.database)
    if options.json:
        print_json(found)
    else:
        for each in found:
            print(f"{each['kind']:<10}{bold(each['id'])}  {each['title'] or each['snippet']}")
    if found:
        return DONE
    meant = ranking.nearest_words(library.connect(options.database), text)
    remark(f"no entry fits this{f'; did you mean {meant}?' if meant else ''}")
    return NO_ANSWER
