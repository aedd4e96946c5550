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

/**
 * An error that the server sent in answer to a request, or that a handler of
 * `onRequest` throws for the server to read (status 400 to 599).
 */
export class RequestError extends Error {
  constructor({ message, status, code, fieldErrors = [] }) {
    super(message);
    this.status = status;
    this.code = code;
    this.fieldErrors = fieldErrors;
  }
}

/** What the server is told of a question that was not answered. */
function refusal(error) {
  if (error instanceof RequestError) {
    const { message, status, code } = error;
    return { message, status, code };
  }
  // The text may be nobody's business.
  console.error(error);
  return { message: "the client has failed", status: 500, code: "internal" };
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
  /** What answers the server, by topic, and what ends each of its questions. */
  #answerers = new Map();
  #asked = new Map();
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

  /**
   * Calls a strategy; resolves with its payload or rejects. An AbortSignal, or
   * the `timeout` in ms, ends the waiting, and has the server stop what it does.
   * Of an answer in parts only the last one counts; see `stream`.
   */
  request(topic, payload = null, { timeout = 15000, signal } = {}) {
    return this.#ask(topic, payload, { timeout, signal });
  }

  /**
   * Calls a strategy that answers in parts:
   *
   *   for await (const row of connection.stream("app::report:rows")) show(row);
   *
   * Begins with the first `next`. Leaving the loop, or `signal`, has the server
   * stop. The `timeout` is from one part to the next. What comes faster than it
   * is taken waits in memory. Returns what comes last.
   */
  async *stream(topic, payload = null, { timeout = 15000, signal } = {}) {
    const left = new AbortController();
    const parts = [];
    let wake = () => {};
    let done = false;
    const last = this.#ask(topic, payload, {
      timeout,
      signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
      onPart: (part) => {
        parts.push(part);
        wake();
      },
    }).finally(() => {
      done = true;
      wake();
    });
    last.catch(() => {}); // It is told below, behind the parts.
    try {
      while (parts.length > 0 || !done)
        if (parts.length > 0) yield parts.shift();
        else await new Promise((resolve) => { wake = resolve; });
      return await last;
    } finally {
      left.abort();
    }
  }

  /**
   * Has `answer(payload, { signal })` answer what the server asks under this
   * topic, in place of what did so before; null has nothing answer. It may be
   * async, and throw a RequestError. The signal is aborted when the question is
   * over: its time is up, the user has answered elsewhere, the connection ends.
   *
   *   connection.onRequest("trade:confirm", async ({ id }) => confirm(`Sell ${id}?`));
   */
  onRequest(topic, answer) {
    if (answer === null) this.#answerers.delete(topic);
    else this.#answerers.set(topic, answer);
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

  async #ask(topic, payload, how) {
    try {
      return await this.#call(topic, payload, how);
    } catch (error) {
      if (error.status !== 401 || !this.#authenticate) throw error;
      // The server does not know us, so it has done nothing yet.
      await this.#prove();
      return this.#call(topic, payload, how);
    }
  }

  #call(topic, payload, { timeout = 15000, signal, onPart } = {}) {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#socket.readyState !== WebSocket.OPEN)
        throw new Error("not connected");
      const ackId = String(this.#nextAck++);
      let timer;
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, timeout, new Error("no answer in time"));
      };
      const giveUp = (why) => {
        this.#settle(ackId);
        this.#send("app::websocket:cancel", { ackId });
        reject(why);
      };
      const abort = () => giveUp(signal.reason);
      const ended = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      this.#waiting.set(ackId, { resolve, reject, ended, onPart, wait });
      signal?.addEventListener("abort", abort);
      wait();
      this.#send(topic, payload, ackId);
    });
  }

  /** Whatever comes back, it is of no call that waits, unless it is told one. */
  #send(topic, payload, ackId = String(this.#nextAck++)) {
    this.#socket.send(JSON.stringify({ topic, payload, ackId }));
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
    for (const ackId of [...this.#waiting.keys()])
      this.#settle(ackId).reject(lost());
    for (const requestId of [...this.#asked.keys()]) this.#end(requestId);
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

  #receive({ topic, payload, ackId, more, requestId }) {
    if (requestId !== undefined) {
      this.#answer(topic, payload, requestId);
    } else if (topic === "request:ended") {
      this.#end(payload.requestId);
    } else if (ackId === undefined) {
      const detail = { topic, payload };
      this.dispatchEvent(new CustomEvent("message", { detail }));
    } else if (more) {
      const call = this.#waiting.get(ackId);
      call?.wait();
      call?.onPart?.(payload);
    } else {
      // Nobody waits any more for what comes late.
      const call = this.#settle(ackId);
      if (topic === "error") call?.reject(new RequestError(payload));
      else call?.resolve(payload);
    }
  }

  async #answer(topic, payload, requestId) {
    const socket = this.#socket;
    const over = new AbortController();
    this.#asked.set(requestId, over);
    let answer;
    try {
      const answerer = this.#answerers.get(topic);
      if (answerer === undefined)
        throw new RequestError({ message: `nothing answers "${topic}" here`,
          status: 404, code: "unknown_strategy" });
      const result = await answerer(payload, { signal: over.signal });
      answer = JSON.stringify({ requestId, payload: result });
    } catch (error) {
      if (over.signal.aborted) return;
      answer = JSON.stringify({ requestId, error: refusal(error) });
    }
    if (over.signal.aborted) return;
    this.#asked.delete(requestId);
    socket.send(answer);
  }

  /** A question is over, and is not answered any more. */
  #end(requestId) {
    const over = this.#asked.get(requestId);
    this.#asked.delete(requestId);
    over?.abort();
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

  /** Takes a call out of those that wait. */
  #settle(ackId) {
    const call = this.#waiting.get(ackId);
    this.#waiting.delete(ackId);
    call?.ended();
    return call;
  }
}
