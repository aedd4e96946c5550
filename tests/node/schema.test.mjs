// What the binder takes and what Ajv takes by our schemas is the same: for random
// types, and random documents that are valid or nearly so. Where it cannot be,
// docs/schemas.md lists it, and there is a test for each here.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Documents, randomOf, textOf } from "./schema_documents.mjs";
import { bin } from "./server.mjs";

const ajv = new Ajv2020({ strict: true, discriminator: true });
addFormats.default(ajv, ["date", "date-time"]);

/** The program, which is asked by lines. */
class Reader {
  constructor() {
    this.child = spawn(path.join(bin, "flamigo-schema-program"),
      { stdio: ["pipe", "pipe", "inherit"] });
    this.rest = "";
    this.lines = [];
    this.child.stdout.setEncoding("utf8").on("data", (data) => {
      const lines = (this.rest + data).split("\n");
      this.rest = lines.pop();
      this.lines.push(...lines);
      this.look?.();
    });
  }

  async line() {
    while (this.lines.length === 0)
      await new Promise((resolve) => { this.look = resolve; });
    return this.lines.shift();
  }

  async types() {
    const result = [];
    for (;;) {
      const line = await this.line();
      if (line === "") return result;
      result.push({ index: result.length, ...JSON.parse(line) });
    }
  }

  /** The answers to many documents of one type. */
  async read(type, texts) {
    this.child.stdin.write(texts.map((text) => `${type.index} ${text}\n`).join(""));
    const result = [];
    for (const _ of texts) result.push(await this.line());
    return result;
  }

  async taken(type, text) {
    return (await this.read(type, [text]))[0].startsWith("yes ");
  }
}

let reader, types;
before(async () => {
  reader = new Reader();
  types = await reader.types();
});
after(() => reader.child.stdin.end());

const named = (name) => types.find((type) => type.name === name);

// Of these a schema tells less than the binder knows; see the differences.
const told = ({ name }) => !["set<float>", "set<time>", "span"].includes(name);

// The one difference that a random document can run into, with a time.
const outOfRange = /^no \[(\{"field":"[^"]*","error":"must be (between 1677-|in the years)[^"]*"\},?)+\]$/;

test("there are many types", () => assert.ok(types.length > 100));

test("valid documents, and nearly valid ones", { timeout: 280_000 }, async () => {
  let taken = 0, refused = 0;
  for (const type of types.filter(told)) {
    const takes = ajv.compile(type.input);
    const gives = ajv.compile(type.output);
    const documents = new Documents(type.input, randomOf(type.index + 1));
    const texts = Array.from({ length: 400 }, (_, i) =>
      textOf(i % 4 ? documents.nearly() : documents.valid()));
    const answers = await reader.read(type, texts);
    const written = [];
    answers.forEach((answer, i) => {
      const is = `${type.name}: ${texts[i]}\n${answer}`;
      const valid = takes(JSON.parse(texts[i]));
      if (i % 4 === 0) assert.ok(valid, `${is}\n${ajv.errorsText(takes.errors)}`);
      if (outOfRange.test(answer)) return;
      assert.equal(answer.startsWith("yes "), valid,
        `${is}\n${ajv.errorsText(takes.errors)}`);
      if (!valid) { ++refused; return; }
      ++taken;
      written.push(answer.slice(4));
      // What is given is as its own schema says.
      assert.ok(gives(JSON.parse(written.at(-1))),
        `${is}\n${ajv.errorsText(gives.errors)}`);
    });
    // And can be taken again.
    for (const answer of await reader.read(type, written))
      assert.match(answer, /^yes /);
  }
  assert.ok(taken > 10_000 && refused > 10_000, `${taken} taken, ${refused} refused`);
});

test("defaults are valid", () => {
  for (const type of types)
    for (const schema of Object.values(type.input.$defs ?? {}))
      for (const member of Object.values(schema.properties ?? {}))
        if ("default" in member) {
          const whole = { ...member, $defs: type.input.$defs };
          assert.ok(ajv.validate(whole, member.default), JSON.stringify(member));
        }
});

describe("what differs", () => {
  const differs = (title, name, text, ours, theirs) =>
    test(title, async () => {
      const type = named(name);
      assert.ok(type, `there is no type ${name}`);
      assert.equal(await reader.taken(type, text), ours, `we: ${text}`);
      const takes = ajv.compile(type.input);
      assert.equal(takes(JSON.parse(text)), theirs, `Ajv: ${text}`);
    });

  differs("an integer just above 64 bits", "int64", "9223372036854775808", false, true);
  differs("one without a sign", "uint64", "18446744073709551616", false, true);
  differs("a fraction that a double does not have", "int32",
    "1.00000000000000000001", false, true);
  differs("a fraction behind a large integer", "int64", "9007199254740993.5", false, true);
  differs("a number so small that a double has none", "int32", "1e-400", false, true);
  differs("a member twice", "leaf", '{"text":"a","text":"b"}', false, true);
  differs("a key twice", "map<string, query>",
    '{"a":{"text":""},"a":{"text":""}}', false, true);
  differs("half of a pair of surrogates", "string", '"\\ud800"', false, true);
  differs("more than 128 levels", "json",
    "[".repeat(129) + "]".repeat(129), false, true);
  differs("rules of a struct's own", "span", '{"from":2,"to":1}', false, true);
  differs("a set of what is rounded", "set<float>", "[0.1,0.10000000001]", false, true);
  differs("a set of one time in two ways", "set<time>",
    '["2026-01-01T00:00:00Z","2026-01-01T01:00:00+01:00"]', false, true);

  differs("a time that is in the year 10000 in UTC", "time",
    '"9999-12-31T23:59:59-01:00"', false, true);
  test("a time that nanoseconds in 64 bits cannot tell", async () => {
    const text = '"2300-01-01T00:00:00Z"';
    const taken = [];
    for (const type of types.filter((each) => each.name === "time"))
      taken.push(await reader.taken(type, text));
    assert.ok(taken.includes(false) && taken.includes(true));
  });
});

describe("what does not differ", () => {
  const same = (title, name, text, both) =>
    test(title, async () => {
      const type = named(name);
      assert.ok(type, `there is no type ${name}`);
      assert.equal(await reader.taken(type, text), both, `we: ${text}`);
      assert.equal(ajv.compile(type.input)(JSON.parse(text)), both, `Ajv: ${text}`);
    });

  same("an integer with an exponent", "int8", "1.27e2", true);
  same("the limit of a float", "float", "3.4028235677973362e38", true);
  same("what is past it", "float", "3.4028235677973367e38", false);
  same("a number past a double", "double", "1e400", false);
  same("bits of base64 that nobody needs", "bytes", '"AB=="', false);
  same("a leap second", "time", '"2016-12-31T23:59:60Z"', false);
  same("an offset without a colon", "time", '"2026-01-01T00:00:00+0100"', false);
  same("the 29th of February", "date", '"1900-02-29"', false);
  same("zero with a sign in a set", "set<int32>", "[0,-0]", false);
  same("null where there may be nothing", "query", '{"text":"","after":null}', true);
  same("null where there is a default", "query", '{"text":"","limit":null}', false);
});
