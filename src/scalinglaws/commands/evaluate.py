"""The command `eval`: the value of a law, with its interval if it has one."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from scalinglaws.commands import DONE
from scalinglaws.commands.inputs import parse_inputs
from scalinglaws.commands.printing import print_json, unit_text, warn

if TYPE_CHECKING:
    from scalinglaws.library import Evaluation


def add_evaluate(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("eval", run, "evaluate a law")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric/published-rounded")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="such as N=70e9 D=1.4T")
    sub.add_argument("--fit", metavar="FIT", help="the fit to use")
    sub.add_argument("--draws", type=int, default=0, metavar="1000", help="draw coefficients for the interval")


def run(options: argparse.Namespace) -> int:
    """Evaluate and print."""
    from scalinglaws import library  # noqa: PLC0415

    law = library.law(options.law, path=options.database)
    result = law.evaluate(options.fit, options.draws, **parse_inputs(law, options))
    if options.json:
        print_json(result.as_dict())
        return DONE
    print(*evaluation_lines(result), sep="\n")
    warn(result.warnings)
    return DONE


def evaluation_lines(result: Evaluation) -> list[str]:
    """The value with its unit, and its intervals if it has them."""
    lines = [f"{result.output['symbol']} = {result.value:.10g} {unit_text(result.output['unit'])}".rstrip()]
    if result.interval:
        for name, ends in (("the law's curve", result.interval), ("a new run", result.interval["prediction"])):
            if ends:
                level = f"{result.interval['level']:.0%}"
                lines.append(f"  {level} interval of {name}: {ends['low']:.6g} to {ends['high']:.6g}")
        lines.append(f"  from {result.interval['method']}")
    return lines
