// A rolling restart behind a proxy: a client hears nothing of it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { bin, Server } from "./server.mjs";

const nginx = path.join(process.env.FLAMIGO_NGINX ?? "", "usr/sbin/nginx");

/** Requests a second. */
const rate = 2000;

async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function startProxy(dir, ports, { upstream = "", location = "" }) {
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${dir}/${name};`).join("\n");
  // All as it is by default, but that a server which refused is tried again soon:
  // the other one is restarted next.
  writeFileSync(path.join(dir, "nginx.conf"), `
    daemon off;
    worker_processes 1;
    pid ${dir}/pid;
    error_log ${dir}/error.log;
    events {}
    http {
      access_log off;
      ${temporary}
      upstream servers {
        ${ports.map((x) => `server 127.0.0.1:${x} fail_timeout=1s;`).join("\n")}
        ${upstream}
      }
      server {
        listen 127.0.0.1:${port};
        location / { proxy_pass http://servers; ${location} }
      }
    }`);
  const child = spawn(nginx, ["-p", dir, "-c", "nginx.conf", "-e", "error.log"],
    { stdio: ["ignore", "inherit", "inherit"] });
  for (;;) {
    const socket = net.connect(port, "127.0.0.1");
    const [up] = await Promise.race([
      once(socket, "connect").then(() => [true]),
      once(socket, "error").then(() => [false]).catch(() => [false]),
    ]).catch(() => [false]);
    socket.destroy();
    if (up) break;
    assert.equal(child.exitCode, null, "nginx did not start");
    await pause(10);
  }
  return { port, child };
}

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
  const dir = mkdtempSync(path.join(os.tmpdir(), "flamigo-nginx-"));
  const ports = [await freePort(), await freePort()];
  const program = process.env.FLAMIGO_RESTARTED
    ?? path.join(bin, "flamigo-protocol-server");
  const start = (port) => Server.run(program, { port });
  const servers = [await start(ports[0]), await start(ports[1])];
  const proxy = await startProxy(dir, ports, settings);
  const load = new Load(proxy.port);
  for (const i of [0, 1]) {
    // Until the proxy has forgiven the other one; it counts in whole seconds.
    await pause(2500);
    assert.equal(await servers[i].stop(), 0);
    servers[i] = await start(ports[i]);
  }
  await pause(500);
  await load.stop();
  proxy.child.kill("SIGTERM");
  await once(proxy.child, "close");
  for (const server of servers) assert.equal(await server.stop(), 0);
  const complaints = readFileSync(path.join(dir, "error.log"), "utf8");
  rmSync(dir, { recursive: true });
  assert.deepEqual(load.answers, { 200: load.sent }, complaints.slice(0, 2000));
}

test("a proxy that connects for each request", () => restartBoth({}));

test("a proxy that keeps its connections", () => restartBoth({
  upstream: "keepalive 32;",
  location: 'proxy_http_version 1.1; proxy_set_header Connection "";',
}));
