"""The survey database as SQLModel tables: one record part a table, every column with its meaning.

No `from __future__ import annotations` here: SQLModel reads the annotations as it builds the tables.
"""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

#: Version of the tables and views; a reader refuses a database of another one.
SCHEMA_VERSION = 3


def _key(description: str, *, to: str | None = None) -> Any:
    if to is not None:
        return Field(primary_key=True, foreign_key=to, description=description)
    return Field(primary_key=True, description=description)


def _to(target: str, description: str, *, optional: bool = False, index: bool = True) -> Any:
    if optional:
        return Field(default=None, foreign_key=target, index=index, description=description)
    return Field(foreign_key=target, index=index, description=description)


def _is(description: str) -> Any:
    return Field(description=description)


def _may(description: str) -> Any:
    return Field(default=None, description=description)


class Table(SQLModel):
    """What all tables share."""

    __tablename__: ClassVar[Any]


class Info(Table, table=True):
    """Facts about this edition of the catalog."""

    __tablename__ = "info"
    key: str = _key("Name of the fact.")
    value: str = _is("The fact.")


class Doc(Table, table=True):
    """What every table, column and code means."""

    __tablename__ = "doc"
    kind: str = _key("What is explained: table, view, column, or the name of a list of codes.")
    name: str = _key("The table, the table.column, or the code.")
    meaning: str = _is("What it means.")


class Document(Table, table=True):
    """Each law, paper, fit and dataset, and the accounting, as one JSON document: what `scalinglaws show` prints."""

    __tablename__ = "document"
    id: str = _key("Id of the paper, law, fit or dataset, or accounting.")
    kind: str = _is("paper, law, fit, dataset or accounting.")
    content: str = _is("The document.")


class Category(Table, table=True):
    """Categories of the survey's Table 9, normalised."""

    __tablename__ = "category"
    id: str = _key("Id.")
    title: str = _is("How it is shown.")
    description: str | None = _may("What it means.")


class Task(Table, table=True):
    """Tasks of the survey's Table 9, normalised."""

    __tablename__ = "task"
    id: str = _key("Id.")
    title: str = _is("How it is shown.")
    description: str | None = _may("What it means.")


class Modality(Table, table=True):
    """Modalities of the data."""

    __tablename__ = "modality"
    id: str = _key("Id.")
    title: str = _is("How it is shown.")
    description: str | None = _may("What it means.")


class Architecture(Table, table=True):
    """Architectures of the survey's Table 9, normalised."""

    __tablename__ = "architecture"
    id: str = _key("Id.")
    title: str = _is("How it is shown.")
    description: str | None = _may("What it means.")


class Topic(Table, table=True):
    """Nodes of the survey's taxonomy."""

    __tablename__ = "topic"
    id: str = _key("Id, the path in the tree.")
    title: str = _is("How it is shown.")
    description: str = _is("What belongs to it.")
    parent: str | None = _to("topic.id", "The topic above it; none for a first-level topic.", optional=True)
    evidence: str = _is("What in the survey the node rests on.")
    position: int = _is("Place in the tree, top to bottom.")


class Question(Table, table=True):
    """The survey's research questions."""

    __tablename__ = "question"
    id: str = _key("Id, RQ1 to RQ8.")
    title: str = _is("The question in a few words.")
    asks: str = _is("What it asks.")
    section: str = _is("Where the survey treats it.")


class Guideline(Table, table=True):
    """What to do, for each research question."""

    __tablename__ = "guideline"
    question: str = _key("The question it answers.", to="question.id")
    text: str = _is("What to do, in the catalog's words.")


class QuestionTopic(Table, table=True):
    """Topics of each question."""

    __tablename__ = "question_topic"
    question: str = _key("The question.", to="question.id")
    topic: str = _key("The topic.", to="topic.id")


class TopicQuestion(Table, table=True):
    """Table 2 of the survey: the questions that each node of the taxonomy answers."""

    __tablename__ = "topic_question"
    topic: str = _key("The topic.", to="topic.id")
    question: str = _key("The question.", to="question.id")


class Paper(Table, table=True):
    """Works: those with a record, and those that are only cited as a source."""

    __tablename__ = "paper"
    key: str = _key("BibTeX key.")
    label: str = _is("Citation by surname and year, as the survey gives it where it does.")
    title: str = _is("Title.")
    year: int | None = _may("Year of the version named in references.bib.")
    venue: str | None = _may("Where it was published.")
    arxiv: str | None = _may("arXiv identifier.")
    doi: str | None = _may("Digital object identifier.")
    url: str | None = _may("Address.")
    recorded: bool = _is("Whether the catalog has a record of it, or only cites it.")
    surveyed: bool = _is("Whether the survey treats it.")
    category: str | None = _to("category.id", "Category, normalised.", optional=True)
    model_quantity: str | None = _may("What its model range counts.")
    model_low: float | None = _may("Smallest model.")
    model_high: float | None = _may("Largest model.")
    model_printed: str | None = _may("Model range as the survey prints it.")
    data_quantity: str | None = _may("What its data range counts.")
    data_low: float | None = _may("Smallest amount of data.")
    data_high: float | None = _may("Largest amount of data.")
    data_printed: str | None = _may("Data range as the survey prints it.")
    insight: str | None = _may("Main finding, in the catalog's words.")
    applicability: str | None = _may("What it is good for, in the catalog's words.")
    why_no_laws: str | None = _may("Why it has no law, where it has none.")
    survey_note: str | None = _may("What is odd about its treatment in the survey.")
    bibtex: str = _is("Its BibTeX entry.")


class Author(Table, table=True):
    """Authors, by name as printed in references.bib."""

    __tablename__ = "author"
    id: int = _key("Number.")
    name: str = Field(unique=True, description="Family name, given names.")


class PaperAuthor(Table, table=True):
    """Authors of each paper, in order."""

    __tablename__ = "paper_author"
    paper: str = _key("The paper.", to="paper.key")
    position: int = _key("Place among its authors, from 1.")
    author: int = _to("author.id", "The author.")


class PaperTask(Table, table=True):
    """Tasks of each paper."""

    __tablename__ = "paper_task"
    paper: str = _key("The paper.", to="paper.key")
    task: str = _key("The task.", to="task.id")


class PaperModality(Table, table=True):
    """Modalities of each paper."""

    __tablename__ = "paper_modality"
    paper: str = _key("The paper.", to="paper.key")
    modality: str = _key("The modality.", to="modality.id")


class PaperArchitecture(Table, table=True):
    """Architectures of each paper."""

    __tablename__ = "paper_architecture"
    paper: str = _key("The paper.", to="paper.key")
    architecture: str = _key("The architecture.", to="architecture.id")


class PaperTopic(Table, table=True):
    """Topics of each paper, with the evidence."""

    __tablename__ = "paper_topic"
    paper: str = _key("The paper.", to="paper.key")
    topic: str = _key("The topic.", to="topic.id")
    is_primary: bool = _is("Whether it is the paper's main topic.")
    evidence: str = _is("What in the survey says so.")


class PaperQuestion(Table, table=True):
    """Research questions that each paper bears on."""

    __tablename__ = "paper_question"
    paper: str = _key("The paper.", to="paper.key")
    question: str = _key("The question.", to="question.id")


class Corpus(Table, table=True):
    """Corpora and other data that the papers' models were trained and tested on, by name."""

    __tablename__ = "corpus"
    id: str = _key("Its name.")


class PaperCorpus(Table, table=True):
    """Corpora of each paper."""

    __tablename__ = "paper_corpus"
    paper: str = _key("The paper.", to="paper.key")
    corpus: str = _key("The corpus.", to="corpus.id")


class Code(Table, table=True):
    """Whether a paper's code can be had: as the survey says, and as seen."""

    __tablename__ = "code"
    paper: str = _key("The paper.", to="paper.key")
    survey_training: str | None = _may("Training code by the survey's Table 11: Y or N.")
    survey_analysis: str | None = _may("Analysis code by the survey's Table 11: Y or N.")
    survey_link: bool | None = _may("Whether Table 11 gives a link.")
    training: str = _is("Training code as seen.")
    analysis: str = _is("Analysis code as seen.")
    data: str = _is("Data points behind the laws as seen.")
    url: str | None = _may("Where the code is.")
    licence: str | None = _may("Its licence.")
    note: str | None = _may("What was seen.")


class SurveyTable(Table, table=True):
    """The survey's tables."""

    __tablename__ = "survey_table"
    number: int = _key("Its number.")
    title: str = _is("What it lists.")
    section: str = _is("Where it stands.")


class SurveyRow(Table, table=True):
    """Printed rows of the survey's tables; the views survey_table_1 to _11 show them as printed."""

    __tablename__ = "survey_row"
    table_number: int = _key("The table.", to="survey_table.number")
    position: int = _key("Place in the table, from 1.")
    paper: str | None = _to("paper.key", "The paper it is about.", optional=True)
    cells: str = _is("The printed cells, as a JSON array in the order of the columns.")
    note: str | None = _may("What is odd about it.")


class Law(Table, table=True):
    """Scaling laws."""

    __tablename__ = "law"
    id: str = _key("Id, paper/law.")
    paper: str = _to("paper.key", "The paper that states it.")
    slug: str = _is("Its own part of the id.")
    name: str = _is("What a reader would call it.")
    kind: str = _is("formula or procedure.")
    summary: str = _is("What it says and when to use it.")
    expression: str | None = _may("The formula in plain infix.")
    sub_expressions: str | None = _may("Named parts of the formula, as a JSON object in order.")
    bracket: str | None = _may("Where the output of an implicit law lies, as a JSON array of two expressions.")
    steps: str | None = _may("Steps of a procedure, as a JSON array.")
    latex: str | None = _may("The formula in LaTeX, derived from the expression.")
    implicit: bool = _is("Whether the output is found by solving an equation.")
    output_symbol: str = _is("Symbol of what it gives.")
    output_meaning: str = _is("What it gives.")
    output_quantity: str = _is("Quantity of the output.")
    output_scale: float = _is("Power of ten of the output's unit.")
    output_convention: str | None = _may("How the output is counted.")
    direction: str = _is("Which end of the output is better.")
    follows: str | None = _to("law.id", "The law whose coefficients and fits it uses.", optional=True)
    supersedes: str | None = _may("Id of the law whose formula it corrects.")
    default_fit: str | None = _may("The fit used when none is named.")
    rung: str = _is(
        "The highest rung of its ladder, of cited, equation, coefficients, example, data, refit, replicated."
    )
    source_paper: str = _to("paper.key", "Paper in which the form stands.")
    source_where: str = _is("Place in it.")
    source_via: str | None = _may("What was seen instead.")
    basis: str = _is("Basis of the form.")
    confidence: str = _is("Confidence in the form.")


class LawModality(Table, table=True):
    """Modalities of each law."""

    __tablename__ = "law_modality"
    law: str = _key("The law.", to="law.id")
    modality: str = _key("The modality.", to="modality.id")
    said_of: str = _is("Whose modality the record says it is: law, or paper where it says nothing of the law.")


class LawQuestion(Table, table=True):
    """Laws that a question's guideline rests on."""

    __tablename__ = "law_question"
    law: str = _key("The law.", to="law.id")
    question: str = _key("The question.", to="question.id")


class Variable(Table, table=True):
    """What one plugs into a law."""

    __tablename__ = "variable"
    law: str = _key("The law.", to="law.id")
    symbol: str = _key("Symbol.")
    position: int = _is("Order in the record.")
    meaning: str = _is("What it is.")
    quantity: str = _is("Quantity.")
    scale: float = _is("Power of ten of its unit.")
    convention: str | None = _may("How it is counted.")
    domain: str = _is("Which values make sense.")
    monotone: str | None = _may("Which way the output goes as it grows: rising or falling; none if it turns.")
    fitted_low: float | None = _may("Smallest value among the fitted runs.")
    fitted_high: float | None = _may("Largest value among the fitted runs.")
    index_sets: str | None = _may("Index sets it runs over, as a JSON array.")


class Coefficient(Table, table=True):
    """What was fitted, with those that a derived law inherits."""

    __tablename__ = "coefficient"
    law: str = _key("The law.", to="law.id")
    symbol: str = _key("Symbol.")
    position: int = _is("Order in the record.")
    meaning: str = _is("What it is.")
    quantity: str | None = _may("Quantity, where it has one worth naming.")
    scale: float | None = _may("Power of ten of its unit.")
    convention: str | None = _may("How it is counted.")
    positive: bool = _is("Whether only positive values make sense.")
    inherited: bool = _is("Whether it belongs to the law that this one follows.")
    index_sets: str | None = _may("Index sets it runs over, as a JSON array.")
    exponent_of: str | None = _may(
        "The variable that stands to the power of it in a term of the formula; none where there is no one such."
    )
    exponent_sign: int | None = _may(
        "1 where that variable stands to the power of it, -1 where to the power of its negative."
    )
    term_sign: int | None = _may(
        "1 where it is a term of the formula by itself, as an irreducible loss is, -1 where it is taken away."
    )


class Constant(Table, table=True):
    """Defined numbers in a law."""

    __tablename__ = "constant"
    law: str = _key("The law.", to="law.id")
    symbol: str = _key("Symbol.")
    value: float = _is("Its value.")
    meaning: str = _is("What it is.")


class Fit(Table, table=True):
    """Published or recomputed sets of values for a law's coefficients."""

    __tablename__ = "fit"
    id: str = _key("Id, paper/law/fit.")
    law: str = _to("law.id", "The law it belongs to.")
    slug: str = _is("Its own part of the id.")
    position: int = _is("Order in the record.")
    setting: str = _is("Data, model and condition it belongs to.")
    observations: int | None = _may("How many data points it was fitted to.")
    complete: bool = _is("Whether every coefficient has a value.")
    values_sha256: str = _is("SHA-256 of the values as canonical JSON (RFC 8785), to cite exact numbers by.")
    residual: float | None = _may("Standard deviation of the data about the law.")
    residual_on: str | None = _may("Of the output's natural logarithm (log) or of the output (raw).")
    superseded_by: str | None = _may("Fit of the same authors that replaced it.")
    source_paper: str = _to("paper.key", "Paper in which the values stand.")
    source_where: str = _is("Place in it.")
    source_via: str | None = _may("What was seen instead.")
    basis: str = _is("Basis of the values.")
    confidence: str = _is("Confidence in the values.")
    note: str | None = _may("What a user should know.")


class FitModality(Table, table=True):
    """Modalities of the data of each fit."""

    __tablename__ = "fit_modality"
    fit: str = _key("The fit.", to="fit.id")
    modality: str = _key("The modality.", to="modality.id")
    said_of: str = _is("Whose modality the record says it is: fit, else law, else paper.")


class FitValue(Table, table=True):
    """One coefficient's value in one fit, with its uncertainty and its source."""

    __tablename__ = "fit_value"
    fit: str = _key("The fit.", to="fit.id")
    symbol: str = _key("Coefficient, by flat name.")
    position: int = _is("Order in the law.")
    value: float | None = _may("Its value; none if not stated.")
    stated: bool = _is("Whether the source states it.")
    low: float | None = _may("Lower end of its interval.")
    high: float | None = _may("Upper end of its interval.")
    level: float | None = _may("Coverage of the interval.")
    interval_method: str | None = _may("How the interval was obtained.")
    standard_error: float | None = _may("Standard error.")
    taken_from: str | None = _may("The law/fit from which the value is taken, if it is.")
    source_paper: str = _to("paper.key", "Paper in which it stands.", index=False)
    source_where: str = _is("Place in it.")
    source_via: str | None = _may("What was seen instead.")
    basis: str = _is("Basis.")
    confidence: str = _is("Confidence.")


class FitCovariance(Table, table=True):
    """Covariances of a fit's coefficients, lower triangle."""

    __tablename__ = "fit_covariance"
    fit: str = _key("The fit.", to="fit.id")
    symbol: str = _key("One coefficient.")
    other: str = _key("The other coefficient.")
    covariance: float = _is("Their covariance.")
    symbol_in_logarithm: bool = _is("Whether it is that of the coefficient's natural logarithm.")
    other_in_logarithm: bool = _is("Whether it is that of the other's natural logarithm.")


class FitDispute(Table, table=True):
    """Who disputes a fit."""

    __tablename__ = "fit_dispute"
    fit: str = _key("The fit.", to="fit.id")
    paper: str = _key("The paper that disputes it.", to="paper.key")
    reason: str = _is("What they found.")


class FittingMethod(Table, table=True):
    """How laws were fitted, by the closed lists of the survey's Appendix A."""

    __tablename__ = "fitting_method"
    law: str = _key("The law.", to="law.id")
    fit: str = _key("The fit, by its own part of the id; empty for the law's own method.")
    aspect: str = _key("optimizer, objective, initialisation or validation.")
    code: str = _key("The choice.")
    detail: str | None = _may("What the codes do not say.")
    source_paper: str = _to("paper.key", "Paper that describes it.", index=False)
    source_where: str = _is("Place in it.")
    basis: str = _is("Basis.")
    confidence: str = _is("Confidence.")


class WorkedExample(Table, table=True):
    """Checks: inputs, and the output they must give."""

    __tablename__ = "worked_example"
    law: str = _key("The law.", to="law.id")
    position: int = _key("Order in the record, from 1.")
    fit: str | None = _to("fit.id", "The fit it uses.", optional=True)
    inputs: str = _is("Variables, as a JSON object.")
    coefficients: str | None = _may("Coefficients that no fit gives, as a JSON object.")
    expect: float = _is("The output.")
    digits: int | None = _may("Significant digits that must agree.")
    tolerance: float | None = _may("Largest difference allowed.")
    printed: bool = _is("Whether a paper prints it, or it was only recomputed here.")
    source_paper: str | None = _to("paper.key", "Paper that prints it.", optional=True, index=False)
    source_where: str | None = _may("Place in it.")
    note: str | None = _may("What it shows.")


class Equation(Table, table=True):
    """The survey's equations, linked to the papers' laws."""

    __tablename__ = "equation"
    law: str = _key("The law.", to="law.id")
    number: int | None = _may("Number of the equation in the survey; none for an inline formula.")
    relation: str = _is("How the survey's form compares with the paper's.")
    expression: str | None = _may("The survey's form.")
    latex: str | None = _may("The survey's form in LaTeX.")
    difference: str | None = _may("What differs.")
    source_where: str = _is("Place in the survey.")
    source_via: str | None = _may("What was seen instead.")
    basis: str = _is("Basis.")
    confidence: str = _is("Confidence.")


class Claim(Table, table=True):
    """Checkable statements of the papers."""

    __tablename__ = "claim"
    id: str = _key("Id, paper/claim.")
    paper: str = _to("paper.key", "The paper whose record holds it.")
    statement: str = _is("What is claimed.")
    value: float | None = _may("The number claimed.")
    quantity: str | None = _may("Its quantity.")
    verdict: str | None = _may("What the catalog found: holds, fails or unclear; none if it did not look.")
    evidence: str | None = _may("What the verdict rests on.")
    source_paper: str = _to("paper.key", "Paper that makes it.", index=False)
    source_where: str = _is("Place in it.")
    source_via: str | None = _may("What was seen instead.")
    basis: str = _is("Basis.")
    confidence: str = _is("Confidence.")


class ClaimLaw(Table, table=True):
    """Laws that a claim is about."""

    __tablename__ = "claim_law"
    claim: str = _key("The claim.", to="claim.id")
    law: str = _key("The law.", to="law.id")


class Caveat(Table, table=True):
    """What a reader of a paper should beware of."""

    __tablename__ = "caveat"
    paper: str = _key("The paper.", to="paper.key")
    position: int = _key("Order in the record, from 1.")
    text: str = _is("The caveat.")
    source_paper: str | None = _to("paper.key", "Where it comes from.", optional=True, index=False)
    source_where: str | None = _may("Place in it.")
    basis: str | None = _may("Basis.")
    confidence: str | None = _may("Confidence.")


class Criticism(Table, table=True):
    """Criticisms of scaling laws (the survey's Section 4)."""

    __tablename__ = "criticism"
    id: str = _key("Id.")
    title: str = _is("It in a few words.")
    section: str = _is("Where the survey says it.")
    statement: str = _is("What the survey says, in the catalog's words.")
    comment: str | None = _may("What the catalog adds.")


class Direction(Table, table=True):
    """Directions for future work (the survey's Section 5)."""

    __tablename__ = "direction"
    id: str = _key("Id.")
    title: str = _is("It in a few words.")
    section: str = _is("Where the survey says it.")
    statement: str = _is("What the survey says, in the catalog's words.")
    comment: str | None = _may("What the catalog adds.")


class Limitation(Table, table=True):
    """What the survey says of its own limits, and of ethics."""

    __tablename__ = "limitation"
    id: str = _key("Id.")
    title: str = _is("It in a few words.")
    section: str = _is("Where the survey says it.")
    statement: str = _is("What the survey says, in the catalog's words.")
    comment: str | None = _may("What the catalog adds.")


class Finding(Table, table=True):
    """Sentences of a synthesis: what is known about a question, where the evidence conflicts, warnings on fitting."""

    __tablename__ = "finding"
    id: str = _key("Id, such as RQ1-known-1.")
    question: str | None = _to("question.id", "The question it belongs to.", optional=True)
    kind: str = _is("known, conflict or warning.")
    section: str | None = _may("Where the survey says it, for a warning.")
    text: str = _is("The sentence.")


class Support(Table, table=True):
    """Papers and laws behind criticisms, directions, limitations and findings."""

    __tablename__ = "support"
    kind: str = _key("criticism, direction, limitation or finding.")
    id: str = _key("Its id.")
    position: int = _key("Order among its supports, from 1.")
    paper: str | None = _to("paper.key", "A paper behind it.", optional=True)
    law: str | None = _to("law.id", "A law behind it.", optional=True)


class SurveyMethod(Table, table=True):
    """Choices in fitting for which the survey's Appendix A names a paper, with what the catalog found."""

    __tablename__ = "survey_method"
    paper: str = _key("The paper named.", to="paper.key")
    aspect: str = _key("optimizer, objective, initialisation or validation.")
    code: str = _key("The choice.")
    section: str = _is("Where the survey says it.")
    verdict: str = _is("holds, fails or unclear.")
    evidence: str = _is("What the verdict rests on.")


class Dataset(Table, table=True):
    """Public data points behind published laws: where they are and what they mean; the catalog ships none of them."""

    __tablename__ = "dataset"
    id: str = _key("Id.")
    title: str = _is("It in a few words.")
    summary: str = _is("What the rows are.")
    licence: str = _is("Its licence, or none found.")
    redistributable: str = _is("Whether copies may be passed on: yes, no or not-stated.")
    licence_note: str | None = _may("Where the licence stands, or what was looked for.")
    citation: str = _is("What to cite.")
    mapping: str = _is("How rows map to the variables of a law.")
    variables: str | None = _may("Columns of the first file by symbol, as a JSON object.")
    let: str | None = _may("Symbols that follow from those, as a JSON object of expressions.")
    exclusions: str | None = _may("Which rows the published fits leave out.")
    caveats: str | None = _may("What is odd about the rows, as a JSON array.")


class DatasetFile(Table, table=True):
    """Files of each dataset, one table a file: the upstream file, and the CSV where it was read out of one."""

    __tablename__ = "dataset_file"
    id: str = _key("Id, dataset/file.")
    dataset: str = _to("dataset.id", "The dataset.")
    name: str = _is("Name under which it is kept.")
    position: int = _is("Order in the record, from 1.")
    what: str | None = _may("What its rows are, where files differ.")
    rows: int = _is("Rows of the table.")
    format: str = _is("How the upstream file is read.")
    repository: str = _is("Repository upstream.")
    revision: str = _is("Commit of it.")
    path: str = _is("Path of the upstream file in it.")
    url: str = _is("Address of the upstream file at that commit.")
    sha256: str | None = _may("SHA-256 of the upstream file; none if it was not seen.")
    bytes: int | None = _may("Size of the upstream file; none if it was not seen.")
    derived_name: str | None = _may("Name of the CSV read out of it.")
    derived_sha256: str | None = _may("SHA-256 of that CSV.")
    derived_bytes: int | None = _may("Size of that CSV.")
    derived_how: str | None = _may("How it was read out.")


class DatasetColumn(Table, table=True):
    """Columns of each file of a dataset."""

    __tablename__ = "dataset_column"
    file: str = _key("The file.", to="dataset_file.id")
    name: str = _key("Its name.")
    position: int = _is("Order in the file, from 1.")
    meaning: str = _is("What it holds.")
    quantity: str | None = _may("Quantity; none where it holds text.")
    scale: float | None = _may("Power of ten of its unit.")
    convention: str | None = _may("How it is counted.")
    upstream: str | None = _may("Its name in the upstream file, where that differs.")
    computed: str | None = _may("The expression that gives it, where the upstream file lacks it.")


class DatasetLaw(Table, table=True):
    """Laws that a dataset stands behind."""

    __tablename__ = "dataset_law"
    dataset: str = _key("The dataset.", to="dataset.id")
    law: str = _key("The law.", to="law.id")


class DatasetPaper(Table, table=True):
    """Papers that a dataset comes from."""

    __tablename__ = "dataset_paper"
    dataset: str = _key("The dataset.", to="dataset.id")
    paper: str = _key("The paper.", to="paper.key")


class Reproduction(Table, table=True):
    """Refits of published laws on their public data."""

    __tablename__ = "reproduction"
    id: str = _key("Id, dataset/case.")
    law: str = _to("law.id", "The law.")
    dataset: str = _to("dataset.id", "The data.")
    title: str = _is("What is refitted.")
    fits: int = _is("How many refits it holds: one, or one for each curve.")
    rows: int | None = _may("Rows fitted; none where there are several refits.")
    objective: float | None = _may("The objective at the minimum.")
    r2: float | None = _may("Share of the variance explained.")
    rmse_log: float | None = _may("Root mean square of the log residuals; over several refits their mean.")
    holdout_rmse_log: float | None = _may("The same on rows held out, beyond those of a fit apart.")
    verdict: str = _is("What came of it, on the authors' own fit or, of several, most often.")
    quirk: str | None = _may("What the published values need and no paper says.")


class LawRung(Table, table=True):
    """The ladder of trust of each law: which rungs it reaches, and by what."""

    __tablename__ = "law_rung"
    law: str = _key("The law.", to="law.id")
    rung: str = _key("The rung.")
    position: int = _is("Order of the rungs, from 1.")
    reached: bool = _is("Whether it is reached.")
    evidence: str | None = _may("By what, as a JSON array.")


class ReproductionVerdict(Table, table=True):
    """Each published fit held against a refit."""

    __tablename__ = "reproduction_verdict"
    reproduction: str = _key("The reproduction.", to="reproduction.id")
    part: str = _key("Which of several refits; empty where there is one.")
    fit: str = _key("The published fit.", to="fit.id")
    verdict: str = _is("The verdict on it.")
    ratio: float | None = _may("Its objective over the minimum's.")
    r2: float | None = _may("Share of the variance that it explains.")
    rmse_log: float | None = _may("Root mean square of its log residuals.")


class ReproductionValue(Table, table=True):
    """Coefficients of each refit, with intervals where rows were resampled."""

    __tablename__ = "reproduction_value"
    reproduction: str = _key("The reproduction.", to="reproduction.id")
    part: str = _key("Which of several refits; empty where there is one.")
    symbol: str = _key("Flat name of the coefficient.")
    value: float | None = _may("Its value; none where it went to infinity.")
    low: float | None = _may("Lower end of its 95 % interval.")
    high: float | None = _may("Upper end.")


class GlossaryTerm(Table, table=True):
    """The field's terms as the catalog uses them."""

    __tablename__ = "glossary_term"
    id: str = _key("Id: its anchor on the glossary page.")
    term: str = _is("The term.")
    definition: str = _is("What it means, in plain words.")
    vocabulary: str | None = _may("Closed list of codes that it names; `doc` explains each code under this kind.")
    also: str | None = _may("Other spellings, as a JSON array.")
    symbols: str | None = _may("Symbols that laws write for it, as a JSON array.")
    quantities: str | None = _may("Quantities that measure it, as a JSON array.")


class GlossarySee(Table, table=True):
    """What a term of the glossary points to."""

    __tablename__ = "glossary_see"
    term: str = _key("The term.", to="glossary_term.id")
    kind: str = _key("term, law, paper or topic.")
    target: str = _key("Its id.")


class CountingFormula(Table, table=True):
    """How parameters and FLOP follow from a Transformer's shape: counts, and rules for forward pass and training."""

    __tablename__ = "counting_formula"
    id: str = _key("Symbol of the count, or rule/forward and rule/training.")
    position: int = _is("Order in the record, from 1; each formula uses only what is above it.")
    meaning: str = _is("What it counts.")
    expression: str = _is("The formula.")
    quantity: str = _is("parameters or FLOP.")
    convention: str | None = _may("How it counts parameters, where that is a convention of the field.")
    source_paper: str = _to("paper.key", "Paper where it stands.", index=False)
    source_where: str = _is("Place in it.")
    source_via: str | None = _may("What was seen instead.")
    basis: str = _is("Basis.")
    confidence: str = _is("Confidence.")


class ModelShape(Table, table=True):
    """Models whose shape is known."""

    __tablename__ = "model_shape"
    id: str = _key("Id.")
    name: str = _is("What a reader would call it.")
    shape: str = _is("Its shape, as a JSON object by symbol.")
    tokens: float | None = _may("Training tokens; none if not stated.")
    note: str | None = _may("What is odd about it, and what was not seen.")
    source_paper: str = _to("paper.key", "Paper where the shape stands.")
    source_where: str = _is("Place in it.")
    source_via: str | None = _may("What was seen instead.")
    basis: str = _is("Basis.")
    confidence: str = _is("Confidence.")


class ModelCount(Table, table=True):
    """Sizes and training FLOP of known models by every convention, with what a source prints beside it."""

    __tablename__ = "model_count"
    model: str = _key("The model.", to="model_shape.id")
    convention: str = _key("Convention of the parameters, or rule of the FLOP.")
    quantity: str = _is("parameters or FLOP.")
    value: float = _is("The catalog's count: parameters, or FLOP of training per token.")
    in_all: float | None = _may("FLOP of the whole training; none for parameters, and where tokens are not stated.")
    printed: float | None = _may("What a source prints: parameters, or FLOP of the whole training.")
    tolerance: float | None = _may("Largest relative difference that the record allows.")
    source_paper: str | None = _to("paper.key", "Paper that prints it.", optional=True, index=False)
    source_where: str | None = _may("Place in it.")
    source_via: str | None = _may("What was seen instead.")
    basis: str | None = _may("Basis.")
    confidence: str | None = _may("Confidence.")


class Alias(Table, table=True):
    """Other names: old ids of laws, and words that papers are known by."""

    __tablename__ = "alias"
    name: str = _key("The other name.")
    kind: str = _key("law or paper.")
    target: str = _is("The id it stands for.")


class Entry(Table, table=True):
    """What a search finds: one row for each paper, law, claim, dataset, question, topic, criticism and direction."""

    __tablename__ = "entry"
    number: int = _key("Number; the row of the full-text index.")
    kind: str = Field(index=True, description="paper, law, claim, dataset, question, topic, criticism or direction.")
    id: str = Field(index=True, description="Its id.")
    paper: str | None = _to("paper.key", "The paper that it belongs to; of a dataset's the first.", optional=True)
    year: int | None = _may("Year of that paper.")
    names: str | None = _may("Ids, aliases and other names, with the words that they are made of.")
    title: str | None = _may("Title; a claim has none.")
    symbols: str | None = _may("Symbols of a law.")
    words: str | None = _may("Authors, architectures and other words that it goes by.")
    text: str = _is("What is said of it.")
    weight: float = _is("How much a match counts: laws and papers more than claims, and more the more points at it.")


class EntryName(Table, table=True):
    """Names by which a whole search means one entry, which then comes first."""

    __tablename__ = "entry_name"
    name: str = _key("The name in small letters, its words set apart by blanks.")
    entry: int = _key("The entry.", to="entry.number")
    rank: int = _is("1 an id, 2 an alias, 3 a title, 4 of its fits, 5 a term that points at it, 6 a symbol.")


class Synonym(Table, table=True):
    """Words that a search takes for one another: spellings of a term of the glossary, and the glossary's synonyms."""

    __tablename__ = "synonym"
    form: str = _key("One way to say it, in small letters, its words set apart by blanks.")
    meaning: str = _key("What it means: the same for all ways to say it.")


#: Tables in the order in which they can be loaded: every foreign key points backwards, or to its own table.
TABLES: tuple[type[Table], ...] = (
    Info, Doc, Document, Category, Task, Modality, Architecture, Topic, Question, Guideline, QuestionTopic,
    TopicQuestion, Paper, Author, PaperAuthor, PaperTask, PaperModality, PaperArchitecture,
    PaperTopic, PaperQuestion, Corpus, PaperCorpus, Code, SurveyTable, SurveyRow, Law, LawModality, LawQuestion,
    Variable, Coefficient, Constant, Fit, FitModality, FitValue, FitCovariance, FitDispute, FittingMethod,
    WorkedExample, Equation, Claim,
    ClaimLaw, Caveat, Criticism, Direction, Limitation, Finding, Support, SurveyMethod, Dataset, DatasetFile,
    DatasetColumn, DatasetLaw, DatasetPaper, Reproduction, LawRung,
    ReproductionVerdict, ReproductionValue, CountingFormula, ModelShape, ModelCount, GlossaryTerm,
    GlossarySee, Alias, Entry, EntryName, Synonym,
)  # fmt: skip


def table_name(table: type[Table]) -> str:
    """Name of a table in the database."""
    return str(table.__tablename__)
