"""The commands `solve` and `optimize`: what a law gives when it is turned round."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from scalinglaws.commands import DONE
from scalinglaws.commands.inputs import parse_inputs
from scalinglaws.commands.printing import print_json, unit_text, warn

if TYPE_CHECKING:
    from scalinglaws.library import Optimization, SolvedFor


def add_calculate(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands to the parser."""
    sub = command("solve", _solve, "find the variable that gives a stated output")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric/besiroglu2024")
    sub.add_argument("symbol", metavar="SYMBOL", help="the variable to find, such as D")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="the output and the rest: L=2.0 N=7e9")
    sub.add_argument("--fit", metavar="FIT", help="the fit to use")
    sub.add_argument("--between", nargs=2, metavar=("LOW", "HIGH"), help="where to look")

    sub = command("optimize", _optimize, "find the best values of some variables under a constraint")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric/besiroglu2024")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="what is given: C=5.76e23")
    sub.add_argument("--over", metavar="N,D", required=True, help="what is free")
    sub.add_argument("--subject-to", metavar="EQUATION", help="such as '6*N*D = C'")
    sub.add_argument("--let", action="append", default=[], metavar="'N = ...'", help="a variable in terms of others")
    sub.add_argument("--fit", metavar="FIT", help="the fit to use")
    which = sub.add_mutually_exclusive_group()
    which.add_argument("--lowest", dest="highest", action="store_false", default=None, help="look for the lowest value")
    which.add_argument("--highest", dest="highest", action="store_true", help="look for the highest value")


def _solve(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    law = library.law(options.law, path=options.database)
    between = None
    if options.between:
        low, high = (library.parse_input(law, options.symbol, each) for each in options.between)
        between = (low, high)
    result = law.solution(options.symbol, options.fit, between, **parse_inputs(law, options))
    if options.json:
        print_json(result.as_dict())
        return DONE
    print(solution_line(result))
    warn(result.warnings)
    return DONE


def _optimize(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    lets = {}
    for text in options.let:
        name, equals, formula = text.partition("=")
        if not equals or not name.strip():
            raise library.InputError(f"'{text}' defines nothing; write 'N = 516*d**2*n'")
        lets[name.strip()] = formula.strip()
    law = library.law(options.law, path=options.database)
    result = law.optimize(
        [name.strip() for name in options.over.split(",") if name.strip()],
        options.subject_to,
        fit=options.fit,
        lets=lets,
        highest=options.highest,
        **parse_inputs(law, options),
    )
    if options.json:
        print_json(result.as_dict())
        return DONE
    print(*optimum_lines(result), sep="\n")
    warn(result.warnings)
    return DONE


def solution_line(result: SolvedFor) -> str:
    """The value found, with its unit."""
    return f"{result.symbol} = {result.value:.10g} {unit_text(result.unit)}".rstrip()


def optimum_lines(result: Optimization) -> list[str]:
    """What was found, the ratios, and the output there."""
    found = {name: each for name, each in {**result.optimum, **result.variables}.items() if name not in result.given}
    output = f"{result.output['symbol']} = {result.output['value']:.10g} {unit_text(result.output['unit'])}".rstrip()
    return [*(f"{name} = {value:.10g}" for name, value in {**found, **result.ratios}.items()), output]
