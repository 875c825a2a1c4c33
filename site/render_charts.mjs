// Draws the opening chart of every law: a JSON array of description files on standard input, an array of what
// `view` gives out, each with svg, legend and table, or the reason why there is none.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [assets] = process.argv.slice(2);
const { opening, view } = await import(pathToFileURL(join(assets, "chart.mjs")).href);
const files = JSON.parse(readFileSync(0, "utf8"));
const drawn = [];
for (const file of files) {
  const description = JSON.parse(readFileSync(file, "utf8"));
  const modules = description.forms.map((form) => pathToFileURL(join(dirname(file), form.module)).href);
  const functions = (await Promise.all(modules.map((each) => import(each)))).map((each) => each.law);
  const { svg, legend, table, reason, value } = view(description, functions, opening(description));
  drawn.push({ svg: svg ?? null, legend: legend ?? null, table: table ?? null, reason: reason ?? null, value: value ?? null });
}
process.stdout.write(JSON.stringify(drawn));
