"""Charts as SVG, with their colours left to the stylesheet: bars, dots, ranges, a timeline, a tree."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

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
    """A row of a chart along an axis.

    Attributes:
        label: what stands before it; of a row that marks nothing, a heading.
        value: a dot.
        low: lower end of the value's interval, or of a range without a value.
        high: upper end.
        spread: from what to what others of its kind go, as a pale bar behind the dot.
        divides: whether a heading divides the chart.
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    spread: tuple[float, float] | None = None
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
        if mark.spread is not None:
            ends = [place(end) for end in mark.spread]
            drawn.append(_bar("passed", ends[0], middle - 4, ends[1], 8))
        if mark.low is not None and mark.high is not None:
            if mark.value is None:
                drawn.append(_bar("c0", place(mark.low), middle - 5, max(place(mark.high), place(mark.low) + 3), 10))
            else:
                ends = [place(mark.low), place(mark.high)]
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
    ends = [end for mark in marks for end in (mark.value, mark.high, *(mark.spread or ())) if end is not None]
    count = math.ceil(max(ends, default=step) / step - 1e-9)
    scale = (_AXIS_END - _LABELS - 8) / (count * step)

    def place(value: float) -> float:
        return _LABELS + 8 + value * scale

    return _along_axis(marks, place, [(n * step, f"{n * step:g}") for n in range(count + 1)], message)


_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _power(exponent: int) -> str:
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def in_powers(value: float) -> str:
    """A number as text with its power of ten, to three digits."""
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
