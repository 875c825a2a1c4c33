"""Refit the published laws and write catalog/reproductions/results; with --check, only say what differs."""

import argparse
import json
import sys
import time
from pathlib import Path

from scalinglaws import datasets
from scalinglaws.catalog import Catalog
from scalinglaws.database.build import build_database
from scalinglaws.database.documents import reproduction_document
from scalinglaws.records.files import read_contents
from scalinglaws.reproduction.library import differences
from scalinglaws.reproduction.refit import reproduce

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "catalog" / "reproductions" / "results"


def main() -> int:
    """Parse the call and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="*", help="only these")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a result differs")
    options = parser.parse_args()
    contents = read_contents(ROOT / "catalog")
    # What is there of results may belong to older recipes, and must not stand in the way of new ones.
    recipes = {name: text for name, text in contents.items() if not name.startswith("reproductions/results/")}
    catalog = Catalog.from_contents(recipes)
    database = ROOT / "build" / ".reproductions.sqlite"
    database.parent.mkdir(exist_ok=True)
    build_database(catalog, database)
    stale = False
    for name, record in catalog.reproductions.items():
        if options.datasets and name not in options.datasets:
            continue
        started = time.monotonic()
        try:
            found = reproduce(
                reproduction_document(catalog, record), datasets.dataset(name, path=database), path=database
            )
        except datasets.DatasetError as error:
            print(error, file=sys.stderr)
            return 1
        path = RESULTS / f"{name}.json"
        if options.check:
            committed = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            told = list(differences(committed, found))
            stale |= bool(told)
            print("\n".join(told[:20]) if told else f"{name}: as committed", file=sys.stderr)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            verdicts = ", ".join(f"{case} {each['verdict']}" for case, each in found["cases"].items())
            print(f"{name}: {verdicts} ({time.monotonic() - started:.1f} s)")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
