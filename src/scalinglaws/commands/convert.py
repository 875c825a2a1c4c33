"""The command `convert`: an amount in another unit."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from scalinglaws.commands import DONE
from scalinglaws.commands.inputs import add_assume, assumptions
from scalinglaws.commands.printing import print_json


def add_convert(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("convert", run, "convert a number into another unit or convention", reads=False)
    sub.add_argument("amount", metavar="'NUMBER UNIT'", help="such as '1e3 PF-day' or '70B parameters (total)'")
    sub.add_argument("unit", metavar="UNIT", help="such as FLOP or 'parameters (active)'")
    add_assume(sub)


def run(options: argparse.Namespace) -> int:
    """Convert and print the steps."""
    from scalinglaws import units  # noqa: PLC0415

    given = units.parse_quantity(options.amount)
    result = units.convert(given.value, given.unit, units.parse_unit(options.unit), assumptions(options))
    if options.json:
        print_json({"given": given.as_dict(), **result.as_dict()})
        return DONE
    print(f"{result.value:.10g} {result.unit}")
    for step in result.steps:
        print(f"  {step}")
    return DONE
