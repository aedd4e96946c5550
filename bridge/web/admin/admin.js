// The live view: a client like any other, which asks every two seconds.
import { connect } from "./client.js";
import { Rates, StrategyRates } from "./samples.js";
import { Table, bytes, duration, element, number, write } from "./table.js";

const interval = 2000;
const at = (selector) => document.querySelector(selector);
const url = new URL("ws", location.href);
url.protocol = url.protocol.replace("http", "ws");

let api;

const ask = (what, input = {}) =>
  api.call(`app::admin:${what}`, input, { timeout: 8000, offline: "reject" });

// -- connections ------------------------------------------------------------------

function who({ user }) {
  if (!user) return "guest";
  return user.name && user.name !== user.id ? `${user.name} (${user.id})` : user.id;
}

function claims({ id, user, protocol, interface: by, certificate, extras }) {
  return JSON.stringify({ connection: id, protocol, interface: by, user,
    certificate, extras }, null, 2);
}

/** What folds out of a line. */
const folded = {
  make: () => {
    const details = element("details");
    details.append(element("summary"), element("pre"));
    return details;
  },
  update: (details, title, text) => {
    write(details.children[0], title);
    write(details.children[1], text);
  },
};

async function act(what, input) {
  const problem = at("#connections .problem");
  try {
    await ask(what, input);
    problem.hidden = true;
  } catch (error) {
    problem.textContent = error.message;
    delete problem.dataset.of;
    problem.hidden = false;
  }
  await connections.refresh();
}

function makeActions() {
  const level = element("select", { ariaLabel: "Log level" });
  for (const [value, text] of [["", "log: usual"], ["debug", "log: debug"],
    ["trace", "log: trace"]])
    level.append(element("option", { value, text }));
  const kick = element("button", { type: "button", text: "Kick" });
  const actions = [level, kick];
  level.onchange = () => act("log_level",
    { connection: actions.row.id, level: level.value || null });
  kick.onclick = () => {
    const { id } = actions.row;
    if (confirm(`Disconnect ${who(actions.row)}, ${id}? `
      + "Its client is told not to come back."))
      act("kick", { connection: id });
  };
  return actions;
}

function updateActions(actions, row) {
  actions.row = row;
  const [level, kick] = actions;
  kick.ariaLabel = `Kick ${row.id}`;
  // Not under the hand of who is choosing.
  if (document.activeElement !== level)
    level.value = ["debug", "trace"].includes(row.logLevel) ? row.logLevel : "";
}

const connectionTable = new Table(at("#connections table"), [
  { name: "Connection", className: "wide mono", make: folded.make,
    update: (made, row) => folded.update(made, row.id, claims(row)) },
  { name: "User", text: who, mark: (row) => row.user ? "" : "quiet" },
  { name: "Transport", text: (row) => row.protocol === "flamigo" ? row.transport
    : `${row.protocol}, ${row.transport}` },
  { name: "Address", className: "mono line", text: (row) => row.address },
  { name: "Age", className: "number", text: (row) => duration(row.ageMs / 1000) },
  { name: "Backlog", className: "number", text: (row) => bytes(row.backlogBytes),
    mark: (row) => row.backlogBytes > 0 ? "bad" : "" },
  { name: "In flight", className: "number",
    text: (row) => row.answers ? number(row.inFlight) : "does not answer",
    mark: (row) => row.answers ? "" : "bad" },
  { name: "Subscriptions", className: "number",
    text: (row) => number(row.subscriptions) },
  { name: "", className: "wide tight", make: makeActions, update: updateActions },
], (row) => row.id, "Nobody.");

// -- the rest -----------------------------------------------------------------------

const strategyRates = new StrategyRates();
const strategyTable = new Table(at("#strategies table"), [
  { name: "Strategy", className: "wide mono",
    text: (row) => row.name || "(none of the program)" },
  { name: "Per second", className: "number", text: (row) => number(row.perSecond) },
  { name: "Failing", className: "number",
    text: (row) => row.failing === undefined ? "–"
      : `${number(row.failing * 100)} %`,
    mark: (row) => row.failing > 0 ? "bad" : "" },
  { name: "Median", className: "number", text: (row) => duration(row.median) },
  { name: "99 %", className: "number", text: (row) => duration(row.slow) },
  { name: "Calls", className: "number", text: (row) => number(row.calls) },
  { name: "Failed", className: "number", text: (row) => number(row.failures),
    mark: (row) => row.failures > 0 ? "bad" : "" },
], (row) => row.name, "Nothing was called yet.");

const domainTable = new Table(at("#domains table"), [
  { name: "Domain", className: "wide mono", text: (row) => row.name },
  { name: "State", text: (row) => row.state,
    mark: (row) => ({ up: "good", down: "bad" })[row.state] ?? "quiet" },
  { name: "Requests", className: "number",
    text: (row) => number(row.queuedRequests) },
  { name: "Events", className: "number", text: (row) => number(row.queuedEvents) },
  { name: "Restarts", className: "number", text: (row) => number(row.restarts),
    mark: (row) => row.restarts > 0 ? "bad" : "" },
], (row) => row.name, "There are none.");

const topicTable = new Table(at("#topics table"), [
  { name: "Topic", className: "wide mono",
    text: (row) => row.below ? `${row.topic}/…` : row.topic },
  { name: "Subscribers", className: "number",
    text: (row) => number(row.subscribers) },
], (row) => `${row.below} ${row.topic}`, "Nobody has subscribed.");

const errorTable = new Table(at("#errors table"), [
  { name: "Time", className: "tight",
    text: (row) => new Date(row.timeMs).toLocaleTimeString() },
  { name: "Status", className: "number", text: (row) => String(row.status),
    mark: (row) => row.status >= 500 ? "bad" : "" },
  { name: "Error", className: "wide", make: folded.make,
    update: (made, row) => folded.update(made, `${row.code}: ${row.message}`,
      row.trace) },
  { name: "User", text: (row) => row.user || "guest",
    mark: (row) => row.user ? "" : "quiet" },
  { name: "Connection", className: "wide mono", text: (row) => row.connection },
], (row) => row.key, "None.");

/** Rows that are alike are told apart by how many there were before. */
function numbered(errors) {
  const seen = new Map();
  for (const row of [...errors].reverse()) {
    const text = `${row.timeMs} ${row.connection} ${row.trace}`;
    seen.set(text, (seen.get(text) ?? 0) + 1);
    row.key = `${text} ${seen.get(text)}`;
  }
  return errors;
}

const overviewRates = new Rates();

function showOverview(now) {
  const rate = overviewRates.of(now, ["eventsPublished", "eventsDelivered",
    "receivedBytes", "sentBytes", "cpuSeconds"]);
  const turn = Math.max(0, ...now.turnAgesMs);
  const tiles = [
    ["Connections", number(now.connections), `${number(now.connectionsEver)} ever`],
    ["In flight", number(now.inFlight), "requests"],
    ["Backlog", bytes(now.backlogBytes),
      `${number(now.backloggedConnections)} slow`, now.backlogBytes > 0],
    ["Published", number(rate.eventsPublished), "a second"],
    ["Delivered", number(rate.eventsDelivered), "a second"],
    ["Received", bytes(rate.receivedBytes), "a second"],
    ["Sent", bytes(rate.sentBytes), "a second"],
    ["CPU", rate.cpuSeconds === undefined ? "–"
      : `${number(rate.cpuSeconds * 100)} %`, "of a core"],
    ["Memory", bytes(now.residentBytes), ""],
    ["I/O threads", number(now.turnAgesMs.length), turn < 1000 ? "all turn"
      : `one blocked for ${duration(turn / 1000)}`, turn >= 1000],
    ["Up for", duration(now.startSeconds && Date.now() / 1000 - now.startSeconds),
      now.draining ? "draining" : "", now.draining],
  ];
  const list = at("#overview");
  tiles.forEach(([name, value, note, bad], i) => {
    const tile = list.children[i] ?? element("div");
    if (!tile.firstChild) {
      const figure = element("dd");
      figure.append(element("span"), element("small"));
      tile.append(element("dt", { text: name }), figure);
      list.append(tile);
    }
    tile.className = bad ? "bad" : "";
    const [figure, small] = tile.lastChild.children;
    write(figure, value);
    write(small, note);
  });
}

// -- asking ---------------------------------------------------------------------------

/** A part of the page that asks by itself, and says what has failed. */
class Panel {
  #section;
  #ask;
  #asked = 0;

  constructor(id, ask) {
    this.#section = at(`#${id}`);
    this.#ask = ask;
  }

  async refresh() {
    const mine = ++this.#asked;
    const problem = this.#section.querySelector(".problem");
    try {
      const show = await this.#ask();
      // Not what was asked for before one has asked for something else.
      if (mine !== this.#asked) return;
      const note = show();
      write(this.#section.querySelector(".note"), note ?? "");
      if (problem.dataset.of === "asking") problem.hidden = true;
    } catch (error) {
      if (error.status === 401) return refused(error.message);
      problem.textContent = error.message;
      problem.dataset.of = "asking";
      problem.hidden = false;
    }
  }
}

const connections = new Panel("connections", async () => {
  const answer = await ask("connections",
    { filter: at("#filter").value, order: at("#order").value, limit: 50 });
  return () => {
    connectionTable.fill(answer.connections);
    return `${number(answer.connections.length)} of ${number(answer.matching)}`;
  };
});

const panels = [
  connections,
  new Panel("strategies", async () => {
    const answer = await ask("strategies");
    return () => strategyTable.fill(strategyRates.rows(answer));
  }),
  new Panel("domains", async () => {
    const { domains } = await ask("domains");
    return () => domainTable.fill(domains);
  }),
  new Panel("topics", async () => {
    const answer = await ask("topics",
      { filter: at("#topic-filter").value, limit: 20 });
    return () => {
      topicTable.fill(answer.topics);
      return `${number(answer.subscriptions)} subscriptions`;
    };
  }),
  new Panel("errors", async () => {
    const { errors } = await ask("errors",
      { refusals: at("#refusals").checked, limit: 30 });
    return () => errorTable.fill(numbered(errors));
  }),
];

let timer;

async function refresh() {
  clearTimeout(timer);
  const mine = api;
  // What nobody sees is not asked for.
  if (!document.hidden) {
    const seen = await ask("overview").catch(() => undefined);
    if (seen) showOverview(seen);
    await Promise.all(panels.map((panel) => panel.refresh()));
  }
  if (mine === api && !at("main").hidden)
    timer = setTimeout(refresh, interval);
}

for (const [id, panel] of [["#filter", 0], ["#order", 0], ["#topic-filter", 3],
  ["#refusals", 4]])
  at(id).addEventListener("input", () => panels[panel].refresh());

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !at("main").hidden) refresh();
});

// -- who looks --------------------------------------------------------------------------

function say(text) {
  write(at("#status"), text);
}

/** Back to where a key is shown. */
function refused(why) {
  api.close();
  clearTimeout(timer);
  at("main").hidden = true;
  at("#login").hidden = false;
  at("#problem").textContent = why;
  at("#problem").hidden = !why;
  say("");
  at("#key").focus();
}

at("#login").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = at("#key").value;
  api?.close();
  const mine = connect(url.href, { token: () => token });
  api = mine;
  say("connecting …");
  mine.onState(({ name, reason }) => {
    if (mine !== api) return;
    if (name === "open") return connected();
    if (!reason) return;
    if (reason.why === "token") return refused(reason.message);
    clearTimeout(timer);
    say(`not connected: ${reason.message} (${reason.code ?? reason.why})`
      + (name === "closed" ? "" : ", trying again …"));
  });
});

function connected() {
  at("#login").hidden = true;
  at("#problem").hidden = true;
  // It is not needed any more, and stays in no field.
  at("#key").value = "";
  at("main").hidden = false;
  say("connected");
  refresh();
}

at("#key").focus();
