// The live view in a browser: a slow consumer comes up, and is kicked.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { executablePath, skip } from "./chromium.mjs";
import { freePort } from "./proxies.mjs";
import { Client, Server } from "./server.mjs";

const key = randomBytes(32).toString("hex");
const other = randomBytes(32).toString("hex");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const folder = mkdtempSync(path.join(os.tmpdir(), "flamigo-admin-"));
const keys = path.join(folder, "keys.txt");
let server;
let port;
let browser;

before(async () => {
  writeFileSync(keys, `ops admin ${sha256(key)}\nmonitor info ${sha256(other)}\n`);
  port = await freePort();
  server = await Server.start("flamigo-metrics-server",
    "--metrics-port", String(port), "--api-keys-file", keys,
    // Whoever is slow stays for as long as the test looks at it.
    "--max-backlog-bytes", "268435456", "--backlog-timeout", "10min",
    "--ping-interval", "10min");
  if (!skip)
    browser = await chromium.launch({ executablePath,
      args: ["--no-sandbox", "--disable-gpu"] });
});

after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0);
  rmSync(folder, { recursive: true });
});

/** Calls a strategy and waits for what answers it, whatever else comes. */
async function call(client, topic, payload) {
  const ackId = `${topic} ${Math.random()}`;
  client.say({ topic, payload, ackId });
  let answer;
  do answer = await client.next();
  while (answer.ackId !== ackId);
  return answer;
}

async function connect() {
  const client = await server.connect();
  await call(client, "app::websocket:auth", { token: "good" });
  return client;
}

/** The page, after whatever key was shown. */
async function open(shown, options) {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(30_000);
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (line) =>
    line.type() === "error" && page.problems.push(line.text()));
  await page.goto(`http://127.0.0.1:${port}/admin/`);
  await page.getByLabel("API key").fill(shown);
  await page.getByRole("button", { name: "Look inside" }).click();
  return page;
}

const section = (page, name) => page.getByRole("region", { name });

function status(path, headers) {
  return new Promise((resolve, reject) => {
    http.get({ port, path, headers }, (res) => {
      res.resume();
      resolve(res.statusCode);
    }).on("error", reject);
  });
}

test("a terminal can ask what the page asks", async () => {
  const url = `ws://127.0.0.1:${port}/admin/ws`;
  const terminal = await Client.open(url,
    { headers: { Authorization: `Bearer ${key}` } });
  const { payload } = await call(terminal, "app::admin:domains", null);
  assert.equal(payload.domains[0].name, "app::desk");
  await terminal.close();
  const wrong = await Client.open(url,
    { headers: { Authorization: `Bearer ${other}` } });
  assert.equal((await wrong.next()).payload.status, 403);
  assert.equal((await call(wrong, "app::admin:domains", null)).payload.status, 401);
  await wrong.close();
});

test("pages of others get nothing, by whatever name they come", async () => {
  const url = `ws://127.0.0.1:${port}/admin/ws`;
  await assert.rejects(Client.open(url, { origin: "http://evil.example" }),
    /403/);
  const rebound = { Host: `evil.example:${port}` };
  await assert.rejects(Client.open(url, { headers: rebound,
    origin: `http://evil.example:${port}` }), /421/);
  assert.equal(await status("/admin/", rebound), 421);
  assert.equal(await status("/admin/", { Host: `localhost:${port}` }), 200);
  assert.equal(await status("/admin", {}), 308);
});

test("a key that is none is told of, and another one may be shown", { skip },
  async () => {
    const page = await open("nonsense");
    const alert = page.getByRole("alert").filter({ visible: true });
    await alert.filter({ hasText: "this is no key of this server" }).waitFor();
    await page.getByLabel("API key").fill(other);
    await page.getByRole("button", { name: "Look inside" }).click();
    await alert.filter({ hasText: 'has not got the scope' }).waitFor();
    assert.equal(await page.locator("main").isVisible(), false);
    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Look inside" }).click();
    await section(page, "Domains").getByText("app::desk").waitFor();
    assert.deepEqual(page.problems, []);
    await page.close();
  });

test("a slow consumer comes up first, and is kicked", { skip }, async () => {
  const page = await open(key);
  const table = section(page, "Connections");
  const fast = await connect();
  const slow = await connect();
  await call(slow, "app::websocket:subscribe", { topic: "rooms/1" });
  const idle = await connect();
  await table.getByText("3 of 3").waitFor();
  // It reads nothing any more, and all that is said in its room waits for it.
  slow.ws.pause();
  const backlog = table.locator("tbody tr").first().locator("td.number.bad");
  do
    await call(fast, "app::test:post", { text: "x".repeat(60_000) });
  while (await backlog.count() === 0);
  assert.match(await backlog.innerText(), /^[\d.]+ [KM]?i?B$/);
  const first = table.locator("tbody tr").first();
  const id = await first.locator("summary").innerText();
  page.on("dialog", (dialog) => dialog.accept());
  await first.getByRole("button", { name: `Kick ${id}` }).click();
  await server.logged(`connection ${id} is disconnected by the key "ops"`);
  slow.ws.resume();
  assert.equal((await slow.closed).code, 3503);
  await table.getByText("2 of 2").waitFor();
  assert.equal(await table.getByText(id).count(), 0);
  assert.deepEqual(page.problems, []);
  for (const client of [fast, idle]) await client.close();
  await page.close();
});

test("errors and strategies are there, and nothing of them is markup", { skip },
  async () => {
    const page = await open(key);
    const client = await connect();
    await call(client, "app::test:throw", null);
    await call(client, "app::<b>:bold", null);
    const errors = section(page, "Recent errors");
    await errors.getByText("internal: ").first().click();
    await errors.getByText("call strategy(app::test:throw)").first().waitFor();
    await errors.getByLabel("those of clients, too").check();
    await errors.getByText('there is no strategy "app::<b>:bold"').first()
      .waitFor();
    assert.equal(await page.locator("main b").count(), 0);
    const row = section(page, "Strategies").locator("tr")
      .filter({ hasText: "app::test:throw" });
    await row.getByText("100 %").or(row.locator("td.bad")).first().waitFor();
    // The level of one connection, and of no other.
    const level = section(page, "Connections").getByLabel("Log level");
    await level.selectOption("debug");
    await server.logged("is logged from debug up");
    await call(client, "app::test:echo", 1);
    await server.logged("requests app::test:echo");
    assert.deepEqual(page.problems, []);
    await client.close();
    await page.close();
  });

test("it fits a telephone", { skip }, async () => {
  const client = await connect();
  const page = await open(key, { viewport: { width: 400, height: 800 } });
  await section(page, "Connections").getByText("1 of 1").waitFor();
  const wide = await page.evaluate(() =>
    document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false);
  await client.close();
  await page.close();
});
