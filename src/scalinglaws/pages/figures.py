"""The figures: named queries drawn, each with its message in a sentence, its note and its table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from markupsafe import Markup

from scalinglaws.database.access import Rows
from scalinglaws.database.named_queries import NamedQuery
from scalinglaws.pages.svg import Mark, bar_chart, in_powers, interval_chart, range_bars, stacked_bars, timeline, tree


@dataclass(frozen=True)
class Figure:
    """A picture of a query's rows, with what it says in a sentence and what else a reader should know."""

    query: str
    title: str
    message: str
    picture: str
    rows: Rows
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""


def _only(rows: Rows, column: str, value: Any) -> Rows:
    at = rows.columns.index(column)
    # The column would say the same in every row, so it goes.
    chosen = tuple(row[:at] + row[at + 1 :] for row in rows.rows if row[at] == value)
    return Rows(rows.columns[:at] + rows.columns[at + 1 :], chosen)


Bars = list[tuple[str, int]]


def _counts(
    query: str, title: str, rows: Rows, what: str, say: Callable[[Bars], str], note: str, *, often: bool = False
) -> Figure:
    """Papers by what the rows name; with `often` without what one paper alone has."""
    bars = [(row[what], row["papers"]) for row in rows]
    message = say(bars)
    picture = bar_chart([bar for bar in bars if bar[1] > 1] if often else bars, message)
    return Figure(query, title, message, picture, rows, note=note)


def _alone(bars: Bars) -> int:
    return sum(papers == 1 for _, papers in bars)


def _counted(rows: Callable[[str], Rows]) -> dict[str, Figure]:
    """The figures that count papers."""
    kinds = "papers-by-kind"
    return {
        "topics": _counts(
            "figure-topics",
            "Papers by topic",
            rows("figure-topics"),
            "topic",
            lambda bars: (
                f"{bars[0][0]} is the main topic of {bars[0][1]} of {sum(n for _, n in bars)} papers; "
                f"{_alone(bars)} of {len(bars)} topics have one paper each."
            ),
            "The survey's Figure 1, by the main topic of each paper. Every paper counts once.",
        ),
        "architectures": _counts(
            kinds,
            "Architectures",
            _only(rows(kinds), "kind", "architecture"),
            "title",
            lambda bars: (
                f"{bars[0][0]}s stand behind {bars[0][1]} papers, and no other architecture behind more than "
                f"{bars[1][1]}."
            ),
            "The survey's Figure 3a, from the records. A paper counts once for each architecture that it treats.",
        ),
        "scaling-variables": _counts(
            "figure-scaling-variables",
            "Scaling variables",
            rows("figure-scaling-variables"),
            "scaling_variable",
            lambda bars: (
                f"Of {len(bars)} scaling variables, {bars[0][0].lower()} ({bars[0][1]} papers) and "
                f"{bars[1][0].lower()} ({bars[1][1]}) lead; {_alone(bars)} stand in one paper each."
            ),
            "The survey's Figure 3b, from its Table 10. Drawn are the variables that more than one paper has; the "
            "table lists all. A paper counts once for each of its variables.",
            often=True,
        ),
        "tasks": _counts(
            kinds,
            "Tasks",
            _only(rows(kinds), "kind", "task"),
            "title",
            lambda bars: f"{bars[0][1]} papers treat {bars[0][0].lower()}, {bars[1][1]} {bars[1][0].lower()}.",
            "The survey's Figure 3c, from the records. A paper counts once for each task that it treats.",
        ),
    }


def _taxonomy(rows: Rows) -> Figure:
    nodes = [(row["level"], row["topic"], row["papers"]) for row in rows]
    roots = [label for depth, label, _ in nodes if not depth]
    message = f"{len(nodes)} topics in {len(roots)} branches; the branch {roots[0]} spreads widest."
    note = (
        "The survey's Figure 2, rebuilt from its text. The number is that of the papers that carry the topic itself, "
        "as their main topic or a further one: a paper may stand at several."
    )
    return Figure("figure-taxonomy", "The taxonomy as a tree", message, tree(nodes, message), rows, note=note)


def _timeline(rows: Rows) -> Figure:
    lanes = []
    for branch, group in groupby(rows, key=lambda row: row["branch"]):
        # The middle of the month; a paper whose month is unknown stands in the middle of its year.
        lanes.append(
            (branch, [(row["year"] + ((row["month"] or 6.5) - 0.5) / 12, row["paper"]) for row in group]),
        )
    years = [row["year"] for row in rows]
    busiest = max(sorted(set(years)), key=years.count)
    message = f"{years.count(busiest)} of the {len(years)} papers first appeared in {busiest}."
    note = (
        "A dot is a paper, at the month of its arXiv number, in the branch of its main topic. A paper without such a "
        "number stands in the middle of its year."
    )
    return Figure("figure-timeline", "A timeline of the papers", message, timeline(lanes, message), rows, note=note)


_MEANINGS = {
    "loss in parameters": ("Loss in parameters", "the exponent of the parameters", 0.1),
    "loss in data": ("Loss in data", "the exponent of the amount of training data", 0.2),
    "loss in compute": ("Loss in compute", "the exponent of the compute of training", 0.05),
    "optimal size in compute": ("Optimal size in compute", "the exponent of compute in the best model's size", 0.2),
}
_FLOORS = {"no": "Laws without an irreducible loss", "yes": "Laws with an irreducible loss", None: ""}


def _exponents(rows: Rows, meaning: str) -> Figure:
    chosen = _only(rows, "meaning", meaning)
    title, words, step = _MEANINGS[meaning]
    marks: list[Mark] = []
    for floor, part in groupby(chosen, key=lambda row: row["floor"]):
        if _FLOORS[floor]:
            marks.append(Mark(_FLOORS[floor], divides=True))
        for modality, group in groupby(part, key=lambda row: row["modality"]):
            members = list(group)
            marks.append(Mark(modality))
            sources = [row["source"] for row in members]
            for row in members:
                # What the source does not tell apart the law's id does, which fits beside it; the table has the name.
                law = row["fit"].split("/")[1]
                label = row["source"] if sources.count(row["source"]) == 1 else f"{row['source']}, {law}"
                spread = (row["least"], row["most"]) if row["fits"] > 1 else None
                marks.append(Mark(label, row["value"], row["low"], row["high"], spread))
    values = [row["value"] for row in chosen]
    ranged = sum(row["low"] is not None for row in chosen)
    message = (
        f"{len(values)} values of {words}, from {min(values):.3g} to {max(values):.3g}; "
        f"{ranged or 'none'} of them {'has' if ranged == 1 else 'have'} an interval."
    )
    legend = (("passed", "From the least to the most, of several fits"),)
    return Figure("exponents", title, message, interval_chart(marks, step, message), chosen, legend)


def _ranges(rows: Rows, quantity: str, title: str, note: str) -> Figure:
    counted = _only(rows, "quantity", quantity)
    # A logarithmic axis has no nought, and parameters without a convention are not those of a model.
    ends = [counted.columns.index(name) for name in ("counted", "low", "high")]
    chosen = Rows(counted.columns, tuple(row for row in counted.rows if all(row[end] for end in ends)))
    papers = [row["paper"] for row in chosen]
    marks = []
    for row in chosen:
        first = row["laws"].partition(",")[0].rpartition("/")[2]
        label = row["paper"] if papers.count(row["paper"]) == 1 else f"{row['paper']}, {first}"
        marks.append(Mark(label, None, row["low"], row["high"]))
    widest = max(chosen, key=lambda row: row["high"] / row["low"])
    highest = max(chosen, key=lambda row: row["high"])
    message = (
        f"{widest['paper']} span the most, {math.log10(widest['high'] / widest['low']):.1f} decades of {quantity}; "
        f"{highest['paper']} reach furthest, {in_powers(highest['high'])}."
    )
    return Figure("fitted-ranges", title, message, range_bars(marks, message), chosen, note=note)


def _fitting_methods(rows: Rows) -> Figure:
    bars: list[tuple[str, Sequence[float]]] = []
    silent = []
    for aspect, group in groupby(rows, key=lambda row: row["aspect"]):
        bars.append((aspect.capitalize(), []))
        for row in group:
            choice, papers = row["choice"], row["papers"]
            stated = choice != "not-stated"
            bars.append((_CHOICES.get(choice, choice.replace("-", " ")), [papers, 0] if stated else [0, papers]))
            if not stated:
                silent.append(f"the {aspect} in {papers}")
    message = f"What papers leave unsaid: {', '.join(silent)}."
    note = (
        "A paper counts once for each choice that it makes for any of its fits, and as not stated where it names none "
        "at all. The catalog's own refits are left out."
    )
    picture = stacked_bars(bars, ["c0", "not-stated"], message)
    return Figure("fitting-methods", "Who fits how", message, picture, rows, note=note)


# How the code of a choice is written out, where taking out its hyphens is not enough.
_CHOICES = {"l-bfgs": "L-BFGS", "bfgs": "BFGS", "adam": "Adam", "adagrad": "Adagrad", "newton": "Newton steps"}
_CHOICES |= {"huber": "Huber", "none": "none, as they say", "guess": "one guess", "not-stated": "not stated"}

_STATES = ("released", "partial", "none", "not_stated")


def _code_and_data(rows: Rows) -> Figure:
    bars: list[tuple[str, Sequence[float]]] = []
    released = []
    for what, group in groupby(rows, key=lambda row: row["what"]):
        members = list(group)
        bars.append((what, []))
        bars += [(str(row["year"]), [row[state] for state in _STATES]) for row in members]
        total = sum(row["papers"] for row in members)
        released.append(f"{what.lower()} of {sum(row['released'] for row in members)}")
    message = f"Of {total} papers the catalog has seen released {', '.join(released)}."
    legend = tuple((state.replace("_", "-"), state.replace("_", " ").capitalize()) for state in _STATES)
    note = "By the year in which a paper first appeared; in this order from the left, with all papers at the end."
    picture = stacked_bars(bars, [kind for kind, _ in legend], message)
    return Figure("figure-code-and-data", "Code and data by year", message, picture, rows, legend, note)


def _rungs(rows: Rows) -> Figure:
    found = list(rows)
    bars = [(row["rung"], [row["stand_on_it"], row["reach_it"] - row["stand_on_it"]]) for row in found]
    total = sum(row["stand_on_it"] for row in found)
    reach = {row["rung"]: row["reach_it"] for row in found}
    message = f"Of {total} laws, {reach['data']} have public data, and for {reach['refit']} a refit of it agrees."
    legend = (("c0", "Stand on this rung"), ("passed", "Reach it and stand on another"))
    note = "A law stands on the highest rung that it reaches, if its form and its values were seen."
    picture = stacked_bars(bars, [kind for kind, _ in legend], message)
    return Figure("laws-by-rung", "Laws by rung of the ladder", message, picture, rows, legend, note)


def _verdicts(rows: Rows) -> Figure:
    bars = [(row["verdict"].replace("-", " "), row["published_fits"]) for row in rows]
    counts = dict(bars)
    good = sum(counts.get(each, 0) for each in ("reproduced", "reproduced with quirk", "within interval"))
    message = f"Of {sum(counts.values()):g} published fits held against a refit, {good:g} agree with it."
    note = "Each curve of a law counts once."
    return Figure("verdicts", "Verdicts of refits", message, bar_chart(bars, message), rows, note=note)


def all_figures(rows: Callable[[str], Rows]) -> dict[str, Figure]:
    """Every figure by the name that pages call it, drawn from the rows of named queries."""
    exponents, ranges = rows("exponents"), rows("fitted-ranges")
    return {
        **_counted(rows),
        "taxonomy": _taxonomy(rows("figure-taxonomy")),
        "timeline": _timeline(rows("figure-timeline")),
        **{meaning.replace(" ", "-"): _exponents(exponents, meaning) for meaning in _MEANINGS},
        "model-sizes": _ranges(
            ranges,
            "parameters",
            "Fitted ranges in model size",
            "Parameters, each as the paper counts them; the table says how. A paper has a row for each of its ranges.",
        ),
        "data-sizes": _ranges(
            ranges,
            "tokens",
            "Fitted ranges in tokens",
            "Tokens of training, of a datastore or of distillation; the table says which. Data counted in anything "
            "else are left out.",
        ),
        "fitting-methods": _fitting_methods(rows("fitting-methods")),
        "code-and-data": _code_and_data(rows("figure-code-and-data")),
        "rungs": _rungs(rows("laws-by-rung")),
        "verdicts": _verdicts(rows("verdicts")),
    }


def _cell(value: Any, number: Callable[[float], Markup]) -> str:
    if value is None:
        return "\N{EN DASH}"
    if isinstance(value, int | float):
        # Two thousand and twenty is a year here, and ten thousand a count: nothing to set apart in either.
        return str(value) if isinstance(value, int) else str(number(value))
    return escape(str(value), quote=False).replace("$", "&#36;")


def figure_markup(figure: Figure, query: NamedQuery, number: Callable[[float], Markup], console: str) -> Markup:
    """A figure as HTML on lines without a gap, as Markdown wants it: message, picture, legend, note, table, query.

    Args:
        figure: the figure.
        query: the query of its rows.
        number: how the site writes a number with decimals.
        console: address of the page that runs named queries.
    """
    legend = "".join(
        f'<li><span class="swatch {kind}"></span>{escape(text, quote=False)}</li>' for kind, text in figure.legend
    )
    head = "".join(f'<th scope="col">{escape(name.replace("_", " "))}</th>' for name in figure.rows.columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_cell(value, number)}</td>" for value in row) + "</tr>" for row in figure.rows.rows
    )
    note = f"<p>{escape(figure.note, quote=False)}</p>" if figure.note else ""
    asked = f'<a href="{console}?name={figure.query}"><code>{figure.query}</code></a>'
    html = f"""<figure class="drawn">
<p class="message">{escape(figure.message, quote=False)}</p>
<div data-search-exclude>{figure.picture}</div>
{f'<ul class="legend">{legend}</ul>' if legend else ""}
<figcaption>{note}<p>Query: {asked} ({escape(query.answers, quote=False)})</p></figcaption>
<details data-search-exclude><summary>The numbers</summary>
<div class="wide" tabindex="0" role="group" aria-label="{escape(figure.title)}: the numbers"><table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody></table></div>
</details>
</figure>"""
    return Markup("\n".join(line for line in html.splitlines() if line.strip()))  # noqa: S704 - escaped above
