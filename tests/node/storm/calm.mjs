// What has to hold when nothing is done to anybody any more. Each check returns what
// is missing, or nothing.

const idsOf = (list) => list.map((x) => x.id).sort().join();

/** Each node knows the others, has a connection, and has written all that it had. */
export async function knowsAll({ nodes, residents }) {
  const all = await Promise.all(residents.map((x) => x.status()));
  if (all.some((x) => !x)) return "a node does not say how it stands";
  for (const [i, x] of all.entries()) {
    if (x.id !== nodes[i].life?.id) return `node-${i} is another one`;
    if (!x.connected || x.journal?.reason || x.journal?.waiting)
      return `node-${i}: ${x.reason} ${JSON.stringify(x.journal)}`;
    if (idsOf(x.peers) !== idsOf(all.filter((y) => y !== x)))
      return `node-${i} knows ${x.peers.map((y) => y.name)}`;
  }
  return "";
}

const absent = ({ watchers }) =>
  watchers.filter((x) => !x.isThere).map((x) => x.name).join();

/** Everybody has come as far in each room. */
function hearsAll({ rooms, watchers }) {
  for (const room of rooms.values())
    for (const x of watchers) {
      const { offset } = x.positions.get(room.name) ?? {};
      if (x.wants.has(room.name) && offset !== room.last)
        return `${x.name} on ${x.visit?.life.node.name} is at ${offset} of ${room.last} `
          + `in ${room.name}`;
    }
  return "";
}

/** What has neither come nor been told of. */
function missing({ ledger, rooms, watchers, times }) {
  const tail = 3 * times.heartbeat;
  return [...ledger.missingNotes(rooms),
    ...watchers.flatMap((x) => x.visit?.missing(ledger.said, tail) ?? [])]
    .slice(0, 12).join("\n");
}

/** All nodes and all people see the same people. */
async function seesAll({ rooms, residents, watchers }) {
  for (const room of rooms.keys()) {
    const there = watchers.filter((x) => x.wants.has(room));
    const expected = there.map((x) => `u:${x.name}`).sort().join();
    for (const x of residents) {
      const seen = (await x.people(room)).join();
      if (seen !== expected) return `${x.name}: in ${room} are ${seen}, not ${expected}`;
    }
    for (const x of there) {
      const seen = [...x.people.get(room) ?? []].sort().join();
      if (seen !== expected)
        return `${x.name} on ${x.visit?.life.node.name} sees in ${room} ${seen}, `
          + `not ${expected}`;
    }
  }
  return "";
}

function answersAll({ counts }, since) {
  for (const x of counts.values())
    if (!x.answered.some((call) => call.begun > since)) return `${x.name} does not answer`;
  return "";
}

/** Waits until all is as it has to be, and looks whether it was on the way. */
export async function calm(storm) {
  const began = performance.now();
  storm.hush();
  await storm.until("all nodes are there", () => knowsAll(storm));
  await storm.until("everybody is there", () => absent(storm));
  await storm.until("what was asked is answered", () => storm.pending.size === 0);
  await Promise.all(storm.residents.map((x) => x.lastWord()));
  await storm.until("all rooms are heard", () => hearsAll(storm));
  await storm.until("what is missing was told", () => missing(storm));
  await storm.until("all see who is there", () => seesAll(storm));
  await storm.until("what is counted is answered", () => answersAll(storm, began));
  for (const x of storm.rooms.values()) x.checkOrder();
  for (const x of storm.counts.values()) x.check();
  storm.throwFaults();
  await storm.forget();
  storm.speak();
}
