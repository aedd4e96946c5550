// What docs/client.md says: its examples compile, the first one runs, and each
// option, state and code stands in it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { Server } from "./real.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(path.join(here, "../../docs/client.md"), "utf8");

/** All blocks of a language. */
function blocks(language) {
  const block = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms");
  return [...page.matchAll(block)].map(([, text]) => text);
}

/** A folder in which the package is found, for as long as `body` takes. */
async function inside(body) {
  const dir = mkdtempSync(path.join(here, "test/docs-"));
  try {
    await body(dir, (name, text) => writeFileSync(path.join(dir, name), text));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test("the examples compile", () => inside((dir, write) => {
  write("page.tsx", [...blocks("ts"), ...blocks("tsx")].join("\n"));
  write("tsconfig.json", JSON.stringify({ extends: "../types/tsconfig.json",
    compilerOptions: { noUnusedLocals: false }, include: ["."] }));
  const { status, stdout } = spawnSync(
    path.join(here, "node_modules/.bin/tsc"), ["-p", dir], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
}));

test("a newcomer sees a message come back", () => inside(async (dir, write) => {
  const server = await Server.start("docs-readme");
  try {
    const [hello] = blocks("js");
    write("hello.js", hello.replace(":8080", `:${server.port}`));
    const child = spawn(process.execPath, [path.join(dir, "hello.js")],
      { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    for await (const part of child.stdout) text += part;
    assert.equal(text, "open\nHello, Ada!\n"
      + "400 [ { field: 'name', error: 'is required' } ]\nclosed\n");
    for (const line of text.trim().split("\n"))
      assert.ok(page.includes(`\`${line}\``), line);
  } finally {
    assert.equal(await server.stop(), 0);
  }
}));

test("nothing is left out", () => {
  const declared = (file) =>
    readFileSync(path.join(here, `dist/${file}.d.ts`), "utf8");
  const options = [...declared("options").matchAll(/^ {4}(\w+)\?: /gm)];
  const names = [...declared("state").matchAll(/"(\w+)"/g),
    ...declared("flamigo_error").matchAll(/^(?: \*\/)?\s*\| "(\w+)"/gm), ...options];
  assert.ok(names.length > 30, `${names.length}`);
  for (const [, name] of names)
    assert.match(page, new RegExp(`\`[^\`\n]*\\b${name}\\b[^\`\n]*\``), name);
  for (const [, member] of declared("flamigo_error")
    .matchAll(/^ {4}readonly (\w+)/gm))
    assert.ok(page.includes(`| \`${member}\``), member);
});
