// The chat example's second page, which has the stock client of Socket.IO, in a
// browser beside the first one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Server } from "./server.mjs";
import { expectPeople, join, messages, open, say, sayAll, server, skip,
  startServer } from "./chat_page.mjs";
import { TcpProxy } from "./tcp_proxy.mjs";

const socketIo = { path: "/socketio" };

function says(page, text) {
  return page.getByRole("status").filter({ hasText: text }).waitFor();
}

async function texts(page) {
  const all = await messages(page).locator("span").allInnerTexts();
  return all.map((text) => text.replace(/^\S+ (AM|PM)? ?/s, ""));
}

test("the two pages talk to each other", { skip }, async () => {
  const requests = [];
  const ada = await open("both", "Ada");
  const bob = await open("both", "Bob", (page) => {
    page.on("request", (request) => requests.push(request.url()));
    page.on("websocket", (ws) => requests.push(ws.url()));
  }, socketIo);
  await expectPeople(ada, "Ada", "Bob");
  await expectPeople(bob, "Ada", "Bob");
  await say(ada, "hello");
  await messages(bob).first().waitFor();
  await say(bob, "hi Ada");
  for (const page of [ada, bob]) {
    await messages(page).nth(1).waitFor();
    assert.deepEqual(await texts(page), ["Ada hello", "Bob hi Ada"]);
  }
  // As the client has it: polling first.
  assert.ok(requests.some((url) => /^http:.*transport=polling/.test(url)));
  assert.ok(requests.some((url) => /^ws:.*transport=websocket/.test(url)));
  // Whoever leaves is seen to leave, on either side.
  await join(ada, "elsewhere", "Ada");
  await expectPeople(bob, "Bob");
  await join(ada, "both", "Ada");
  await expectPeople(bob, "Bob", "Ada");
  await bob.close();
  await expectPeople(ada, "Ada");
  await ada.close();
});

test("it is as good with polling alone", { skip }, async () => {
  const ada = await open("polling", "Ada");
  const bob = await open("polling", "Bob",
    (page) => page.addInitScript(() => { delete window.WebSocket; }), socketIo);
  await say(bob, "slowly");
  await messages(ada).first().waitFor();
  await say(ada, "I see");
  await messages(bob).nth(1).waitFor();
  assert.deepEqual(await texts(bob), ["Bob slowly", "Ada I see"]);
  await bob.close();
  await expectPeople(ada, "Ada");
  await ada.close();
});

test("what a moderator deletes goes there, too", { skip }, async () => {
  const bob = await open("clean", "Bob", undefined, socketIo);
  const moderator = await open("clean", "moderator");
  await say(bob, "spam");
  await messages(bob).first().waitFor();
  await moderator.getByRole("button", { name: "Delete message 1" }).click();
  await bob.getByText("Nothing has been said here yet.").waitFor();
  await bob.close();
  await moderator.close();
});

test("it shows errors, and what it may not do", { skip }, async () => {
  const bob = await open("errors", "Bob", undefined, socketIo);
  const problem = bob.getByRole("alert");
  await bob.getByRole("button", { name: "Send" }).click();
  await problem.filter({ hasText: "text must not be empty" }).waitFor();
  await bob.getByLabel("Your name").fill(" ");
  await bob.getByRole("button", { name: "Join" }).click();
  await problem.filter({ hasText: "name must not be empty" }).waitFor();
  await bob.getByLabel("Your name").fill("Bob");
  await bob.getByLabel("Room", { exact: true }).fill("staff");
  await bob.getByRole("button", { name: "Join" }).click();
  await problem
    .filter({ hasText: 'you need the permission "chat:moderate"' }).waitFor();
  await bob.close();
});

test("another name is another connection", { skip }, async () => {
  const ada = await open("names", "Ada");
  const bob = await open("names", "Bob", undefined, socketIo);
  await join(bob, "names", "Robert");
  await expectPeople(ada, "Ada", "Robert");
  await say(bob, "renamed");
  await messages(ada).first().waitFor();
  assert.deepEqual(await texts(ada), ["Robert renamed"]);
  await bob.close();
  await ada.close();
});

test("what was said while the network was lost comes", { skip }, async () => {
  const proxy = await TcpProxy.start(server.port);
  const sent = [];
  const ada = await open("lost", "Ada");
  const bob = await open("lost", "Bob", (page) => {
    page.on("request", (request) => sent.push(request.postData() ?? ""));
    page.on("websocket", (ws) => ws.on("framesent", ({ payload }) => sent.push(payload)));
  }, { ...socketIo, port: proxy.port });
  await say(bob, "before");
  await messages(bob).first().waitFor();
  const gone = says(bob, /^not connected/);
  proxy.cut();
  await gone;
  await expectPeople(ada, "Ada");
  await sayAll("lost", "one", "two");
  sent.length = 0;
  proxy.mend();
  await says(bob, /^connected$/);
  await messages(bob).nth(2).waitFor();
  assert.deepEqual(await texts(bob), ["Bob before", "Bot one", "Bot two"]);
  await expectPeople(ada, "Ada", "Bob");
  await expectPeople(bob, "Ada", "Bob");
  // It has asked for nothing.
  assert.ok(sent.length > 0);
  assert.ok(!sent.some((text) => text.includes("app::")), sent.join("\n"));
  await bob.close();
  await ada.close();
  await proxy.stop();
});

test("it comes back to another server", { skip }, async () => {
  const bob = await open("back", "Bob", undefined, socketIo);
  const { port } = server;
  const gone = says(bob, "3001");
  assert.equal(await server.stop(), 0);
  await gone;
  await startServer("--port", String(port));
  await says(bob, /^connected$/);
  await expectPeople(bob, "Bob");
  await sayAll("back", "welcome");
  await messages(bob).first().waitFor();
  await bob.close();
});

test("without the client it says what is missing", async () => {
  const bare = await Server.start("flamigo-chat");
  const response = await fetch(`http://127.0.0.1:${bare.port}/socketio`);
  assert.equal(response.status, 404);
  assert.match(await response.text(), /npm install socket.io-client/);
  await bare.stop();
});
