// The chat example's page in a real browser.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome"].find((path) => existsSync(path));
const skip = executablePath ? false : "there is no Chromium on this machine";

let server, browser;

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

/** A window of its own; each test has rooms of its own. */
async function open(room, name) {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.getByRole("status").filter({ hasText: /^connected$/ }).waitFor();
  await people(page).first().waitFor();
  if (room !== undefined) await join(page, room, name);
  return page;
}

async function join(page, room, name) {
  await page.getByLabel("Room", { exact: true }).fill(room);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join" }).click();
  await people(page).filter({ hasText: name }).first().waitFor();
}

async function say(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

function people(page) {
  return page.getByRole("list", { name: "People in the room" })
    .getByRole("listitem");
}

function messages(page) {
  return page.getByRole("log").getByRole("listitem");
}

/** Waits until the people in the room are these. */
async function expectPeople(page, ...names) {
  await page.waitForFunction((wanted) => {
    const items = document.querySelectorAll("#people li");
    return [...items].map((item) => item.textContent).join() === wanted;
  }, names.join()).catch(() => {});
  assert.deepEqual(await people(page).allInnerTexts(), names);
}

test("the page joins as a guest when it opens", { skip }, async () => {
  const page = await open();
  const name = await page.getByLabel("Your name").inputValue();
  assert.match(name, /^Guest \d{4}$/);
  await expectPeople(page, name);
  await page.close();
});

test("what one window says the other shows at once", { skip }, async () => {
  const ada = await open("two", "Ada");
  const bob = await open("two", "Bob");
  await say(ada, "<b>hello</b>");
  for (const page of [bob, ada]) {
    await messages(page).first().waitFor();
    assert.match(await messages(page).first().innerText(),
      /Ada <b>hello<\/b>$/);
  }
  await say(bob, "hi Ada");
  await messages(ada).nth(1).waitFor();
  await messages(bob).nth(1).waitFor();
  // Both have been answered by now, and nobody shows a message twice.
  await say(ada, "bye");
  for (const page of [ada, bob]) {
    await messages(page).nth(2).waitFor();
    const texts = await messages(page).allInnerTexts();
    assert.deepEqual(texts.map((text) => text.replace(/^.*?(Ada|Bob) /s, "")),
      ["<b>hello</b>", "hi Ada", "bye"]);
  }
  assert.equal(await ada.getByLabel("Message", { exact: true }).inputValue(),
    "");
  await ada.close();
  await bob.close();
});

test("each window sees who comes and who goes", { skip }, async () => {
  const ada = await open("three", "Ada");
  const bob = await open("three", "Bob");
  await expectPeople(ada, "Ada", "Bob");
  await expectPeople(bob, "Ada", "Bob");
  // A second window under the same name is a second member.
  const twin = await open("three", "Bob");
  await expectPeople(ada, "Ada", "Bob", "Bob");
  await twin.close();
  await expectPeople(ada, "Ada", "Bob");
  await join(bob, "elsewhere", "Bob");
  await expectPeople(ada, "Ada");
  await join(bob, "three", "Robert");
  await expectPeople(ada, "Ada", "Robert");
  await bob.close();
  await expectPeople(ada, "Ada");
  await ada.close();
});

test("an error is shown where a person looks", { skip }, async () => {
  const page = await open("four", "Ada");
  await page.getByRole("button", { name: "Send" }).click();
  const problem = page.getByRole("alert");
  await problem.filter({ hasText: "text must not be empty" }).waitFor();
  assert.equal(await page.getByLabel("Message", { exact: true })
    .getAttribute("aria-invalid"), "true");
  // A refused room leaves one where one is, and does not lose what was typed.
  await page.getByLabel("Room", { exact: true }).fill("no/room");
  await say(page, "lost?");
  await problem.filter({ hasText: "room must be of letters" }).waitFor();
  assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(),
    "lost?");
  await expectPeople(page, "Ada");
  await page.close();
});

test("the history is there for the next visitor", { skip }, async () => {
  const page = await open("two", "Eve");
  await messages(page).first().waitFor();
  assert.equal(await messages(page).count(), 3);
  assert.match(await messages(page).first().innerText(), /Ada/);
  await page.close();
});

test("the page says when the server goes, and comes back", { skip }, async () => {
  const page = await open("six", "Ada");
  const says = (text) =>
    page.getByRole("status").filter({ hasText: text }).waitFor();
  const { port } = server;
  // Waited for from before: the page tries again soon.
  const gone = says("3001");
  assert.equal(await server.stop(), 0);
  await gone;
  await expectPeople(page);
  server = await Server.start("flamigo-chat", "--port", String(port));
  await says(/^connected$/);
  await expectPeople(page, "Ada");
  await page.close();
});
