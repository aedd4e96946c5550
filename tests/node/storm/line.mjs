// One connection of a user to a node.
import WebSocket from "ws";

/** How long a node may take to accept somebody. */
const patience = 2000;

export class Failure extends Error {
  constructor({ message, status, code }) {
    super(`${status} ${code}: ${message}`);
    Object.assign(this, { status, code });
  }
}

export class Line {
  /** What comes without having been asked for is given to `hear`. */
  static async open(port, name, hear = () => {}) {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    const line = new Line(ws, hear);
    const limit = setTimeout(() => ws.terminate(), patience);
    try {
      await Promise.race([new Promise((resolve) => ws.once("open", resolve)), line.failed]);
      await line.ask("app::websocket:auth", { token: name });
    } finally {
      clearTimeout(limit);
    }
    return line;
  }

  constructor(ws, hear) {
    this.ws = ws;
    this.asked = new Map();
    this.count = 0;
    this.isOpen = true;
    this.closed = new Promise((resolve) => ws.on("close", (code) => {
      this.isOpen = false;
      for (const { reject } of this.asked.values())
        reject(new Failure({ message: `closed with ${code}`, status: 0, code: "closed" }));
      this.asked.clear();
      resolve(code);
    }));
    this.failed = this.closed.then((code) => {
      throw new Failure({ message: `closed with ${code}`, status: 0, code: "closed" });
    });
    this.failed.catch(() => {});
    ws.on("error", () => {});
    ws.on("message", (data) => {
      const what = JSON.parse(data);
      const waiting = this.asked.get(what.ackId);
      if (!waiting) return hear(what);
      this.asked.delete(what.ackId);
      if (what.topic === "error") waiting.reject(new Failure(what.payload));
      else waiting.resolve(what.payload);
    });
  }

  /** Its answer; before anything that comes behind it is heard, `first` gets it. */
  ask(topic, payload, first = (answer) => answer) {
    return new Promise((resolve, reject) => {
      if (!this.isOpen)
        return reject(new Failure({ message: "closed", status: 0, code: "closed" }));
      const ackId = ++this.count;
      this.asked.set(ackId, { resolve: (answer) => resolve(first(answer)), reject });
      this.ws.send(JSON.stringify({ topic, payload, ackId }));
    });
  }

  /** Closes it when nothing is heard for so long. */
  watch(interval) {
    let heard = true;
    this.ws.on("pong", () => { heard = true; });
    const timer = setInterval(() => {
      if (!heard) return this.ws.terminate();
      heard = false;
      this.ws.ping();
    }, interval);
    this.closed.then(() => clearInterval(timer));
  }

  close() {
    this.ws.terminate();
    return this.closed;
  }
}
