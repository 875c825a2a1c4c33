"""Counts of parameters and FLOP as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from scalinglaws.accounting import FlopCount

_WIDTH = 100
_LETTERS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def short(value: float) -> str:
    """A number of parameters or tokens to four digits, as people write it: `70.06B`, `1.4T`."""
    for scale, letter in _LETTERS:
        if scale <= value < 1e3 * scale:
            return f"{value / scale:.4g}{letter}"
    return f"{value:.4g}" if value < 1e3 else power(value)


def power(value: float) -> str:
    """A number of FLOP to four digits: `5.885e23`."""
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def percent(fraction: float) -> str:
    """A difference with its sign, to a tenth of a per cent."""
    return f"{100 * fraction:+z.1f} %".replace("+0.0", "0.0")


def count_text(document: Mapping[str, Any], count: FlopCount) -> str:
    """Parameters and FLOP of one shape, each convention with what it means.

    Args:
        document: the catalog's document `accounting`.
        count: what was counted.
    """
    names = {each["id"]: each["name"] for each in document["models"]}
    shape = "  ".join(f"{name}={value:.15g}" for name, value in count.shape.items() if name != "tokens")
    lines = [names.get(count.model or "", "A shape of your own")]
    lines += textwrap.wrap(shape, _WIDTH, initial_indent="  ", subsequent_indent="  ")
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


def formulas_text(document: Mapping[str, Any]) -> str:
    """Every formula with its source."""
    lines = ["Counts"]
    for each in document["counts"]:
        lines += [f"  {each['symbol']} = {each['expression']}", f"      {each['meaning']}; {_source(each['source'])}"]
    lines.append("Rules, FLOP per token")
    for each in document["rules"]:
        lines += [f"  {each['id']}: forward = {each['forward']}; training = {each['training']}"]
        lines += textwrap.wrap(each["summary"], _WIDTH, initial_indent="      ", subsequent_indent="      ")
        lines.append(f"      {_source(each['source'])}")
    lines.append("Left out")
    for text in document["left_out"]:
        lines += textwrap.wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join([*lines, ""])


def _source(source: Mapping[str, Any]) -> str:
    via = f", via {source['via']}" if source["via"] else ""
    return f"{source['paper']}, {source['where']}{via} [{source['basis']}, confidence {source['confidence']}]"
