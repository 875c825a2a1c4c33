// One budget under several sets of coefficients, live. Without it the page shows the same table and chart, drawn when
// the site was built by this very module.

import { chart, escaped } from "./chart.mjs";
import { element } from "./element.mjs";
import { parseNumber, readable, typed } from "./numbers.mjs";

const LEAST = 1e18;
const MOST = 1e27;
const STEPS = 900;
const WORDS = [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"]];

/** A count in words: 32.2 billion. */
function counted(value) {
  const [unit, word] = WORDS.find(([each]) => value >= each * 0.9995) ?? [1, ""];
  return `${readable(value / unit, 3)} ${word}`.trim();
}

/** The best size by one answer for a budget in FLOP, and the tokens that 6ND leaves for it. */
function best(answer, compute) {
  const size = answer.compute({ ...answer.values, [answer.symbol]: compute * answer.per_flop });
  const tokens = compute / 6 / size;
  return { size, tokens, ratio: tokens / size };
}

/** The share of a budget that is wasted on a split of it, if the judge is right. */
function wasted({ judge, answers }, split, compute) {
  const right = answers.find((each) => each.fit === judge.fit);
  const loss = ({ size, tokens }) => judge.compute({ ...judge.values, N: size, D: tokens });
  const reached = loss(split);
  let [low, high] = [Math.log(compute) - 12, Math.log(compute)];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (loss(best(right, Math.exp(middle))) > reached) low = middle;
    else high = middle;
  }
  return 1 - Math.exp(high) / compute;
}

/** Every answer to a budget: its split, and what of the budget it wastes (null where it counts otherwise). */
export function answers(description, compute) {
  return description.answers.map((each) => {
    const split = best(each, compute);
    return { ...split, answer: each, wasted: each.judged ? wasted(description, split, compute) : null };
  });
}

/** The chart and the body of the table at a budget; links lead from `base`, the root of the site. */
export function view(description, compute, base) {
  const found = answers(description, compute);
  const rows = found.map(({ answer, size, tokens, ratio, wasted: share }, number) => {
    const cells = [
      `${counted(size)} parameters, ${counted(tokens)} tokens`,
      `<strong>${readable(ratio, 3)}</strong>`,
      share === null ? "counts otherwise" : answer.fit === description.judge.fit ? "the measure" : `${Math.round(share * 100)} %`,
    ];
    const heads = ["Best split", "Tokens per parameter", "Wasted if the refit is right"];
    const link = `<a href="${base}/laws/${answer.law}/#${answer.fit}">${escaped(answer.words)}</a>`;
    const body = cells.map((cell, place) => `<td data-of="${heads[place]}">${cell}</td>`).join("");
    return `<tr><th scope="row"><span class="swatch c${number}"></span>${link}</th>${body}</tr>`;
  });
  const told = found.map(({ answer, ratio }) => `${answer.label} ${readable(ratio, 3)}`).join(", ");
  const { svg } = chart({
    output: { symbol: "D/N", unit: "tokens per parameter at the optimum" },
    variable: { symbol: "C", unit: "FLOP" },
    horizontalSpan: { low: LEAST, high: MOST, logarithmic: true },
    range: description.range,
    curves: description.answers.map((each) => ({ label: each.label, evaluate: (budget) => best(each, budget).ratio })),
    point: null,
    points: found.map(({ ratio }) => ({ x: compute, y: ratio })),
    title: `Tokens per parameter at the optimum against compute (logarithmic both ways); at ${readable(compute, 3)} FLOP: ${told}`,
  });
  return { svg, table: rows.join("\n") };
}

/** Give every answer, and the judge, its formula; `load` imports a module by its address beneath the assets. */
export async function prepare(description, load) {
  for (const each of [...description.answers, description.judge]) each.compute = (await load(each.module)).law;
  return description;
}

class Budget {
  constructor(place, description) {
    this.place = place;
    this.description = description;
    this.slider = element("input", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": "Training compute", oninput: () => this.slid() });
    this.text = element("input", { id: "budget-compute", type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "aria-describedby": "budget-note", oninput: () => this.read() });
    this.note = element("span", { id: "budget-note", class: "note", role: "status" });
    const label = element("label", { for: "budget-compute" }, "Your training compute");
    const entry = element("span", { class: "entry" }, this.text, element("span", { class: "unit" }, "FLOP"));
    place.querySelector(".controls").append(label, entry, this.slider, this.note);
    this.show(description.budget);
    this.text.value = typed(description.budget);
  }

  slid() {
    const compute = Number((LEAST * (MOST / LEAST) ** (Number(this.slider.value) / STEPS)).toPrecision(3));
    this.text.value = typed(compute);
    this.read();
  }

  read() {
    const compute = parseNumber(this.text.value);
    const fault = Number.isNaN(compute) ? "write a number such as 5.76e23" : compute < LEAST || compute > MOST ? `from ${readable(LEAST)} to ${readable(MOST)}` : "";
    this.text.setAttribute("aria-invalid", fault !== "");
    this.note.classList.toggle("fault", fault !== "");
    if (fault) this.note.textContent = fault;
    else this.show(compute);
  }

  show(compute) {
    const { svg, table } = view(this.description, compute, this.place.dataset.base);
    this.place.querySelector(".drawing").innerHTML = svg;
    this.place.querySelector("tbody").innerHTML = table;
    this.slider.value = String(Math.round((Math.log(compute / LEAST) / Math.log(MOST / LEAST)) * STEPS));
    this.slider.setAttribute("aria-valuetext", `${readable(compute, 3)} FLOP`);
    const beyond = Math.log10(compute / this.description.range[1]);
    this.note.textContent = beyond > 0 ? `${readable(beyond, 2)} decades above what Hoffmann et al. fitted` : "within what Hoffmann et al. fitted (the shaded ground)";
  }
}

async function start(place) {
  const address = new URL(place.dataset.description, location.href);
  const description = await (await fetch(address)).json();
  return new Budget(place, await prepare(description, (module) => import(new URL(module, address).href)));
}

if (typeof document !== "undefined") {
  document.querySelectorAll(".budget[data-description]").forEach((place) => {
    start(place).catch((error) => {
      place.querySelector(".controls").textContent = `The example could not start: ${error.message}`;
    });
  });
}
