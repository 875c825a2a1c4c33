"""Benchmarks of loading: many laws into SQLite as the catalog's database is built, against plain SQLAlchemy."""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, insert
from sqlmodel import SQLModel

from scalinglaws.database.build import definitions, insert_rows, write_file
from scalinglaws.database.rows import Row, validated
from scalinglaws.database.tables import Law, Paper, Table

LAWS = 100_000
REPEATS = 3
MOST = 1.5


def records(count: int) -> Iterator[tuple[type[Table], Row]]:
    """One paper and its made-up laws, as the catalog gives rows to check."""
    yield Paper, {
        "key": "made2024", "label": "Made up (2024)", "title": "Many laws", "recorded": True, "surveyed": False,
        "bibtex": "@misc{made2024}",
    }  # fmt: skip
    law = {
        "paper": "made2024", "name": "Loss in parameters and tokens", "kind": "formula",
        "summary": "The loss falls as a power of parameters and of tokens towards a floor. " * 2,
        "expression": "E + A/N**alpha + B/D**beta", "implicit": False, "output_symbol": "L",
        "latex": r"L = E + \frac{A}{N^{\alpha}} + \frac{B}{D^{\beta}}", "output_meaning": "test loss",
        "output_quantity": "nat/token", "output_scale": 1.0, "direction": "lower", "rung": "coefficients",
        "source_paper": "made2024", "source_where": "Table 1", "basis": "paper", "confidence": "high",
    }  # fmt: skip
    for number in range(count):
        yield Law, {**law, "id": f"made2024/law-{number}", "slug": f"law-{number}"}


def checked(count: int) -> dict[type[Table], list[Row]]:
    """Those rows, each checked by its table's model."""
    rows: dict[type[Table], list[Row]] = {Paper: [], Law: []}
    for table, values in records(count):
        rows[table].append(validated(table, values))
    return rows


def as_built(path: Path, rows: dict[type[Table], list[Row]]) -> None:
    """Load rows as the catalog's database is built: every table and index, foreign keys enforced, compacted."""

    def fill(connection: Connection) -> None:
        for each in definitions(SQLModel.metadata):
            connection.execute(each)
        insert_rows(connection, rows)

    write_file(path, fill)


def plainly(path: Path, rows: dict[type[Table], list[Row]]) -> None:
    """Load the same rows into the same tables with nothing but SQLAlchemy."""
    engine = create_engine(f"sqlite:///{path}")
    tables = SQLModel.metadata.tables
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        for name, each in (("paper", rows[Paper]), ("law", rows[Law])):
            connection.execute(insert(tables[name]), each)
    engine.dispose()


def seconds(run: Callable[[Path], Any], path: Path) -> float:
    """How long one run into a file of its own takes."""
    started = time.perf_counter()
    run(path)
    taken = time.perf_counter() - started
    path.unlink()
    return taken


def peak(count: int, path: Path) -> float:
    """The most memory that Python holds while so many laws are checked and loaded, in MB."""
    tracemalloc.start()
    as_built(path, checked(count))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    path.unlink()
    return most / 1e6


def loading(count: int = LAWS) -> float:
    """Print lines of the table of benchmarks; returns the ratio of the build's loading to plain SQLAlchemy's."""
    started = time.perf_counter()
    rows = checked(count)
    print(f"{f'checking {count:,} laws, s':<44}{time.perf_counter() - started:>12.2f}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "laws.sqlite"
        # In turn, so that both meet the same machine.
        times = [
            (seconds(partial(as_built, rows=rows), path), seconds(partial(plainly, rows=rows), path))
            for _ in range(REPEATS)
        ]
        ours, reference = min(each[0] for each in times), min(each[1] for each in times)
        what = f"loading them, s (SQLAlchemy; at most {MOST})"
        print(f"{what:<44}{ours:>12.2f}{reference:>12.2f}{ours / reference:>8.3f}")
        rows.clear()
        small, large = peak(count // 10, path), peak(count, path)
        what = f"checking and loading, MB ({count // 10:,} laws)"
        print(f"{what:<44}{large:>12.1f}{small:>12.1f}{large / small:>8.2f}")
    return ours / reference


if __name__ == "__main__":
    sys.exit(loading() > MOST)
