// The chat example's page: who one is, and what moderators may do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectPeople, messages, open, say, sayAll, skip }
  from "./chat_page.mjs";

function deleteButtons(page) {
  return page.getByRole("button", { name: /^Delete message/ });
}

// -- users --------------------------------------------------------------------

test("a name that is refused changes nothing", { skip }, async () => {
  const page = await open("seven", "Ada");
  await page.getByLabel("Your name").fill(" ");
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("alert")
    .filter({ hasText: "name must not be empty" }).waitFor();
  assert.equal(await page.getByLabel("Your name").getAttribute("aria-invalid"),
    "true");
  await expectPeople(page, "Ada");
  // What is said under another name says another user.
  await page.getByLabel("Your name").fill("Grace");
  await say(page, "hello");
  await messages(page).filter({ hasText: "Grace hello" }).waitFor();
  await expectPeople(page, "Grace");
  await page.close();
});

test("whoever is in a hurry need not wait to be let in", { skip }, async () => {
  const page = await open("hurry", "Ada", (page) => page.addInitScript(() => {
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        window.opening?.();
      }
    };
  }));
  await page.getByLabel("Your name").fill("Grace");
  await page.getByLabel("Message", { exact: true }).fill("first!");
  await page.evaluate(() => {
    const send = document.querySelector("#post-form button");
    window.opening = () => send.click();
  });
  await page.getByRole("button", { name: "Join" }).click();
  await messages(page).filter({ hasText: "Grace first!" }).waitFor();
  assert.ok(await page.getByRole("alert").isHidden());
  await page.close();
});

test("a token that is refused is followed by another", { skip }, async () => {
  let logins = 0;
  const page = await open("eight", "Ada", (page) =>
    page.route("**/login", async (route) => {
      const response = await route.fetch();
      const session = await response.json();
      if (++logins === 1) session.token += "x";
      await route.fulfill({ response, json: session });
    }));
  // The refused one, the guest's, and two for the change to Ada.
  assert.equal(logins, 4);
  await page.close();
});

test("a token is renewed before it expires", { skip }, async () => {
  const sockets = [];
  const page = await open("nine", "Ada", async (page) => {
    page.on("websocket", (ws) => sockets.push(ws));
    await page.clock.install();
  });
  // The guest's and Ada's.
  assert.equal(sockets.length, 2);
  let shown = 0;
  sockets[1].on("framesent", ({ payload }) => {
    if (JSON.parse(payload).topic === "app::websocket:auth") ++shown;
  });
  const accepted = sockets[1].waitForEvent("framereceived",
    ({ payload }) => payload.includes(`"success":true`));
  // After so long it asks whether the server is there, and does not wait for ever.
  const alive = sockets[1].waitForEvent("framereceived");
  await page.clock.fastForward(700_000);
  await alive;
  assert.equal(shown, 0);
  // 80 % of 900 s have passed.
  await page.clock.fastForward(21_000);
  await accepted;
  assert.equal(shown, 1);
  await say(page, "still here");
  await messages(page).filter({ hasText: "Ada still here" }).waitFor();
  assert.equal(sockets.length, 2);
  await page.close();
});

test("a connection ends with its token, and comes back", { skip }, async () => {
  const sockets = [];
  const page = await open("ten", "Ada", (page) =>
    page.routeWebSocket("**/ws", (ws) => {
      ws.connectToServer();
      sockets.push(ws);
    }));
  const renewed = page.waitForResponse("**/login");
  await sockets.at(-1).close({ code: 3005, reason: "expired" });
  await renewed;
  await page.getByRole("status").filter({ hasText: /^connected$/ }).waitFor();
  await expectPeople(page, "Ada");
  await page.close();
});

// -- moderators ---------------------------------------------------------------

test("what a moderator deletes is gone in each window", { skip }, async () => {
  const ada = await open("eleven", "Ada");
  const moderator = await open("eleven", "moderator");
  await say(ada, "spam");
  await say(ada, "ham");
  for (const page of [ada, moderator])
    await messages(page).nth(1).waitFor();
  assert.equal(await deleteButtons(ada).count(), 0);
  assert.equal(await deleteButtons(moderator).count(), 2);
  // With the keyboard, which does not lose its place.
  const button = moderator.getByRole("button", { name: "Delete message 1" });
  await button.focus();
  await moderator.keyboard.press("Enter");
  for (const page of [ada, moderator]) {
    await messages(page).filter({ hasText: "spam" })
      .waitFor({ state: "detached" });
    assert.equal(await messages(page).count(), 1);
  }
  assert.equal(await moderator.locator(":focus").getAttribute("id"), "log");
  await moderator.getByRole("button", { name: "Delete message 2" }).click();
  await ada.getByText("Nothing has been said here yet.").waitFor();
  // Whoever comes later does not see them either.
  const late = await open("eleven", "Eve");
  assert.equal(await messages(late).count(), 0);
  for (const page of [ada, moderator, late]) await page.close();
});

test("a message that is gone already cannot be deleted", { skip }, async () => {
  const page = await open("twelve", "moderator");
  await sayAll("twelve", ...Array.from({ length: 101 }, (_, i) => `no ${i}`));
  await messages(page).nth(100).waitFor();
  // The server has forgotten the first one, which the page still shows.
  await page.getByRole("button", { name: "Delete message 1", exact: true })
    .click();
  await page.getByRole("alert")
    .filter({ hasText: "message 1 is not there any more" }).waitFor();
  await page.close();
});
