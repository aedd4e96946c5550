// Starts one of the project's servers for a test and talks to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import WebSocket from "ws";

export const bin = process.env.FLAMIGO_BIN;
if (!bin) throw new Error("set FLAMIGO_BIN to the folder of the executables");

/** A server process on a free port; stop() ends it. */
export class Server {
  static start(name, ...args) {
    return Server.run(path.join(bin, name), {}, ...args);
  }

  /** The same with any program, options of `spawn`, a port, and who is told of
      the process at once. */
  static async run(program, { port = 0, onStart = () => {}, ...options }, ...args) {
    const child = spawn(program, ["--port", String(port), ...args], {
      ...options,
      stdio: ["ignore", "inherit", "pipe"],
    });
    onStart(child);
    const server = new Server(child);
    const lines = createInterface({ input: child.stderr });
    const listening = new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        server.log.push(line);
        server.waiting.splice(0).forEach((look) => look());
        const match = line.match(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
        const secure = line.match(/ https:\/\/127\.0\.0\.1:(\d+)/);
        if (secure) server.tlsPort = Number(secure[1]);
        if (match) resolve(Number(match[1]));
      });
      child.on("close", (code) =>
        reject(new Error(`${program} ended with ${code}:\n${server.log.join("\n")}`)));
    });
    server.port = await listening;
    return server;
  }

  constructor(child) {
    this.child = child;
    this.log = [];
    this.waiting = [];
    // When all that it has logged was read, too.
    this.exited = once(child, "close");
  }

  get pid() {
    return this.child.pid;
  }

  get url() {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  /** The first line of the log that has this text, once it is written. */
  async logged(text) {
    for (;;) {
      const line = this.log.find((line) => line.includes(text));
      if (line) return line;
      await new Promise((resolve) => this.waiting.push(resolve));
    }
  }

  /** Sends SIGTERM and resolves with the exit status. */
  async stop() {
    this.child.kill("SIGTERM");
    const [code] = await this.exited;
    return code;
  }

  connect(options = {}) {
    return Client.open(this.url, options);
  }
}

/** A WebSocket that collects what it hears. */
export class Client {
  static async open(url, { protocols = [], ...options } = {}) {
    const ws = new WebSocket(url, protocols, options);
    const client = new Client(ws);
    await once(ws, "open");
    return client;
  }

  constructor(ws) {
    this.ws = ws;
    this.heard = [];
    this.listeners = [];
    /** Every text that was heard, and the reason of the close. */
    this.texts = [];
    this.closed = new Promise((resolve) =>
      ws.on("close", (code, reason) => {
        this.texts.push(reason.toString());
        this.end = { code, reason: reason.toString() };
        for (const { reject } of this.listeners.splice(0)) reject(this.ended());
        resolve(this.end);
      }));
    ws.on("error", () => {});
    ws.on("message", (data) => {
      this.texts.push(data.toString());
      const message = JSON.parse(data.toString());
      if (this.listeners.length > 0) this.listeners.shift().resolve(message);
      else this.heard.push(message);
    });
  }

  /** The next message that comes. */
  next() {
    if (this.heard.length > 0) return Promise.resolve(this.heard.shift());
    if (this.end) return Promise.reject(this.ended());
    return new Promise((resolve, reject) =>
      this.listeners.push({ resolve, reject }));
  }

  ended() {
    return new Error(`closed with ${this.end.code} ${this.end.reason}`);
  }

  say(what) {
    this.ws.send(typeof what === "string" ? what : JSON.stringify(what));
  }

  /** Says something and resolves with the next message. */
  ask(what) {
    this.say(what);
    return this.next();
  }

  close() {
    this.ws.close();
    return this.closed;
  }
}
