// The publishing API, as a program outside uses it: the curl lines of its page, its
// description by validators that are not ours, and what it answers held against that.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { bin, Server } from "./server.mjs";

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), "flamigo-keys-"));
const file = path.join(folder, "keys");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const key = "a-key-of-the-test";
const line = (name, scopes, text) => `${name} ${scopes} ${sha256(text)}\n`;
const all = "publish,disconnect,presence,history,info,call";

let server;
before(async () => {
  writeFileSync(file, line("test", all, key) + line("reader", "info", "reader"));
  server = await Server.start("flamigo-sse-server", "--api-keys-file", file);
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const api = (what) => `http://127.0.0.1:${server.port}/api/v1/${what}`;

const ask = async (method, what, body, { token = key, type = "application/json" } = {}) => {
  const response = await fetch(api(what), {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": type }),
    },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
};

const news = { topic: "rooms/42", message: { topic: "chat:message", payload: { text: "hi" } } };

test("what is published from outside reaches who has subscribed", async () => {
  const client = await server.connect({ headers: { authorization: "Bearer good" } });
  await client.ask({ topic: "app::websocket:subscribe", payload: { topic: "rooms/42" }, ackId: "1" });
  const sent = await ask("POST", "publish", { ...news, idempotencyKey: "1" });
  assert.deepEqual([sent.status, sent.body], [200, { duplicate: false }]);
  const heard = await client.next();
  assert.equal(heard.topic, "chat:message");
  assert.deepEqual(heard.payload, { text: "hi" });
  const again = await ask("POST", "publish", { ...news, idempotencyKey: "1" });
  assert.deepEqual(again.body, { duplicate: true });
  assert.equal((await ask("POST", "disconnect", { user: "ada" })).status, 200);
  assert.equal((await client.closed).code, 3503);
});

test("the description is one, and the answers are as it says", async () => {
  const { status, body: document } = await ask("GET", "openapi.json", undefined, { token: "" });
  assert.equal(status, 200);
  const checked = await new Validator().validate(structuredClone(document));
  assert.ok(checked.valid, JSON.stringify(checked.errors));

  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: "doc", ...document });
  const met = new Set();
  const holds = async (method, what, body, options, expected = 200) => {
    const got = await ask(method, what, body, options);
    assert.equal(got.status, expected, JSON.stringify(got.body));
    const place = `/api/v1/${what.split("?")[0]}`;
    const described = document.paths[place][method.toLowerCase()];
    if (expected === 200) met.add(described.operationId);
    const answer = described.responses[expected];
    assert.ok(answer, `${method} ${place} says nothing of ${expected}`);
    const pointer = answer.$ref ? "#/components/schemas/Error"
      : answer.content["application/json"].schema.$ref;
    const check = ajv.compile({ $ref: `doc${pointer}` });
    assert.ok(check(got.body), `${JSON.stringify(got.body)}: ${ajv.errorsText(check.errors)}`);
    return got;
  };
  await holds("POST", "publish", news);
  await holds("POST", "publish/batch", { events: [news, { topic: "" }] });
  await holds("POST", "disconnect", { connection: "nobody" });
  const { body: stands } = await holds("GET", "history?topic=rooms/42");
  await holds("GET", `history?topic=rooms/42&epoch=${stands.epoch}&offset=0`);
  await holds("GET", "info");
  await holds("POST", "call", { topic: "app::t:echo", payload: [1] });
  await holds("GET", "presence?topic=rooms/42", undefined, {}, 404);
  for (const operation of ["publish", "publishBatch", "disconnect", "history", "info", "call"])
    assert.ok(met.has(operation), operation);

  await holds("POST", "publish", {}, {}, 400);
  await holds("POST", "publish", news, { token: "" }, 401);
  await holds("POST", "publish", news, { token: "wrong" }, 401);
  await holds("POST", "publish", news, { token: "reader" }, 403);
  await holds("POST", "publish", " ".repeat(1 << 20) + "{}", {}, 413);
  await holds("POST", "publish", news, { type: "text/plain" }, 415);
  await holds("POST", "call", { topic: "app::t:none" }, {}, 404);
  const { status: wrong, headers, body } = await ask("GET", "publish");
  assert.deepEqual([wrong, headers.get("allow"), body.code], [405, "POST", "method_not_allowed"]);
});

test("the page's curl lines do what it says", async () => {
  const page = readFileSync(new URL("../../docs/publishing.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/```sh\n(curl [^]*?)```\n\n```json\n([^]*?)```/g)];
  assert.ok(blocks.length >= 4);
  for (const [, command, answer] of blocks) {
    const { stdout } = await run("sh", ["-c", command], {
      env: { ...process.env, KEY: key, SERVER: `http://127.0.0.1:${server.port}` },
    });
    // What differs from run to run is `…` there.
    const pattern = answer.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", "[^\"]*");
    assert.match(stdout.trim(), new RegExp(`^${pattern}$`), command);
  }
});

test("SIGHUP reads the keys again, and a mistake changes nothing", async () => {
  assert.equal((await ask("GET", "info", undefined, { token: "new" })).status, 401);
  writeFileSync(file, "rubbish\n");
  process.kill(server.pid, "SIGHUP");
  assert.match(await server.logged("the API keys stay as they were"), /keys:1: a line is/);
  assert.equal((await ask("GET", "info")).status, 200);
  writeFileSync(file, line("test", all, key) + line("new", "info", "new"));
  process.kill(server.pid, "SIGHUP");
  await server.logged("the API keys were read again on SIGHUP: 2");
  assert.equal((await ask("GET", "info", undefined, { token: "new" })).status, 200);
  assert.equal((await ask("GET", "info", undefined, { token: "reader" })).status, 401);
});

test("a file that is wrong ends the start with a sentence and 2", async () => {
  const bad = path.join(folder, "bad");
  writeFileSync(bad, "# keys\nme write 00\n");
  const program = path.join(bin, "flamigo-sse-server");
  for (const [name, sentence] of [[bad, `${bad}:2: "write" is no scope`],
    [path.join(folder, "none"), "--api-keys-file cannot be"]]) {
    const ended = await run(program, ["--port", "0", "--api-keys-file", name])
      .catch((error) => error);
    assert.equal(ended.code, 2);
    assert.ok(ended.stderr.includes(sentence), ended.stderr);
  }
});
