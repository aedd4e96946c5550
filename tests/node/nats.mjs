// A NATS server with JetStream for a test.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./proxies.mjs";

// Where Debian has it, which is not on everybody's PATH.
const there = "/usr/sbin/nats-server";
export const natsServer = existsSync(there) ? there : "nats-server";

export class Nats {
  static async start(port) {
    const self = new Nats();
    self.port = port ?? await freePort();
    self.dir = mkdtempSync(path.join(os.tmpdir(), "flamigo-nats-"));
    await self.again();
    return self;
  }

  /** At the same port, with what it had on its disk. */
  async again() {
    this.child = spawn(natsServer,
      ["-a", "127.0.0.1", "-p", String(this.port), "-js", "-sd", this.dir],
      { stdio: ["ignore", "ignore", "pipe"] });
    this.exited = once(this.child, "close");
    const lines = createInterface({ input: this.child.stderr });
    const ready = new Promise((resolve) => lines.on("line", (line) => {
      this.log = [...this.log ?? [], line].slice(-100);
      if (line.includes("Server is ready")) resolve(true);
    }));
    assert.ok(await Promise.race([ready, this.exited.then(() => false)]),
      "nats-server comes with scripts/bootstrap test");
  }

  get url() {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** What it has on its disk stays there. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  async stop() {
    await this.kill();
    rmSync(this.dir, { recursive: true });
  }
}
