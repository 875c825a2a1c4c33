"""What Python users call: laws to evaluate, papers and laws by what they hold, queries and search.

Everything is read from the built database, so that a look-up needs neither the records nor their checker.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from scalinglaws import units
from scalinglaws.database import access
from scalinglaws.database.named_queries import NamedQuery, find_query, placeholders, positional, read_queries
from scalinglaws.finding import ranking
from scalinglaws.finding.filters import Conditions
from scalinglaws.finding.query import HAS
from scalinglaws.finding.signatures import fittings, signature_of
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula
from scalinglaws.formulas.expression import Call, FormulaError, flat_name
from scalinglaws.records.files import catalog_root, query_contents
from scalinglaws.units import NotConvertible, Unit, UnitError

#: The languages that a formula is written in.
LANGUAGES = ("python", "javascript", "latex", "sql")
MOST_DRAWS = 1_000_000


class UnknownName(LookupError):
    """No paper, law, fit or filter has this name; the message gives the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class AmbiguousFit(ValueError):
    """The law has several fits and none is the default; `choices` lists them."""

    def __init__(self, law: str, choices: Sequence[str]) -> None:
        self.choices = list(choices)
        super().__init__(
            f"{law} has {len(choices)} fits and none is the default: choose one of {', '.join(choices)}, "
            f"as in {law}/{choices[0]}"
        )


class InputError(ValueError):
    """A value that is missing, unknown or impossible; the message names the symbol."""


#: Names the database that is read where nothing else does: a file, or the URL of a server.
ENVIRONMENT = "SCALINGLAWS_DATABASE"

_connections: dict[str, access.Reader] = {}
_chosen: ContextVar[str | None] = ContextVar("database", default=None)


@contextmanager
def reading(path: str | os.PathLike[str] | None) -> Iterator[None]:
    """Within this, whatever names no database reads this one; with none, nothing changes."""
    token = _chosen.set(os.fspath(path) if path is not None else _chosen.get())
    try:
        yield
    finally:
        _chosen.reset(token)


def connect(path: str | os.PathLike[str] | None = None) -> access.Reader:
    """The database in use, opened read-only once.

    Args:
        path: a database file, or the URL of a server, `postgresql+psycopg://USER@HOST/DATABASE`; by default what the
            environment variable `SCALINGLAWS_DATABASE` names, else the checkout's file, else one built into the
            user's cache.

    Raises:
        InputError: for a URL of another kind.
        DatabaseError: if there is no such database, or it cannot be read.
    """
    place = os.fspath(path) if path is not None else _chosen.get() or os.environ.get(ENVIRONMENT)
    place = place or str(access.default_path())
    if place not in _connections:
        _connections[place] = _open(place)
    return _connections[place]


def _open(place: str) -> access.Reader:
    named = located(place)
    if isinstance(named, Path):
        return access.open_database(named)
    from scalinglaws.database.server import open_server  # noqa: PLC0415 - only where a server is named

    return open_server(named)


def located(place: str) -> Path | str:
    """Where a database is: a file's path, given as one or behind `sqlite:///`, or the URL of a PostgreSQL server.

    Raises:
        InputError: for a URL of another kind.
    """
    scheme, separator, rest = place.partition("://")
    if not separator:
        return Path(place)
    if scheme == "sqlite" and len(rest) > 1 and rest.startswith("/"):
        return Path(rest[1:])
    if scheme in ("postgresql+psycopg", "postgresql"):
        return place
    # The rest may hold a password.
    raise InputError(
        f"'{scheme}://...' is not supported; write sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE"
    )


def parse_number(text: str) -> float:
    """A number as people write it: `70e9`, `70B`, `1.4T`.

    Raises:
        InputError: if it is none, or not finite.
    """
    try:
        return units.parse_number(text)
    except UnitError as error:
        raise InputError(str(error)) from None


def parse_input(law: Law, name: str, text: str) -> float:
    """An input of a law as people write it: a number in the law's own unit, or one with a unit of its own.

    A unit that does not say how it counts is taken as the law counts. A symbol that only a constraint uses has no
    unit in the law: it is taken in plain ones, such as FLOP for PF-days.

    Args:
        law: the law that takes it.
        name: a variable, a coefficient, the output, or a symbol of a constraint.
        text: such as `70B`, `70B parameters` or `1e3 PF-day`.

    Raises:
        InputError: if the text cannot be read, or its unit cannot become the law's.
    """
    if units.is_number(text):
        return parse_number(text)
    try:
        amount = units.parse_quantity(text)
    except UnitError as error:
        raise InputError(str(error)) from None
    symbol = law.symbol(name)
    if symbol is not None and symbol["unit"] is None:
        raise InputError(f"{law.id} states no unit for it; write a plain number, not '{text}'")
    unit = Unit.of(symbol["unit"]) if symbol is not None else amount.unit.plain
    source = amount.unit if amount.unit.convention else amount.unit.counted(unit.convention)
    try:
        return units.convert(amount.value, source, unit).value
    except NotConvertible as error:
        assumed = " ".join(f"--assume {each}=..." for each in error.missing)
        remedy = f"convert it first: scalinglaws convert '{text}' '{unit}' {assumed}" if assumed else error.reason
        raise InputError(f"{law.id} counts {unit} here, not {source}; {remedy}") from error


@dataclass(frozen=True)
class Evaluation:
    """The value of a law at one point, and how far to trust it."""

    law: str
    fit: str | None
    inputs: dict[str, float]
    output: dict[str, Any]
    extrapolation: dict[str, dict[str, Any]]
    warnings: list[str] = field(default_factory=list)
    interval: dict[str, Any] | None = None

    @property
    def value(self) -> float:
        """The output itself."""
        return float(self.output["value"])

    def as_dict(self) -> dict[str, Any]:
        """The evaluation as `eval --json` prints it."""
        return {
            "law": self.law,
            "fit": self.fit,
            "inputs": self.inputs,
            "output": self.output,
            "interval": self.interval,
            "extrapolation": self.extrapolation,
            "warnings": self.warnings,
        }


@dataclass(frozen=True)
class SolvedFor:
    """The value of one variable that gives a stated output, and how far to trust it."""

    law: str
    fit: str | None
    inputs: dict[str, float]
    symbol: str
    value: float
    unit: dict[str, Any] | None
    method: str
    extrapolation: dict[str, dict[str, Any]]
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The solution as `solve --json` prints it."""
        return {
            "law": self.law,
            "fit": self.fit,
            "inputs": self.inputs,
            "solution": {"symbol": self.symbol, "value": self.value, "unit": self.unit},
            "method": self.method,
            "extrapolation": self.extrapolation,
            "warnings": self.warnings,
        }


@dataclass(frozen=True)
class Optimization:
    """Where a law is best under a constraint.

    Attributes:
        optimum: what was free.
        variables: variables of the law that follow from it.
        ratios: later free symbols over earlier ones, such as D/N.
        multiplier: change of the output per unit of the constraint's right side.
    """

    law: str
    fit: str | None
    given: dict[str, float]
    optimum: dict[str, float]
    variables: dict[str, float]
    output: dict[str, Any]
    ratios: dict[str, float]
    multiplier: float | None
    method: str
    extrapolation: dict[str, dict[str, Any]]
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The optimum as `optimize --json` prints it."""
        return {
            "law": self.law,
            "fit": self.fit,
            "given": self.given,
            "optimum": self.optimum,
            "variables": self.variables,
            "output": self.output,
            "ratios": self.ratios,
            "multiplier": self.multiplier,
            "method": self.method,
            "extrapolation": self.extrapolation,
            "warnings": self.warnings,
        }


class Law:
    """A law with at most one fit chosen: call it with its variables.

    Attributes:
        id: the law's id, `paper/law`.
        document: everything known about it, as `show --json` prints it.
    """

    def __init__(self, document: Mapping[str, Any], fit: str | None = None) -> None:
        self.document = dict(document)
        self.id: str = document["id"]
        self._named_fit = fit
        self._compiled: dict[str, Compiled] = {}
        if fit is not None:
            self.choose(fit)

    def __repr__(self) -> str:
        return f"<Law {self.id}{'/' + self._named_fit if self._named_fit else ''}: {self.expression}>"

    @property
    def name(self) -> str:
        """What a reader would call it."""
        return str(self.document["name"])

    @property
    def expression(self) -> str | None:
        """The formula in plain infix; none for a procedure."""
        expression = self.document["expression"]
        return None if expression is None else str(expression)

    @property
    def latex(self) -> str | None:
        """The formula in LaTeX; none for a procedure."""
        latex = self.document["latex"]
        return None if latex is None else str(latex)

    @property
    def fits(self) -> list[str]:
        """Ids of the fits it has or inherits."""
        return [str(each["id"]) for each in self.document["fits"]]

    @property
    def python(self) -> str:
        """Python source of the law, for NumPy arrays; see `source`."""
        return self.source()

    def choose(self, name: str | None = None) -> dict[str, Any] | None:
        """The fit's document: the one named, the only one, or the default.

        Raises:
            UnknownName: no fit has that name.
            AmbiguousFit: none is named and there are several without a default.
        """
        fits = self.document["fits"]
        name = name or self._named_fit
        if name is not None:
            for each in fits:
                if each["id"] == name or each["id"].endswith("/" + name):
                    return dict(each)
            slugs = [each["id"].rsplit("/", 1)[-1] for each in fits]
            if not slugs:
                raise UnknownName(f"{self.id} has no fits; give its coefficients as inputs")
            raise UnknownName(f"{self.id} has no fit '{name}'; it has {', '.join(slugs)}")
        if len(fits) == 1:
            return dict(fits[0])
        if self.document["default"]:
            return self.choose(self.document["default"])
        if fits:
            raise AmbiguousFit(self.id, [each["id"].rsplit("/", 1)[-1] for each in fits])
        return None

    @cached_property
    def _formula(self) -> Formula:
        if self.expression is None:
            raise EvaluationError(f"{self.id} is a procedure, not a formula: show it for its steps")
        document = self.document
        symbols = (*document["variables"], *document["coefficients"])
        return Formula.read(
            self.expression,
            document["where"],
            document["output"]["symbol"],
            document["bracket"],
            {each["symbol"]: each["flat"] for each in symbols if each["flat"]},
        )

    def _members(self, fit: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, list[str]]:
        """Members of each index set: the fit's, the law's own, or those that the inputs name."""
        members = {name: each["members"] for name, each in self.document["indices"].items() if each.get("members")}
        members |= fit["members"] if fit else {}
        for name in self._formula.index_sets:
            if name not in members:
                members[name] = self._named_members(name, given)
        return members

    def _named_members(self, index_set: str, given: Mapping[str, Any]) -> list[str]:
        for each in (*self.document["variables"], *self.document["coefficients"]):
            if each["over"] == [index_set]:
                pattern = each["flat"] or ""
                marker = "\0"
                shape = flat_name(each["symbol"], [marker], pattern or None)
                word = re.compile(re.escape(shape).replace(re.escape(marker), "(.+)"))
                digit = re.compile(re.escape(each["symbol"]) + r"(\d+)")
                found = [m.group(1) for name in given for m in [word.fullmatch(name) or digit.fullmatch(name)] if m]
                if found:
                    return list(dict.fromkeys(found))
        return []

    def _compile(self, members: Mapping[str, Sequence[str]]) -> Compiled:
        key = repr(sorted((name, tuple(each)) for name, each in members.items()))
        if key not in self._compiled:
            self._compiled[key] = Compiled(self._formula, members)
        return self._compiled[key]

    def _spread(self, inputs: Mapping[str, Any], members: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Inputs by flat name: an indexed symbol may be given whole, as a sequence or mapping over its members."""
        flat: dict[str, Any] = {}
        indexed = {
            each["symbol"]: each
            for each in (*self.document["variables"], *self.document["coefficients"])
            if len(each["over"]) == 1
        }
        for name, value in inputs.items():
            each = indexed.get(name)
            if each is None:
                flat[name] = value
                continue
            names = members.get(each["over"][0]) or [str(number + 1) for number in range(len(value))]
            values = [value[member] for member in names] if isinstance(value, Mapping) else list(value)
            if len(values) != len(names):
                raise InputError(f"{name} takes {len(names)} values ({', '.join(names)}), not {len(values)}")
            for member, one in zip(names, values, strict=True):
                flat[flat_name(name, [member], each["flat"])] = one
        return flat

    def _prepare(
        self,
        fit_name: str | None,
        inputs: Mapping[str, Any],
        *,
        without: Sequence[str] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> tuple[dict[str, Any] | None, Compiled, dict[str, Any]]:
        """The fit, the compiled law, and every value it needs, checked.

        `without` names symbols that are still to be found, `extra` those that only a constraint uses.
        """
        complete_alone = fit_name is None and self._named_fit is None and self._gives_every_coefficient(inputs)
        fit = None if complete_alone else self.choose(fit_name)
        members = self._members(fit, inputs)
        given = self._spread(inputs, members)
        compiled = self._compile(members)
        values: dict[str, Any] = {each["symbol"]: each["value"] for each in self.document["constants"]}
        values |= fit["values"] if fit else {}
        for name, value in given.items():
            if name not in compiled.arguments:
                raise InputError(self._unknown(name, compiled.arguments))
            if name in values:
                raise InputError(
                    f"{name} is fixed by {fit['id'] if fit else 'definition'}; leave it out, or choose another fit"
                )
            values[name] = self._checked(name, value)
        unknown = [name for name in without if name not in compiled.arguments and extra is None]
        if unknown:
            raise InputError(self._unknown(unknown[0], compiled.arguments))
        missing = [name for name in compiled.arguments if name not in values and name not in without]
        missing = [name for name in missing if name not in (extra or {})]
        if missing:
            raise InputError(self._missing(missing, fit))
        return fit, compiled, values

    def _gives_every_coefficient(self, inputs: Mapping[str, Any]) -> bool:
        """Whether the caller brings a value for every coefficient, so that no fit is needed."""
        coefficients = self.document["coefficients"]
        return bool(coefficients) and all(
            each["symbol"] in inputs or (each["over"] and any(name.startswith(each["symbol"]) for name in inputs))
            for each in coefficients
        )

    def _unknown(self, name: str, arguments: Sequence[str]) -> str:
        variables = self._variable_names(arguments)
        close = get_close_matches(name, variables, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]}?" if close else f"it takes {', '.join(variables) or 'nothing'}"
        if name == self.document["output"]["symbol"]:
            hint = f"{name} is what it gives; it takes {', '.join(variables)}"
        return f"{self.id} has no variable '{name}'; {hint}"

    def _variable_names(self, arguments: Sequence[str]) -> list[str]:
        indexed = tuple(each["symbol"] for each in self.document["variables"] if each["over"])
        plain = {each["symbol"] for each in self.document["variables"]}
        return [name for name in arguments if name in plain or (indexed and name.startswith(indexed))]

    def _missing(self, missing: Sequence[str], fit: Mapping[str, Any] | None) -> str:
        not_stated = [name for name in missing if fit and name in fit["not_stated"]]
        variables = [name for name in self._variable_names(missing) if name not in not_stated]
        coefficients = [name for name in missing if name not in variables and name not in not_stated]
        parts = []
        if variables:
            meanings = {each["symbol"]: each["meaning"] for each in self.document["variables"]}
            shown = ", ".join(f"{name} ({meanings[name]})" if name in meanings else name for name in variables)
            parts.append(f"{self.id} needs a value for {shown}")
        if not_stated:
            assert fit is not None
            example = f"{not_stated[0]}=..."
            parts.append(f"{fit['id']} does not state {', '.join(not_stated)}; give your own, as in {example}")
        if coefficients:
            parts.append(f"no fit of {self.id} gives {', '.join(coefficients)}; give your own")
        return "; ".join(parts)

    def _checked(self, name: str, value: Any) -> Any:
        variable = next((each for each in self.document["variables"] if each["symbol"] == name), None)
        if variable is None:
            indexed = [each for each in self.document["variables"] if each["over"] and name.startswith(each["symbol"])]
            variable = indexed[0] if indexed else None
        domain = variable["domain"] if variable else "real"
        if isinstance(value, bool | str):
            raise InputError(f"{name} takes a number, not {value!r}")
        if isinstance(value, int | float):
            return _in_domain(name, float(value), domain)
        import numpy as np  # noqa: PLC0415 - single numbers do without it

        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError(f"{name} takes numbers, not {type(value).__name__}") from None
        if array.size:
            for extreme in (array.min(), array.max()):
                _in_domain(name, float(extreme), domain)
        return float(array) if array.ndim == 0 else array

    def __call__(self, fit: str | None = None, **inputs: Any) -> Any:
        """The law's value.

        Args:
            fit: a fit, where the law was not taken with one.
            inputs: every variable by symbol, numbers or arrays that broadcast; and any coefficient that the fit
                does not state. An indexed variable may be given by flat names or whole.

        Returns:
            a float for single numbers, else a NumPy array.

        Raises:
            InputError: for a missing, unknown or impossible value.
            AmbiguousFit: when the law has several fits, no default, and none is chosen.
            EvaluationError: when the law has no value there, or several.
        """
        _, compiled, values = self._prepare(fit, inputs)
        return compiled(values)

    def evaluate(self, fit: str | None = None, draws: int = 0, **inputs: float) -> Evaluation:
        """The law's value at one point with what a reader should know: units, interval, extrapolation, warnings.

        Args:
            fit: a fit, where the law was not taken with one.
            draws: how many sets of coefficients to draw for the interval; with none the law is linearised. Where the
                source does not say how the coefficients vary together there is no interval.
            inputs: as in a call, single numbers.
        """
        if not 0 <= draws <= MOST_DRAWS:
            raise InputError(f"draws is a number from 0 to {MOST_DRAWS}, not {draws}")
        chosen, compiled, values = self._prepare(fit, inputs)
        value = compiled(values)
        if not isinstance(value, float):
            raise InputError("evaluate takes single numbers; call the law for arrays")
        output = self.document["output"]
        given = {
            name: values[name]
            for name in compiled.arguments
            if name in self._spread(inputs, self._members(chosen, inputs))
        }
        return Evaluation(
            law=self.id,
            fit=chosen["id"] if chosen else None,
            inputs=given,
            output={"symbol": output["symbol"], "value": value, "unit": output["unit"]},
            extrapolation=self._extrapolation(chosen, given),
            warnings=self._warnings(chosen, given) + self._interval_warnings(chosen),
            interval=self._interval(chosen, compiled, values, draws),
        )

    @staticmethod
    def _interval(
        fit: Mapping[str, Any] | None, compiled: Compiled, values: Mapping[str, Any], draws: int
    ) -> dict[str, Any] | None:
        if fit is None or not fit.get("covariance"):
            if draws:
                name = fit["id"] if fit else "what you gave"
                raise InputError(f"nothing says how the coefficients of {name} vary together: there is nothing to draw")
            return None
        from scalinglaws.formulas.uncertainty import interval  # noqa: PLC0415 - needed by few

        return interval(compiled, values, fit["covariance"], fit["residual"], draws=draws)

    @staticmethod
    def _interval_warnings(fit: Mapping[str, Any] | None) -> list[str]:
        if fit is None or fit.get("covariance") or not (fit["standard_errors"] or fit["intervals"]):
            return []
        return [
            "no interval: the source gives the spread of each coefficient but not how they vary together, "
            "and independent errors would overstate it many times over"
        ]

    def solve(
        self, symbol: str, fit: str | None = None, between: tuple[float, float] | None = None, **inputs: float
    ) -> float:
        """The value of one variable that gives a stated output; see `solution` for how it was found.

        Args:
            symbol: the variable to solve for.
            fit: a fit, where the law was not taken with one.
            between: where to look; everywhere that makes sense if left out.
            inputs: the output by its symbol, every other variable, and any coefficient the fit does not state.

        Raises:
            NoSolution: when no value gives it; the message says what the law can give.
            SeveralSolutions: when more than one does.
        """
        return self.solution(symbol, fit, between, **inputs).value

    def solution(
        self, symbol: str, fit: str | None = None, between: tuple[float, float] | None = None, **inputs: float
    ) -> SolvedFor:
        """As `solve`, with the method, the units and the warnings."""
        from scalinglaws.formulas.solution import NoSolution, solve  # noqa: PLC0415 - needed by few

        output = self.document["output"]
        if output["symbol"] not in inputs:
            raise InputError(f"give the output to reach, as in {output['symbol']}=...")
        target = self._checked(output["symbol"], inputs.pop(output["symbol"]))
        if symbol == output["symbol"]:
            raise InputError(f"{symbol} is what the law gives: evaluate it")
        if symbol in inputs:
            raise InputError(f"{symbol} is to be solved for and given at once; leave {symbol}=... out")
        chosen, compiled, values = self._prepare(fit, inputs, without=(symbol,))
        variable = self.variable(symbol)
        domain = variable["domain"] if variable else "real"
        try:
            found = solve(compiled, values, symbol, target, domain=domain, between=between)
        except NoSolution as error:
            raise NoSolution(self._unreachable(str(error), compiled, values, symbol, domain, target)) from None
        given = {name: values[name] for name in compiled.arguments if name in inputs}
        return SolvedFor(
            law=self.id,
            fit=chosen["id"] if chosen else None,
            inputs={output["symbol"]: target, **given},
            symbol=symbol,
            value=found.value,
            unit=variable["unit"] if variable else None,
            method=found.method,
            extrapolation=self._extrapolation(chosen, {**given, symbol: found.value}),
            warnings=self._warnings(chosen, {**given, symbol: found.value}),
        )

    def _unreachable(
        self, message: str, compiled: Compiled, values: Mapping[str, float], symbol: str, domain: str, target: float
    ) -> str:
        from scalinglaws.formulas.solution import reach  # noqa: PLC0415 - needed by few

        output = self.document["output"]["symbol"]
        reached = reach(compiled, values, symbol, domain)
        if reached is None:
            return f"{message} ({output} = {target:g})"
        low, high = reached
        text = (
            f"no {symbol} gives {output} = {target:g}: with these inputs the law lies between {low:.6g} and {high:.3g}"
        )
        everything = {name: 1e60 for name in compiled.arguments if name in self._variable_names(compiled.arguments)}
        try:
            floor = compiled({**values, **everything})
        except EvaluationError:
            return text
        named = [name for name, value in values.items() if value and math.isclose(value, floor, rel_tol=1e-9)]
        return f"{text}; the law's floor is {named[0]} = {floor:g}" if named and target <= low else text

    def variable(self, name: str) -> Mapping[str, Any] | None:
        """The variable that a flat name stands for; none where it is a coefficient or unknown."""
        for each in self.document["variables"]:
            if each["symbol"] == name or (each["over"] and name.startswith(each["symbol"])):
                return dict(each)
        return None

    def symbol(self, name: str) -> Mapping[str, Any] | None:
        """What the law says of a flat name: of a variable, a coefficient or the output; none where it is unknown."""
        if name == self.document["output"]["symbol"]:
            return dict(self.document["output"])
        coefficients = (
            each
            for each in self.document["coefficients"]
            if each["symbol"] == name or (each["over"] and name.startswith(each["symbol"]))
        )
        return self.variable(name) or next(coefficients, None)

    def optimize(
        self,
        over: Sequence[str],
        subject_to: str | None = None,
        *,
        fit: str | None = None,
        lets: Mapping[str, str] | None = None,
        highest: bool | None = None,
        **inputs: float,
    ) -> Optimization:
        """The best value of the law over some variables, under at most one constraint.

        Args:
            over: the variables (or symbols of the constraint) that are free.
            subject_to: an equation over symbols, such as `6*N*D = C`, in the units of the law.
            fit: a fit, where the law was not taken with one.
            lets: variables of the law in terms of free symbols, such as `{"N": "516*d**2*n"}`.
            highest: look for the highest value; by default what is better for the output.
            inputs: every other variable, and every other symbol of the constraint.

        Raises:
            NoOptimum: when the law goes on improving without bound.
            InputError: for a missing or unknown symbol.
        """
        from scalinglaws.formulas import expression, optimum  # noqa: PLC0415 - needed by few
        from scalinglaws.formulas.calculus import NotInvertible  # noqa: PLC0415

        over = [over] if isinstance(over, str) else list(over)
        direction = self.document["output"]["direction"]
        if highest is None and direction not in ("lower", "higher"):
            raise InputError(f"neither end of {self.document['output']['symbol']} is better: say which to look for")
        highest = direction == "higher" if highest is None else highest
        try:
            constraint = expression.parse(subject_to) if subject_to else None
            substitutions = {name: expression.parse(text) for name, text in (lets or {}).items()}
        except FormulaError as error:
            raise InputError(str(error)) from error
        if constraint is not None and not isinstance(constraint, expression.Equation):
            raise InputError(f"a constraint is an equation such as 6*N*D = C, not '{subject_to}'")
        self._check_dimensions(constraint)
        outside = {*substitutions, *over}
        extra = optimum.free_symbols(*([constraint] if constraint else []), *substitutions.values())
        own = {name: value for name, value in inputs.items() if name in extra}
        chosen, compiled, values = self._prepare(
            fit, {name: value for name, value in inputs.items() if name not in own}, without=tuple(outside), extra=own
        )
        values |= {name: _in_domain(name, float(value), "real") for name, value in own.items()}
        missing = [name for name in extra if name not in values and name not in outside]
        if missing:
            raise InputError(f"the constraint needs a value for {', '.join(missing)}")
        unused = [name for name in over if name not in extra and name not in compiled.arguments]
        if unused:
            raise InputError(f"{', '.join(unused)} stands neither in the law nor in the constraint")
        try:
            found = optimum.optimize(compiled, values, over, constraint=constraint, lets=substitutions, highest=highest)
        except NotInvertible as error:
            raise InputError(str(error)) from error
        given = {name: values[name] for name in inputs if name in values}
        at = {**values, **found.values}
        for name, node in substitutions.items():
            at[name] = optimum.number(node, at)
        everywhere = {name: at[name] for name in compiled.arguments if self.variable(name) and name in at}
        output = self.document["output"]
        return Optimization(
            law=self.id,
            fit=chosen["id"] if chosen else None,
            given=given,
            optimum=found.values,
            variables={name: value for name, value in everywhere.items() if name not in found.values},
            output={"symbol": output["symbol"], "value": found.output, "unit": output["unit"]},
            ratios={
                f"{second}/{first}": found.values[second] / found.values[first]
                for number, first in enumerate(over)
                for second in over[number + 1 :]
            },
            multiplier=found.multiplier,
            method=found.method,
            extrapolation=self._extrapolation(chosen, everywhere),
            warnings=self._unit_warnings(extra) + self._warnings(chosen, everywhere),
        )

    def _check_dimensions(self, constraint: Any) -> None:
        from scalinglaws.formulas.dimensions import DimensionError, dimension  # noqa: PLC0415 - needed by few

        quantities = {each["symbol"]: each["unit"]["quantity"] for each in self.document["variables"]}
        try:
            if constraint is not None:
                dimension(constraint, quantities)
        except DimensionError as error:
            raise InputError(str(error)) from error

    def _unit_warnings(self, symbols: Sequence[str]) -> list[str]:
        """Where a constraint must be written in units that are not plain."""
        return [
            f"{each['symbol']} counts {each['unit']['scale']:g} {each['unit']['quantity']} in this law: "
            "the constraint is taken in that unit"
            for each in self.document["variables"]
            if each["symbol"] in symbols and each["unit"]["scale"] != 1
        ]

    def _extrapolation(self, fit: Mapping[str, Any] | None, given: Mapping[str, float]) -> dict[str, dict[str, Any]]:
        result = {}
        for each in self.document["variables"]:
            for name in given:
                if name != each["symbol"] and not (each["over"] and name.startswith(each["symbol"])):
                    continue
                fitted = (fit or {}).get("fitted_range", {}).get(name) or each["fitted_range"]
                if fitted is not None:
                    result[name] = {"fitted_range": fitted, "decades_outside": _decades(given[name], *fitted)}
        return result

    def _warnings(self, fit: Mapping[str, Any] | None, given: Mapping[str, float]) -> list[str]:
        warnings = self.unusual(given)
        own = [name for name in given if name not in self._variable_names(list(given))]
        if own:
            warnings.append(f"{', '.join(own)}: your own value, not from a source")
        if fit is not None:
            warnings += fit_warnings(fit)
        for name, each in self._extrapolation(fit, given).items():
            if each["decades_outside"]:
                low, high = each["fitted_range"]
                side = "above" if each["decades_outside"] > 0 else "below"
                decades = abs(each["decades_outside"])
                warnings.append(f"{name} lies {decades:.2g} decades {side} the fitted range {low:g} to {high:g}")
        return warnings

    @property
    def javascript(self) -> str:
        """An ES module that exports `law(values)`; see `source`."""
        return self.source("javascript")

    def unusual(self, given: Mapping[str, float]) -> list[str]:
        """What a reader may take for something else: how inputs and output are counted, and decimal logarithms."""
        symbols = [each for each in self.document["variables"] if any(self.variable(name) == each for name in given)]
        output = self.document["output"]
        notes = [
            f"{each['symbol']} {'is in' if '/' in each['unit']['quantity'] else 'counts'} {text}"
            for each in [*symbols, output]
            for text in [units.unusual(Unit.of(each["unit"]))]
            if text
        ]
        formula = self._formula
        inside = formula.symbols_within("log10")
        decimal = [each["symbol"] for each in symbols if each["symbol"] in inside]
        if decimal:
            notes.append(f"the formula takes decimal logarithms (log10, not the natural ones) of {', '.join(decimal)}")
        if isinstance(formula.root, Call) and formula.root.function.startswith("log"):
            kind = {"log": "natural", "log2": "binary", "log10": "decimal"}[formula.root.function]
            notes.append(f"{output['symbol']} is itself a {kind} logarithm")
        return notes

    def source(self, language: str = "python", fit: str | None = None) -> str:
        """The formula in a language, ready to paste.

        Args:
            language: `python` (a function for NumPy arrays), `javascript` (an ES module that exports
                `law(values)`), `latex`, or `sql` (an expression over columns named like the symbols).
            fit: the fit whose index sets are written out, for a law with sums over sets that fits differ in.

        Raises:
            InputError: for a language the catalog does not write.
            EvaluationError: for a procedure, or what the language cannot say.
        """
        if language not in LANGUAGES:
            raise InputError(
                f"the formula is written as {', '.join(LANGUAGES[:-1])} or {LANGUAGES[-1]}, not {language}"
            )
        if language == "latex":
            if self.latex is None:
                raise EvaluationError(f"{self.id} is a procedure, not a formula: show it for its steps")
            return self.latex + "\n"
        compiled = self.compiled(fit)
        title = f"{self.name}; {self.id} in the Scaling Laws Catalog."
        if language == "javascript":
            return compiled.javascript(comment=title)
        if language == "sql":
            from scalinglaws.formulas.sql_source import NotInSql  # noqa: PLC0415 - needed by few

            try:
                return compiled.sql() + "\n"
            except NotInSql as error:
                raise EvaluationError(str(error)) from error
        name = re.sub(r"\W", "_", self.id.split("/")[-1])
        return compiled.source(name if name[0].isalpha() else f"law_{name}", docstring=title.replace('"', "'"))

    def compiled(self, fit: str | None = None) -> Compiled:
        """The formula compiled, its sums and products written out.

        Args:
            fit: the fit whose index sets are taken; else the one named, the default, the first, or, for a law
                without fits, the sets that its first worked example spells.

        Raises:
            EvaluationError: for a procedure, or an index set that nothing gives members to.
        """
        chosen, spelt = None, {}
        if self._formula.index_sets:
            named = fit or self._named_fit or self.document["default"]
            chosen = self.choose(fit) if named else next(iter(self.document["fits"]), None)
            spelt = next(({**each["inputs"], **each["coefficients"]} for each in self.document["checks"]), {})
        try:
            return self._compile(self._members(chosen, spelt))
        except FormulaError as error:
            raise EvaluationError(str(error)) from error


def fit_warnings(fit: Mapping[str, Any]) -> list[str]:
    """What to know before trusting a fit: recalled values, low confidence, who disputes it, what replaced it."""
    basis = {name: source["basis"] for name, source in fit["sources"].items()}
    recalled = [name for name in fit["values"] if basis.get(name, fit["basis"]) == "recalled"]
    warnings = [f"{', '.join(recalled)}: recalled, no source was seen"] if recalled else []
    if fit["confidence"] == "low":
        warnings.append(f"confidence in {fit['id']} is low")
    warnings += [f"{fit['id']} is disputed by {each['paper']}: {each['reason']}" for each in fit["disputed_by"]]
    if fit["superseded_by"]:
        warnings.append(f"{fit['id']} was replaced by {fit['superseded_by']}")
    return warnings


def _in_domain(name: str, value: float, domain: str) -> float:
    if not math.isfinite(value):
        raise InputError(f"{name} must be a finite number, not {value}")
    if domain == "positive" and value <= 0:
        raise InputError(f"{name} must be greater than zero, not {value:g}")
    if domain == "nonnegative" and value < 0:
        raise InputError(f"{name} must not be negative, not {value:g}")
    if domain == "fraction" and not 0 <= value <= 1:
        raise InputError(f"{name} is a fraction and must lie between 0 and 1, not {value:g}")
    return value


def _decades(value: float, low: float, high: float) -> float:
    """How far outside a range a value lies, in decades: negative below, zero inside."""
    if low <= value <= high:
        return 0.0
    edge = low if value < low else high
    if value <= 0 or edge <= 0:
        return math.copysign(math.inf, value - edge) if edge == 0 else (value - edge) / abs(edge)
    return math.log10(value / edge)


def law(name: str, fit: str | None = None, *, path: str | os.PathLike[str] | None = None) -> Law:
    """A law by id, `paper/law` or `paper/law/fit`, or by an alias.

    Args:
        name: the id.
        fit: one of its fits.
        path: a database file or a server's URL, if not the default one.

    Raises:
        UnknownName: no law or fit has that name; the message gives the nearest.
    """
    connection = connect(path)
    found = access.document(connection, name)
    if found is not None and found["kind"] == "law":
        return Law(found, fit)
    if name.count("/") == 2:
        head, _, tail = name.rpartition("/")
        parent = access.document(connection, head)
        if parent is not None and parent["kind"] == "law":
            return Law(parent, fit or tail)
    raise UnknownName(_nearest(connection, name, found))


def _nearest(connection: access.Reader, name: str, found: Mapping[str, Any] | None = None) -> str:
    if found is not None and found["kind"] == "paper":
        laws_of = ", ".join(found["laws"]) or "none"
        return f"'{name}' is a paper; its laws are {laws_of}"
    if found is not None and found["kind"] == "accounting":
        return f"'{name}' is no law: flops counts with its formulas, and show prints them"
    if found is not None and found["kind"] == "dataset":
        behind = ", ".join(found["laws"]) or "none in the catalog"
        return f"'{name}' is a dataset; the laws that it stands behind are {behind}"
    ids = access.known_ids(connection)
    close = get_close_matches(name, ids, n=3, cutoff=0.5) or [each for each in ids if name.lower() in each.lower()][:3]
    hint = f"did you mean {' or '.join(close)}?" if close else "scalinglaws search finds ids by words"
    return f"nothing is called '{name}'; {hint}"


def show(name: str, *, path: str | os.PathLike[str] | None = None) -> dict[str, Any]:
    """Everything known about a paper, law, fit or dataset, or of `accounting`, as plain values.

    Raises:
        UnknownName: nothing has that name; the message gives the nearest.
    """
    connection = connect(path)
    found = access.document(connection, name)
    if found is not None:
        return found
    if name.count("/") == 2:
        chosen = law(name, path=path).choose()
        assert chosen is not None
        return {**chosen, "kind": "fit"}
    raise UnknownName(_nearest(connection, name))


def _conditions(
    connection: access.Reader, question: str | None, topic: str | None, has: str | None
) -> tuple[list[str], Conditions]:
    """Conditions over paper p and law l."""
    if has is not None and has not in HAS:
        raise UnknownName(f"nothing is known by has '{has}'; it takes {', '.join(HAS)}")
    made = Conditions(connection)
    found = ["p.recorded"]
    if question is not None:
        found.append(made.question(question, "p.key"))
    if topic is not None:
        found.append(made.topic(topic, "p.key"))
    if has is not None:
        found.append(made.has(has, "p.key", "l.id"))
    return found, made


def papers(
    question: str | None = None,
    topic: str | None = None,
    given: Sequence[str] = (),
    want: str | None = None,
    has: str | None = None,
    *,
    path: str | os.PathLike[str] | None = None,
) -> list[dict[str, Any]]:
    """Papers with a record, by what they bear on and what their laws hold.

    Args:
        question: a research question, such as `RQ1`.
        topic: a topic of the taxonomy, with those beneath it.
        given: symbols that one of its laws takes.
        want: symbol that the same law gives (or can be solved for).
        has: `code`, `data`, `interval` or `reproduction`.
        path: a database file or a server's URL, if not the default one.
    """
    connection = connect(path)
    with _unknown_names():
        conditions, made = _conditions(connection, question, topic, has)
        if given or want is not None:
            conditions.append(signature_of(connection, given, want).holds(made.values, fewer=False))
    rows = access.run_query(
        connection,
        "SELECT DISTINCT p.key AS key, p.label AS label, p.year AS year, p.title AS title, "  # noqa: S608
        "(SELECT count(*) FROM law n WHERE n.paper = p.key) AS laws "
        f"FROM paper p LEFT JOIN law l ON l.paper = p.key WHERE {' AND '.join(conditions)} "
        "ORDER BY p.year NULLS FIRST, p.key",
        made.values,
    )
    return list(rows)


@contextmanager
def _unknown_names() -> Iterator[None]:
    """What a search refuses as a value is an unknown name here."""
    try:
        yield
    except access.QueryError as error:
        raise UnknownName(str(error)) from error


def laws(
    question: str | None = None,
    topic: str | None = None,
    given: Sequence[str] = (),
    want: str | None = None,
    has: str | None = None,
    *,
    path: str | os.PathLike[str] | None = None,
) -> list[dict[str, Any]]:
    """Laws, by the filters of `papers` and by their variables, like functions by signature.

    Args:
        question: as for `papers`.
        topic: as for `papers`.
        given: what one has, in any order: symbols such as `N`, or words such as `parameters`. Found are laws that take
            it all and, after those that take just this, laws that take less of it or more besides.
        want: what one wants to know: the law's output, or a variable that it can be solved for.
        has: as for `papers`.
        path: a database file or a server's URL, if not the default one.

    Returns:
        by id, or with `given` or `want` those first that fit best; then `signature` says how each fits.
    """
    connection = connect(path)
    with _unknown_names():
        conditions, made = _conditions(connection, question, topic, has)
        signature = signature_of(connection, given, want) if given or want is not None else None
        if signature is not None:
            conditions.append(signature.holds(made.values))
    chosen = f"FROM law l JOIN paper p ON p.key = l.paper WHERE {' AND '.join(conditions)}"
    rows = access.run_query(
        connection,
        "SELECT l.id AS id, l.name AS name, l.expression AS expression, l.output_symbol AS output, "  # noqa: S608
        "(SELECT group_concat(symbol, ', ') FROM ("
        "SELECT symbol FROM variable v WHERE v.law = l.id ORDER BY position) s) AS variables, "
        "(SELECT count(*) FROM fit f WHERE f.law = coalesce(l.follows, l.id)) AS fits, l.rung AS rung "
        f"{chosen} ORDER BY l.id",
        made.values,
    )
    if signature is None:
        return list(rows)
    by_id = {row["id"]: row for row in rows}
    ways = fittings(connection, signature, f"SELECT l.id {chosen}", made.values)
    return [{**by_id[way.law], "signature": way.as_dict()} for way in ways]


def query(
    statement: str | None = None,
    parameters: Sequence[Any] | Mapping[str, Any] = (),
    *,
    name: str | None = None,
    path: str | os.PathLike[str] | None = None,
    **values: Any,
) -> access.Rows:
    """The rows that one SELECT over the survey database gives, or a named query.

    Args:
        statement: the SELECT, with `?` or `:name` where a value is to be filled in.
        parameters: a value for each `?` in turn, or values by name.
        name: a named query to run instead; `queries` lists them.
        path: a database file or a server's URL, if not the default one.
        values: values by name, such as `since=2022`; of a named query those that are to differ from its defaults.

    Raises:
        QueryError: for a statement that is malformed, writes, or takes too long.
        UnknownName: no query has that name; the message gives the nearest.
        InputError: for a value that is missing, or that nothing asks for.
    """
    sql, bound = asked_query(statement, parameters, name, values)
    return access.run_query(connect(path), sql, bound)


def asked_query(
    statement: str | None,
    parameters: Sequence[Any] | Mapping[str, Any],
    name: str | None,
    values: Mapping[str, Any],
) -> tuple[str, Sequence[Any]]:
    """The SELECT that a call of `query` means, with a value for each `?` in it; see there."""
    if (statement is None) == (name is None):
        raise InputError("give a SELECT, or the name of a named query: one of them")
    if not isinstance(parameters, Mapping):
        if parameters and (values or name is not None):
            raise InputError("give values by name, or a value for each ? of a SELECT: one of them")
        if parameters or (statement is not None and not values and not placeholders(statement)):
            return str(statement), parameters
        parameters = {}
    given = {**parameters, **values}
    if name is not None:
        named = named_query(name)
        try:
            return positional(named.sql, named.values(given))
        except ValueError as error:
            raise InputError(str(error)) from None
    assert statement is not None
    wanted = placeholders(statement)
    missing = [each for each in wanted if each not in given]
    if missing:
        raise InputError(f"the statement asks for {', '.join(missing)}; give {missing[0]}=...")
    unknown = [each for each in given if each not in wanted]
    if unknown:
        raise InputError(f"the statement has no :{unknown[0]}; it asks for {', '.join(wanted) or 'nothing'}")
    return positional(statement, given)


def queries() -> dict[str, NamedQuery]:
    """The named queries, from which the site's tables and figures come, by name: each with the question it answers."""
    return read_queries(query_contents(catalog_root()))


def named_query(name: str) -> NamedQuery:
    """One of them, by its name or by one that it had formerly.

    Raises:
        UnknownName: no query has that name; the message gives the nearest.
    """
    known = queries()
    found = find_query(known, name)
    if found is None:
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "query --list gives the names"
        raise UnknownName(f"there is no named query '{name}'; {hint}")
    return found


def search(words: str, limit: int = 20, *, path: str | os.PathLike[str] | None = None) -> list[dict[str, Any]]:
    """Papers, laws, claims, datasets, questions and topics, best first.

    Args:
        words: words, `"phrases"`, `-words` to leave out, `OR` between two, and filters such as `has:code` or
            `year:2020..2023`; `finding.query.FIELDS` lists them.
        limit: at most so many.
        path: a database file or a server's URL, if not the default one.

    Raises:
        QueryError: where the search cannot be read, or names an unknown field or value; with the nearest ones.
    """
    return ranking.search(connect(path), words, limit)
