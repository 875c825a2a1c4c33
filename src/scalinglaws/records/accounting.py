"""What must hold inside `accounting.yaml`: every symbol declared above its use, every printed number given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from scalinglaws.formulas import expression
from scalinglaws.formulas.expression import FormulaError
from scalinglaws.tally import FORWARD, Accountant, ShapeError, Tally
from scalinglaws.vocabulary import nearest

if TYPE_CHECKING:
    from scalinglaws.problems import Problem
    from scalinglaws.records import models
    from scalinglaws.records.draft import Draft
    from scalinglaws.records.reading import Document

Path = tuple[str | int, ...]


def plain_accounting(record: models.Accounting) -> dict[str, Any]:
    """The record as plain values, named parts as lists in their order, as `tally.Accountant` reads them."""
    return {
        "symbols": [{"symbol": name, **each.model_dump()} for name, each in record.symbols.items()],
        "counts": [{"symbol": name, **each.model_dump()} for name, each in record.counts.items()],
        "rules": [{"id": name, **each.model_dump()} for name, each in record.rules.items()],
        "cautions": [each.model_dump() for each in record.cautions],
        "left_out": list(record.left_out),
        "models": [{"id": name, **each.model_dump()} for name, each in record.models.items()],
        "checks": [each.model_dump() for each in record.checks],
    }


def published_value(of: str, shape: dict[str, float], tally: Tally) -> float | None:
    """What the catalog counts where a source prints a size or the FLOP of the whole training; none if it cannot.

    Args:
        of: a convention of parameters or a rule.
        shape: the complete shape.
        tally: what follows from it.
    """
    if of in tally.sizes:
        return tally.sizes[of]
    return tally.training[of] * shape["tokens"] if of in tally.training and "tokens" in shape else None


def accounting_problems(draft: Draft) -> list[Problem]:
    """Every problem in what could be read of `accounting.yaml`."""
    if draft.accounting is None:
        return []
    document = draft.documents["accounting.yaml"]
    problems = [*_sources(draft, draft.accounting, document), *_formulas(draft.accounting, document)]
    return problems or [*_numbers(draft.accounting, document)]


def _sources(draft: Draft, record: models.Accounting, document: Document) -> Iterator[Problem]:
    places: list[tuple[Path, models.Source]] = []
    groups: tuple[tuple[str, dict[str, Any]], ...] = (
        ("counts", record.counts),
        ("rules", record.rules),
        ("models", record.models),
    )
    for group, entries in groups:
        places += [((group, name, "source"), each.source) for name, each in entries.items()]
    for name, model in record.models.items():
        places += [
            (("models", name, "published", index, "source"), each.source) for index, each in enumerate(model.published)
        ]
    places += [(("checks", index, "source"), each.source) for index, each in enumerate(record.checks)]
    for path, source in places:
        if source.paper is None:
            yield document.problem((*path, "paper"), "the source names no paper", "give its BibTeX key")
        elif source.paper not in draft.references:
            repair = nearest(source.paper, draft.references) or "add the BibTeX entry"
            yield document.problem((*path, "paper"), f"references.bib has no entry '{source.paper}'", repair)
        if source.basis in ("page", "code") and source.via is None:
            message = f"the basis is '{source.basis}' and nothing says what was seen"
            yield document.problem((*path, "via"), message, "name it in via")


def _formulas(record: models.Accounting, document: Document) -> Iterator[Problem]:
    known: list[str] = []
    for name, symbol in record.symbols.items():
        yield from _name(name, ("symbols", name), known, document)
        if symbol.default is not None:
            yield from _expression(symbol.default, ("symbols", name, "default"), known, document)
        if symbol.at_most is not None and symbol.at_most not in record.symbols:
            repair = nearest(symbol.at_most, list(record.symbols))
            yield document.problem(("symbols", name, "at_most"), f"no symbol '{symbol.at_most}'", repair)
        known.append(name)
    for name, count in record.counts.items():
        yield from _name(name, ("counts", name), known, document)
        yield from _expression(count.expression, ("counts", name, "expression"), known, document)
        known.append(name)
    for name, rule in record.rules.items():
        yield from _expression(rule.forward, ("rules", name, "forward"), known, document)
        yield from _expression(rule.training, ("rules", name, "training"), [*known, FORWARD], document)
    for index, caution in enumerate(record.cautions):
        yield from _expression(caution.when, ("cautions", index, "when"), known, document)


def _name(name: str, path: Path, known: Iterable[str], document: Document) -> Iterator[Problem]:
    if not expression.is_symbol(name) or name == FORWARD:
        yield document.problem(path, f"'{name}' is no symbol", "begin with a letter; no reserved word")
    if name in known:
        yield document.problem(path, f"the symbol '{name}' stands under symbols too", "rename one")


def _expression(text: str, path: Path, known: list[str], document: Document) -> Iterator[Problem]:
    try:
        node = expression.parse(text)
    except FormulaError as error:
        yield document.problem(path, str(error), "see the formula language in CONTRIBUTING.md")
        return
    for name in expression.symbols(node):
        if name not in known:
            yield document.problem(path, f"the symbol '{name}' is not declared above", nearest(name, known))
    for value in expression.literals(node):
        if not expression.is_structural(value):
            yield document.problem(path, f"the number {value:g} stands in the formula", "make it a symbol")


def _numbers(record: models.Accounting, document: Document) -> Iterator[Problem]:
    """Printed sizes, FLOP and ratios that the formulas do not give back."""
    accountant = Accountant(plain_accounting(record))
    tallies: dict[str, Tally] = {}
    for name, model in record.models.items():
        try:
            shape = accountant.complete(model.shape)
        except ShapeError as error:
            yield document.problem(("models", name, "shape"), str(error), "mend the shape")
            continue
        tallies[name] = accountant.tally(shape)
        for index, each in enumerate(model.published):
            path: Path = ("models", name, "published", index)
            value = published_value(each.of, shape, tallies[name])
            known = [*accountant.conventions, *accountant.rules]
            if each.of not in known:
                yield document.problem((*path, "of"), f"no convention or rule '{each.of}'", nearest(each.of, known))
            elif value is None:
                yield document.problem(path, "the model's tokens are not given", "add tokens to its shape")
            elif abs(value / each.value - 1) > each.tolerance:
                message = f"the formulas give {value:.6g}, {each.value:.6g} is printed"
                yield document.problem((*path, "value"), message, "mend the shape, the number or the tolerance")
    for index, check in enumerate(record.checks):
        yield from _check(check, ("checks", index), record, document, tallies)


def _check(
    check: models.AccountingCheck,
    path: Path,
    record: models.Accounting,
    document: Document,
    tallies: dict[str, Tally],
) -> Iterator[Problem]:
    places: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("model", check.model, record.models),
        ("rule", check.rule, record.rules),
        ("against", check.against, record.rules),
    )
    unknown = [(field, name, known) for field, name, known in places if name not in known]
    for field, name, known in unknown:
        yield document.problem((*path, field), f"'{name}' is not known", nearest(name, list(known)))
    if unknown or check.model not in tallies:
        return
    training = tallies[check.model].training
    ratio = training[check.rule] / training[check.against]
    if float(f"{ratio:.{check.digits}g}") != check.expect:
        message = f"the formulas give {ratio:.6g}, {check.expect:g} is printed to {check.digits} digits"
        yield document.problem((*path, "expect"), message, "mend the formulas, the shape or the number")
