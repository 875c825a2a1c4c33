"""The figures: pictures of named queries as SVG without colours of its own, each with its message and its table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from markupsafe import Markup

from scalinglaws.database import Rows
from scalinglaws.named_queries import NamedQuery

#: Narrow enough that a phone of 390 px shows the text at four fifths of its size.
WIDTH = 440
SIZE = 14
LINE = 17
#: Where labels end and marks begin.
_LABELS = 184
_RIGHT = WIDTH - 12
#: Where an axis ends: half of its last tick's text stands beyond.
_AXIS_END = WIDTH - 20

# Widths in ems, as of DejaVu Sans: of the fonts that a system may put in, the widest common one.
_NARROW, _WIDE = set("fijlrt.,:;'|!()[] I-"), set("mwMW@%")


def text_width(text: str, size: float = SIZE) -> float:
    """How wide a text is at most, in the fonts that the site names may turn out to be."""
    ems = sum(0.4 if c in _NARROW else 0.97 if c in _WIDE else 0.76 if c.isupper() else 0.62 for c in text)
    return ems * size


def wrap(text: str, width: float, most: int = 2) -> list[str]:
    """A text in lines of at most a width; what is beyond the last line gives way to an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while text_width(f"{last}\N{HORIZONTAL ELLIPSIS}") > width and " " in last:
        last = last.rpartition(" ")[0]
    return [*lines[: most - 1], f"{last.rstrip(',;:')}\N{HORIZONTAL ELLIPSIS}"]


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    shape = f' class="{kind}"' if kind else ""
    return f'<text{shape} x="{x:g}" y="{y:g}">{escape(text, quote=False)}</text>'


def _lines(x: float, y: float, lines: Sequence[str], kind: str = "") -> list[str]:
    return [_text(x, y + LINE * number, line, kind) for number, line in enumerate(lines)]


def _path(kind: str, data: str) -> str:
    return f'<path class="{kind}" d="{data}"/>'


def _bar(kind: str, left: float, top: float, right: float, height: float = 14) -> str:
    return f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 1):.1f}" height="{height:g}"/>'


def _svg(parts: Iterable[str], height: float, message: str) -> str:
    return (
        f'<svg class="chart figure" viewBox="0 0 {WIDTH} {math.ceil(height)}" role="img" '
        f'aria-label="{escape(message)}">{"".join(parts)}</svg>'
    )


def stacked_bars(rows: Sequence[tuple[str, Sequence[float]]], kinds: Sequence[str], message: str) -> str:
    """Horizontal bars of counts: one part for each kind, with its number in it where it fits, and the sum at the end.

    A row without parts is a heading.

    Args:
        rows: label and the count of each part.
        kinds: a class of the stylesheet for each part.
        message: what the picture says, for those who do not see it.
    """
    most = max((sum(parts) for _, parts in rows), default=1) or 1
    scale = (_RIGHT - 24 - _LABELS - 8) / most
    drawn: list[str] = []
    y = 6.0
    for label, parts in rows:
        if not parts:
            y += 8
            drawn.append(_text(0, y + 13, label, "heading"))
            y += LINE + 5
            continue
        lines = wrap(label, _LABELS)
        drawn += _lines(_LABELS, y + 13, lines, "end")
        top = y + (LINE * len(lines) - 14) / 2
        left = float(_LABELS + 8)
        for part, kind in zip(parts, kinds, strict=True):
            if part:
                right = left + part * scale
                drawn.append(_bar(kind, left, top, right))
                if part != sum(parts) and right - left > text_width(f"{part:g}", 12) + 4:
                    drawn.append(_text((left + right) / 2, top + 11.5, f"{part:g}", f"inside {kind}"))
                left = right
        drawn.append(_text(left + 5, top + 12, f"{sum(parts):g}", "value"))
        y += LINE * len(lines) + 6
    return _svg(drawn, y + 4, message)


def bar_chart(rows: Sequence[tuple[str, float]], message: str) -> str:
    """Horizontal bars of one count each."""
    return stacked_bars([(label, [value]) for label, value in rows], ["c0"], message)


@dataclass(frozen=True)
class Mark:
    """A row of a chart along an axis: a value with its interval, a range, or a heading, which may divide the chart."""

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    divides: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether nothing is marked in the row."""
        return self.value is None and self.low is None


def _along_axis(
    marks: Sequence[Mark], place: Callable[[float], float], ticks: Sequence[tuple[float, str]], message: str
) -> str:
    drawn: list[str] = []
    top = y = 26.0
    for mark in marks:
        if mark.is_heading:
            lines = wrap(mark.label, WIDTH)
            y += 14 if mark.divides else 7
            drawn += _lines(0, y + 13, lines, "heading")
            y += LINE * len(lines) + 4
            if mark.divides:
                drawn.append(_path("frame", f"M0 {y - 2:g}H{WIDTH}"))
            continue
        lines = wrap(mark.label, _LABELS - 6, most=3)
        drawn += _lines(_LABELS - 6, y + 13, lines, "end")
        middle = y + LINE * len(lines) / 2 + 0.5
        if mark.low is not None and mark.high is not None:
            if mark.value is None:
                drawn.append(_bar("c0", place(mark.low), middle - 5, max(place(mark.high), place(mark.low) + 3), 10))
            else:
                ends = (place(mark.low), place(mark.high))
                whiskers = "".join(f"M{end:.1f} {middle - 5:g}v10" for end in ends)
                drawn.append(_path("interval", f"M{ends[0]:.1f} {middle:g}H{ends[1]:.1f}{whiskers}"))
        if mark.value is not None:
            drawn.append(f'<circle class="value" cx="{place(mark.value):.1f}" cy="{middle:g}" r="4.5"/>')
        y += LINE * len(lines) + 5
    grid = [_path("grid", f"M{place(value):.1f} {top - 5:g}V{y + 3:g}") for value, _ in ticks]
    axis = [_text(place(value), at, text, "across tick") for at in (top - 10, y + 17) for value, text in ticks]
    return _svg([*grid, *axis, *drawn], y + 22, message)


def interval_chart(marks: Sequence[Mark], step: float, message: str) -> str:
    """Dots on a plain axis from nought, with intervals where there are some.

    Args:
        marks: rows and headings.
        step: distance of two ticks.
        message: what the picture says.
    """
    ends = [end for mark in marks for end in (mark.value, mark.high) if end is not None]
    count = math.ceil(max(ends, default=step) / step - 1e-9)
    scale = (_AXIS_END - _LABELS - 8) / (count * step)

    def place(value: float) -> float:
        return _LABELS + 8 + value * scale

    return _along_axis(marks, place, [(n * step, f"{n * step:g}") for n in range(count + 1)], message)


_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _power(exponent: int) -> str:
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def _in_powers(value: float) -> str:
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    return f"{float(mantissa):g} \N{MULTIPLICATION SIGN} {_power(int(exponent))}"


def range_bars(marks: Sequence[Mark], message: str) -> str:
    """Bars from the smallest to the largest value on a logarithmic axis."""
    lows = [mark.low for mark in marks if mark.low is not None]
    highs = [mark.high for mark in marks if mark.high is not None]
    first, last = math.floor(math.log10(min(lows))), math.ceil(math.log10(max(highs)))
    scale = (_AXIS_END - _LABELS - 8) / (last - first)

    def place(value: float) -> float:
        return _LABELS + 8 + (math.log10(value) - first) * scale

    every = 2 if last - first > 6 else 1
    ticks = [(10.0**power, _power(power)) for power in range(first, last + 1) if not power % every]
    return _along_axis(marks, place, ticks, message)


def timeline(lanes: Sequence[tuple[str, Sequence[tuple[float, str]]]], message: str) -> str:
    """A dot for each event on a lane of its kind; events too close to stand side by side stand on one another.

    Args:
        lanes: label and events, each a year with its fraction and a name that shows on pointing.
        message: what the picture says.
    """
    times = [when for _, events in lanes for when, _ in events]
    first, last = math.floor(min(times)), math.floor(max(times)) + 1
    scale = (_RIGHT - 20) / (last - first)
    drawn: list[str] = []
    top = y = 24.0
    for label, events in lanes:
        y += 4
        drawn.append(_text(2, y + 13, label))
        y += LINE + 3
        levels: list[float] = []
        placed: list[tuple[float, int, str]] = []
        for when, name in sorted(events):
            x = 14 + (when - first) * scale
            level = next((n for n, end in enumerate(levels) if x - end >= 10), len(levels))
            levels[level : level + 1] = [x]
            placed.append((x, level, name))
        y += 11 * len(levels)
        for x, level, name in placed:
            drawn.append(
                f'<circle class="event" cx="{x:.1f}" cy="{y - 6 - 11 * level:g}" r="4.6">'
                f"<title>{escape(name, quote=False)}</title></circle>"
            )
        drawn.append(_path("frame", f"M14 {y:g}H{_RIGHT}"))
        y += 4
    years = range(first, last + 1)
    grid = [_path("grid", f"M{14 + (year - first) * scale:.1f} {top - 4:g}V{y:g}") for year in years]
    axis = [
        _text(14 + (year + 0.5 - first) * scale, at, str(year), "across tick")
        for at in (top - 8, y + 14)
        for year in years[:-1]
    ]
    return _svg([*grid, *axis, *drawn], y + 20, message)


def tree(nodes: Sequence[tuple[int, str, float]], message: str) -> str:
    """An indented tree with elbows and a number at each node.

    Args:
        nodes: depth, label and number, each after the node that it stands beneath.
        message: what the picture says.
    """
    drawn: list[str] = []
    open_at: dict[int, float] = {}
    for row, (depth, label, number) in enumerate(nodes):
        y = 16.0 + 24 * row
        x = 8.0 + 26 * depth
        if depth:
            # From the parent's dot, or from where the line to the last sibling left off: the elbows make one line.
            drawn.append(_path("frame", f"M{x - 26:g} {open_at[depth - 1] + 5:g}V{y:g}H{x - 5:g}"))
        open_at[depth] = y
        drawn.append(f'<circle class="node" cx="{x:g}" cy="{y:g}" r="4"/>')
        (line,) = wrap(label, WIDTH - 45 - x, most=1)
        drawn.append(_text(x + 11, y + 5, line, "" if depth else "heading"))
        if number:
            drawn.append(_text(WIDTH - 4, y + 5, f"{number:g}", "end value"))
    return _svg(drawn, 16 + 24 * len(nodes), message)


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


def _counted(rows: Rows, what: str) -> list[tuple[str, float]]:
    return [(row[what], row["papers"]) for row in rows]


def _topics(rows: Rows) -> Figure:
    bars = _counted(rows, "topic")
    message = (
        f"{bars[0][0]} is the main topic of {bars[0][1]} of {sum(n for _, n in bars):g} papers; "
        f"{sum(n == 1 for _, n in bars)} of {len(bars)} topics have one paper each."
    )
    note = "The survey's Figure 1, by the main topic of each paper. Every paper counts once."
    return Figure("figure-topics", "Papers by topic", message, bar_chart(bars, message), rows, note=note)


def _taxonomy(rows: Rows) -> Figure:
    nodes = [(row["level"], row["topic"], row["papers"]) for row in rows]
    roots = [label for depth, label, _ in nodes if not depth]
    message = f"{len(nodes)} topics in {len(roots)} branches; the branch {roots[0]} spreads widest."
    note = (
        "The survey's Figure 2, rebuilt from its text. The number is that of the papers that carry the topic itself, "
        "as their main topic or a further one: a paper may stand at several."
    )
    return Figure("figure-taxonomy", "The taxonomy as a tree", message, tree(nodes, message), rows, note=note)


def _architectures(rows: Rows) -> Figure:
    bars = _counted(rows, "architecture")
    message = (
        f"{bars[0][0]}s stand behind {bars[0][1]:g} papers, and no other architecture behind more than {bars[1][1]:g}."
    )
    note = "The survey's Figure 3a, from the records. A paper counts once for each architecture that it treats."
    return Figure("figure-architectures", "Architectures", message, bar_chart(bars, message), rows, note=note)


def _scaling_variables(rows: Rows) -> Figure:
    bars = _counted(rows, "scaling_variable")
    often = [bar for bar in bars if bar[1] > 1]
    message = (
        f"Of {len(bars)} scaling variables, {bars[0][0].lower()} ({bars[0][1]:g} papers) and {bars[1][0].lower()} "
        f"({bars[1][1]:g}) lead; {len(bars) - len(often)} stand in one paper each."
    )
    note = (
        "The survey's Figure 3b, from its Table 10. Drawn are the variables that more than one paper has; the table "
        "lists all. A paper counts once for each of its variables."
    )
    return Figure("figure-scaling-variables", "Scaling variables", message, bar_chart(often, message), rows, note=note)


def _tasks(rows: Rows) -> Figure:
    bars = _counted(rows, "task")
    message = f"{bars[0][1]:g} papers treat {bars[0][0].lower()}, {bars[1][1]:g} {bars[1][0].lower()}."
    note = "The survey's Figure 3c, from the records. A paper counts once for each task that it treats."
    return Figure("figure-tasks", "Tasks", message, bar_chart(bars, message), rows, note=note)


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
    "loss in data": ("Loss in data", "the exponent of the tokens, or images, of training", 0.2),
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
        for paper, group in groupby(part, key=lambda row: row["paper"]):
            members = list(group)
            marks.append(Mark(paper))
            settings = [row["setting"].partition(";")[0] for row in members]
            for row, setting in zip(members, settings, strict=True):
                # What the settings do not tell apart the laws' names do.
                label = setting if settings.count(setting) == 1 else row["law"]
                marks.append(Mark(label, row["value"], row["low"], row["high"]))
    values = [row["value"] for row in chosen]
    ranged = sum(row["low"] is not None for row in chosen)
    message = (
        f"{len(values)} values of {words}, from {min(values):.3g} to {max(values):.3g}; "
        f"{ranged or 'none'} of them {'has' if ranged == 1 else 'have'} an interval."
    )
    return Figure("figure-exponents", title, message, interval_chart(marks, step, message), chosen)


def _ranges(rows: Rows, query: str, title: str, what: str, note: str) -> Figure:
    papers = [row["paper"] for row in rows]
    marks = []
    for row in rows:
        first = row["laws"].partition(",")[0].rpartition("/")[2]
        label = row["paper"] if papers.count(row["paper"]) == 1 else f"{row['paper']}, {first}"
        marks.append(Mark(label, None, row["low"], row["high"]))
    widest = max(rows, key=lambda row: row["high"] / row["low"])
    highest = max(rows, key=lambda row: row["high"])
    message = (
        f"{widest['paper']} span the most, {math.log10(widest['high'] / widest['low']):.1f} decades of {what}; "
        f"{highest['paper']} reach furthest, {_in_powers(highest['high'])}."
    )
    return Figure(query, title, message, range_bars(marks, message), rows, note=note)


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
    return Figure("figure-fitting-methods", "Who fits how", message, picture, rows, note=note)


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
    exponents = rows("figure-exponents")
    model, data = rows("figure-ranges-model"), rows("figure-ranges-data")
    return {
        "topics": _topics(rows("figure-topics")),
        "taxonomy": _taxonomy(rows("figure-taxonomy")),
        "architectures": _architectures(rows("figure-architectures")),
        "scaling-variables": _scaling_variables(rows("figure-scaling-variables")),
        "tasks": _tasks(rows("figure-tasks")),
        "timeline": _timeline(rows("figure-timeline")),
        **{meaning.replace(" ", "-"): _exponents(exponents, meaning) for meaning in _MEANINGS},
        "model-sizes": _ranges(
            model,
            "figure-ranges-model",
            "Fitted ranges in model size",
            "parameters",
            "Parameters, each as the paper counts them; the table says how. A paper has a row for each of its ranges.",
        ),
        "data-sizes": _ranges(
            data,
            "figure-ranges-data",
            "Fitted ranges in tokens",
            "tokens",
            "Tokens of training, of a datastore or of distillation; the table says which. Data counted in anything "
            "else are left out.",
        ),
        "fitting-methods": _fitting_methods(rows("figure-fitting-methods")),
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
