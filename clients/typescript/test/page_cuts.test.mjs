// What cuts.test.mjs does to a client in Node, to one in a page of Chromium: its
// WebSocket, its network, its way back to a page that was left.
//
//   FLAMIGO_CLIENT_CUTS=1000 FLAMIGO_CLIENT_SECONDS=600 FLAMIGO_CLIENT_SEED=7
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { executablePath, skip } from "../../../tests/node/chromium.mjs";
import { TcpProxy } from "../../../tests/node/tcp_proxy.mjs";
import { chance } from "./chance.mjs";
import { Job, Room } from "./oracle.mjs";
import { join, startServer, tokenOf, until } from "./real.mjs";

const cuts = Number(process.env.FLAMIGO_CLIENT_CUTS ?? 25);
const seconds = Number(process.env.FLAMIGO_CLIENT_SECONDS ?? 8);
const seed = Number(process.env.FLAMIGO_CLIENT_SEED ?? Date.now() % 1e6);
const names = ["a", "b", "all"];

/** Writes down what the client hears, and what its calls come to. */
const program = (port) => `
  import { connect } from "../dist/index.js";

  let log = [];
  const api = connect("ws://127.0.0.1:${port}/ws", { minDelay: 2, maxDelay: 60,
    heartbeat: 300, patience: 500, timeout: 3000,
    token: () => fetch("/token").then((answer) => answer.text()) });
  for (const name of ["a", "b"])
    api.channel("rooms/" + name).on("note", ({ n }) => log.push({ name, n }));
  api.on("note", ({ room, n }) => room === "all" && log.push({ name: room, n }));
  api.on("subscribed", ({ topic, recovered }) =>
    recovered === false && log.push({ name: topic.slice(6) }));
  window.ready = Promise.all(["a", "b"].map((name) =>
    api.channel("rooms/" + name).ready)).then(() => api.call("app::t:echo", 1));
  window.begin = (calls) => {
    for (const { id, ms, ...options } of calls)
      api.call("app::t:do", { id, ms }, options).then(
        (result) => log.push({ id, result }),
        ({ code, status, maybeExecuted }) =>
          log.push({ id, error: { code, status, maybeExecuted } }));
  };
  window.take = () => log.splice(0);`;

test(`in a page nothing is lost and nothing comes twice (seed ${seed})`,
  { skip, timeout: (seconds + 240) * 1000 }, async (t) => {
    const any = chance(seed);
    const rooms = new Map(names.map((name) => [name, new Room()]));
    const jobs = [];
    let generation = 0;
    const options = ["--auth-expiry-grace=200ms", "--max-history-topics=100",
      "--allowed-origins=*"];
    let server = await startServer(...options);
    const { port } = server;
    const proxy = await TcpProxy.start(port);
    const bob = join(port, "Bob", { minDelay: 2, maxDelay: 60 });
    const files = createServer();
    const browser = await chromium.launch({ executablePath,
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--no-first-run", "--disable-component-update", "--disable-sync"] });
    const tally = {};
    try {
      const { outputFiles } = await build({ bundle: true, write: false,
        format: "esm", stdin: { contents: program(proxy.port),
          resolveDir: new URL(".", import.meta.url).pathname } });
      files.on("request", ({ url }, answer) => url === "/token"
        ? answer.end(any(20) ? tokenOf("Ada", 2) : "bad")
        : answer.setHeader("Content-Type", "text/html").end("<!doctype html>"
          + `<title>cuts</title><script type="module">${outputFiles[0].text}</script>`));
      files.listen(0, "127.0.0.1");
      await once(files, "listening");
      const page = await browser.newPage();
      const errors = [];
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(`http://127.0.0.1:${files.address().port}/`);
      await page.evaluate(() => window.ready);

      // -- what is said and heard ---------------------------------------------

      const sayIn = (room) => (n) => bob.call("app::t:say", { room, n });
      const say = () => Promise.all(Array.from({ length: 1 + any(8) }, () => {
        const room = names[any(names.length)];
        return sayIn(room)(++rooms.get(room).said);
      }));
      const begin = (count = any(4), more = {}) => {
        const calls = Array.from({ length: count }, () => {
          const job = new Job(jobs.length + 1, any(3) === 0, generation);
          jobs.push(job);
          return { id: job.id, ms: any(3) ? 0 : any(60),
            idempotent: job.idempotent, timeout: any(5) ? 3000 : 20 + any(400),
            offline: any(6) ? "wait" : "reject", ...more };
        });
        return page.evaluate((calls) => window.begin(calls), calls);
      };
      const take = async () => {
        for (const { name, n, id, ...outcome } of
          await page.evaluate(() => window.take()))
          if (id) {
            ++jobs[id - 1].settled;
            Object.assign(jobs[id - 1], outcome);
          } else if (n) rooms.get(name).hear(n, name);
          else rooms.get(name).reset();
      };
      /** All is said and done; what the server has counted is what was promised. */
      const settle = async () => {
        await until(() => take().then(() => jobs.every((job) => job.settled)),
          "all is answered");
        for (const [name, room] of rooms)
          await until(() => take().then(() => room.isHeard(sayIn(name))),
            () => `${name}: ${room.heard} of ${room.said} are heard`);
        for (const job of jobs)
          if (job.generation === generation && !job.isChecked) {
            job.check(await bob.call("app::t:done", job.id));
            job.isChecked = true;
          }
      };

      // -- what is done to it -------------------------------------------------

      const kinds = {
        sever: () => proxy.sever(),
        async hold() {
          proxy.hold();
          await say();
          await pause(any(1000));
          proxy.release();
        },
        async cut() {
          proxy.cut();
          await say();
          await pause(any(150));
          proxy.mend();
        },
        async offline() {
          await page.context().setOffline(true);
          proxy.sever();
          await say();
          await pause(any(100));
          await page.context().setOffline(false);
        },
        // The browser keeps the page for the way back, and the page its state.
        async leave() {
          await page.goto("about:blank");
          await say();
          await page.goBack({ waitUntil: "commit" });
        },
        async restart() {
          await settle();
          assert.equal(await server.stop(), 0);
          await pause(any(100));
          server = await startServer(...options, "--port", String(port));
          ++generation;
        },
      };
      const ways = ["sever", "sever", "hold", "cut", "cut", "offline", "leave"];
      const end = Date.now() + seconds * 1000;
      let made = 0;
      const one = Object.keys(kinds);
      // First one of each, however long that takes.
      for (; made < one.length || (made < cuts && Date.now() < end); ++made) {
        await begin();
        await say();
        const kind = one[made]
          ?? (any(25) === 0 ? "restart" : ways[any(ways.length)]);
        tally[kind] = (tally[kind] ?? 0) + 1;
        await kinds[kind]();
        await begin();
        await say();
        await take();
        await pause(any(100));
      }
      // A token may be refused, or end, meanwhile.
      await until(async () => {
        await begin(1, { timeout: 3000, offline: "wait" });
        await settle();
        return jobs.at(-1).result >= 1;
      }, "it still gets answers");
      assert.deepEqual(errors, []);
      for (const [name, { said, resets }] of rooms) {
        assert.ok(said > 0 && resets <= generation,
          `${name}: ${resets} times was the state lost`);
        t.diagnostic(`${name}: ${said} events, ${resets} beginnings`);
      }
      const count = (f) => jobs.filter(f).length;
      t.diagnostic(`${made} cuts, ${generation} restarts; ${jobs.length} calls: `
        + `${count((x) => x.result !== undefined)} answered, `
        + `${count((x) => x.error?.maybeExecuted)} maybe done, `
        + `${count((x) => x.result > 1)} done again`);
      t.diagnostic(JSON.stringify(tally));
    } finally {
      await browser.close();
      files.close();
      bob.close();
      proxy.stop();
      await server.stop();
    }
  });
