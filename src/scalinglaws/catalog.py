"""The catalog in memory: every record, checked, with laws resolved so that derived ones show what they inherit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scalinglaws.problems import InvalidRecords, Problem
from scalinglaws.records.draft import read_draft
from scalinglaws.records.files import catalog_root, content_hash, read_contents
from scalinglaws.records.models import (
    Accounting,
    Case,
    Dataset,
    Discussion,
    Fitting,
    Glossary,
    Paper,
    Questions,
    Reproduction,
    Survey,
    SurveyRow,
    Taxonomy,
)
from scalinglaws.records.reading import Reference
from scalinglaws.records.resolution import ResolvedLaw, Resolver
from scalinglaws.records.validation import validate

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True)
class Catalog:
    """Every record of the catalog, checked."""

    papers: Mapping[str, Paper]
    datasets: Mapping[str, Dataset]
    reproductions: Mapping[str, Reproduction]
    results: Mapping[str, Mapping[str, Any]]
    references: Mapping[str, Reference]
    taxonomy: Taxonomy
    questions: Questions
    survey: Survey
    discussion: Discussion
    fitting: Fitting
    accounting: Accounting
    glossary: Glossary
    queries: Mapping[str, str]
    hash: str

    @classmethod
    def load(cls, root: Traversable | None = None) -> Catalog:
        """Read and check a catalog folder.

        Args:
            root: the folder; by default the records in use (see `records.files.catalog_root`).

        Raises:
            InvalidRecords: listing every problem in every file.
        """
        place = catalog_root() if root is None else root
        if not place.is_dir():
            raise InvalidRecords([Problem(str(place), "", "there is no such catalog folder", "name another")])
        return cls.from_contents(read_contents(place))

    @classmethod
    def from_contents(cls, contents: Mapping[str, str]) -> Catalog:
        """Check record files given as texts by name; see `load`."""
        draft = read_draft(contents)
        problems = [*draft.problems, *validate(draft)]
        singles = (draft.taxonomy, draft.questions, draft.survey, draft.discussion, draft.fitting, draft.accounting)
        if problems or None in (*singles, draft.glossary):
            raise InvalidRecords(problems)
        assert draft.taxonomy is not None
        assert draft.questions is not None
        assert draft.survey is not None
        assert draft.discussion is not None
        assert draft.fitting is not None
        assert draft.accounting is not None
        assert draft.glossary is not None
        return cls(
            papers=dict(sorted(draft.papers.items())),
            datasets={each.id: each for _, each in sorted(draft.datasets.items())},
            reproductions={each.dataset: each for _, each in sorted(draft.reproductions.items())},
            results=dict(sorted(draft.results.items())),
            references=dict(sorted(draft.references.items())),
            taxonomy=draft.taxonomy,
            questions=draft.questions,
            survey=draft.survey,
            discussion=draft.discussion,
            fitting=draft.fitting,
            accounting=draft.accounting,
            glossary=draft.glossary,
            queries={name: text for name, text in contents.items() if name.startswith("queries/")},
            hash=content_hash(draft.contents),
        )

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.papers)

    def laws(self) -> Iterator[ResolvedLaw]:
        """Every law, by id, with what it inherits."""
        for law_id in sorted(self._resolver.laws):
            yield self._resolver.resolve(law_id)

    def law(self, law_id: str) -> ResolvedLaw:
        """One law by its full id or alias.

        Raises:
            KeyError: when there is none.
        """
        return self._resolver.resolve(self.law_id("", law_id) or law_id)

    def law_id(self, paper: str, name: str) -> str | None:
        """The full id of the law that a record of `paper` means by `name`."""
        return self._resolver.law_id(paper, name)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {each.paper: each.label for each in self.survey.references}

    def label(self, key: str) -> str:
        """How the survey cites a work, or surname and year where it does not."""
        return self._labels.get(key) or self.references[key].label

    def datasets_of(self, name: str) -> list[str]:
        """The datasets that come from a paper or stand behind a law, by its full id."""
        return [
            each.id
            for each in self.datasets.values()
            if name in each.papers or name in [self.law_id("", law) for law in each.laws]
        ]

    def refits(self, *law_ids: str | None) -> list[tuple[str, Case, Mapping[str, Any]]]:
        """The reproductions of some laws that have a result: dataset, case and what came of it."""
        return [
            (dataset, case, self.results[dataset]["cases"][case.id])
            for dataset, record in self.reproductions.items()
            for case in record.cases
            if self.law_id("", case.law) in law_ids and case.id in self.results.get(dataset, {}).get("cases", {})
        ]

    def in_survey(self, key: str) -> bool:
        """Whether a work is among the survey's references."""
        return key in self._labels

    def printed_rows(self, key: str) -> list[tuple[str, int, SurveyRow]]:
        """The rows that the survey's tables print about a paper: number of the table, position, row."""
        return [
            (number, position, row)
            for number, table in self.survey.tables.items()
            for position, row in enumerate(table.rows, start=1)
            if row.paper == key
        ]

    def printed_cell(self, key: str, table: str, column: str) -> str | None:
        """What a table prints about a paper in a column; none for an empty cell or no row."""
        if table not in self.survey.tables:
            return None
        columns = self.survey.tables[table].columns
        for number, _, row in self.printed_rows(key):
            if number == table and column in columns:
                return row.cells[columns.index(column)] or None
        return None

    def aliases(self) -> dict[str, str]:
        """Other ids of laws, with the law each stands for."""
        return dict(sorted(self._resolver.aliases.items()))
