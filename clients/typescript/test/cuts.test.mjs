// Connections that are cut, held up and refused, servers that begin anew, tokens
// that end and pages that are put away, at random. What has to hold: each event of
// a channel once and in order, each call settled once and done no more often than
// it may.
//
//   FLAMIGO_CLIENT_CUTS=1000 FLAMIGO_CLIENT_SECONDS=600 FLAMIGO_CLIENT_SEED=7
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { TcpProxy } from "../../../tests/node/tcp_proxy.mjs";
import { chance } from "./chance.mjs";
import { Job, Room } from "./oracle.mjs";
import { join, startServer, tokenOf, until } from "./real.mjs";

const cuts = Number(process.env.FLAMIGO_CLIENT_CUTS ?? 60);
const seconds = Number(process.env.FLAMIGO_CLIENT_SECONDS ?? 20);
const seed = Number(process.env.FLAMIGO_CLIENT_SEED ?? Date.now() % 1e6);
const rooms = ["a", "b", "all"];

test(`nothing is lost and nothing comes twice (seed ${seed})`,
  { timeout: (seconds + 240) * 1000 }, async (t) => {
    const any = chance(seed);
    const all = new Map(rooms.map((name) => [name, new Room()]));
    const options = ["--auth-expiry-grace=200ms", "--max-history-topics=100"];
    let server = await startServer(...options);
    const { port } = server;
    const proxy = await TcpProxy.start(port);
    const page = Object.assign(new EventTarget(), { navigator: { onLine: true } });
    const tell = (type, more) =>
      page.dispatchEvent(Object.assign(new Event(type), more));
    let tokens = 0;
    const api = join(proxy.port, "Ada", { page, minDelay: 2, maxDelay: 60,
      heartbeat: 300, patience: 500, timeout: 3000,
      token: async () => {
        ++tokens;
        await pause(any(5));
        // Then the one that there is may end.
        if (any(8) === 0) throw new Error("no token now");
        if (any(20) === 0) return "bad";
        return tokenOf("Ada", 2);
      } });
    const bob = join(port, "Bob", { minDelay: 2, maxDelay: 60 });
    const failures = [];
    const hear = (name) => ({ n }) => {
      try {
        all.get(name).hear(n, name);
      } catch (error) {
        failures.push(error);
      }
    };
    for (const name of ["a", "b"]) {
      const channel = api.channel(`rooms/${name}`);
      channel.on("note", hear(name));
      channel.on("unsubscribed", ({ error }) => failed(error));
    }
    api.on("note", (note) => note.room === "all" && hear("all")(note));
    api.on("subscribed", ({ topic, recovered }) =>
      recovered === false && all.get(topic.slice(6)).reset());
    const states = new Map();
    api.onState(({ name, reason }) => {
      const key = reason ? `${name}: ${reason.why} ${reason.code ?? ""}` : name;
      states.set(key, (states.get(key) ?? 0) + 1);
    });
    await until(() => api.state.name === "open", "it is open");
    for (const name of ["a", "b"]) await api.channel(`rooms/${name}`).ready;
    // What is said before one is in the program's channel is not missed.
    const place = api.call("app::t:echo", 1);
    await place;

    // -- those who talk, and those who call -----------------------------------

    let isOver = false;
    let isQuiet = false;
    let talking = 0;
    const failed = (error) => isOver || failures.push(error);
    const talk = (async () => {
      while (!isOver) {
        await pause(any(8));
        if (isQuiet) continue;
        ++talking;
        // Several at once, so that some come while a channel is entered again.
        await Promise.all(Array.from({ length: 1 + any(8) }, () => {
          const room = rooms[any(rooms.length)];
          return bob.call("app::t:say", { room, n: ++all.get(room).said });
        }));
        --talking;
      }
    })().catch(failed);
    let generation = 0;
    const jobs = [];
    const under = new Set();
    const begin = () => {
      const job = new Job(jobs.length + 1, any(3) === 0, generation);
      jobs.push(job);
      const stop = new AbortController();
      if (any(10) === 0) setTimeout(() => stop.abort(), any(100));
      const call = api.call("app::t:do", { id: job.id, ms: any(3) ? 0 : any(60) },
        { signal: stop.signal, idempotent: job.idempotent,
          timeout: any(5) ? 3000 : 20 + any(400),
          offline: any(6) ? "wait" : "reject" })
        .then((result) => { job.result = result; },
          (error) => { job.error = error; })
        .finally(() => {
          ++job.settled;
          under.delete(call);
        });
      under.add(call);
    };
    const read = async () => {
      let next = 0;
      try {
        for await (const n of api.stream("app::t:count", 1 + any(300)))
          assert.equal(n, next++);
      } catch (error) {
        if (error.code === "ERR_ASSERTION") failures.push(error);
      }
    };
    const call = (async () => {
      while (!isOver) {
        await pause(any(10));
        if (isQuiet) continue;
        begin();
        if (any(20) === 0) {
          const reading = read().finally(() => under.delete(reading));
          under.add(reading);
        }
      }
    })().catch(failed);
    /** All is said and done; what the server has counted is what was promised. */
    const settle = async () => {
      isQuiet = true;
      proxy.mend();
      proxy.release();
      await until(() => talking === 0, "all is said");
      await Promise.race([Promise.all(under),
        pause(60_000, undefined, { ref: false }).then(() =>
          Promise.reject(new Error(`${under.size} calls hang`)))]);
      for (const job of jobs)
        if (job.generation === generation && !job.isChecked) {
          job.check(await bob.call("app::t:done", job.id));
          job.isChecked = true;
        }
      for (const [name, room] of all)
        await until(() => failures.length > 0
            || room.isHeard((n) => bob.call("app::t:say", { room: name, n })),
          () => `${name}: ${room.heard} of ${room.said} are heard`);
      isQuiet = false;
    };

    // -- what is done to them -------------------------------------------------

    const kinds = {
      sever: () => proxy.sever(),
      async hold() {
        proxy.hold();
        await pause(any(1200));
        proxy.release();
      },
      async cut() {
        proxy.cut();
        await pause(any(150));
        proxy.mend();
      },
      async leave() {
        tell("pagehide", { persisted: true });
        await pause(any(100));
        tell("pageshow", { persisted: true });
      },
      async offline() {
        page.navigator.onLine = false;
        proxy.sever();
        await pause(any(100));
        page.navigator.onLine = true;
        tell("online");
      },
      async restart() {
        await settle();
        isQuiet = true;
        assert.equal(await server.stop(), 0);
        await pause(any(100));
        server = await startServer(...options, "--port", String(port));
        ++generation;
        isQuiet = false;
      },
    };
    const names = ["sever", "sever", "sever", "hold", "hold", "cut", "cut", "leave",
      "offline"];
    const end = Date.now() + seconds * 1000;
    let made = 0;
    try {
      while (made < cuts && Date.now() < end && failures.length === 0) {
        await pause(any(400));
        await (any(25) === 0 ? kinds.restart : kinds[names[any(names.length)]])();
        ++made;
      }
      await settle();
      isOver = true;
      await Promise.all([talk, call]);
      await settle();
    } finally {
      isOver = true;
      api.close();
      bob.close();
      proxy.stop();
      await server.stop();
    }
    if (failures.length > 0) throw failures[0];
    const tally = (f) => jobs.filter(f).length;
    for (const [name, room] of all) {
      assert.ok(room.said > 0 && room.resets <= generation,
        `${name}: ${room.resets} times was the state lost`);
      t.diagnostic(`${name}: ${room.said} events, ${room.resets} beginnings`);
    }
    t.diagnostic(`${made} cuts, ${generation} restarts, ${tokens} tokens; `
      + `${jobs.length} calls: ${tally((x) => x.result !== undefined)} answered, `
      + `${tally((x) => x.error?.maybeExecuted)} maybe done, `
      + `${tally((x) => x.result > 1)} done again`);
    t.diagnostic(JSON.stringify(Object.fromEntries(states)));
  });
