"""The commands `papers` and `laws`: lists by the same filters."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from scalinglaws.commands.printing import bold, found_any, plural, print_json


def add_lists(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands to the parser."""
    for name, run, text in (("papers", _papers, "list papers"), ("laws", _laws, "list laws")):
        sub = command(name, run, text)
        sub.add_argument("--question", metavar="RQ1", help="that bear on this research question")
        sub.add_argument("--topic", metavar="TOPIC", help="of this topic or one beneath it")
        sub.add_argument(
            "--given", metavar="N,D", default="", help="whose law takes these, by symbol or meaning (parameters,tokens)"
        )
        sub.add_argument("--want", metavar="L", help="whose law gives this, or can be solved for it")
        sub.add_argument("--has", choices=("code", "data", "interval", "reproduction"), help="that have this")


def _filters(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "question": options.question,
        "topic": options.topic,
        "given": [name.strip() for name in options.given.split(",") if name.strip()],
        "want": options.want,
        "has": options.has,
        "path": options.database,
    }


def _papers(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    found = library.papers(**_filters(options))
    if options.json:
        print_json(found)
    else:
        for each in found:
            print(f"{bold(each['key'])}  {each['label']}  {each['title']}  [{plural(each['laws'], 'law')}]")
    return found_any(found, "paper")


def _laws(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    found = library.laws(**_filters(options))
    if options.json:
        print_json(found)
    else:
        for each in found:
            print(f"{bold(each['id'])}  {each['name']}")
            takes = f" of {each['variables']}" if each["variables"] else ""
            print(
                f"    {each['output']}{takes}: {each['expression'] or 'a procedure'}  [{plural(each['fits'], 'fit')}]"
            )
            how = _signature(each["signature"]) if "signature" in each else ""
            if how:
                print(f"    {how}")
    return found_any(found, "law")


def _signature(way: dict[str, Any]) -> str:
    """How a law fits what is given and wanted."""
    parts = [f"solved for {way['gives']}"] if way["solved"] else []
    parts += [f"{symbol} for {text}" for text, symbol in way["given"].items() if symbol != text]
    if way["also_takes"] and way["match"]:
        parts.append(f"also takes {', '.join(way['also_takes'])}")
    if way["match"] == "fewer":
        parts.append(f"needs only {', '.join(way['given'].values())}")
    return "; ".join(parts)
