// What becomes of the rows of a query: their CSV, and a small chart of one column against another.

import { escaped, niceTicks } from "./chart.mjs";
import { readable } from "./numbers.mjs";

/** More bars than this cannot be read. */
export const MOST_BARS = 40;
const WIDTH = 480;
const rounded = (value) => Math.round(value * 10) / 10;

/** Whether a text holds more than one statement, quotes and comments aside. */
export function several(sql) {
  const bare = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (each) => (/^(--|\/\*)/.test(each) ? " " : "x"));
  return /;[\s;]*[^\s;]/.test(bare);
}

/** Names of columns, told apart by a number where a query returns one twice. */
export function distinct(names) {
  const seen = new Map();
  return names.map((name) => {
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return seen.get(name) === 1 ? name : `${name}_${seen.get(name)}`;
  });
}

/** Rows as CSV (RFC 4180, lines ended by a line feed as the command does). */
export function csv(columns, rows) {
  const field = (value) => (value === null ? "" : /[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\n`).join("");
}

/** Numbers of the columns that hold numbers wherever they hold something, years and the like among them. */
export function numericColumns(columns, rows) {
  const holds = (index) => {
    const values = rows.map((row) => row[index]).filter((value) => value !== null);
    return values.length > 0 && values.every((value) => typeof value === "number" && Number.isFinite(value));
  };
  return columns.map((_, index) => index).filter(holds);
}

/**
 * A chart of a numeric column against another: dots where both are numbers, else bars.
 *
 * @returns its SVG with a note on what it leaves out, or the reason why there is none.
 */
export function drawing(columns, rows, against, numeric) {
  const points = rows.filter((row) => row[numeric] !== null && row[against] !== null).map((row) => [row[against], row[numeric]]);
  if (points.length === 0) return { reason: "No row has both values." };
  const both = numericColumns(columns, rows).includes(against);
  const title = `${columns[numeric]} against ${columns[against]}`;
  const left = rows.length - points.length;
  const notes = left > 0 ? [`${left} ${left === 1 ? "row lacks" : "rows lack"} a value`] : [];
  if (both) return { svg: dots(points, columns[against], columns[numeric], title), note: notes.join("; ") };
  if (points.length > MOST_BARS) notes.push(`the first ${MOST_BARS} of ${points.length} bars`);
  return { svg: bars(points.slice(0, MOST_BARS), title), note: notes.join("; ") };
}

function bars(points, title) {
  const [step, start, end] = [22, 182, WIDTH - 72];
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const place = (value) => start + ((value - low) / (high - low || 1)) * (end - start);
  const lines = points.map(([label, value], number) => {
    const text = String(label);
    const short = text.length > 26 ? `${text.slice(0, 25)}…` : text;
    const y = number * step + 4;
    const [from, to] = [place(Math.min(0, value)), place(Math.max(0, value))];
    return `<g><title>${escaped(text)}: ${readable(value)}</title><text class="end" x="${start - 8}" y="${y + 13}">${escaped(short)}</text><rect class="bar" x="${rounded(from)}" y="${y}" width="${rounded(Math.max(to - from, 0.5))}" height="17"/><text x="${rounded(to + 6)}" y="${y + 13}">${readable(value, 5)}</text></g>`;
  });
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${points.length * step + 6}" role="img" aria-label="${escaped(title)}, ${points.length} bars; the table has the numbers">${lines.join("")}</svg>`;
}

function dots(points, across, up, title) {
  const [height, left, right, top, bottom] = [320, 70, WIDTH - 16, 26, 272];
  const axis = (values, start, end) => {
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    // Three decades and more are read by ratios.
    const logarithmic = least > 0 && greatest / least >= 1e3;
    const scale = logarithmic ? Math.log10 : (value) => value;
    const margin = (scale(greatest) - scale(least) || Math.abs(scale(least)) || 1) * 0.04;
    const [low, high] = [scale(least) - margin, scale(greatest) + margin];
    const place = (value) => rounded(start + ((scale(value) - low) / (high - low)) * (end - start));
    const span = logarithmic ? decades(low, high) : niceTicks(low, high, 5);
    return { place, ticks: span };
  };
  const horizontal = axis(points.map(([x]) => x), left, right);
  const vertical = axis(points.map(([, y]) => y), bottom, top);
  const columns = horizontal.ticks.map(({ value, text }) => `<path class="grid" d="M${horizontal.place(value)} ${top}V${bottom}"/><text class="across" x="${horizontal.place(value)}" y="${bottom + 18}">${text}</text>`);
  const lines = vertical.ticks.map(({ value, text }) => `<path class="grid" d="M${left} ${vertical.place(value)}H${right}"/><text class="end" x="${left - 7}" y="${vertical.place(value) + 4}">${text}</text>`);
  const marks = points.map(([x, y]) => `<circle class="dot" cx="${horizontal.place(x)}" cy="${vertical.place(y)}" r="4"/>`);
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}, ${points.length} dots; the table has the numbers">${columns.join("")}${lines.join("")}<path class="frame" d="M${left} ${top}V${bottom}H${right}"/>${marks.join("")}<text x="${left}" y="15">${escaped(up)}</text><text class="end" x="${right}" y="${height - 8}">${escaped(across)}</text></svg>`;
}

function decades(low, high) {
  const [first, last] = [Math.ceil(low - 1e-9), Math.floor(high + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first + 1) / 6));
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += step) {
    ticks.push({ value: 10 ** exponent, text: readable(Number(`1e${exponent}`)) });
  }
  return ticks;
}
