"""The site in a browser: what pages weigh, and what Lighthouse makes of them, on the built site sent compressed."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from install_packages import install
from page_weight import page_weight
from scalinglaws.pages.mathematics import node_command
from site_server import serving, site_server

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "build" / "site"
LIGHTHOUSE = ROOT / "scripts" / "lighthouse"
#: Pages, and what the first view of each may weigh in bytes.
PAGES = {"/": 150_000, "/laws/hoffmann2022/parametric/": 250_000, "/explore/": 250_000}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {
    "FCP, s": ("first-contentful-paint", 1e-3),
    "LCP, s": ("largest-contentful-paint", 1e-3),
    "TBT, s": ("total-blocking-time", 1e-3),
    "CLS": ("cumulative-layout-shift", 1),
}


def weights(address: str, chromium: str) -> None:
    """Rows for the first view of each page, without and with the search opened, beside what it may weigh."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy

    print(f"{'what a page loads':<44}{'ours':>12}{'limit':>12}{'ratio':>8}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        for page, limit in PAGES.items():
            total = sum(page_weight(browser, address + page).values())
            print(f"{page + ', kB':<44}{total / 1e3:>12.1f}{limit / 1e3:>12.0f}{total / limit:>8.2f}")
        searched = sum(page_weight(browser, address + "/", search=True).values())
        print(f"{'/ and its search opened, kB':<44}{searched / 1e3:>12.1f}")
        browser.close()


def lighthouse(address: str, chromium: str, *, desktop: bool) -> dict[str, Any]:
    """One run of Lighthouse: its report.

    Raises:
        subprocess.CalledProcessError: if it fails; what it says is on standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            node_command(),
            str(LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"),
            address,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            f"--output-path={report}",
            "--chrome-flags=--headless=new --no-sandbox",
            *(["--preset=desktop"] if desktop else []),
        ]
        subprocess.run(command, check=True, cwd=folder, env={**os.environ, "CHROME_PATH": chromium})
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def faults(reports: list[dict[str, Any]], category: str) -> list[str]:
    """Names of the audits that kept a category from full marks in any of some reports."""
    weighed = [each["id"] for each in reports[0]["categories"][category]["auditRefs"] if each["weight"]]
    return [name for name in weighed if any((each["audits"][name]["score"] or 0) < 1 for each in reports)]


def scores(address: str, chromium: str, runs: int) -> None:
    """Rows for each page: on a phone, as Lighthouse slows line and processor, and on a desk; medians of the runs."""
    heads = [*(f"{name:>15}" for name in CATEGORIES), *(f"{name:>8}" for name in TIMES)]
    print(f"{'Lighthouse, of 1':<44}{''.join(heads)}")
    for page, desktop in itertools.product(PAGES, (False, True)):
        reports = [lighthouse(address + page, chromium, desktop=desktop) for _ in range(runs)]
        marks = {name: median(each["categories"][name]["score"] for each in reports) for name in CATEGORIES}
        times = [
            median(each["audits"][name]["numericValue"] * scale for each in reports) for name, scale in TIMES.values()
        ]
        cells = [*(f"{mark:>15.2f}" for mark in marks.values()), *(f"{time:>8.2f}" for time in times)]
        print(f"{page + (', desktop' if desktop else ', mobile'):<44}{''.join(cells)}", flush=True)
        # Performance is made of times, which stand beside it; the others of audits that hold or fail.
        for name, mark in marks.items():
            if name != "performance" and mark < 1:
                print(f"  {name}: {', '.join(faults(reports, name))}", flush=True)


def main() -> int:
    """Print both tables, or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--runs", type=int, default=1, help="runs of Lighthouse for each row, of which the median counts"
    )
    runs = parser.parse_args().runs
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("the site was left out: Chromium is missing")
        return 0
    if not (SITE / "index.html").is_file():
        print("the site was left out: it is not built; run make site")
        return 0
    if status := install(LIGHTHOUSE):
        print("the site was left out: Lighthouse could not be installed", file=sys.stderr)
        return status
    with serving(site_server(SITE)) as address:
        weights(address, chromium)
        scores(address, chromium, runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
