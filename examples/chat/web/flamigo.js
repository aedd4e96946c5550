// A small client of the Flamigo protocol on the browser's native WebSocket.

/** An error that the server sent in answer to a request. */
export class RequestError extends Error {
  constructor({ message, status, code, fieldErrors = [] }) {
    super(message);
    this.status = status;
    this.code = code;
    this.fieldErrors = fieldErrors;
  }
}

/**
 * One connection, opened again when it is lost and the close code allows it.
 * Events: "open", "close" (detail: { code, reason, retry }), and "message"
 * (detail: { topic, payload }) for what the server pushes.
 */
export class Connection extends EventTarget {
  #url;
  #socket;
  #nextAck = 1;
  #waiting = new Map();
  #attempt = 0;

  constructor(url) {
    super();
    this.#url = url;
    this.#open();
  }

  /** Calls a strategy; resolves with its payload or rejects. */
  request(topic, payload = null, timeout = 15000) {
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN)
        return reject(new Error("not connected"));
      const ackId = String(this.#nextAck++);
      const timer = setTimeout(
        () => this.#settle(ackId)?.reject(new Error("no answer in time")),
        timeout,
      );
      this.#waiting.set(ackId, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ topic, payload, ackId }));
    });
  }

  #open() {
    this.#socket = new WebSocket(this.#url, "flamigo.v1");
    this.#socket.onopen = () => {
      this.#attempt = 0;
      this.dispatchEvent(new Event("open"));
    };
    this.#socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    this.#socket.onclose = ({ code, reason }) => this.#closed(code, reason);
  }

  #receive({ topic, payload, ackId }) {
    const call = ackId === undefined ? undefined : this.#settle(ackId);
    if (call !== undefined) {
      if (topic === "error") call.reject(new RequestError(payload));
      else call.resolve(payload);
    } else {
      const detail = { topic, payload };
      this.dispatchEvent(new CustomEvent("message", { detail }));
    }
  }

  #closed(code, reason) {
    for (const ackId of [...this.#waiting.keys()])
      this.#settle(ackId).reject(new Error("the connection was lost"));
    const retry =
      !(code >= 3500 && code < 4000) && !(code >= 4500 && code < 5000) &&
      ![1002, 1003, 1007].includes(code);
    if (retry) {
      // Clients that lost the same server must not come back all at once.
      const limit = Math.min(30000, 500 * 2 ** this.#attempt++);
      setTimeout(() => this.#open(), limit * (0.5 + Math.random() / 2));
    }
    const detail = { code, reason, retry };
    this.dispatchEvent(new CustomEvent("close", { detail }));
  }

  /** Takes a call out of those that wait. */
  #settle(ackId) {
    const call = this.#waiting.get(ackId);
    if (call !== undefined) {
      clearTimeout(call.timer);
      this.#waiting.delete(ackId);
    }
    return call;
  }
}
