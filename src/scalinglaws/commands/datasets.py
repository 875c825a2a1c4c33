"""The command `datasets`: which public data there is, what of it is at hand, and how it is told on the terminal."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scalinglaws.commands import DONE, NO_ANSWER
from scalinglaws.commands.printing import WIDTH, bullet, print_json, remark, unit_text

if TYPE_CHECKING:
    from scalinglaws.datasets import Dataset


def add_datasets(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("datasets", run, "list the public data behind published laws, or fetch one dataset")
    sub.add_argument("id", nargs="?", metavar="ID", help="such as chinchilla-svg")
    sub.add_argument("--fetch", action="store_true", help="download its files into the cache and verify them")


def run(options: argparse.Namespace) -> int:
    """List the datasets, or say what is known of one; returns the exit status."""
    from scalinglaws import datasets  # noqa: PLC0415
    from scalinglaws.library import InputError  # noqa: PLC0415

    if options.id is None:
        if options.fetch:
            raise InputError("name the dataset to fetch: scalinglaws datasets ID --fetch")
        _list(datasets.all_datasets(path=options.database), json_wanted=options.json)
        return DONE
    data = datasets.dataset(options.id, path=options.database)
    if options.fetch:
        return _fetch(data, json_wanted=options.json)
    if options.json:
        print_json({**data.document, "at_hand": _places(data)})
    else:
        print(dataset_text(data.document), end="")
        for name, place in data.at_hand().items():
            print(f"  {name}: {place or 'not at hand'}")
    return DONE


def _list(found: list[Dataset], *, json_wanted: bool) -> None:
    rows = [
        {
            "id": each.id,
            "title": each.document["title"],
            "rows": sum(file["rows"] for file in each.document["files"]),
            "files": len(each.files),
            "licence": each.document["licence"]["name"],
            "redistributable": each.document["licence"]["redistributable"],
            "at_hand": sum(place is not None for place in each.at_hand().values()),
        }
        for each in found
    ]
    if json_wanted:
        print_json(rows)
        return
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        print(f"{row['id']:<{width}}  {row['title']}")
        files = f"{row['at_hand']} of {row['files']} files at hand" if row["files"] > 1 else _one(row["at_hand"])
        print(f"{'':<{width}}  {row['rows']:,} rows, licence {row['licence']}, {files}")


def _one(at_hand: int) -> str:
    return "at hand" if at_hand else "not at hand"


def _fetch(data: Dataset, *, json_wanted: bool) -> int:
    """Fetch every file, telling those that cannot be had and going on; 1 if there is one."""
    from scalinglaws.datasets import DatasetError  # noqa: PLC0415

    paths: dict[str, str | None] = {}
    for name in data.files:
        try:
            paths[name] = str(data.fetch(name))
        except DatasetError as error:
            paths[name] = None
            remark(str(error))
    if json_wanted:
        print_json({"id": data.id, "paths": paths})
    else:
        for path in filter(None, paths.values()):
            print(path)
    return DONE if all(paths.values()) else NO_ANSWER


def _places(data: Dataset) -> dict[str, str | None]:
    return {name: _text(place) for name, place in data.at_hand().items()}


def _text(place: Path | None) -> str | None:
    return None if place is None else str(place)


def dataset_text(document: Mapping[str, Any]) -> str:
    """Everything known about a dataset, for the terminal.

    Args:
        document: the dataset's document.
    """
    licence = document["licence"]
    lines = [f"{document['id']}  {document['title']}", *_wrap(document["summary"])]
    note = f" ({licence['note'].removesuffix('.')})" if licence["note"] else ""
    lines += _wrap(f"Licence: {licence['name']}; copies may be passed on: {licence['redistributable']}{note}")
    lines += _wrap(f"Papers: {', '.join(document['papers'])}")
    lines += _wrap(f"Laws: {', '.join(document['laws']) or 'none in the catalog'}")
    lines += _wrap(f"Cite: {document['citation']}")
    lines.append("Files")
    for file in document["files"]:
        what = f", {file['what']}" if file["what"] else ""
        lines.append(f"  {file['name']}: {file['rows']:,} rows{what} [{file['format']}]")
        lines.append(f"    {file['url']}")
        if file["sha256"]:
            lines.append(f"    SHA-256 {file['sha256']}, {file['bytes']:,} bytes")
        if file["derived"]:
            lines += _wrap(f"as CSV, {file['derived']['name']}: {file['derived']['how']}", "    ")
            lines.append(f"    SHA-256 {file['derived']['sha256']}, {file['derived']['bytes']:,} bytes")
    lines.append("Columns")
    every = len(document["files"])
    for column in document["columns"]:
        unit = f" [{unit_text(column['unit'])}]" if column["unit"] else ""
        where = "" if len(column["files"]) == every else f" (in {', '.join(column['files'])})"
        lines += _wrap(f"{column['name']}: {column['meaning']}{unit}{where}")
    lines += ["Rows", *_wrap(document["rows"])]
    pairs = [f"{symbol} is {column}" for symbol, column in document["variables"].items()]
    pairs += [f"{symbol} = {text}" for symbol, text in document["let"].items()]
    lines += _wrap("; ".join(pairs)) if pairs else []
    lines += _wrap(f"Left out: {document['exclusions']}") if document["exclusions"] else []
    if document["caveats"]:
        lines.append("Caveats")
        for text in document["caveats"]:
            lines.append(bullet(text))
    return "\n".join(lines) + "\n"


def _wrap(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, width=WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
