// Writes the client as one module, for pages that are made without npm:
// node bundle.mjs FILE, after `npm run build`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const { version } = JSON.parse(readFileSync(`${here}package.json`, "utf8"));

export function bundle() {
  const { outputFiles } = buildSync({
    absWorkingDir: here,
    entryPoints: ["dist/index.js"],
    bundle: true,
    format: "esm",
    target: "es2022",
    banner: { js: `// @flamigo/client ${version} as one module. Made of clients/typescript by\n`
      + "// `npm run build && npm run bundle` there; do not edit.\n" },
    write: false,
  });
  return outputFiles[0].text;
}

if (process.argv[2]) writeFileSync(process.argv[2], bundle());
