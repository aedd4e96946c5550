// What becomes of a server when nobody reads its log, or somebody rotates it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Client, Server } from "./server.mjs";

const limits = { timeout: 60_000 };
const program = path.join(process.env.FLAMIGO_BIN, "flamigo-protocol-server");
const listening = /listening on http:\/\/127\.0\.0\.1:(\d+)/;

/** Calls `body` with an empty folder, which is gone afterwards. */
async function withFolder(body) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "flamigo-log-"));
  try {
    await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Resolves as soon as the file has a line that fits, with what was found. */
async function found(file, pattern) {
  for (;;) {
    const match = fs.existsSync(file) && fs.readFileSync(file, "utf8").match(pattern);
    if (match) return match;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A server whose standard error is a pipe, read when the test says so. */
class Piped {
  static async start(folder, ...args) {
    const name = path.join(folder, "stderr");
    execFileSync("mkfifo", [name]);
    const { O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;
    const result = new Piped();
    result.reader = fs.openSync(name, O_RDONLY | O_NONBLOCK);
    const writer = fs.openSync(name, O_WRONLY);
    result.child = spawn(program, ["--port", "0", "--log-level", "info", ...args],
      { stdio: ["ignore", "ignore", writer] });
    result.exited = once(result.child, "exit");
    fs.closeSync(writer);
    // What fills it has a description of its own: the server's has to block.
    result.filler = fs.openSync(name, O_WRONLY | O_NONBLOCK);
    result.text = "";
    while (!listening.test(result.text)) await result.read();
    result.port = Number(result.text.match(listening)[1]);
    return result;
  }

  get url() {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  /** Reads what there is, or waits a little. Returns false at the end. */
  async read() {
    const buffer = Buffer.alloc(65536);
    try {
      const count = fs.readSync(this.reader, buffer);
      this.text += buffer.toString("utf8", 0, count);
      return count > 0;
    } catch (error) {
      assert.equal(error.code, "EAGAIN");
      await new Promise((resolve) => setTimeout(resolve, 5));
      return true;
    }
  }

  /** From now on the pipe takes nothing more. */
  fill() {
    for (const size of [4096, 1]) {
      try {
        for (;;) fs.writeSync(this.filler, "\n".repeat(size));
      } catch (error) {
        assert.equal(error.code, "EAGAIN");
      }
    }
  }

  /** From now on there is nobody who could read. */
  abandon() {
    fs.closeSync(this.reader);
  }

  /** Reads until the server has ended. */
  async readAll() {
    fs.closeSync(this.filler);
    while (await this.read());
  }
}

/** Connects clients one after the other, each of which is answered. */
async function serves(url, count) {
  for (let i = 0; i < count; ++i) {
    const client = await Client.open(url);
    const answer = await client.ask({ topic: "app::test:echo", payload: i, ackId: i });
    assert.deepEqual(answer, { topic: "app::test:echo", payload: i, ackId: i });
    assert.equal((await client.close()).code, 1000);
  }
}

/** Starts a server for one test. */
const withPiped = (body, ...args) => withFolder(async (folder) => {
  const server = await Piped.start(folder, ...args);
  try {
    await body(server);
  } finally {
    server.child.kill("SIGKILL");
  }
});

test("a server whose log nobody reads serves, and ends", limits, () =>
  withPiped(async (server) => {
    server.fill();
    await serves(server.url, 200);
    const busy = await Client.open(server.url);
    busy.say({ topic: "app::parked:wait", ackId: 1 });
    await busy.ask({ topic: "app::test:nothing", ackId: 2 });
    const begin = Date.now();
    server.child.kill("SIGTERM");
    assert.deepEqual(await server.exited, [0, null]);
    const time = Date.now() - begin;
    // The drain, and a second for the log; the rest is patience with this
    // machine.
    assert.ok(time >= 300 + 1000 && time < 300 + 1000 + 5000, `${time} ms`);
  }, "--drain-timeout", "300ms"));

test("what waited is written as soon as somebody reads", limits, () =>
  withPiped(async (server) => {
    server.fill();
    await serves(server.url, 20);
    const all = server.readAll();
    server.child.kill("SIGTERM");
    assert.deepEqual(await server.exited, [0, null]);
    await all;
    const lines = server.text.split("\n");
    const count = (what) => lines.filter((line) => line.includes(what)).length;
    assert.equal(count(" opened, peer "), 20);
    assert.equal(count(" closed, peer "), 20);
    assert.equal(count("shutting down"), 1);
  }));

test("a server whose log's reader is gone serves, and ends", limits, () =>
  withPiped(async (server) => {
    server.abandon();
    await serves(server.url, 20);
    server.child.kill("SIGTERM");
    assert.deepEqual(await server.exited, [0, null]);
  }));

test("SIGHUP opens the log's file again", limits, () =>
  withFolder(async (folder) => {
    const file = path.join(folder, "server.log");
    const child = spawn(program, ["--port", "0", "--log-file", file],
      { stdio: "ignore" });
    const exited = once(child, "exit");
    try {
      const url = `ws://127.0.0.1:${(await found(file, listening))[1]}/ws`;
      for (const old of [`${file}.1`, `${file}.2`]) {
        const first = await Client.open(url);
        await found(file, / opened, peer /);
        fs.renameSync(file, old);
        child.kill("SIGHUP");
        await found(file, /^.* info SIGHUP: opened the log file again$/m);
        const before = fs.readFileSync(old, "utf8");
        await first.close();
        await found(file, / closed, peer /);
        assert.equal(fs.readFileSync(old, "utf8"), before);
      }
      // What cannot be opened is said where it can be read.
      fs.renameSync(file, `${file}.3`);
      fs.mkdirSync(file);
      child.kill("SIGHUP");
      await found(`${file}.3`, / error SIGHUP: cannot open the log file again/);
      child.kill("SIGTERM");
      assert.deepEqual(await exited, [0, null]);
      await found(`${file}.3`, /shutting down/);
    } finally {
      child.kill("SIGKILL");
    }
  }));

test("without a file SIGHUP ends a server, as it ends any program", limits,
  async () => {
    const server = await Server.start("flamigo-protocol-server");
    server.child.kill("SIGHUP");
    assert.deepEqual(await server.exited, [null, "SIGHUP"]);
  });
