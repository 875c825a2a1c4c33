"""Resolves laws: the formula of each record, and the coefficients and fits it has, inherits or takes from others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scalinglaws.formulas import expression
from scalinglaws.formulas.evaluation import Formula
from scalinglaws.formulas.expression import flat_name
from scalinglaws.formulas.roles import Role, coefficient_roles
from scalinglaws.records.models import Coefficient, Fit, Law, Paper, Source


def law_formula(law: Law) -> Formula:
    """The mathematics of a law's record.

    Raises:
        FormulaError: when one of its texts is no formula.
        ValueError: when the law has no expression.
    """
    if law.expression is None:
        raise ValueError(f"{law.id} has no expression")
    patterns = {
        name: symbol.flat
        for group in (law.variables, law.coefficients)
        for name, symbol in group.items()
        if symbol.flat
    }
    return Formula.read(law.expression, law.where, law.output.symbol, law.bracket, patterns)


@dataclass(frozen=True)
class ResolvedFit:
    """A fit as a law uses it: complete values by flat name, and the source of each."""

    id: str
    record: Fit
    law: str
    modalities: tuple[str, ...]
    #: Whose modalities these are, by the record: its own (fit), the law's or the paper's.
    modalities_of: str
    values: Mapping[str, float]
    not_stated: tuple[str, ...]
    members: Mapping[str, Sequence[str]]
    #: Coefficients with a source of their own, stated here or with the fit they are taken from; each with the
    #: paper whose record states it.
    sources: Mapping[str, tuple[Source, str]]

    def source_of(self, symbol: str) -> tuple[Source, str]:
        """The source of one coefficient, and the paper whose record states it."""
        return self.sources.get(symbol, (self.record.source, self.law.split("/")[0]))

    @property
    def slug(self) -> str:
        """Its own part of `paper/law/fit`."""
        return self.record.id


@dataclass(frozen=True)
class ResolvedLaw:
    """A law with its formula and with the coefficients and fits it has or inherits."""

    id: str
    paper: str
    record: Law
    modalities: tuple[str, ...]
    #: Whose modalities these are, by the record: its own (law) or the paper's.
    modalities_of: str
    formula: Formula | None
    coefficients: Mapping[str, Coefficient]
    fits: tuple[ResolvedFit, ...]
    parent: str | None

    def fit(self, name: str) -> ResolvedFit | None:
        """The fit of this name: its own part, `law/fit`, or the full id."""
        for each in self.fits:
            if name in (each.slug, each.id) or each.id.endswith("/" + name):
                return each
        return None

    @cached_property
    def roles(self) -> dict[str, Role]:
        """What each coefficient does in the formula, where that can be read off it."""
        return coefficient_roles(self.formula, self.coefficients, self.record.variables) if self.formula else {}

    @property
    def fixed_members(self) -> dict[str, Sequence[str]]:
        """Members of the index sets that the law itself fixes."""
        return {name: each.members for name, each in self.record.indices.items() if each.members is not None}


def flat_symbols(name: str, over: Sequence[str], members: Mapping[str, Sequence[str]], flat: str | None) -> list[str]:
    """Every flat name of a symbol; the name itself where it is not indexed."""
    combinations: list[tuple[str, ...]] = [()]
    for each in over:
        combinations = [(*head, member) for head in combinations for member in members.get(each, ())]
    return [flat_name(name, combination, flat) for combination in combinations] if over else [name]


class Resolver:
    """Finds laws and fits by the names records use, and resolves what they inherit."""

    def __init__(self, papers: Mapping[str, Paper]) -> None:
        self.papers = papers
        self.laws: dict[str, tuple[str, Law]] = {
            f"{key}/{law.id}": (key, law) for key, paper in papers.items() for law in paper.laws
        }
        self.aliases = {
            self.full_name(key, alias): law_id for law_id, (key, law) in self.laws.items() for alias in law.aliases
        }
        self._resolved: dict[str, ResolvedLaw] = {}

    @staticmethod
    def full_name(paper: str, name: str) -> str:
        """A law's full id from the short form a record of the same paper may use."""
        return name if "/" in name else f"{paper}/{name}"

    def law_id(self, paper: str, name: str) -> str | None:
        """The id of the law a record means, or none."""
        full = self.full_name(paper, name)
        return full if full in self.laws else self.aliases.get(full)

    def fit_record(self, paper: str, name: str) -> tuple[str, Law, Fit] | None:
        """The fit that `law/fit` or `paper/law/fit` means in a record of `paper`."""
        parts = name.split("/")
        law_id = self.law_id(paper, parts[0] if len(parts) == 2 else "/".join(parts[:2]))
        if law_id is None:
            return None
        _, law = self.laws[law_id]
        return next(((law_id, law, fit) for fit in law.fits if fit.id == parts[-1]), None)

    def ancestor(self, law_id: str) -> str | None:
        """The law at the end of the chain of `follows`; none if the chain breaks or turns in a circle."""
        seen = set()
        while True:
            if law_id in seen or law_id not in self.laws:
                return None
            seen.add(law_id)
            key, law = self.laws[law_id]
            if law.follows is None:
                return law_id
            law_id = self.law_id(key, law.follows) or ""

    def value(self, paper: str, fit: Fit, symbol: str, depth: int = 0) -> float | None:
        """The value of one coefficient in a fit, taken from another fit where the record says so."""
        if symbol in fit.values:
            return fit.values[symbol]
        taken = fit.taken.get(symbol)
        if taken is None or depth > 10:
            return None
        place, _, other = taken.partition(":")
        found = self.fit_record(paper, place)
        if found is None:
            return None
        law_id, _, origin = found
        return self.value(law_id.split("/")[0], origin, other or symbol, depth + 1)

    def source(self, paper: str, fit: Fit, symbol: str, depth: int = 0) -> tuple[Source, str]:
        """The source of one coefficient's value, followed to the fit it is taken from."""
        taken = fit.taken.get(symbol)
        found = self.fit_record(paper, taken.partition(":")[0]) if taken and depth <= 10 else None
        if taken is None or found is None or symbol in fit.sources:
            return fit.sources.get(symbol, fit.source), paper
        law_id, _, origin = found
        return self.source(law_id.split("/")[0], origin, taken.partition(":")[2] or symbol, depth + 1)

    def modalities(self, law_id: str, fit: Fit | None = None) -> tuple[tuple[str, ...], str]:
        """The modalities of a law or of a fit of it, and whose they are by the record: fit, law or paper."""
        key, law = self.laws[law_id]
        if fit is not None and fit.modalities:
            return tuple(fit.modalities), "fit"
        if law.modalities:
            return tuple(law.modalities), "law"
        return tuple(self.papers[key].modalities), "paper"

    def resolve(self, law_id: str) -> ResolvedLaw:
        """The law with everything it has and inherits."""
        if law_id not in self._resolved:
            self._resolved[law_id] = self._resolve(law_id)
        return self._resolved[law_id]

    def _resolve(self, law_id: str) -> ResolvedLaw:
        key, law = self.laws[law_id]
        origin_id = self.ancestor(law_id) or law_id
        origin_key, origin = self.laws[origin_id]
        formula = law_formula(law) if law.expression is not None else None
        coefficients: Mapping[str, Coefficient] = law.coefficients
        if law.follows is not None and formula is not None:
            used = {name for node in formula.nodes for name in (*expression.symbols(node), *formula.indexed_symbols())}
            coefficients = {name: each for name, each in origin.coefficients.items() if name in used}
        fits = []
        for fit in origin.fits:
            members = {
                **{name: each.members for name, each in origin.indices.items() if each.members is not None},
                **fit.members,
            }
            names = [
                flat
                for name, each in coefficients.items()
                for flat in flat_symbols(name, each.over, members, each.flat)
            ]
            values = {name: self.value(origin_key, fit, name) for name in names}
            modalities, whose = self.modalities(origin_id, fit)
            fits.append(
                ResolvedFit(
                    id=f"{origin_id}/{fit.id}",
                    record=fit,
                    law=origin_id,
                    modalities=modalities,
                    modalities_of=whose,
                    values={name: value for name, value in values.items() if value is not None},
                    not_stated=tuple(name for name in fit.not_stated if name in names),
                    members=members,
                    sources={
                        name: self.source(origin_key, fit, name) for name in names if name in {*fit.sources, *fit.taken}
                    },
                )
            )
        modalities, whose = self.modalities(law_id)
        return ResolvedLaw(
            id=law_id,
            paper=key,
            record=law,
            modalities=modalities,
            modalities_of=whose,
            formula=formula,
            coefficients=coefficients,
            fits=tuple(fits),
            parent=self.law_id(key, law.follows) if law.follows else None,
        )
