// Draws at build time: a JSON array on standard input, an array of what is drawn out. An item {file} is the description
// of a law, drawn as its page opens (svg, legend and table, or the reason why there is none); {file, refit} is a refit
// of it, drawn with its band; {strip, label} are quantiles of residuals; {budget} is the description of one budget under
// several sets of coefficients.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [assets] = process.argv.slice(2);
const { opening, refitView, residualStrip, view } = await import(pathToFileURL(join(assets, "chart.mjs")).href);

const fromHere = (file) => (module) => import(pathToFileURL(join(dirname(file), module)).href);

async function law(file) {
  const description = JSON.parse(readFileSync(file, "utf8"));
  const modules = await Promise.all(description.forms.map((form) => fromHere(file)(form.module)));
  const functions = modules.map((each) => each.law);
  return { description, functions };
}

async function oneBudget(file) {
  const { prepare, view: drawn } = await import(pathToFileURL(join(assets, "budget.mjs")).href);
  const description = await prepare(JSON.parse(readFileSync(file, "utf8")), fromHere(file));
  return drawn(description, description.budget, "BASE");
}

async function draw({ file, refit, strip, label, budget }) {
  if (budget) return oneBudget(budget);
  if (strip) return { svg: residualStrip(strip, label) };
  const { description, functions } = await law(file);
  const seen = refit ? refitView(description, functions, refit) : view(description, functions, opening(description));
  const { svg, legend, table, reason, value } = seen;
  return { svg: svg ?? null, legend: legend ?? null, table: table ?? null, reason: reason ?? null, value: value ?? null };
}

const drawn = [];
for (const item of JSON.parse(readFileSync(0, "utf8"))) drawn.push(await draw(item));
process.stdout.write(JSON.stringify(drawn));
