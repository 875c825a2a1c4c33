// The calculator of a law's page. Without it the page shows the same chart, drawn when the site was built.

import { fittedRange, opening, outside, span, view } from "./chart.mjs";
import { element } from "./element.mjs";
import { parseNumber, readable, typed } from "./numbers.mjs";

const RESERVED = { fit: "fit", along: "along", all: "all" };
const STEPS = 1000;
const DOMAINS = {
  positive: [(value) => value > 0, "must be greater than zero"],
  nonnegative: [(value) => value >= 0, "must not be negative"],
  fraction: [(value) => value >= 0 && value <= 1, "is a fraction and must lie between 0 and 1"],
};

/** The state that the page's address asks for, over the one a law opens in; the address is the law's own page's. */
function addressed(description, place) {
  const state = opening(description);
  if (place.dataset.page) return state;
  const query = new URLSearchParams(location.search);
  const fit = query.get(RESERVED.fit);
  if (description.fits.some((each) => each.id === fit)) state.fit = fit;
  if (query.has(RESERVED.along)) state.along = query.get(RESERVED.along);
  if (query.has(RESERVED.all)) state.all = query.get(RESERVED.all) !== "0";
  const form = description.forms[description.fits.find((each) => each.id === state.fit)?.form ?? 0];
  const own = [...form.variables, ...form.coefficients].map((each) => each.symbol).filter((name) => query.has(name));
  if (own.length > 0) state.inputs = {};
  for (const name of own) state.inputs[name] = parseNumber(query.get(name));
  return state;
}

class Calculator {
  constructor(place, description, functions) {
    this.place = place;
    this.description = description;
    this.functions = functions;
    this.state = addressed(description, place);
    this.number = Calculator.count = (Calculator.count ?? 0) + 1;
    this.controls = element("div", { class: "controls" });
    this.figure = place.querySelector(".picture");
    this.answer = element("output", { class: "answer", "aria-live": "polite" });
    this.figure.prepend(this.answer);
    place.append(this.controls);
    place.classList.add("live");
    this.build();
    this.update();
  }

  get fit() {
    return this.description.fits.find((each) => each.id === this.state.fit) ?? null;
  }

  get form() {
    return this.description.forms[this.fit?.form ?? 0];
  }

  id(name) {
    return `calculator-${this.number}-${name}`;
  }

  build() {
    this.fields = new Map();
    const parts = [];
    if (this.description.fits.length > 0) parts.push(this.chooseFit());
    const variables = this.form.variables.map((each) => this.field(each, true));
    parts.push(element("fieldset", {}, element("legend", {}, "Variables"), ...variables));
    if (this.form.coefficients.length > 0) parts.push(this.coefficients());
    parts.push(this.chartChoices(), this.copies());
    this.controls.replaceChildren(...parts);
  }

  chooseFit() {
    const options = this.description.fits.map((each) =>
      element("option", { value: each.id, selected: each.id === this.state.fit }, `${each.id}${each.complete ? "" : " (incomplete)"}`),
    );
    const select = element("select", { id: this.id("fit"), onchange: (event) => this.change(event.target.value) }, ...options);
    this.setting = element("p", { class: "setting" });
    return element("div", { class: "field" }, element("label", { for: this.id("fit") }, "Fit"), select, this.setting);
  }

  change(fit) {
    const form = this.form;
    this.state.fit = fit;
    // Another fit brings its own coefficients; variables that are spelt alike keep their values.
    const kept = this.form.variables.map((each) => each.symbol).filter((name) => name in this.state.inputs);
    const before = this.state.inputs;
    this.state.inputs = Object.fromEntries(kept.map((name) => [name, before[name]]));
    if (this.form !== form) this.state.along = this.form.variables[0]?.symbol;
    this.build();
    this.update();
  }

  field(each, isVariable) {
    const { symbol } = each;
    const identity = this.id(symbol);
    const own = this.state.inputs[symbol];
    const stated = isVariable ? undefined : this.fit?.values[symbol];
    const shown = own ?? stated;
    const text = element("input", {
      id: identity,
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      spellcheck: "false",
      value: Number.isFinite(shown) ? typed(shown) : "",
      placeholder: isVariable ? "" : "not stated",
      "aria-describedby": `${identity}-note`,
      oninput: () => this.read(symbol),
    });
    const note = element("span", { id: `${identity}-note`, class: "note" });
    const slider = isVariable ? this.slider(each, symbol) : null;
    this.fields.set(symbol, { each, text, note, slider, stated, isVariable });
    const label = element("label", { for: identity }, element("code", {}, symbol), ` ${each.meaning}`);
    const unit = isVariable ? element("span", { class: "unit" }, each.unit) : null;
    return element("div", { class: "field" }, label, element("span", { class: "entry" }, text, unit), slider, note);
  }

  slider(each, symbol) {
    const value = this.state.inputs[symbol];
    const reach = span(each, this.fit, Number.isFinite(value) ? value : 1);
    const slider = element("input", {
      type: "range",
      min: 0,
      max: STEPS,
      step: 1,
      "aria-label": `${symbol}, ${each.meaning}`,
      oninput: () => {
        const share = Number(slider.value) / STEPS;
        const { low, high, logarithmic } = reach;
        const moved = logarithmic ? low * (high / low) ** share : low + (high - low) * share;
        const { text } = this.fields.get(symbol);
        text.value = typed(Number(moved.toPrecision(3)));
        this.read(symbol, true);
      },
    });
    slider.reach = reach;
    return slider;
  }

  coefficients() {
    const fields = this.form.coefficients.map((each) => this.field(each, false));
    const missing = this.form.coefficients.some((each) => this.fit?.values[each.symbol] === undefined);
    const back = element("button", { type: "button", onclick: () => this.change(this.state.fit) }, "Back to the fit's values");
    return element(
      "details",
      { open: missing },
      element("summary", {}, "Coefficients"),
      element("p", { class: "setting" }, missing ? "What no source states is empty: give your own." : "Change one to see what it does."),
      ...fields,
      this.fit ? back : null,
    );
  }

  chartChoices() {
    const options = this.form.variables.map((each) =>
      element("option", { value: each.symbol, selected: each.symbol === this.state.along }, each.symbol),
    );
    const along = element(
      "select",
      { id: this.id("along"), onchange: (event) => this.set("along", event.target.value) },
      ...options,
    );
    const all = element("input", {
      id: this.id("all"),
      type: "checkbox",
      checked: this.state.all,
      onchange: (event) => this.set("all", event.target.checked),
    });
    return element(
      "div",
      { class: "field choices" },
      this.form.variables.length > 1 ? element("label", { for: this.id("along") }, "Chart along ") : null,
      this.form.variables.length > 1 ? along : null,
      this.description.fits.length > 1 ? element("label", { for: this.id("all") }, all, " with the other fits") : null,
    );
  }

  set(name, value) {
    this.state[name] = value;
    this.update();
  }

  copies() {
    const texts = {
      Python: () => this.python(),
      JavaScript: () => this.javascript(),
      LaTeX: () => this.description.latex,
      BibTeX: () => this.description.bibtex,
      "a link": () => this.link(),
    };
    this.copied = element("span", { class: "note", role: "status" });
    const buttons = Object.entries(texts).map(([name, text]) =>
      element("button", { type: "button", onclick: () => this.copy(name, text) }, name),
    );
    return element("div", { class: "copies", role: "group", "aria-label": "Copy" }, "Copy as ", ...buttons, this.copied);
  }

  async copy(name, text) {
    try {
      await navigator.clipboard.writeText(await text());
      this.copied.textContent = `Copied: ${name}.`;
    } catch {
      this.copied.textContent = "The browser did not let us copy.";
    }
  }

  /** Values by symbol, as a call writes them. */
  given() {
    const { values } = this.shown;
    return this.form.arguments.filter((name) => Number.isFinite(values[name])).map((name) => [name, typed(values[name])]);
  }

  python() {
    const call = this.given();
    if (this.form.python) {
      const listed = call.map(([name, value]) => `${name}=${value}`).join(", ");
      return `${this.form.python}\n\nprint(${this.form.function}(${listed}))\n`;
    }
    const fixed = this.fit?.values ?? {};
    const inputs = call.filter(([name]) => !(name in fixed) && !(name in this.description.constants));
    const fit = this.fit ? `, fit="${this.fit.id}"` : "";
    const listed = inputs.map(([name, value]) => `${name}=${value}`).join(", ");
    return `import scalinglaws as sl\n\nprint(sl.law("${this.description.id}"${fit})(${listed}))\n`;
  }

  async javascript() {
    const source = await (await fetch(new URL(this.form.module, this.description.address))).text();
    const listed = this.given().map(([name, value]) => `${name}: ${value}`).join(", ");
    return `${source}\nconsole.log(law({${listed}}));\n`;
  }

  /** Take what stands in a field into the state. */
  read(symbol, fromSlider = false) {
    const { each, text, note, stated, isVariable } = this.fields.get(symbol);
    const value = parseNumber(text.value);
    const [allowed, rule] = DOMAINS[each.domain] ?? [() => true, ""];
    let fault = "";
    if (text.value.trim() !== "" && Number.isNaN(value)) fault = `“${text.value}” is no number; write 70e9, 70B or 1.4T`;
    else if (!Number.isNaN(value) && !Number.isFinite(value)) fault = `${symbol} is too large`;
    else if (!Number.isNaN(value) && !allowed(value)) fault = `${symbol} ${rule}`;
    text.setAttribute("aria-invalid", fault !== "");
    note.textContent = fault;
    note.classList.toggle("fault", fault !== "");
    if (fault || text.value.trim() === "") delete this.state.inputs[symbol];
    else if (!isVariable && value === stated) delete this.state.inputs[symbol];
    else this.state.inputs[symbol] = value;
    this.faulty = fault ? symbol : null;
    this.update(fromSlider ? symbol : null);
  }

  update(moving = null) {
    const shown = view(this.description, this.functions, this.state);
    this.shown = shown;
    const { output } = this.description;
    if (this.setting) this.setting.textContent = this.fit?.setting ?? "";
    for (const [symbol, { each, slider, note, text }] of this.fields) {
      if (slider && symbol !== moving) this.rest(symbol, each, slider);
      if (slider) slider.setAttribute("aria-valuetext", `${text.value || "no value"} ${each.unit}`);
      if (!note.classList.contains("fault")) note.textContent = this.note(symbol, each, slider !== null);
    }
    const value = shown.value ?? null;
    const missing = shown.missing ?? [];
    if (value !== null) {
      this.answer.replaceChildren(element("code", {}, output.symbol), " = ", element("strong", {}, readable(value)), ` ${output.unit}`);
    } else {
      const reason = missing.length > 0 ? `give a value for ${missing.join(", ")}` : "the law has no finite value at these inputs";
      this.answer.replaceChildren(element("code", {}, output.symbol), `: ${reason}`);
    }
    const drawing = this.figure.querySelector(".drawing");
    drawing.innerHTML = shown.svg ?? `<p class="reason">${shown.reason}</p>`;
    this.figure.querySelector(".legend-place").innerHTML = shown.legend ?? "";
    const table = this.figure.querySelector(".table-place");
    if (table) table.innerHTML = shown.table ?? "";
    const warnings = this.fit?.warnings ?? [];
    this.figure.querySelector(".warnings").replaceChildren(...warnings.map((each) => element("p", {}, each)));
    this.remember();
  }

  rest(symbol, each, slider) {
    const value = this.state.inputs[symbol];
    const { low, high, logarithmic } = slider.reach;
    if (!Number.isFinite(value)) return;
    const share = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    slider.value = String(Math.round(share * STEPS));
  }

  note(symbol, each, isVariable) {
    if (!isVariable) return symbol in this.state.inputs ? "your own value" : "";
    const value = this.state.inputs[symbol];
    const range = fittedRange(each, this.fit);
    if (!range) return "fitted range not stated";
    const text = `fitted from ${readable(range[0], 4)} to ${readable(range[1], 4)}`;
    const beyond = Number.isFinite(value) ? outside(value, range) : 0;
    if (beyond === 0) return text;
    const how = Number.isFinite(beyond) ? `${readable(Math.abs(beyond), 2)} decades` : "far";
    return `${text}; this is ${how} ${beyond > 0 ? "above" : "below"} it`;
  }

  /** The law's page in this state. */
  link() {
    const { page } = this.place.dataset;
    return page ? new URL(`${page}?${this.query()}`, location.href).href : location.href;
  }

  query() {
    const query = new URLSearchParams();
    if (this.state.fit) query.set(RESERVED.fit, this.state.fit);
    for (const [name, value] of Object.entries(this.state.inputs)) query.set(name, typed(value));
    if (this.form.variables.length > 1 && this.state.along) query.set(RESERVED.along, this.state.along);
    if (!this.state.all) query.set(RESERVED.all, "0");
    return query;
  }

  /** Keep the state in the address, so that a link shows the same. */
  remember() {
    if (this.touched && !this.place.dataset.page) history.replaceState(null, "", `?${this.query()}${location.hash}`);
    this.touched = true;
  }
}

async function start(place) {
  const address = new URL(place.dataset.description, location.href);
  const description = await (await fetch(address)).json();
  description.address = address;
  const modules = await Promise.all(description.forms.map((form) => import(new URL(form.module, address).href)));
  return new Calculator(place, description, modules.map((each) => each.law));
}

function begin(place) {
  start(place).catch((error) => {
    place.querySelector(".warnings").textContent = `The calculator could not start: ${error.message}`;
  });
}

for (const place of document.querySelectorAll(".calculator[data-description]:not(.budget)")) {
  const folded = place.closest("details:not([open])");
  if (folded) folded.addEventListener("toggle", () => begin(place), { once: true });
  else begin(place);
}
