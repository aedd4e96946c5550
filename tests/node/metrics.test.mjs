// What a real Prometheus makes of the metrics, and each query of the dashboard.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Nats } from "./nats.mjs";
import { checkPage, tool } from "./promtool.mjs";
import { freePort } from "./proxies.mjs";
import { Client, Server } from "./server.mjs";

const dashboard = fileURLToPath(new URL("../../docs/grafana/flamigo.json", import.meta.url));

const hasCluster = execFileSync(path.join(process.env.FLAMIGO_BIN, "flamigo-metrics-server"),
  ["--help"], { encoding: "utf8" }).includes("--nats-url");

/** A Prometheus that scrapes one server every second. */
class Prometheus {
  static async start(target) {
    const self = new Prometheus();
    self.dir = mkdtempSync(path.join(os.tmpdir(), "flamigo-prometheus-"));
    self.port = await freePort();
    writeFileSync(path.join(self.dir, "config.yml"), `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - { job_name: flamigo, static_configs: [{ targets: ["127.0.0.1:${target}"] }] }
`);
    self.child = spawn(tool("prometheus"), [
      "--config.file=config.yml", "--storage.tsdb.path=data",
      `--web.listen-address=127.0.0.1:${self.port}`, "--log.level=warn",
    ], { cwd: self.dir, stdio: ["ignore", "inherit", "pipe"] });
    self.said = "";
    self.child.stderr.on("data", (text) => (self.said += text));
    while (!(await self.answers())) {
      assert.equal(self.child.exitCode, null, self.said);
      await pause(50);
    }
    return self;
  }

  async answers() {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/-/ready`)).ok;
    } catch {
      return false;
    }
  }

  async get(what) {
    const res = await fetch(`http://127.0.0.1:${this.port}/api/v1/${what}`);
    const answer = await res.json();
    assert.equal(answer.status, "success", JSON.stringify(answer));
    return answer.data;
  }

  async query(expr) {
    return (await this.get(`query?query=${encodeURIComponent(expr)}`)).result;
  }

  async stop() {
    this.child.kill("SIGTERM");
    await once(this.child, "close");
    rmSync(this.dir, { recursive: true });
  }
}

let nats;
let other;
let server;
let port;
let prometheus;

before(async () => {
  port = await freePort();
  const args = [];
  if (hasCluster) {
    nats = await Nats.start();
    args.push("--nats-url", nats.url, "--node-name");
    other = await Server.start("flamigo-metrics-server", ...args, "other");
    args.push("one");
  }
  server = await Server.start("flamigo-metrics-server", "--metrics-port", String(port),
    ...args);
  prometheus = await Prometheus.start(port);
});

after(async () => {
  await prometheus?.stop();
  assert.equal(await server?.stop(), 0);
  await other?.stop();
  await nats?.stop();
});

/** Calls a strategy and waits for what answers it, whatever else comes. */
async function call(client, topic, payload, ackId = topic) {
  client.say({ topic, payload, ackId });
  let answer;
  do answer = await client.next();
  while (answer.ackId !== ackId);
  return answer;
}

/** Once all that the metrics tell of. */
async function live() {
  const guest = await server.connect();
  await call(guest, "app::websocket:auth", { token: "bad" });
  await guest.close();
  const client = await server.connect();
  await call(client, "app::websocket:auth", { token: "good" });
  await call(client, "app::websocket:subscribe", { topic: "rooms/1", presence: true });
  await call(client, "app::test:echo", 1);
  await call(client, "app::test:throw", null);
  await call(client, "app::test:missing", null);
  await call(client, "app::desk:echo", "hi");
  await call(client, "app::desk:crash", null);
  await call(client, "app::test:post", { text: "hi" });
  const stranger = Client.open(server.url, { origin: "http://evil.example" });
  await assert.rejects(stranger);
  return client;
}

test("promtool finds no fault with the page", async () => {
  const client = await live();
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await checkPage(page);
  await client.close();
});

test("each query of the dashboard has an answer", async () => {
  const { panels } = JSON.parse(readFileSync(dashboard, "utf8"));
  const queries = panels.flatMap((x) => x.targets ?? []).map((x) => x.expr)
    .filter((x) => hasCluster || !x.includes("flamigo_cluster"));
  assert.ok(queries.length > 40);
  const clients = [];
  // Rates need two samples of each.
  const scraped = async () =>
    Number((await prometheus.query("sum(count_over_time(up[1m]))"))[0]?.value[1] ?? 0);
  const first = await scraped();
  while ((await scraped()) < first + 3) {
    clients.push(await live());
    await pause(100);
  }
  assert.deepEqual((await prometheus.query("up")).map((x) => x.value[1]), ["1"]);
  for (const expr of queries) {
    const asked = expr.replaceAll("$instance", ".*").replaceAll("$__rate_interval", "30s");
    const result = await prometheus.query(asked);
    assert.ok(result.length > 0, `nothing comes of ${asked}`);
    for (const { value } of result)
      assert.ok(Number.isFinite(Number(value[1])), `${asked} is ${value[1]}`);
  }
  for (const client of clients) await client.close();
});

test("Prometheus reads of us what we have done", async () => {
  const of = async (expr) => Number((await prometheus.query(expr))[0]?.value[1]);
  assert.ok((await of(`flamigo_requests_total{strategy="app::test:throw",status="500"}`)) > 0);
  assert.ok((await of(`flamigo_requests_total{strategy="",status="404"}`)) > 0);
  assert.ok((await of(`flamigo_authentications_total{outcome="refused"}`)) > 0);
  assert.ok((await of(`flamigo_handshakes_refused_total{reason="origin"}`)) > 0);
  assert.ok((await of(`flamigo_domain_restarts_total{domain="app::desk"}`)) > 0);
  assert.ok((await of("sum(flamigo_presence_members)")) >= 0);
  assert.ok((await of("flamigo_io_turn_duration_seconds_count")) > 0);
  // Each of our metrics has its type and a help text there.
  const known = await prometheus.get("metadata");
  const names = Object.keys(known).filter((x) => x.startsWith("flamigo_"));
  assert.ok(names.length > 25, `${names.length} metrics`);
  for (const name of names) {
    assert.equal(known[name].length, 1, name);
    assert.notEqual(known[name][0].type, "unknown", name);
    assert.notEqual(known[name][0].help, "", name);
  }
});

test("both ports say that the program is alive and ready", async () => {
  for (const at of [port, server.port]) {
    assert.equal((await fetch(`http://127.0.0.1:${at}/livez`)).status, 200);
    const ready = await fetch(`http://127.0.0.1:${at}/readyz`);
    assert.equal(ready.status, 200);
    assert.equal(await ready.text(), "ready\n");
  }
});

test("a port for metrics that is taken is one sentence and 2", async () => {
  const program = path.join(process.env.FLAMIGO_BIN, "flamigo-metrics-server");
  const child = spawn(program, ["--port=0", `--metrics-port=${port}`, "--log-level=off"],
    { stdio: ["ignore", "inherit", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  assert.equal(code, 2);
  assert.match(said, new RegExp(`^[^\\n]*cannot listen on 127\\.0\\.0\\.1:${port} for metrics, `
    + "choose another --metrics-address or --metrics-port[^\\n]*\\n$"));
});
