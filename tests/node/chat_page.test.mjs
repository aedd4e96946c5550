// The chat example's page: rooms, people, messages and errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectPeople, join, messages, open, people, say, sayAll, server, skip,
  startServer } from "./chat_page.mjs";

/** Whether the log shows its last line. */
function atEnd(page) {
  return page.getByRole("log").evaluate((log) =>
    log.scrollHeight > log.clientHeight
    && log.scrollHeight - log.clientHeight - log.scrollTop < 2);
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
  // A second window of somebody is nobody new, and is as good as the first.
  const twin = await open("three", "Bob");
  await expectPeople(twin, "Ada", "Bob");
  await join(bob, "elsewhere", "Bob");
  await expectPeople(bob, "Bob");
  await expectPeople(ada, "Ada", "Bob");
  await twin.close();
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
  await startServer("--port", String(port));
  await says(/^connected$/);
  await expectPeople(page, "Ada");
  await page.close();
});

test("the log stays at its end when an error is shown", { skip }, async () => {
  const page = await open("thirteen", "Ada");
  await sayAll("thirteen", ...Array.from({ length: 60 }, (_, i) => `no ${i}`));
  await messages(page).nth(59).waitFor();
  assert.ok(await atEnd(page));
  const problem = page.getByRole("alert");
  await page.getByRole("button", { name: "Send" }).click();
  await problem.waitFor();
  assert.ok(await atEnd(page), "with an error");
  // It goes when the person tries again. The answer lists the messages anew.
  await messages(page).first().evaluate((item) => item.id = "before");
  await page.getByRole("button", { name: "Join" }).click();
  await problem.waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.getElementById("before") === null);
  await messages(page).nth(59).waitFor();
  assert.ok(await atEnd(page), "without it");
  // Whoever reads further up is left there.
  await page.getByRole("log").evaluate((log) => log.scrollTop = 0);
  await page.getByRole("button", { name: "Send" }).click();
  await problem.waitFor();
  assert.equal(await page.getByRole("log").evaluate((log) => log.scrollTop), 0);
  await page.close();
});
