"""Put catalog/references.bib into canonical form; with --check, only say whether it is."""

import argparse
import sys
from pathlib import Path

from scalinglaws.records.reading import canonical_bibtex

REFERENCES = Path(__file__).resolve().parents[1] / "catalog" / "references.bib"


def main() -> int:
    """Format the file, or check it; 1 if the check fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if the form is not canonical")
    arguments = parser.parse_args()
    text = REFERENCES.read_text(encoding="utf-8")
    canonical = canonical_bibtex(text)
    if text == canonical:
        return 0
    if arguments.check:
        print(f"{REFERENCES.name} is not in canonical form: run scripts/format_references.py", file=sys.stderr)
        return 1
    REFERENCES.write_text(canonical, encoding="utf-8")
    print(f"formatted {REFERENCES.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
