"""The command `build`: the database from the records."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from scalinglaws.commands import DONE
from scalinglaws.commands.printing import plural, print_json


def add_build(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("build", run, "build the database from the records", reads=False)
    sub.add_argument(
        "--database-url",
        metavar="URL",
        help="sqlite:///PATH, or postgresql+psycopg://USER@HOST/DATABASE, whose schema scalinglaws is replaced whole "
        "(password: PGPASSWORD, ~/.pgpass or in the URL); the checkout's build/catalog.sqlite by default",
    )
    sub.add_argument("--out", type=Path, metavar="DIR", help="folder for catalog.sqlite")


def run(options: argparse.Namespace) -> int:
    """Build and say what is in it."""
    from scalinglaws.catalog import Catalog  # noqa: PLC0415
    from scalinglaws.database.build import build_database  # noqa: PLC0415
    from scalinglaws.library import InputError, located  # noqa: PLC0415
    from scalinglaws.records.files import checkout_root  # noqa: PLC0415

    if options.database_url and options.out:
        raise InputError("give --database-url or --out, not both")
    place: Path | str
    if options.database_url:
        place = located(options.database_url)
    else:
        place = (options.out or (checkout_root() or Path.cwd()) / "build") / "catalog.sqlite"
    catalog = Catalog.load()
    if isinstance(place, Path):
        build_database(catalog, place)
    else:
        from scalinglaws.database.server_build import build_server  # noqa: PLC0415

        place = build_server(catalog, place)
    summary = {
        "database": str(place),
        "papers": len(catalog.papers),
        "laws": sum(1 for _ in catalog.laws()),
        "records_sha256": catalog.hash,
    }
    if options.json:
        print_json(summary)
    else:
        print(f"built {place}: {plural(len(catalog.papers), 'paper')}, {plural(sum(1 for _ in catalog.laws()), 'law')}")
    return DONE
