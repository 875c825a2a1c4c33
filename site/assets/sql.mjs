// The SQL console: SQLite runs in a worker over the catalog's file, fetched once; a runaway statement ends with its worker.

import { keep, whenReturned } from "./address.mjs";
import { element } from "./element.mjs";
import { csv, drawing, numericColumns } from "./sql-results.mjs";

const MOST_ROWS = 500;
const SECONDS = 5;
const place = document.querySelector(".console");
const named = new Map(Object.entries(await (await fetch(new URL("queries.json", new URL(place.dataset.assets, location.href)))).json()));
/** The name of each query by every name that it answers to. */
const called = new Map([...named].flatMap(([name, each]) => [name, ...each.formerly].map((one) => [one, name])));
const state = { bytes: null, worker: null, stopwatch: null, run: 0 };

const text = element("textarea", { id: "sql-text", spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": "sql-keys", onkeydown: (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
} });
const choice = element("select", { id: "sql-named", onchange: () => named.has(choice.value) && take(choice.value) },
  element("option", { value: "" }, "none"), ...[...named].map(([name, each]) => element("option", { value: name }, `${each.title} (${name})`)));
const answers = element("p", { class: "note", id: "sql-answers" });
const start = element("button", { type: "button", class: "main", onclick: () => run() }, "Run");
const halt = element("button", { type: "button", disabled: true, onclick: () => stop("Stopped.") }, "Stop");
const status = element("p", { role: "status", "aria-live": "polite", id: "sql-status" });
const results = element("div", { class: "results" });

function tell(message, fault = false) {
  status.className = fault ? "note fault" : "note";
  status.textContent = message;
}

/** The named query that the field holds as it is, if it holds one. */
const nameOf = (sql) => [...named].find(([, each]) => each.sql === sql.trim())?.[0] ?? "";

/** Put a statement into the field, which grows with it. */
function write(sql) {
  text.value = sql;
  text.rows = Math.min(Math.max(sql.split("\n").length + 1, 5), 16);
}

/** Put a named query into the field and run it. */
function take(name) {
  write(named.get(name).sql);
  return run();
}

function showName(sql) {
  choice.value = nameOf(sql);
  answers.textContent = named.get(choice.value)?.answers ?? "";
}

function busy(running) {
  start.disabled = running;
  halt.disabled = !running;
}

/** End what runs, with its worker; the next statement gets a new one over the same bytes. */
function stop(message) {
  clearTimeout(state.stopwatch);
  state.worker?.terminate();
  state.worker = null;
  state.run += 1;
  busy(false);
  tell(message, true);
}

/** What the worker says next, or an error if it cannot start. */
function reply(worker) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.refused ? reject(new Error(data.refused)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message || "The worker that runs SQLite could not start."));
  });
}

/** A worker with the database open. The file is fetched when it is first needed. */
async function ready() {
  if (state.bytes === null) {
    tell("Fetching the database …");
    const response = await fetch(new URL(place.dataset.database, location.href));
    if (!response.ok) throw new Error(`The database could not be fetched (status ${response.status}).`);
    state.bytes = await response.arrayBuffer();
  }
  tell("Opening the database …");
  const worker = new Worker(new URL("sql-worker.mjs", import.meta.url), { type: "module" });
  state.worker = worker;
  try {
    const opened = reply(worker);
    worker.postMessage({ bytes: state.bytes });
    await opened;
  } catch (error) {
    worker.terminate();
    if (state.worker === worker) state.worker = null;
    throw error;
  }
  return worker;
}

/** Run what the field holds; its address is a step of its own if the reader chose. */
async function run(chosen = true) {
  const sql = text.value.trim();
  showName(sql);
  remember(sql, chosen);
  if (sql === "") return tell("Write a SELECT, or choose a named query.", true);
  if (!halt.disabled) stop("Stopped.");
  const number = ++state.run;
  busy(true);
  results.replaceChildren();
  try {
    const worker = state.worker ?? (await ready());
    if (number !== state.run) return;
    tell("Running …");
    state.stopwatch = setTimeout(() => stop(`Stopped after ${SECONDS} seconds. Ask for less: narrow it with WHERE, or add LIMIT.`), SECONDS * 1000);
    const found = reply(worker);
    worker.postMessage({ sql, most: MOST_ROWS });
    show(await found);
  } catch (error) {
    if (number === state.run) tell(error.message, true);
  } finally {
    if (number === state.run) {
      clearTimeout(state.stopwatch);
      busy(false);
    }
  }
}

/** The address gives this statement back: by its name, or whole. */
function remember(sql, chosen) {
  const kept = nameOf(sql) ? { name: nameOf(sql) } : sql === "" ? {} : { sql };
  keep(new URLSearchParams(kept).toString(), chosen);
}

const counted = (count) => (count === 1 ? "1 row" : `${count} rows`);

function show({ columns, rows, more, milliseconds }) {
  const time = milliseconds < 1 ? "under 1 ms" : `${Math.round(milliseconds)} ms`;
  const all = rows.length === 0 ? "No row answers this" : more ? `The first ${rows.length} rows; there are more, which are not shown` : counted(rows.length);
  tell(`${all}, in ${time}.`);
  if (rows.length === 0) return;
  const numeric = new Set(numericColumns(columns, rows));
  const cell = (value, index) =>
    value === null ? element("td", { class: "none" }, "null") : element("td", { class: numeric.has(index) ? "figure" : null }, String(value));
  const head = element("tr", {}, ...columns.map((name, index) => element("th", { scope: "col", class: numeric.has(index) ? "figure" : null }, name)));
  const body = rows.map((row) => element("tr", {}, ...row.map(cell)));
  results.replaceChildren(
    exports(columns, rows),
    ...(numeric.size > 0 && columns.length > 1 ? [chartPart(columns, rows, [...numeric])] : []),
    element("div", { class: "wide", tabindex: "0", role: "group", "aria-label": "Rows of the answer" },
      element("table", { class: "chart-values" }, element("thead", {}, head), element("tbody", {}, ...body))),
  );
}

function exports(columns, rows) {
  const said = element("span", { class: "note", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(csv(columns, rows));
      said.textContent = `Copied: ${counted(rows.length)}.`;
    } catch {
      said.textContent = "The browser did not let us copy.";
    }
  };
  const save = () => {
    const address = URL.createObjectURL(new Blob([csv(columns, rows)], { type: "text/csv" }));
    element("a", { href: address, download: `${nameOf(text.value) || "query"}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  return element("div", { class: "choices" }, element("button", { type: "button", onclick: copy }, "Copy as CSV"),
    element("button", { type: "button", onclick: save }, "Save as CSV"), said);
}

/** A numeric column against another: open where there is no choice to make. */
function chartPart(columns, rows, numeric) {
  const holder = element("div", { class: "drawing" });
  const note = element("p", { class: "note" });
  const pick = (identity, label, indexes, chosen) => {
    const options = indexes.map((index) => element("option", { value: String(index), selected: index === chosen }, columns[index]));
    const select = element("select", { id: identity, onchange: () => draw() }, ...options);
    return { select, label: element("label", { for: identity }, label) };
  };
  const others = columns.map((_, index) => index);
  const first = others.find((index) => !numeric.includes(index)) ?? 0;
  const of = pick("sql-chart-of", "Chart", numeric, numeric.find((index) => index !== first));
  const against = pick("sql-chart-against", "against", others, first);
  const draw = () => {
    const made = drawing(columns, rows, Number(against.select.value), Number(of.select.value));
    holder.innerHTML = made.svg ?? "";
    note.textContent = made.reason ?? (made.note ? `Left out or cut: ${made.note}.` : "");
  };
  draw();
  return element("details", { open: columns.length === 2 }, element("summary", {}, "Chart"),
    element("div", { class: "choices" }, of.label, of.select, against.label, against.select), holder, note);
}

/** What the address asks for: a named query, or a statement. */
function asked(search) {
  const query = new URLSearchParams(search);
  return named.get(called.get(query.get("name")))?.sql ?? query.get("sql");
}

/** Show what the address asks for, and run it if it asks for anything. */
function openAt(search) {
  if (!halt.disabled) stop("");
  results.replaceChildren();
  const opening = asked(search);
  write(opening ?? named.get("contents").sql);
  showName(text.value);
  const name = new URLSearchParams(search).get("name");
  if (name !== null && !called.has(name)) tell(`There is no named query ${name}; choose another.`, true);
  else if (opening) run(false);
  else tell("Nothing is fetched until you run something; the database is then fetched once.");
}

// Links to this page put their statement into the field; the page and its file stay.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-sql]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  write(asked(link.search));
  text.focus();
  place.scrollIntoView({ block: "start" });
  run();
});

place.replaceChildren(
  element("div", { class: "field" }, element("label", { for: "sql-named" }, "A named query"), choice, answers),
  element("div", { class: "field" }, element("label", { for: "sql-text" }, "SQL"), text),
  element("div", { class: "choices" }, start, halt, element("span", { class: "note", id: "sql-keys" }, "Ctrl+Enter runs it too.")),
  status,
  results,
);
openAt(location.search);
whenReturned(openAt);
