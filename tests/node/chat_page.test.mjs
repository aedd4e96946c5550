// The chat example's page in a real browser.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome"].find((path) => existsSync(path));
const skip = executablePath ? false : "there is no Chromium on this machine";

let server, browser, page;

before(async () => {
  if (skip) return;
  server = await Server.start("flamigo-chat");
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update",
      "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens the page and waits until it is connected. */
async function open() {
  page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.getByRole("status").filter({ hasText: /^connected$/ }).waitFor();
}

test("a message is typed, sent and acknowledged", { skip }, async () => {
  await open();
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Message", { exact: true }).fill("<b>hello</b>");
  await page.getByRole("button", { name: "Send" }).click();
  const item = page.locator("#messages li[data-id]:not(.pending)");
  await item.waitFor();
  assert.match(await item.innerText(), /Ada <b>hello<\/b>$/);
  assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(),
    "");
});

test("an error is shown where a person looks", { skip }, async () => {
  await open();
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: "Send" }).click();
  const problem = page.getByRole("alert");
  await problem.waitFor();
  assert.match(await problem.innerText(), /text must not be empty/);
  assert.equal(await page.getByLabel("Message", { exact: true })
    .getAttribute("aria-invalid"), "true");
});

test("the history is there for the next visitor", { skip }, async () => {
  await open();
  const items = page.locator("#messages li");
  await items.first().waitFor();
  assert.equal(await items.count(), 1);
  assert.match(await items.first().innerText(), /Ada/);
});

test("the page says when the server goes", { skip }, async () => {
  await open();
  assert.equal(await server.stop(), 0);
  await page.getByRole("status").filter({ hasText: "3001" }).waitFor();
  server = undefined;
});
