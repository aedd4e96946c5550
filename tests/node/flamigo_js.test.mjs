// flamigo.js, the example's client, where it meets its surroundings: a page that
// the browser keeps for the way back, and Node's own WebSocket.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { expectPeople, open, skip } from "./chat_page.mjs";
import { Server } from "./server.mjs";

const client = readFileSync(
  new URL("../../examples/chat/web/flamigo.js", import.meta.url), "utf8");

// -- in Node ------------------------------------------------------------------

/** A program with `Connection`, as Node runs it, which says one word a line. */
function run(text) {
  const child = spawn(process.execPath, ["--experimental-websocket",
    "--input-type=module", "-e", client + text],
    { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => (await lines.next()).value };
}

async function freePort() {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address();
  taken.close();
  await once(taken, "close");
  return port;
}

test("a server that is not there yet is tried again", { timeout: 30_000 },
  async () => {
    const port = await freePort();
    const { child, next } = run(`
      const c = new Connection("ws://127.0.0.1:${port}/ws");
      c.addEventListener("close", ({ detail: { code, retry } }) =>
        console.log(code, retry));
      c.addEventListener("open", () => { console.log("open"); process.exit(); });`);
    try {
      assert.equal(await next(), "1006 true");
      const late = await Server.start("flamigo-protocol-server", "--port",
        String(port));
      let said;
      do said = await next(); while (said === "1006 true");
      assert.equal(said, "open");
      assert.equal(await late.stop(), 0);
    } finally {
      child.kill();
    }
  });

test("a token that no browser could send is refused with a sentence", async () => {
  const { next } = run(`
    for (const token of ["a=", "a/b", "a b", "", "ä", "a\\n"])
      try {
        new Connection("ws://127.0.0.1:1/ws", { token });
        console.log("taken: " + token);
      } catch (error) {
        if (!/base64url without padding/.test(error.message)) throw error;
      }
    globalThis.WebSocket = class { constructor(url, protocols) {
      console.log(protocols.join()); } };
    new Connection("ws://127.0.0.1:1/ws", { token: "a.b-c_~" });`);
  assert.equal(await next(), "flamigo.v1,bearer.a.b-c_~");
});

// -- in a page ----------------------------------------------------------------

test("a page that is kept has no connection, and gets one when it is shown",
  { skip }, async () => {
    const page = await open("kept", "Ada");
    const watcher = await open("kept", "Bob");
    await expectPeople(watcher, "Ada", "Bob");
    await page.evaluate(() => { window.isTheSame = true; });
    await page.goto("about:blank");
    // Gone while it is kept, for whoever is there.
    await expectPeople(watcher, "Bob");
    // It is not loaded again.
    await page.goBack({ waitUntil: "commit" });
    assert.equal(await page.evaluate(() => window.isTheSame), true,
      "the browser has kept the page");
    await page.getByRole("status").filter({ hasText: /^connected$/ }).waitFor();
    await expectPeople(watcher, "Bob", "Ada");
    await page.close();
    await watcher.close();
  });
