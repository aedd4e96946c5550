// Five nodes in processes of their own, each behind a proxy to NATS, of which any may
// be killed, stand still, be split off or slow, with people who listen, publish, come,
// go and call meanwhile. Whenever it is calm again everything is accounted for: each
// event of a channel with a history once and in one order, each that is missing
// elsewhere told of, the same people on all nodes, and counts that live once.
//
//   FLAMIGO_CLUSTER_SECONDS=600 FLAMIGO_CLUSTER_SEED=7 FLAMIGO_CLUSTER_ONLY=kill,split
//
// From two minutes on with the times of the library, and with a node that stands still
// for a minute. A seed chooses the same again, at about the same times.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { chance } from "../../clients/typescript/test/chance.mjs";
import { calm } from "./storm/calm.mjs";
import { atEnd } from "./storm/ending.mjs";
import { Storm } from "./storm/storm.mjs";
import { general, troubles } from "./storm/trouble.mjs";

const seconds = Number(process.env.FLAMIGO_CLUSTER_SECONDS ?? 15);
const seed = Number(process.env.FLAMIGO_CLUSTER_SEED ?? Date.now() % 1e6);
const only = process.env.FLAMIGO_CLUSTER_ONLY?.split(",");
const kinds = only ?? Object.keys(troubles);

const isLong = seconds >= 120;
// Five nodes that start at once read all that was ever said, on whatever cores there are.
const times = isLong
  ? { heartbeat: 2000, goneAfter: 10_000, lease: 10_000, patience: 120_000 }
  : { heartbeat: 500, goneAfter: 2500, lease: 3000, patience: 25_000 };
const longest = isLong ? 20_000 : 4000;

test(`five nodes weather a storm (seed ${seed})`,
  { timeout: (seconds + 280) * 1000 }, async (t) => {
    const any = chance(seed);
    const storm = new Storm(seed, times);
    const off = atEnd(() => storm.kill());
    const began = Date.now();
    const end = began + seconds * 1000;
    const events = [];
    const tally = {};
    const note = (what) => events.push(`${((Date.now() - began) / 1000).toFixed(1)} s: ${what}`);
    const trouble = async (kind, i, ms) => {
      const node = storm.nodes[i % storm.nodes.length];
      tally[kind] = (tally[kind] ?? 0) + 1;
      note(`${kind}${general.has(kind) ? "" : ` ${node.name}`} for ${ms} ms`);
      await troubles[kind](storm, node, ms);
      note(`${kind} is over`);
    };
    const anyKind = () => kinds[any(kinds.length)];
    /** One thing, and often another one meanwhile. */
    const round = async (kind, ms = 200 + any(longest)) => {
      const i = any(5);
      const all = [trouble(kind, i, ms)];
      const other = anyKind();
      if (any(2) && !general.has(kind) && !general.has(other)) {
        await pause(any(1000));
        all.push(trouble(other, i + 1 + any(4), 200 + any(longest)));
      }
      for (const { reason } of await Promise.allSettled(all)) if (reason) throw reason;
      note("calm");
      await calm(storm);
    };
    try {
      await storm.begin({ nodes: 5, watchers: 12, callers: 3, rate: 10 });
      await calm(storm);
      if (isLong && !only) await round("freeze", 60_000);
      while (Date.now() < end) {
        await pause(200 + any(1000));
        await round(anyKind());
      }
      for (const x of storm.nodes) await x.stop();
    } catch (error) {
      for (const x of storm.nodes) t.diagnostic([`${x.name}:`, ...x.lastLines(40)].join("\n"));
      t.diagnostic(["NATS:", ...storm.nats?.log ?? []].join("\n"));
      error.message += `\nFLAMIGO_CLUSTER_SEED=${seed}; ${JSON.stringify(tally)}; the last of what `
        + `happened:\n${events.slice(-12).join("\n")}`;
      throw error;
    } finally {
      await storm.end();
      off();
    }
    t.diagnostic(JSON.stringify(tally));
    for (const line of storm.figures()) t.diagnostic(line);
    assert.ok(storm.deliveries > storm.ledger.counts.said);
  });
