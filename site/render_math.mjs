// Renders a batch of formulas with KaTeX: a JSON array of {tex, display} on standard input, an array of HTML out.
// Every formula that KaTeX refuses is named on standard error, and nothing is printed.
import katex from "katex";
import { readFileSync } from "node:fs";

const formulas = JSON.parse(readFileSync(0, "utf8"));
const faults = [];
const rendered = formulas.map(({ tex, display }) => {
  try {
    return katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      strict: "error",
      throwOnError: true,
      trust: false,
    });
  } catch (error) {
    faults.push(`${tex}\n    ${error.message}`);
    return "";
  }
});

if (faults.length > 0) {
  console.error(`KaTeX refuses ${faults.length} formula(s):\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  process.exit(1);
}
process.stdout.write(JSON.stringify(rendered));
