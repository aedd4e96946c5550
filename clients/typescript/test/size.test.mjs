// What a page has to load for it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * Bytes when it is compressed: by Node's own zlib, which is not everybody's, and by
 * gzip where there is one, whichever makes more.
 */
function compressed(input) {
  const { status, stdout } = spawnSync("gzip", ["-9n"], { input });
  return Math.max(gzipSync(input, { level: 9 }).length,
    status === 0 ? stdout.length : 0);
}

/** Bytes of a module with all that it imports, minified, and compressed. */
export async function sizeOf(what, more = {}) {
  const { outputFiles } = await build({ entryPoints: [what], bundle: true,
    minify: true, format: "esm", target: "es2022", platform: "browser",
    write: false, legalComments: "none", ...more });
  return compressed(outputFiles[0].contents);
}

const local = (path) => fileURLToPath(new URL(path, import.meta.url));

test("the whole client is 6 KiB, the hooks not 1 KiB more", async (t) => {
  const size = await sizeOf(local("../dist/index.js"));
  t.diagnostic(`client: ${size} bytes`);
  assert.ok(size <= 6 * 1024, `${size} bytes`);
  const hooks = await sizeOf(local("../dist/react/index.js"),
    { external: ["react"] });
  t.diagnostic(`hooks: ${hooks} bytes`);
  assert.ok(hooks <= 1024, `${hooks} bytes`);
});

test("it is not half of what others are", async (t) => {
  const size = await sizeOf(local("../dist/index.js"));
  for (const other of ["socket.io-client", "centrifuge", "@microsoft/signalr"]) {
    const theirs = await sizeOf(other, { absWorkingDir: local("..") });
    t.diagnostic(`${other}: ${theirs} bytes`);
    assert.ok(size * 2 <= theirs, `${other}: ${theirs} bytes`);
  }
});

test("the page says how large they are", async () => {
  const page = await readFile(local("../../../docs/client.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([^`]+)` [\d.]+ \| ([\d,]+) \|/gm)];
  assert.equal(rows.length, 4);
  for (const [, name, bytes] of rows) {
    const size = await sizeOf(name === "@flamigo/client"
      ? local("../dist/index.js") : name, { absWorkingDir: local("..") });
    assert.ok(Math.abs(size - Number(bytes.replace(",", ""))) <= size / 50,
      `${name}: ${size}`);
  }
});

test("it needs nothing", async () => {
  const { dependencies } = JSON.parse(await readFile(local("../package.json")));
  assert.equal(dependencies, undefined);
});
