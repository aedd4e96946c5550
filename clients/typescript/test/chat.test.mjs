// The chat's page stands on this package: what it has is what is here, and it fits
// the program, whose types a page without a build step has as well.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
  from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle } from "../bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const web = fileURLToPath(new URL("../../../examples/chat/web/", import.meta.url));
const bin = (name) => path.join(process.env.FLAMIGO_BIN, name);
const dir = mkdtempSync(path.join(tmpdir(), "chat-"));
after(() => rmSync(dir, { recursive: true }));

/** What tsc says of the page and a contract. */
function compile(contract) {
  for (const name of ["chat.js", "view.js"])
    copyFileSync(web + name, path.join(dir, name));
  const write = (name, text) => writeFileSync(path.join(dir, name), text);
  write("client.d.ts", `export * from "${root}dist/index.js";\n`);
  write("contract.json", contract);
  execFileSync(bin("flamigo"), ["contract", "--typescript", "--from",
    path.join(dir, "contract.json"), "-o", path.join(dir, "contract.ts")]);
  return spawnSync(path.join(root, "node_modules/.bin/tsc"), ["--strict",
    "--noEmit", "--allowJs", "--target", "es2022", "--module", "nodenext",
    "--lib", "es2023,dom,dom.iterable", "--types", "", "chat.js"],
    { cwd: dir, encoding: "utf8" });
}

test("its client is this one", () => {
  assert.equal(readFileSync(`${web}client.js`, "utf8"), bundle(),
    "run `npm run bundle` in clients/typescript");
});

test("it fits its program", () => {
  const contract = execFileSync(bin("flamigo-chat"), ["--contract"],
    { encoding: "utf8" });
  const { status, stdout } = compile(contract);
  assert.equal(status, 0, stdout);
  const renamed = compile(contract.replaceAll('"text"', '"words"'));
  assert.match(renamed.stdout, /chat\.js.*'text'/);
});
