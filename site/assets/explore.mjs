// The page Explore: the tables stand in the page; this hides and orders their rows, and says so. What is found comes
// from facets.mjs.

import { keep, whenReturned } from "./address.mjs";
import { element } from "./element.mjs";
import { find, readState, sortedBy, tables, untouched, writeState } from "./facets.mjs";

/** Lists that stand open from the start, where there is room. */
const OPEN = new Set(["topic", "given", "has"]);
/** A screen reader is told once the reader of the page has stopped typing. */
const PAUSE = 600;
const ROLES = [["table", "table"], ["thead, tbody", "rowgroup"], ["tr", "row"], ["thead th", "columnheader"], ["tbody th", "rowheader"], ["td", "cell"]];
const KINDS = { laws: ["law", "laws"], papers: ["paper", "papers"] };

const place = document.querySelector(".explorer");
const narrowing = place.querySelector(".narrowing");
const telling = place.querySelector(".telling");
const roomy = matchMedia("(min-width: 70em)");

let found;
let state;
let waiting;
const shown = {};
const boxes = new Map();
const groups = new Map();

// What stands still: made once.

/** The table of a kind, its rows by id, and its heads as buttons that sort. */
function takeTable(kind) {
  const box = document.getElementById(`explore-${kind}`);
  const heads = [...box.querySelectorAll("th[data-sort]")];
  for (const head of heads) {
    const button = element("button", { type: "button", onclick: () => update(sortedBy(state, head.dataset.sort)) }, head.textContent);
    head.replaceChildren(button);
  }
  // Rows are laid out as grids and cards, after which not every browser still tells of a table.
  for (const [selector, role] of ROLES) for (const part of box.querySelectorAll(selector)) part.setAttribute("role", role);
  const rows = new Map([...box.querySelectorAll("tbody tr")].map((row) => [row.dataset.id, row]));
  shown[kind] = { box, heads, rows, body: box.querySelector("tbody") };
}

const switches = Object.entries(KINDS).map(([kind, [, several]]) => {
  const choice = element("input", { type: "radio", name: "explore-show", id: `explore-show-${kind}`, value: kind, onchange: () => update({ ...state, show: kind, sort: "paper", falling: false }) });
  return { kind, choice, label: element("label", { for: choice.id }, several[0].toUpperCase() + several.slice(1)) };
});
const search = element("input", { type: "search", id: "explore-words", autocomplete: "off", spellcheck: "false", oninput: () => update({ ...state, words: search.value }, false) });
const solve = element("input", { type: "checkbox", id: "explore-solve", onchange: () => update({ ...state, solve: solve.checked }) });
const summary = element("summary", {}, "Filters");
const lists = element("details", { class: "lists" }, summary);
const count = element("p", { class: "count" });
const said = element("p", { class: "said", role: "status" });
const chips = element("ul", { class: "chosen", "aria-label": "Chosen" });
const reset = element("button", { type: "button", id: "explore-reset", onclick: clear }, "Reset");
const nothing = element("p", { class: "reason" }, "Nothing meets all of this. Take away a choice or a word.");

function choice(facet, { value, title }) {
  const identity = `explore-${facet.name}-${value}`;
  const box = element("input", { type: "checkbox", id: identity, onchange: () => toggle(facet.name, value, box.checked) });
  const number = element("span", { class: "number" });
  const depth = facet.name === "topic" ? value.split(".").length - 1 : 0;
  const name = facet.values === "symbol" ? [element("code", {}, value), ` ${title}`] : [facet.name === "question" ? `${value} ${title}` : title];
  const item = element("li", { class: depth > 0 ? `deep${depth}` : null }, box, element("label", { for: identity }, ...name, " ", number));
  boxes.get(facet.name).set(value, { box, item, number, title: facet.values === "symbol" ? value : title });
  return item;
}

function list(facet) {
  boxes.set(facet.name, new Map());
  const chosen = element("span", { class: "chosen-count" });
  const items = element("ul", {}, ...facet.listed.map((each) => choice(facet, each)));
  const extra = facet.name === "wanted" ? element("p", { class: "solving" }, solve, element("label", { for: solve.id }, "or can be solved for")) : null;
  const note = facet.every ? " (all of)" : "";
  const details = element("details", {}, element("summary", {}, facet.title, chosen), element("fieldset", {}, element("legend", { class: "said" }, `${facet.title}${note}`), extra, items));
  groups.set(facet.name, { details, chosen });
  return details;
}

function furnish() {
  lists.append(...found.facets.laws.map(list));
  narrowing.append(
    element("fieldset", { class: "switch" }, element("legend", { class: "said" }, "Show"), ...switches.flatMap((each) => [each.choice, each.label])),
    element("div", { class: "field" }, element("label", { for: search.id }, "Title, name, author or symbol"), search),
    lists,
  );
  telling.append(count, reset, chips, said, nothing);
  const room = () => { lists.open = roomy.matches; };
  roomy.addEventListener("change", room);
  room();
  for (const [name, { details }] of groups) details.open = state.chosen.get(name).size > 0 || (roomy.matches && OPEN.has(name));
}

// What changes.

function toggle(name, value, on) {
  const values = new Set(state.chosen.get(name));
  if (on) values.add(value);
  else values.delete(value);
  update({ ...state, chosen: new Map(state.chosen).set(name, values) });
}

function clear() {
  update({ ...untouched(), show: state.show });
}

function chip(facet, value) {
  const { title: own } = boxes.get(facet.name).get(value);
  const title = facet.name === "wanted" && state.solve ? `${own}, or solved for it` : own;
  const take = () => {
    const position = [...chips.querySelectorAll("button")].indexOf(document.activeElement);
    toggle(facet.name, value, false);
    const left = chips.querySelectorAll("button");
    (left[Math.min(Math.max(position, 0), left.length - 1)] ?? reset).focus();
  };
  return element("li", {}, element("button", { type: "button", "aria-label": `Remove ${facet.title}: ${title}`, onclick: take }, `${facet.title}: ${title} ×`));
}

function showCounts(facets, counts) {
  for (const facet of facets) {
    const chosen = state.chosen.get(facet.name);
    for (const [value, { box, item, number }] of boxes.get(facet.name)) {
      const hits = counts.get(facet.name).get(value) ?? 0;
      box.checked = chosen.has(value);
      const text = `(${hits})`;
      if (number.textContent !== text) number.textContent = text;
      // A value that leads nowhere goes, unless it is chosen or the keyboard stands on it.
      item.hidden = hits === 0 && !box.checked && document.activeElement !== box;
    }
    groups.get(facet.name).chosen.textContent = chosen.size > 0 ? ` · ${chosen.size} chosen` : "";
  }
  for (const [name, { details }] of groups) details.hidden = !facets.some((each) => each.name === name);
}

function showRows(ids) {
  for (const [kind, { box, heads, rows, body }] of Object.entries(shown)) {
    box.hidden = kind !== state.show || ids.length === 0;
    if (kind !== state.show) continue;
    const kept = new Set(ids);
    for (const [id, row] of rows) row.hidden = !kept.has(id);
    // Rows are moved only when their order is another one: moving is what costs.
    const order = ids.map((id) => rows.get(id));
    const standing = [...body.children].filter((row) => !row.hidden);
    if (order.some((row, position) => row !== standing[position])) body.append(...order);
    for (const head of heads) {
      if (head.dataset.sort !== state.sort) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", state.falling ? "descending" : "ascending");
    }
  }
}

/** Show a state: rows, counts, what is chosen, and the address of it, as a step of its own if the reader chose. */
function update(next, chosen = true) {
  state = next;
  const facets = found.facets[state.show];
  const { ids, counts } = find(state, found);
  showRows(ids);
  showCounts(facets, counts);
  const all = found.rows[state.show].length;
  const [one, several] = KINDS[state.show];
  const text = ids.length === all ? `All ${all} ${several}` : `${ids.length} of ${all} ${all === 1 ? one : several}`;
  count.textContent = text;
  clearTimeout(waiting);
  if (place.classList.contains("live")) waiting = setTimeout(() => { said.textContent = text; }, PAUSE);
  const picked = facets.flatMap((facet) => [...state.chosen.get(facet.name)].map((value) => chip(facet, value)));
  chips.replaceChildren(...picked);
  chips.hidden = picked.length === 0;
  summary.textContent = picked.length > 0 ? `Filters (${picked.length})` : "Filters";
  nothing.hidden = ids.length > 0;
  for (const each of switches) each.choice.checked = each.kind === state.show;
  if (search.value.trim() !== state.words.trim()) search.value = state.words;
  solve.checked = state.solve;
  keep(writeState(state, found), chosen);
}

async function start() {
  const answer = await fetch(new URL("explore.json", new URL(place.dataset.assets, location.href)));
  const data = await answer.json();
  const rows = ({ columns, rows: cells }) => cells.map((row) => Object.fromEntries(columns.map((name, position) => [name, row[position]])));
  found = tables({ papers: rows(data.papers), laws: rows(data.laws), values: rows(data.values) });
  state = readState(location.search, found);
  for (const kind of Object.keys(KINDS)) takeTable(kind);
  furnish();
  update(state, false);
  whenReturned((query) => update(readState(query, found), false));
  place.classList.add("live");
}

start().catch((error) => {
  // Without the lists the tables are still complete.
  document.documentElement.classList.remove("scripted");
  telling.replaceChildren(element("p", { class: "note fault", role: "alert" }, `Filtering could not start: ${error.message}`));
});
