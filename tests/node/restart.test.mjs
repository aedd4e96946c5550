// A rolling restart behind a proxy: a client hears nothing of it.
import assert from "node:assert/strict";
import http from "node:http";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, Proxy } from "./proxies.mjs";
import { bin, Server } from "./server.mjs";

/** Requests a second. */
const rate = 2000;

/** Sends POSTs until it is stopped; counts what comes back. */
class Load {
  constructor(port) {
    this.answers = {};
    this.sent = 0;
    this.done = 0;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    const began = Date.now();
    this.timer = setInterval(() => {
      const due = (Date.now() - began) / 1000 * rate;
      for (; this.sent < due; ++this.sent) this.#post(agent, port);
    }, 5);
    this.agent = agent;
  }

  #post(agent, port) {
    const body = `request ${this.sent}`;
    const req = http.request({ agent, host: "127.0.0.1", port, path: "/echo",
      method: "POST" }, (res) => {
      let text = "";
      res.on("data", (part) => (text += part));
      res.on("end", () => this.#count(text === body ? res.statusCode
        : `${res.statusCode} with something else`));
      res.on("error", (err) => this.#count(err.code));
    });
    req.on("error", (err) => this.#count(err.code));
    req.end(body);
  }

  #count(what) {
    ++this.done;
    this.answers[what] = (this.answers[what] ?? 0) + 1;
  }

  async stop() {
    clearInterval(this.timer);
    while (this.done < this.sent) await pause(10);
    this.agent.destroy();
  }
}

async function restartBoth(settings) {
  const ports = [await freePort(), await freePort()];
  const program = process.env.FLAMIGO_RESTARTED
    ?? path.join(bin, "flamigo-protocol-server");
  const start = (port) => Server.run(program, { port });
  const servers = [await start(ports[0]), await start(ports[1])];
  const proxy = await Proxy.start("nginx", ports, settings);
  const load = new Load(proxy.port);
  for (const i of [0, 1]) {
    // Until the proxy has forgiven the other one; it counts in whole seconds.
    await pause(2500);
    assert.equal(await servers[i].stop(), 0);
    servers[i] = await start(ports[i]);
  }
  await pause(500);
  await load.stop();
  const complaints = await proxy.stop();
  for (const server of servers) assert.equal(await server.stop(), 0);
  assert.deepEqual(load.answers, { 200: load.sent }, complaints.slice(0, 2000));
}

test("a proxy that connects for each request", () => restartBoth({}));

test("a proxy that keeps its connections", () => restartBoth({
  upstream: "keepalive 32;",
  location: 'proxy_http_version 1.1; proxy_set_header Connection "";',
}));
