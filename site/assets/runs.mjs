// Runs as people keep them: reads a table of text, takes the columns that a law needs, and says which rows it left out
// and why. No DOM here: the page uses it, and node.

import { random } from "./fitting.mjs";
import { parseNumber } from "./numbers.mjs";

/** Thrown where a table, a column or an expression cannot be used; the message says why. */
export class Refused extends Error {}

const SEPARATORS = [",", "\t", ";"];
/** Column names by which people call what a law takes or gives, for each quantity, as `plain` writes them. */
const USUAL = {
  parameters: ["n", "params", "parameters", "nparams", "numparams", "modelsize", "parametercount", "size", "model"],
  tokens: ["d", "tokens", "trainingtokens", "ntokens", "numtokens", "datasetsize", "tokensseen", "data"],
  FLOP: ["c", "flop", "flops", "trainingflop", "trainingflops", "compute", "trainingcompute"],
};
const OUTPUTS = ["loss", "finalloss", "valloss", "validationloss", "testloss", "evalloss", "trainloss", "error"];

const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** Cells of a delimited text, quotes understood. */
function cells(text, separator) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const close = () => { rows.at(-1).push(cell); cell = ""; };
  for (let place = 0; place < text.length; place += 1) {
    const each = text[place];
    if (quoted) {
      if (each !== '"') cell += each;
      else if (text[place + 1] === '"') { cell += '"'; place += 1; } else quoted = false;
    } else if (each === '"' && cell.trim() === "") { quoted = true; cell = ""; }
    else if (each === separator) close();
    else if (each === "\n") { close(); rows.push([]); }
    else cell += each;
  }
  if (quoted) throw new Refused("a quotation mark is opened and never closed");
  close();
  return rows.map((row) => row.map((each) => each.trim())).filter((row) => row.some((each) => each !== ""));
}

/**
 * A table from delimited text (commas, tabs or semicolons), its first line naming the columns.
 *
 * @returns {header, rows}: names, and the cells of every row as text.
 * @throws {Refused}
 */
export function readTable(text) {
  const whole = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  if (whole.trim() === "") throw new Refused("there is no text yet");
  const [first] = whole.trimStart().split("\n", 1);
  const count = (separator) => first.split(separator).length;
  const separator = SEPARATORS.reduce((one, other) => (count(other) > count(one) ? other : one));
  const [header, ...rows] = cells(whole, separator);
  if (header.every((each) => each !== "" && Number.isFinite(parseNumber(each)))) {
    throw new Refused("the first line must name the columns, and it holds numbers only");
  }
  const names = header.map((each, index) => each || `column ${index + 1}`);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) throw new Refused(`two columns are called “${twice}”`);
  if (rows.length === 0) throw new Refused("there are no rows beneath the names of the columns");
  return { header: names, rows: rows.map((row) => names.map((_, index) => row[index] ?? "")) };
}

// A small calculator for columns: numbers, symbols, + - * / **, brackets and the functions below. Nothing is evaluated
// as JavaScript.

const FUNCTIONS = {
  exp: Math.exp, log: Math.log, log10: Math.log10, log2: Math.log2, sqrt: Math.sqrt, abs: Math.abs,
  min: Math.min, max: Math.max,
};
const TOKEN = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/(),]))/y;

class Reader {
  constructor(text) {
    this.text = text;
    this.tokens = [];
    this.symbols = new Set();
    TOKEN.lastIndex = 0;
    while (text.slice(TOKEN.lastIndex).trim() !== "") {
      const place = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) {
        const rest = text.slice(place).trim();
        throw new Refused(rest[0] === "^" ? "write ** for powers, not ^" : `“${rest[0]}” is not understood in ${text}`);
      }
      this.tokens.push({ number: match[1], name: match[2], sign: match[3] });
    }
    this.place = 0;
  }

  sign(...signs) {
    const { sign } = this.tokens[this.place] ?? {};
    if (sign === undefined || !signs.includes(sign)) return null;
    this.place += 1;
    return sign;
  }

  need(sign) {
    if (this.sign(sign) === null) throw new Refused(`“${sign}” is missing in ${this.text}`);
  }

  sum() {
    let left = this.product();
    for (let sign = this.sign("+", "-"); sign !== null; sign = this.sign("+", "-")) {
      const [one, other] = [left, this.product()];
      left = sign === "+" ? (values) => one(values) + other(values) : (values) => one(values) - other(values);
    }
    return left;
  }

  product() {
    let left = this.negative();
    for (let sign = this.sign("*", "/"); sign !== null; sign = this.sign("*", "/")) {
      const [one, other] = [left, this.negative()];
      left = sign === "*" ? (values) => one(values) * other(values) : (values) => one(values) / other(values);
    }
    return left;
  }

  negative() {
    if (this.sign("+") !== null) return this.negative();
    if (this.sign("-") === null) return this.power();
    const inner = this.negative();
    return (values) => -inner(values);
  }

  power() {
    const base = this.atom();
    if (this.sign("**") === null) return base;
    const exponent = this.negative();
    return (values) => base(values) ** exponent(values);
  }

  atom() {
    const token = this.tokens[this.place];
    if (token?.number !== undefined) {
      this.place += 1;
      const value = Number(token.number);
      return () => value;
    }
    if (token?.name !== undefined) {
      this.place += 1;
      return this.sign("(") === null ? this.symbol(token.name) : this.call(token.name);
    }
    if (this.sign("(") === null) {
      throw new Refused(token === undefined ? `${this.text.trim() || "an empty formula"} is not complete` : `“${token.sign}” stands where a value is wanted in ${this.text}`);
    }
    const inner = this.sum();
    this.need(")");
    return inner;
  }

  symbol(name) {
    this.symbols.add(name);
    return (values) => values[name];
  }

  call(name) {
    if (!Object.hasOwn(FUNCTIONS, name)) throw new Refused(`${name} is no function here; there are ${Object.keys(FUNCTIONS).join(", ")}`);
    const run = FUNCTIONS[name];
    const given = [this.sum()];
    while (this.sign(",") !== null) given.push(this.sum());
    this.need(")");
    if (run.length !== given.length) throw new Refused(`${name} takes ${run.length === 1 ? "one value" : "two values"}`);
    return (values) => run(...given.map((each) => each(values)));
  }
}

/**
 * An expression over symbols, such as `C/(6*N)`.
 *
 * @returns {symbols, evaluate}: what it uses, and a function of an object that holds them.
 * @throws {Refused} naming what is not understood.
 */
export function readExpression(text) {
  const reader = new Reader(text);
  const evaluate = reader.sum();
  if (reader.place < reader.tokens.length) {
    const token = reader.tokens[reader.place];
    throw new Refused(`“${token.number ?? token.name ?? token.sign}” is one too many in ${text}`);
  }
  return { symbols: [...reader.symbols], evaluate };
}

// Which column is which.

/** The column that a symbol of a law, or of an expression, most likely means; null where none is like it. */
export function likelyColumn(header, symbol, quantity, taken = [], output = false) {
  const free = header.filter((each) => !taken.includes(each));
  const same = (wanted) => free.find((each) => plain(each) === wanted);
  const listed = output ? OUTPUTS : (USUAL[quantity] ?? []);
  const hint = listed.slice(2).find((word) => free.some((each) => plain(each).includes(word)));
  return (
    free.find((each) => each === symbol) ??
    same(plain(symbol)) ??
    listed.map(same).find((each) => each !== undefined) ??
    (output ? free.find((each) => plain(each).includes("loss")) : undefined) ??
    (hint === undefined ? null : free.find((each) => plain(each).includes(hint)))
  );
}

/** A first guess for everything that a law needs: {map, let}, as the command takes them. */
export function likely(header, variables, output) {
  const found = { map: {}, let: {} };
  const take = (symbol, quantity, isOutput = false) => {
    const column = likelyColumn(header, symbol, quantity, Object.values(found.map), isOutput);
    if (column !== null && column !== undefined) found.map[symbol] = column;
  };
  take(output.symbol, output.quantity.quantity, true);
  for (const each of variables) take(each.symbol, each.quantity.quantity);
  // Tokens are often left out of tables that have parameters and FLOP.
  const tokens = variables.find((each) => each.quantity.quantity === "tokens" && !(each.symbol in found.map));
  const parameters = variables.find((each) => each.quantity.quantity === "parameters" && each.symbol in found.map);
  if (tokens && parameters && !variables.some((each) => each.symbol === "C") && output.symbol !== "C") {
    take("C", "FLOP");
    if ("C" in found.map) found.let[tokens.symbol] = `C/(6*${parameters.symbol})`;
  }
  return found;
}

// From cells to numbers.

const DOMAINS = {
  positive: [(value) => value > 0, "is not greater than zero"],
  nonnegative: [(value) => value >= 0, "is negative"],
  fraction: [(value) => value >= 0 && value <= 1, "is not between 0 and 1"],
};

/** Row numbers in words, no more than a handful. Rows are counted from 1, beneath the names of the columns. */
export function rowsText(rows) {
  const shown = rows.slice(0, 8).join(", ");
  return `${rows.length === 1 ? "row" : "rows"} ${shown}${rows.length > 8 ? ` and ${rows.length - 8} more` : ""}`;
}

/**
 * The numbers that a law is fitted to.
 *
 * @param table what `readTable` gave.
 * @param wanted {variables, output} of the law's description.
 * @param choice {map: columns by symbol, let: expressions by symbol}.
 * @param options {on, drop}: the scale of the residuals, and how many rows of highest output to leave out.
 * @returns {columns, observed, kept, dropped, warnings}: arrays by symbol and the output; the numbers of the rows that
 *   they come from; [{reason, rows}] for what was left out; and sentences.
 * @throws {Refused} where a symbol has neither column nor expression, or no row is left.
 */
export function readRuns(table, { variables, output }, { map, let: expressions }, { on, drop }) {
  const wanted = [...variables.map((each) => each.symbol), output.symbol];
  const domains = Object.fromEntries(variables.map((each) => [each.symbol, each.domain]));
  const lets = Object.entries(expressions).map(([symbol, text]) => ({ symbol, text, ...readExpression(text) }));
  for (const symbol of wanted) {
    if (!(symbol in map) && !(symbol in expressions)) throw new Refused(`${symbol} has no column and no formula`);
  }
  for (const each of lets) {
    const missing = each.symbols.find((name) => !(name in map) || name in expressions);
    if (missing !== undefined) throw new Refused(`${each.symbol} = ${each.text} uses ${missing}, which has no column`);
  }
  const places = Object.entries(map)
    .filter(([symbol]) => !(symbol in expressions))
    .map(([symbol, column]) => ({ symbol, column, place: table.header.indexOf(column) }));
  const lost = places.find((each) => each.place < 0);
  if (lost) throw new Refused(`no column is called “${lost.column}”`);
  const dropped = new Map();
  const leave = (reason, row) => {
    if (!dropped.has(reason)) dropped.set(reason, []);
    dropped.get(reason).push(row);
  };
  const texts = new Map();
  const runs = [];
  table.rows.forEach((cells, index) => {
    const row = index + 1;
    const values = {};
    for (const { symbol, column, place } of places) {
      const text = cells[place];
      values[symbol] = parseNumber(text);
      if (text === "") return leave(`nothing stands in the column “${column}”`, row);
      if (!Number.isFinite(values[symbol])) {
        if (!texts.has(column)) texts.set(column, text);
        return leave(`text stands in the column “${column}”, such as “${texts.get(column).slice(0, 20)}”`, row);
      }
    }
    for (const { symbol, text, evaluate } of lets) {
      values[symbol] = evaluate(values);
      if (!Number.isFinite(values[symbol])) return leave(`${symbol} = ${text} has no value`, row);
    }
    for (const symbol of wanted) {
      const [allowed, rule] = DOMAINS[domains[symbol]] ?? [() => true, ""];
      if (!allowed(values[symbol])) return leave(`${symbol} ${rule}`, row);
    }
    if (on === "log" && !(values[output.symbol] > 0)) return leave(`${output.symbol} is not greater than zero, and has no logarithm`, row);
    return runs.push({ row, values });
  });
  const warnings = [];
  const height = (run) => run.values[output.symbol];
  if (drop > 0 && runs.length > 0 && drop >= runs.length) {
    throw new Refused(`dropping the ${drop} highest would leave none of the ${runs.length} usable rows`);
  }
  // Rows as high as the last of them go too, as in the library.
  const limit = drop > 0 ? runs.map(height).sort((one, other) => other - one)[drop - 1] : Infinity;
  const kept = runs.filter((run) => height(run) < limit);
  const out = runs.filter((run) => !(height(run) < limit)).map((run) => run.row);
  if (out.length > 0) dropped.set(`${output.symbol} is among the ${drop} highest, which were to be dropped`, out);
  if (kept.length === 0) throw new Refused(`no row is left: ${[...dropped].map(([reason, rows]) => `${reason} (${rowsText(rows)})`).join("; ")}`);
  warnings.push(...designWarnings(kept, variables, wanted));
  return {
    columns: Object.fromEntries(variables.map(({ symbol }) => [symbol, kept.map((run) => run.values[symbol])])),
    observed: kept.map(height),
    kept: kept.map((run) => run.row),
    dropped: [...dropped].map(([reason, rows]) => ({ reason, rows })),
    warnings,
  };
}

/** What the rows themselves say about how far a fit to them can be trusted. */
function designWarnings(runs, variables, wanted) {
  const found = [];
  for (const { symbol } of variables) {
    const different = new Set(runs.map((run) => run.values[symbol]));
    if (different.size === 1) found.push(`${symbol} is the same in every row: nothing can be learnt of how the output depends on it.`);
    else if (different.size === 2) found.push(`${symbol} has only two different values: a curve through two points tells no exponent from an offset.`);
  }
  const first = new Map();
  const again = [];
  for (const { row, values } of runs) {
    const key = wanted.map((symbol) => values[symbol]).join(" ");
    if (first.has(key)) again.push(row);
    else first.set(key, row);
  }
  if (again.length > 0) found.push(`${again.length} ${again.length === 1 ? "row repeats" : "rows repeat"} an earlier one (${rowsText(again)}) and ${again.length === 1 ? "counts" : "count"} twice.`);
  return found;
}

/** What a fit says about itself, in sentences; limits as in `fitting.mjs`. */
export function fitWarnings(result, coefficients, limits) {
  const found = [];
  const several = (names) => `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  if (result.rows < 3 * coefficients.length) {
    found.push(`${result.rows} rows are few for ${coefficients.length} coefficients: the curve bends to each of them.`);
  }
  if (result.idle.length > 0) {
    found.push(`${result.idle.length > 1 ? `${several(result.idle)} make` : `${result.idle[0]} makes`} no difference at this optimum: any value near it fits as well.`);
  }
  if (result.condition > limits.singular) {
    found.push(`These rows do not tell ${several(result.confused)} apart: many sets of values fit equally well, and this is one of them.`);
  } else if (result.condition > limits.illConditioned) {
    found.push(`These rows hardly tell ${several(result.confused)} apart (condition ${result.condition.toPrecision(2)}): small changes of the rows move them together by much.`);
  }
  if (result.starts.agree < 3 && result.starts.refined > 3) {
    found.push(`Only ${result.starts.agree} of ${result.starts.refined} starts came to this optimum: there may be a lower one.`);
  }
  return found;
}

// An example to try the page with.

/** Where a variable of an example lies: the fitted range, or about the value that the law's page opens with. */
function exampleRange(variable, fit, start) {
  const range = fit.ranges?.[variable.symbol] ?? variable.range;
  if (range && range[0] < range[1]) return range;
  if (variable.domain === "fraction") return [0.1, 0.9];
  return start > 0 ? [start / 10, start * 10] : [1, 100];
}

/**
 * Made-up runs: a law with its own published coefficients at evenly spread inputs, and half a per cent of noise.
 *
 * @returns CSV text, the same at each call; null where no source states all coefficients or the law gives no table.
 */
export function example(description, law, count = 60) {
  const fit = description.fits.find((each) => each.complete);
  if (!fit) return null;
  const { variables } = description.forms[0];
  const draw = random(11);
  const lines = [[...variables.map((each) => each.symbol), description.output.symbol].join(",")];
  for (let attempt = 0; attempt < 20 * count && lines.length <= count; attempt += 1) {
    const inputs = Object.fromEntries(
      variables.map((each) => {
        const [low, high] = exampleRange(each, fit, description.start.inputs[each.symbol]);
        const share = draw();
        const value = low > 0 ? low * (high / low) ** share : low + (high - low) * share;
        return [each.symbol, Number(value.toPrecision(4))];
      }),
    );
    const noise = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    const value = law({ ...description.constants, ...fit.values, ...inputs }) * (1 + 0.005 * noise);
    if (Number.isFinite(value) && value !== 0) lines.push([...Object.values(inputs), Number(value.toPrecision(6))].join(","));
  }
  return lines.length > count ? `${lines.join("\n")}\n` : null;
}

// The same outside the page.

/** A word of a command, quoted where it must be. */
function shell(text) {
  if (/^[\w./=+-]+$/.test(text)) return text;
  return /["\\$`!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}

const python = (value) => (typeof value === "number" ? shortest(value) : JSON.stringify(value));
const dictionary = (held) => `{${Object.entries(held).map(([name, value]) => `${python(name)}: ${python(value)}`).join(", ")}}`;
const shortest = (value) => (value !== 0 && (Math.abs(value) < 0.01 || Math.abs(value) >= 1e6) ? value.toExponential().replace("e+", "e") : String(value));

/** The Python call and the command that fit the same; a symbol that an expression gives needs no column. */
export function elsewhere({ file, law, map, let: expressions, options: { objective, delta, on, drop } }) {
  const columns = Object.fromEntries(Object.entries(map).filter(([symbol]) => !(symbol in expressions)));
  const huber = objective === "huber";
  const call = [
    python(file),
    `law=${python(law)}`,
    `map=${dictionary(columns)}`,
    Object.keys(expressions).length > 0 ? `let=${dictionary(expressions)}` : null,
    `objective=${python(objective)}`,
    huber ? `delta=${shortest(delta)}` : null,
    `on=${python(on)}`,
    drop > 0 ? `drop_highest=${drop}` : null,
  ];
  const command = [
    `scalinglaws fit ${shell(file)} --law ${law}`,
    ...Object.entries(columns).map(([symbol, column]) => `--map ${symbol}=${shell(column)}`),
    ...Object.entries(expressions).map(([symbol, text]) => `--let ${shell(`${symbol} = ${text}`)}`),
    `--objective ${objective}`,
    huber ? `--delta ${shortest(delta)}` : null,
    `--on ${on}`,
    drop > 0 ? `--drop-highest ${drop}` : null,
  ];
  const listed = (parts, separator) => parts.filter((each) => each !== null).join(separator);
  return { python: `import scalinglaws as sl\n\nsl.fit(\n    ${listed(call, ",\n    ")},\n)`, command: listed(command, " \\\n  ") };
}
