// A node of the cluster in a process of its own, behind a proxy to NATS.
import assert from "node:assert/strict";
import path from "node:path";
import { bin, Server } from "../server.mjs";
import { TcpProxy } from "../tcp_proxy.mjs";

export class StormNode {
  constructor(index, port, nats, options, faults) {
    Object.assign(this, { index, port, nats, options, faults });
    this.name = `node-${index}`;
    /** All processes there were, by the id that the cluster has for them. */
    this.lives = new Map();
    this.log = [];
    this.children = [];
  }

  async begin() {
    this.proxy ??= await TcpProxy.start(this.nats.port);
    const life = { node: this, isFrozen: false, troubled: false };
    life.server = await Server.run(path.join(bin, "flamigo-cluster-server"),
      { port: this.port, onStart: (child) => this.children.push(child) },
      "--nats-url", `nats://127.0.0.1:${this.proxy.port}`,
      "--cluster-name", `storm-${process.pid}`, "--node-name", this.name,
      "--max-in-flight", "10000", "--drain-timeout", "2s", "--threads", "2",
      ...this.options);
    this.life = life;
    life.server.exited.then(([code, signal]) => {
      if (this.life === life) this.faults.add(`${this.name} has ended by itself: ${code ?? signal}`);
    });
  }

  /** Its process has told its id. */
  identify(id) {
    const known = this.lives.get(id);
    if (!known) this.lives.set(id, this.life);
    assert.ok(!known || known === this.life, `${this.name} has an old id`);
    this.life.id = id;
  }

  get isUp() {
    return this.life !== undefined;
  }

  async kill() {
    const { life } = this;
    this.life = undefined;
    life.endedAt = Date.now();
    life.wasKilled = true;
    life.server.child.kill("SIGKILL");
    await life.server.exited;
    this.#keepLog(life);
  }

  /** It ends in order. */
  async stop() {
    const { life } = this;
    this.life = undefined;
    const code = await life.server.stop();
    life.endedAt = Date.now();
    this.#keepLog(life);
    assert.equal(code, 0, `${this.name} ends with ${code}`);
  }

  freeze() {
    this.life.isFrozen = true;
    this.life.server.child.kill("SIGSTOP");
  }

  thaw() {
    if (!this.life) return;
    this.life.isFrozen = false;
    this.life.server.child.kill("SIGCONT");
  }

  /** What is to be read when something is wrong. */
  lastLines(count) {
    return [...this.log, ...this.life?.server.log ?? []]
      .filter((line) => !/ (info|warning) connection /.test(line)).slice(-count);
  }

  #keepLog(life) {
    this.log = [...this.log, ...life.server.log, "-- the end of a process"].slice(-1000);
  }

  /** Whatever there is, at once. */
  end() {
    this.life = undefined;
    for (const child of this.children) child.kill("SIGKILL");
    this.proxy?.stop();
  }
}
