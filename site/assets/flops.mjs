// The form of the page on parameters and FLOP: reads a shape, shows what it amounts to by every convention.
import { accounting, tally } from "./flops-counts.mjs";
import { parseNumber, readable, typed } from "./numbers.mjs";

/**
 * The shape that a form's texts describe.
 *
 * @param texts values by symbol, as typed; "" where one is left out, "0" or "1" for a switch.
 * @returns the shape with every default, and what `tally` gives for it.
 * @throws {RangeError} naming the symbol at fault.
 */
export function count(texts) {
  const values = {};
  for (const { symbol, values: kind, default: otherwise, optional } of accounting.symbols) {
    const text = String(texts[symbol] ?? "").trim();
    if (text === "") {
      if (otherwise === null && !optional) throw fault(symbol, "is needed");
      continue;
    }
    const value = parseNumber(text);
    if (Number.isNaN(value)) throw fault(symbol, `takes a number such as 4096, 70B or 1.4T, not “${text}”`);
    if (kind === "switch" && value !== 0 && value !== 1) throw fault(symbol, "is 0 or 1");
    values[symbol] = value;
  }
  const result = tally(values);
  for (const { symbol, values: kind, default: otherwise, at_most: bound } of accounting.symbols) {
    const value = result[symbol];
    if (value === undefined) continue;
    if (kind === "count" && !(value >= 1 && Number.isSafeInteger(value))) {
      const place = symbol in values ? "" : `, ${otherwise} if left out, here ${readable(value)},`;
      throw fault(symbol, `${place} must be a whole number from 1`.trim());
    }
    if (bound !== null && value > result[bound]) throw fault(symbol, `must not exceed ${words(bound)}`);
  }
  return result;
}

function fault(symbol, text) {
  const error = new RangeError(`${words(symbol)} ${text}`.replace(" ,", ","));
  error.symbol = symbol;
  return error;
}

const words = (symbol) => symbol.replaceAll("_", " ");

/** A difference with its sign, to a tenth of a per cent. */
export function percent(fraction) {
  const size = Math.abs(100*fraction).toFixed(1);
  return `${size === "0.0" ? "" : fraction < 0 ? "−" : "+"}${size}\u00a0%`;
}

function table(caption, head, rows) {
  const element = document.createElement("table");
  const cell = (row, tag, text, scope) => {
    const each = document.createElement(tag);
    if (scope) each.scope = scope;
    each.textContent = text;
    row.append(each);
  };
  element.createCaption().textContent = caption;
  const top = element.createTHead().insertRow();
  head.forEach((text) => cell(top, "th", text, "col"));
  const body = element.createTBody();
  for (const [name, ...rest] of rows) {
    const row = body.insertRow();
    cell(row, "th", name, "row");
    rest.forEach((text) => cell(row, "td", text));
  }
  const box = document.createElement("div");
  box.className = "wide";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", caption);
  box.append(element);
  return box;
}

function show(result, place) {
  const sizes = accounting.sizes.map(({ symbol, convention, meaning }) => [
    convention, readable(result[symbol], 4), meaning,
  ]);
  const tokens = result.tokens;
  const first = result[accounting.rules[0].training];
  const rules = accounting.rules.map(({ name, forward, training }, index) => [
    name, readable(result[training], 4),
    index === 0 ? "" : percent(result[training]/first - 1),
    ...(tokens ? [readable(result[training]*tokens, 4)] : []),
    readable(result[forward], 4),
  ]);
  const whole = tokens ? ["Whole training"] : [];
  const head = ["Rule", "Training, per token", "Difference", ...whole, "Forward, per token"];
  const cautions = accounting.cautions.filter((_, index) => result[`caution_${index}`] !== 0).map((text) => {
    const each = document.createElement("p");
    each.className = "note";
    each.textContent = text;
    return each;
  });
  const parameters = table("Parameters", ["Convention", "Number", "Meaning"], sizes);
  place.replaceChildren(parameters, table("FLOP", head, rules), ...cautions);
}

function start(section) {
  const form = section.querySelector("form");
  const message = section.querySelector(".fault");
  const result = section.querySelector(".result");
  const inputs = accounting.symbols.map(({ symbol }) => form.elements[symbol]);

  function fill() {
    const shape = accounting.models[form.elements.model.value];
    for (const { symbol, values, default: otherwise } of accounting.symbols) {
      const input = form.elements[symbol];
      if (values === "switch") input.checked = Number(shape[symbol] ?? otherwise) === 1;
      else input.value = shape[symbol] === undefined ? "" : typed(shape[symbol]);
    }
  }

  function update() {
    const texts = Object.fromEntries(
      inputs.map((input) => [input.name, input.type === "checkbox" ? String(Number(input.checked)) : input.value]),
    );
    inputs.forEach((input) => input.removeAttribute("aria-invalid"));
    try {
      show(count(texts), result);
      message.textContent = "";
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      form.elements[error.symbol].setAttribute("aria-invalid", "true");
      message.textContent = `${error.message}.`;
    }
  }

  form.elements.model.addEventListener("change", () => { fill(); update(); });
  inputs.forEach((input) => input.addEventListener("input", update));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  fill();
  update();
}

if (typeof document !== "undefined") document.querySelectorAll(".calculator.shape").forEach(start);
