// What the page Explore finds: facets, their counts, words, order, and the address that says all of it. No document
// is needed, so that node runs it too.

/** The lists to choose from: `every` where a row must have each choice, and not any of them. */
export const FACETS = [
  { name: "topic", title: "Topic" },
  { name: "question", title: "Question" },
  { name: "given", title: "Takes", values: "symbol", of: "laws", every: true },
  { name: "wanted", title: "Gives", values: "symbol", of: "laws" },
  { name: "has", title: "Has", every: true },
  { name: "rung", title: "Rung" },
  { name: "modality", title: "Modality" },
  { name: "architecture", title: "Architecture" },
  { name: "task", title: "Task" },
  { name: "year", title: "Year" },
];

/** What may be had; the only facet whose values no table of the catalog lists. */
const HAD = [["code", "code"], ["data", "data"], ["intervals", "intervals"], ["refit", "a refit"]].map(([value, title]) => ({ value, title }));

/** Columns in which more is more: the first click brings the most to the top. */
const FALLING = new Set(["year", "laws", "fits", "rung", "has"]);
const ABOUT = ["topic", "question", "modality", "architecture", "task"];
const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

const parts = (text) => (text ? text.split(" ") : []);

/** The words of a text without accents and case. */
function words(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
}

/**
 * Papers and laws as the page searches them.
 *
 * @param data the tables of the three queries, each an array of rows.
 * @returns rows by table, the facets of each with their values, and the rungs in order.
 */
export function tables(data) {
  const listed = new Map();
  for (const { facet, value, title } of data.values) {
    if (!listed.has(facet)) listed.set(facet, []);
    listed.get(facet).push({ value, title });
  }
  listed.set("has", HAD);
  const ladder = listed.get("rung").map((each) => each.value);
  const papers = data.papers.map((each, position) => ({
    id: each.key,
    position,
    values: { ...Object.fromEntries(ABOUT.map((name) => [name, parts(each[name])])), has: parts(each.has), rung: parts(each.rung), year: each.year ? [String(each.year)] : [] },
    words: words([each.key, each.paper, each.title, each.authors, each.aliases].join(" ")),
    sort: { ...each, rung: each.rung ? ladder.indexOf(each.rung) : null, has: parts(each.has).length },
  }));
  const byKey = new Map(papers.map((each) => [each.id, each]));
  const laws = data.laws.map((each, position) => {
    const paper = byKey.get(each.key);
    const own = { given: parts(each.takes), wanted: [each.gives], modality: parts(each.modality), has: [...paper.values.has.filter((name) => name === "code" || name === "data"), ...parts(each.has)], rung: [each.rung] };
    return {
      id: each.id,
      position,
      values: { ...paper.values, ...own },
      words: [...words([each.id, each.law, each.gives, each.takes, each.coefficients, each.aliases].join(" ")), ...paper.words],
      sort: { ...each, rung: ladder.indexOf(each.rung) },
    };
  });
  for (const row of [...papers, ...laws]) row.text = ` ${[...new Set(row.words)].join(" ")} `;
  const facets = FACETS.map((each) => {
    const values = listed.get(each.values ?? each.name);
    return { every: false, ...each, listed: each.values === "symbol" ? byUse(values, laws, each.name) : values };
  });
  return {
    rows: { laws, papers },
    facets: { laws: facets, papers: facets.filter((each) => each.of !== "laws") },
  };
}

/** Symbols with the most used first: of the hundred and more a reader wants few. */
function byUse(values, laws, name) {
  const uses = new Map();
  for (const row of laws) for (const symbol of row.values[name]) uses.set(symbol, (uses.get(symbol) ?? 0) + 1);
  return [...values].sort((one, other) => (uses.get(other.value) ?? 0) - (uses.get(one.value) ?? 0));
}

/** Nothing chosen: all laws, in the order in which the page has them. */
export function untouched() {
  return { show: "laws", words: "", solve: false, chosen: new Map(FACETS.map((each) => [each.name, new Set()])), sort: "paper", falling: false };
}

/** The state that an address says; what it does not know it leaves out. */
export function readState(search, found) {
  const query = new URLSearchParams(search);
  const state = untouched();
  if (query.get("show") === "papers") state.show = "papers";
  state.words = query.get("words") ?? "";
  state.solve = query.get("solve") === "yes";
  for (const facet of found.facets[state.show]) {
    const known = new Set(facet.listed.map((each) => each.value));
    for (const value of query.getAll(facet.name)) if (known.has(value)) state.chosen.get(facet.name).add(value);
  }
  const column = query.get("sort");
  if (column !== null && Object.hasOwn(found.rows[state.show][0]?.sort ?? {}, column)) {
    state.sort = column;
    state.falling = query.get("order") === "down";
  }
  return state;
}

/** The state as the query of an address; empty for the untouched one. No `q`: the site's own search opens by that. */
export function writeState(state, found) {
  const query = new URLSearchParams();
  if (state.show !== "laws") query.set("show", state.show);
  if (state.words.trim() !== "") query.set("words", state.words.trim());
  for (const facet of found.facets[state.show]) for (const value of state.chosen.get(facet.name)) query.append(facet.name, value);
  if (state.solve && state.show === "laws") query.set("solve", "yes");
  if (state.sort !== "paper" || state.falling) {
    query.set("sort", state.sort);
    if (state.falling) query.set("order", "down");
  }
  return query.toString();
}

/** The order after a click on a column: its own first, then the other way round. */
export function sortedBy(state, column) {
  return { ...state, sort: column, falling: state.sort === column ? !state.falling : FALLING.has(column) };
}

/** The values of a row in a facet; a law that is to be solved gives what it takes, too. */
function valuesOf(row, facet, state) {
  if (facet.name === "wanted" && state.solve) return [...new Set([...row.values.wanted, ...row.values.given])];
  return row.values[facet.name];
}

/**
 * What the state leaves of its table.
 *
 * @returns `ids` in order, and `counts` by facet: how many rows each value has, or would have if it were chosen.
 */
export function find(state, found) {
  const facets = found.facets[state.show];
  const wanted = words(state.words).map((word) => (word.length === 1 ? ` ${word} ` : ` ${word}`));
  const counts = new Map(facets.map((each) => [each.name, new Map()]));
  const kept = [];
  for (const row of found.rows[state.show]) {
    if (!wanted.every((word) => row.text.includes(word))) continue;
    const failed = facets.filter((facet) => {
      const chosen = state.chosen.get(facet.name);
      if (chosen.size === 0) return false;
      const values = valuesOf(row, facet, state);
      return facet.every ? ![...chosen].every((each) => values.includes(each)) : !values.some((each) => chosen.has(each));
    });
    if (failed.length === 0) kept.push(row);
    if (failed.length > 1 || failed[0]?.every) continue;
    // A row that one list alone keeps out counts in that list: another tick there would bring it in.
    for (const facet of failed.length === 1 ? failed : facets) {
      const count = counts.get(facet.name);
      for (const value of valuesOf(row, facet, state)) count.set(value, (count.get(value) ?? 0) + 1);
    }
  }
  return { ids: ordered(kept, state).map((each) => each.id), counts };
}

function ordered(rows, state) {
  const sign = state.falling ? -1 : 1;
  return rows.sort((one, other) => {
    const [left, right] = [one.sort[state.sort], other.sort[state.sort]];
    // What is not stated comes last either way.
    if (left === null || right === null) return (left === null) - (right === null) || one.position - other.position;
    const difference = typeof left === "number" ? left - right : collator.compare(left, right);
    return sign * difference || one.position - other.position;
  });
}
