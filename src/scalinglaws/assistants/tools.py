"""The tools, as functions: their docstrings and the descriptions of their arguments are what a model reads."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StrictFloat

from scalinglaws import library, units
from scalinglaws.addresses import page
from scalinglaws.assistants.answers import (
    CELL,
    CHARACTERS,
    Answer,
    own_sources,
    plain,
    portion,
    shortened,
    sources,
    told,
)
from scalinglaws.commands.calculate import optimum_lines, solution_line
from scalinglaws.commands.compare import comparison_lines, comparison_notes, comparison_warnings
from scalinglaws.commands.evaluate import evaluation_lines
from scalinglaws.commands.inputs import read_inputs, symbols_only
from scalinglaws.comparison import compare as compared
from scalinglaws.finding.query import FIELDS
from scalinglaws.finding.ranking import nearest_words
from scalinglaws.library import InputError

#: More sources than so many are not listed under the rows of a query.
_MOST_SOURCES = 20

LawId = Annotated[str, Field(description="id of a law, or of a law with a fit: hoffmann2022/parametric/besiroglu2024")]
FitName = Annotated[str | None, Field(description="name of the fit, if the id does not end with it: besiroglu2024")]
Inputs = Annotated[
    dict[str, StrictFloat | str],
    Field(
        description='by symbol, numbers in the law\'s own units or texts: {"N": 7e10, "D": "1.4T", "C": "1e3 PF-day"}'
    ),
]
Assumptions = Annotated[
    dict[str, StrictFloat] | None,
    Field(description='numbers that a conversion needs; a refusal names them: {"bytes_per_token": 4.3}'),
]
Start = Annotated[int, Field(ge=0, description="where to go on: next_start of the answer before")]
Symbol = Annotated[str | None, Field(description="a symbol as the laws spell it, such as N, D, C, L, C_min, N_opt")]
Limit = Annotated[int, Field(ge=1, le=200, description="at most so many")]


def search(
    words: Annotated[
        str, Field(description=f"words, and filters such as {', '.join(example for _, example in FIELDS.values())}")
    ],
    limit: Limit = 20,
    start: Start = 0,
) -> Answer:
    """Find papers, laws, claims, questions, topics and datasets by words; begin here when you have no id.

    An entry must hold every word, so give few; an id or a name such as Chinchilla comes first. "A phrase" stands in
    quotes, -word leaves out, OR stands between two; filters alone list what they find. A search that cannot be read is
    refused with what can be written instead. The ids found go to `show`, `eval` and the rest.
    """
    found = library.search(words, start + limit + 1)
    hits, following = portion(found, start, limit)
    stated = _stated(each["id"] for each in hits)
    entries = [{**each, "page": page(each["kind"], each["id"]), "source": stated.get(each["id"])} for each in hits]
    lines = [
        f"{each['kind']} {each['id']}: {each['title'] or each['snippet']}{_badge(each['source'])}" for each in entries
    ]
    if not entries:
        meant = nearest_words(library.connect(), words)
        hint = f"did you mean {meant}?" if meant else "try fewer words, or other ones"
        lines = [f"nothing in the catalog fits this: {hint}"]
    return told(_with_rest(lines, following), {"found": entries, "next_start": following})


def show(
    name: Annotated[str, Field(description="id or alias: hoffmann2022, hoffmann2022/parametric, chinchilla-svg")],
    part: Annotated[str, Field(description="only this part, as names and numbers between slashes: fits/0/values")] = "",
    start: Start = 0,
) -> Answer:
    """Everything known about a paper, law, fit or dataset, or about `accounting` (how parameters and FLOP are counted).

    Of a law: formula, symbols with units and fitted ranges, every fit with its values, intervals and sources, worked
    examples, and how far it is backed (`ladder`, `rung`). Of a paper: its laws, claims with verdicts, caveats. A long
    document leaves its longest parts out and names them in `cut`: ask for each by `part`.
    """
    document = library.show(name)
    head = {"id": document["id"], "page": page(document["kind"], document["id"])}
    value = _part(document, part)
    if isinstance(value, list):
        value, following = portion(value, start)
        data = {**head, "part": part, "value": value, "next_start": following}
        return told(_with_rest([_json(data)], following), data)
    if not isinstance(value, dict):
        return told([_json(value)], {**head, "part": part, "value": value})
    kept, cut = shortened(value)
    data = {**head, "part": part, "value": kept} if part else {**kept, "page": head["page"]}
    if cut:
        data["cut"] = cut
    parts = [f"cut here: part {part + '/' if part else ''}{each} ({what})" for each, what in cut.items()]
    return told([_json(data), *parts], data)


def laws(
    given: Annotated[list[str] | None, Field(description="what one has, as symbols or in words: [N, D]")] = None,
    want: Symbol = None,
    question: Annotated[str | None, Field(description="a research question of the survey, RQ1 to RQ8")] = None,
    topic: Annotated[str | None, Field(description="a topic of the survey's taxonomy, with those beneath it")] = None,
    has: Annotated[str | None, Field(description="code, data, interval or reproduction")] = None,
    limit: Limit = 50,
    start: Start = 0,
) -> Answer:
    """List laws by what they take and give, as one looks up functions by their signature; all filters must hold.

    `want` is what the law gives, or a variable that it can be solved for. Laws that take just what is given come first,
    then those that take less of it or more besides; `signature` says how each fits. Each entry has the formula, its
    variables, the number of fits and `rung`, how far the law is backed.
    """
    found = library.laws(question, topic, given or (), want, has)
    kept, following = portion(found, start, limit)
    stated = _stated(each["id"] for each in kept)
    entries = [{**each, "page": page("law", each["id"]), "source": stated.get(each["id"])} for each in kept]
    lines = [f"{len(found)} laws"]
    for each in entries:
        formula = f"{each['output']} of {each['variables'] or 'nothing'}: {each['expression'] or 'a procedure'}"
        lines.append(f"{each['id']}: {each['name']}; {formula} [{each['fits']} fits]{_badge(each['source'])}")
    return told(_with_rest(lines, following), {"laws": entries, "total": len(found), "next_start": following})


def evaluate(
    law: LawId,
    inputs: Inputs,
    fit: FitName = None,
    draws: Annotated[int, Field(ge=0, le=100_000, description="sets of coefficients to draw for the interval")] = 0,
) -> Answer:
    """The value of a law at one point, with its unit, its interval where the source allows one, and its warnings.

    A law with several fits and no default is refused with the choices: choose one and say which, or use `compare` for
    all of them. Coefficients that a fit does not state may be given as inputs, and are then the caller's own. Pass
    every warning on, above all that an input lies outside the range in which the law was fitted.
    """
    named = library.law(law)
    result = named.evaluate(fit, draws, **read_inputs(named, symbols_only(inputs)))
    return _calculated(evaluation_lines(result), result, result.inputs)


def solve(
    law: LawId,
    symbol: Annotated[str, Field(description="the variable to find, such as D")],
    inputs: Inputs,
    fit: FitName = None,
    between: Annotated[
        list[StrictFloat | str] | None, Field(min_length=2, max_length=2, description="lowest and highest to consider")
    ] = None,
) -> Answer:
    """The value of one variable for which a law gives a stated output; `inputs` has the output and the other variables.

    For example symbol D with inputs {"L": 2.0, "N": 7e9}: how many tokens a model of 7e9 parameters needs for a loss of
    2.0. Where no value gives it, the answer says what the law can give.
    """
    named = library.law(law)
    read = read_inputs(named, symbols_only(inputs))
    ends = [read_inputs(named, {symbol: each})[symbol] for each in between or ()]
    result = named.solution(symbol, fit, (ends[0], ends[1]) if ends else None, **read)
    return _calculated([solution_line(result)], result, result.inputs)


def optimize(
    law: LawId,
    over: Annotated[list[str], Field(min_length=1, description="what is free: [N, D]")],
    inputs: Inputs,
    subject_to: Annotated[str | None, Field(description="one equation over symbols: 6*N*D = C")] = None,
    lets: Annotated[
        dict[str, str] | None, Field(description='variables in terms of free symbols: {"N": "12*n*d**2"}')
    ] = None,
    fit: FitName = None,
    highest: Annotated[
        bool | None, Field(description="look for the highest value; by default for what is better")
    ] = None,
) -> Answer:
    """The best value of a law over some variables under a constraint, such as the best N and D for a compute C.

    The usual question, over [N, D] with 6*N*D = C and inputs {"C": 5.76e23}, takes C as training FLOP and N and D as
    the law counts them. The optimum of a fitted law is only as good as the fit: other fits may put it elsewhere.
    """
    named = library.law(law)
    read = read_inputs(named, symbols_only(inputs))
    result = named.optimize(over, subject_to, fit=fit, lets=lets, highest=highest, **read)
    return _calculated(optimum_lines(result), result, result.given)


def compare(
    laws: Annotated[list[str], Field(min_length=1, max_length=20, description="ids of laws, with or without a fit")],
    inputs: Annotated[
        dict[str, StrictFloat | str],
        Field(description='by symbol, in plain units or as texts: {"N": "70B", "D": 1.4e12}'),
    ],
    conventions: Annotated[
        dict[str, str] | None, Field(description='how an input is counted: {"N": "embeddings-included"}')
    ] = None,
    assumptions: Assumptions = None,
    unit: Annotated[str | None, Field(description="unit of the values, such as nat/token")] = None,
    start: Start = 0,
) -> Answer:
    """The same inputs through several laws and fits, each converted as the law counts, with their spread.

    A law without a fit takes part with every one, or with its default. Laws that count an input in different ways are
    refused until `conventions` says which is meant. Rows that do not compare stand with the reason. Tell the spread,
    not one row alone.
    """
    read: dict[str, Any] = dict(symbols_only(inputs))
    result = compared(laws, conventions=conventions, assumptions=assumptions, unit=unit, **read)
    rows, following = portion(result.rows, start, told_as=lambda row: plain(row.as_dict()))
    shown = dataclasses.replace(result, rows=result.rows[start : start + len(rows)])
    names = [name for row in rows for name in (row["fit"], row["law"]) if name]
    data = {**result.as_dict(), "rows": rows, "next_start": following}
    lines = [*comparison_lines(shown), *comparison_notes(shown)]
    return told(_with_rest(lines, following), data, comparison_warnings(shown), sources(names))


def convert(
    amount: Annotated[str, Field(description="a number with its unit: 1e3 PF-day, 70B parameters (total)")],
    unit: Annotated[str, Field(description="the unit to convert into: FLOP, nat/token, parameters (active)")],
    assumptions: Assumptions = None,
) -> Answer:
    """An amount in another unit or convention, with every factor used.

    Factors are definitions, or numbers that only the caller can know (`assumptions`); none comes from a paper. What no
    factor leads to is refused: a loss per token of one tokenizer is not that of another.
    """
    read = units.parse_quantity(amount)
    result = units.convert(read.value, read.unit, units.parse_unit(unit), assumptions or {})
    lines = [f"{result.value:.10g} {result.unit}", *(f"  {step}" for step in result.steps)]
    return told(lines, {"given": read.as_dict(), **result.as_dict()})


def query(
    sql: Annotated[str | None, Field(description="one SELECT over the catalog's database")] = None,
    name: Annotated[str | None, Field(description="a named query instead, such as disputed-fits")] = None,
    parameters: Annotated[
        dict[str, StrictFloat | int | str] | None, Field(description="values for :name in the query")
    ] = None,
    limit: Limit = 50,
    start: Start = 0,
) -> Answer:
    """Rows of one read-only SELECT over the catalog's database, or of a named query; with neither, the named queries.

    The table `doc` explains every table, column and code: SELECT kind, name, meaning FROM doc. The main tables are
    paper, law, variable, coefficient, fit, fit_value, claim, caveat, dataset and reproduction. Select `basis` and
    `confidence` with any number (fit, fit_value, claim and law have them), and ORDER BY something if you go on with
    `start`.
    """
    if sql is None and name is None:
        return _named_queries(start)
    found = library.query(sql, parameters or {}, name=name)
    named = library.named_query(name) if name is not None else None
    cell = min(CELL, CHARACTERS // max(1, len(found.columns)))
    rows, following = portion(list(found), start, limit, lambda row: _cut(plain(row), cell))
    stated = sources(each for row in rows for each in row.values() if isinstance(each, str))
    data = {
        "query": {"name": named.name, "answers": named.answers} if named else None,
        "columns": list(found.columns),
        "rows": rows,
        "total": len(found),
        "truncated": found.truncated,
        "next_start": following,
        "sources_left_out": max(0, len(stated) - _MOST_SOURCES),
    }
    head = f"{len(rows)} of {len(found)}{' or more' if found.truncated else ''} rows"
    lines = [f"{named.answers} {head}" if named else head, _json(rows)]
    return told(_with_rest(lines, following), data, stated=stated[:_MOST_SOURCES])


def named_queries() -> list[dict[str, Any]]:
    """The named queries, each with the question that it answers and its SQL."""
    return [dataclasses.asdict(each) for each in library.queries().values()]


def schema() -> list[dict[str, Any]]:
    """What every table, column and code of the database means, as rows of the table `doc`."""
    return list(library.query("SELECT kind, name, meaning FROM doc ORDER BY kind, name"))


def _named_queries(start: int) -> Answer:
    listed = [{name: each[name] for name in each if name != "sql"} for each in named_queries()]
    kept, following = portion(listed, start)
    lines = [f"{each['name']}: {each['answers']}{_parameters(each)}" for each in kept]
    return told(_with_rest(lines, following), {"queries": kept, "total": len(listed), "next_start": following})


def _parameters(named: Mapping[str, Any]) -> str:
    takes = ", ".join(f"{each['name']} ({each['meaning']}; {each['default']})" for each in named["parameters"])
    return f" It takes {takes}." if takes else ""


def _calculated(lines: list[str], result: Any, inputs: Mapping[str, float]) -> Answer:
    """The answer for one law and fit: what was found, for what, and where formula and values stand."""
    stated = sources(name for name in (result.fit, result.law) if name)
    if result.fit:
        stated += own_sources(library.show(result.fit))
    at = ", ".join(f"{name} = {value:.10g}" for name, value in inputs.items())
    line = f"by {result.fit or result.law}{f', at {at}' if at else ''}"
    return told([*lines, line], result.as_dict(), result.warnings, stated)


def _stated(names: Any) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in sources(names)}


def _badge(source: Mapping[str, Any] | None) -> str:
    if source is None:
        return ""
    return f" [{source['paper']}, {source['where']}; basis {source['basis']}, confidence {source['confidence']}]"


def _with_rest(lines: list[str], following: int | None) -> list[str]:
    return lines if following is None else [*lines, f"cut here: call again with start={following} for the rest"]


def _json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False)


def _part(document: Any, path: str) -> Any:
    """The part of a document that a path such as `fits/0/values` leads to."""
    value, walked = document, list[str]()
    for step in filter(None, path.split("/")):
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            here = "/".join(walked) or document["id"]
            within = f"entries 0 to {len(value) - 1}" if isinstance(value, list) and value else ""
            within = ", ".join(value) if isinstance(value, dict) else within
            raise InputError(f"{here} has no part '{step}'; it has {within or 'no parts'}")
        walked.append(step)
    return value


def _cut(row: Mapping[str, Any], most: int) -> dict[str, Any]:
    """A row with long texts cut; how long they are is said."""
    return {
        name: f"{each[:most]} ... ({len(each)} characters: substr() gives the rest)"
        if isinstance(each, str) and len(each) > most
        else each
        for name, each in row.items()
    }
