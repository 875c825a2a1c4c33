"""Serve the site on localhost, and build it again whenever a record, template or module changes."""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from site_server import serving, site_server

ROOT = Path(__file__).resolve().parents[1]
WATCHED = ("catalog", "site/templates", "site/pages", "site/assets", "site/theme", "src", "mkdocs.yml")


def snapshot() -> dict[Path, float]:
    """Modification times of everything the site is made from."""
    times: dict[Path, float] = {}
    for name in WATCHED:
        place = ROOT / name
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                times[path] = path.stat().st_mtime
    return times


def build() -> None:
    """Build the site in a process of its own, so that changed modules count."""
    subprocess.run([sys.executable, str(ROOT / "scripts" / "build_site.py")], cwd=ROOT, check=False)


def main() -> int:
    """Build, serve, watch until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    build()
    try:
        # What is served changes with every build: browsers ask again each time.
        server = site_server(ROOT / "build" / "site", port, max_age=0)
    except OSError as error:
        print(f"cannot serve on port {port}: {error.strerror}; choose another with --port", file=sys.stderr)
        return 1
    with serving(server) as address:
        print(f"{address}/ - reload the page after a change; stop with Ctrl-C")
        seen = snapshot()
        try:
            while True:
                time.sleep(1)
                now = snapshot()
                if now != seen:
                    seen = now
                    build()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
