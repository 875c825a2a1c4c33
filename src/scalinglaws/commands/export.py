"""The command `export`: the whole catalog as files in a folder."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from scalinglaws.amounts import size
from scalinglaws.commands import DONE
from scalinglaws.commands.printing import plural, print_json

_EXAMPLES = """
examples:
  scalinglaws export --to catalog
  scalinglaws export --to catalog --format csv,json

The folder may be absent, empty, or an earlier export, which is replaced. Parquet needs pyarrow:
pip install 'scalinglaws[dataframes]'
"""


def add_export(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("export", run, "write the whole catalog as files: tables, laws, references, descriptions")
    sub.epilog = _EXAMPLES
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.add_argument("--to", required=True, metavar="DIR", help="the folder")
    sub.add_argument(
        "--format", metavar="csv,parquet,json,jsonl", help="formats of the tables, if not all; the rest comes anyway"
    )
    sub.add_argument(
        "--force", action="store_true", help="write into a folder with other files; those of other names stay"
    )


def run(options: argparse.Namespace) -> int:
    """Export, and say what was written."""
    from scalinglaws.exports.export import export  # noqa: PLC0415 - heavy
    from scalinglaws.exports.tables import FORMATS  # noqa: PLC0415

    asked = options.format.split(",") if options.format is not None else FORMATS
    exported = export(options.to, [each.strip() for each in asked], force=options.force, path=options.database)
    if options.json:
        print_json(exported.as_dict())
        return DONE
    written = f"{plural(len(exported.files), 'file')}, {size(exported.bytes)}"
    print(f"wrote {exported.folder}: edition {exported.edition}, {written}; README.txt says what each is")
    return DONE
