// What the README and docs/getting-started.md show of a conversation is what a
// server says.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Server } from "./server.mjs";

const root = new URL("../../", import.meta.url);

/** The lines of the page's conversations: `> ` is said, `< ` is heard. */
async function conversation(page) {
  const text = await readFile(new URL(page, root), "utf8");
  const blocks = text.matchAll(/^```console\n(.*?)^```$/gms);
  const lines = [...blocks].flatMap(([, block]) => block.split("\n"));
  return lines.filter((line) => /^[<>] /.test(line));
}

/** Says and hears all of it; `known` replaces what differs from run to run. */
async function hold(server, page, known = (value) => value) {
  const lines = await conversation(page);
  assert.ok(lines.length > 5, `${page} has no conversation`);
  const client = await server.connect();
  for (const line of lines) {
    const message = JSON.parse(line.slice(2), (_, value) => known(value));
    if (line.startsWith(">")) client.say(message);
    else assert.deepEqual(known(await client.next()), message, line);
  }
  assert.deepEqual(client.heard, [], "the server has said more");
  await client.close();
}

test("getting started", async () => {
  const server = await Server.start("docs-getting-started");
  await hold(server, "docs/getting-started.md");
  assert.equal(await server.stop(), 0);
});

test("the README's program", async () => {
  const server = await Server.start("docs-readme");
  const text = await readFile(new URL("README.md", root), "utf8");
  const [request, reply] = [...text.matchAll(/`(\{"topic":"app::hello.*?\})`/g)]
    .map(([, json]) => JSON.parse(json));
  const client = await server.connect();
  assert.deepEqual(await client.ask(request), reply);
  const { payload } = await client.ask({ ...request, payload: {} });
  assert.deepEqual(payload.fieldErrors, [{ field: "name", error: "is required" }]);
  assert.equal(await server.stop(), 0);
});

test("the README's chat", async () => {
  const server = await Server.start("flamigo-chat");
  const response = await fetch(`http://127.0.0.1:${server.port}/login`, {
    method: "POST",
    body: JSON.stringify({ name: "Ada" }),
  });
  const { token } = await response.json();
  await hold(server, "README.md", (value) => {
    if (typeof value === "string" && value.endsWith("…")) return token;
    if (value?.payload?.time) value.payload.time = "now";
    if (value?.payload?.expiresInMs) value.payload.expiresInMs = "nearly all of it";
    if (value?.payload?.epoch) value.payload.epoch = "of this run";
    return value;
  });
  assert.equal(await server.stop(), 0);
});
