"""The ladder of trust: how far the catalog backs a law, computed from its evidence and never typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scalinglaws.catalog import Catalog
    from scalinglaws.records.resolution import ResolvedFit, ResolvedLaw

#: Each rung, lowest first, with what it takes. Of the first three each needs those below it.
RUNGS: Mapping[str, str] = MappingProxyType(
    {
        "cited": "the law is named, with a place",
        "equation": "its form was seen, and not only recalled",
        "coefficients": "a complete set of values was seen, or it has no coefficients",
        "example": "it gives back an example that a paper prints",
        "data": "runs behind it are public",
        "refit": "a refit of public data agrees with a published fit",
        "replicated": "others have fitted it too, or dispute its values",
    }
)
#: Verdicts after which a refit agrees.
AGREEING = ("reproduced", "reproduced-with-quirk", "within-interval")


@dataclass(frozen=True)
class Rung:
    """One rung of a law's ladder: whether it is reached, and by what."""

    name: str
    reached: bool
    evidence: tuple[str, ...]


def ladder(catalog: Catalog, law: ResolvedLaw) -> list[Rung]:
    """Every rung of a law, lowest first, with its evidence."""
    family = [law.id, *([law.parent] if law.parent else [])]
    evidence = {
        "cited": [law.record.source.where],
        "equation": _equation(law),
        "coefficients": _coefficients(law),
        "example": _examples(law),
        "data": list(dict.fromkeys(name for each in family for name in catalog.datasets_of(each))),
        "refit": [text for each in family for text in _refits(catalog, each)],
        "replicated": _others(law),
    }
    return [Rung(name, bool(evidence[name]), tuple(evidence[name])) for name in RUNGS]


def highest(rungs: list[Rung]) -> str:
    """The rung a law stands on: the highest reached, if the form and the values that it rests on are."""
    names = list(RUNGS)
    reached = {each.name for each in rungs if each.reached}
    for number, name in enumerate(names[:3]):
        if name not in reached:
            return names[max(number - 1, 0)]
    return next(name for name in reversed(names) if name in reached)


def _equation(law: ResolvedLaw) -> list[str]:
    record = law.record
    if record.source.basis == "recalled" or (record.expression is None and not record.steps):
        return []
    return [f"{record.source.where} ({record.source.basis}, {record.source.confidence})"]


def _coefficients(law: ResolvedLaw) -> list[str]:
    if law.record.expression is None:
        return []
    if not law.coefficients:
        return ["it has none"]
    return [
        f"{fit.id} ({fit.record.source.basis}, {fit.record.source.confidence})"
        for fit in law.fits
        if not fit.not_stated and fit.record.source.basis != "recalled"
    ]


def _examples(law: ResolvedLaw) -> list[str]:
    """Examples that a paper prints: a check with a source that is no computation of ours."""
    printed = [check.source for check in law.record.checks if check.source is not None]
    return list(dict.fromkeys(source.where for source in printed if source.basis not in ("derived", "refit")))


def _refits(catalog: Catalog, law_id: str) -> list[str]:
    return [
        f"{dataset}/{case.id}: {result['verdict']}"
        for dataset, case, result in catalog.refits(law_id)
        if result["verdict"] in AGREEING
    ]


def _others(law: ResolvedLaw) -> list[str]:
    """Fits by other papers than the law's own, and who disputes a fit."""
    own = law.paper if law.parent is None else law.parent.split("/")[0]

    def paper(fit: ResolvedFit) -> str:
        return fit.record.source.paper or fit.law.split("/")[0]

    fitted = [
        f"{fit.id}, by {paper(fit)}" for fit in law.fits if fit.record.source.basis != "refit" and paper(fit) != own
    ]
    disputed = [f"{fit.id}, disputed by {each.paper}" for fit in law.fits for each in fit.record.disputed_by]
    return fitted + disputed
