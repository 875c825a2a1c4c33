// The page that fits a law to the reader's own runs. It reads the table, hands the numbers to a worker and shows what
// comes back. Nothing is sent anywhere.

import { keep, whenReturned } from "./address.mjs";
import { chart } from "./chart.mjs";
import { element } from "./element.mjs";
import { ILL_CONDITIONED, SINGULAR } from "./fitting.mjs";
import { parseNumber, readable, typed } from "./numbers.mjs";
import { elsewhere, example, fitWarnings, likely, likelyColumn, readExpression, readRuns, readTable, rowsText } from "./runs.mjs";

const FORMULA = "formula";
/** More dots than these hide one another. */
const MOST_DOTS = 2000;
const place = document.querySelector(".fitter");
const assets = new URL(place.dataset.assets, location.href);
const part = (name) => place.querySelector(`#fit-${name}`);
const form = place.querySelector("form");
const fault = place.querySelector(".fault");
const results = place.querySelector(".results");

const state = { description: null, law: null, module: "", form: null, table: null, file: "runs.csv", choices: {}, formulas: {}, worker: null, along: null };

const option = (value, text, selected) => element("option", { value, selected }, text);
const get = async (name) => (await fetch(new URL(name, assets))).json();

function tell(text) {
  part("status").textContent = text;
}

// The law.

function offerLaws(index, chosen) {
  const groups = new Map();
  for (const each of index.filter((one) => one.fittable)) {
    const unit = each.output.unit || "no unit";
    if (!groups.has(unit)) groups.set(unit, []);
    groups.get(unit).push(option(each.id, `${each.label}: ${each.name}`, each.id === chosen));
  }
  part("law").replaceChildren(...[...groups].map(([unit, options]) => element("optgroup", { label: `gives ${unit}` }, ...options)));
}

async function chooseLaw(id, chosen) {
  state.wanted = id;
  const address = new URL(`laws/${id}.json`, assets);
  const description = await (await fetch(address)).json();
  const [told] = description.forms;
  const module = new URL(told.module, address).href;
  const { law } = await import(module);
  if (state.wanted !== id) return;
  Object.assign(state, { description, module, law, form: told, along: told.variables[0].symbol });
  const formula = told.python?.split("\n").filter((line) => !line.trim().startsWith('"""')).slice(1).map((line) => line.trim().replace(/^return /, `${description.output.symbol} = `)).filter(Boolean).join("; ") ?? "";
  const symbols = told.coefficients.map((each) => each.symbol).join(", ");
  part("formula").replaceChildren(
    element("code", {}, formula), element("br"), `Fitted: ${symbols}. `,
    element("a", { href: new URL(`../laws/${id}/`, assets).href }, "About this law"),
  );
  part("example").disabled = !description.fits.some((each) => each.complete);
  keep(`law=${id}`, chosen);
  guess();
}

// The runs.

function readText() {
  if (part("text").value.trim() === "") {
    state.table = null;
    part("table-note").textContent = "";
    return guess();
  }
  try {
    state.table = readTable(part("text").value);
    const { header, rows } = state.table;
    part("table-note").classList.remove("fault");
    part("table-note").textContent = `${rows.length} rows, ${header.length} columns: ${header.join(", ")}`;
  } catch (error) {
    state.table = null;
    part("table-note").classList.add("fault");
    part("table-note").textContent = `This is no table yet: ${error.message}.`;
  }
  return guess();
}

/** Browsers insert a long text into a field line by line, which takes seconds: set it at once. */
function paste(event) {
  const text = event.clipboardData.getData("text");
  if (text === "") return;
  event.preventDefault();
  const field = event.target;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  readText();
}

async function takeFile(file) {
  if (!file) return;
  state.file = file.name;
  part("text").value = await file.text();
  readText();
}

function loadExample() {
  const text = example(state.description, state.law);
  if (text === null) {
    part("table-note").textContent = "This law has no example: its published values give no finite output.";
    return;
  }
  state.file = "example.csv";
  part("text").value = text;
  readText();
  const { header, rows } = state.table;
  const output = header.indexOf(state.description.output.symbol);
  if (rows.some((row) => !(Number(row[output]) > 0))) part("on").value = "raw";
  part("drop").value = "0";
  part("table-note").textContent = `${rows.length} synthetic rows, made in the page from the published values of this law with half a per cent of noise: no measurements.`;
  outside();
}

// The columns.

const wanted = () => [...state.form.variables, state.description.output];

function guess() {
  state.choices = {};
  state.formulas = {};
  if (state.table) {
    const found = likely(state.table.header, state.form.variables, state.description.output);
    state.choices = { ...found.map };
    for (const [symbol, text] of Object.entries(found.let)) {
      state.choices[symbol] = FORMULA;
      state.formulas[symbol] = text;
    }
  }
  showColumns();
}

/** Symbols that only formulas use, each of which needs a column too. */
function further() {
  const own = wanted().map((each) => each.symbol);
  const found = new Set();
  for (const symbol of own.filter((each) => state.choices[each] === FORMULA)) {
    try {
      for (const name of readExpression(state.formulas[symbol] ?? "").symbols) if (!own.includes(name)) found.add(name);
    } catch {
      // A formula that is not finished yet is named where it stands.
    }
  }
  return [...found];
}

function showColumns() {
  const focused = document.activeElement?.id;
  const fields = wanted().map((each) => columnField(each.symbol, `${each.meaning}${each.unit && each.unit !== "any" ? `, in ${each.unit}` : ""}`, true));
  for (const name of further()) {
    if (state.choices[name] === undefined) {
      const quantity = { N: "parameters", D: "tokens", C: "FLOP" }[name];
      state.choices[name] = likelyColumn(state.table?.header ?? [], name, quantity) ?? "";
    }
    fields.push(columnField(name, "in a formula", false));
  }
  part("columns").replaceChildren(...fields);
  if (focused) document.getElementById(focused)?.focus();
  outside();
}

function columnField(symbol, meaning, mayBeFormula) {
  const header = state.table?.header ?? [];
  const chosen = state.choices[symbol] ?? "";
  const identity = `fit-column-${symbol}`;
  const columns = header.map((name, index) => option(`column ${index}`, name, name === chosen));
  const select = element("select", { id: identity, onchange: (event) => choose(symbol, event.target.value) },
    option("", "choose a column", chosen === ""), ...columns, mayBeFormula ? option(FORMULA, "a formula …", chosen === FORMULA) : null);
  const parts = [element("label", { for: identity }, element("code", {}, symbol), ` ${meaning}`), select];
  if (chosen === FORMULA) parts.push(formulaField(symbol));
  return element("div", { class: "field" }, ...parts);
}

function choose(symbol, value) {
  state.choices[symbol] = value.startsWith("column ") ? state.table.header[Number(value.slice(7))] : value;
  showColumns();
}

function formulaField(symbol) {
  const identity = `fit-formula-${symbol}`;
  const note = element("span", { class: "note", id: `${identity}-note` });
  const input = element("input", {
    id: identity, type: "text", value: state.formulas[symbol] ?? "", placeholder: "C/(6*N)", autocomplete: "off", spellcheck: "false",
    "aria-label": `Formula for ${symbol}`, "aria-describedby": note.id, onchange: (event) => { state.formulas[symbol] = event.target.value; showColumns(); },
  });
  try {
    const { symbols } = readExpression(state.formulas[symbol] ?? "");
    note.textContent = symbols.length > 0 ? `of ${symbols.join(" and ")}` : "";
  } catch (error) {
    note.textContent = state.formulas[symbol] ? error.message : "of symbols that have a column, such as C/(6*N)";
    note.classList.toggle("fault", Boolean(state.formulas[symbol]));
  }
  return element("span", { class: "formula" }, element("span", {}, `${symbol} = `), input, note);
}

/** What the fields say: columns, formulas and options; throws where one is not finished. */
function asked() {
  const map = {};
  const expressions = {};
  for (const [symbol, choice] of Object.entries(state.choices)) {
    if (choice === FORMULA) expressions[symbol] = (state.formulas[symbol] ?? "").trim();
    else if (choice && (wanted().some((each) => each.symbol === symbol) || further().includes(symbol))) map[symbol] = choice;
  }
  const drop = parseNumber(part("drop").value || "0");
  if (!(Number.isSafeInteger(drop) && drop >= 0)) throw new RangeError("how many rows to drop must be a whole number from 0");
  const objective = part("objective").value;
  const delta = parseNumber(part("delta").value);
  if (objective === "huber" && !(delta > 0)) throw new RangeError("delta must be a number greater than zero, such as 1e-3");
  return { map, let: expressions, options: { objective, delta, on: part("on").value, drop } };
}

/** Show the same fit as a call in Python and as a command, as far as the fields go. */
function outside() {
  clear();
  part("delta-field").hidden = part("objective").value !== "huber";
  // Until there is a table the page's own example stands.
  if (!state.table) return;
  let texts;
  try {
    texts = elsewhere({ file: state.file, law: state.description.id, ...asked() });
  } catch {
    return;
  }
  part("python").textContent = texts.python;
  part("command").textContent = texts.command;
}

// The fit.

function clear() {
  stop();
  results.replaceChildren();
  fault.textContent = "";
  tell("");
}

function stop() {
  state.worker?.terminate();
  state.worker = null;
  part("stop").disabled = true;
  part("progress").hidden = true;
}

function run(event) {
  event.preventDefault();
  clear();
  try {
    if (!state.table) throw new RangeError("give a table first: paste it, choose a file, or load the example");
    const choice = asked();
    const { variables, coefficients } = state.form;
    const { output, constants, fits } = state.description;
    const runs = readRuns(state.table, { variables, output }, choice, choice.options);
    const given = fits.filter((each) => each.complete).map((each) => each.values);
    start(runs, choice, { coefficients, constants, columns: runs.columns, observed: runs.observed, options: choice.options, given });
  } catch (error) {
    fault.textContent = `Not fitted: ${error.message}.`;
  }
}

function start(runs, choice, task) {
  const began = performance.now();
  const worker = new Worker(new URL("fit-worker.mjs", import.meta.url), { type: "module" });
  state.worker = worker;
  part("stop").disabled = false;
  part("progress").hidden = false;
  part("progress").removeAttribute("value");
  tell(`Fitting ${runs.observed.length} rows …`);
  const end = (text) => {
    stop();
    tell("");
    fault.textContent = text;
  };
  worker.addEventListener("error", (event) => end(`The fit could not run: ${event.message || "this browser does not start it"}.`));
  worker.addEventListener("message", ({ data }) => {
    if (worker !== state.worker) return;
    if (data.refused !== undefined) end(`Not fitted: ${data.refused}.`);
    else if (data.result === undefined) part("progress").value = data.done / data.all;
    else {
      stop();
      show(data.result, runs, choice);
      tell(`Fitted ${runs.observed.length} rows in ${readable((performance.now() - began) / 1000, 2)} s. The coefficients stand below.`);
    }
  });
  worker.postMessage({ module: state.module, ...task });
}

// What it found.

function table(caption, head, rows) {
  const heads = element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)));
  const lines = rows.map(([first, ...rest]) => element("tr", {}, element("th", { scope: "row" }, first), ...rest.map((each) => element("td", {}, each))));
  return element("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption },
    element("table", { class: "chart-values" }, element("caption", {}, caption), element("thead", {}, heads), element("tbody", {}, ...lines)));
}

function show(result, runs, choice) {
  const { objective, delta, on } = choice.options;
  const { coefficients } = state.form;
  const scale = on === "log" ? "of the logarithms" : "of the output";
  const measure = objective === "huber" ? `Sum of Huber losses (delta ${typed(delta)}) of residuals ${scale}` : `Sum of squared residuals ${scale}`;
  const { tried, refined, agree } = result.starts;
  const measures = [
    ["Objective", readable(result.objective, 10), measure],
    ["R²", readable(result.r2, 6), "of the output itself, not its logarithm"],
    ["log-RMSE", Number.isFinite(result.logRmse) ? readable(result.logRmse, 5) : "none", "root of the mean square of log f − log y"],
    ["Rows", `${runs.kept.length} of ${state.table.rows.length}`, ""],
    ["Starts", `${agree} of ${refined} agree`, `the best of ${tried} starts were followed; these end within 0.01 per cent of the best objective`],
  ];
  const warnings = [...runs.warnings, ...fitWarnings(result, coefficients, { singular: SINGULAR, illConditioned: ILL_CONDITIONED })];
  const list = (title, texts) => (texts.length > 0 ? element("div", {}, element("h3", {}, title), element("ul", {}, ...texts.map((each) => element("li", {}, each)))) : null);
  results.replaceChildren(
    element("div", { class: "numbers" },
      table("Coefficients", ["Symbol", "Value", "Meaning"], coefficients.map((each) => [element("code", {}, each.symbol), readable(result.values[each.symbol], 7), each.meaning])),
      table("How well it fits", ["Measure", "Value", "What it is"], measures),
      list("Beware", warnings),
      list("Rows left out", runs.dropped.map(({ reason, rows }) => `${rows.length}: ${reason} (${rowsText(rows)})`))),
    pictures(result, runs, on),
  );
}

function pictures(result, runs, on) {
  const { variables } = state.form;
  const holder = element("div", { class: "pictures" });
  const draw = () => {
    const variable = variables.find((each) => each.symbol === state.along) ?? variables[0];
    const drawn = element("div", {}, ...curvePicture(variable, result, runs), ...residualPicture(variable, result, runs, on));
    holder.replaceChildren(along(variable, draw), drawn);
  };
  draw();
  return holder;
}

function along(variable, draw) {
  const { variables } = state.form;
  if (variables.length < 2) return "";
  const options = variables.map((each) => option(each.symbol, each.symbol, each === variable));
  const change = (event) => {
    state.along = event.target.value;
    draw();
    part("along").focus();
  };
  return element("p", {}, element("label", { for: "fit-along" }, "Charts along "), element("select", { id: "fit-along", onchange: change }, ...options));
}

/** Places along the rows, evenly spaced where there are too many to draw each. */
function drawnRows(runs) {
  const count = runs.observed.length;
  return Array.from({ length: Math.min(count, MOST_DOTS) }, (_, index) => Math.floor((index * count) / Math.min(count, MOST_DOTS)));
}

function spanOf(numbers) {
  const low = numbers.reduce((one, other) => Math.min(one, other));
  const high = numbers.reduce((one, other) => Math.max(one, other));
  if (low > 0 && high / low > 5) return { low: low / 1.3, high: high * 1.3, logarithmic: true };
  const room = (high - low) * 0.05 || Math.abs(high) * 0.1 || 1;
  return { low: low > 0 ? Math.max(low - room, low / 2) : low - room, high: high + room, logarithmic: false };
}

/** The law along one variable, the others held at values that the rows have, with the rows as dots. */
function curvePicture(variable, result, runs) {
  const { output, constants } = state.description;
  const others = state.form.variables.filter((each) => each !== variable);
  const shares = others.length === 1 ? [0.5, 0.1, 0.9] : [0.5];
  const atShare = (numbers, share) => [...numbers].sort((one, other) => one - other)[Math.round(share * (numbers.length - 1))];
  const settings = shares.map((share) => Object.fromEntries(others.map(({ symbol }) => [symbol, atShare(runs.columns[symbol], share)])));
  const distinct = settings.filter((each, index) => settings.findIndex((one) => JSON.stringify(one) === JSON.stringify(each)) === index);
  const curves = distinct.map((held) => ({
    label: Object.entries(held).map(([symbol, value]) => `${symbol} = ${readable(value, 3)}`).join(", ") || "the fit",
    evaluate: (x) => state.law({ ...constants, ...result.values, ...held, [variable.symbol]: x }),
  }));
  const numbers = runs.columns[variable.symbol];
  const made = chart({
    output, variable, horizontalSpan: spanOf(numbers), range: null, curves, point: null,
    points: drawnRows(runs).map((index) => ({ x: numbers[index], y: runs.observed[index] })),
  });
  const keys = curves.map((each, number) => element("li", {}, element("span", { class: `swatch c${number}` }), each.label));
  return [element("h3", {}, "Fit and rows"), picture(made), element("ul", { class: "legend" }, ...keys, element("li", {}, element("span", { class: "swatch dots" }), numbers.length > MOST_DOTS ? `${MOST_DOTS} of the rows` : "rows"))];
}

function residualPicture(variable, result, runs, on) {
  const { symbol } = state.description.output;
  const numbers = runs.columns[variable.symbol];
  const name = on === "log" ? `log f − log ${symbol}` : `f − ${symbol}`;
  const made = chart({
    output: { symbol: name, unit: on === "log" ? "0.01 is 1 %" : state.description.output.unit },
    variable, horizontalSpan: spanOf(numbers), range: null, point: null,
    curves: [{ label: "zero", evaluate: () => 0 }],
    points: drawnRows(runs).map((index) => ({ x: numbers[index], y: result.residuals[index] })),
    title: `Residuals ${name} of ${numbers.length} rows against ${variable.symbol}`,
  });
  const worst = result.residuals.map((value, index) => ({ value, index })).sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, 8);
  const rows = worst.map(({ value, index }) => [String(runs.kept[index]), readable(runs.observed[index], 5), readable(result.fitted[index], 5), readable(value, 3)]);
  return [element("h3", {}, "Residuals"), picture(made),
    element("details", {}, element("summary", {}, "The rows that lie farthest off"), table("Rows by size of residual", ["Row", symbol, "f", name], rows))];
}

function picture(made) {
  const holder = element("div", { class: "drawing" });
  holder.innerHTML = made.svg ?? `<p class="reason">${made.reason}</p>`;
  return holder;
}

async function begin() {
  const index = await get("laws/index.json");
  const asked = (search) => {
    const query = new URLSearchParams(search).get("law");
    return index.some((each) => each.id === query && each.fittable) ? query : place.dataset.law;
  };
  offerLaws(index, asked(location.search));
  await chooseLaw(part("law").value, false);
  part("law").addEventListener("change", (event) => chooseLaw(event.target.value, true));
  whenReturned((search) => {
    part("law").value = asked(search);
    chooseLaw(part("law").value, false);
  });
  part("text").addEventListener("input", readText);
  part("text").addEventListener("paste", paste);
  part("file").addEventListener("change", (event) => takeFile(event.target.files[0]));
  part("example").addEventListener("click", loadExample);
  for (const name of ["objective", "delta", "on", "drop"]) part(name).addEventListener("input", outside);
  part("stop").addEventListener("click", () => { stop(); tell("Stopped. Nothing was fitted."); });
  form.addEventListener("submit", run);
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => { event.preventDefault(); takeFile(event.dataTransfer.files[0]); });
  form.hidden = false;
}

begin().catch((error) => { fault.textContent = `The form could not start: ${error.message}`; });
