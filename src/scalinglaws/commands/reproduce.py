"""The command `reproduce`: refits published laws and tells what came of it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scalinglaws.commands import DONE, NO_ANSWER
from scalinglaws.commands.printing import print_json

if TYPE_CHECKING:
    from scalinglaws.reproduction.library import Reproduced

_EPILOG = """
examples:
  scalinglaws reproduce                   what there is to reproduce
  scalinglaws reproduce chinchilla-svg
  scalinglaws reproduce all

exit status: 0 all came out as the catalog has it, 1 something did not, 2 the call is wrong
"""


def add_reproduce(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("reproduce", run, "refit published laws on their public data and hold the result against them")
    sub.epilog = _EPILOG
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.add_argument("--jobs", type=int, metavar="N", help="how many datasets at once (1)")
    sub.add_argument("dataset", nargs="?", metavar="DATASET|all", help="a dataset; without one, those there are")


def run(options: argparse.Namespace) -> int:
    """Reproduce and print."""
    from scalinglaws.reproduction.library import names, reproduce, reproduce_all  # noqa: PLC0415 - heavy

    known = names(options.database)
    if options.dataset is None:
        print(json.dumps(known) if options.json else "\n".join(known))
        return DONE
    started = time.monotonic()
    if options.dataset == "all":
        if sys.stderr.isatty():
            print(f"reproducing {len(known)} datasets ...", file=sys.stderr)
        coming = reproduce_all(known, jobs=options.jobs, path=options.database)
    else:
        coming = iter([reproduce(options.dataset, path=options.database)])
    found = []
    for each in coming:
        found.append(each)
        if not options.json:
            print("\n".join(told(each)), flush=True)
    if not options.json:
        print(f"{time.monotonic() - started:.1f} s")
    if options.json:
        print_json([each.as_dict() for each in found])
    for each in found:
        for text in each.differs[:10]:
            print(f"{each.dataset}: {text}", file=sys.stderr)
    return NO_ANSWER if any(each.differs for each in found) else DONE


def told(found: Reproduced) -> list[str]:
    """A reproduction in lines for a terminal."""
    agrees = "as committed" if not found.differs else f"{len(found.differs)} numbers differ from those committed"
    lines = [f"{found.dataset}  ({agrees})"]
    for name, case in found.cases.items():
        lines.append(f"  {name}: {case['verdict']}{_counted(case)}")
        for fit, each in (case.get("published") or {}).items():
            ratio = (
                f"objective {each['ratio']:.4g} times the minimum" if each.get("ratio") else "no value on these rows"
            )
            lines.append(f"    {fit}: {each['verdict']}, {ratio}")
    return lines


def _counted(case: dict[str, Any]) -> str:
    if case.get("verdicts"):
        return "; of {} refits {}".format(
            case["count"], ", ".join(f"{count} {verdict}" for verdict, count in case["verdicts"].items())
        )
    return f", {case['n']} rows" if case.get("n") else ""
