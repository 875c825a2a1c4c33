"""Build the database, the pages and the site; what was there before stays until all three are whole."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from scalinglaws.catalog import Catalog
from scalinglaws.database.build import build_database
from scalinglaws.exports.export import export
from scalinglaws.pages.calculators import ChartError
from scalinglaws.pages.console import ConsoleError
from scalinglaws.pages.generator import write_site_sources
from scalinglaws.pages.mathematics import MathematicsError
from scalinglaws.problems import InvalidRecords
from scalinglaws.records.files import read_contents

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"


def build(*, html: bool = True) -> int:
    """Build everything; the exit status.

    Args:
        html: whether MkDocs runs; without it only the database and the Markdown pages are made.
    """
    started = time.monotonic()
    shutil.rmtree(BUILD / ".export.new", ignore_errors=True)
    try:
        catalog = Catalog.from_contents(read_contents(ROOT / "catalog"))
        BUILD.mkdir(exist_ok=True)
        fresh = BUILD / ".catalog.sqlite.new"
        build_database(catalog, fresh)
        before = time.monotonic()
        exported = export(BUILD / ".export.new", path=fresh)
        exporting = time.monotonic() - before
        pages = write_site_sources(catalog, fresh, exported, ROOT / "site", BUILD / "docs", BUILD / "math.json")
    except (InvalidRecords, MathematicsError, ChartError, ConsoleError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(BUILD / ".export.new", ignore_errors=True)
    generated = time.monotonic() - started - exporting
    if html and run_mkdocs() != 0:
        fresh.unlink()
        return 1
    fresh.replace(BUILD / "catalog.sqlite")
    total = time.monotonic() - started
    print(
        f"{pages} pages generated in {generated:.1f} s, {len(exported.files)} files exported in {exporting:.1f} s, "
        f"{total:.1f} s in all: {BUILD.name}/site/index.html"
    )
    return 0


def run_mkdocs() -> int:
    """Let MkDocs build beside the site and move the result into place; its exit status."""
    unfinished, site = BUILD / ".site.new", BUILD / "site"
    shutil.rmtree(unfinished, ignore_errors=True)
    # Material announces on every build what it thinks of MkDocs 2; it is no fault of these pages.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(unfinished)]
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if status == 0:
        shutil.rmtree(site, ignore_errors=True)
        unfinished.replace(site)
    shutil.rmtree(unfinished, ignore_errors=True)
    return status


def main() -> int:
    """Parse the call and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-html", action="store_true", help="stop before MkDocs")
    return build(html=not parser.parse_args().no_html)


if __name__ == "__main__":
    sys.exit(main())
