// Files of a directory, through Node, curl and Chromium: the chat's page while
// somebody changes it.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync,
  writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { executablePath, skip } from "./chromium.mjs";
import { Server, bin } from "./server.mjs";

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), "flamigo-files-"));
const web = path.join(folder, "web");
let server;

before(async () => {
  cpSync(fileURLToPath(new URL("../../examples/chat/web", import.meta.url)), web,
    { recursive: true });
  writeFileSync(path.join(folder, "secret"), "nobody's");
  symlinkSync(path.join(folder, "secret"), path.join(web, "link.txt"));
  writeFileSync(path.join(web, "large.txt"), "0123456789".repeat(100_000));
  writeFileSync(path.join(web, "large.txt.gz"),
    gzipSync(readFileSync(path.join(web, "large.txt"))));
  server = await Server.start("flamigo-chat", "--web", web);
});

after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const url = (name) => `http://127.0.0.1:${server.port}${name}`;

/** In the way that loses nothing of what is served meanwhile. */
function replace(name, change) {
  const text = readFileSync(path.join(web, name), "utf8");
  writeFileSync(path.join(folder, "next"), change(text));
  renameSync(path.join(folder, "next"), path.join(web, name));
}

test("a change of the page shows when it is loaded again", { skip }, async () => {
  const browser = await chromium.launch({ executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  try {
    const page = await browser.newPage();
    await page.goto(url("/"));
    await page.waitForSelector("input");
    const before = await page.title();
    replace("index.html", (text) =>
      text.replace(/<title>[^<]*</, "<title>another one<"));
    replace("chat.css", (text) => `${text}\nbody { --changed: 7 }\n`);
    await page.reload();
    assert.notEqual(before, "another one");
    assert.equal(await page.title(), "another one");
    assert.equal(await page.evaluate(() =>
      getComputedStyle(document.body).getPropertyValue("--changed").trim()), "7");
  } finally {
    await browser.close();
  }
});

test("what has not changed is not sent again", async () => {
  const first = await fetch(url("/chat.js"));
  assert.equal(first.headers.get("content-type"),
    "text/javascript; charset=utf-8");
  const etag = first.headers.get("etag");
  const again = await fetch(url("/chat.js"),
    { headers: { "If-None-Match": etag } });
  assert.equal(again.status, 304);
  replace("chat.js", (text) => `${text}\n// changed\n`);
  const changed = await fetch(url("/chat.js"),
    { headers: { "If-None-Match": etag } });
  assert.equal(changed.status, 200);
  assert.match(await changed.text(), /\/\/ changed\n$/);
});

test("curl goes on with a part, and takes what is compressed", async () => {
  const out = path.join(folder, "out");
  const whole = readFileSync(path.join(web, "large.txt"));
  writeFileSync(out, whole.subarray(0, 999_990));
  await run("curl", ["-sSf", "-C", "-", "-o", out, url("/large.txt")]);
  assert.deepEqual(readFileSync(out), whole);
  const { stdout } = await run("curl", ["-sSf", "--compressed", "-o", out, "-w",
    "%{size_download}", url("/large.txt")]);
  assert.deepEqual(readFileSync(out), whole);
  assert.ok(Number(stdout) < 20_000, `${stdout} bytes were sent`);
});

test("nothing outside of the directory is served", async () => {
  for (const name of ["/link.txt", "/../secret", "/%2e%2e/secret",
    "/..%2fsecret", "/x/../../secret"]) {
    const { stdout } = await run("curl", ["-sS", "--path-as-is", "-w",
      "\n%{http_code}", url(name)]);
    assert.match(stdout, /\n40[04]$/, name);
    assert.doesNotMatch(stdout, /nobody/, name);
  }
});

test("a directory that is none is told at the start", () => {
  const { status, stderr } = spawnSync(path.join(bin, "flamigo-chat"),
    ["--port", "0", "--web", path.join(folder, "none")], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /^--web: the directory ".*none" /m);
});
