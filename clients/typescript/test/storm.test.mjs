// 1,000 cuts in an hour that takes seconds: what cuts.test.mjs does to real servers
// and sockets, on a clock that stands still, with the client's own times. A seed
// does the same each time.
//
//   FLAMIGO_CLIENT_SEED=7 FLAMIGO_CLIENT_HOURS=30
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../dist/index.js";
import { chance } from "./chance.mjs";
import { Clock, settled } from "./fake.mjs";
import { World } from "./world.mjs";

const first = Number(process.env.FLAMIGO_CLIENT_SEED ?? 1);

const hours = Number(process.env.FLAMIGO_CLIENT_HOURS ?? 2);

for (let seed = first; seed < first + hours; ++seed)
  test(`an hour with 1,000 cuts (seed ${seed})`,
    async (t) => {
      const any = chance(seed);
      const clock = new Clock();
      clock.random = () => any(1e6) / 1e6;
      const world = new World(clock, any);
      const page = Object.assign(new EventTarget(),
        { navigator: { onLine: true } });
      const tell = (type, more) =>
        page.dispatchEvent(Object.assign(new Event(type), more));
      const api = connect("ws://server/ws", { clock, page,
        WebSocket: world.WebSocket, token: async () => {
          if (any(30) === 0) throw new Error("no token now");
          const end = any(30) === 0 ? 0 : clock.time + 5000 + any(60_000);
          return { token: { end, isKnown: any(2) === 0 } };
        } });

      // -- who hears, and who calls -------------------------------------------

      const names = [...world.topics.keys()];
      /** By channel, and without one all of it. */
      const heard = new Map(["", "a", "b"].map((name) => [name, []]));
      /** By channel, after which event the client was told to have missed some. */
      const lost = new Map(names.map((name) => [name, []]));
      let n = 0;
      const said = [];
      api.on("note", (note) => heard.get("").push(note));
      for (const name of ["a", "b"])
        api.channel(name).on("note", (note) => heard.get(name).push(note));
      api.on("subscribed", ({ topic, recovered }) =>
        recovered === false && lost.get(topic).push(n));
      const say = () => {
        const where = any(4) ? [names[any(3)]]
          : ["a", "b", "all"].slice(any(2), 2 + any(2));
        const note = { n: ++n, where };
        said.push(note);
        world.publish(where, note);
      };
      const jobs = [];
      const call = () => {
        const job = { id: jobs.length + 1, settled: 0, idempotent: any(3) === 0 };
        jobs.push(job);
        const stop = new AbortController();
        if (any(10) === 0) clock.setTimeout(() => stop.abort(), any(2000));
        api.call("app::t:do", job.id, { signal: stop.signal,
          idempotent: job.idempotent, timeout: 100 + any(30_000),
          offline: any(6) ? "wait" : "reject" })
          .then((result) => { job.result = result; },
            (error) => { job.error = error; })
          .finally(() => { ++job.settled; });
      };

      // -- what is done to them -----------------------------------------------

      let restarts = 0;
      const kinds = {
        cut: () => world.line.cut(),
        hold() { world.line.heldUntil = clock.time + any(60_000); },
        silence() { world.line.heldUntil = Infinity; },
        down() {
          world.isUp = false;
          world.line.cut();
          clock.setTimeout(() => { world.isUp = true; }, any(5000));
        },
        offline() {
          page.navigator.onLine = false;
          world.line.cut();
          clock.setTimeout(() => {
            page.navigator.onLine = true;
            tell("online");
          }, any(5000));
        },
        leave() {
          tell("pagehide", { persisted: true });
          clock.setTimeout(() => tell("pageshow", { persisted: true }), any(5000));
        },
        online: () => tell("online"),
      };
      const ways = ["cut", "cut", "cut", "hold", "hold", "silence", "down",
        "offline", "leave", "online"];
      for (let cuts = 0; cuts < 1000; ++cuts) {
        for (let i = any(20); i > 0; --i) {
          await clock.advance(any(600));
          for (let k = any(4); k > 0; --k) say();
          if (any(2)) call();
        }
        if (any(100) === 0) {
          ++restarts;
          world.restart();
        } else kinds[ways[any(ways.length)]]();
        await settled();
      }
      for (const line of world.lines) line.heldUntil = 0;
      // A last word, for those who would not know that they have missed some.
      await clock.advance(120_000);
      const last = n;
      for (const name of names) world.publish([name], { n: ++n, where: [name] });
      await clock.advance(120_000);

      // -- what has come of it ------------------------------------------------

      for (const job of jobs) {
        const done = world.done.get(job.id) ?? 0;
        const what = `call ${job.id}: ${done}, ${job.error?.code ?? job.result}`;
        assert.equal(job.settled, 1, what);
        if (!job.idempotent) assert.ok(done <= 1, what);
        if (job.result !== undefined) assert.ok(done >= 1, what);
        if (job.error?.status === 0 && !job.error.maybeExecuted)
          assert.equal(done, 0, what);
      }
      const all = new Set(heard.get("").map(({ n }) => n));
      assert.equal(all.size, heard.get("").length, "none comes twice");
      for (const { n, where } of said)
        assert.ok(all.has(n) || where.some((x) => lost.get(x).some((at) => at >= n)),
          `${n} of ${where} is missing, and nobody was told`);
      for (let i = last + 1; i <= n; ++i) assert.ok(all.has(i), "the last word");
      // One of several channels may come under another one than those before it.
      for (const name of names)
        inOrder(name, heard.get("").filter(({ where }) => where.join() === name));
      for (const name of ["a", "b"]) inOrder(name, heard.get(name));
      for (const [name, times] of lost)
        assert.ok(times.length <= 2 * restarts, `${name}: ${times}`);
      t.diagnostic(`${Math.round(clock.time / 60_000)} minutes, `
        + `${world.lines.length} connections, ${restarts} restarts, `
        + `${jobs.length} calls, ${n} events, ${n - all.size} lost`);
    });

function inOrder(name, notes) {
  for (let i = 1; i < notes.length; ++i)
    assert.ok(notes[i].n > notes[i - 1].n,
      `${name}: ${notes[i].n} behind ${notes[i - 1].n}`);
}
