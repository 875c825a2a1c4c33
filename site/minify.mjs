// Writes a module again without what only its authors read; its licences stay.
import { buildSync } from "esbuild";

const [module, target] = process.argv.slice(2);
buildSync({ entryPoints: [module], outfile: target, minify: true, legalComments: "inline", logLevel: "silent" });
