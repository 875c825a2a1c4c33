"""Everything the record files say, parsed one by one, with what is wrong so far."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scalinglaws.problems import Problem
from scalinglaws.records.files import SINGLE_NAMES
from scalinglaws.records.models import (
    Accounting,
    Dataset,
    Discussion,
    Fitting,
    Glossary,
    Paper,
    Questions,
    Reproduction,
    Survey,
    Taxonomy,
)
from scalinglaws.records.reading import Document, Reference, parse_record, read_references, read_yaml

#: The files that stand directly in the catalog, with the model of each.
SINGLE_FILES: Mapping[str, type[Taxonomy | Questions | Survey | Discussion | Fitting | Accounting | Glossary]] = {
    "taxonomy.yaml": Taxonomy,
    "questions.yaml": Questions,
    "survey.yaml": Survey,
    "discussion.yaml": Discussion,
    "fitting.yaml": Fitting,
    "accounting.yaml": Accounting,
    "glossary.yaml": Glossary,
}


@dataclass
class Draft:
    """Everything read from the files, with what is wrong so far; `Catalog` is a draft without problems."""

    contents: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    paper_files: dict[str, str] = field(default_factory=dict)
    #: Datasets by the name of their file.
    datasets: dict[str, Dataset] = field(default_factory=dict)
    #: Reproductions by the name of their file, and what came of them by dataset.
    reproductions: dict[str, Reproduction] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    taxonomy: Taxonomy | None = None
    questions: Questions | None = None
    survey: Survey | None = None
    discussion: Discussion | None = None
    fitting: Fitting | None = None
    accounting: Accounting | None = None
    glossary: Glossary | None = None
    problems: list[Problem] = field(default_factory=list)
    #: Papers whose record holds a stand-in for a faulty value: their worked examples are not computed.
    mended: set[str] = field(default_factory=set)


def read_draft(contents: Mapping[str, str]) -> Draft:
    """Parse every file, keeping all that can be read and listing all that is wrong."""
    draft = Draft(contents=dict(contents))
    for name in SINGLE_NAMES:
        if name not in contents:
            draft.problems.append(Problem(name, "", "the file is missing", "every catalog needs one"))
    if "references.bib" in contents:
        draft.references, problems = read_references("references.bib", contents["references.bib"])
        draft.problems += problems
    for name, model in SINGLE_FILES.items():
        if name in contents:
            document = draft.documents[name] = read_yaml(name, contents[name])
            record, problems = parse_record(document, model)
            draft.problems += problems
            setattr(draft, name.removesuffix(".yaml"), record)
    for name, text in contents.items():
        if name.startswith("papers/"):
            document = draft.documents[name] = read_yaml(name, text)
            paper, problems = parse_record(document, Paper)
            draft.problems += problems
            if paper is None:
                continue
            if paper.key in draft.papers:
                there = draft.paper_files[paper.key]
                draft.problems.append(document.problem(("key",), f"the key stands in {there} too", "rename one"))
                continue
            draft.papers[paper.key] = paper
            draft.paper_files[paper.key] = name
            if problems:
                draft.mended.add(paper.key)
        elif name.startswith("datasets/"):
            document = draft.documents[name] = read_yaml(name, text)
            dataset, problems = parse_record(document, Dataset)
            draft.problems += problems
            if dataset is not None:
                draft.datasets[name] = dataset
        elif name.startswith("reproductions/results/"):
            try:
                draft.results[name.rsplit("/", 1)[-1].removesuffix(".json")] = json.loads(text)
            except ValueError as error:
                repair = "regenerate it with scripts/update_reproductions.py"
                draft.problems.append(Problem(name, "", f"it is no JSON: {error}", repair))
        elif name.startswith("reproductions/"):
            document = draft.documents[name] = read_yaml(name, text)
            reproduction, problems = parse_record(document, Reproduction)
            draft.problems += problems
            if reproduction is not None:
                draft.reproductions[name] = reproduction
    return draft
