"""The same inputs through several laws and fits, each in its own units and conventions; refuses what does not compare.

An input is read once, in plain units, and converted for each law; the outputs are converted into one unit. Whatever
takes no part stands as a row with the reason.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scalinglaws import library
from scalinglaws.formulas.evaluation import EvaluationError
from scalinglaws.formulas.expression import FormulaError
from scalinglaws.library import AmbiguousFit, InputError, Law
from scalinglaws.units import (
    Amount,
    NotConvertible,
    Unit,
    UnitError,
    check_assumptions,
    convert,
    counts_alike,
    is_number,
    parse_number,
    parse_quantity,
    parse_unit,
    related,
)

#: What a bare number means where laws take an input in different but convertible quantities.
_PLAIN = ("tokens", "FLOP", "nat/token")
#: Quantities that say nothing of what they measure: only the same symbol means the same.
_BARE = frozenset({"any", "dimensionless", "fraction", "score", "bits"})


@dataclass(frozen=True)
class ComparedRow:
    """One law with one fit, at the inputs of a comparison.

    Attributes:
        law: the law's id.
        fit: the fit's id; none where the law has none or the caller gives every coefficient.
        value: the output in the comparison's unit; none where the row is refused.
        native: the output as the law gives it: symbol, value and unit; none where it gives none.
        extrapolation: how far each input lies outside the fitted range, in decades, in the law's own unit.
        warnings: what to know before trusting the value.
        steps: every factor used, each after the symbol that it was used for.
        reason: why there is no value; none where there is one.
    """

    law: str
    fit: str | None
    value: float | None = None
    native: dict[str, Any] | None = None
    extrapolation: dict[str, dict[str, Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    reason: str | None = None

    @property
    def label(self) -> str:
        """The id to cite: the law with the fit's name."""
        return f"{self.law}/{self.fit.rsplit('/', 1)[-1]}" if self.fit else self.law

    def as_dict(self) -> dict[str, Any]:
        """The row as `compare --json` prints it."""
        return {
            "law": self.law,
            "fit": self.fit,
            "value": self.value,
            "native": self.native,
            "extrapolation": self.extrapolation,
            "warnings": self.warnings,
            "steps": self.steps,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Comparison:
    """The same inputs through several laws and fits.

    Attributes:
        inputs: each input as it was read, before any conversion.
        unit: the unit of every row's value; none if no row has one.
        rows: one for each law and fit, in the order asked for, refused ones too.
        spread: lowest and highest value and their ratio; none with fewer than two values.
        warnings: what to know of the comparison as a whole.
    """

    inputs: dict[str, Amount]
    unit: Unit | None
    rows: list[ComparedRow]
    spread: dict[str, float | None] | None
    warnings: list[str]

    @property
    def answered(self) -> list[ComparedRow]:
        """The rows that have a value."""
        return [row for row in self.rows if row.value is not None]

    def as_dict(self) -> dict[str, Any]:
        """The comparison as `compare --json` prints it."""
        return {
            "inputs": {name: amount.as_dict() for name, amount in self.inputs.items()},
            "unit": self.unit.as_dict() if self.unit else None,
            "rows": [row.as_dict() for row in self.rows],
            "spread": self.spread,
            "warnings": self.warnings,
        }


def compare(
    laws: Sequence[str],
    *,
    conventions: Mapping[str, str] | None = None,
    assumptions: Mapping[str, float] | None = None,
    unit: str | Unit | None = None,
    path: str | os.PathLike[str] | None = None,
    **inputs: float | str,
) -> Comparison:
    """Put the same inputs through several laws and fits, in the units and conventions of each.

    Args:
        laws: ids, `paper/law` or `paper/law/fit`. A law without a fit takes part with its only or default fit, else
            with every one.
        conventions: how each input is counted, such as `{"N": "embeddings-included"}`; needed where laws differ.
        assumptions: numbers that conversions need, by name, such as `{"bytes_per_token": 4.3}`.
        unit: the unit of the values; that of the first row with a value if left out.
        path: a database file or a server's URL, if not the default one.
        inputs: by symbol, a number in plain units (parameters, tokens, FLOP) or a text such as `1e3 PF-day`.

    Raises:
        UnknownName: no law or fit has that name.
        InputError: when an input cannot be read, no law takes it, or laws count it in different ways and
            `conventions` does not say which is meant.
    """
    conventions, assumptions = dict(conventions or {}), dict(assumptions or {})
    names = [laws] if isinstance(laws, str) else list(laws)
    if not names:
        raise InputError("name the laws to compare, as in hoffmann2022/parametric")
    try:
        check_assumptions(assumptions)
        wanted = parse_unit(unit) if isinstance(unit, str) else unit
    except UnitError as error:
        raise InputError(str(error)) from None
    entries = list(
        {(law.id, fit): (law, fit) for name in names for law, fit in _entries(library.law(name, path=path))}.values()
    )
    unused = [name for name in conventions if name not in inputs]
    if unused:
        raise InputError(f"a convention is stated for {unused[0]}, which is not given: write {unused[0]}=...")
    taken = list({law.id: law for law, _ in entries}.values())
    read = {name: _read(name, value, conventions.get(name), taken) for name, value in inputs.items()}
    explicit = {name for name, value in inputs.items() if isinstance(value, str) and not is_number(value)}
    rows = [_evaluated(law, fit, read, explicit, assumptions) for law, fit in entries]
    return _compared(rows, {law.id: law for law in taken}, read, wanted, assumptions)


def _entries(law: Law) -> list[tuple[Law, str | None]]:
    """The law with each fit that takes part."""
    try:
        chosen = law.choose()
    except AmbiguousFit:
        return [(law, fit) for fit in law.fits]
    return [(law, chosen["id"] if chosen else None)]


def _read(name: str, value: float | str, convention: str | None, laws: Sequence[Law]) -> Amount:
    """An input with the unit it is meant in: its own, or the plain one that the laws agree on."""
    takers = {law.id: Unit.of(variable["unit"]) for law in laws for variable in [law.variable(name)] if variable}
    if not takers and not any(law.symbol(name) for law in laws):
        known = dict.fromkeys(each["symbol"] for law in laws for each in law.document["variables"])
        raise InputError(f"none of these laws takes {name}; they take {', '.join(known) or 'nothing'}")
    try:
        if isinstance(value, str) and not is_number(value):
            amount = parse_quantity(value)
            if convention is not None and amount.unit.convention not in (None, convention):
                raise InputError(f"{name} is said to be counted as {convention} and, in '{value}', otherwise")
        else:
            number = parse_number(value) if isinstance(value, str) else float(value)
            if isinstance(value, bool) or not math.isfinite(number):
                raise InputError(f"{name} must be a finite number, not {value}")
            amount = Amount(number, Unit(_quantity(name, takers)))
        stated = convention or amount.unit.convention
        return replace(amount, unit=amount.unit.counted(stated or _convention(name, amount.unit, takers)))
    except UnitError as error:
        raise InputError(f"{name}: {error}") from None
    except (TypeError, OverflowError):
        raise InputError(f"{name} takes a single number, or a text such as '1e3 PF-day', not {value!r}") from None


def _quantity(name: str, takers: Mapping[str, Unit]) -> str:
    """What a bare number counts: what the laws agree on, else the plain quantity that all of theirs convert into."""
    quantities = list(dict.fromkeys(unit.plain.quantity for unit in takers.values()))
    named = [quantity for quantity in quantities if quantity != "any"]
    if not named:
        return "any"
    if len(named) == 1:
        return named[0]
    for plain in _PLAIN:
        if all(related(quantity, plain) for quantity in named):
            return plain
    counted = "; ".join(f"{unit.quantity} in {law}" for law, unit in takers.items())
    raise InputError(f"{name} is not the same in these laws: {counted}. Give it a unit, as in {name}='1 {named[0]}'")


def _convention(name: str, unit: Unit, takers: Mapping[str, Unit]) -> str | None:
    """How an input is counted where the caller does not say: as all the laws count it."""
    ways = {law: each for law, each in takers.items() if related(each.quantity, unit.quantity)}
    first = next(iter(ways.values()), unit)
    if all(counts_alike(first, each) for each in ways.values()):
        return first.convention
    counted = "; ".join(f"{each.convention or 'not said how'} in {law}" for law, each in ways.items())
    clear = [each.convention for each in ways.values() if each.convention not in (None, "embeddings-unclear")]
    example = clear[0] if clear else "embeddings-included"
    raise InputError(
        f"these laws count {name} in different ways: {counted}. Say how yours is counted: --count {name}={example}, "
        f"or in Python conventions={{'{name}': '{example}'}}"
    )


def _evaluated(
    law: Law, fit: str | None, read: Mapping[str, Amount], explicit: set[str], assumptions: Mapping[str, float]
) -> ComparedRow:
    """A law and fit at the inputs, each converted as the law counts it; `explicit` names those given with a unit."""
    row = ComparedRow(law.id, fit)
    if law.expression is None:
        return replace(row, reason="a procedure, not a formula: show it for its steps")
    stated = next((set(each["values"]) for each in law.document["fits"] if each["id"] == fit), set())
    own = {name for name in read if law.symbol(name) and name != law.document["output"]["symbol"]}
    inputs: dict[str, Any] = {}
    steps, notes = [], []
    for name, amount in read.items():
        variable = law.variable(name)
        if name not in own or name in stated:
            notes.append(f"{name} is {'fixed by the fit' if name in stated else 'no input of this law'}: left out")
        elif variable is None:
            inputs[name] = amount.value
        elif variable["unit"]["quantity"] == "any" and name not in explicit:
            inputs[name] = amount.value
            notes.append(f"{name} stands for any quantity here and is taken as given: the fit's setting says which")
        else:
            try:
                conversion = convert(amount.value, amount.unit, Unit.of(variable["unit"]), assumptions)
            except NotConvertible as error:
                return replace(row, warnings=notes, reason=f"{name}: {error}")
            inputs[name] = conversion.value
            steps += [f"{name}: {step}" for step in conversion.steps]
    try:
        result = law.evaluate(fit, **inputs)
    except (InputError, EvaluationError, FormulaError) as error:
        return replace(row, warnings=notes, reason=str(error))
    # How the law counts is settled by the conversions, so that its warnings of it would mislead.
    settled = law.unusual(result.inputs)
    return replace(
        row,
        fit=result.fit,
        native=result.output,
        extrapolation=result.extrapolation,
        warnings=notes + [each for each in result.warnings if each not in settled],
        steps=steps,
    )


def _compared(
    rows: list[ComparedRow],
    laws: Mapping[str, Law],
    read: dict[str, Amount],
    wanted: Unit | None,
    assumptions: Mapping[str, float],
) -> Comparison:
    """The rows with their outputs in one unit, those that mean something else refused."""
    first = next((row for row in rows if row.native is not None), None)
    if first is None or first.native is None:
        return Comparison(read, None, rows, None, [])
    unit = Unit.of(first.native["unit"])
    if wanted is not None:
        unit = (
            wanted
            if wanted.convention or not related(wanted.quantity, unit.quantity)
            else wanted.counted(unit.convention)
        )
    lead = laws[first.law].document["output"]
    done = [_expressed(row, laws[row.law].document["output"], lead, unit, assumptions) for row in rows]
    values = [row.value for row in done if row.value is not None]
    spread = None
    if len(values) > 1:
        low, high = min(values), max(values)
        spread = {"lowest": low, "highest": high, "ratio": high / low if low > 0 else None}
    answered = {row.law: laws[row.law].document["output"] for row in done if row.value is not None}
    return Comparison(read, unit if values else None, done, spread, _cautions(answered, unit, len(values)))


def _expressed(
    row: ComparedRow,
    output: Mapping[str, Any],
    lead: Mapping[str, Any],
    unit: Unit,
    assumptions: Mapping[str, float],
) -> ComparedRow:
    """The row with its output in a unit, or refused."""
    if row.native is None:
        return row
    symbol = output["symbol"]
    own, leading = role(output), role(lead)
    if own != leading and related(output["unit"]["quantity"], lead["unit"]["quantity"]):
        meanings = f"{symbol} ({output['meaning']}), and {lead['symbol']} ({lead['meaning']}) is another thing"
        return replace(row, reason=f"it gives {meanings}")
    native = Unit.of(output["unit"])
    try:
        conversion = convert(row.native["value"], native, unit, assumptions)
        if own == "difference" and not _proportional(native, unit, assumptions):
            raise NotConvertible(native, unit, f"{symbol} is a difference, which only a plain factor converts")
    except NotConvertible as error:
        return replace(row, reason=f"{symbol}: {error}")
    return replace(row, value=conversion.value, steps=row.steps + [f"{symbol}: {step}" for step in conversion.steps])


def _proportional(source: Unit, target: Unit, assumptions: Mapping[str, float]) -> bool:
    """Whether the conversion is a factor and nothing else."""
    one, two = (convert(value, source, target, assumptions).value for value in (0.25, 0.5))
    return math.isclose(two, 2 * one, rel_tol=1e-9)


def role(output: Mapping[str, Any]) -> str:
    """What keeps two outputs of one quantity apart: differences, batch sizes, and pure numbers by their symbols."""
    symbol, quantity = str(output["symbol"]), output["unit"]["quantity"]
    if symbol.startswith(("delta", "excess")):
        return "difference"
    if quantity in ("tokens", "examples") and (symbol in ("B", "bs") or symbol.startswith("B_")):
        return "batch size"
    return symbol if quantity in _BARE else "level"


def _cautions(outputs: Mapping[str, Mapping[str, Any]], unit: Unit, count: int) -> list[str]:
    """What to know of the comparison as a whole, from the outputs of the laws that answered."""
    cautions = []
    if count == 1:
        cautions.append("only one row has a value: there is nothing to compare it with")
    meanings = {output["symbol"]: output["meaning"] for output in outputs.values()}
    if len(meanings) > 1:
        listed = ", ".join(f"{symbol} ({meaning})" for symbol, meaning in meanings.items())
        cautions.append(f"the rows do not give the same: {listed}")
    if unit.quantity == "any":
        cautions.append(f"{next(iter(meanings))} stands for any quantity: only the fits' settings say which")
    if len(outputs) > 1 and (unit.quantity.endswith("/token") or unit.quantity == "perplexity"):
        cautions.append("a loss per token depends on tokenizer and text, and these laws were not fitted to the same")
    return cautions
