"""The shape of a record: a paper with its laws, fits, checks and claims; the taxonomy; the survey; a dataset.

Field descriptions here become the JSON Schemas under `schemas/`, the field reference in the docs and the
explanations an editor shows. Fields that a record leaves out mean "not stated", never "no".
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from scalinglaws.vocabulary import (
    BASIS,
    CODE_LISTS,
    CODE_STATES,
    CONFIDENCE,
    CONVENTIONS,
    DATA_FORMATS,
    DIRECTIONS,
    DOMAINS,
    INITIALISATIONS,
    LAW_KINDS,
    OBJECTIVES,
    OPTIMIZERS,
    QUANTITIES,
    REDISTRIBUTION,
    RELATIONS,
    VALIDATIONS,
    OneOf,
)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
LawReference = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*/[a-z0-9]+(-[a-z0-9]+)*$")]
AnyLaw = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9]*/)?[a-z0-9]+(-[a-z0-9]+)*$")]
AnyFit = Annotated[
    str, StringConstraints(pattern=r"^([a-z][a-z0-9]*/)?[a-z0-9-]+/[a-z0-9-]+(:[A-Za-z][A-Za-z0-9_]*)?$")
]
QuestionId = Annotated[str, StringConstraints(pattern=r"^RQ[1-9][0-9]*$")]
TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _as_pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Range = Annotated[tuple[float, float], BeforeValidator(_as_pair)]


class Record(BaseModel):
    """What all parts of a record share: no unknown fields, no coercion, no NaN, no change after loading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Unit(Record):
    """A unit in three fields."""

    quantity: Annotated[str, OneOf("quantity", QUANTITIES)] = Field(description="What is measured.")
    scale: Annotated[float, Field(gt=0)] = Field(
        default=1.0, description="Power of ten: 1e6 when the law takes millions.", examples=[1, 1e6]
    )
    convention: Annotated[str, OneOf("convention", CONVENTIONS)] | None = Field(
        default=None, description="How it is counted, where the field counts in more than one way."
    )


class Source(Record):
    """Where a statement or a number comes from, on what basis, and how sure the catalog is."""

    paper: Key | None = Field(default=None, description="BibTeX key of the source; the record's own paper if left out.")
    where: Text = Field(description="Table, equation, section, figure or file.", examples=["Table 2", "§3.3, eq. (4)"])
    basis: Annotated[str, OneOf("basis", BASIS)] = Field(description="What was actually seen.")
    confidence: Annotated[str, OneOf("confidence", CONFIDENCE)] = Field(description="How sure the catalog is.")
    via: Text | None = Field(
        default=None,
        description="What was seen instead of the paper; required when the basis is `page` or `code`.",
    )
    url: Text | None = Field(default=None, description="Where to look.")


class Variable(Record):
    """A quantity one plugs in."""

    meaning: Text = Field(description="What it is, in a few words.")
    unit: Unit = Field(description="Its unit.")
    fitted: Range | None = Field(
        default=None, description="Smallest and largest value among the fitted runs; none if not stated."
    )
    domain: Annotated[str, OneOf("domain", DOMAINS)] = Field(default="positive", description="Which values make sense.")
    over: list[str] = Field(
        default_factory=list, description="Index sets it runs over, for an indexed variable such as r[j]."
    )
    flat: Text | None = Field(
        default=None,
        description="Spelling of a member's flat name, such as '{name}_{0}', if not the usual one.",
    )
    latex: Text | None = Field(default=None, description="How it is printed, where the derived form is wrong.")


class Coefficient(Record):
    """A number that was fitted."""

    meaning: Text = Field(description="What it is, in a few words.")
    unit: Unit | None = Field(default=None, description="Its unit, where it has one worth naming.")
    positive: bool = Field(default=False, description="Whether only positive values make sense.")
    over: list[str] = Field(default_factory=list, description="Index sets it runs over.")
    flat: Text | None = Field(default=None, description="Spelling of a member's flat name, if not the usual one.")
    latex: Text | None = Field(default=None, description="How it is printed, where the derived form is wrong.")


class Constant(Record):
    """A number that is defined, not fitted, and not plain enough to stand in the expression."""

    value: float = Field(description="Its exact value.")
    meaning: Text = Field(description="What it is.")
    source: Source = Field(description="Where it is defined.")
    latex: Text | None = Field(default=None, description="How it is printed, where the derived form is wrong.")


class IndexSet(Record):
    """What a sum or product runs over."""

    meaning: Text = Field(description="What its members are.")
    members: list[str] | None = Field(
        default=None,
        description="Its members, where every fit has the same; else each fit or the input gives them.",
    )


class Output(Record):
    """What the law gives."""

    symbol: str = Field(description="Its symbol.", examples=["L", "N_opt"])
    meaning: Text = Field(description="What it is, in a few words.")
    unit: Unit = Field(description="Its unit.")
    direction: Annotated[str, OneOf("direction", DIRECTIONS)] = Field(description="Which end is better.")
    latex: Text | None = Field(default=None, description="How it is printed, where the derived form is wrong.")


class Method(Record):
    """How a law was fitted, by the closed lists of the survey's Appendix A."""

    optimizer: list[Annotated[str, OneOf("optimizer", OPTIMIZERS)]] = Field(
        default_factory=lambda: ["not-stated"], description="Optimizers, in the order used."
    )
    objective: list[Annotated[str, OneOf("objective", OBJECTIVES)]] = Field(
        default_factory=lambda: ["not-stated"], description="What was minimised."
    )
    initialisation: list[Annotated[str, OneOf("initialisation", INITIALISATIONS)]] = Field(
        default_factory=lambda: ["not-stated"], description="Where the optimizer started."
    )
    validation: list[Annotated[str, OneOf("validation", VALIDATIONS)]] = Field(
        default_factory=lambda: ["not-stated"], description="How the fit was held against evidence."
    )
    detail: Text | None = Field(default=None, description="Everything the codes do not say: delta, grids, counts.")
    source: Source = Field(description="Where this is described.")


class Intervals(Record):
    """Intervals of one level, by one method, for some coefficients."""

    level: Annotated[float, Field(gt=0, lt=1)] | None = Field(
        description="Coverage, such as 0.95; null if the source does not state it."
    )
    method: Text = Field(description="How they were obtained.", examples=["bootstrap, 4,000 resamples"])
    values: dict[str, Range] = Field(description="Lower and upper end for each coefficient.")
    source: Source | None = Field(default=None, description="Where they stand, if not where the values stand.")


class Covariance(Record):
    """The covariance of some coefficients."""

    symbols: list[str] = Field(description="The coefficients, in the order of rows and columns.")
    matrix: list[list[float]] = Field(description="The symmetric matrix.")
    logarithms: list[str] = Field(
        default_factory=list, description="Those of the coefficients whose natural logarithm it is of."
    )
    method: Text | None = Field(
        default=None, description="How it was obtained.", examples=["bootstrap, 4,000 resamples"]
    )
    source: Source | None = Field(default=None, description="Where it stands, if not where the values stand.")


class Residual(Record):
    """How the data scatter about a fitted law."""

    standard_deviation: Annotated[float, Field(gt=0)] = Field(description="Of the residuals.")
    on: Literal["log", "raw"] = Field(description="Residuals of the natural logarithm of the output, or of the output.")
    source: Source | None = Field(default=None, description="Where it stands, if not where the values stand.")


class Dispute(Record):
    """Who disputes a fit, and why."""

    paper: Key = Field(description="BibTeX key of the paper that disputes it.")
    reason: Text = Field(description="What they found, in a sentence.")


class Printed(Record):
    """Numbers exactly as a source prints them, from which the values were computed."""

    values: dict[str, float] = Field(description="Each printed symbol and its number.")
    relation: Text = Field(description="How the values follow from them.", examples=["A = exp(a), E = exp(e)"])


class Fit(Record):
    """One published or recomputed set of values for a law's coefficients."""

    id: Slug = Field(description="Its own part of `paper/law/fit`; kept for ever.", examples=["published-rounded"])
    setting: Text = Field(description="Which data, model and condition it belongs to.")
    modalities: list[Slug] = Field(
        default_factory=list, description="Modalities of its data, from the taxonomy; the law's if left out."
    )
    values: dict[str, float] = Field(
        default_factory=dict,
        description="The coefficients by flat name.",
        examples=[{"E": 1.69, "alpha": 0.34}],
    )
    taken: dict[str, AnyFit] = Field(
        default_factory=dict,
        description="Coefficients whose value stands in another law's fit: `law/fit`, or `law/fit:symbol`.",
    )
    not_stated: list[str] = Field(
        default_factory=list, description="Coefficients whose value the source does not state."
    )
    members: dict[str, list[str]] = Field(
        default_factory=dict, description="Members of each index set, where fits differ in them."
    )
    fitted: dict[str, Range] = Field(
        default_factory=dict, description="Fitted range of a variable, where it differs from the law's."
    )
    intervals: list[Intervals] = Field(default_factory=list, description="Intervals of the coefficients.")
    standard_errors: dict[str, float] = Field(default_factory=dict, description="Standard errors.")
    covariance: Covariance | None = Field(default=None, description="Covariance of the coefficients.")
    residual: Residual | None = Field(default=None, description="Scatter of the data about the law.")
    observations: Annotated[int, Field(gt=0)] | None = Field(
        default=None, description="How many data points it was fitted to."
    )
    printed: Printed | None = Field(default=None, description="The numbers as printed, if the values are computed.")
    source: Source = Field(description="Where the values stand.")
    sources: dict[str, Source] = Field(
        default_factory=dict, description="Coefficients whose source, basis or confidence differs."
    )
    method: Method | None = Field(default=None, description="How it was fitted, where it differs from the law's.")
    disputed_by: list[Dispute] = Field(default_factory=list, description="Who disputes it.")
    superseded_by: Slug | None = Field(default=None, description="Fit of the same authors that replaced it.")
    note: Text | None = Field(default=None, description="What a user of these numbers should know.")


class Check(Record):
    """Inputs and the output they must give: proof that the record was typed right, or a paper's own example."""

    fit: str | None = Field(default=None, description="The fit it uses; inherited fits as `law/fit`.")
    inputs: dict[str, float] = Field(default_factory=dict, description="Variables by flat name.")
    coefficients: dict[str, float] = Field(
        default_factory=dict, description="Coefficients that no fit gives, chosen for illustration."
    )
    expect: float = Field(description="The output.")
    digits: Annotated[int, Field(ge=1, le=15)] | None = Field(
        default=None, description="Significant digits that must agree."
    )
    tolerance: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Largest difference allowed, in the unit of the output."
    )
    source: Source | None = Field(
        default=None, description="Where a paper prints this example; left out when only recomputed here."
    )
    note: Text | None = Field(default=None, description="What the example shows.")


class SurveyForm(Record):
    """How the survey states this law."""

    equation: Annotated[int, Field(ge=1)] | None = Field(default=None, description="Number of its equation there.")
    relation: Annotated[str, OneOf("survey relation", RELATIONS)] = Field(
        description="How it compares with the paper's form."
    )
    expression: Text | None = Field(default=None, description="The survey's form, where it differs.")
    latex: Text | None = Field(default=None, description="The survey's form in LaTeX, where it is no expression.")
    difference: Text | None = Field(default=None, description="What differs, and what follows from it.")
    source: Source = Field(description="Where the survey's form was seen.")


class Law(Record):
    """A scaling law: one formula (or procedure), with the fits published for it."""

    id: Slug = Field(description="Its own part of `paper/law`; kept for ever.", examples=["parametric"])
    name: Text = Field(description="What a reader would call it.")
    aliases: list[AnyLaw] = Field(default_factory=list, description="Other ids that answer to this law.")
    supersedes: AnyLaw | None = Field(default=None, description="Id of the law whose formula this one corrects.")
    kind: Annotated[str, OneOf("law kind", LAW_KINDS)] = Field(default="formula", description="Formula or procedure.")
    summary: Text = Field(description="What it says and when to use it, in our own words.")
    modalities: list[Slug] = Field(
        default_factory=list, description="Modalities that it is about, from the taxonomy; the paper's if left out."
    )
    expression: Text | None = Field(
        default=None,
        description="The formula in plain infix, or an equation for a law implicit in its output.",
        examples=["E + A/N**alpha + B/D**beta"],
    )
    where: dict[str, Text] = Field(
        default_factory=dict, description="Named sub-expressions, each using only names declared before it."
    )
    bracket: list[Text] | None = Field(
        default=None, description="Lower and upper end between which the output of an implicit law lies."
    )
    steps: list[Text] = Field(default_factory=list, description="The steps of a procedure.")
    output: Output = Field(description="What it gives.")
    variables: dict[str, Variable] = Field(default_factory=dict, description="What one plugs in, by symbol.")
    coefficients: dict[str, Coefficient] = Field(
        default_factory=dict,
        description="What was fitted, by symbol; inherited where the law follows another.",
    )
    monotone: dict[str, Literal["rising", "falling"]] = Field(
        default_factory=dict,
        description="Which way the output goes as a variable grows and the others stay, whatever the fit.",
        examples=[{"N": "falling"}],
    )
    constants: dict[str, Constant] = Field(default_factory=dict, description="Defined numbers, by symbol.")
    indices: dict[str, IndexSet] = Field(default_factory=dict, description="The sets that sums and products run over.")
    follows: AnyLaw | None = Field(
        default=None,
        description="The law whose coefficients and fits this one uses; it then has none of its own.",
    )
    source: Source = Field(description="Where the form stands.")
    method: Method | None = Field(default=None, description="How it was fitted.")
    fits: list[Fit] = Field(default_factory=list, description="Every set of values known.")
    default: Slug | None = Field(default=None, description="The fit that is the authors' own answer, where undisputed.")
    checks: list[Check] = Field(default_factory=list, description="Inputs and the outputs they must give.")
    survey: SurveyForm | None = Field(default=None, description="The survey's own form of it.")
    notes: list[Text] = Field(default_factory=list, description="What a user of the law should know.")


class Claim(Record):
    """A checkable statement that a source makes, in our own words."""

    id: Slug = Field(description="Its own part of `paper/claim`; kept for ever.")
    statement: Text = Field(description="What is claimed.")
    value: float | None = Field(default=None, description="The number claimed, if there is one.")
    unit: Unit | None = Field(default=None, description="Its unit.")
    laws: list[AnyLaw] = Field(default_factory=list, description="Laws it is about.")
    source: Source = Field(description="Where it is made.")
    verdict: Literal["holds", "fails", "unclear"] | None = Field(
        default=None, description="What the catalog found, if it looked."
    )
    evidence: Text | None = Field(default=None, description="What the verdict rests on.")


class Caveat(Record):
    """What a reader should beware of."""

    text: Text = Field(description="The caveat, in our own words.")
    source: Source | None = Field(default=None, description="Where it comes from, if it states a fact.")


class Scale(Record):
    """A range of model or data size as a paper's runs cover it."""

    quantity: Annotated[str, OneOf("quantity", QUANTITIES)] = Field(description="What is counted.")
    low: float = Field(description="Smallest value.")
    high: float = Field(description="Largest value.")
    source: Source | None = Field(default=None, description="Where the numbers stand, if not in the survey's Table 9.")
    note: Text | None = Field(default=None, description="What is odd about it.")


class CodeAvailability(Record):
    """Whether code can be had, as seen; what the survey says of it stands in its Table 11."""

    training: Annotated[str, OneOf("code state", CODE_STATES)] = Field(
        default="not-stated", description="Training code as seen."
    )
    analysis: Annotated[str, OneOf("code state", CODE_STATES)] = Field(
        default="not-stated", description="Analysis code as seen."
    )
    data: Annotated[str, OneOf("code state", CODE_STATES)] = Field(
        default="not-stated", description="Data points behind the laws as seen."
    )
    url: Text | None = Field(default=None, description="Where the code is.")
    licence: Text | None = Field(default=None, description="Its licence, by SPDX name, or 'none stated'.")
    note: Text | None = Field(default=None, description="What was seen, and when.")


class TopicAssignment(Record):
    """A topic of the taxonomy that a paper belongs to, with the evidence."""

    topic: TopicId = Field(description="Topic of the taxonomy.")
    primary: bool = Field(default=False, description="Whether it is the paper's main topic.")
    evidence: Text = Field(description="What in the survey says so.")


class SurveyPlace(Record):
    """Where the survey treats a paper, besides its tables."""

    sections: list[Text] = Field(default_factory=list, description="Sections that discuss it.")
    note: Text | None = Field(default=None, description="What is odd about its treatment.")


class Paper(Record):
    """Everything the catalog holds about one paper; title, authors and year stand in references.bib."""

    key: Key = Field(description="Its BibTeX key, and the name of this file.", examples=["hoffmann2022"])
    arxiv: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{4,5}$")] | None = Field(
        default=None, description="arXiv identifier, in quotes.", examples=["2203.15556"]
    )
    aliases: list[Text] = Field(default_factory=list, description="Words people know it by.", examples=[["Chinchilla"]])
    survey: SurveyPlace | None = Field(default=None, description="Where the survey treats it.")
    category: Slug | None = Field(default=None, description="Category, normalised; from the taxonomy.")
    tasks: list[Slug] = Field(default_factory=list, description="Tasks, normalised; from the taxonomy.")
    modalities: list[Slug] = Field(default_factory=list, description="Modalities, from the taxonomy.")
    architectures: list[Slug] = Field(default_factory=list, description="Architectures, from the taxonomy.")
    datasets: list[Text] = Field(default_factory=list, description="Corpora the runs used, by name.")
    model_range: Scale | None = Field(default=None, description="Sizes of the models.")
    data_range: Scale | None = Field(default=None, description="Sizes of the data.")
    topics: list[TopicAssignment] = Field(default_factory=list, description="Topics of the taxonomy.")
    questions: list[QuestionId] = Field(default_factory=list, description="Research questions it bears on.")
    code: CodeAvailability | None = Field(default=None, description="Code and data.")
    insight: Text = Field(description="The main finding, in our own words.")
    applicability: Text = Field(description="What it is good for, in our own words.")
    laws: list[Law] = Field(default_factory=list, description="Its laws.")
    why_no_laws: Text | None = Field(default=None, description="Why there is none, where there is none.")
    claims: list[Claim] = Field(default_factory=list, description="Checkable statements.")
    caveats: list[Caveat] = Field(default_factory=list, description="What a reader should beware of.")


class Term(Record):
    """An entry of one of the taxonomy's lists."""

    title: Text = Field(description="How it is shown.")
    description: Text | None = Field(default=None, description="What it means.")
    printed: list[Text] = Field(default_factory=list, description="How the survey prints it.")


class Statement(Record):
    """A sentence of a synthesis, with the papers and laws behind it."""

    text: Text = Field(description="The sentence, in our own words.")
    papers: list[Key] = Field(default_factory=list, description="Papers behind it.")
    laws: list[LawReference] = Field(default_factory=list, description="Laws behind it.")


class Topic(Record):
    """A node of the taxonomy."""

    title: Text = Field(description="How it is shown.")
    description: Text = Field(description="What belongs to it.")
    parent: TopicId | None = Field(default=None, description="The topic above it; none for a first-level topic.")
    questions: list[QuestionId] = Field(default_factory=list, description="Questions that Table 2 maps to it.")
    evidence: Text = Field(description="What in the survey the node rests on.")
    sections: list[Text] = Field(default_factory=list, description="Sections of the survey that treat it.")
    synthesis: list[Statement] = Field(default_factory=list, description="What is known of it, in our own words.")


class Taxonomy(Record):
    """The survey's taxonomy and the lists that records choose from."""

    topics: dict[TopicId, Topic] = Field(description="The tree of topics, by id.")
    categories: dict[Slug, Term] = Field(description="Categories of Table 9, normalised.")
    tasks: dict[Slug, Term] = Field(description="Tasks, normalised.")
    modalities: dict[Slug, Term] = Field(description="Modalities.")
    architectures: dict[Slug, Term] = Field(description="Architectures, normalised.")


class Question(Record):
    """One of the survey's research questions."""

    title: Text = Field(description="The question in a few words.")
    asks: Text = Field(description="What it asks, in our own words.")
    section: Text = Field(description="Where the survey treats it.")
    topics: list[TopicId] = Field(default_factory=list, description="Topics it belongs to.")
    guideline: Text | None = Field(default=None, description="What to do, in our own words.")
    evidence: list[LawReference] = Field(default_factory=list, description="Laws that the guideline rests on.")
    known: list[Statement] = Field(default_factory=list, description="What is known.")
    conflicts: list[Statement] = Field(default_factory=list, description="Where the evidence conflicts.")


class DiscussionEntry(Record):
    """A criticism, a direction or a limitation."""

    title: Text = Field(description="It in a few words.")
    section: Text = Field(description="Where the survey says it.")
    statement: Text = Field(description="What the survey says, in our own words.")
    comment: Text | None = Field(default=None, description="What the catalog adds.")
    papers: list[Key] = Field(default_factory=list, description="Papers it is about or rests on.")
    laws: list[LawReference] = Field(default_factory=list, description="Laws it is about.")


class Discussion(Record):
    """What the survey says beyond its laws."""

    criticisms: dict[Slug, DiscussionEntry] = Field(description="Criticisms of scaling laws.")
    directions: dict[Slug, DiscussionEntry] = Field(description="Directions for future work.")
    limitations: dict[Slug, DiscussionEntry] = Field(description="The survey's own limits, and ethics.")


class Attribution(Record):
    """A choice in fitting for which the survey names a paper."""

    paper: Key = Field(description="The paper named.")
    aspect: Literal["optimizer", "objective", "initialisation", "validation"] = Field(description="What is chosen.")
    code: Text = Field(description="The choice, by the list of that aspect.")
    section: Text = Field(description="Where the survey says it.")
    verdict: Literal["holds", "fails", "unclear"] = Field(description="What the catalog found.")
    evidence: Text = Field(description="What the verdict rests on.")


class FittingWarning(Statement):
    """A warning about fitting."""

    section: Text = Field(description="Where the survey gives it.")


class Fitting(Record):
    """The survey's Appendix A."""

    attributions: list[Attribution] = Field(description="Which paper it names for which choice.")
    warnings: list[FittingWarning] = Field(description="What to beware of.")


class ShapeSymbol(Record):
    """A number that describes a Transformer or its training."""

    meaning: Text = Field(description="What it is, in a few words.")
    unit: Unit = Field(description="Its unit.")
    values: Literal["count", "switch"] = Field(
        default="count", description="A whole number from 1, or 0 for no and 1 for yes."
    )
    default: Text | None = Field(
        default=None,
        description="What it is if left out, as an expression over the symbols above it.",
        examples=["4*width"],
    )
    optional: bool = Field(default=False, description="Whether it may be left out though it has no default.")
    at_most: str | None = Field(default=None, description="A symbol that it must not exceed.")
    latex: Text = Field(description="How it is printed.")


class Count(Record):
    """A number that follows from a shape: parameters, or FLOP per token."""

    meaning: Text = Field(description="What is counted, in a few words.")
    expression: Text = Field(description="Its formula over the shape and the counts above it.")
    unit: Unit = Field(description="Its unit; a convention makes it one of the sizes that are shown.")
    latex: Text | None = Field(default=None, description="How it is printed, where the derived form is wrong.")
    source: Source = Field(description="Where it stands; names the paper.")
    note: Text | None = Field(default=None, description="What the catalog read into it.")


class CountingRule(Record):
    """A way to count the FLOP of a forward pass and of training."""

    name: Text = Field(description="What a reader would call it.")
    summary: Text = Field(description="What it counts and what it leaves out, in our own words.")
    forward: Text = Field(description="FLOP of the forward pass per token, over the shape and the counts.")
    training: Text = Field(
        description="FLOP of training per token; `forward` is that of the forward pass.", examples=["3*forward"]
    )
    source: Source = Field(description="Where it stands; names the paper.")
    notes: list[Text] = Field(default_factory=list, description="What a user of the rule should know.")


class Caution(Record):
    """What to beware of, for some shapes."""

    when: Text = Field(description="An expression that is not zero where it applies.")
    text: Text = Field(description="The warning, in our own words.")


class PublishedCount(Record):
    """A size or a total of training FLOP as a source prints it."""

    of: Slug = Field(description="A convention of parameters, or a rule for the FLOP of the whole training.")
    value: Annotated[float, Field(gt=0)] = Field(description="The number printed.")
    tolerance: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Largest relative difference from the catalog's count: rounding, biases and norms."
    )
    source: Source = Field(description="Where it stands; names the paper.")


class KnownModel(Record):
    """A model whose shape is known."""

    name: Text = Field(description="What a reader would call it.")
    shape: dict[str, float] = Field(description="Its shape, by symbol; what follows from a default may be left out.")
    source: Source = Field(description="Where the shape stands; names the paper.")
    published: list[PublishedCount] = Field(default_factory=list, description="Its sizes and FLOP as printed.")
    note: Text | None = Field(default=None, description="What is odd about it, and what was not seen.")


class AccountingCheck(Record):
    """A printed ratio of two rules for a known model, which the formulas must give back."""

    model: Slug = Field(description="The model.")
    rule: Slug = Field(description="The rule above the line.")
    against: Slug = Field(description="The rule below the line.")
    expect: float = Field(description="The ratio of their training FLOP.")
    digits: Annotated[int, Field(ge=1, le=15)] = Field(description="Significant digits that must agree.")
    source: Source = Field(description="Where it stands; names the paper.")


class Accounting(Record):
    """How parameters and FLOP follow from a Transformer's shape, by the conventions of the field."""

    symbols: dict[str, ShapeSymbol] = Field(description="What describes a shape, by symbol.")
    counts: dict[str, Count] = Field(description="What follows from it, by symbol; each uses only what is above it.")
    rules: dict[Slug, CountingRule] = Field(description="Ways to count FLOP; the first is the one to compare with.")
    cautions: list[Caution] = Field(default_factory=list, description="What to beware of, for some shapes.")
    left_out: list[Text] = Field(default_factory=list, description="What no count here holds.")
    models: dict[Slug, KnownModel] = Field(description="Models whose shape is known, by id.")
    checks: list[AccountingCheck] = Field(default_factory=list, description="Printed ratios of two rules.")


class GlossaryEntry(Record):
    """A term of the field as the catalog uses it."""

    term: Text = Field(description="The term, as it is written within a sentence.")
    also: list[Text] = Field(default_factory=list, description="Other spellings, plurals and short forms.")
    definition: Text = Field(description="What it means, in one to three plain sentences and in our own words.")
    codes: Annotated[str, OneOf("list of codes", CODE_LISTS)] | None = Field(
        default=None, description="Closed list of codes whose meanings stand under the definition."
    )
    see: list[Slug] = Field(default_factory=list, description="Terms to read next, by id.")
    laws: list[LawReference] = Field(default_factory=list, description="Laws that show it.")
    papers: list[Key] = Field(default_factory=list, description="Papers that it comes from or that show it.")
    topics: list[TopicId] = Field(default_factory=list, description="Topics of the taxonomy that are about it.")
    symbols: list[Text] = Field(
        default_factory=list,
        description="Symbols that laws write for it; a search by signature takes them for its quantities.",
        examples=[["N"]],
    )
    quantities: list[Annotated[str, OneOf("quantity", QUANTITIES)]] = Field(
        default_factory=list, description="Quantities that measure it.", examples=[["parameters"]]
    )
    explained: bool = Field(
        default=True, description="Whether the first occurrence on each page is explained; not for common words."
    )


class Glossary(Record):
    """The field's terms."""

    terms: dict[Slug, GlossaryEntry] = Field(description="Terms by id, which is their anchor on the page.")
    synonyms: list[Annotated[list[Text], Field(min_length=2)]] = Field(
        default_factory=list,
        description="Words that a search takes for one another, besides the spellings of a term: short forms and the "
        "British and American spellings of words that are no terms.",
        examples=[[["LR", "learning rate"]]],
    )


class DataLicence(Record):
    """Under which terms a dataset may be used."""

    name: Text = Field(description="By SPDX name, or 'none found'.", examples=["Apache-2.0", "none found"])
    redistributable: Annotated[str, OneOf("redistribution", REDISTRIBUTION)] = Field(
        description="Whether copies may be passed on."
    )
    note: Text | None = Field(default=None, description="Where the licence stands, or what was looked for.")


class DerivedTable(Record):
    """A table read out of an upstream file: the same rows as plain CSV, which the catalog does not ship."""

    name: FileName | None = Field(
        default=None, description="Name of the CSV; that of the file where nothing else of it is kept."
    )
    sha256: Sha256 = Field(description="SHA-256 of the CSV.")
    bytes: Annotated[int, Field(gt=0)] = Field(description="Its size in bytes.")
    how: Text = Field(description="How it was read out, and what changed on the way.")


class DataFile(Record):
    """One table: the upstream file that holds it and, where it was read out of one, the CSV of the same rows."""

    name: FileName = Field(description="Name under which it is kept.", examples=["curves.csv.gz"])
    what: Text | None = Field(default=None, description="What its rows are, where files differ.")
    repository: Text = Field(description="The repository upstream, owner/name.", examples=["sail-sg/regmix"])
    commit: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")] = Field(description="The commit seen.")
    path: Text = Field(description="Path of the upstream file in it.")
    url: Annotated[str, StringConstraints(pattern=r"^https?://")] = Field(
        description="Address of the upstream file; holds the commit, so that it cannot change."
    )
    sha256: Sha256 | None = Field(default=None, description="SHA-256 of the upstream file; none if it was not seen.")
    bytes: Annotated[int, Field(gt=0)] | None = Field(
        default=None, description="Size of the upstream file in bytes; none if it was not seen."
    )
    format: Annotated[str, OneOf("data format", DATA_FORMATS)] = Field(description="How the upstream file is read.")
    rows: Annotated[int, Field(gt=0)] = Field(description="Rows of the table.")
    derived: DerivedTable | None = Field(default=None, description="The same rows as CSV, where a file holds no CSV.")


class DataColumn(Record):
    """A column of a dataset's tables."""

    name: Text = Field(description="Its name in the table.")
    meaning: Text = Field(description="What it holds, in a few words.")
    unit: Unit | None = Field(default=None, description="Its unit; left out where it holds text.")
    files: list[FileName] = Field(default_factory=list, description="The files that have it; all if left out.")
    upstream: Text | None = Field(default=None, description="Its name in the upstream file, where that differs.")
    computed: Text | None = Field(
        default=None,
        description="An expression over other columns, where the upstream file has no such column.",
        examples=["65536*steps"],
    )


class Dataset(Record):
    """Public data points behind published laws: where they are and what they mean. The catalog ships none of them."""

    id: Slug = Field(description="Its id, and the name of this file; kept for ever.", examples=["chinchilla-svg"])
    title: Text = Field(description="It in a few words.")
    summary: Text = Field(description="What the rows are, in our own words.")
    papers: list[Key] = Field(min_length=1, description="BibTeX keys of the papers that it comes from.")
    laws: list[LawReference] = Field(default_factory=list, description="Laws that it stands behind.")
    licence: DataLicence = Field(description="Under which terms it may be used.")
    citation: Text = Field(description="What to cite.")
    files: list[DataFile] = Field(min_length=1, description="Its tables; `variables` reads the first.")
    columns: list[DataColumn] = Field(min_length=1, description="What the columns mean.")
    rows: Text = Field(description="How rows map to the variables of a law, in our own words.")
    variables: dict[str, Text] = Field(
        default_factory=dict,
        description="Symbols of a law and the columns of the first file that hold them.",
        examples=[{"N": "Model Size", "C": "Training FLOP", "L": "loss"}],
    )
    let: dict[str, Text] = Field(
        default_factory=dict,
        description="Symbols that follow from those above them, as expressions.",
        examples=[{"D": "C/(6*N)"}],
    )
    exclusions: Text | None = Field(default=None, description="Which rows the published fits leave out.")
    caveats: list[Text] = Field(default_factory=list, description="What is odd about the rows.")


class Questions(Record):
    """The research questions, by id."""

    questions: dict[QuestionId, Question] = Field(description="The questions.")


class SurveyReference(Record):
    """An entry of the survey's list of references."""

    paper: Key = Field(description="Its BibTeX key.")
    label: Text = Field(description="How the survey cites it.", examples=["Hoffmann et al. (2022)"])


class SurveyRow(Record):
    """One printed row of one of the survey's tables."""

    paper: Key | None = Field(default=None, description="The paper it is about.")
    cells: list[str] = Field(description="The printed cells, in the order of the table's columns.")
    note: Text | None = Field(default=None, description="What is odd about the row.")


class SurveyTable(Record):
    """One of the survey's tables."""

    title: Text = Field(description="What it lists, in our own words.")
    section: Text = Field(description="Where it stands.")
    columns: list[Slug] = Field(description="Its columns, named for the database.")
    rows: list[SurveyRow] = Field(description="Its rows, in the printed order.")


class Survey(Record):
    """The survey itself: its references and its tables."""

    key: Key = Field(description="Its BibTeX key.")
    references: list[SurveyReference] = Field(description="Its references, in the printed order.")
    tables: dict[Annotated[str, StringConstraints(pattern=r"^[0-9]+$")], SurveyTable] = Field(
        description="Its tables, by number."
    )


class Case(Record):
    """One refit: a law, the rows, the choices made, and the published fits that are held against it."""

    id: Slug = Field(description="Its own part of `reproduction/case`; kept for ever.")
    title: Text = Field(description="What is refitted, in a few words.")
    law: AnyLaw = Field(description="The law.")
    table: Text | None = Field(
        default=None, description="A file of the dataset, or a table that the code makes of it; else the first file."
    )
    map: dict[str, Text] = Field(default_factory=dict, description="Column of each symbol not called like it.")
    let: dict[str, Text] = Field(default_factory=dict, description="Symbols as expressions over others.")
    where: list[Text] = Field(default_factory=list, description="Conditions that a row must meet.")
    holdout: Text | None = Field(default=None, description="Condition of rows that are only predicted, in a fit apart.")
    drop_highest: Annotated[int, Field(ge=0)] = Field(default=0, description="Leave out so many highest outputs.")
    objective: Literal["huber", "squares", "absolute"] = Field(description="What is summed over rows.")
    delta: Annotated[float, Field(gt=0)] | None = Field(default=None, description="Huber's threshold.")
    on: Literal["log", "raw"] = Field(description="Residuals of the logarithm or of the output.")
    fixed: dict[str, float] = Field(default_factory=dict, description="Coefficients that are held.")
    fixed_from: str | None = Field(default=None, description="A fit whose values hold every coefficient it states.")
    tied: dict[str, Text] = Field(default_factory=dict, description="Coefficients in terms of others.")
    bounds: dict[str, Range] = Field(default_factory=dict, description="Lowest and highest value of a coefficient.")
    weights: Text | None = Field(default=None, description="Column of weights.")
    by: Text | None = Field(default=None, description="A column: one fit for each of its values.")
    bootstrap: Annotated[int, Field(ge=0)] = Field(default=0, description="Resamplings for the intervals.")
    starts: Annotated[int, Field(gt=0)] = Field(default=12, description="Starts followed to the end.")
    against: list[Slug] | dict[str, Slug] = Field(
        default_factory=list,
        description="Published fits of the law, the authors' own first; with `by`, the fit of each value.",
    )
    procedure: Slug | None = Field(default=None, description="A procedure of the code, where no recipe says it.")
    quirk: Text | None = Field(default=None, description="What the published values need and no paper says.")
    note: Text | None = Field(default=None, description="What a reader of the result should know.")


class Reproduction(Record):
    """Published laws refitted on one public dataset."""

    dataset: Slug = Field(description="The dataset; the file is called like it.")
    title: Text = Field(description="What is reproduced, in a line.")
    summary: Text = Field(description="What was done and what came of it, in our own words.")
    cases: list[Case] = Field(min_length=1, description="The refits.")
