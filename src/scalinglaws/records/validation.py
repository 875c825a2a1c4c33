"""What must hold between the parts of a record and between records, beyond the shape of each field."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scalinglaws.database.spelling import fold
from scalinglaws.formulas import expression
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula, in_domain
from scalinglaws.formulas.expression import FormulaError
from scalinglaws.problems import Problem
from scalinglaws.records.accounting import accounting_problems
from scalinglaws.records.dataset import dataset_problems
from scalinglaws.records.models import Coefficient, Law, Paper, Source, Variable
from scalinglaws.records.reading import canonical_bibtex
from scalinglaws.records.reproduction import reproduction_problems
from scalinglaws.records.resolution import Resolver, flat_symbols, law_formula
from scalinglaws.vocabulary import VOCABULARIES, nearest

if TYPE_CHECKING:
    from scalinglaws.records.draft import Draft
    from scalinglaws.records.reading import Document

Path = tuple[str | int, ...]


def validate(draft: Draft) -> list[Problem]:
    """Every problem in what could be read: symbols, fits, references between records, worked examples."""
    resolver = Resolver(draft.papers)
    problems: list[Problem] = []
    if "references.bib" in draft.contents and not any(each.file == "references.bib" for each in draft.problems):
        problems += _bibliography(draft.contents["references.bib"])
    problems += _lists(draft)
    problems += _survey(draft)
    problems += _syntheses(draft, resolver)
    problems += _glossary(draft)
    problems += accounting_problems(draft)
    problems += dataset_problems(draft, resolver)
    problems += reproduction_problems(draft, resolver)
    for key, paper in draft.papers.items():
        checker = _PaperChecker(draft, resolver, paper, draft.documents[draft.paper_files[key]])
        problems += checker.problems()
    return problems


def _bibliography(text: str) -> Iterator[Problem]:
    if canonical_bibtex(text) != text:
        yield Problem("references.bib", "", "the file is not in canonical form", "run scripts/format_references.py")


def _lists(draft: Draft) -> Iterator[Problem]:
    """References inside the taxonomy and the questions."""
    if draft.taxonomy is None or draft.questions is None:
        return
    topics, questions = draft.taxonomy.topics, draft.questions.questions
    document = draft.documents["taxonomy.yaml"]
    for name, topic in topics.items():
        place = ("topics", name)
        if topic.parent is not None and topic.parent not in topics:
            yield document.problem((*place, "parent"), f"no topic '{topic.parent}'", nearest(topic.parent, topics))
        for index, question in enumerate(topic.questions):
            if question not in questions:
                yield document.problem(
                    (*place, "questions", index), f"no question '{question}'", nearest(question, questions)
                )
    document = draft.documents["questions.yaml"]
    for name, question_record in questions.items():
        for index, each in enumerate(question_record.topics):
            if each not in topics:
                yield document.problem(
                    ("questions", name, "topics", index), f"no topic '{each}'", nearest(each, topics)
                )


def _survey(draft: Draft) -> Iterator[Problem]:
    """The survey's references and the rows of its tables."""
    if draft.survey is None:
        return
    document = draft.documents["survey.yaml"]
    references = draft.references
    for index, entry in enumerate(draft.survey.references):
        if entry.paper not in references:
            repair = nearest(entry.paper, references) or "add the BibTeX entry"
            yield document.problem(
                ("references", index, "paper"), f"references.bib has no entry '{entry.paper}'", repair
            )
    for number, table in draft.survey.tables.items():
        for index, row in enumerate(table.rows):
            path = ("tables", number, "rows", index)
            if row.paper is not None and row.paper not in references:
                repair = nearest(row.paper, references) or "add the BibTeX entry"
                yield document.problem((*path, "paper"), f"references.bib has no entry '{row.paper}'", repair)
            if len(row.cells) != len(table.columns):
                yield document.problem(
                    (*path, "cells"),
                    f"the row has {len(row.cells)} cells, table {number} has {len(table.columns)} columns",
                    f"give one for each of {', '.join(table.columns)}",
                )


def _syntheses(draft: Draft, resolver: Resolver) -> Iterator[Problem]:
    """Papers and laws named by the topics, the questions, the discussion, the notes on fitting and the glossary."""
    named: list[tuple[str, Path, Iterable[str], Iterable[str]]] = []
    if draft.questions is not None:
        for name, question in draft.questions.questions.items():
            named.append(("questions.yaml", ("questions", name), (), question.evidence))
            for field in ("known", "conflicts"):
                for index, each in enumerate(getattr(question, field)):
                    named.append(("questions.yaml", ("questions", name, field, index), each.papers, each.laws))
    if draft.taxonomy is not None:
        for name, topic in draft.taxonomy.topics.items():
            for index, each in enumerate(topic.synthesis):
                named.append(("taxonomy.yaml", ("topics", name, "synthesis", index), each.papers, each.laws))
    if draft.discussion is not None:
        for group in ("criticisms", "directions", "limitations"):
            for name, entry in getattr(draft.discussion, group).items():
                named.append(("discussion.yaml", (group, name), entry.papers, entry.laws))
    if draft.fitting is not None:
        for index, attribution in enumerate(draft.fitting.attributions):
            path: Path = ("attributions", index)
            named.append(("fitting.yaml", path, (attribution.paper,), ()))
            codes = VOCABULARIES[attribution.aspect]
            if attribution.code not in codes:
                yield draft.documents["fitting.yaml"].problem(
                    (*path, "code"),
                    f"'{attribution.code}' is no {attribution.aspect}",
                    nearest(attribution.code, codes),
                )
        for index, warning in enumerate(draft.fitting.warnings):
            named.append(("fitting.yaml", ("warnings", index), warning.papers, warning.laws))
    if draft.glossary is not None:
        for name, term in draft.glossary.terms.items():
            named.append(("glossary.yaml", ("terms", name), term.papers, term.laws))
    for file, path, papers, laws in named:
        document = draft.documents[file]
        for paper in papers:
            if paper not in draft.references:
                yield document.problem(
                    path, f"references.bib has no entry '{paper}'", nearest(paper, draft.references) or "add it"
                )
        for law in laws:
            if resolver.law_id("", law) is None:
                yield document.problem(path, f"no law '{law}'", nearest(law, list(resolver.laws)))


def _glossary(draft: Draft) -> Iterator[Problem]:
    """Terms stand once, and point to terms and topics that exist."""
    if draft.glossary is None:
        return
    document, terms = draft.documents["glossary.yaml"], draft.glossary.terms
    spelt: dict[str, str] = {}
    for name, term in terms.items():
        place = ("terms", name)
        for spelling in (term.term, *term.also):
            first = spelt.setdefault(spelling.casefold(), name)
            if first != name:
                yield document.problem(place, f"'{spelling}' stands under '{first}' too", "keep one")
        for index, each in enumerate(term.see):
            if each not in terms or each == name:
                yield document.problem((*place, "see", index), f"no other term '{each}'", nearest(each, terms))
        topics = draft.taxonomy.topics if draft.taxonomy else {}
        for index, topic in enumerate(term.topics):
            if draft.taxonomy and topic not in topics:
                yield document.problem((*place, "topics", index), f"no topic '{topic}'", nearest(topic, topics))

    for index, forms in enumerate(draft.glossary.synonyms):
        if not all(map(fold, forms)) or len(set(map(fold, forms))) < len(forms):
            message = "synonyms that a search takes for the same words anyway, or that hold no word"
            yield document.problem(("synonyms", index), message, "case, accents and hyphens make no difference")


class _PaperChecker:
    """Checks one paper's record against itself and against the rest of the draft."""

    def __init__(self, draft: Draft, resolver: Resolver, paper: Paper, document: Document) -> None:
        self.draft = draft
        self.resolver = resolver
        self.paper = paper
        self.document = document
        self.found: list[Problem] = []

    def add(self, path: Path, message: str, repair: str = "") -> None:
        self.found.append(self.document.problem(path, message, repair))

    def problems(self) -> list[Problem]:
        paper = self.paper
        stem = self.document.name.rsplit("/", 1)[-1].removesuffix(".yaml")
        if stem != paper.key:
            self.add(("key",), f"the key '{paper.key}' is not the file's name '{stem}'", "rename one")
        if paper.key not in self.draft.references:
            close = nearest(paper.key, list(self.draft.references))
            self.add(
                ("key",),
                f"references.bib has no entry '{paper.key}'",
                f"add the BibTeX entry; {close}".rstrip("; "),
            )
        else:
            reference = self.draft.references[paper.key]
            if reference.eprint and paper.arxiv and reference.eprint != paper.arxiv:
                self.add(("arxiv",), f"references.bib gives the arXiv id {reference.eprint}", "make them agree")
        self.vocabularies()
        if not paper.laws and paper.why_no_laws is None:
            self.add((), "the record has no laws and does not say why", "add laws, or why_no_laws")
        self.unique("laws", [law.id for law in paper.laws])
        self.unique("claims", [claim.id for claim in paper.claims])
        for index, law in enumerate(paper.laws):
            _LawChecker(self, law, ("laws", index)).check()
        for index, claim in enumerate(paper.claims):
            self.source(("claims", index, "source"), claim.source)
            self.laws(("claims", index, "laws"), claim.laws)
        for index, caveat in enumerate(paper.caveats):
            self.source(("caveats", index, "source"), caveat.source)
        return self.found

    def unique(self, name: str, ids: Sequence[str]) -> None:
        for index, each in enumerate(ids):
            if each in ids[:index]:
                self.add((name, index, "id"), f"the id '{each}' stands twice", "rename one")

    def vocabularies(self) -> None:
        taxonomy, questions, paper = self.draft.taxonomy, self.draft.questions, self.paper
        if taxonomy is None or questions is None:
            return
        lists: list[tuple[str, list[str], Mapping[str, Any]]] = [
            ("tasks", list(paper.tasks), taxonomy.tasks),
            ("modalities", list(paper.modalities), taxonomy.modalities),
            ("architectures", list(paper.architectures), taxonomy.architectures),
            ("questions", list(paper.questions), questions.questions),
        ]
        for field, values, known in lists:
            for index, value in enumerate(values):
                self.known((field, index), value, known, field)
        if paper.category is not None:
            self.known(("category",), paper.category, taxonomy.categories, "categories")
        for index, each in enumerate(paper.topics):
            self.known(("topics", index, "topic"), each.topic, taxonomy.topics, "topics")

    def known(self, path: Path, value: str, known: Mapping[str, Any], list_name: str) -> None:
        if value not in known:
            place = "questions.yaml" if list_name == "questions" else f"taxonomy.yaml under {list_name}"
            self.add(path, f"'{value}' is not in {place}", nearest(value, known) or "add it there")

    def source(self, path: Path, source: Source | None) -> None:
        if source is None:
            return
        if source.paper is not None and source.paper not in self.draft.references:
            close = nearest(source.paper, list(self.draft.references))
            self.add(
                (*path, "paper"),
                f"references.bib has no entry '{source.paper}'",
                close or "add the BibTeX entry",
            )
        if source.basis in ("page", "code") and source.via is None:
            self.add(
                (*path, "via"),
                f"the basis is '{source.basis}' and nothing says what was seen",
                "name it in via",
            )

    def laws(self, path: Path, names: Iterable[str]) -> None:
        for index, name in enumerate(names):
            if self.resolver.law_id(self.paper.key, name) is None:
                self.add((*path, index), f"no law '{name}'", self.nearest_law(name))

    def nearest_law(self, name: str) -> str:
        choices = [*self.resolver.laws, *(law.id for law in self.paper.laws)]
        return nearest(name, choices)


class _LawChecker:
    """Checks one law: its texts, symbols, fits and worked examples."""

    def __init__(self, paper: _PaperChecker, law: Law, path: Path) -> None:
        self.paper = paper
        self.law = law
        self.path = path
        self.full_id = f"{paper.paper.key}/{law.id}"
        self.coefficients = law.coefficients
        self.indices = dict(law.indices)

    def add(self, path: Path, message: str, repair: str = "") -> None:
        self.paper.add((*self.path, *path), message, repair)

    def check(self) -> None:
        for path, source in self.sources():
            self.paper.source((*self.path, *path), source)
        self.modalities()
        self.names()
        sound = self.inheritance() and self.kind()
        formula = self.formula()
        for text, path in self.other_texts():
            self.parse(text, path)
        symbols_sound = self.symbols(formula) if formula is not None else False
        self.fits()
        if sound and symbols_sound and formula is not None and self.paper.paper.key not in self.paper.draft.mended:
            self.examples()
        elif formula is not None:
            self.example_shapes()

    def sources(self) -> Iterator[tuple[Path, Source | None]]:
        law = self.law
        yield ("source",), law.source
        if law.method:
            yield ("method", "source"), law.method.source
        if law.survey:
            yield ("survey", "source"), law.survey.source
        for name, constant in law.constants.items():
            yield ("constants", name, "source"), constant.source
        for index, fit in enumerate(law.fits):
            place: Path = ("fits", index)
            yield (*place, "source"), fit.source
            for name, source in fit.sources.items():
                yield (*place, "sources", name), source
            for number, intervals in enumerate(fit.intervals):
                yield (*place, "intervals", number, "source"), intervals.source
            if fit.covariance:
                yield (*place, "covariance", "source"), fit.covariance.source
            if fit.residual:
                yield (*place, "residual", "source"), fit.residual.source
            if fit.method:
                yield (*place, "method", "source"), fit.method.source
        for index, check in enumerate(law.checks):
            yield ("checks", index, "source"), check.source

    def modalities(self) -> None:
        """What a law or fit of the paper is about the paper is about too, so that both are found."""
        paper, taxonomy = self.paper.paper, self.paper.draft.taxonomy
        stated: list[tuple[Path, list[str], Source]] = [((), self.law.modalities, self.law.source)]
        stated += [(("fits", index), fit.modalities, fit.source) for index, fit in enumerate(self.law.fits)]
        for path, names, source in stated:
            for index, name in enumerate(names):
                place = (*self.path, *path, "modalities", index)
                if taxonomy is not None:
                    self.paper.known(place, name, taxonomy.modalities, "modalities")
                if source.paper in (None, paper.key) and name not in paper.modalities:
                    self.paper.add(place, f"'{name}' is not among the paper's modalities", "add it there too")

    def names(self) -> None:
        law = self.law
        groups: list[tuple[str, Iterable[str]]] = [
            ("variables", law.variables),
            ("coefficients", law.coefficients),
            ("constants", law.constants),
            ("where", law.where),
        ]
        seen: dict[str, str] = {}
        for group, names in groups:
            for name in names:
                if not expression.is_symbol(name):
                    self.add((group, name), f"'{name}' is no symbol", "begin with a letter; no reserved word")
                if name in seen:
                    self.add((group, name), f"the symbol '{name}' stands under {seen[name]} too", "rename one")
                seen[name] = group
        for group, declared in (("variables", law.variables), ("coefficients", law.coefficients)):
            for name, each in declared.items():
                for index, used in enumerate(each.over):
                    if used not in law.indices:
                        self.add((group, name, "over", index), f"no index set '{used}'", "declare it under indices")
        if not expression.is_symbol(law.output.symbol):
            self.add(
                ("output", "symbol"),
                f"'{law.output.symbol}' is no symbol",
                "begin with a letter; no reserved word",
            )
        elif law.output.symbol in seen:
            self.add(("output", "symbol"), f"the output stands under {seen[law.output.symbol]} too", "rename one")
        for index, alias in enumerate(law.aliases):
            full = self.paper.resolver.full_name(self.paper.paper.key, alias)
            if full in self.paper.resolver.laws or self.paper.resolver.aliases.get(full) != self.full_id:
                self.add(("aliases", index), f"'{alias}' already names a law", "choose another alias")
        ids = [fit.id for fit in law.fits]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                self.add(("fits", index, "id"), f"the id '{name}' stands twice", "rename one")
        if law.default is not None and law.default not in ids:
            self.add(("default",), f"no fit '{law.default}'", nearest(law.default, ids))

    def inheritance(self) -> bool:
        law, resolver = self.law, self.paper.resolver
        if law.follows is None:
            return True
        parent = resolver.law_id(self.paper.paper.key, law.follows)
        if parent is None:
            self.add(("follows",), f"no law '{law.follows}'", self.paper.nearest_law(law.follows))
            return False
        origin = resolver.ancestor(self.full_id)
        if origin is None:
            self.add(("follows",), "the laws follow one another in a circle", "break it")
            return False
        for field in ("coefficients", "fits"):
            if getattr(law, field):
                self.add(
                    (field,),
                    f"a law that follows another has no {field} of its own",
                    "remove them, or follows",
                )
                return False
        self.coefficients = resolver.laws[origin][1].coefficients
        self.indices = {**resolver.laws[origin][1].indices, **law.indices}
        return True

    def kind(self) -> bool:
        law = self.law
        if law.kind == "procedure":
            if not law.steps:
                self.add(("steps",), "a procedure has steps", "give them")
            if law.expression is not None:
                self.add(("expression",), "a procedure has no expression", "remove it, or kind: procedure")
            return False
        if law.expression is None:
            self.add(("expression",), "the law has no expression", "give it, or kind: procedure with steps")
            return False
        if law.steps:
            self.add(("steps",), "only a procedure has steps", "remove them, or kind: procedure without expression")
        return True

    def formula(self) -> Formula | None:
        law = self.law
        if law.expression is None:
            return None
        texts: list[tuple[str, Path]] = [
            (law.expression, ("expression",)),
            *((text, ("where", name)) for name, text in law.where.items()),
        ]
        texts += [(text, ("bracket", index)) for index, text in enumerate(law.bracket or [])]
        # A list, not a generator: every text is looked at, not only up to the first fault.
        sound = [self.parse(text, path, structural=True) for text, path in texts]
        if not all(sound):
            return None
        try:
            formula = law_formula(law)
            formula.indexed_symbols()
        except FormulaError as error:
            self.add(("expression",), str(error), "see the formula language in CONTRIBUTING.md")
            return None
        if formula.implicit and (law.bracket is None or len(law.bracket) != 2):
            self.add(("bracket",), "an implicit law needs a bracket for its output", "give [lower, upper]")
            return None
        if not formula.implicit and law.bracket is not None:
            self.add(("bracket",), "only an equation needs a bracket", "remove it")
        return formula

    def other_texts(self) -> Iterator[tuple[str, Path]]:
        if self.law.survey and self.law.survey.expression:
            yield self.law.survey.expression, ("survey", "expression")

    def parse(self, text: str, path: Path, *, structural: bool = False) -> bool:
        try:
            node = expression.parse(text)
        except FormulaError as error:
            self.add(path, str(error), "see the formula language in CONTRIBUTING.md")
            return False
        if structural:
            for value in expression.literals(node):
                if not expression.is_structural(value):
                    self.add(
                        path,
                        f"the number {value:g} stands in the formula",
                        "make it a coefficient or a constant",
                    )
        return True

    def symbols(self, formula: Formula) -> bool:
        law = self.law
        before = len(self.paper.found)
        plain = {*law.variables, *self.coefficients, *law.constants}
        declarations: dict[str, Variable | Coefficient] = {**law.variables, **self.coefficients}
        arity = {name: len(each.over) for name, each in declarations.items()}
        known = set(plain)
        texts = [
            *((name, node, ("where", name)) for name, node in formula.where.items()),
            ("", formula.root, ("expression",)),
        ]
        used: set[str] = set()
        for name, node, path in texts:
            allowed = known | ({law.output.symbol} if formula.implicit and not name else set())
            for symbol in expression.symbols(node):
                if symbol not in allowed:
                    self.undeclared(symbol, path, allowed)
                elif arity.get(symbol):
                    self.add(path, f"{symbol} is indexed and stands without brackets", f"write {symbol}[...]")
            used |= set(expression.symbols(node))
            if name:
                known.add(name)
        for index, node in enumerate(formula.bracket or ()):
            for symbol in expression.symbols(node):
                if symbol not in known:
                    self.undeclared(symbol, ("bracket", index), known)
            used |= set(expression.symbols(node))
        for symbol, sets in formula.indexed_symbols().items():
            used.add(symbol)
            if symbol not in arity:
                self.undeclared(symbol, ("expression",), plain)
            elif arity[symbol] != len(sets):
                self.add(
                    ("expression",),
                    f"{symbol} has {len(sets)} indices here and {arity[symbol]} where declared",
                    "",
                )
        for name in formula.index_sets:
            if name not in self.indices:
                self.add(("expression",), f"no index set '{name}'", "declare it under indices")
        if formula.implicit and law.output.symbol not in used:
            self.add(("expression",), f"the output {law.output.symbol} is not in the equation", "solve for another")
        declared: list[tuple[str, Iterable[str]]] = [
            ("variables", law.variables),
            ("constants", law.constants),
            ("where", law.where),
        ]
        if law.follows is None:
            declared.append(("coefficients", law.coefficients))
        for group, names in declared:
            for symbol in names:
                if symbol not in used:
                    self.add((group, symbol), f"{symbol} is declared and not used", "use it or remove it")
        return len(self.paper.found) == before

    def undeclared(self, symbol: str, path: Path, known: Iterable[str]) -> None:
        close = nearest(symbol, list(known))
        self.add(
            path,
            f"the symbol '{symbol}' is not declared",
            close or "declare it as variable, coefficient or constant",
        )

    def fits(self) -> None:
        law = self.law
        for index, fit in enumerate(law.fits):
            path: Path = ("fits", index)
            members = {name: each.members for name, each in law.indices.items() if each.members is not None}
            for name in fit.members:
                if name not in law.indices:
                    self.add((*path, "members", name), f"no index set '{name}'", "declare it under indices")
            members |= fit.members
            missing_sets = [name for name in law.indices if name not in members]
            if missing_sets:
                self.add((*path, "members"), f"the members of {', '.join(missing_sets)} are not given", "list them")
                continue
            wanted = [
                flat
                for name, each in law.coefficients.items()
                for flat in flat_symbols(name, each.over, members, each.flat)
            ]
            given = [*fit.values, *fit.taken, *fit.not_stated]
            for name in wanted:
                if given.count(name) == 0:
                    self.add(
                        (*path, "values"),
                        f"the coefficient {name} is neither given nor not_stated",
                        "give its value, or list it under not_stated",
                    )
                elif given.count(name) > 1:
                    self.add((*path, "values", name), f"the coefficient {name} is stated twice", "keep one")
            places: list[tuple[Path, Iterable[str]]] = [
                (("values",), fit.values),
                (("taken",), fit.taken),
                (("not_stated",), fit.not_stated),
                (("standard_errors",), fit.standard_errors),
                (("sources",), fit.sources),
                *((("intervals", i, "values"), each.values) for i, each in enumerate(fit.intervals)),
                (("covariance", "symbols"), fit.covariance.symbols if fit.covariance else ()),
            ]
            for place, names in places:
                for name in names:
                    if name not in wanted:
                        self.add(
                            (*path, *place, name),
                            f"'{name}' is no coefficient of this law",
                            nearest(name, wanted),
                        )
            self.fit_numbers(fit, path, members)
            for name, origin in fit.taken.items():
                if self.paper.resolver.value(self.paper.paper.key, fit, name) is None:
                    self.add((*path, "taken", name), f"'{origin}' gives no value", "name law/fit or law/fit:symbol")
            for number, dispute in enumerate(fit.disputed_by):
                if dispute.paper not in self.paper.draft.references:
                    self.add(
                        (*path, "disputed_by", number, "paper"),
                        f"references.bib has no entry '{dispute.paper}'",
                        "add it",
                    )
            if fit.superseded_by is not None and fit.superseded_by not in [each.id for each in law.fits]:
                self.add((*path, "superseded_by"), f"no fit '{fit.superseded_by}'", "name a fit of this law")

    def fit_numbers(self, fit: Any, path: Path, members: Mapping[str, Sequence[str]]) -> None:
        law = self.law
        for number, intervals in enumerate(fit.intervals):
            for name, (low, high) in intervals.values.items():
                if low > high:
                    self.add(
                        (*path, "intervals", number, "values", name),
                        "the interval's ends are swapped",
                        "order them",
                    )
        variables = [
            flat for name, each in law.variables.items() for flat in flat_symbols(name, each.over, members, each.flat)
        ]
        for name, (low, high) in fit.fitted.items():
            if name not in variables and name not in law.variables:
                self.add((*path, "fitted", name), f"'{name}' is no variable of this law", nearest(name, variables))
            elif low > high:
                self.add((*path, "fitted", name), "the range's ends are swapped", "order them")
        if fit.covariance:
            size = len(fit.covariance.symbols)
            matrix = fit.covariance.matrix
            square = len(matrix) == size and all(len(row) == size for row in matrix)
            if not square or any(matrix[i][j] != matrix[j][i] for i in range(size) for j in range(i)):
                self.add((*path, "covariance", "matrix"), "the covariance is not square and symmetric", "mend it")
            for name in fit.covariance.logarithms:
                if name not in fit.covariance.symbols or fit.values.get(name, 1.0) <= 0:
                    self.add(
                        (*path, "covariance", "logarithms"),
                        f"{name} is no positive coefficient of this covariance",
                        nearest(name, fit.covariance.symbols),
                    )
        for name, each in law.coefficients.items():
            if each.positive and fit.values.get(name, 1.0) <= 0:
                self.add(
                    (*path, "values", name),
                    f"{name} is declared positive",
                    "mend the value or the declaration",
                )

    def example_shapes(self) -> None:
        for index, check in enumerate(self.law.checks):
            self.shape_of(check, ("checks", index))

    def shape_of(self, check: Any, path: Path) -> None:
        if (check.digits is None) == (check.tolerance is None):
            self.add(path, "a check has either digits or a tolerance", "give one of them")

    def examples(self) -> None:
        try:
            resolved = self.paper.resolver.resolve(self.full_id)
        except (FormulaError, ValueError):
            return
        assert resolved.formula is not None
        for name in self.law.monotone:
            if name not in self.law.variables:
                self.add(("monotone", name), f"'{name}' is no variable", nearest(name, self.law.variables))
        for name, variable in self.law.variables.items():
            if variable.fitted and variable.fitted[0] > variable.fitted[1]:
                self.add(("variables", name, "fitted"), "the range's ends are swapped", "order them")
        compiled: dict[str, Compiled] = {}
        for index, check in enumerate(self.law.checks):
            path: Path = ("checks", index)
            self.shape_of(check, path)
            values = {name: each.value for name, each in self.law.constants.items()}
            members = {name: each.members for name, each in self.indices.items() if each.members is not None}
            if check.fit is not None:
                fit = resolved.fit(check.fit)
                if fit is None:
                    close = nearest(check.fit, [each.slug for each in resolved.fits])
                    self.add((*path, "fit"), f"no fit '{check.fit}'", close)
                    continue
                values |= fit.values
                members |= {name: list(each) for name, each in fit.members.items()}
            values |= check.coefficients
            values |= check.inputs
            self.inputs_make_sense(check, path)
            self.example(compiled, resolved.formula, members, values, check, path)

    def inputs_make_sense(self, check: Any, path: Path) -> None:
        for symbol, variable in self.law.variables.items():
            for name, value in check.inputs.items():
                if (name == symbol or (variable.over and name.startswith(symbol))) and not in_domain(
                    value, variable.domain
                ):
                    self.add(
                        (*path, "inputs", name),
                        f"{name} = {value:g} lies outside its domain, {variable.domain}",
                        "mend the input or the variable's domain",
                    )

    def example(
        self,
        compiled: dict[str, Compiled],
        formula: Formula,
        members: Mapping[str, Sequence[str]],
        values: Mapping[str, float],
        check: Any,
        path: Path,
    ) -> None:
        key = repr(sorted((name, tuple(each)) for name, each in members.items()))
        try:
            if key not in compiled:
                compiled[key] = Compiled(formula, members)
            law = compiled[key]
            missing = [name for name in law.arguments if name not in values]
            extra = [name for name in (*check.inputs, *check.coefficients) if name not in law.arguments]
            if missing:
                self.add(
                    (*path, "inputs"),
                    f"no value for {', '.join(missing)}",
                    "give it, or name a fit that has it",
                )
            for name in extra:
                self.add(
                    (*path, "inputs", name),
                    f"'{name}' is no symbol of this law",
                    nearest(name, law.arguments),
                )
            if missing or extra:
                return
            result = law(values)
        except (EvaluationError, FormulaError) as error:
            self.add(path, str(error), "mend the inputs or the formula")
            return
        if not agrees(result, check.expect, check.digits, check.tolerance):
            wanted = f"to {check.digits} digits" if check.digits else f"within {check.tolerance:g}"
            self.add(
                (*path, "expect"),
                f"the law gives {result:.12g}, the check expects {check.expect:.12g} {wanted}",
                "mend the formula, the values or the check",
            )


def agrees(value: float, expect: float, digits: int | None, tolerance: float | None) -> bool:
    """Whether a computed value agrees with an expected one to so many digits, or within a tolerance."""
    if tolerance is not None:
        return abs(value - expect) <= tolerance
    if expect == 0:
        return abs(value) <= 10.0 ** -(digits or 12)
    # Half a unit of the last digit of the expected number, and a trifle for its own rounding.
    unit = 10.0 ** (math.floor(math.log10(abs(expect))) - (digits or 12) + 1)
    return abs(value - expect) <= 0.5000001 * unit
