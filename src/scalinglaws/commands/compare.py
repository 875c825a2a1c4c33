"""The command `compare`: the same inputs through several laws, as a table."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scalinglaws.commands import DONE, NO_ANSWER
from scalinglaws.commands.inputs import add_assume, assumptions, input_texts, pairs
from scalinglaws.commands.printing import bold, print_json, warn, wrap

if TYPE_CHECKING:
    from scalinglaws.comparison import ComparedRow, Comparison


def add_compare(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("compare", run, "put the same inputs through several laws and fits")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric; without a fit, all its fits")
    sub.add_argument(
        "inputs", nargs="*", metavar="LAW[/FIT] | SYMBOL=VALUE", help="more laws, and inputs: N=70e9 C='1e3 PF-day'"
    )
    sub.add_argument(
        "--count", action="append", default=[], metavar="SYMBOL=CONVENTION", help="how one is counted: N=active"
    )
    sub.add_argument("--unit", metavar="UNIT", help="the unit of the values, such as nat/token")
    add_assume(sub)


def run(options: argparse.Namespace) -> int:
    """Compare and print a table, then what explains it."""
    from scalinglaws import comparison  # noqa: PLC0415

    laws = [options.law, *(each for each in options.inputs if "=" not in each)]
    options.inputs = [each for each in options.inputs if "=" in each]
    result = comparison.compare(
        laws,
        conventions=pairs(options.count, "convention", "SYMBOL=CONVENTION, as in N=embeddings-included"),
        assumptions=assumptions(options),
        unit=options.unit,
        path=options.database,
        **input_texts(options),
    )
    if options.json:
        print_json(result.as_dict())
        return DONE if result.answered else NO_ANSWER
    head, *lines = comparison_lines(result)
    print(bold(head), *lines, sep="\n")
    for note in comparison_notes(result):
        print(wrap(note, ""))
    warn(comparison_warnings(result))
    return DONE if result.answered else NO_ANSWER


def comparison_lines(result: Comparison) -> list[str]:
    """The values as a table with a head, and how far they lie apart."""
    cells = [("law", str(result.unit) if result.unit else "no value")]
    cells += [(row.label, "-" if row.value is None else f"{row.value:.6g}") for row in result.rows]
    left, right = (max(len(cell[side]) for cell in cells) for side in (0, 1))
    lines = [f"{label:<{left}}  {value:>{right}}" for label, value in cells]
    if result.spread:
        times = f", {result.spread['ratio']:.4g} times" if result.spread["ratio"] else ""
        lines.append(f"from {result.spread['lowest']:.6g} to {result.spread['highest']:.6g}{times}")
    return lines


def comparison_notes(result: Comparison) -> list[str]:
    """Why rows have no value, and how the values of others were converted."""
    reasons = [(row, row.reason or "; ".join(row.steps)) for row in result.rows if row.reason or row.steps]
    return _said_once(reasons, result.rows)


def comparison_warnings(result: Comparison) -> list[str]:
    """What to know of the rows, then of the comparison as a whole."""
    warnings = [(row, warning) for row in result.answered for warning in row.warnings]
    return _said_once(warnings, result.rows) + result.warnings


def _said_once(notes: Sequence[tuple[ComparedRow, str]], rows: Sequence[ComparedRow]) -> list[str]:
    """Notes on rows of a comparison, each behind its row's label; what several fits of a law share is said once."""
    sharing: dict[tuple[str, str], list[ComparedRow]] = {}
    for row, text in notes:
        sharing.setdefault((row.law, text), []).append(row)
    said = []
    for (law, text), same in sharing.items():
        others = [row.label.removeprefix(f"{law}/") for row in same[1:]]
        whole = len(same) > 1 and len(same) == sum(row.law == law for row in rows)
        label = f"{law}, every fit" if whole else ", ".join([same[0].label, *others])
        said.append(text if text.startswith((same[0].label, str(same[0].fit))) else f"{label}: {text}")
    return said
