"""Counts a Transformer's parameters and FLOP from its shape, by the formulas of `accounting.yaml`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from numbers import Real
from typing import Any

from scalinglaws.formulas import expression
from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.formulas.expression import Node, Symbol

#: What a rule's formula for training calls the FLOP of its own forward pass.
FORWARD = "forward"
#: The largest number up to which every whole one is told from the next.
_LARGEST = 2.0**53


class ShapeError(ValueError):
    """A shape that no model has; the message names the symbol."""


@dataclass(frozen=True)
class Tally:
    """What the formulas give for one shape.

    Attributes:
        counts: every count by symbol, parameters or FLOP per token by its unit.
        sizes: the counts that are conventions of model size, by convention.
        forward: FLOP of the forward pass per token, by rule.
        training: FLOP of training per token, by rule.
        cautions: what to beware of with this shape.
    """

    counts: dict[str, float]
    sizes: dict[str, float]
    forward: dict[str, float]
    training: dict[str, float]
    cautions: list[str]


class Accountant:
    """The formulas of `accounting.yaml`, compiled on first use.

    Args:
        document: symbols, counts, rules and cautions in their order, as the catalog's document `accounting` has them.

    Raises:
        FormulaError: for an expression outside the language.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.symbols: dict[str, dict[str, Any]] = {each["symbol"]: dict(each) for each in document["symbols"]}
        self.defaults = {
            name: expression.parse(each["default"]) for name, each in self.symbols.items() if each["default"]
        }
        self.counts = {each["symbol"]: expression.parse(each["expression"]) for each in document["counts"]}
        self.conventions = {
            each["unit"]["convention"]: each["symbol"] for each in document["counts"] if each["unit"]["convention"]
        }
        self.rules = {
            each["id"]: (expression.parse(each["forward"]), expression.parse(each["training"]))
            for each in document["rules"]
        }
        self.cautions = [(expression.parse(each["when"]), str(each["text"])) for each in document["cautions"]]

    @cached_property
    def _compiled(self) -> dict[Node, Compiled]:
        nodes = [*self.defaults.values(), *self.counts.values(), *(node for node, _ in self.cautions)]
        nodes += [node for rule in self.rules.values() for node in rule]
        return {node: Compiled(Formula(node)) for node in nodes}

    def complete(self, given: Mapping[str, Any]) -> dict[str, float]:
        """A shape with all that is given and what follows by default, in the order of the catalog.

        Args:
            given: numbers by symbol.

        Raises:
            ShapeError: for a symbol that is unknown or missing, and a number that is impossible.
        """
        for name in given:
            if name not in self.symbols:
                raise ShapeError(self._unknown(name))
        shape: dict[str, float] = {}
        missing = []
        for name, symbol in self.symbols.items():
            if name in given:
                shape[name] = _checked(symbol, given[name])
            elif name in self.defaults and set(expression.symbols(self.defaults[name])) <= set(shape):
                shape[name] = self._default(name, shape)
            elif name not in self.defaults and not symbol["optional"]:
                missing.append(f"{name} ({symbol['meaning']})")
        if missing:
            raise ShapeError(f"the shape needs a value for {', '.join(missing)}")
        for name, symbol in self.symbols.items():
            bound = symbol["at_most"]
            if bound and shape[name] > shape[bound]:
                raise ShapeError(f"{name} must not exceed {bound}: {shape[name]:.15g} against {shape[bound]:.15g}")
        return shape

    def _unknown(self, name: str) -> str:
        close = get_close_matches(name, self.symbols, n=1, cutoff=0.5)
        return f"a shape has no '{name}'; " + (
            f"did you mean {close[0]}?" if close else f"it takes {', '.join(self.symbols)}"
        )

    def _default(self, name: str, shape: Mapping[str, float]) -> float:
        value = self._compiled[self.defaults[name]](shape)
        if value != int(value):
            text = self.symbols[name]["default"]
            raise ShapeError(f"{name} is {text} if left out, here {value:.6g} and no whole number; give {name}")
        return float(value)

    def tally(self, shape: Mapping[str, float]) -> Tally:
        """Every count and rule for a shape that `complete` gave."""
        values = dict(shape)
        for name, node in self.counts.items():
            values[name] = self._compiled[node](values)
        forward, training = {}, {}
        for name, (one, two) in self.rules.items():
            forward[name] = self._compiled[one](values)
            training[name] = self._compiled[two]({**values, FORWARD: forward[name]})
        return Tally(
            counts={name: values[name] for name in self.counts},
            sizes={convention: values[name] for convention, name in self.conventions.items()},
            forward=forward,
            training=training,
            cautions=[text for node, text in self.cautions if self._compiled[node](values)],
        )

    def javascript(self, comment: str = "") -> str:
        """An ES module that exports `tally(values)`: the shape with every default, count, rule and caution by name.

        The forward pass of the rule `six-n` is called `forward_six_n` there, its training `training_six_n`, and the
        first caution `caution_0`.
        """
        from scalinglaws.formulas.javascript_source import parts_source  # noqa: PLC0415 - needed by the site alone

        parts = dict(self.counts)
        for name, (one, two) in self.rules.items():
            own = rule_symbol(FORWARD, name)
            parts[own] = one
            parts[rule_symbol("training", name)] = expression.replace_symbols(two, {FORWARD: Symbol(own)})
        parts |= {f"caution_{number}": node for number, (node, _) in enumerate(self.cautions)}
        return parts_source("tally", list(self.symbols), self.defaults, parts, comment=comment)


def rule_symbol(part: str, rule: str) -> str:
    """How one part of a rule is called where a symbol is wanted: `forward_six_n`."""
    return f"{part}_{rule.replace('-', '_')}"


def _checked(symbol: Mapping[str, Any], value: Any) -> float:
    name = symbol["symbol"]
    switch = symbol["values"] == "switch"
    if (isinstance(value, bool) and not switch) or not isinstance(value, Real):
        raise ShapeError(f"{name} takes a number, not {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ShapeError(f"{name} takes a finite number, not {number}")
    if switch and number not in (0, 1):
        raise ShapeError(f"{name} is 1 for yes or 0 for no, not {number:.15g}")
    if not switch and (number < 1 or number != int(number)):
        raise ShapeError(f"{name} is a whole number from 1, not {number:.15g}")
    if number > _LARGEST:
        raise ShapeError(f"{name} is at most {_LARGEST:.0f}, not {number:.6g}")
    return number
