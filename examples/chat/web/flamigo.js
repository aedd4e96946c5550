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

/** How many channels are entered at once when a connection is opened anew. */
const atOnce = 16;

/**
 * One connection, opened again when it is lost and the close code allows it.
 * Events: "open", "close" (detail: { code, reason, retry }), and "message"
 * (detail: { topic, payload, offsets }) for what the server pushes. Those of
 * channels are "subscribed", "unsubscribed" and "presence"; see `subscribe`.
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
  /**
   * What we are subscribed to, by topic: { topic, input, presence, own, people },
   * and { epoch, offset } of the last event that we have, where there is a
   * history; { gap, live } while events up to the first are still to come, and
   * the second is the last of those behind them that have come already.
   */
  #channels = new Map();
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
   * Subscribes to a channel; resolves with the server's answer or rejects. Once
   * it has resolved, a connection that is opened anew subscribes again before it
   * says "open", and gets what was published meanwhile, as "message". `input` is
   * for what the channel runs before; with `presence` one sees who is there.
   *
   * "subscribed" (detail: { topic, result, offset, recovered, missed }) comes each
   * time, before the events. `recovered` tells of a channel with a history that
   * one was in before: true when all of the `missed` events come, of which
   * `offset` is the last; false when there may have been others, so that the state
   * has to be fetched anew. The server may say so at any time.
   *
   * "unsubscribed" (detail: { topic, code }): it is over, for want of a right
   * (`forbidden`, say), or of room for as many as before (`too_many_requests`).
   * "presence" (detail: { topic, people }): others are there than before.
   */
  subscribe(topic, { input, presence } = {}) {
    const channel = this.#channels.get(topic) ?? { topic, people: new Map() };
    return this.#enter(channel, { input, presence, own: true });
  }

  /** Ends that. Resolves when the server knows, or will not have to. */
  async unsubscribe(topic) {
    this.#channels.delete(topic);
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    // A subscription that was under way is answered before.
    const onAnswer = () => this.#channels.delete(topic);
    await this.#ask("app::websocket:unsubscribe", { topic }, { onAnswer });
  }

  /**
   * Who is in a channel: a list of { key, state }, in the order in which they
   * came. Nobody while there is no connection.
   */
  people(topic) {
    const people = this.#channels.get(topic)?.people ?? [];
    return [...people].map(([key, state]) => ({ key, state }));
  }

  /**
   * Opens a connection in place of this one, which is how one becomes somebody
   * else. Resolves when it is open. What one was subscribed to the other one is.
   */
  reopen() {
    this.#drop();
    this.#open();
    return new Promise((resolve, reject) => {
      this.addEventListener("open", resolve, { once: true });
      this.addEventListener("close", () => reject(lost()), { once: true });
    });
  }

  /** Ends the connection for good: it says nothing more, not even "close". */
  close() {
    this.#wanted = false;
    this.#kept = false;
    this.#drop();
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

  /** `onAnswer` hears of a result before anything that comes behind it. */
  #call(topic, payload, { timeout = 15000, signal, onPart, onAnswer } = {}) {
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
      const answered = (result) => {
        onAnswer?.(result);
        resolve(result);
      };
      this.#waiting.set(ackId, { answered, reject, ended, onPart, wait });
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
    for (const channel of this.#channels.values()) {
      channel.people.clear();
      channel.live = undefined;
    }
  }

  /** The browser would answer pings for a page that nobody sees. */
  #keep() {
    if (!this.#wanted) return;
    this.#kept = true;
    this.#drop();
    this.#tell("close", { code: 1000, reason: "the page was left", retry: true });
  }

  #show() {
    if (!this.#kept) return;
    this.#attempt = 0;
    this.#open();
  }

  async #begin(socket) {
    try {
      await this.#prove();
      await this.#enterAgain();
      this.#attempt = 0;
      this.dispatchEvent(new Event("open"));
    } catch (error) {
      // The server gives back the code and not the reason.
      if (socket.onclose)
        socket.onclose = ({ code }) => this.#closed(code, error.message);
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

  #receive({ topic, payload, ackId, more, requestId, offsets }) {
    if (requestId !== undefined) {
      this.#answer(topic, payload, requestId);
    } else if (topic === "request:ended") {
      this.#end(payload.requestId);
    } else if (ackId === undefined) {
      this.#hear(topic, payload, offsets);
    } else if (more) {
      const call = this.#waiting.get(ackId);
      call?.wait();
      call?.onPart?.(payload);
    } else {
      // Nobody waits any more for what comes late.
      const call = this.#settle(ackId);
      if (topic === "error") call?.reject(new RequestError(payload));
      else call?.answered(payload);
    }
  }

  #hear(topic, payload, offsets = {}) {
    if (topic === "subscribed") return this.#placed(payload);
    if (topic === "unsubscribed") return this.#left(payload.topic, payload.code);
    if (topic === "presence") return this.#changed(payload);
    for (const [name, offset] of Object.entries(offsets))
      this.#move(this.#channels.get(name), offset);
    this.#tell("message", { topic, payload, offsets });
  }

  // -- channels ---------------------------------------------------------------

  /** `wanted` is what else it is from then on, if it is not refused. */
  #enter(channel, wanted = {}) {
    const { topic, input, presence, epoch, offset } = { ...channel, ...wanted };
    const since = epoch === undefined ? undefined : { epoch, offset };
    return this.#ask("app::websocket:subscribe",
      { topic, since, input, presence },
      { onAnswer: (answer) =>
        this.#entered(Object.assign(channel, wanted), answer, since) });
  }

  /** Each from where one was; a channel that refuses is one no more. */
  async #enterAgain() {
    const own = [...this.#channels.values()].filter((x) => x.own).values();
    const excess = [];
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (const channel of own)
        if (!await this.#returnTo(channel)) excess.push(channel);
    }));
    // It was too much at once, or is so alone, with any connection.
    for (const channel of excess)
      if (!await this.#returnTo(channel))
        this.#left(channel.topic, "too_many_requests");
  }

  /** Resolves with false if that was too much for the server. */
  async #returnTo(channel) {
    // One may have left while it stood in line.
    if (this.#channels.get(channel.topic) !== channel) return true;
    try {
      await this.#enter(channel);
    } catch (error) {
      if (error.status === 429) return false;
      // What may go better another time is tried with another connection.
      if (!(error.status < 500)) throw error;
      this.#left(channel.topic, error.code);
    }
    return true;
  }

  #entered(channel, { epoch, offset, recovered, presence, result }, since) {
    const { topic } = channel;
    this.#channels.set(topic, channel);
    // Where all of it comes, the position moves with it.
    if (!recovered) Object.assign(channel, { epoch, offset, live: undefined });
    const last = channel.live === undefined ? offset : channel.gap;
    const missed = recovered ? last - since.offset : undefined;
    this.#tell("subscribed",
      { topic, result, offset: last, recovered, missed });
    if (!presence) return;
    channel.people = new Map(presence.map(({ key, state }) => [key, state]));
    this.#tell("presence", { topic, people: this.people(topic) });
  }

  /** The server says by itself where we are: mostly the program has subscribed us. */
  #placed({ topic, epoch, offset, recovered }) {
    const channel = this.#channels.get(topic) ?? { topic, people: new Map() };
    const since = { offset: channel.offset };
    if (channel.epoch !== undefined) recovered ??= channel.epoch === epoch;
    const answer = { epoch, offset, recovered };
    if (!recovered || channel.offset >= offset)
      return this.#entered(channel, answer, since);
    // On an earlier connection: what was missed comes if it is asked for.
    Object.assign(channel, { gap: offset, live: offset });
    this.#enter(channel).catch(({ status }) => {
      if (status !== undefined)
        this.#entered(channel, { epoch, offset: channel.live, recovered: false });
    });
  }

  /** What comes live before what was missed does not move us over the gap. */
  #move(channel, offset) {
    if (channel?.live === undefined) {
      if (channel) channel.offset = offset;
      return;
    }
    if (offset > channel.gap) channel.live = offset;
    else channel.offset = offset;
    if (channel.offset === channel.gap)
      Object.assign(channel, { offset: channel.live, live: undefined });
  }

  #left(topic, code) {
    if (this.#channels.delete(topic)) this.#tell("unsubscribed", { topic, code });
  }

  #changed({ topic, joined, left }) {
    const people = this.#channels.get(topic)?.people;
    if (people === undefined) return;
    for (const { key } of left) people.delete(key);
    for (const { key, state } of joined) people.set(key, state);
    this.#tell("presence", { topic, people: this.people(topic) });
  }

  // -- questions of the server ------------------------------------------------

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

  // -- the end ----------------------------------------------------------------

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
    this.#tell("close", { code, reason, retry });
  }

  #tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }

  /** Takes a call out of those that wait. */
  #settle(ackId) {
    const call = this.#waiting.get(ackId);
    this.#waiting.delete(ackId);
    call?.ended();
    return call;
  }
}
