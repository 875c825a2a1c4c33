"""Benchmark of the named queries: as users run them, guarded, against SQLite's own time for the same statements."""

import sqlite3
import statistics

from scalinglaws import library
from scalinglaws.database.access import default_path
from timing import best


def answering() -> None:
    """Print the median and the slowest of all named queries, warm."""
    path = default_path()
    reader, plain = library.connect(path), sqlite3.connect(path)
    times = {}
    for name, query in library.queries().items():
        ours = best(lambda statement=query.statement: reader.run(statement))  # type: ignore[misc]
        theirs = best(lambda statement=query.statement: plain.execute(statement).fetchall())  # type: ignore[misc]
        times[name] = ours * 1e3, theirs * 1e3
    plain.close()
    slowest = max(times, key=lambda name: times[name][0])
    rows = {
        f"{len(times)} named queries, median ms (SQLite alone)": tuple(
            statistics.median(each[side] for each in times.values()) for side in (0, 1)
        ),
        f"  slowest: {slowest}, ms": times[slowest],
    }
    for what, (ours, theirs) in rows.items():
        print(f"{what:<44}{ours:>12.2f}{theirs:>12.2f}{ours / theirs:>8.2f}")


if __name__ == "__main__":
    answering()
