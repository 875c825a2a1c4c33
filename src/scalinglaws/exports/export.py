"""The whole catalog as files: tables in several formats, documents, references, and descriptions of it all."""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scalinglaws.database.access import FileReader
from scalinglaws.database.named_queries import NamedQuery
from scalinglaws.database.schema import read_schema
from scalinglaws.exports.bibliography import csl_items
from scalinglaws.exports.datasette import datasette_metadata
from scalinglaws.exports.files import MARK, README, SUMS, ExportFile, Writer, whole_folder
from scalinglaws.exports.metadata import LICENCE_URL, croissant, data_package, pretty
from scalinglaws.exports.tables import FORMATS, parquet_writer, read_rows
from scalinglaws.library import InputError, connect, queries
from scalinglaws.progress import told
from scalinglaws.records.reading import Reference, read_references

_JSON = "application/json"
#: What the files are that hold no table.
_WHAT = {
    "catalog.sqlite": "Everything, as an SQLite database; its table doc explains every table, column and code.",
    "datasette.json": "Titles, meanings and named queries for Datasette: datasette catalog.sqlite -m datasette.json",
    "laws.json": "Every law with its formula, fits and sources, in one list.",
    "laws.jsonl": "The same documents of laws, one a line.",
    "references.bib": "Bibliographic facts of every work named, in BibTeX.",
    "references.csl.json": "The same references as CSL-JSON, which citation managers and pandoc read.",
    "datapackage.json": "The CSV files as a Frictionless data package: types, meanings and keys of columns, sources.",
    "croissant.json": "All files, and the columns of every table, in Croissant, which tools for machine learning read.",
    README: "What each file is, the licence, how to cite.",
    SUMS: f"SHA-256 of all other files: sha256sum -c {SUMS}",
}


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Attributes:
        folder: where it is.
        edition: of the catalog.
        formats: in which the tables are.
        files: all of them.
    """

    folder: Path
    edition: str
    formats: tuple[str, ...]
    files: tuple[ExportFile, ...]

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(each.bytes for each in self.files)

    def as_dict(self) -> dict[str, Any]:
        """The export as `export --json` prints it."""
        return {**dataclasses.asdict(self), "folder": str(self.folder), "bytes": self.bytes}


def export(
    to: str | os.PathLike[str],
    formats: Iterable[str] = tuple(FORMATS),
    *,
    named: Mapping[str, NamedQuery] | None = None,
    force: bool = False,
    path: str | os.PathLike[str] | None = None,
) -> Exported:
    """Write the catalog to a folder, whole or not at all. The same records give the same bytes.

    Args:
        to: the folder: absent, empty, or an export, which is replaced.
        formats: of the tables: `csv`, `parquet`, `json`, `jsonl`. With `csv` comes `datapackage.json`; with `csv` or
            `parquet` comes `croissant.json`.
        named: the named queries, for Datasette; by default those of the records in use.
        force: write also into a folder with other files, which stay unless they have the same names.
        path: a database file, if not the default one.

    Raises:
        InputError: for an unknown format, a folder that holds something else, or a server in place of a file.
        MissingPackage: for Parquet without pyarrow.
    """
    formats = tuple(dict.fromkeys(formats))
    unknown = [each for each in formats if each not in FORMATS]
    if unknown or not formats:
        raise InputError(f"tables are written as {', '.join(FORMATS)}, not '{', '.join(unknown)}'")
    if "parquet" in formats:
        parquet_writer()
    connection = connect(path)
    if not isinstance(connection, FileReader):
        raise InputError("a database file is exported, no server; name one: --database PATH, or path= in Python")
    material = _Material(connection)
    folder = Path(to).expanduser().resolve()
    with whole_folder(folder, force=force) as writer:
        _add_documents(writer, material)
        shown = datasette_metadata(material.info, material.schema, queries() if named is None else named)
        _add(writer, "datasette.json", shown, _JSON)
        _add_tables(writer, material, formats)
        _add_descriptions(writer, material)
        _add(writer, README, _readme(material.info, writer.files, formats), "text/plain")
        sums = "".join(f"{each.sha256}  {each.name}\n" for each in sorted(writer.files, key=lambda each: each.name))
        _add(writer, SUMS, sums, "text/plain")
    return Exported(folder, material.info["edition"], formats, tuple(writer.files))


class _Material:
    """What an export is made from: the database, and what is read out of it once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.info: dict[str, str] = dict(connection.execute("SELECT key, value FROM info"))
        self.schema = read_schema(connection)
        self.tables = [each for each in self.schema if each.kind == "table"]
        self.bibtex = "\n".join(each for (each,) in connection.execute("SELECT bibtex FROM paper ORDER BY key"))
        self.references, _ = read_references("references.bib", self.bibtex)

    @property
    def database(self) -> Path:
        """The file of the database."""
        found = self.connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
        return Path(found[0])

    def recorded(self) -> list[Reference]:
        """The works that have a record."""
        keys = self.connection.execute("SELECT key FROM paper WHERE recorded ORDER BY key")
        return [self.references[key] for (key,) in keys]


def _add(writer: Writer, name: str, content: str | bytes, media_type: str) -> None:
    writer.add(name, content.encode() if isinstance(content, str) else content, media_type, _WHAT[name])


def _add_documents(writer: Writer, material: _Material) -> None:
    _add(writer, "catalog.sqlite", material.database.read_bytes(), "application/vnd.sqlite3")
    found = material.connection.execute("SELECT content FROM document WHERE kind = 'law' ORDER BY id").fetchall()
    laws = [content for (content,) in found]
    _add(writer, "laws.json", pretty([json.loads(each) for each in laws]), _JSON)
    _add(writer, "laws.jsonl", "".join(f"{each}\n" for each in laws), "application/jsonl")
    _add(writer, "references.bib", material.bibtex, "application/x-bibtex")
    items = pretty(csl_items(material.references.values()))
    _add(writer, "references.csl.json", items, "application/vnd.citationstyles.csl+json")


def _add_tables(writer: Writer, material: _Material, formats: Sequence[str]) -> None:
    for table in told(material.tables, "tables written", len(material.tables)):
        rows = read_rows(material.connection, table)
        for name in formats:
            form = FORMATS[name]
            content = form.write(table, rows, material.info)
            writer.add(f"{name}/{table.name}.{name}", content, form.media_type, table.meaning, table.name, len(rows))


def _add_descriptions(writer: Writer, material: _Material) -> None:
    files = list(writer.files)

    def of_tables(form: str) -> dict[str, ExportFile]:
        return {str(each.table): each for each in files if each.name.startswith(f"{form}/")}

    csv, parquet = of_tables("csv"), of_tables("parquet")
    if csv:
        package = data_package(material.info, material.tables, csv, material.recorded())
        _add(writer, "datapackage.json", package, _JSON)
    # From CSV, Croissant's reader takes an arXiv number for a fraction; Parquet keeps types.
    if sources := parquet or csv:
        described = croissant(material.info, material.tables, files, sources)
        _add(writer, "croissant.json", described, "application/ld+json")


def _readme(info: Mapping[str, str], files: Sequence[ExportFile], formats: Sequence[str]) -> str:
    whole = [(each.name, each.what) for each in files if each.table is None]
    whole += [(f"{name}/", f"Every table as {FORMATS[name].title}.") for name in formats]
    whole.append((SUMS, _WHAT[SUMS]))
    tables = {each.table: each for each in files if each.table is not None}
    parts = [
        f"{MARK}, edition {info['edition']} of {info['edition_date']}",
        "",
        "Files",
        "",
        *(f"  {name:<20}  {what}" for name, what in whole),
        "",
        "Tables, with the number of their rows",
        "",
        *(f"  {name:<20}  {each.rows:>5}  {each.what}" for name, each in tables.items()),
        "",
        "The table doc explains every column. Rows stand in the order of their table's key.",
        "In CSV, nothing stands for no value, and in the key of a table for an empty text.",
        "",
        f"Records: SHA-256 {info['records_sha256']}",
        f"Licence: {info['licence']}, {LICENCE_URL}",
        f"Cite: {info['citation']}",
        "For a single number, cite its id, the value hash of its fit (values_sha256 in the table fit), and the paper",
        "that it comes from.",
    ]
    return "\n".join(parts) + "\n"
