// The compare page: the same inputs through several laws and fits, each in its own units. Refuses what does not compare.

import { keep, whenReturned } from "./address.mjs";
import { chart, MOST_CURVES, outside, span, fittedRange } from "./chart.mjs";
import { element } from "./element.mjs";
import { parseNumber, readable, typed } from "./numbers.mjs";
import { convert, countAlike, related, unitText } from "./units.mjs";

const place = document.querySelector(".comparison");
const assets = new URL(place.dataset.assets, location.href);
const get = async (name) => (await fetch(new URL(name, assets))).json();
const [index, table] = await Promise.all([get("laws/index.json"), get("units.json")]);
const known = new Map(index.map((each) => [each.id, each]));
const loaded = new Map();

/** A law's description with its functions, fetched once. */
async function load(id) {
  if (!loaded.has(id)) {
    const address = new URL(`laws/${id}.json`, assets);
    const description = await (await fetch(address)).json();
    const modules = await Promise.all(description.forms.map((form) => import(new URL(form.module, address).href)));
    loaded.set(id, { ...description, functions: modules.map((each) => each.law) });
  }
  return loaded.get(id);
}

/** The state that an address says; the page's own example where it names no law. */
function read(search) {
  const query = new URLSearchParams(search);
  const named = (prefix) =>
    Object.fromEntries([...query].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]));
  const asked = query.getAll("law").filter((id) => known.has(id));
  const own = asked.length > 0;
  return {
    laws: own ? asked : JSON.parse(place.dataset.laws),
    inputs: own ? named("in.") : JSON.parse(place.dataset.inputs),
    counts: own ? named("count.") : JSON.parse(place.dataset.counts),
    assumptions: own ? named("assume.") : {},
    along: query.get("along"),
  };
}

let state = read(location.search);
let turn = 0;

/** The plain unit in which the reader gives an input, and the ways in which the laws count it. */
function readings(laws) {
  const takers = new Map();
  for (const law of laws) {
    for (const variable of law.forms[0].variables) {
      if (!takers.has(variable.symbol)) takers.set(variable.symbol, []);
      takers.get(variable.symbol).push({ law, variable });
    }
  }
  return [...takers].map(([symbol, uses]) => {
    const quantities = [...new Set(uses.map(({ variable }) => (variable.quantity.quantity === "PF-day" ? "FLOP" : variable.quantity.quantity)))];
    const ways = [...new Set(uses.map(({ variable }) => variable.quantity.convention))];
    const first = uses[0].variable.quantity;
    const mixed = uses.some(({ variable }) => !countAlike(first, variable.quantity, table));
    return { symbol, uses, quantity: quantities[0], ways, mixed, meaning: uses[0].variable.meaning };
  });
}

function converted(reading, variable, value, assumptions) {
  if (variable.quantity.quantity === "any") return { value, steps: [] };
  const convention = reading.mixed ? state.counts[reading.symbol] : reading.uses[0].variable.quantity.convention;
  return convert(value, { quantity: reading.quantity, scale: 1, convention: convention || null }, variable.quantity, assumptions, table);
}

/** One law with one fit: its value in the first row's unit, or the reason why there is none. */
function row(law, fit, given, assumptions, lead) {
  const form = law.forms[fit?.form ?? 0];
  const label = fit ? `${law.id}/${fit.id}` : law.id;
  const inputs = {};
  const steps = [];
  const beyond = [];
  for (const variable of form.variables) {
    const reading = given.find((each) => each.symbol === variable.symbol);
    if (!Number.isFinite(reading?.value)) return { label, law, reason: `needs a value for ${variable.symbol} (${variable.meaning})` };
    try {
      const found = converted(reading, variable, reading.value, assumptions);
      inputs[variable.symbol] = found.value;
      steps.push(...found.steps.map((step) => `${variable.symbol}: ${step}`));
    } catch (error) {
      return { label, law, reason: `${variable.symbol}: ${error.message}`, missing: error.missing };
    }
    const decades = outside(inputs[variable.symbol], fittedRange(variable, fit));
    if (decades) beyond.push(`${variable.symbol} ${Number.isFinite(decades) ? readable(Math.abs(decades), 2) : "far"} decades ${decades > 0 ? "above" : "below"}`);
  }
  const values = { ...law.constants, ...fit?.values, ...inputs };
  const lacking = form.arguments.filter((name) => !Number.isFinite(values[name]));
  if (lacking.length > 0) return { label, law, reason: `no source states ${lacking.join(", ")}` };
  const evaluate = (changed) => {
    const native = law.functions[fit?.form ?? 0]({ ...values, ...changed });
    const target = lead?.output.quantity ?? law.output.quantity;
    return convert(native, law.output.quantity, target, assumptions, table);
  };
  if (lead && lead.output.role !== law.output.role && related(lead.output.quantity.quantity, law.output.quantity.quantity, table)) {
    return { label, law, reason: `gives ${law.output.symbol} (${law.output.meaning}), which is not ${lead.output.symbol}` };
  }
  try {
    const found = evaluate({});
    if (!Number.isFinite(found.value)) return { label, law, reason: "has no finite value there" };
    return { label, law, fit, form, value: found.value, steps: [...steps, ...found.steps.map((step) => `${law.output.symbol}: ${step}`)], beyond, evaluate };
  } catch (error) {
    return { label, law, reason: `${law.output.symbol}: ${error.message}`, missing: error.missing };
  }
}

function number(name, text, faults) {
  if (text === undefined || text.trim() === "") return NaN;
  const value = parseNumber(text);
  if (!Number.isFinite(value)) faults.push(`${name}: “${text}” is no number; write 70e9, 70B or 1.4T`);
  return value;
}

/** The rows that are drawn: one of each law before further fits of any. */
function drawnRows(rows) {
  const answered = rows.filter((each) => each.value !== undefined);
  const firsts = answered.filter((each) => answered.find((one) => one.law === each.law) === each);
  const kept = new Set([...new Set([...firsts, ...answered])].slice(0, MOST_CURVES));
  return answered.filter((each) => kept.has(each));
}

/** Everything the page shows, from the state. */
function compared(laws) {
  const faults = [];
  const given = readings(laws).map((each) => ({ ...each, value: number(each.symbol, state.inputs[each.symbol], faults) }));
  const assumptions = {};
  for (const [name, text] of Object.entries(state.assumptions)) {
    const value = number(name, text, faults);
    if (Number.isFinite(value)) assumptions[name] = value;
  }
  const unsaid = given.filter((each) => each.mixed && state.counts[each.symbol] === undefined);
  if (unsaid.length > 0) {
    const [{ symbol, uses }] = unsaid;
    const ways = uses.map(({ law, variable }) => `${variable.quantity.convention ?? "not said how"} in ${law.id}`);
    return { given, faults: [...faults, `These laws count ${symbol} in different ways: ${ways.join("; ")}. Say how yours is counted.`], rows: [] };
  }
  const rows = [];
  for (const law of laws) {
    for (const fit of law.fits.length > 0 ? law.fits : [null]) {
      const lead = rows.find((each) => each.value !== undefined)?.law;
      rows.push(row(law, fit, given, assumptions, lead));
    }
  }
  return { given, faults, rows, assumptions };
}

function field(identity, label, value, onchange, note = null) {
  return element(
    "div",
    { class: "field" },
    element("label", { for: identity }, ...label),
    element("input", { id: identity, type: "text", inputmode: "decimal", autocomplete: "off", value, onchange }),
    note === null ? null : element("span", { class: "note" }, note),
  );
}

function picker(laws) {
  const lead = laws[0];
  const groups = new Map();
  for (const each of index) {
    const unit = each.output.unit || "no unit";
    if (!groups.has(unit)) groups.set(unit, []);
    groups.get(unit).push(each);
  }
  const options = [...groups].sort(([one], [other]) => (other === lead?.output.unit) - (one === lead?.output.unit)).map(([unit, members]) =>
    element("optgroup", { label: `gives ${unit}` }, ...members.map((each) => element("option", { value: each.id, disabled: state.laws.includes(each.id) }, `${each.label}: ${each.name}`))),
  );
  const select = element("select", { id: "compare-add" }, ...options);
  const add = () => {
    state.laws.push(select.value);
    show();
  };
  const chips = laws.map((law) =>
    element("li", {}, element("a", { href: new URL(`../laws/${law.id}/`, assets).href }, `${law.label}: ${law.name}`), " ",
      element("button", { type: "button", "aria-label": `Remove ${law.name}`, onclick: () => { state.laws = state.laws.filter((id) => id !== law.id); show(); } }, "remove")),
  );
  return element("div", {}, element("ul", { class: "chosen" }, ...chips),
    element("label", { for: "compare-add" }, "Another law"), select, " ", element("button", { type: "button", onclick: add }, "Add"));
}

function inputs(found) {
  return found.given.flatMap((each) => {
    const change = (event) => { state.inputs[each.symbol] = event.target.value; show(); };
    const label = [element("code", {}, each.symbol), ` ${each.meaning}, in ${each.quantity}`];
    const parts = [field(`compare-${each.symbol}`, label, state.inputs[each.symbol] ?? "", change)];
    if (each.mixed) {
      const options = each.ways.filter(Boolean).map((way) => element("option", { value: way, selected: state.counts[each.symbol] === way }, way));
      const ask = element("option", { value: "", selected: state.counts[each.symbol] === undefined }, "choose");
      parts.push(element("div", { class: "field" }, element("label", { for: `compare-count-${each.symbol}` }, `How this ${each.symbol} is counted`),
        element("select", { id: `compare-count-${each.symbol}`, onchange: (event) => { state.counts[each.symbol] = event.target.value || undefined; show(); } }, ask, ...options)));
    }
    return parts;
  });
}

function assumed(found) {
  const names = new Set([...Object.keys(state.assumptions), ...found.rows.flatMap((each) => each.missing ?? [])]);
  return [...names].map((name) => field(`compare-assume-${name}`, [`Assume ${name.replaceAll("_", " ")}`], state.assumptions[name] ?? "",
    (event) => { state.assumptions[name] = event.target.value; show(); }, table.assumptions[name]));
}

function results(found) {
  const answered = found.rows.filter((each) => each.value !== undefined);
  const unit = answered.length > 0 ? answered[0].law.output.unit : "";
  const drawn = drawnRows(found.rows);
  const lines = found.rows.map((each) => {
    const number = drawn.indexOf(each);
    const swatch = number >= 0 ? element("span", { class: `swatch c${number}` }) : null;
    const name = element("th", { scope: "row" }, swatch, each.label);
    if (each.value === undefined) return element("tr", { class: "refused" }, name, element("td", {}, "refused"), element("td", {}, each.reason));
    const notes = [...(each.beyond.length > 0 ? [`outside the fitted range: ${each.beyond.join(", ")}`] : []), ...each.steps, ...(each.fit?.warnings ?? [])];
    return element("tr", {}, name, element("td", {}, readable(each.value)), element("td", {}, notes.join("; ")));
  });
  const head = element("tr", {}, ...["Law and fit", answered.length > 0 ? `${answered[0].law.output.symbol} (${unit})` : "Value", "Notes"].map((text) => element("th", { scope: "col" }, text)));
  const values = answered.map((each) => each.value);
  const spread = values.length > 1
    ? element("p", {}, "From ", element("strong", {}, readable(Math.min(...values))), " to ", element("strong", {}, readable(Math.max(...values))), ` ${unit}.`)
    : null;
  return element("div", {}, spread, element("div", { class: "wide", tabindex: "0", role: "group", "aria-label": "Values" },
    element("table", { class: "chart-values" }, element("thead", {}, head), element("tbody", {}, ...lines))));
}

function picture(found) {
  const drawn = drawnRows(found.rows);
  if (drawn.length === 0) return element("p", { class: "reason" }, "No curve: no law has a value at these inputs.");
  const symbols = found.given.filter((each) => Number.isFinite(each.value));
  const reading = symbols.find((each) => each.symbol === state.along) ?? symbols[0];
  if (reading === undefined) return element("p", { class: "reason" }, "No curve: the laws have no variable.");
  const [first] = drawn;
  const own = first.form.variables.find((each) => each.symbol === reading.symbol) ?? reading.uses[0].variable;
  const variable = { ...own, symbol: reading.symbol, unit: unitText({ quantity: reading.quantity, scale: 1, convention: reading.mixed ? state.counts[reading.symbol] : own.quantity.convention }) };
  // The range in which the first row was fitted, in the reader's unit.
  const factor = reading.value / (safe(() => converted(reading, own, reading.value, found.assumptions).value) ?? reading.value);
  const range = fittedRange(own, first.fit)?.map((end) => end * factor) ?? null;
  const curves = drawn.map((each) => ({
    label: each.label,
    evaluate: (x) => {
      const changed = each.form.variables.find((one) => one.symbol === reading.symbol);
      return each.evaluate(changed ? { [reading.symbol]: converted(reading, changed, x, found.assumptions).value } : {}).value;
    },
  }));
  const made = chart({
    output: first.law.output,
    variable,
    horizontalSpan: span({ ...variable, range }, null, reading.value),
    range,
    curves,
    point: { x: reading.value, y: first.value },
  });
  const holder = element("div", { class: "drawing" });
  holder.innerHTML = made.svg ?? `<p class="reason">${made.reason}</p>`;
  const options = symbols.map((each) => element("option", { value: each.symbol, selected: each === reading }, each.symbol));
  return element("div", {}, holder, symbols.length > 1
    ? element("p", {}, element("label", { for: "compare-along" }, "Chart along "), element("select", { id: "compare-along", onchange: (event) => { state.along = event.target.value; show(); } }, ...options))
    : null);
}

function safe(run) {
  try {
    return run();
  } catch {
    return null;
  }
}

function remember(chosen) {
  const kept = new URLSearchParams();
  for (const id of state.laws) kept.append("law", id);
  for (const [prefix, group] of [["in.", state.inputs], ["count.", state.counts], ["assume.", state.assumptions]]) {
    for (const [name, value] of Object.entries(group)) if (value) kept.set(`${prefix}${name}`, value);
  }
  if (state.along) kept.set("along", state.along);
  keep(kept.toString(), chosen);
}

/** The call that gives the same on the command line. */
function command() {
  const parts = ["scalinglaws compare", ...state.laws];
  for (const [name, text] of Object.entries(state.inputs)) if (text) parts.push(`${name}=${typed(parseNumber(text))}`);
  for (const [name, way] of Object.entries(state.counts)) if (way) parts.push(`--count ${name}=${way}`);
  for (const [name, text] of Object.entries(state.assumptions)) if (text) parts.push(`--assume ${name}=${typed(parseNumber(text))}`);
  return parts.join(" ");
}

/** Show the state; its address is a step of its own if the reader chose. */
async function show(chosen = true) {
  const own = ++turn;
  const laws = await Promise.all(state.laws.map(load));
  // The reader has gone on meanwhile.
  if (own !== turn) return;
  const found = compared(laws);
  const focused = document.activeElement?.id;
  const symbols = new Set(found.given.map((each) => each.symbol));
  for (const name of Object.keys(state.inputs)) if (!symbols.has(name)) delete state.inputs[name];
  for (const each of found.given) if (!each.mixed) delete state.counts[each.symbol];
  const faults = found.faults.map((text) => element("p", { class: "note fault", role: "alert" }, text));
  place.replaceChildren(
    element("div", { class: "controls" }, picker(laws), element("fieldset", {}, element("legend", {}, "Inputs"), ...inputs(found), ...assumed(found))),
    element("div", { class: "picture" }, ...faults, picture(found)),
    element("div", { class: "results" }, results(found), element("p", {}, "On the command line: ", element("code", {}, command()))),
  );
  if (focused) document.getElementById(focused)?.focus();
  remember(chosen);
}

place.classList.add("live");
show(false).catch((error) => {
  place.prepend(element("p", { class: "note fault" }, `The comparison could not start: ${error.message}`));
});
whenReturned((search) => {
  state = read(search);
  show(false);
});
