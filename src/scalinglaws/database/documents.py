"""Papers, laws, fits and datasets as plain JSON documents: what `show` prints and the library evaluates from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from scalinglaws import units as counted
from scalinglaws.catalog import Catalog
from scalinglaws.database.value_hash import value_hash
from scalinglaws.formulas import expression
from scalinglaws.formulas.latex import formula_latex, node_latex, symbol_latex
from scalinglaws.formulas.roles import NO_ROLE
from scalinglaws.ladder import highest, ladder
from scalinglaws.records.accounting import plain_accounting, published_value
from scalinglaws.records.dataset import columns_of
from scalinglaws.records.models import (
    Check,
    Coefficient,
    Covariance,
    Dataset,
    Method,
    Output,
    Paper,
    Record,
    Reproduction,
    Source,
    Unit,
    Variable,
)
from scalinglaws.records.resolution import ResolvedFit, ResolvedLaw
from scalinglaws.tally import FORWARD, Accountant


def plain(record: Record | None) -> Any:
    """A record part as plain values, every field, none where not stated."""
    return None if record is None else record.model_dump()


def source_document(source: Source, paper: str) -> dict[str, Any]:
    """A source with its paper spelt out."""
    return {"paper": source.paper or paper, **source.model_dump(exclude={"paper"})}


def unit_document(unit: Unit) -> dict[str, Any]:
    """A unit in its three fields."""
    return {"quantity": unit.quantity, "scale": unit.scale, "convention": unit.convention}


def unit_text(unit: Mapping[str, Any] | None) -> str:
    """A unit in words; nothing where there is none."""
    return str(counted.Unit.of(unit)) if unit else ""


def printed_symbols(law: ResolvedLaw) -> dict[str, str]:
    """Print forms that a law's record, or the law it follows, states for its symbols."""
    groups: list[dict[str, Any]] = [law.record.variables, dict(law.coefficients), law.record.constants]
    printed = {name: each.latex for group in groups for name, each in group.items() if each.latex}
    if law.record.output.latex:
        printed[law.record.output.symbol] = law.record.output.latex
    return printed


def law_latex(law: ResolvedLaw) -> str | None:
    """A law's formula in LaTeX, or none for a procedure."""
    if law.formula is None:
        return None
    return formula_latex(
        law.formula.root,
        law.record.output.symbol,
        list(law.record.variables),
        law.formula.where,
        printed_symbols(law),
    )


def survey_latex(law: ResolvedLaw) -> str | None:
    """The survey's form of a law in LaTeX, where the record states one."""
    form = law.record.survey
    if form is None:
        return None
    if form.latex:
        return form.latex
    if form.expression is None:
        return None
    from scalinglaws.formulas.expression import parse  # noqa: PLC0415

    printed = printed_symbols(law)
    node = parse(form.expression)
    text = node_latex(node, printed)
    return (
        text
        if "=" in form.expression
        else f"{printed.get(law.record.output.symbol) or symbol_latex(law.record.output.symbol)} = {text}"
    )


def law_document(catalog: Catalog, law: ResolvedLaw) -> dict[str, Any]:
    """Everything known about a law."""
    record = law.record
    printed = printed_symbols(law)
    rungs = ladder(catalog, law)
    document: dict[str, Any] = {
        "id": law.id,
        "kind": "law",
        "law_kind": record.kind,
        "paper": law.paper,
        "name": record.name,
        "aliases": sorted(name for name, target in catalog.aliases().items() if target == law.id),
        "summary": record.summary,
        "modalities": list(law.modalities),
        "modalities_of": law.modalities_of,
        "expression": record.expression,
        "where": dict(record.where),
        "bracket": list(record.bracket) if record.bracket else None,
        "steps": list(record.steps),
        "latex": law_latex(law),
        "implicit": bool(law.formula and law.formula.implicit),
        "output": _output(record.output, printed),
        "variables": [
            {**_variable(name, each, printed), "monotone": record.monotone.get(name)}
            for name, each in record.variables.items()
        ],
        "coefficients": [
            {**_coefficient(name, each, printed), **asdict(law.roles.get(name, NO_ROLE))}
            for name, each in law.coefficients.items()
        ],
        "constants": [
            {"symbol": name, **plain(each), "source": source_document(each.source, law.paper)}
            for name, each in record.constants.items()
        ],
        "indices": {name: plain(each) for name, each in record.indices.items()},
        "fits": [
            # A law that follows another may use a part of the values; the hash stands for all of the fit's.
            {**fit_document(law, fit), "values_sha256": value_hash(_whole(catalog, fit).values)}
            for fit in law.fits
        ],
        "default": record.default,
        "checks": [_check(each, law.paper) for each in record.checks],
        "follows": law.parent,
        "supersedes": record.supersedes,
        "source": source_document(record.source, law.paper),
        "method": _method(record.method, law.paper),
        "survey": None,
        "notes": list(record.notes),
        "rung": highest(rungs),
        "ladder": [{"rung": each.name, "reached": each.reached, "evidence": list(each.evidence)} for each in rungs],
        "refits": [
            {"id": f"{dataset}/{case.id}", "title": case.title, "law": catalog.law_id("", case.law), **_outcome(result)}
            for dataset, case, result in catalog.refits(law.id, law.parent)
        ],
        "public_data": catalog.datasets_of(law.id),
    }
    if record.survey:
        document["survey"] = {
            **plain(record.survey),
            "latex": survey_latex(law),
            "source": source_document(record.survey.source, law.paper),
        }
    return document


def _whole(catalog: Catalog, fit: ResolvedFit) -> ResolvedFit:
    """A fit as the law uses it that it belongs to."""
    return catalog.law(fit.law).fit(fit.id) or fit


def _outcome(result: Mapping[str, Any]) -> dict[str, Any]:
    """What a law's page says of a refit."""
    names = ("verdict", "n", "count", "objective", "r2", "rmse_log", "verdicts")
    return {name: result.get(name) for name in names}


def _output(output: Output, printed: dict[str, str]) -> dict[str, Any]:
    return {
        "symbol": output.symbol,
        "latex": printed.get(output.symbol) or symbol_latex(output.symbol),
        "meaning": output.meaning,
        "unit": unit_document(output.unit),
        "direction": output.direction,
    }


def _variable(name: str, variable: Variable, printed: dict[str, str]) -> dict[str, Any]:
    return {
        "symbol": name,
        "latex": printed.get(name) or symbol_latex(name),
        "meaning": variable.meaning,
        "unit": unit_document(variable.unit),
        "fitted_range": list(variable.fitted) if variable.fitted else None,
        "domain": variable.domain,
        "over": list(variable.over),
        "flat": variable.flat,
    }


def _coefficient(name: str, coefficient: Coefficient, printed: dict[str, str]) -> dict[str, Any]:
    return {
        "symbol": name,
        "latex": printed.get(name) or symbol_latex(name),
        "meaning": coefficient.meaning,
        "unit": unit_document(coefficient.unit) if coefficient.unit else None,
        "positive": coefficient.positive,
        "over": list(coefficient.over),
        "flat": coefficient.flat,
    }


def _check(check: Check, paper: str) -> dict[str, Any]:
    document: dict[str, Any] = check.model_dump(exclude={"source"})
    document["basis"] = check.source.basis if check.source else "derived"
    document["source"] = source_document(check.source, paper) if check.source else None
    return document


def _method(method: Method | None, paper: str) -> dict[str, Any] | None:
    if method is None:
        return None
    return {**plain(method), "source": source_document(method.source, paper)}


def _covariance(covariance: Covariance | None, values: Mapping[str, float]) -> dict[str, Any] | None:
    """The part of a covariance that is about these coefficients; none if it is about none of them."""
    if covariance is None:
        return None
    kept = [number for number, symbol in enumerate(covariance.symbols) if symbol in values]
    if not kept:
        return None
    return {
        **plain(covariance),
        "symbols": [covariance.symbols[number] for number in kept],
        "matrix": [[covariance.matrix[row][column] for column in kept] for row in kept],
        "logarithms": [symbol for symbol in covariance.logarithms if symbol in values],
    }


def fit_document(law: ResolvedLaw, fit: ResolvedFit) -> dict[str, Any]:
    """Everything known about a fit as one law uses it."""
    record = fit.record
    owner = fit.law.split("/")[0]
    used = {*fit.values, *fit.not_stated}
    intervals: dict[str, Any] = {}
    for each in record.intervals:
        for name, (low, high) in each.values.items():
            if name in used:
                intervals[name] = {"low": low, "high": high, "level": each.level, "method": each.method}
    document: dict[str, Any] = {
        "id": fit.id,
        "kind": "fit",
        "law": fit.law,
        "setting": record.setting,
        "modalities": list(fit.modalities),
        "modalities_of": fit.modalities_of,
        "values": dict(fit.values),
        "values_sha256": value_hash(fit.values),
        "intervals": intervals,
        "standard_errors": {name: each for name, each in record.standard_errors.items() if name in used},
        "covariance": _covariance(record.covariance, fit.values),
        "residual": plain(record.residual) if fit.law == law.id else None,
        "not_stated": list(fit.not_stated),
        "members": {name: list(each) for name, each in fit.members.items()},
        "fitted_range": {name: list(each) for name, each in record.fitted.items()} if fit.law == law.id else {},
        "observations": record.observations,
        "printed": plain(record.printed),
        "taken": dict(record.taken),
        "source": source_document(record.source, owner),
        "sources": {name: source_document(*each) for name, each in fit.sources.items() if name in used},
        "basis": record.source.basis,
        "confidence": record.source.confidence,
        "method": _method(record.method, owner),
        "disputed_by": [plain(each) for each in record.disputed_by],
        "superseded_by": record.superseded_by,
        "note": record.note,
    }
    return document


def paper_document(catalog: Catalog, paper: Paper) -> dict[str, Any]:
    """Everything known about a paper, its laws by id."""
    reference = catalog.references[paper.key]
    document: dict[str, Any] = {
        "id": paper.key,
        "kind": "paper",
        "title": reference.title,
        "authors": list(reference.authors),
        "year": reference.year,
        "venue": reference.venue,
        "label": catalog.label(paper.key),
        "laws": [f"{paper.key}/{law.id}" for law in paper.laws],
        "claims": [
            {
                **claim.model_dump(exclude={"id", "source", "laws"}),
                "id": f"{paper.key}/{claim.id}",
                "laws": [catalog.law_id(paper.key, name) for name in claim.laws],
                "source": source_document(claim.source, paper.key),
            }
            for claim in paper.claims
        ],
        "caveats": [
            {"text": each.text, "source": source_document(each.source, paper.key) if each.source else None}
            for each in paper.caveats
        ],
        "bibtex": reference.bibtex,
        "public_data": catalog.datasets_of(paper.key),
    }
    rest = paper.model_dump(exclude={"key", "laws", "claims", "caveats"})
    return {**document, **{name: value for name, value in rest.items() if name not in document}}


def reproduction_document(catalog: Catalog, record: Reproduction) -> dict[str, Any]:
    """A reproduction's recipe, laws by their own ids, with what came of it."""
    document: dict[str, Any] = {"id": f"reproductions/{record.dataset}", "kind": "reproduction", **plain(record)}
    for case in document["cases"]:
        case["law"] = catalog.law_id("", case["law"])
    document["results"] = catalog.results.get(record.dataset, {}).get("cases", {})
    return document


def dataset_document(catalog: Catalog, record: Dataset) -> dict[str, Any]:
    """Everything known about a dataset, laws by their own ids, each column with the files that have it."""
    document: dict[str, Any] = {"id": record.id, "kind": "dataset", **plain(record)}
    document["laws"] = list(dict.fromkeys(catalog.law_id("", name) for name in record.laws))
    for file in document["files"]:
        if file["derived"]:
            file["derived"]["name"] = file["derived"]["name"] or file["name"]
        file["columns"] = [each.name for each in columns_of(record, file["name"])]
    every = [file.name for file in record.files]
    for column in document["columns"]:
        column["files"] = column["files"] or every
    return document


def accounting_document(catalog: Catalog) -> dict[str, Any]:
    """How parameters and FLOP follow from a shape: formulas with LaTeX, and known models with all that follows."""
    record = catalog.accounting
    document: dict[str, Any] = {"id": "accounting", "kind": "accounting", **plain_accounting(record)}
    printed = {name: each.latex for name, each in record.symbols.items()}
    printed |= {name: each.latex or symbol_latex(name) for name, each in record.counts.items()}

    def latex(text: str) -> str:
        return node_latex(expression.parse(text), {**printed, FORWARD: symbol_latex("F_forward")})

    for each in document["symbols"]:
        each["default_latex"] = latex(each["default"]) if each["default"] else None
    for each in document["counts"]:
        each |= {"latex": printed[each["symbol"]], "formula_latex": latex(each["expression"])}
    for each in document["rules"]:
        each |= {"forward_latex": latex(each["forward"]), "training_latex": latex(each["training"])}
    accountant = Accountant(document)
    for each in document["models"]:
        shape = accountant.complete(each["shape"])
        tally = accountant.tally(shape)
        for printed_count in each["published"]:
            printed_count["counted"] = published_value(printed_count["of"], shape, tally)
        each |= {"sizes": tally.sizes, "forward": tally.forward, "training": tally.training}
    return document


def fit_values(law: Mapping[str, Any], slug: str) -> dict[str, float]:
    """The coefficients of one of a law's fits, whether its own or inherited.

    Args:
        law: the law's document.
        slug: the last part of the fit's id.
    """
    return next(dict(each["values"]) for each in law["fits"] if each["id"].rsplit("/", 1)[-1] == slug)
