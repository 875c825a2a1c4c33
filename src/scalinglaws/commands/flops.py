"""The command `flops`: parameters and FLOP of a model by every convention, as text for a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scalinglaws.amounts import percent, power, short
from scalinglaws.commands import DONE
from scalinglaws.commands.inputs import numbers
from scalinglaws.commands.printing import print_json, warn, wrap

if TYPE_CHECKING:
    from scalinglaws.accounting import FlopCount


def add_flops(command: Callable[..., Any]) -> None:
    """Add the command to the parser."""
    sub = command("flops", run, "count a model's parameters and FLOP by every convention, from its shape")
    sub.add_argument("model", nargs="?", metavar="MODEL", help="a known model, such as chinchilla-70b")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="the shape: layers=80 width=8192 tokens=1.4T")
    sub.add_argument("--list", action="store_true", help="list the known models")
    # Read from the database, so only once the help is asked for.
    sub.more_help = _symbols


def run(options: argparse.Namespace) -> int:
    """Count and print, or list the known models."""
    from scalinglaws import accounting, library  # noqa: PLC0415

    document = accounting.accounting(path=options.database)
    if options.list:
        if options.model is not None or options.inputs:
            raise library.InputError("--list takes no model and no shape")
        models = [{key: each[key] for key in ("id", "name", "shape", "sizes")} for each in document["models"]]
        print_json(models) if options.json else print(models_text(document), end="")
        return DONE
    model, inputs = options.model, list(options.inputs)
    if model is not None and "=" in model:
        model, inputs = None, [model, *inputs]
    if model is None and not inputs:
        raise library.InputError("name a known model (flops --list), or give a shape: layers=80 width=8192 ...")
    shape = numbers(inputs, "part of a shape", "SYMBOL=VALUE, as in layers=80")
    for name in ("model", "path"):
        if name in shape:
            raise library.InputError(f"a shape has no '{name}'; see scalinglaws flops --help")
    count = accounting.flops(model, path=options.database, **shape)
    if options.json:
        print_json(count.as_dict())
        return DONE
    print(count_text(document, count), end="")
    warn(count.warnings)
    return DONE


def _symbols() -> str:
    from scalinglaws import accounting  # noqa: PLC0415
    from scalinglaws.database import access  # noqa: PLC0415

    try:
        return symbols_text(accounting.accounting())
    except access.DatabaseError:
        return ""


def count_text(document: Mapping[str, Any], count: FlopCount) -> str:
    """Parameters and FLOP of one shape, each convention with what it means.

    Args:
        document: the catalog's document `accounting`.
        count: what was counted.
    """
    names = {each["id"]: each["name"] for each in document["models"]}
    shape = "  ".join(f"{name}={value:.15g}" for name, value in count.shape.items() if name != "tokens")
    lines = [names.get(count.model or "", "A shape of your own")]
    lines += wrap(shape).splitlines()
    meanings = {each["unit"]["convention"]: each["meaning"] for each in document["counts"]}
    lines += ["", "Parameters"]
    lines += _table([[name, short(value), meanings[name]] for name, value in count.parameters.items()], right=(1,))
    tokens = count.shape.get("tokens")
    rules = {each["id"]: each for each in document["rules"]}
    first = next(iter(rules))
    head = ["rule", "forward/token", "training/token", f"{short(tokens)} tokens" if tokens else "", f"from {first}", ""]
    rows = [
        [
            name,
            power(count.forward_flop_per_token[name]),
            power(value),
            power(count.training_flop[name]) if tokens else "",
            percent(count.differences[name]) if name != first else "",
            rules[name]["name"],
        ]
        for name, value in count.flop_per_token.items()
    ]
    lines += ["", "FLOP; a multiplication with its addition counts two, the backward pass twice the forward one"]
    lines += _table([head, *rows], right=(1, 2, 3, 4))
    if not tokens:
        lines.append("  (give tokens=1.4T for the FLOP of a whole training)")
    return "\n".join([*lines, ""])


def _table(rows: Sequence[Sequence[str]], right: tuple[int, ...]) -> list[str]:
    """Rows with their columns aligned, those named in `right` to the right; empty columns are left out."""
    columns = [number for number in range(len(rows[0])) if any(row[number] for row in rows)]
    widths = {number: max(len(row[number]) for row in rows) for number in columns}
    return [
        "  "
        + "  ".join(
            row[number].rjust(widths[number]) if number in right else row[number].ljust(widths[number])
            for number in columns
        ).rstrip()
        for row in rows
    ]


def symbols_text(document: Mapping[str, Any]) -> str:
    """What describes a shape, each symbol with its meaning and what it is if left out."""
    rows = []
    for each in document["symbols"]:
        default = f"; {each['default']} if left out" if each["default"] else ""
        switch = " (0 or 1)" if each["values"] == "switch" else ""
        rows.append([each["symbol"], f"{each['meaning']}{switch}{default}"])
    return "\n".join(["", "symbols:", *_table(rows, right=()), ""])


def models_text(document: Mapping[str, Any]) -> str:
    """The known models, each with its size and training tokens."""
    rows = [
        [
            each["id"],
            each["name"],
            f"{short(each['sizes']['total'])} parameters",
            f"{short(each['shape']['tokens'])} tokens" if "tokens" in each["shape"] else "",
        ]
        for each in document["models"]
    ]
    return "\n".join([*(line.removeprefix("  ") for line in _table(rows, right=(2, 3))), ""])
