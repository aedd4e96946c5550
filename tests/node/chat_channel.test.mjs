// The chat example's page when the network or the server fails: what was said
// meanwhile, and who is there.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { expectPeople, join, messages, open, say, sayAll, server, skip,
  startServer } from "./chat_page.mjs";
import { TcpProxy } from "./tcp_proxy.mjs";

let proxy;

after(() => proxy?.stop());

/** A window that is cut off by `lose`. */
async function openBehind(room, name) {
  proxy ??= await TcpProxy.start(server.port);
  return open(room, name, undefined, proxy);
}

function says(page, text) {
  return page.getByRole("status").filter({ hasText: text }).waitFor();
}

/** Cuts the network, and waits until the page has seen it. */
async function lose(page) {
  const gone = says(page, /^not connected/);
  proxy.cut();
  await gone;
}

async function texts(page) {
  const all = await messages(page).locator("span").allInnerTexts();
  return all.map((text) => text.replace(/^.* /s, ""));
}

test("what was said while the network was lost comes, and is told", { skip },
  async () => {
    const ada = await openBehind("lost", "Ada");
    const bob = await open("lost", "Bob");
    await say(bob, "before");
    await messages(ada).first().waitFor();
    await lose(ada);
    await expectPeople(ada);
    await expectPeople(bob, "Bob");
    await sayAll("lost", "one", "two", "three");
    proxy.mend();
    await says(ada, /^You missed 3 messages\.$/);
    await says(ada, /^connected$/);
    await expectPeople(ada, "Bob", "Ada");
    await expectPeople(bob, "Bob", "Ada");
    assert.deepEqual(await texts(ada), ["before", "one", "two", "three"]);
    // What comes from now on was not missed.
    await say(bob, "four");
    await messages(ada).nth(4).waitFor();
    await says(ada, /^You missed 3 messages\.$/);
    // Until the person goes on.
    await say(ada, "five");
    await messages(ada).nth(5).waitFor();
    assert.ok(await ada.locator("#missed").isHidden());
    await lose(ada);
    await sayAll("lost", "six");
    proxy.mend();
    await says(ada, /^You missed 1 message\.$/);
    assert.deepEqual((await texts(ada)).slice(4), ["four", "five", "six"]);
    await ada.close();
    await bob.close();
  });

test("what was deleted while the network was lost goes", { skip }, async () => {
  const ada = await openBehind("deleted", "Ada");
  const moderator = await open("deleted", "moderator");
  await say(ada, "spam");
  await messages(moderator).first().waitFor();
  await messages(ada).first().waitFor();
  await lose(ada);
  await moderator.getByRole("button", { name: "Delete message 1" }).click();
  await moderator.getByText("Nothing has been said here yet.").waitFor();
  proxy.mend();
  await ada.getByText("Nothing has been said here yet.").waitFor();
  await says(ada, /^connected$/);
  assert.ok(await ada.locator("#missed").isHidden());
  await ada.close();
  await moderator.close();
});

test("more than the channel keeps is fetched anew", { skip }, async () => {
  const page = await openBehind("long", "Ada");
  await say(page, "before");
  await messages(page).first().waitFor();
  await lose(page);
  await sayAll("long", ...Array.from({ length: 101 }, (_, i) => `${i}`));
  proxy.mend();
  await says(page, /^You may have missed messages\.$/);
  assert.deepEqual(await texts(page),
    Array.from({ length: 100 }, (_, i) => `${i + 1}`));
  await page.close();
});

test("whoever is kept by the browser misses nothing", { skip }, async () => {
  const page = await open("kept", "Ada");
  await say(page, "before");
  await messages(page).first().waitFor();
  await page.evaluate(() => { window.isTheSame = true; });
  await page.goto("about:blank");
  await sayAll("kept", "meanwhile");
  await page.goBack({ waitUntil: "commit" });
  assert.equal(await page.evaluate(() => window.isTheSame), true);
  await says(page, /^You missed 1 message\.$/);
  assert.deepEqual(await texts(page), ["before", "meanwhile"]);
  await page.close();
});

/** Another server in place of this one, which the pages see go. */
async function restart(pages, ...args) {
  const gone = pages.map((page) => says(page, "3001"));
  const { port } = server;
  assert.equal(await server.stop(), 0);
  await Promise.all(gone);
  await startServer("--port", String(port), ...args);
}

test("another server knows nothing of it, which is told", { skip }, async () => {
  const ada = await openBehind("epoch", "Ada");
  const bob = await openBehind("epoch", "Bob");
  await say(ada, "before");
  for (const page of [ada, bob]) await messages(page).first().waitFor();
  await restart([ada, bob]);
  for (const page of [ada, bob]) {
    await says(page, /^You may have missed messages\.$/);
    await page.getByText("Nothing has been said here yet.").waitFor();
    await page.locator("#people li").nth(1).waitFor();
  }
  await say(ada, "after");
  await messages(bob).first().waitFor();
  // The positions are those of the new server.
  await lose(ada);
  await sayAll("epoch", "meanwhile");
  proxy.mend();
  await says(ada, /^You missed 1 message\.$/);
  assert.deepEqual(await texts(ada), ["after", "meanwhile"]);
  await ada.close();
  await bob.close();
});

test("whoever may be in a room no longer is told, and sees nothing", { skip },
  async () => {
    await restart([], "--moderators=Ada,Grace");
    const ada = await open("staff", "Ada");
    const grace = await open("staff", "Grace");
    await say(ada, "secret");
    await messages(ada).first().waitFor();
    await expectPeople(ada, "Ada", "Grace");
    await restart([ada, grace], "--moderators=Grace");
    // As it comes back.
    await ada.getByRole("alert")
      .filter({ hasText: 'you need the permission "chat:moderate"' }).waitFor();
    await expectPeople(ada);
    assert.equal(await messages(ada).count(), 0);
    await expectPeople(grace, "Grace");
    await join(ada, "elsewhere", "Ada");
    await expectPeople(ada, "Ada");
    await ada.close();
    await grace.close();
  });
