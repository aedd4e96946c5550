// What a program promises, read by tools that are not ours: JSON Schema by Ajv,
// AsyncAPI by its own parser, the types by the compiler of TypeScript.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Server } from "./server.mjs";

const bin = (name) => path.join(process.env.FLAMIGO_BIN, name);
const dir = mkdtempSync(path.join(tmpdir(), "contract-"));
after(() => rmSync(dir, { recursive: true }));
const file = (name) => path.join(dir, name);

const run = (program, ...args) =>
  execFileSync(program, args, { encoding: "utf8" });

const contract = JSON.parse(run(bin("flamigo-chat"), "--contract"));
writeFileSync(file("chat.json"), JSON.stringify(contract));

test("what is served is what is printed", async () => {
  const server = await Server.run(bin("flamigo-chat"), {}, "--serve-contract");
  try {
    const got = await fetch(`http://127.0.0.1:${server.port}/contract.json`);
    assert.equal(got.headers.get("content-type"), "application/json");
    assert.deepEqual(await got.json(), contract);
  } finally {
    await server.stop();
  }
});

test("its schemas are those of the payloads", async () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  addFormats(ajv);
  ajv.addVocabulary(["discriminator"]);
  ajv.addSchema({ $id: "contract", $defs: contract.$defs });
  const fits = (schema, value) => ajv.validate(
    JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"contract#/$defs/')),
    value);
  const { strategies, events } = contract;
  const server = await Server.run(bin("flamigo-chat"), {});
  try {
    const client = await server.connect();
    const login = await fetch(`http://127.0.0.1:${server.port}/login`,
      { method: "POST", body: '{"name":"Ada"}' });
    const ask = async (topic, payload) => {
      const reply = await client.ask({ topic, payload, ackId: 1 });
      assert.equal(fits(strategies[topic].input ?? {}, payload), true, topic);
      assert.equal(fits(strategies[topic].output, reply.payload), true, topic);
      return reply.payload;
    };
    await ask("app::websocket:auth", await login.json());
    await ask("app::websocket:subscribe", { topic: "rooms/a" });
    client.say({ topic: "app::chat:post", payload: { room: "a", text: "hi" }, ackId: 1 });
    const frames = [await client.next(), await client.next()];
    const payload = (topic) => frames.find((each) => each.topic === topic).payload;
    assert.equal(fits(events["chat:message"].payload, payload("chat:message")), true);
    assert.equal(fits(strategies["app::chat:post"].output, payload("app::chat:post")), true);
    await ask("app::chat:history", { room: "a" });
    await ask("app::chat:whoami", null);
    // What does not fit is refused by both.
    for (const payload of [null, {}, { room: "a" }, { room: 1, text: "b" }]) {
      const reply = await client.ask({ topic: "app::chat:post", payload, ackId: 2 });
      assert.equal(reply.payload.code, "invalid_payload");
      assert.equal(fits(strategies["app::chat:post"].input, payload), false);
    }
  } finally {
    await server.stop();
  }
});

test("AsyncAPI's own parser has nothing to say", async () => {
  const text = run(bin("flamigo"), "contract", "--from", file("chat.json"), "--asyncapi");
  const { document, diagnostics } = await new Parser().parse(text);
  assert.deepEqual(diagnostics, []);
  const names = document.operations().all().map((each) => each.title());
  for (const name of Object.keys(contract.strategies))
    assert.ok(names.includes(name), name);
  const post = document.operations().get("app.chat.post");
  assert.deepEqual(post.reply().messages().all().map((each) => each.id()),
    ["app.chat.post.reply", "error"]);
});

test("OpenAPI tells of what is served over plain HTTP", async () => {
  const text = run(bin("flamigo"), "contract", "--from", file("chat.json"), "--openapi");
  const document = JSON.parse(text);
  const checked = await new Validator().validate(structuredClone(document));
  assert.ok(checked.valid, JSON.stringify(checked.errors));
  assert.deepEqual(Object.keys(document.paths), ["/rooms/{room}/history"]);
  const { get } = document.paths["/rooms/{room}/history"];
  assert.deepEqual(get.parameters.map((each) => [each.name, each.in]), [["room", "path"], ["limit", "query"]]);
  // It need not come, but is never null.
  assert.equal(get.parameters[1].schema.type, "integer");
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: "doc", ...document });
  const described = (status) => ajv.getSchema("doc#/paths/~1rooms~1%7Broom%7D~1history/get/responses/"
    + `${status}/content/application~1json/schema`);
  const server = await Server.run(bin("flamigo-chat"), {});
  try {
    const ask = (room) => fetch(`http://127.0.0.1:${server.port}/rooms/${room}/history`);
    const got = await ask("a");
    assert.equal(got.status, 200);
    assert.ok(described(200)(await got.json()));
    const refused = await ask("%20");
    assert.equal(refused.status, 400);
    assert.ok(described(400)(await refused.json()));
  } finally {
    await server.stop();
  }
});

test("a refused channel, and a refused token, end as the contract says", async () => {
  const { strategies, channels } = contract;
  const said = (topic) => strategies[topic].errors.map(({ code }) => code);
  const server = await Server.run(bin("flamigo-chat"), {});
  try {
    const login = async (name) => (await fetch(`http://127.0.0.1:${server.port}/login`,
      { method: "POST", body: JSON.stringify({ name }) })).json();
    const client = await server.connect();
    const fails = async (topic, payload, code) => {
      const reply = await client.ask({ topic: `app::websocket:${topic}`, payload, ackId: 1 });
      assert.equal(reply.payload.code, code);
      assert.ok(said(`app::websocket:${topic}`).includes(code), `${topic}: ${code}`);
    };
    for (const topic of ["subscribe", "presence"]) {
      await fails(topic, { topic: "rooms/a" }, "unauthorized");
      await fails(topic, { topic: "none" }, "unknown_channel");
      await fails(topic, { topic: "" }, "invalid_payload");
    }
    await fails("auth", { token: "bad" }, "unauthorized");
    await client.ask({ topic: "app::websocket:auth", payload: await login("Ada"), ackId: 1 });
    await fails("auth", await login("Bob"), "conflict");
    for (let i = 0; i < 128; ++i)
      await client.ask({ topic: "app::websocket:subscribe", payload: { topic: `rooms/${i}` }, ackId: 1 });
    await fails("subscribe", { topic: "rooms/more" }, "too_many_requests");
  } finally {
    await server.stop();
  }
  assert.ok(channels["rooms/*"], "it is the one of these");
  // What runs before one is in a room may say no as well.
  assert.ok(said("app::websocket:subscribe").includes("room_full"));
  assert.deepEqual(said("app::websocket:unsubscribe"), ["invalid_payload"]);
  assert.deepEqual(said("app::websocket:cancel"), ["invalid_payload"]);
});

test("what does not fit the types does not compile", () => {
  run(bin("flamigo"), "contract", "--from", file("chat.json"), "--typescript",
    "-o", file("contract.ts"));
  writeFileSync(file("page.ts"), `
import type { Contract } from "./contract.js";
type Input<N extends keyof Contract["calls"]> = Contract["calls"][N]["input"];
const post: Input<"app::chat:post"> = { room: "a", text: "hi" };
const history: Input<"app::chat:history"> = { room: "a" };
const failure: Contract["calls"]["app::chat:post"]["errors"] = "too_many_rooms";
const refused: Contract["calls"]["app::websocket:subscribe"]["errors"] = "unknown_channel";
const id: number = 0 as unknown as Contract["calls"]["app::chat:post"]["output"]["id"];
const said = (what: Contract["channels"]["rooms/*"]["events"]["chat:message"]) => what.author;
// @ts-expect-error: a member is missing
const less: Input<"app::chat:post"> = { room: "a" };
// @ts-expect-error: another type
const other: Input<"app::chat:post"> = { room: 1, text: "hi" };
// @ts-expect-error: nobody fails like that
const never: Contract["calls"]["app::chat:post"]["errors"] = "no_such_code";
// @ts-expect-error: the program's alone
type Inside = Contract["calls"]["app::chat:enter"];
export { post, history, failure, refused, id, said, less, other, never, type Inside };
`);
  const tsc = fileURLToPath(import.meta.resolve("typescript/package.json"));
  run(process.execPath, path.join(path.dirname(tsc), "bin/tsc"), "--strict",
    "--noEmit", "--module", "nodenext", file("page.ts"));
});

test("a change of a type is found, and said", () => {
  const changed = structuredClone(contract);
  changed.$defs["chat.post"].required.push("colour");
  changed.$defs["chat.post"].properties.colour = { type: "string" };
  writeFileSync(file("changed.json"), JSON.stringify(changed));
  const diff = (before, after) => {
    try {
      return [0, run(bin("flamigo"), "contract", "diff", file(before), file(after))];
    } catch (error) {
      return [error.status, error.stdout];
    }
  };
  assert.deepEqual(diff("chat.json", "chat.json"), [0, "nothing has changed\n"]);
  assert.deepEqual(diff("chat.json", "changed.json"), [1,
    'breaking    strategy app::chat:post: input: the member "colour" has to be '
    + "there now\n"]);
  assert.throws(() => run(bin("flamigo"), "contract", "--typescript", "diff",
    file("chat.json"), file("chat.json")), ({ status, stderr }) => status === 1
    && stderr === "flamigo: diff compares two contracts as they are: leave out --typescript\n");
  // Whoever sends it still does no harm, but finds nobody who reads it.
  assert.equal(diff("changed.json", "chat.json")[0], 1);
});
