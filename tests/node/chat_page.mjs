// The chat example's page in a real browser, for the tests of it.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { executablePath, skip } from "./chromium.mjs";
import { Server } from "./server.mjs";

export { skip };
export let server;
let browser;

const client = fileURLToPath(new URL(
  "node_modules/socket.io-client/dist/socket.io.esm.min.js", import.meta.url));

/** A server in place of the one that is gone. */
export async function startServer(...args) {
  server = await Server.start("flamigo-chat", "--socket-io-client", client,
    ...args);
}

before(async () => {
  if (skip) return;
  await startServer();
  browser = await chromium.launch({
    executablePath,
    // Pages are kept for the way back, as people have it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update",
      "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/**
 * A window of its own; each test has rooms of its own. `prepare` is called
 * before the page is loaded, from the server or what stands in front of it: the
 * first page, or the one of Socket.IO.
 */
export async function open(room, name, prepare = () => {},
  { port = server.port, path = "/" } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await prepare(page);
  await page.goto(`http://127.0.0.1:${port}${path}`);
  await page.getByRole("status").filter({ hasText: /^connected$/ }).waitFor();
  await people(page).first().waitFor();
  if (room !== undefined) await join(page, room, name);
  return page;
}

export async function join(page, room, name) {
  await page.getByLabel("Room", { exact: true }).fill(room);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join" }).click();
  await people(page).filter({ hasText: name }).first().waitFor();
}

export async function say(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

export function people(page) {
  return page.getByRole("list", { name: "People in the room" })
    .getByRole("listitem");
}

export function messages(page) {
  return page.getByRole("log").getByRole("listitem");
}

/** Somebody who posts and has no page. */
export async function sayAll(room, ...texts) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/login`,
    { method: "POST", body: JSON.stringify({ name: "Bot" }) });
  const { token } = await answer.json();
  const client = await server.connect();
  await client.ask({ topic: "app::websocket:auth", payload: { token },
    ackId: 0 });
  for (const text of texts)
    assert.equal((await client.ask({ topic: "app::chat:post",
      payload: { room, text }, ackId: 1 })).topic, "app::chat:post");
  await client.close();
}

/** Waits until the people in the room are these. */
export async function expectPeople(page, ...names) {
  await page.waitForFunction((wanted) => {
    const items = document.querySelectorAll("#people li");
    return [...items].map((item) => item.textContent).join() === wanted;
  }, names.join()).catch(() => {});
  assert.deepEqual(await people(page).allInnerTexts(), names);
}
