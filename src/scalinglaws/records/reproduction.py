"""What must hold inside `reproductions/DATASET.yaml`, and between it, its results, the data and the laws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scalinglaws.formulas.expression import FormulaError
from scalinglaws.problems import Problem
from scalinglaws.vocabulary import VERDICTS, nearest

if TYPE_CHECKING:
    from scalinglaws.records.draft import Draft
    from scalinglaws.records.models import Case, Reproduction
    from scalinglaws.records.reading import Document
    from scalinglaws.records.resolution import Resolver

Path = tuple[str | int, ...]


def reproduction_problems(draft: Draft, resolver: Resolver) -> Iterator[Problem]:
    """Every problem in what could be read of the reproductions."""
    known = {each.id for each in draft.datasets.values()}
    for name, record in draft.reproductions.items():
        document = draft.documents[name]
        stem = name.rsplit("/", 1)[-1].removesuffix(".yaml")
        if record.dataset not in known:
            yield document.problem(("dataset",), f"no dataset '{record.dataset}'", nearest(record.dataset, known))
        elif record.dataset != stem:
            yield document.problem(("dataset",), f"'{record.dataset}' is not the file's name '{stem}'", "rename one")
        seen: set[str] = set()
        for index, case in enumerate(record.cases):
            if case.id in seen:
                yield document.problem(("cases", index, "id"), f"the case '{case.id}' stands twice", "rename one")
            seen.add(case.id)
            yield from _case(resolver, case, ("cases", index), document)
        yield from _results(draft, record)
    for dataset in draft.results:
        if dataset not in {each.dataset for each in draft.reproductions.values()}:
            message = f"there are results for '{dataset}', and no recipe"
            yield Problem(f"reproductions/results/{dataset}.json", "", message, "remove them or write the recipe")


def _case(resolver: Resolver, case: Case, place: Path, document: Document) -> Iterator[Problem]:
    law_id = resolver.law_id("", case.law)
    if law_id is None:
        yield document.problem((*place, "law"), f"no law '{case.law}'", nearest(case.law, list(resolver.laws)))
        return
    if case.objective == "huber" and case.delta is None and case.procedure is None:
        yield document.problem((*place, "delta"), "Huber's threshold is not given", "give delta")
    if isinstance(case.against, dict) != (case.by is not None) and case.against:
        message = "with `by`, the published fits are named by group; without it, they are a list"
        yield document.problem((*place, "against"), message, "write a mapping or a list")
    try:
        fits = [each.slug for each in resolver.resolve(law_id).fits]
    except (FormulaError, ValueError):
        return
    named = case.against.items() if isinstance(case.against, dict) else enumerate(case.against)
    for key, fit in named:
        if fit not in [each.rsplit("/", 1)[-1] for each in fits]:
            yield document.problem((*place, "against", key), f"{law_id} has no fit '{fit}'", nearest(fit, fits))


def _results(draft: Draft, record: Reproduction) -> Iterator[Problem]:
    """The committed results belong to the recipe that stands beside them."""
    results = draft.results.get(record.dataset)
    if results is None:
        return
    name = f"reproductions/results/{record.dataset}.json"
    wanted = [case.id for case in record.cases]
    found = list(results.get("cases", {}))
    if wanted != found:
        message = f"the results are of the cases {', '.join(found)}, the recipe has {', '.join(wanted)}"
        yield Problem(name, "cases", message, "regenerate them with scripts/update_reproductions.py")
    for case, result in results.get("cases", {}).items():
        if result.get("verdict") not in VERDICTS:
            yield Problem(name, f"cases.{case}.verdict", f"'{result.get('verdict')}' is no verdict", "regenerate it")
