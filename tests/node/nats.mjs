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
  static async start() {
    const self = new Nats();
    self.port = await freePort();
    self.dir = mkdtempSync(path.join(os.tmpdir(), "flamigo-nats-"));
    self.child = spawn(natsServer,
      ["-a", "127.0.0.1", "-p", String(self.port), "-js", "-sd", self.dir],
      { stdio: ["ignore", "ignore", "pipe"] });
    self.exited = once(self.child, "close");
    const lines = createInterface({ input: self.child.stderr });
    const ready = new Promise((resolve) => lines.on("line", (line) => {
      if (line.includes("Server is ready")) resolve(true);
    }));
    assert.ok(await Promise.race([ready, self.exited.then(() => false)]),
      "nats-server comes with scripts/bootstrap test");
    return self;
  }

  get url() {
    return `nats://127.0.0.1:${this.port}`;
  }

  async stop() {
    this.child.kill("SIGKILL");
    await this.exited;
    rmSync(this.dir, { recursive: true });
  }
}
