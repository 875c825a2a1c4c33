"""Fits a law, or any formula, to a table of runs: `sl.fit`."""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws import library
from scalinglaws.fitting import diagnostics, optimizers, starts
from scalinglaws.fitting.derivatives import Derivatives, ImplicitDerivatives, linear_coefficients
from scalinglaws.fitting.objective import OBJECTIVES, Objective
from scalinglaws.fitting.search import Found, Problem, minimise, objective_of
from scalinglaws.fitting.spans import roles
from scalinglaws.fitting.table import Runs, TableError, runs
from scalinglaws.formulas.calculus import NotDifferentiable
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula
from scalinglaws.formulas.expression import Equation, FormulaError, Node, Symbol, parse, replace_symbols, symbols
from scalinglaws.library import InputError

Array = NDArray[np.float64]
INITIALISATIONS = ("data", "grid", "random")
STARTS = 12
_ILL_CONDITIONED = 1e12
_MOST_GRID = 20_000
#: Guesses are made from so many rows at most. Where less than one start in four reaches the best minimum,
#: three times as many are tried besides.
_ENOUGH_ROWS = 500
_FEW, _AGAIN = 4, 3


@dataclass(frozen=True)
class Fitted:
    """A law fitted to a table.

    Attributes:
        law: the law's id; none for a formula of the caller's.
        formula: what was fitted.
        output: the symbol it gives.
        coefficients: the values found, with those that were fixed or tied.
        objective: the plain sum over the fitted rows at these values.
        r2: share of the output's variance that the law explains, on the raw scale.
        rmse_log: root mean square of the log residuals; none where the output is not positive.
        n: rows fitted.
        dropped: rows left out, by reason.
        starts: how many, how many agree on the best minimum, and the spread of the others.
        intervals: 95 % of each coefficient, from the bootstrap.
        covariance: of the bootstrap, as a record holds it.
        holdout: errors on rows that were only predicted.
        identifiability: condition, flat directions, coefficients at bounds.
        profiles, cross_validation, sensitivity: where asked for.
        settings: how it was fitted.
        warnings: what to know before trusting it.
        seconds: how long it took.
    """

    law: str | None
    formula: str
    output: str
    coefficients: dict[str, float]
    objective: float
    r2: float | None
    rmse_log: float | None
    n: int
    dropped: dict[str, list[int]]
    starts: dict[str, Any]
    identifiability: dict[str, Any]
    settings: dict[str, Any]
    intervals: dict[str, dict[str, float]] = field(default_factory=dict)
    covariance: dict[str, Any] | None = None
    holdout: dict[str, Any] | None = None
    profiles: dict[str, Any] = field(default_factory=dict)
    cross_validation: dict[str, Any] | None = None
    sensitivity: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    _compiled: Compiled | None = field(default=None, repr=False, compare=False)
    _session: Session | None = field(default=None, repr=False, compare=False)
    _resampled: Array | None = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        # The rows and what was compiled for them stay where the fit was made.
        return {**self.__dict__, "_session": None, "_resampled": None}

    def __call__(self, **inputs: Any) -> Any:
        """The fitted law's value; numbers or arrays that broadcast."""
        assert self._compiled is not None
        missing = [name for name in self._compiled.arguments if name not in inputs and name not in self.coefficients]
        if missing:
            raise InputError(f"the fitted law needs a value for {', '.join(missing)}")
        return self._compiled({**self.coefficients, **inputs})

    @property
    def free(self) -> list[str]:
        """The coefficients that were fitted, neither fixed nor tied."""
        return list(self.session.names)

    @property
    def session(self) -> Session:
        """The rows and the law, for further questions to them."""
        if self._session is None:
            raise InputError("this fit came from another process and no longer has its rows; fit the table again")
        return self._session

    @property
    def residuals(self) -> Array:
        """Residuals of the fitted rows, on the scale of the fit."""
        return self.session.residuals(self.coefficients)

    def at(self, coefficients: Mapping[str, float]) -> dict[str, float | None]:
        """Objective, R2 and root mean square of the log at other values of the coefficients, on the same rows.

        All are none where the law has no value for some row.
        """
        return self.session.at(coefficients)

    def search_from(self, coefficients: Mapping[str, float]) -> tuple[dict[str, float], float]:
        """Where a search from these values alone ends: the coefficients there, and their objective."""
        return self.session.search_from(coefficients)

    def band(self, points: int = 33) -> dict[str, Any]:
        """The law along its first variable, the others at their medians, with the 95 % band of the bootstrap."""
        return self.session.band(self.coefficients, self._resampled, points)

    def as_dict(self) -> dict[str, Any]:
        """The fit as `fit --json` prints it."""
        names = (
            "law formula output coefficients objective r2 rmse_log n dropped starts intervals covariance holdout "
            "identifiability profiles cross_validation sensitivity settings warnings seconds"
        )
        return {name: _plain(getattr(self, name)) for name in names.split()}


def _plain(value: Any) -> Any:
    """A value as JSON can hold it: none for what is no finite number."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


@dataclass(frozen=True)
class _Target:
    """What is to be fitted: a law or a formula, taken apart."""

    law: str | None
    text: str
    compiled: Compiled
    output: str
    variables: list[str]
    coefficients: list[str]
    constants: dict[str, float]
    positive: set[str]
    known_sets: list[dict[str, float]]
    ties: dict[str, Node] = field(default_factory=dict)


@np.errstate(all="ignore")
def fit(
    data: Any,
    law: str | None = None,
    *,
    formula: str | None = None,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the contract's name
    let: Mapping[str, str] | None = None,
    where: str | Sequence[str] = (),
    holdout: str | None = None,
    drop_highest: int = 0,
    objective: str = "huber",
    delta: float = 1e-3,
    on: str = "log",
    fixed: Mapping[str, float] | None = None,
    tied: Mapping[str, str] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    weights: str | None = None,
    optimizer: str = "newton",
    initialisation: str | Mapping[str, Sequence[float]] = "data",
    starts: int = STARTS,
    bootstrap: int = 0,
    seed: int = 0,
    profile: Sequence[str] = (),
    cross_validate: int = 0,
    sensitivity: bool = False,
    instead: Mapping[str, str] | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Fitted:
    """Fit a law of the catalog, or any formula, to a table of runs.

    Args:
        data: a CSV or Parquet file, a mapping of columns, or a data frame.
        law: a law's id, `paper/law`; with a fit, `paper/law/fit`, its index sets are taken.
        formula: instead of a law, an equation such as `L = E + A/N**alpha`: left of `=` the output; names that are
            neither columns, mapped nor let are coefficients.
        map: column of each symbol, where it is not called like it.
        let: symbols as expressions over other symbols, such as `{"D": "C/(6*N)"}`.
        where: conditions that a row must meet, such as `C < 1e21`.
        holdout: condition of rows that are only predicted.
        drop_highest: leave out rows whose output is at least the so-and-so-highest.
        objective: `huber`, `squares` or `absolute`; the plain sum over rows.
        delta: Huber's threshold.
        on: residuals of the `log` or of the `raw` output.
        fixed: coefficients that are held.
        tied: coefficients in terms of others, such as `{"beta": "alpha"}`.
        bounds: lowest and highest value of a coefficient.
        weights: column of the rows' weights.
        optimizer: `newton` (the catalog's own), `bfgs`, `l-bfgs`, `least-squares`, `adam` or `adagrad`.
        initialisation: `data` (guesses with linear coefficients solved for), `grid`, `random`, or values to try for
            each coefficient.
        starts: how many starts are followed to the end.
        bootstrap: how many resamplings of the rows give the intervals.
        seed: of everything random.
        profile: coefficients whose profile is wanted.
        cross_validate: number of folds.
        sensitivity: whether to fit again under other choices.
        instead: another column for a symbol, as one more of those choices, such as parameters without embeddings.
        path: a database file or a server's URL, if not the default one.

    Raises:
        InputError: for a call or a table that cannot be fitted; the message names what and why.
    """
    began = time.perf_counter()
    where = [where] if isinstance(where, str) else list(where)
    try:
        goal = Objective(objective, float(delta), on)
        _check_choices(goal, optimizer, initialisation, starts, bootstrap)
        target = _target(law, formula, data, map or {}, let or {}, tied or {}, fixed or {}, path)

        def session_of(mapping: Mapping[str, str]) -> Session:
            rows = runs(
                data,
                target.variables,
                target.output,
                mapping=mapping,
                lets=let,
                where=where,
                holdout=holdout,
                drop_highest=drop_highest,
                weights=weights,
                on_log=on == "log",
            )
            _check_rows(rows, target.coefficients)
            return Session(target, rows, goal, dict(bounds or {}), optimizer, seed)

        session = session_of(map or {})
        others = {
            f"{symbol} from {column}": session_of({**(map or {}), symbol: column})
            for symbol, column in (instead or {}).items()
        }
    except (TableError, FormulaError, EvaluationError) as error:
        raise InputError(str(error)) from error
    ends = session.solve(initialisation, starts)
    point = ends.points[int(np.argmin(ends.objectives))]
    found = session.report(point, ends)
    settings = {
        "objective": objective,
        "delta": delta if objective == "huber" else None,
        "on": on,
        "optimizer": optimizer,
        "initialisation": initialisation if isinstance(initialisation, str) else dict(initialisation),
        "where": where,
        "holdout": holdout,
        "drop_highest": drop_highest,
        "map": dict(map or {}),
        "let": dict(let or {}),
        "fixed": dict(fixed or {}),
        "tied": dict(tied or {}),
        "bounds": dict(bounds or {}),
        "bootstrap": bootstrap,
        "seed": seed,
    }
    found = replace(found, settings=settings)
    if bootstrap:
        found = session.with_bootstrap(found, point, bootstrap)
    if profile:
        found = replace(found, profiles={name: session.profile(point, name) for name in profile})
    if cross_validate:
        found = replace(found, cross_validation=session.cross_validation(point, cross_validate))
    if sensitivity:
        rest = [each.choice(name, initialisation, starts) for name, each in others.items()]
        found = replace(found, sensitivity=[*session.sensitivity(point), *rest])
    return replace(found, seconds=time.perf_counter() - began, _session=session)


def _check_choices(
    goal: Objective, optimizer: str, initialisation: str | Mapping[str, Sequence[float]], count: int, bootstrap: int
) -> None:
    for value, choices, what in (
        (goal.kind, OBJECTIVES, "objective"),
        (goal.on, ("log", "raw"), "scale of the residuals"),
        (optimizer, optimizers.OPTIMIZERS, "optimizer"),
        (initialisation if isinstance(initialisation, str) else "data", INITIALISATIONS, "initialisation"),
    ):
        if value not in choices:
            raise InputError(f"'{value}' is no {what}; choose one of {', '.join(choices)}")
    if not 0 < goal.delta < math.inf:
        raise InputError(f"delta must be a number greater than zero, not {goal.delta:g}")
    if count < 1:
        raise InputError(f"at least one start is needed, not {count}")
    if bootstrap < 0 or bootstrap == 1:
        raise InputError(f"intervals take at least two resamplings, not {bootstrap}; 1000 are usual")


def _target(
    law_id: str | None,
    formula: str | None,
    data: Any,
    mapping: Mapping[str, str],
    lets: Mapping[str, str],
    tied: Mapping[str, str],
    fixed: Mapping[str, float],
    path: str | os.PathLike[str] | None,
) -> _Target:
    if (law_id is None) == (formula is None):
        raise InputError("give either a law of the catalog or a formula such as 'L = E + A/N**alpha'")
    target = _of_law(law_id, path) if law_id else _of_formula(str(formula), data, mapping, lets)
    for name in (*tied, *fixed):
        if name not in target.coefficients:
            close = get_close_matches(name, target.coefficients, n=1)
            hint = f"did you mean {close[0]}?" if close else f"they are {', '.join(target.coefficients)}"
            raise InputError(f"{name} is no coefficient of the law; {hint}")
    if not tied and not fixed:
        return target
    shape = target.compiled.formula
    both = set(tied) & set(fixed)
    if both:
        raise InputError(f"{', '.join(sorted(both))} is both fixed and tied; choose one")
    swaps: dict[str, Node] = {name: parse(text) for name, text in tied.items()}
    for name, node in swaps.items():
        if isinstance(node, Equation):
            raise InputError(f"{name} is tied to an expression such as 2*alpha, not to '{tied[name]}'")
    bound = Formula(
        root=replace_symbols(shape.inlined(), swaps),
        output=shape.output,
        bracket=shape.bracket and (replace_symbols(shape.bracket[0], swaps), replace_symbols(shape.bracket[1], swaps)),
    )
    compiled = Compiled(bound)
    left = [name for name in target.coefficients if name not in tied and name not in fixed]
    unknown = {name for node in swaps.values() for name in symbols(node)} - set(left) - set(fixed)
    if unknown:
        raise InputError(f"a coefficient is tied to {', '.join(sorted(unknown))}, which is no free coefficient")
    if not left:
        raise InputError("every coefficient is fixed or tied: there is nothing to fit")
    return replace(
        target,
        compiled=compiled,
        coefficients=left,
        constants={**target.constants, **{name: float(value) for name, value in fixed.items()}},
        ties=swaps,
    )


def _of_law(law_id: str, path: str | os.PathLike[str] | None) -> _Target:
    law = library.law(law_id, path=path)
    compiled = law.compiled()
    constants = {each["symbol"]: each["value"] for each in law.document["constants"]}
    variables = [name for name in compiled.arguments if law.variable(name) is not None]
    coefficients = [name for name in compiled.arguments if name not in variables and name not in constants]
    if not coefficients:
        raise InputError(f"{law.id} has no coefficients: there is nothing to fit")
    positive = set()
    for name in coefficients:
        declared = [each for each in law.document["coefficients"] if each["symbol"] == name]
        indexed = [each for each in law.document["coefficients"] if each["over"] and name.startswith(each["symbol"])]
        if any(each["positive"] for each in declared or indexed[:1]):
            positive.add(name)
    return _Target(
        law=law.id,
        text=str(law.expression),
        compiled=compiled,
        output=str(law.document["output"]["symbol"]),
        variables=variables,
        coefficients=coefficients,
        constants=constants,
        positive=positive,
        known_sets=[dict(each["values"]) for each in law.document["fits"] if set(coefficients) <= set(each["values"])],
    )


def _of_formula(text: str, data: Any, mapping: Mapping[str, str], lets: Mapping[str, str]) -> _Target:
    from scalinglaws.fitting.table import read_columns  # noqa: PLC0415 - only to know the names

    node = parse(text)
    if not isinstance(node, Equation) or not isinstance(node.left, Symbol):
        raise InputError(
            f"write the formula as an equation for the output, as in L = {text.rpartition('=')[2].strip()}"
        )
    output = node.left.name
    if output in symbols(node.right):
        raise InputError(f"{output} stands on both sides of the formula; solve it for {output} first")
    columns = read_columns(data)
    names = symbols(node.right)
    variables = [name for name in names if name in mapping or name in lets or name in columns]
    coefficients = [name for name in names if name not in variables]
    if not coefficients:
        raise InputError(f"every name of the formula is a column: there is nothing to fit ({', '.join(names)})")
    if not variables:
        raise InputError(f"the formula holds no column; the table has {', '.join(columns)}")
    return _Target(None, text, Compiled(Formula(root=node.right)), output, variables, coefficients, {}, set(), [])


class Session:
    """One table and one target, with everything that repeated fits share."""

    def __init__(
        self,
        target: _Target,
        rows: Runs,
        goal: Objective,
        bounds: dict[str, tuple[float, float]],
        optimizer: str,
        seed: int,
    ) -> None:
        self.target = target
        self.rows = rows
        self.goal = goal
        self.bounds = bounds
        self.optimizer = optimizer
        self.seed = seed
        self.names = target.coefficients
        self.root = target.compiled.formula.inlined()
        self.fitted = ~rows.held_out
        for name, (low, high) in bounds.items():
            if name not in self.names:
                raise InputError(f"bounds are given for {name}, which is no free coefficient ({', '.join(self.names)})")
            if not low < high:
                raise InputError(f"the bounds of {name} are {low:g} and {high:g}: the lower one comes first")
        self.logged = np.zeros(len(self.names), dtype=bool)
        self.problem = self._problem(self.fitted, set(target.positive))
        self.weights = rows.weights[self.fitted][None]

    def _linear(self) -> tuple[int, ...]:
        if self.target.compiled.formula.implicit:
            return ()
        free = [name for name in self.names if name not in self.bounds]
        return tuple(self.names.index(name) for name in linear_coefficients(self.root, free))

    def _data(self, chosen: NDArray[np.bool_]) -> dict[str, Any]:
        columns = {name: self.rows.data[name][chosen] for name in self.target.variables}
        return {**{name: np.float64(value) for name, value in self.target.constants.items()}, **columns}

    def _problem(self, chosen: NDArray[np.bool_], positive: set[str]) -> Problem:
        logged = np.array([name in positive for name in self.names])
        lower, upper = np.full(len(self.names), -np.inf), np.full(len(self.names), np.inf)
        for number, name in enumerate(self.names):
            if name not in self.bounds:
                continue
            low, high = self.bounds[name]
            if logged[number]:
                low = math.log(low) if low > 0 else -math.inf
                high = math.log(high) if math.isfinite(high) else high
            lower[number], upper[number] = low, high
        data = self._data(chosen)
        try:
            if self.target.compiled.formula.implicit:
                derivatives: Derivatives = ImplicitDerivatives(self.target.compiled, self.names, data)
            else:
                derivatives = Derivatives(self.root, self.names, data)
        except NotDifferentiable as error:
            raise InputError(f"the law cannot be fitted by its slopes: {error}") from error
        self.logged = logged
        return Problem(derivatives, self.rows.output[chosen], logged, lower, upper, self._linear())

    def solve(self, initialisation: str | Mapping[str, Sequence[float]], count: int) -> Found:
        """Every start followed to its end."""
        sets: list[Array] = []
        if self.target.law is None and isinstance(initialisation, str):
            sets = self._sets("data", count, self.seed)
            self._choose_logarithms(sets)
        if initialisation != "data" or not sets:
            sets = self._sets(initialisation, count, self.seed)
        ends = optimizers.run(self.optimizer, self.problem, self._best(sets, count), self.weights, self.goal)
        if initialisation == "data" and self.optimizer == "newton" and self._lonely(ends):
            # A minimum that few starts found may not be the lowest.
            sets = self._sets(initialisation, _AGAIN * count, self.seed + 1)
            more = optimizers.run(
                self.optimizer, self.problem, self._best(sets, _AGAIN * count), self.weights, self.goal
            )
            ends = Found(
                np.concatenate([ends.points, more.points]),
                np.concatenate([ends.objectives, more.objectives]),
                ends.steps + more.steps,
            )
        return ends

    def _lonely(self, ends: Found) -> bool:
        found = diagnostics.agreement(ends, len(self.problem.output))
        return bool(_FEW * found["agreeing"] < found["count"])

    def _sample(self) -> NDArray[np.bool_]:
        """Rows to guess from: all, or of many some over the whole range of the output."""
        rows = np.flatnonzero(self.fitted)
        if len(rows) <= _ENOUGH_ROWS:
            return self.fitted
        order = rows[np.argsort(self.rows.output[rows], kind="stable")]
        chosen = np.zeros_like(self.fitted)
        chosen[order[np.linspace(0, len(order) - 1, _ENOUGH_ROWS).astype(int)]] = True
        return chosen

    def _sets(self, initialisation: str | Mapping[str, Sequence[float]], count: int, seed: int) -> list[Array]:
        if isinstance(initialisation, Mapping):
            return [self._grid(initialisation)]
        data = self._data(self._sample())
        output, weights = self.rows.output[self._sample()], self.rows.weights[self._sample()]
        columns = {name: np.asarray(each) for name, each in data.items()}
        positive = list({*self.target.positive, *(n for n, e in zip(self.names, self.logged, strict=True) if e)})
        if initialisation == "data" and not self.target.compiled.formula.implicit:
            return starts.guesses(
                self.root, self.names, columns, output, weights,
                positive=positive, on_log=self.goal.on == "log", seed=seed, bounds=self.bounds,
                count=max(starts.GUESSES, 200 * count),
            )  # fmt: skip
        return [
            starts.scattered(
                self.root, self.names, columns, output, max(50 * count, 2000), seed,
                positive=positive, bounds=self.bounds, regular=initialisation == "grid",
            )
        ]  # fmt: skip

    def _grid(self, values: Mapping[str, Sequence[float]]) -> Array:
        missing = [name for name in self.names if name not in values]
        if missing:
            raise InputError(f"no values to start from are given for {', '.join(missing)}")
        count = math.prod(len(values[name]) for name in self.names)
        if not 0 < count <= _MOST_GRID:
            raise InputError(f"the grid has {count} starts; at most {_MOST_GRID} are followed")
        return np.array(list(itertools.product(*(values[name] for name in self.names))), dtype=np.float64)

    def _choose_logarithms(self, sets: list[Array]) -> None:
        """Of a formula of the caller's, search by logarithm what multiplies a variable and is positive at all starts.

        A coefficient that some form of the law would have negative keeps its sign free.
        """
        linear = linear_coefficients(self.root, self.names)
        role = roles(self.root, self.names, self.rows.data)
        best = self._promising(sets, STARTS)
        if not len(best):
            return
        positive = {name for name in self.names if role[name] == "scale"}
        for number, name in enumerate(self.names):
            if (
                name in linear
                and (best[:, number] > 0).all()
                and starts.multiplies_data(self.root, name, self.rows.data)
            ):
                positive.add(name)
        self.problem = self._problem(self.fitted, positive)

    def _promising(self, sets: list[Array], count: int) -> Array:
        """The best of all as points of the search, and the best of each form of the law."""
        sample, weights = self.problem, self.weights
        if len(sample.output) > _ENOUGH_ROWS:
            sample = self._problem(self._sample(), {n for n, e in zip(self.names, self.logged, strict=True) if e})
            weights = self.rows.weights[self._sample()][None]
        points = [self._points(each) for each in sets]
        heights = [objective_of(sample, each, weights, self.goal) for each in points]
        kept = [starts.best_of(np.concatenate(points), np.concatenate(heights), count)]
        kept += [
            starts.best_of(own, height, min(count, 2)) for own, height in zip(points[1:], heights[1:], strict=True)
        ]
        return np.concatenate(kept)

    def _best(self, sets: list[Array], count: int) -> Array:
        """The most promising of the sets, and every published one, as points of the search."""
        kept = self._promising(sets, count)
        known = np.array([[each[name] for name in self.names] for each in self.target.known_sets])
        published = self._points(known) if len(known) else kept[:0]
        points = np.unique(np.concatenate([kept, published]), axis=0)
        if not np.isfinite(objective_of(self.problem, points, self.weights, self.goal)).any():
            raise InputError(
                "the law has no finite value at any start; "
                "give starting values, as in initialisation={...}, or look at the units of the columns"
            )
        return points

    def _points(self, sets: Array) -> Array:
        """Sets as points of the search; those that cannot be are not numbers."""
        with np.errstate(all="ignore"):
            return self.problem.points(np.where(self.logged & (sets <= 0), np.nan, sets))

    def report(self, point: Array, ends: Any) -> Fitted:
        """Everything known about the best end."""
        values = self.problem.coefficients(point[None])[0]
        coefficients = {name: float(value) for name, value in zip(self.names, values, strict=True)}
        told = self._told(coefficients)
        everything = np.ones(len(self.problem.output), dtype=bool)
        errors = diagnostics.errors_of(self.problem, point, everything)
        spread = float(((self.problem.output - self.problem.output.mean()) ** 2).sum())
        raw = errors["rmse"]
        r2 = 1 - raw**2 * len(everything) / spread if raw is not None and spread > 0 else None
        identifiable = diagnostics.identifiability(self.problem, point, self.names, self.weights, self.goal)
        agreeing = diagnostics.agreement(ends, len(everything))
        holdout = None
        if self.rows.held_out.any():
            beyond = self._problem(self.rows.held_out, {n for n, e in zip(self.names, self.logged, strict=True) if e})
            holdout = diagnostics.errors_of(beyond, point, np.ones(len(beyond.output), dtype=bool))
        return Fitted(
            law=self.target.law,
            formula=self.target.text,
            output=self.target.output,
            coefficients=told,
            objective=float(ends.objectives.min()),
            r2=r2,
            rmse_log=errors["rmse_log"],
            n=len(everything),
            dropped={each.reason: list(each.rows) for each in self.rows.dropped},
            starts=agreeing,
            identifiability=identifiable,
            settings={},
            holdout=holdout,
            warnings=self._warnings(diagnostics.vanished(self.problem, point, self.names), identifiable, agreeing),
            _compiled=self.target.compiled,
        )

    def _told(self, coefficients: Mapping[str, float]) -> dict[str, float]:
        known = {**{name: float(value) for name, value in self.target.constants.items()}, **coefficients}
        tied = {name: float(Compiled(Formula(root=node))(known)) for name, node in self.target.ties.items()}
        return {**known, **tied}

    def _warnings(self, gone: Sequence[str], identifiable: Mapping[str, Any], agreeing: Mapping[str, Any]) -> list[str]:
        warnings = [str(each) for each in self.rows.dropped] + list(self.rows.warnings)
        rows, size = len(self.problem.output), len(self.names)
        if rows < 2 * size:
            warnings.append(
                f"{rows} rows cannot well identify {size} coefficients: take the values as one of many answers"
            )
        if gone:
            warnings.append(f"{', '.join(gone)} went to zero: the data do not ask for that term")
        if identifiable["at_bounds"]:
            warnings.append(f"{', '.join(identifiable['at_bounds'])} ended at a bound")
        for direction in identifiable["flat_directions"]:
            listed = ", ".join(direction)
            warnings.append(f"the data hardly tell {listed} apart: moving them together changes nothing")
        if identifiable["condition"] > _ILL_CONDITIONED:
            warnings.append(
                f"the fit is ill-conditioned ({identifiable['condition']:.1e}): digits of the values are lost"
            )
        if agreeing["count"] > 3 and agreeing["agreeing"] == 1:
            warnings.append("only one start reached the best minimum: a better one may exist; try more starts")
        return warnings

    def with_bootstrap(self, found: Fitted, point: Array, count: int) -> Fitted:
        """The fit with intervals and covariance from refits to resampled rows."""
        scale = max(float(np.median(np.abs(self.problem.residual(point[None], self.goal.on)))), 1e-6)
        sets = diagnostics.resample(self.problem, point, self.weights, self.goal, count, self.seed, scale)
        kept = sets[np.isfinite(sets).all(1)]
        warnings = list(found.warnings)
        if len(kept) < count:
            warnings.append(f"{count - len(kept)} of {count} resamplings had no fit and were left out")
        return replace(
            found,
            intervals=diagnostics.intervals(kept, self.names),
            covariance=diagnostics.covariance(kept, self.names, self.logged),
            warnings=warnings,
            _resampled=kept,
        )

    def _point(self, coefficients: Mapping[str, float]) -> Array:
        missing = [name for name in self.names if name not in coefficients]
        if missing:
            raise InputError(f"no value is given for {', '.join(missing)}")
        return self._points(np.array([[float(coefficients[name]) for name in self.names]]))

    def residuals(self, coefficients: Mapping[str, float]) -> Array:
        """Residuals of the fitted rows at these values."""
        with np.errstate(all="ignore"):
            found: Array = self.problem.residual(self._point(coefficients), self.goal.on)[0]
        return found

    def at(self, coefficients: Mapping[str, float]) -> dict[str, float | None]:
        """See `Fitted.at`."""
        point = self._point(coefficients)
        height = float(objective_of(self.problem, point, self.weights, self.goal)[0])
        if not math.isfinite(height):
            return {"objective": None, "r2": None, "rmse_log": None}
        everything = np.ones(len(self.problem.output), dtype=bool)
        errors = diagnostics.errors_of(self.problem, point[0], everything)
        spread = float(((self.problem.output - self.problem.output.mean()) ** 2).sum())
        r2 = 1 - errors["rmse"] ** 2 * len(everything) / spread if spread > 0 else None
        return {"objective": height, "r2": r2, "rmse_log": errors["rmse_log"]}

    def search_from(self, coefficients: Mapping[str, float]) -> tuple[dict[str, float], float]:
        """See `Fitted.search_from`."""
        # No larger threshold first: it would smooth small valleys away, and whether this is one is the question.
        ends = minimise(
            self.problem, self._point(coefficients), self.weights, self.goal, scale=self.goal.delta, thorough=False
        )
        values = self.problem.coefficients(ends.points)[0]
        return {name: float(each) for name, each in zip(self.names, values, strict=True)}, float(ends.objectives[0])

    def band(self, coefficients: Mapping[str, float], resampled: Array | None, points: int) -> dict[str, Any]:
        """See `Fitted.band`."""
        along, *others = self.target.variables
        column = self.rows.data[along]
        low, high = float(column.min()), float(column.max())
        grid = np.geomspace(low, high, points) if low > 0 else np.linspace(low, high, points)
        held = {name: float(np.median(self.rows.data[name])) for name in others}
        given = {**self.target.constants, **held, along: grid}
        law = self.target.compiled
        with np.errstate(all="ignore"):
            middle = law({**given, **{name: coefficients[name] for name in self.names}})
            told = {"along": along, "at": held, "x": grid.tolist(), "y": np.broadcast_to(middle, (points,)).tolist()}
            if resampled is not None:
                # NumPy's numbers, as a power of Python's floats that overflows is an error.
                many = np.array([law({**given, **dict(zip(self.names, each, strict=True))}) for each in resampled])
                ends = np.nanpercentile(many, [2.5, 97.5], axis=0)
                told |= {"low": ends[0].tolist(), "high": ends[1].tolist()}
        return told

    def profile(self, point: Array, name: str) -> dict[str, Any]:
        """The profile of one coefficient."""
        if name not in self.names:
            raise InputError(f"{name} is no free coefficient ({', '.join(self.names)})")
        return diagnostics.profile(self.problem, point, self.names.index(name), self.weights, self.goal)

    def cross_validation(self, point: Array, folds: int) -> dict[str, Any]:
        """Errors on rows left out in turn."""
        if not 2 <= folds <= len(self.problem.output):
            raise InputError(f"cross-validation takes from 2 to {len(self.problem.output)} folds, not {folds}")
        return diagnostics.cross_validation(self.problem, point, self.weights, self.goal, folds, self.seed)

    def choice(self, name: str, initialisation: str | Mapping[str, Sequence[float]], count: int) -> dict[str, Any]:
        """The best fit of this session, as a row of the table of choices."""
        ends = self.solve(initialisation, count)
        best = int(np.argmin(ends.objectives))
        values = self.problem.coefficients(ends.points[best : best + 1])[0]
        told = {each: float(value) for each, value in zip(self.names, values, strict=True)}
        return {"choice": name, "coefficients": told, "objective": float(ends.objectives[best])}

    def sensitivity(self, point: Array) -> list[dict[str, Any]]:
        """The same fit under other choices that an analyst could have made."""
        other = "raw" if self.goal.on == "log" else "log"
        scatter = float(np.median(np.abs(self.problem.residual(point[None], self.goal.on))))
        choices: list[tuple[str, Objective, Array]] = [
            ("as asked", self.goal, self.weights),
            ("squares", Objective("squares", self.goal.delta, self.goal.on), self.weights),
            ("absolute", Objective("absolute", self.goal.delta, self.goal.on), self.weights),
            *(
                (f"huber, delta {each:g}", Objective("huber", each, self.goal.on), self.weights)
                for each in (self.goal.delta / 10, self.goal.delta * 10)
            ),
        ]
        if (self.problem.output > 0).all():
            choices.append(
                (f"{self.goal.kind} on {other}", Objective(self.goal.kind, self.goal.delta, other), self.weights)
            )
        residual = np.abs(self.problem.residual(point[None], self.goal.on)[0])
        far = residual > 5 * max(scatter, 1e-300)
        if far.any():
            kept = np.where(far, 0.0, self.weights)
            choices.append((f"without {int(far.sum())} rows over 5 median residuals", self.goal, kept))
        table = []
        for name, goal, weights in choices:
            ends = optimizers.run("newton", self.problem, point[None], weights, goal)
            values = self.problem.coefficients(ends.points)[0]
            told = {name: float(value) for name, value in zip(self.names, values, strict=True)}
            table.append({"choice": name, "coefficients": told, "objective": float(ends.objectives[0])})
        return table


def _check_rows(rows: Runs, coefficients: Sequence[str]) -> None:
    left, size = int((~rows.held_out).sum()), len(coefficients)
    if not left:
        raise InputError("every row is held out: nothing is left to fit")
    if left < size:
        raise InputError(
            f"{left} rows are left for {size} coefficients ({', '.join(coefficients)}): give more rows, or fix some"
            + "".join(f"; {each}" for each in rows.dropped)
        )
