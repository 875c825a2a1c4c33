"""Turns a catalog into the rows of the database's tables, each row validated by its table's model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from scalinglaws import EDITION_DATE
from scalinglaws.catalog import Catalog
from scalinglaws.database import tables
from scalinglaws.database.documents import (
    accounting_document,
    dataset_document,
    fit_document,
    law_document,
    law_latex,
    paper_document,
    reproduction_document,
    survey_latex,
)
from scalinglaws.database.entries import entry_rows
from scalinglaws.database.tables import Table, table_name
from scalinglaws.database.value_hash import value_hash
from scalinglaws.formulas.roles import NO_ROLE
from scalinglaws.ladder import highest, ladder
from scalinglaws.records.models import Method, Paper, Source, Statement
from scalinglaws.records.resolution import ResolvedFit, ResolvedLaw
from scalinglaws.vocabulary import VOCABULARIES

Row = dict[str, Any]


def compact(value: Any) -> str:
    """JSON on one line, the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json_or_none(value: Any) -> str | None:
    return compact(value) if value else None


def catalog_rows(catalog: Catalog, edition: str) -> dict[type[Table], list[Row]]:
    """Every row of every table.

    Args:
        catalog: the checked catalog.
        edition: version of the catalog, for the `info` table.

    Returns:
        rows by table, in the order of `tables.TABLES`.
    """
    rows: dict[type[Table], list[Row]] = {table: [] for table in tables.TABLES}
    for table, values in _all_rows(catalog, edition):
        rows[table].append(validated(table, values))
    return rows


def validated(table: type[Table], values: Row) -> Row:
    """A row with every column of its table.

    Raises:
        ValidationError: for a value of the wrong type, a column that is missing, or one that the table lacks.
    """
    return _plain(table).model_validate(values).model_dump()


@cache
def _plain(table: type[Table]) -> type[BaseModel]:
    """The columns of a table as a model apart from the database: SQLModel's tables take ten times as long to check."""
    columns: dict[str, Any] = {name: (field.annotation, field) for name, field in table.model_fields.items()}
    return create_model(table.__name__, __config__=ConfigDict(extra="forbid"), **columns)


def _all_rows(catalog: Catalog, edition: str) -> Iterator[tuple[type[Table], Row]]:
    yield from _info(catalog, edition)
    yield from _doc(catalog)
    yield from _lists(catalog)
    yield from _papers(catalog)
    for law in _parents_first(catalog):
        yield from _law(catalog, law)
    for key, paper in catalog.papers.items():
        yield from _claims(catalog, key, paper)
    yield from _discussion(catalog)
    yield from _findings(catalog)
    yield from _datasets(catalog)
    yield from _reproductions(catalog)
    yield from _accounting(catalog)
    yield from _glossary(catalog)
    yield from entry_rows(catalog)


def _parents_first(catalog: Catalog) -> list[ResolvedLaw]:
    """Laws in an order in which every law stands after the one it follows."""
    laws = {law.id: law for law in catalog.laws()}

    def depth(law: ResolvedLaw) -> int:
        return 0 if law.parent is None else 1 + depth(laws[law.parent])

    return sorted(laws.values(), key=lambda law: (depth(law), law.id))


def _info(catalog: Catalog, edition: str) -> Iterator[tuple[type[Table], Row]]:
    facts = {
        "title": "The Scaling Laws Catalog",
        "edition": edition,
        "edition_date": EDITION_DATE,
        "schema_version": str(tables.SCHEMA_VERSION),
        "records_sha256": catalog.hash,
        "licence": "CC-BY-4.0",
        "citation": f"The Scaling Laws Catalog contributors. The Scaling Laws Catalog, edition {edition}.",
        "survey": catalog.survey.key,
        "papers": str(len(catalog.papers)),
        "laws": str(sum(1 for _ in catalog.laws())),
        "datasets": str(len(catalog.datasets)),
    }
    for key, value in facts.items():
        yield tables.Info, {"key": key, "value": value}


def _doc(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    for table in tables.TABLES:
        name = table_name(table)
        yield tables.Doc, {"kind": "table", "name": name, "meaning": str(table.__doc__)}
        for column, field in table.model_fields.items():
            yield (
                tables.Doc,
                {"kind": "column", "name": f"{name}.{column}", "meaning": str(field.description)},
            )
    yield (
        tables.Doc,
        {
            "kind": "table",
            "name": "search",
            "meaning": "Full-text index (FTS5) over the table entry.",
        },
    )
    for number, table_record in catalog.survey.tables.items():
        meaning = f"Table {number} of the survey as printed: {table_record.title}."
        yield tables.Doc, {"kind": "view", "name": f"survey_table_{number}", "meaning": meaning}
    for vocabulary, codes in VOCABULARIES.items():
        for code, meaning in codes.items():
            yield tables.Doc, {"kind": vocabulary, "name": code, "meaning": meaning}


def _lists(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    taxonomy, questions = catalog.taxonomy, catalog.questions.questions
    for table, terms in (
        (tables.Category, taxonomy.categories),
        (tables.Task, taxonomy.tasks),
        (tables.Modality, taxonomy.modalities),
        (tables.Architecture, taxonomy.architectures),
    ):
        for name, term in terms.items():
            yield table, {"id": name, "title": term.title, "description": term.description}
    ordered = sorted(taxonomy.topics, key=lambda name: (name.count("."), list(taxonomy.topics).index(name)))
    for name in ordered:
        topic = taxonomy.topics[name]
        row = topic.model_dump(exclude={"questions", "sections", "synthesis"})
        yield tables.Topic, {"id": name, **row, "position": list(taxonomy.topics).index(name)}
    for name, question in questions.items():
        yield (
            tables.Question,
            {"id": name, "title": question.title, "asks": question.asks, "section": question.section},
        )
        if question.guideline:
            yield tables.Guideline, {"question": name, "text": question.guideline}
        for each in question.topics:
            yield tables.QuestionTopic, {"question": name, "topic": each}
        for each in question.evidence:
            yield tables.LawQuestion, {"law": catalog.law_id("", each), "question": name}
    for name, topic in taxonomy.topics.items():
        for each in topic.questions:
            yield tables.TopicQuestion, {"topic": name, "question": each}
    for number, table_record in catalog.survey.tables.items():
        row = {"number": int(number), "title": table_record.title, "section": table_record.section}
        yield tables.SurveyTable, row


def _papers(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    authors = sorted({author for each in catalog.references.values() for author in each.authors})
    numbers = {author: number for number, author in enumerate(authors, start=1)}
    for author, number in numbers.items():
        yield tables.Author, {"id": number, "name": author}
    for name in sorted({name for paper in catalog.papers.values() for name in paper.datasets}):
        yield tables.Corpus, {"id": name}
    for key, reference in catalog.references.items():
        paper = catalog.papers.get(key)
        row: Row = {
            "key": key,
            "label": catalog.label(key),
            "title": reference.title,
            "year": reference.year,
            "venue": reference.venue,
            "arxiv": reference.eprint,
            "doi": reference.doi,
            "url": reference.url or (f"https://arxiv.org/abs/{reference.eprint}" if reference.eprint else None),
            "recorded": paper is not None,
            "surveyed": catalog.in_survey(key),
            "model_printed": catalog.printed_cell(key, "9", "model-range"),
            "data_printed": catalog.printed_cell(key, "9", "data-range"),
            "bibtex": reference.bibtex,
        }
        if paper is not None:
            row |= {
                "category": paper.category,
                "insight": paper.insight,
                "applicability": paper.applicability,
                "why_no_laws": paper.why_no_laws,
                "survey_note": paper.survey.note if paper.survey else None,
            }
            for name, scale in (("model", paper.model_range), ("data", paper.data_range)):
                if scale is not None:
                    row |= {f"{name}_{field}": getattr(scale, field) for field in ("quantity", "low", "high")}
        yield tables.Paper, row
        for position, author in enumerate(reference.authors, start=1):
            yield tables.PaperAuthor, {"paper": key, "position": position, "author": numbers[author]}
        yield from _code(catalog, key, paper)
    for name, table in catalog.survey.tables.items():
        for position, survey_row in enumerate(table.rows, start=1):
            cells = {"paper": survey_row.paper, "cells": compact(survey_row.cells), "note": survey_row.note}
            yield tables.SurveyRow, {"table_number": int(name), "position": position, **cells}
    for key, paper in catalog.papers.items():
        yield from _paper_links(catalog, key, paper)


def _code(catalog: Catalog, key: str, paper: Paper | None) -> Iterator[tuple[type[Table], Row]]:
    """Code as seen, where the paper has a record, beside what the survey's Table 11 says."""
    printed = {
        f"survey_{name}": catalog.printed_cell(key, "11", column)
        for name, column in (("training", "training-code"), ("analysis", "analysis-code"))
    }
    in_table = any(number == "11" for number, _, _ in catalog.printed_rows(key))
    if paper is None or paper.code is None:
        if not in_table:
            return
        seen: Row = {"training": "not-stated", "analysis": "not-stated", "data": "not-stated"}
    else:
        seen = paper.code.model_dump()
    link = catalog.printed_cell(key, "11", "github-link") is not None if in_table else None
    yield tables.Code, {"paper": key, **printed, "survey_link": link, **seen}


def _paper_links(catalog: Catalog, key: str, paper: Paper) -> Iterator[tuple[type[Table], Row]]:
    for table, column, names in (
        (tables.PaperTask, "task", paper.tasks),
        (tables.PaperModality, "modality", paper.modalities),
        (tables.PaperArchitecture, "architecture", paper.architectures),
        (tables.PaperQuestion, "question", paper.questions),
        (tables.PaperCorpus, "corpus", paper.datasets),
    ):
        for name in dict.fromkeys(names):
            yield table, {"paper": key, column: name}
    for each in paper.topics:
        row = {"paper": key, "topic": each.topic, "is_primary": each.primary, "evidence": each.evidence}
        yield tables.PaperTopic, row
    yield tables.Document, {"id": key, "kind": "paper", "content": compact(paper_document(catalog, paper))}
    for alias in dict.fromkeys(paper.aliases):
        yield tables.Alias, {"name": alias, "kind": "paper", "target": key}


def _place(source: Source, paper: str) -> Row:
    """The columns that every sourced row has."""
    return {
        "source_paper": source.paper or paper,
        "source_where": source.where,
        "source_via": source.via,
        "basis": source.basis,
        "confidence": source.confidence,
    }


def _law(catalog: Catalog, law: ResolvedLaw) -> Iterator[tuple[type[Table], Row]]:
    record = law.record
    output = record.output
    rungs = ladder(catalog, law)
    yield (
        tables.Law,
        {
            "id": law.id,
            "paper": law.paper,
            "slug": record.id,
            "name": record.name,
            "kind": record.kind,
            "summary": record.summary,
            "expression": record.expression,
            "sub_expressions": _json_or_none(dict(record.where)),
            "bracket": _json_or_none(record.bracket),
            "steps": _json_or_none(record.steps),
            "latex": law_latex(law),
            "implicit": bool(law.formula and law.formula.implicit),
            "output_symbol": output.symbol,
            "output_meaning": output.meaning,
            "output_quantity": output.unit.quantity,
            "output_scale": output.unit.scale,
            "output_convention": output.unit.convention,
            "direction": output.direction,
            "follows": law.parent,
            "supersedes": record.supersedes,
            "default_fit": record.default,
            "rung": highest(rungs),
            **_place(record.source, law.paper),
        },
    )
    for name in law.modalities:
        yield tables.LawModality, {"law": law.id, "modality": name, "said_of": law.modalities_of}
    for position, step in enumerate(rungs, start=1):
        row = {"rung": step.name, "position": position, "reached": step.reached}
        yield tables.LawRung, {"law": law.id, **row, "evidence": _json_or_none(list(step.evidence))}
    for position, (symbol, variable) in enumerate(record.variables.items(), start=1):
        low, high = variable.fitted or (None, None)
        yield (
            tables.Variable,
            {
                "law": law.id,
                "symbol": symbol,
                "position": position,
                "meaning": variable.meaning,
                **variable.unit.model_dump(),
                "domain": variable.domain,
                "monotone": record.monotone.get(symbol),
                "fitted_low": low,
                "fitted_high": high,
                "index_sets": _json_or_none(variable.over),
            },
        )
    for position, (symbol, coefficient) in enumerate(law.coefficients.items(), start=1):
        yield (
            tables.Coefficient,
            {
                "law": law.id,
                "symbol": symbol,
                "position": position,
                "meaning": coefficient.meaning,
                **(coefficient.unit.model_dump() if coefficient.unit else {}),
                "positive": coefficient.positive,
                "inherited": symbol not in record.coefficients,
                "index_sets": _json_or_none(coefficient.over),
                **asdict(law.roles.get(symbol, NO_ROLE)),
            },
        )
    for symbol, constant in record.constants.items():
        row = {"law": law.id, "symbol": symbol, "value": constant.value, "meaning": constant.meaning}
        yield tables.Constant, row
    yield from _methods(law, "", record.method)
    for position, fit in enumerate(law.fits, start=1):
        if fit.law == law.id:
            yield from _fit(law, fit, position)
    for position, check in enumerate(record.checks, start=1):
        found = law.fit(check.fit) if check.fit else None
        yield (
            tables.WorkedExample,
            {
                "law": law.id,
                "position": position,
                "fit": found.id if found else None,
                "inputs": compact(check.inputs),
                "coefficients": _json_or_none(check.coefficients),
                "expect": check.expect,
                "digits": check.digits,
                "tolerance": check.tolerance,
                "printed": check.source is not None and check.source.basis != "derived",
                "source_paper": (check.source.paper or law.paper) if check.source else None,
                "source_where": check.source.where if check.source else None,
                "note": check.note,
            },
        )
    if record.survey:
        yield (
            tables.Equation,
            {
                "law": law.id,
                "number": record.survey.equation,
                "relation": record.survey.relation,
                "expression": record.survey.expression,
                "latex": survey_latex(law),
                "difference": record.survey.difference,
                **{
                    name: value
                    for name, value in _place(record.survey.source, law.paper).items()
                    if name != "source_paper"
                },
            },
        )
    yield tables.Document, {"id": law.id, "kind": "law", "content": compact(law_document(catalog, law))}
    for name, target in catalog.aliases().items():
        if target == law.id:
            yield tables.Alias, {"name": name, "kind": "law", "target": target}


def _fit(law: ResolvedLaw, fit: ResolvedFit, position: int) -> Iterator[tuple[type[Table], Row]]:
    record = fit.record
    yield (
        tables.Fit,
        {
            "id": fit.id,
            "law": law.id,
            "slug": record.id,
            "position": position,
            "setting": record.setting,
            "observations": record.observations,
            "complete": not fit.not_stated,
            "values_sha256": value_hash(fit.values),
            "residual": record.residual.standard_deviation if record.residual else None,
            "residual_on": record.residual.on if record.residual else None,
            "superseded_by": record.superseded_by,
            **_place(record.source, law.paper),
            "note": record.note,
        },
    )
    for name in fit.modalities:
        yield tables.FitModality, {"fit": fit.id, "modality": name, "said_of": fit.modalities_of}
    document = fit_document(law, fit)
    for number, symbol in enumerate([*fit.values, *fit.not_stated], start=1):
        interval = document["intervals"].get(symbol, {})
        yield (
            tables.FitValue,
            {
                "fit": fit.id,
                "symbol": symbol,
                "position": number,
                "value": fit.values.get(symbol),
                "stated": symbol in fit.values,
                "low": interval.get("low"),
                "high": interval.get("high"),
                "level": interval.get("level"),
                "interval_method": interval.get("method"),
                "standard_error": record.standard_errors.get(symbol),
                "taken_from": record.taken.get(symbol),
                **_place(*fit.source_of(symbol)),
            },
        )
    if record.covariance:
        names = record.covariance.symbols
        for i, symbol in enumerate(names):
            for j in range(i + 1):
                value = record.covariance.matrix[i][j]
                yield (
                    tables.FitCovariance,
                    {
                        "fit": fit.id,
                        "symbol": symbol,
                        "other": names[j],
                        "covariance": value,
                        "symbol_in_logarithm": symbol in record.covariance.logarithms,
                        "other_in_logarithm": names[j] in record.covariance.logarithms,
                    },
                )
    for dispute in record.disputed_by:
        yield tables.FitDispute, {"fit": fit.id, "paper": dispute.paper, "reason": dispute.reason}
    yield from _methods(law, record.id, record.method)
    yield tables.Document, {"id": fit.id, "kind": "fit", "content": compact(document)}


def _methods(law: ResolvedLaw, fit: str, method: Method | None) -> Iterator[tuple[type[Table], Row]]:
    if method is None:
        return
    place = {name: value for name, value in _place(method.source, law.paper).items() if name != "source_via"}
    for aspect in ("optimizer", "objective", "initialisation", "validation"):
        for code in dict.fromkeys(getattr(method, aspect)):
            row = {
                "law": law.id,
                "fit": fit,
                "aspect": aspect,
                "code": code,
                "detail": method.detail,
                **place,
            }
            yield tables.FittingMethod, row


def _claims(catalog: Catalog, key: str, paper: Paper) -> Iterator[tuple[type[Table], Row]]:
    for claim in paper.claims:
        claim_id = f"{key}/{claim.id}"
        yield (
            tables.Claim,
            {
                "id": claim_id,
                "paper": key,
                "statement": claim.statement,
                "value": claim.value,
                "quantity": claim.unit.quantity if claim.unit else None,
                "verdict": claim.verdict,
                "evidence": claim.evidence,
                **_place(claim.source, key),
            },
        )
        for name in dict.fromkeys(catalog.law_id(key, each) for each in claim.laws):
            yield tables.ClaimLaw, {"claim": claim_id, "law": name}
    for position, caveat in enumerate(paper.caveats, start=1):
        place = _place(caveat.source, key) if caveat.source else {}
        place.pop("source_via", None)
        yield tables.Caveat, {"paper": key, "position": position, "text": caveat.text, **place}


def _discussion(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    """Criticisms, directions and limitations, and the survey's words on fitting."""
    discussion = catalog.discussion
    for table, entries in (
        (tables.Criticism, discussion.criticisms),
        (tables.Direction, discussion.directions),
        (tables.Limitation, discussion.limitations),
    ):
        for name, entry in entries.items():
            yield table, {"id": name, **entry.model_dump(exclude={"papers", "laws"})}
            yield from _support(catalog, table_name(table), name, entry.papers, entry.laws)
    for attribution in catalog.fitting.attributions:
        yield tables.SurveyMethod, attribution.model_dump()


def _findings(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    """The sentences of every synthesis."""
    sentences: list[tuple[str, str | None, str, str | None, Statement]] = []
    for name, question in catalog.questions.questions.items():
        for kind, statements in (("known", question.known), ("conflict", question.conflicts)):
            for number, statement in enumerate(statements, start=1):
                sentences.append((f"{name}-{kind}-{number}", name, kind, None, statement))
    for number, warning in enumerate(catalog.fitting.warnings, start=1):
        sentences.append((f"fitting-warning-{number}", None, "warning", warning.section, warning))
    for name, question_id, kind, section, statement in sentences:
        row = {"id": name, "question": question_id, "kind": kind, "section": section, "text": statement.text}
        yield tables.Finding, row
        yield from _support(catalog, "finding", name, statement.papers, statement.laws)


def _support(
    catalog: Catalog, kind: str, name: str, papers: list[str], laws: list[str]
) -> Iterator[tuple[type[Table], Row]]:
    pairs: list[tuple[str | None, str | None]] = [(paper, None) for paper in papers]
    pairs += [(None, catalog.law_id("", law)) for law in laws]
    for position, (paper, law) in enumerate(pairs, start=1):
        yield tables.Support, {"kind": kind, "id": name, "position": position, "paper": paper, "law": law}


def _reproductions(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    """Refits of published laws, with every published fit held against them."""
    for record in catalog.reproductions.values():
        document = reproduction_document(catalog, record)
        yield tables.Document, {"id": document["id"], "kind": "reproduction", "content": compact(document)}
        for case in document["cases"]:
            result = document["results"].get(case["id"])
            if result is None:
                continue
            identity = f"{record.dataset}/{case['id']}"
            parts = result.get("groups") or {"": result}
            single = result if "groups" not in result else {}
            yield (
                tables.Reproduction,
                {
                    "id": identity,
                    "law": case["law"],
                    "dataset": record.dataset,
                    "title": case["title"],
                    "fits": len(parts),
                    "rows": single.get("n"),
                    "objective": single.get("objective"),
                    "r2": single.get("r2"),
                    "rmse_log": result.get("rmse_log"),
                    "holdout_rmse_log": (single.get("holdout") or {}).get("rmse_log"),
                    "verdict": result["verdict"],
                    "quirk": case["quirk"],
                },
            )
            for part, each in parts.items():
                yield from _refit_rows(identity, part, each)


def _refit_rows(reproduction: str, part: str, refit: Mapping[str, Any]) -> Iterator[tuple[type[Table], Row]]:
    place = {"reproduction": reproduction, "part": part}
    for published in refit.get("published", {}).values():
        if "fit" not in published:
            # Held against numbers that are no coefficients, such as errors that the authors print.
            continue
        row = {name: published[name] for name in ("fit", "verdict", "ratio", "r2", "rmse_log")}
        yield tables.ReproductionVerdict, {**place, **row}
    for symbol, value in refit.get("coefficients", {}).items():
        ends = refit.get("intervals", {}).get(symbol, {})
        row = {"symbol": symbol, "value": value, "low": ends.get("low"), "high": ends.get("high")}
        yield tables.ReproductionValue, {**place, **row}


def _datasets(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    """Public data behind the laws, with its files and their columns."""
    for name, record in catalog.datasets.items():
        document = dataset_document(catalog, record)
        yield tables.Document, {"id": name, "kind": "dataset", "content": compact(document)}
        yield (
            tables.Dataset,
            {
                **{key: document[key] for key in ("id", "title", "summary", "citation", "exclusions")},
                "licence": record.licence.name,
                "redistributable": record.licence.redistributable,
                "licence_note": record.licence.note,
                "mapping": record.rows,
                "variables": _json_or_none(record.variables),
                "let": _json_or_none(record.let),
                "caveats": _json_or_none(record.caveats),
            },
        )
        for position, file in enumerate(document["files"], start=1):
            derived = {f"derived_{key}": value for key, value in (file["derived"] or {}).items()}
            rest = {key: value for key, value in file.items() if key not in ("commit", "derived", "columns")}
            row = {"id": f"{name}/{file['name']}", "dataset": name, "position": position, "revision": file["commit"]}
            yield tables.DatasetFile, {**row, **rest, **derived}
            columns = [each for each in document["columns"] if file["name"] in each["files"]]
            for number, column in enumerate(columns, start=1):
                unit = column["unit"] or {}
                parts = {key: column[key] for key in ("name", "meaning", "upstream", "computed")}
                yield tables.DatasetColumn, {"file": row["id"], "position": number, **parts, **unit}
        for law in document["laws"]:
            yield tables.DatasetLaw, {"dataset": name, "law": law}
        for paper in dict.fromkeys(record.papers):
            yield tables.DatasetPaper, {"dataset": name, "paper": paper}


def _accounting(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    """The formulas of accounting, and what follows from them for known models."""
    record, document = catalog.accounting, accounting_document(catalog)
    yield tables.Document, {"id": document["id"], "kind": document["kind"], "content": compact(document)}
    formulas: list[tuple[str, str, str, str, str | None, Source]] = [
        (name, each.meaning, each.expression, each.unit.quantity, each.unit.convention, each.source)
        for name, each in record.counts.items()
    ]
    for name, rule in record.rules.items():
        for part, text in (("forward", rule.forward), ("training", rule.training)):
            formulas.append((f"{name}/{part}", f"{rule.name}: {part} per token", text, "FLOP", None, rule.source))
    for position, (name, meaning, text, quantity, convention, source) in enumerate(formulas, start=1):
        row = {"id": name, "position": position, "meaning": meaning, "expression": text, "quantity": quantity}
        yield tables.CountingFormula, {**row, "convention": convention, **_place(source, "")}
    for model in document["models"]:
        known, tokens = record.models[model["id"]], model["shape"].get("tokens")
        row = {"id": model["id"], "name": known.name, "shape": compact(known.shape), "tokens": tokens}
        yield tables.ModelShape, {**row, "note": known.note, **_place(known.source, "")}
        printed = {each.of: each for each in known.published}
        for quantity, counted in (("parameters", model["sizes"]), ("FLOP", model["training"])):
            for by, value in counted.items():
                row = {"model": model["id"], "convention": by, "quantity": quantity, "value": value}
                row["in_all"] = value * tokens if quantity == "FLOP" and tokens else None
                if by in printed:
                    each = printed[by]
                    row |= {"printed": each.value, "tolerance": each.tolerance, **_place(each.source, "")}
                yield tables.ModelCount, row


def _glossary(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    """The terms of the glossary, and what they point to."""
    for name, each in catalog.glossary.terms.items():
        row = {"id": name, "term": each.term, "definition": each.definition, "vocabulary": each.codes}
        lists = {key: _json_or_none(getattr(each, key)) for key in ("also", "symbols", "quantities")}
        yield tables.GlossaryTerm, {**row, **lists}
    for name, each in catalog.glossary.terms.items():
        laws = [catalog.law_id("", law) for law in each.laws]
        for kind, targets in (("term", each.see), ("law", laws), ("paper", each.papers), ("topic", each.topics)):
            for target in targets:
                yield tables.GlossarySee, {"term": name, "kind": kind, "target": target}
