"""Times searches over the real catalog, and over one with a hundred thousand synthetic laws beside it."""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from scalinglaws.catalog import Catalog
from scalinglaws.database import tables
from scalinglaws.database.access import FileReader, open_database
from scalinglaws.database.build import build_database, index_entries, insert_rows
from scalinglaws.database.entries import ID, SYMBOL, entry
from scalinglaws.database.tables import Table
from scalinglaws.finding.ranking import search

LAWS = 100_000
REPEATS = 30
#: One search of each kind.
SEARCHES = (
    "chinchilla",
    "alpha",
    "loss",
    "scaling law mixture of experts",
    '"learning rate" -cosine',
    "chinchilla OR kaplan",
    "has:code kind:law rung:refit..",
    "author:hoffmann year:2020..2023",
    "topic:model.pretraining loss",
    "basis:recalled",
    "given:C,U want:D",
    "given:N,D want:L",
)
WORDS, WORDS_EACH = 20_000, 60
Row = dict[str, Any]
#: What all synthetic laws share.
LAW: Row = {
    "kind": "formula",
    "expression": "E + A/N**alpha + B/D**beta",
    "implicit": False,
    "output_symbol": "L",
    "output_meaning": "loss",
    "output_quantity": "nat/token",
    "output_scale": 1.0,
    "direction": "lower",
    "rung": "equation",
    "source_where": "nowhere",
    "basis": "recalled",
    "confidence": "low",
}


def word(number: int) -> str:
    """A made-up word, the same for the same number."""
    syllables = ["ba", "co", "du", "fe", "gi", "ha", "jo", "ku", "le", "mi", "no", "pu", "ra", "se", "ti", "vo"]
    return "".join(syllables[number >> shift & 15] for shift in (0, 4, 8, 12))


def synthetic(paper: str, first: int, count: int) -> Iterator[tuple[type[Table], Row]]:
    """Laws with two variables each, whose entries hold words of very different frequency.

    Args:
        paper: key of the paper that they belong to.
        first: number of the first entry.
        count: how many.
    """
    rng = random.Random(0)  # noqa: S311 - no secrets
    weights = [1 / (rank + 1) for rank in range(WORDS)]
    text = iter(rng.choices(range(WORDS), weights, k=count * WORDS_EACH))
    for number in range(first, first + count):
        words = [word(next(text)) for _ in range(WORDS_EACH)]
        slug = f"law-{number}"
        law: Row = {"id": f"{paper}/{slug}", "paper": paper, "slug": slug, "name": " ".join(words[:5])}
        yield tables.Law, {**LAW, **law, "source_paper": paper, "summary": " ".join(words[:20])}
        for position, (symbol, quantity) in enumerate((("N", "parameters"), ("D", "tokens")), start=1):
            row = {"law": law["id"], "symbol": symbol, "position": position, "meaning": words[position]}
            yield tables.Variable, {**row, "quantity": quantity, "scale": 1.0, "domain": "positive"}
        found = entry("law", law["id"], [law["id"]], law["name"], words[5:15], words[15:], paper=paper)
        yield (
            tables.Entry,
            {**found, "symbols": "L N D E A B alpha beta", "number": number, "year": 2024, "weight": 1.0},
        )
        yield tables.EntryName, {"name": f"{paper} law {number}", "entry": number, "rank": ID}
        yield tables.EntryName, {"name": "alpha", "entry": number, "rank": SYMBOL}


def enlarge(path: Path, count: int) -> None:
    """Add synthetic laws to a built database, by the code that builds the real one."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        first = connection.exec_driver_sql("SELECT max(number) + 1 FROM entry").scalar_one()
        paper = connection.exec_driver_sql("SELECT min(key) FROM paper").scalar_one()
        rows: dict[type[Table], list[Row]] = {}
        for table, row in synthetic(paper, first, count):
            rows.setdefault(table, []).append(row)
        insert_rows(connection, rows)
        index_entries(connection)
    engine.dispose()


def median(connection: FileReader, texts: list[str], repeats: int) -> tuple[float, float]:
    """The median and the longest time of some searches, in milliseconds, each by its median over some repeats."""
    times = []
    for text in texts:
        search(connection, text)
        each = []
        for _ in range(repeats):
            started = time.perf_counter()
            search(connection, text)
            each.append(time.perf_counter() - started)
        times.append(statistics.median(each) * 1e3)
    return statistics.median(times), max(times)


def rare_words(connection: FileReader, count: int) -> list[str]:
    """Words in under one in a hundred of the entries, from the commonest of these down."""
    connection.execute("CREATE VIRTUAL TABLE temp.term USING fts5vocab('main', 'search', 'row')")
    most = connection.execute("SELECT count(*) / 100 FROM entry").fetchone()[0]
    statement = "SELECT term FROM temp.term WHERE doc BETWEEN ? AND ? AND length(term) = 8 ORDER BY doc DESC LIMIT ?"
    return [str(row[0]) for row in connection.execute(statement, (most // 100, most, count))]


def searches(laws: int = LAWS) -> None:
    """Print how long searches take, over the real catalog and over many laws."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.sqlite"
        build_database(Catalog.load(), path)
        connection = open_database(path)
        middle, longest = median(connection, list(SEARCHES), REPEATS)
        connection.close()
        print(f"{'search, the catalog, ms: median, longest':<44}{middle:>12.2f}{longest:>12.2f}")
        enlarge(path, laws)
        connection = open_database(path)
        words = rare_words(connection, 100)
        for what, texts in (
            ("a word", words),
            ("two words", [f"{one} {other}" for one, other in zip(words[::2], words[1::2], strict=True)]),
            ("a word and filters", [f"{each} kind:law year:2020.. given:N" for each in words]),
        ):
            middle, longest = median(connection, texts, 3)
            print(f"{f'search, {laws:,} laws, {what}, ms':<44}{middle:>12.2f}{longest:>12.2f}")
        connection.close()


if __name__ == "__main__":
    searches()
    sys.exit(0)
