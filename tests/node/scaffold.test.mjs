// Every project that `flamigo init` can make, as its user has it: generate,
// build without a warning, run its tests, start it, talk to it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync }
  from "node:fs";
import http from "node:http";
import path from "node:path";
import { describe, test } from "node:test";
import { chromium } from "playwright-core";
import { executablePath } from "./chromium.mjs";
import { Nats } from "./nats.mjs";
import { Server } from "./server.mjs";

const tool = path.join(process.env.FLAMIGO_BIN, "flamigo");
const work = process.env.FLAMIGO_WORK;
// Always the same place: what two projects have in common, a compiler cache has
// compiled already.
const shop = path.join(work, "shop");

const env = {
  ...process.env,
  CMAKE_PREFIX_PATH: process.env.FLAMIGO_PREFIX,
  CMAKE_BUILD_TYPE: "Debug",
  CMAKE_CXX_COMPILER_LAUNCHER: compilerCache(),
  // Without what a debugger needs: that is most of the time.
  CXXFLAGS: "-g0 -Werror",
  // scripts/check asks the tool.
  PATH: `${process.env.FLAMIGO_BIN}:${process.env.PATH}`,
  // What npm has fetched once will do.
  npm_config_prefer_offline: "true",
};
delete env.APP_ENV;
const inShop = { cwd: shop, env };

function compilerCache() {
  try {
    execFileSync("ccache", ["--version"]);
    return "ccache";
  } catch {
    return "";
  }
}

function run(program, args, options = inShop) {
  try {
    return execFileSync(program, args,
      { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], ...options });
  } catch (error) {
    // Where ninja says what the compiler has said.
    error.message += `\n${error.stdout?.slice(-8_000)}`;
    throw error;
  }
}

function make(features) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  run(tool, ["init", "shop", "--with", features.join(",") || "none"],
    { cwd: work });
}

/** Talks to the project that was made; it is stopped whatever happens. */
async function serve(body) {
  const server = await Server.run(path.join(shop, "build/shop"), inShop);
  try {
    await body(server);
  } finally {
    assert.equal(await server.stop(), 0);
  }
}

// -- what a project does -------------------------------------------------------

async function checkHttp(server) {
  const health = await fetch(`http://127.0.0.1:${server.port}/health`);
  assert.deepEqual([health.status, await health.text()], [200, "ok\n"]);
  const ready = await fetch(`http://127.0.0.1:${server.port}/ready`);
  assert.deepEqual([ready.status, await ready.text()], [200, "ready\n"]);
}

async function logIn(server, client) {
  const ask = { topic: "app::notes:list", ackId: 0 };
  assert.equal((await client.ask(ask)).payload.status, 401);
  const answer = await fetch(`http://127.0.0.1:${server.port}/login`,
    { method: "POST", body: '{"name":"Ada"}' });
  const { token } = await answer.json();
  const reply = await client.ask(
    { topic: "app::websocket:auth", payload: { token }, ackId: 1 });
  assert.equal(reply.payload.success, true);
}

async function checkNotes(client) {
  const note = { id: 1, text: "buy milk" };
  client.say({ topic: "app::notes:add", payload: { text: note.text }, ackId: 2 });
  assert.deepEqual(await client.next(), { topic: "notes:added", payload: note });
  assert.deepEqual((await client.next()).payload, note);
  const list = await client.ask({ topic: "app::notes:list", ackId: 3 });
  assert.deepEqual(list.payload, [note]);
  const refused = await client.ask(
    { topic: "app::notes:add", payload: { text: "" }, ackId: 4 });
  assert.equal(refused.payload.fieldErrors[0].field, "text");
}

async function checkWebSocket(server, features) {
  const client = await server.connect();
  if (features.includes("auth")) await logIn(server, client);
  if (features.includes("example")) return checkNotes(client);
  const reply = await client.ask({ topic: "app::notes:list", ackId: 5 });
  assert.equal(reply.payload.code, "unknown_strategy");
  // Traces are for clients in development, where that is configured.
  assert.equal("trace" in reply.payload, features.includes("config"));
}

/** What `scripts/page build` has made, in a browser. */
async function checkPage(server, features) {
  const url = `http://127.0.0.1:${server.port}/`;
  assert.match(await (await fetch(url)).text(), /<title>shop<[^]*assets/);
  if (!executablePath) return;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByText("open", { exact: true }).waitFor();
    if (!features.includes("example")) return;
    await page.getByLabel("A note").fill("tea");
    await page.keyboard.press("Enter");
    await page.getByRole("listitem").filter({ hasText: /^tea$/ }).waitFor();
    await page.getByRole("button").click();
    await page.getByText("text must not be empty").waitFor();
  } finally {
    await browser.close();
  }
}

/** Two of them that have a NATS server in common. */
async function checkCluster(features) {
  const nats = await Nats.start();
  const nodes = [];
  try {
    for (const name of ["one", "two"])
      nodes.push(await Server.run(path.join(shop, "build/shop"), inShop,
        "--nats-url", nats.url, "--node-name", name));
    for (const [i, other] of ["two", "one"].entries())
      await nodes[i].logged(`node ${other} is there`);
    if (!features.includes("example")) return;
    const writer = await nodes[0].connect();
    const reader = await nodes[1].connect();
    // Until it is known there that somebody reads here.
    const writing = setInterval(() => writer.say(
      { topic: "app::notes:add", payload: { text: "tea" }, ackId: 1 }), 50);
    const { payload } = await reader.next();
    clearInterval(writing);
    assert.equal(payload.text, "tea");
  } finally {
    for (const node of nodes) assert.equal(await node.stop(), 0);
    await nats.stop();
  }
}

function checkListing(features) {
  const listed = run("build/shop", ["--list-strategies"]);
  assert.equal(listed.includes("app::notes:add"), features.includes("example"));
}

// -- all of them ---------------------------------------------------------------

// All by night; else each two of a kind of project, the example and the
// configuration, which is half of them. Where there are clients most have a page.
const all = Boolean(process.env.FLAMIGO_NIGHTLY);
const combinations = [[], ["websocket"], ["websocket", "auth"]].flatMap((base, i) =>
  [[], ["example"]].flatMap((example, j) =>
    [[], ["config"]].filter((_, k) => all || (i + j) % 2 === k)
      .map((config) => [...base, ...pageFor(base, config, example), ...config,
        ...clusterFor(base, config, example), ...example])));

function pageFor(base, config, example) {
  return base.length > 0 && example.length >= config.length ? ["page"] : [];
}

/** One project with what clients are told, and one that has nothing else. */
function clusterFor(base, config, example) {
  return base.length === 1 && example.length > 0
    || base.length === 0 && example.length === 0 && config.length === 0 ? ["cluster"] : [];
}

describe("a project with", () => {
  for (const features of combinations) {
    test(features.join(", ") || "nothing", async () => {
      make(features);
      run("scripts/check", []);
      if (features.includes("page")) run("scripts/page", ["build"]);
      checkListing(features);
      await serve(async (server) => {
        await checkHttp(server);
        if (features.includes("websocket")) {
          await checkWebSocket(server, features);
          if (features.includes("page")) await checkPage(server, features);
        } else {
          await assert.rejects(server.connect(), /404/);
        }
      });
      if (features.includes("cluster")) await checkCluster(features);
    });
  }
});

test("a page does not compile when a member is called otherwise", () => {
  // The last project has one.
  const types = path.join(shop, "page/src/contract.ts");
  const main = path.join(shop, "page/src/main.ts");
  const fails = (program, args, printed) => assert.throws(
    () => run(program, args, { ...inShop, stdio: "pipe" }),
    (e) => e.status !== 0 && printed.test(e.stdout + e.stderr));
  // Types that are not the program's are told of, and are right from then on.
  const right = readFileSync(types, "utf8");
  writeFileSync(types, right.replaceAll('"text"', '"words"'));
  fails("scripts/check", ["-R", "nothing"], /contract\.ts was that of another/);
  assert.equal(readFileSync(types, "utf8"), right);
  for (const name of ["domain/add.hpp", "domain/added.hpp", "domain/item.hpp",
    "app/add.cpp"]) {
    const file = path.join(shop, "domains/notes", name);
    writeFileSync(file, readFileSync(file, "utf8").replace(/\btext\b/g, "words"));
  }
  fails("scripts/page", ["check"], /main\.ts\S* error TS\d+: [^]*'text'/);
  assert.match(readFileSync(types, "utf8"), /"words": string/);
  writeFileSync(main, readFileSync(main, "utf8")
    .replace("{ id, text }", "{ id, words: text }")
    .replace("{ text: field", "{ words: field"));
  run("scripts/page", ["check"]);
});

test("what is added to a project compiles, and its tests pass", () => {
  make(["websocket", "auth", "config"]);
  run(tool, ["add", "domain", "orders"]);
  run(tool, ["add", "strategy", "app::orders:delete"],
    { cwd: path.join(shop, "domains/orders") });
  run(tool, ["add", "event", "sold"]);
  appendFileSync(path.join(shop, "domains/orders/app/delete.cpp"),
    '#include "../domain/sold.hpp"\n');
  const tests = run("scripts/test", []);
  assert.match(tests, /app::orders:delete answers/);
  const routes = run(tool, ["routes"]);
  assert.match(routes, /^app::orders:delete +is_authenticated /m);
  const reach = (who) => run(tool, ["routes", "--as", who]);
  assert.match(reach("user"), /^strategy +app::orders:delete +-$/m);
  assert.doesNotMatch(reach("guest"), /orders/);
  // It is not what was committed, and a sentence says what to do.
  const fails = (args, printed) => assert.throws(
    () => run(tool, args, { ...inShop, stdio: "pipe" }),
    (e) => e.status === 1 && printed.test(e.stdout + e.stderr));
  fails(["routes", "--matrix", "access.txt"],
    /^\+ strategy app::orders:delete -> user$[^]*--write/m);
  run(tool, ["routes", "--matrix", "access.txt", "--write"]);
  run(tool, ["routes", "--matrix", "access.txt"]);
  run(tool, ["contract", "-o", "contract.json"]);
  const contract = JSON.parse(readFileSync(path.join(shop, "contract.json")));
  assert.deepEqual(contract.strategies["app::orders:delete"].access, ["user"]);
  assert.match(run(tool, ["contract", "diff", "contract.json", "contract.json"]),
    /nothing/);
  delete contract.strategies["app::orders:add"];
  writeFileSync(path.join(shop, "less.json"), JSON.stringify(contract));
  fails(["contract", "diff", "contract.json", "less.json"],
    /^breaking +strategy app::orders:add: is gone$/m);
  fails(["contract", "diff", "none.json", "less.json"], /cannot read none.json/);
});

// -- names ----------------------------------------------------------------------

/** Whether the tool takes a name; it says in a sentence why it does not. */
function takes(...args) {
  try {
    run(tool, args, { ...inShop, stdio: "pipe" });
    return true;
  } catch (error) {
    assert.match(error.stderr, /^flamigo: .*(already|cannot be)/, error.stderr);
    return false;
  }
}

/** Every word of the C++ of a project, and those of the outside. */
function trickyNames() {
  const files = run("find", [".", "-name", "*.?pp"]).trim().split("\n");
  const text = files.map((x) => readFileSync(path.join(shop, x), "utf8"));
  return [...new Set([...text.join(" ").match(/[A-Za-z]\w*/g),
    "caf", "boost", "Catch", "linux", "unix", "errno", "assert", "major", "EOF",
    "NULL", "class", "co_await", "main", "size_t", "time", "index", "signal",
    "read", "list", "map", "any", "event", "self", "detail", "websocket"])];
}

test("a name that is taken compiles, whatever it is", () => {
  make(["websocket", "auth", "config", "example"]);
  const names = trickyNames();
  run(tool, ["add", "domain", "orders"]);
  const events = names.filter((x) => takes("add", "event", x, "--domain", "orders"));
  assert.ok(events.length > names.length / 3 && events.includes("event"));
  assert.ok(!events.includes("std") && !events.includes("state"));
  // All of them in one file, within and beside the domain.
  writeFileSync(path.join(shop, "tests/names_test.cpp"),
    ["domains/orders/app/domain.hpp", ...events.map((x) =>
      `domains/orders/domain/${x}.hpp`)].map((x) => `#include "${x}"\n`).join("")
    + "#include <flamigo/testing.hpp>\nnamespace app::orders {\nvoid tell("
    + "flamigo::context& of_test) {\n"
    + events.map((x) => `  (void) of_test.publish(${x}{"text"});\n`).join("") + "}\n}\n"
    + "using namespace app::orders;\n");
  for (const name of ["std", "caf", "http", "configuration", "linux", "websocket"])
    assert.ok(!takes("add", "domain", name), name);
  for (const name of ["domain", "state", "memory_store", "text", "index"])
    assert.ok(takes("add", "domain", name, ...(name === "domain" ? [] : ["--empty"])),
      name);
  for (const name of ["domain", "state", "listeners", "add", "x_"])
    assert.ok(!takes("add", "strategy", `app::orders:${name}`), name);
  for (const name of ["app::orders:std", "app::orders:class", "app::state:domain2",
    "app::state:linux"])
    assert.ok(takes("add", "strategy", name), name);
  assert.match(run("scripts/test", []), /state: can be hosted/);
});

test("the tool says what it can do, and ends with 0", () => {
  assert.match(run(tool, []), /init[^]*add[^]*routes/);
  assert.match(run(tool, ["add"]), /domain[^]*strategy/);
});

// -- in production --------------------------------------------------------------

test("in production there is no secret that everybody knows", () => {
  assert.throws(
    () => run("build/shop", ["--port", "0"],
      { ...inShop, env: { ...env, APP_ENV: "production" }, stdio: "pipe" }),
    (e) => e.status === 2 && /token-secret/.test(e.stderr));
});

test("in production it goes by the names of its configuration", async () => {
  writeFileSync(path.join(shop, "secret"), "s".repeat(64));
  const server = await Server.run(path.join(shop, "build/shop"),
    { ...inShop, env: { ...env, APP_ENV: "production" } },
    "--host=127.0.0.1", "--token-secret-file=secret");
  const status = (host) => new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port: server.port, path: "/health",
      headers: { host }, agent: false }, (res) => {
      res.resume();
      resolve(res.statusCode);
    }).on("error", reject);
  });
  assert.equal(await status(`localhost:${server.port}`), 200);
  assert.equal(await status("127.0.0.1"), 200);
  assert.equal(await status("evil.example"), 421);
  assert.equal(await server.stop(), 0);
});
