// A small client of the Flamigo protocol on the browser's native WebSocket.

const lost = () => new Error("the connection was lost");

/**
 * The subprotocol that shows a token when connecting. It can only have the
 * characters of a token of HTTP (RFC 9110, 5.6.2), or no browser would send it.
 */
function bearer(token) {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(token))
    throw new TypeError("a token that is shown when connecting cannot have =, / "
      + "or other characters that a subprotocol has not: make it base64url "
      + "without padding, or show it with `authenticate`");
  return `bearer.${token}`;
}

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
 *
 * With `authenticate`, an async function that resolves with a fresh { token,
 * expiresIn } (in seconds), it says "open" once the server knows who is there,
 * and shows the server another token before that one expires. A `token` that
 * lasts as long as the page can be shown when connecting instead.
 *
 * A page that the browser keeps for the way back (bfcache) has no connection: it
 * says "close", and opens another one when it is shown again.
 */
export class Connection extends EventTarget {
  #url;
  #protocols = ["flamigo.v1"];
  #authenticate;
  #socket;
  #nextAck = 1;
  #waiting = new Map();
  #attempt = 0;
  #timer;
  /** Whether there is a connection, or will be: not after the last close. */
  #wanted;
  /** Whether the page is kept, and nobody sees it. */
  #kept = false;

  constructor(url, { authenticate, token } = {}) {
    super();
    this.#url = url;
    this.#authenticate = authenticate;
    if (token !== undefined) this.#protocols.push(bearer(token));
    // Where there are pages.
    globalThis.addEventListener?.("pagehide", (e) => e.persisted && this.#keep());
    globalThis.addEventListener?.("pageshow", (e) => e.persisted && this.#show());
    this.#open();
  }

  /** Calls a strategy; resolves with its payload or rejects. */
  async request(topic, payload = null, timeout = 15000) {
    try {
      return await this.#call(topic, payload, timeout);
    } catch (error) {
      if (error.status !== 401 || !this.#authenticate) throw error;
      // The server does not know us, so it has done nothing yet.
      await this.#prove();
      return this.#call(topic, payload, timeout);
    }
  }

  /**
   * Opens a connection in place of this one, which is how one becomes somebody
   * else. Resolves when it is open.
   */
  reopen() {
    this.#drop();
    this.#open();
    return new Promise((resolve, reject) => {
      this.addEventListener("open", resolve, { once: true });
      this.addEventListener("close", () => reject(lost()), { once: true });
    });
  }

  #call(topic, payload, timeout = 15000) {
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
    clearTimeout(this.#timer);
    this.#wanted = true;
    this.#kept = false;
    const socket = new WebSocket(this.#url, this.#protocols);
    this.#socket = socket;
    socket.onopen = () => this.#begin(socket);
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code, reason }) => this.#closed(code, reason);
    // Some (Node's own) say nothing else of a server that is not there; all
    // others say "close" before the next task.
    socket.onerror = () => setTimeout(() => {
      if (socket !== this.#socket || socket.onclose === null) return;
      if (socket.readyState === WebSocket.CONNECTING) this.#closed(1006, "");
    });
  }

  /** Leaves the socket, which then says no more. */
  #drop() {
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
    clearTimeout(this.#timer);
    this.#rejectAll();
  }

  /** The browser would answer pings for a page that nobody sees. */
  #keep() {
    if (!this.#wanted) return;
    this.#kept = true;
    this.#drop();
    this.#say(1000, "the page was left", true);
  }

  #show() {
    if (!this.#kept) return;
    this.#attempt = 0;
    this.#open();
  }

  async #begin(socket) {
    try {
      await this.#prove();
      this.#attempt = 0;
      this.dispatchEvent(new Event("open"));
    } catch (error) {
      // Whatever it was, the next connection begins with a login of its own.
      // A reason has 123 bytes at most.
      socket.close(4000, error.message.slice(0, 40));
    }
  }

  /** Logs in and shows the token to the server. */
  async #prove() {
    if (!this.#authenticate) return;
    const socket = this.#socket;
    const { token, expiresIn } = await this.#authenticate();
    // The token may be another user's by now.
    if (socket !== this.#socket) throw lost();
    await this.#call("app::websocket:auth", { token });
    // If this one fails, the server closes with 3005 and all begins anew.
    if (expiresIn > 0)
      this.#later(() => this.#prove().catch(() => {}), expiresIn * 800);
  }

  #later(action, delay) {
    clearTimeout(this.#timer);
    // A larger delay would be none.
    this.#timer = setTimeout(action, Math.min(delay, 2 ** 31 - 1));
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
    this.#drop();
    const retry = code === 3502 // not authenticated in time
      ? this.#authenticate !== undefined
      : !(code >= 3500 && code < 4000) && !(code >= 4500 && code < 5000) &&
        ![1002, 1003, 1007].includes(code);
    this.#wanted = retry;
    if (retry) {
      // Clients that lost the same server must not come back all at once.
      const limit = Math.min(30000, 500 * 2 ** this.#attempt++);
      this.#later(() => this.#open(), limit * (0.5 + Math.random() / 2));
    }
    this.#say(code, reason, retry);
  }

  #say(code, reason, retry) {
    const detail = { code, reason, retry };
    this.dispatchEvent(new CustomEvent("close", { detail }));
  }

  #rejectAll() {
    for (const ackId of [...this.#waiting.keys()])
      this.#settle(ackId).reject(lost());
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
