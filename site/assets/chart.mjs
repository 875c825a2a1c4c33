// Draws a law as a small chart in SVG. The same module draws at build time, in node, and in the reader's browser.

import { power, readable, typed } from "./numbers.mjs";

const WIDTH = 480;
const HEIGHT = 320;
const MARGIN = { left: 62, right: 14, top: 26, bottom: 46 };
const POINTS = 96;
const DECADES_BEYOND = 2;
/** How far above and below what is inside the fitted range a chart reaches. */
const DECADES_SEEN = 1e3;
/** More curves than this cannot be told apart. */
export const MOST_CURVES = 6;

export const escaped = (text) => String(text).replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
const rounded = (value) => Math.round(value * 10) / 10;

/** Where a law was fitted along a variable: the fit's own range, else the law's; null if nobody states it. */
export function fittedRange(variable, fit) {
  return fit?.ranges?.[variable.symbol] ?? variable.range;
}

/** The values a variable can be moved over, and whether by ratios: the fitted range and two decades beyond. */
export function span(variable, fit, value) {
  const range = fittedRange(variable, fit);
  if (variable.domain === "fraction") return { low: 0, high: 1, logarithmic: false };
  if (variable.domain === "positive" || (variable.domain === "nonnegative" && range && range[0] > 0)) {
    const beyond = 10 ** DECADES_BEYOND;
    let [low, high] = range ? [range[0] / beyond, range[1] * beyond] : value > 0 ? [value / 1e3, value * 1e3] : [1e-3, 1e3];
    if (value > 0) [low, high] = [Math.min(low, value), Math.max(high, value)];
    return { low, high, logarithmic: true };
  }
  const width = range ? range[1] - range[0] : 0;
  const [low, high] = range ? [range[0] - width / 2, range[1] + width / 2] : [value - 10, value + 10];
  const floor = variable.domain === "nonnegative" ? 0 : -Infinity;
  return { low: Math.max(floor, Math.min(low, value)), high: Math.max(high, value), logarithmic: false };
}

/** Decades (or, where zero is inside, widths of the range) that a value lies outside a range: negative below. */
export function outside(value, range) {
  if (!range || (value >= range[0] && value <= range[1])) return 0;
  const edge = value < range[0] ? range[0] : range[1];
  if (value <= 0 || edge <= 0) return edge === 0 ? Math.sign(value - edge) * Infinity : (value - edge) / Math.abs(edge);
  return Math.log10(value / edge);
}

function axis(low, high, logarithmic, start, end) {
  const scale = logarithmic ? Math.log10 : (value) => value;
  const [from, to] = [scale(low), scale(high)];
  const unit = to > from ? (end - start) / (to - from) : 0;
  return { place: (value) => start + (scale(value) - from) * unit, low, high, logarithmic };
}

/** Round numbers between two, about as many as asked for. */
export function niceTicks(low, high, most) {
  if (!(high > low)) return [];
  const rough = (high - low) / most;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * magnitude >= rough) * magnitude;
  const ticks = [];
  for (let each = Math.ceil(low / step); each * step <= high * (1 + 1e-12); each += 1) {
    ticks.push({ value: each * step, text: readable(each * step, 4) });
  }
  return ticks;
}

function ticksOf({ low, high, logarithmic }, most) {
  if (!logarithmic) return niceTicks(low, high, most);
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first < 2) return niceTicks(low, high, most).filter((tick) => tick.value > 0);
  const step = Math.ceil((last - first + 1) / most);
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += step) {
    const text = Math.abs(exponent) < 4 ? readable(10 ** exponent) : power(exponent);
    ticks.push({ value: 10 ** exponent, text });
  }
  return ticks;
}

/** Points along a variable, the ends of the fitted range among them. */
export function positions({ low, high, logarithmic }, range, count = POINTS) {
  const points = [];
  for (let each = 0; each <= count; each += 1) {
    const share = each / count;
    points.push(logarithmic ? low * (high / low) ** share : low + (high - low) * share);
  }
  const ends = (range ?? []).filter((end) => end > low && end < high);
  return [...points, ...ends].sort((one, other) => one - other);
}

function at(evaluate, value) {
  try {
    const found = evaluate(value);
    return Number.isFinite(found) ? found : null;
  } catch {
    return null;
  }
}

function paths(points, horizontal, vertical, range) {
  // Where nobody states a range, nothing is known to lie beyond it.
  const inside = (value) => !range || (value >= range[0] && value <= range[1]);
  const runs = [];
  let previous = null;
  for (const [x, y] of points) {
    const drawn = y !== null && y >= vertical.low && y <= vertical.high;
    if (drawn) {
      const spot = `${rounded(horizontal.place(x))} ${rounded(vertical.place(y))}`;
      const both = previous !== null && inside(previous.x) && inside(x);
      if (previous === null || runs.at(-1).inside !== both) {
        runs.push({ inside: both, spots: previous === null ? [spot] : [previous.spot, spot] });
      } else {
        runs.at(-1).spots.push(spot);
      }
      previous = { x, spot };
    } else {
      previous = null;
    }
  }
  return runs
    .filter((run) => run.spots.length > 1)
    .map((run) => `<path class="${run.inside ? "inside" : "beyond"}" d="M${run.spots.join("L")}"/>`)
    .join("");
}

/**
 * A chart of one output against one variable.
 *
 * `curves` are {label, evaluate(x)}, the chosen one first; `point` is {x, y} or null; `points` are measurements {x, y},
 * drawn as dots; `area` is [x, low, high] at places in order, shaded; `title` is what the picture is called where its own words are not to be used. Gives {svg}, or {reason}
 * where nothing can be drawn.
 */
export function chart({ output, variable, horizontalSpan, range, curves, point, points: measured = [], area = [], title: own = null }) {
  const places = positions(horizontalSpan, range);
  const drawn = curves.slice(0, MOST_CURVES).map((curve) => places.map((x) => [x, at(curve.evaluate, x)]));
  const heights = [...drawn.flat().map(([, y]) => y), ...measured.map(({ y }) => y), ...area.flatMap((each) => each.slice(1))].filter((y) => y !== null);
  if (heights.length === 0) {
    return { reason: `No curve: the law has no finite value for any ${variable.symbol} shown.` };
  }
  let [low, high] = [Math.min(...heights), Math.max(...heights)];
  // Far outside the fitted range a curve may leave the picture; inside it must be seen.
  const seen = range ? drawn.flat().filter(([x, y]) => y > 0 && x >= range[0] && x <= range[1]).map(([, y]) => y) : [];
  if (seen.length > 0 && low >= 0) {
    low = Math.max(low, Math.min(...seen) / DECADES_SEEN);
    high = Math.min(high, Math.max(...seen) * DECADES_SEEN);
  }
  // Zeros at one end do not keep the rest from being drawn by ratios.
  if (low === 0 && high > 0) low = Math.min(...heights.filter((y) => y > 0));
  const logarithmic = low > 0 && high / low > 1.0001;
  if (logarithmic) {
    low = Math.max(low, high / 1e12);
    const room = (high / low) ** 0.04;
    [low, high] = [low / room, high * room];
  } else {
    const room = (high - low) * 0.05 || Math.abs(high) * 0.05 || 1;
    [low, high] = [low - room, high + room];
  }
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
  const horizontal = axis(horizontalSpan.low, horizontalSpan.high, horizontalSpan.logarithmic, left, right);
  const vertical = axis(low, high, logarithmic, bottom, top);
  const parts = [];
  if (range) {
    const from = horizontal.place(Math.max(range[0], horizontalSpan.low));
    const width = Math.max(horizontal.place(Math.min(range[1], horizontalSpan.high)) - from, 1);
    parts.push(`<rect class="fitted" x="${rounded(from)}" y="${top}" width="${rounded(width)}" height="${bottom - top}"/>`);
  }
  let free = -Infinity;
  for (const { value, text } of ticksOf(horizontal, 7)) {
    const x = rounded(horizontal.place(value));
    // A label that would touch the one before it is left out with its line.
    if (x - 4 * text.length < free) continue;
    free = x + 4 * text.length + 4;
    parts.push(`<path class="grid" d="M${x} ${top}V${bottom}"/><text x="${x}" y="${bottom + 17}" class="across">${text}</text>`);
  }
  for (const { value, text } of ticksOf(vertical, 6)) {
    const y = rounded(vertical.place(value));
    parts.push(`<path class="grid" d="M${left} ${y}H${right}"/><text x="${left - 6}" y="${y + 4}" class="up">${text}</text>`);
  }
  parts.push(`<path class="frame" d="M${left} ${top}V${bottom}H${right}"/>`);
  if (area.length > 1) {
    const spots = [...area.map(([x, , top]) => [x, top]), ...area.map(([x, bottom]) => [x, bottom]).reverse()];
    const corners = spots.map(([x, y]) => `${rounded(horizontal.place(x))} ${rounded(vertical.place(y))}`);
    parts.push(`<path class="band" d="M${corners.join("L")}Z"/>`);
  }
  for (const { x, y } of measured) {
    if (y < low || y > high) continue;
    parts.push(`<circle class="dot" r="2.4" cx="${rounded(horizontal.place(x))}" cy="${rounded(vertical.place(y))}"/>`);
  }
  drawn.forEach((points, number) => {
    parts.push(`<g class="curve c${number}">${paths(points, horizontal, vertical, range)}</g>`);
  });
  if (point && point.y >= low && point.y <= high) {
    parts.push(`<circle r="5" cx="${rounded(horizontal.place(point.x))}" cy="${rounded(vertical.place(point.y))}"/>`);
  }
  parts.push(`<text x="${right}" y="${HEIGHT - 8}" class="name end">${escaped(`${variable.symbol}: ${variable.unit}`)}</text>`);
  parts.push(`<text x="4" y="14" class="name">${escaped(`${output.symbol}: ${output.unit}`)}</text>`);
  const ends = [drawn[0].find(([, y]) => y !== null), drawn[0].findLast(([, y]) => y !== null)];
  const shown = ends.every(Boolean)
    ? ` by ${curves[0].label}: ${readable(ends[0][1], 4)} at ${readable(ends[0][0], 3)}, ${readable(ends[1][1], 4)} at ${readable(ends[1][0], 3)}`
    : "";
  const scales = `${logarithmic ? "logarithmic" : "linear"} against ${horizontalSpan.logarithmic ? "logarithmic" : "linear"}`;
  const dots = measured.length > 0 ? `, with ${measured.length} measurements` : "";
  const title = own ?? `${output.symbol} against ${variable.symbol}${shown}${dots} (${scales})`;
  const svg =
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">` +
    `${parts.join("")}</svg>`;
  return { svg };
}

/** A strip of residuals from their quantiles, in per cent: the range, 90 % of them, the middle half and the median. */
export function residualStrip(quantiles, label) {
  const ends = Math.max(Math.abs(quantiles[0]), Math.abs(quantiles[100]), 1e-12);
  const place = (value) => rounded(WIDTH / 2 + (value / ends) * (WIDTH / 2 - 30));
  const bar = (from, to, height, name) =>
    `<rect class="${name}" x="${place(quantiles[from])}" y="${28 - height / 2}" width="${Math.max(place(quantiles[to]) - place(quantiles[from]), 1)}" height="${height}"/>`;
  const shown = (value) => `${readable(value, 2)} %`;
  const title = `${label}: half lie between ${shown(quantiles[25])} and ${shown(quantiles[75])}, 90 per cent between ${shown(quantiles[5])} and ${shown(quantiles[95])}, all between ${shown(quantiles[0])} and ${shown(quantiles[100])}`;
  const texts = [0, 50, 100].map((each) => `<text x="${place(quantiles[each])}" y="56" class="across">${shown(quantiles[each])}</text>`);
  return (
    `<svg class="chart strip" viewBox="0 0 ${WIDTH} 62" role="img" aria-label="${escaped(title)}">` +
    `<path class="grid" d="M${place(0)} 4V44"/>${bar(0, 100, 2, "whole")}${bar(5, 95, 10, "most")}${bar(25, 75, 22, "half")}` +
    `<path class="middle" d="M${place(quantiles[50])} 15V41"/>${texts.join("")}</svg>`
  );
}

/** A refit as its page shows it: the law along one variable with its band, and published fits over it. */
export function refitView(description, functions, { along, at: held, x, y, low, high, coefficients, against }) {
  const form = description.forms[0];
  const variable = form.variables.find((each) => each.symbol === along) ?? form.variables[0];
  const curve = (label, values) => ({
    label,
    evaluate: (place) => functions[0]({ ...description.constants, ...values, ...held, [along]: place }),
  });
  const published = description.fits.filter((fit) => against.includes(fit.id) && fit.complete);
  const curves = [curve("refit", coefficients), ...published.map((fit) => curve(fit.id, fit.values))];
  const ends = [Math.min(...x), Math.max(...x)];
  const horizontalSpan = { low: ends[0], high: ends[1], logarithmic: ends[0] > 0 };
  const area = low ? x.map((place, number) => [place, low[number], high[number]]) : [];
  const picture = { output: description.output, variable, horizontalSpan, range: null, curves, point: null, area };
  const { svg, reason } = chart(picture);
  const { legend } = tables({ ...picture, rows: [], point: { x: x[Math.floor(x.length / 2)], y: y[Math.floor(x.length / 2)] } });
  return { svg, reason, legend };
}

/** The chart's values as rows for a table: the variable, whether it is inside the fitted range, a value a curve. */
export function valueRows({ horizontalSpan, range, curves }, count = 8) {
  return positions(horizontalSpan, null, count).map((x) => {
    const rounder = Number(x.toPrecision(2));
    const spot = rounder < horizontalSpan.low || rounder > horizontalSpan.high ? x : rounder;
    return {
      x: spot,
      inside: range ? spot >= range[0] && spot <= range[1] : null,
      values: curves.slice(0, MOST_CURVES).map((curve) => at(curve.evaluate, spot)),
    };
  });
}

/** Everything below a law's chart: which fit has which value at the point, and the chart's values as a table. */
export function tables({ output, variable, rows, curves, point }) {
  const shown = (value) => (value === null ? "no value" : readable(value));
  const heads = curves.slice(0, MOST_CURVES).map((curve, number) => `<th scope="col"><span class="swatch c${number}"></span>${escaped(curve.label)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr><th scope="row">${readable(row.x, 3)}${row.inside === false ? " <small>beyond</small>" : ""}</th>` +
      `${row.values.map((value) => `<td>${shown(value)}</td>`).join("")}</tr>`,
  );
  const here = curves
    .slice(0, MOST_CURVES)
    .map((curve, number) => `<li><span class="swatch c${number}"></span>${escaped(curve.label)}: <strong>${shown(at(curve.evaluate, point.x))}</strong></li>`);
  return {
    legend: `<ul class="legend">${here.join("")}</ul>`,
    table:
      `<table class="chart-values"><caption>${escaped(output.symbol)} (${escaped(output.unit)}) along ${escaped(variable.symbol)}</caption>` +
      `<thead><tr><th scope="col">${escaped(variable.symbol)}</th>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`,
  };
}

/** A law as its page describes it, with its functions, at one state: what a calculator shows. */
export function view(description, functions, state) {
  const fit = description.fits.find((each) => each.id === state.fit) ?? null;
  const form = description.forms[fit?.form ?? 0];
  const variable = form.variables.find((each) => each.symbol === state.along) ?? form.variables[0];
  const needed = form.arguments.filter((name) => !(name in description.constants));
  const values = { ...description.constants, ...fit?.values, ...state.inputs };
  const missing = needed.filter((name) => !Number.isFinite(values[name]));
  const others = state.all
    ? description.fits.filter((each) => each !== fit && each.complete && each.form === fit?.form)
    : [];
  const name = variable?.symbol;
  const given = Object.fromEntries(form.variables.map((each) => [each.symbol, state.inputs[each.symbol]]));
  const own = form.coefficients.some((each) => each.symbol in state.inputs);
  const curve = (each, extra) => ({
    label: each ? `${each.id}${own && each === fit ? " with your values" : ""}` : own ? "your values" : "the law",
    evaluate: (x) => functions[each?.form ?? 0]({ ...description.constants, ...each?.values, ...extra, ...(name && { [name]: x }) }),
  });
  const still = missing.filter((each) => each !== name);
  if (variable === undefined) {
    const curves = [curve(fit, state.inputs), ...others.map((each) => curve(each, given))];
    const outcome = { fit, form, variable, values, missing, curves };
    if (still.length > 0) return { ...outcome, reason: `No value yet: give ${still.join(", ")}.` };
    const { legend } = tables({ output: description.output, variable: { symbol: "" }, rows: [], curves, point: { x: NaN } });
    return { ...outcome, value: at(curves[0].evaluate), legend, reason: "No curve: the law has no variable." };
  }
  const point = values[name];
  const horizontalSpan = span(variable, fit, Number.isFinite(point) ? point : 1);
  const range = fittedRange(variable, fit);
  const curves = [curve(fit, state.inputs), ...others.map((each) => curve(each, given))];
  const outcome = { fit, form, variable, values, missing, range, horizontalSpan, curves };
  if (still.length > 0) {
    return { ...outcome, reason: `No curve yet: give a value for ${still.join(", ")}.` };
  }
  const y = Number.isFinite(point) ? at(curves[0].evaluate, point) : null;
  const spot = y === null ? null : { x: point, y };
  const picture = { output: description.output, variable, horizontalSpan, range, curves, point: spot };
  const rows = valueRows(picture);
  return {
    ...outcome,
    value: y,
    ...chart(picture),
    ...tables({ ...picture, rows, point: { x: Number.isFinite(point) ? point : NaN } }),
  };
}

/** The state in which a law's page opens. */
export function opening(description) {
  return { fit: description.start.fit, inputs: { ...description.start.inputs }, along: description.start.along, all: true };
}

export { typed };
