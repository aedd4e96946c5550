// @flamigo/client 0.1.0 as one module. Made of clients/typescript by
// `npm run build && npm run bundle` there; do not edit.


// dist/encode.js
function encode(topic, payload, ackId) {
  return jsonOf({ topic, payload, ackId });
}
function copyOf(what) {
  return JSON.parse(jsonOf(what));
}
function jsonOf(what) {
  const text = JSON.stringify(what);
  if (!text)
    throw new TypeError("this is no JSON");
  return text.replace(/\\(ud...|.)/g, (all, escaped) => escaped[1] ? "\uFFFD" : all);
}

// dist/flamigo_error.js
var FlamigoError = class extends Error {
  constructor(parts2) {
    super(parts2.message);
    const { status = 0 } = parts2;
    Object.assign(this, {
      name: "FlamigoError",
      code: "",
      fieldErrors: [],
      maybeExecuted: status === 504
    }, parts2, { status });
  }
};
function localError(code, message, maybeExecuted = false) {
  return new FlamigoError({ message, code, maybeExecuted });
}

// dist/timer.js
function makeTimer(clock) {
  let running;
  const stop = () => clock.clearTimeout(running);
  return {
    /** In place of what was to be done. */
    start(ms, f) {
      stop();
      running = clock.setTimeout(f, ms);
    },
    stop
  };
}

// dist/calls.js
function makeCalls({ clock, namespace, maxInFlight, timeout }, wire) {
  const channels = { queue: [], inFlight: 0, limit: 16 };
  const others = { queue: [], inFlight: 0, limit: maxInFlight };
  const sent = /* @__PURE__ */ new Map();
  let next = 1;
  function add(request, lane = channels) {
    const pending = { ...request, id: String(next++), lane, timer: makeTimer(clock) };
    if (!request.patience)
      wait(pending);
    if (request.send)
      begin(pending, request.send);
    else
      lane.queue.push(pending);
    if (wire.closed)
      queueMicrotask(close);
    pump();
    return pending;
  }
  function pump() {
    if (!wire.isUp())
      return;
    for (const lane of [channels, others])
      while (lane.queue.length > 0 && lane.inFlight < lane.limit) {
        if (!begin(lane.queue[0], wire.send))
          break;
        lane.queue.shift();
      }
  }
  function drop(pending, cancel = true) {
    const { size, lane, id } = pending;
    end(pending);
    if (!size)
      lane.queue = lane.queue.filter((x) => x !== pending);
    else if (cancel)
      wire.send(encode(`${namespace}::websocket:cancel`, { ackId: id }));
    pump();
  }
  function hear({ topic, payload, ackId, more }) {
    const pending = sent.get(ackId);
    if (!pending)
      return;
    if (more) {
      wait(pending);
      return pending.part?.(payload);
    }
    end(pending);
    if (topic !== "error")
      pending.done(payload);
    else if (payload.status === 401 && payload.code === "unauthorized" && !pending.send && wire.renew() && pending.idempotent)
      requeue(pending);
    else
      pending.fail(new FlamigoError(pending.maybe ? { ...payload, maybeExecuted: true } : payload));
    pump();
  }
  function lost({ code, message }, longest) {
    for (const pending of [...sent.values()]) {
      const isTooLarge = code === 1009 && pending.size === longest;
      end(pending);
      if (isTooLarge)
        pending.fail(localError("too_large", message));
      else if (pending.idempotent)
        requeue(pending, true);
      else
        pending.fail(localError("lost", "connection lost", true));
    }
  }
  function close() {
    const reason = wire.closed;
    if (!reason)
      return;
    for (const lane of [channels, others])
      for (const pending of lane.queue.splice(0)) {
        end(pending);
        pending.fail(localError("closed", reason.message, pending.maybe));
      }
  }
  function begin(pending, send) {
    const { topic, payload, id, lane, patience: patience2 } = pending;
    const size = pending.size = send(encode(topic, payload(), id));
    if (!size)
      return false;
    lane.inFlight++;
    sent.set(id, pending);
    if (patience2)
      wait(pending);
    return true;
  }
  function end(pending) {
    pending.timer.stop();
    if (sent.delete(pending.id))
      pending.lane.inFlight--;
    pending.size = 0;
  }
  function requeue(pending, maybe = false) {
    const { patience: patience2, deadline, lane } = pending;
    pending.maybe ||= maybe;
    if (!patience2)
      wait(pending, deadline - clock.now());
    lane.queue.push(pending);
    lane.queue.sort((a, b) => +a.id - +b.id);
  }
  function wait(pending, ms = pending.timeout ?? timeout) {
    pending.deadline = clock.now() + ms;
    pending.timer.start(ms, () => {
      const maybe = pending.maybe || !!pending.size;
      drop(pending);
      wire.probe();
      pending.fail(localError("timeout", "no answer in time", maybe));
    });
  }
  return { others, add, pump, drop, hear, lost, close };
}

// dist/emitter.js
function makeEmitter() {
  const all = /* @__PURE__ */ new Set();
  let due = [];
  function on(name, f) {
    const own = { name, f };
    all.add(own);
    return () => all.delete(own);
  }
  function emit(name, ...args) {
    const isFirst = !due.length;
    for (const own of all)
      if (own.name === name)
        due.push(() => all.has(own) && own.f(...args));
    if (!isFirst)
      return;
    for (const tell of due)
      try {
        tell();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    due = [];
  }
  return { on, emit };
}

// dist/events.js
var most = 1e4;
var patience = 5e3;
function makeEvents(all, emitter, giveUp) {
  let held = [];
  const gaps = /* @__PURE__ */ new Set();
  function hear(frame) {
    const { offsets } = frame;
    if (!gaps.size || !offsets)
      return deliver(frame);
    for (const x of gaps) {
      const offset = offsets[x.topic];
      if (offset === void 0)
        continue;
      if (offset <= x.gap) {
        const isLast = offset === x.gap;
        deliver(frame);
        return isLast ? close(x) : wait(x);
      }
      if (!x.asking)
        close(x);
    }
    if (held.length >= most)
      gaps.forEach(giveUp);
    if (gaps.size)
      held.push(frame);
    else
      deliver(frame);
  }
  function open(x, gap) {
    x.gap = gap;
    gaps.add(x);
  }
  function wait(x) {
    x.gapTimer.start(patience, () => giveUp(x));
  }
  function close(x) {
    if (!gaps.delete(x))
      return;
    x.gapTimer.stop();
    x.gap = void 0;
    if (!gaps.size)
      held.splice(0).forEach(deliver);
  }
  function lost() {
    held = [];
    gaps.forEach(close);
  }
  function deliver({ topic, payload, offsets }) {
    let isNew = true;
    for (const [name, offset] of Object.entries(offsets ?? {})) {
      const at = all.get(name)?.at;
      if (at && offset <= at.offset)
        isNew = false;
      else if (at)
        at.offset = offset;
    }
    if (!isNew)
      return;
    emitter.emit(topic, payload, { offsets: offsets ?? {} });
    for (const x of [...all.values()])
      if (x.isJoined && (offsets ? x.topic in offsets : !x.at))
        x.emit(topic, payload, { offset: offsets?.[x.topic] });
  }
  return { hear, open, wait, close, lost };
}

// dist/members.js
function makeMembers() {
  let all = /* @__PURE__ */ new Map();
  const list = () => [...all.values()];
  function replace(members) {
    const before = all;
    all = new Map(members.map((one) => [one.key, one]));
    return {
      members,
      joined: members.filter(({ key }) => !before.has(key)),
      left: [...before.keys()].filter((key) => !all.has(key))
    };
  }
  function change({ joined, left }) {
    for (const { key } of left)
      all.delete(key);
    for (const one of joined)
      all.set(one.key, one);
    return { members: list(), joined, left: left.map(({ key }) => key) };
  }
  return { list, replace, change };
}

// dist/subscription.js
function makeSubscription(topic, clock) {
  const uses = /* @__PURE__ */ new Set();
  return {
    topic,
    members: makeMembers(),
    uses,
    isJoined: false,
    refused: 0,
    gapTimer: makeTimer(clock),
    retryTimer: makeTimer(clock),
    emit(...what) {
      for (const use of [...uses])
        use.emit(...what);
    }
  };
}

// dist/channels.js
function makeChannels(settings, calls, emitter) {
  const tries = 5;
  const pause = 1e3;
  const most2 = 1e3;
  const { clock, namespace } = settings;
  const all = /* @__PURE__ */ new Map();
  const events = makeEvents(all, emitter, giveUp);
  function use(topic, { input, presence }) {
    const text = input === void 0 ? input : jsonOf(input);
    const x = get(copyOf(topic));
    const own = makeEmitter();
    const wants = !x.uses.size || presence && !x.presence || text && text !== x.input;
    x.uses.add(own);
    x.presence ||= presence;
    x.input = text ?? x.input;
    const ready = new Promise((resolve, reject) => {
      if (!wants && x.joined)
        resolve(x.joined);
      own.on("subscribed", resolve);
      own.on("", reject);
    });
    ready.catch(() => {
    });
    if (wants)
      ask(x);
    return {
      topic: x.topic,
      ready,
      get isJoined() {
        return x.isJoined;
      },
      get members() {
        return x.members.list();
      },
      on: own.on,
      leave: () => leave(x, own)
    };
  }
  function hear(frame) {
    const { topic, payload } = frame;
    if (topic === "subscribed")
      placed(payload);
    else if (topic === "unsubscribed")
      end(payload.topic, new FlamigoError({ message: payload.code, ...payload }));
    else if (topic === "presence") {
      const x = all.get(payload.topic);
      x?.emit(topic, x.members.change(payload));
    } else
      events.hear(frame);
  }
  function lost() {
    events.lost();
    for (const x of all.values()) {
      x.isJoined = false;
      forget(x);
      if (x.uses.size)
        ask(x);
      else if (all.size > most2)
        all.delete(x.topic);
    }
  }
  function close(error) {
    for (const topic of [...all.keys()])
      end(topic, error);
  }
  function ask(x) {
    forget(x);
    x.asking = calls.add({
      topic: `${namespace}::websocket:subscribe`,
      payload: () => ({
        topic: x.topic,
        since: x.at,
        input: x.input && JSON.parse(x.input),
        presence: x.presence
      }),
      patience: true,
      idempotent: true,
      done: (answer) => entered(x, answer),
      fail: (error) => refused(x, error)
    });
  }
  function forget(x) {
    x.retryTimer.stop();
    if (x.asking)
      calls.drop(x.asking, false);
    x.asking = void 0;
  }
  function entered(x, answer) {
    const { epoch, offset, recovered, presence, result } = answer;
    x.asking = void 0;
    x.refused = 0;
    const missed = recovered ? offset - x.at.offset : 0;
    if (!recovered)
      x.at = epoch && { epoch, offset };
    tell(x, offset, recovered, missed, result);
    if (presence)
      x.emit("presence", x.members.replace(presence));
    if (recovered && x.at.offset < x.gap)
      events.wait(x);
    else
      events.close(x);
  }
  function refused(x, error) {
    x.asking = void 0;
    const { status, code, retryAfterMs = 0 } = error;
    if (status === 429 ? x.refused++ < tries : status >= 500 || code === "timeout")
      x.retryTimer.start(Math.max(retryAfterMs, pause * (1 + clock.random())), () => ask(x));
    else if (x.uses.size)
      end(x.topic, error);
    else if (x.gap)
      giveUp(x);
  }
  function giveUp(x) {
    tell(x, x.at.offset = x.gap, false);
    events.close(x);
  }
  function placed({ topic, epoch, offset, recovered }) {
    const x = get(topic);
    const { at } = x;
    const isSame = at?.epoch === epoch && recovered !== false;
    if (isSame && at.offset < offset) {
      events.open(x, offset);
      if (!x.asking)
        ask(x);
      return;
    }
    if (!isSame)
      x.at = { epoch, offset };
    events.close(x);
    if (!x.asking)
      tell(x, offset, recovered ?? (at && isSame));
  }
  function tell(x, offset, recovered, missed = 0, result = x.joined?.result) {
    x.isJoined = true;
    const joined = x.joined = { topic: x.topic, result, offset, recovered, missed };
    emitter.emit("subscribed", joined);
    x.emit("subscribed", joined);
  }
  function leave(x, own) {
    own.emit("", localError("left", "it was left"));
    if (!x.uses.delete(own) || x.uses.size)
      return;
    const { topic, asking } = x;
    const isKnown = x.isJoined || asking?.size;
    remove(x);
    if (isKnown)
      calls.add({
        topic: `${namespace}::websocket:unsubscribe`,
        payload: () => ({ topic }),
        done() {
        },
        fail() {
        }
      });
  }
  function end(topic, error) {
    const x = all.get(topic);
    if (!x)
      return;
    remove(x);
    const left = { topic, code: error.code, error };
    emitter.emit("unsubscribed", left);
    x.emit("unsubscribed", left);
    x.emit("", error);
    x.uses.clear();
  }
  function remove(x) {
    all.delete(x.topic);
    forget(x);
    x.isJoined = false;
    events.close(x);
  }
  function get(topic) {
    const x = all.get(topic) ?? makeSubscription(topic, clock);
    all.set(topic, x);
    return x;
  }
  return { use, hear, lost, close };
}

// dist/delay.js
function delayOf({ clock, minDelay, maxDelay }, attempts, isLater = false) {
  const part = clock.random();
  return isLater ? maxDelay * (1 + part) / 2 : part * Math.min(maxDelay, minDelay * 2 ** attempts);
}

// dist/heartbeat.js
function makeHeartbeat({ clock, heartbeat, patience: patience2 }, ask, dead) {
  const timer = makeTimer(clock);
  let heardAt = 0;
  let isAsking = false;
  function heard() {
    heardAt = clock.now();
    isAsking = false;
  }
  function start() {
    heard();
    watch();
  }
  function stop() {
    isAsking = false;
    timer.stop();
  }
  function probe() {
    if (isAsking || !ask())
      return;
    isAsking = true;
    timer.start(patience2, () => isAsking ? dead() : watch());
  }
  function watch() {
    const rest = heardAt + heartbeat - clock.now();
    if (!heartbeat)
      return;
    if (rest > 0)
      timer.start(rest, watch);
    else
      probe();
  }
  return { heard, start, stop, probe };
}

// dist/link.js
function makeLink(socket, events) {
  socket.onopen = events.opened;
  socket.onclose = ({ code, reason = "" }) => end(code, reason);
  socket.onmessage = ({ data }) => {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return end(1002, "this is no Flamigo server");
    }
    events.heard(frame);
  };
  socket.onerror = () => setTimeout(() => socket.onclose?.({ code: 1006 }));
  function end(code, message) {
    drop();
    events.lost(code, message);
  }
  function drop() {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => {
    };
    socket.close();
  }
  const link = {
    /** The longest message, in bytes. */
    longest: 0,
    isUp: () => socket.readyState === 1,
    /** How many bytes that is. */
    send(text) {
      const { length } = new TextEncoder().encode(text);
      link.longest = Math.max(link.longest, length);
      socket.send(text);
      return length;
    },
    drop
  };
  return link;
}

// dist/credential.js
function makeCredential({ token: ask, clock }) {
  let end;
  function taken(expiresInMs) {
    if (expiresInMs)
      end = clock.now() + expiresInMs;
  }
  const token = (async () => {
    await null;
    const got = await ask?.();
    if (typeof got !== "object")
      return got;
    taken(got?.expiresInMs);
    return got?.token;
  })();
  return {
    token,
    taken,
    /** How long it is good; undefined if nobody knows. */
    rest: () => end && end - clock.now()
  };
}

// dist/login.js
function makeLogin(settings, events) {
  const soon = 5e3;
  const timer = makeTimer(settings.clock);
  let run = 0;
  let send;
  let current;
  function prepare() {
    const rest = current?.rest();
    if (rest ? rest <= soon : current?.isShown)
      forget();
    if (current)
      current.isOld = true;
    get().token.catch(() => {
    });
  }
  function get() {
    return current ??= makeCredential(settings);
  }
  function forget() {
    current = void 0;
  }
  async function start(to = send) {
    send = to;
    const own = ++run;
    timer.stop();
    const credential = get();
    try {
      await show(credential, events);
    } catch (error) {
      if (own === run)
        events.failed(error, credential.isOld);
      return;
    }
    if (own !== run)
      return;
    refreshLater(credential);
    events.known();
  }
  async function show(credential, who) {
    const own = run;
    const token = await credential.token;
    if (token === void 0 || own !== run)
      return;
    who?.showing();
    if (own !== run)
      return;
    credential.isShown = true;
    const answer = await new Promise((done, fail) => {
      events.ask({
        topic: `${settings.namespace}::websocket:auth`,
        payload: () => ({ token }),
        done,
        fail,
        send
      });
      who?.shown();
    });
    credential.taken(answer?.expiresInMs);
  }
  function refreshLater(credential) {
    const ms = credential.rest();
    if (ms)
      timer.start(Math.max(ms * 0.8, 1e3), refresh);
  }
  async function refresh() {
    const own = run;
    const credential = current = makeCredential(settings);
    try {
      await show(credential);
      if (own === run)
        refreshLater(credential);
    } catch (error) {
      if (own !== run)
        return;
      if (error?.status === 409)
        events.failed(error);
      else
        timer.start(5e3, refresh);
    }
  }
  function stop() {
    ++run;
    timer.stop();
  }
  return {
    prepare,
    start,
    stop,
    forget,
    forgetShown: () => current?.isShown && forget()
  };
}

// dist/connection.js
var early = 4800;
var extra = 256;
var good = 5e3;
var ended = { why: "program", message: "the program has ended it" };
function makeConnection(settings, events) {
  const { page, clock, token } = settings;
  const timer = makeTimer(clock);
  const heartbeat = makeHeartbeat(
    settings,
    // Every server answers that, and does nothing.
    () => send(encode(`${settings.namespace}::websocket:cancel`, { ackId: "-" }, "-")),
    silent
  );
  const login = makeLogin(settings, {
    ask: events.ask,
    showing() {
      if (isFirst)
        allowance = early;
      change({ name: "authenticating" });
    },
    shown: events.ready,
    known() {
      openedAt = clock.now();
      heartbeat.start();
      allowance = Infinity;
      change({ name: "open" });
      events.ready();
    },
    failed: refused
  });
  let state;
  let link;
  let allowance;
  let isFirst;
  let attempts = 0;
  let openedAt;
  function isUp() {
    return allowance !== void 0 && link.isUp();
  }
  function send(text) {
    const rest = allowance - extra - text.length;
    if (!isUp() || rest < 0)
      return 0;
    allowance = rest;
    return link.send(text);
  }
  function open() {
    const { url, protocols, WebSocket, patience: patience2 } = settings;
    timer.stop();
    let socket;
    if (!isOffline())
      try {
        socket = new WebSocket(url, protocols);
      } catch (error) {
        if (!state)
          throw error;
        return lose({ why: "lost", message: error.message });
      }
    listen("add");
    if (!socket)
      return change({ name: "offline" });
    isFirst = true;
    const opening = link = makeLink(socket, {
      opened() {
        timer.stop();
        login.start(opening.send);
      },
      heard(frame) {
        heartbeat.heard();
        events.heard(frame);
      },
      lost: (code, message) => lose({
        code,
        message,
        why: code === 1005 || code === 1006 ? "lost" : "server"
      })
    });
    login.prepare();
    timer.start(patience2, silent);
    change({ name: "connecting", attempt: attempts + 1 });
  }
  function renew() {
    if (!token || !link)
      return false;
    if (state.name === "open" && allowance !== void 0) {
      if (clock.now() - openedAt < good)
        return false;
      attempts = 0;
      proveAgain();
    }
    return true;
  }
  function proveAgain() {
    isFirst = false;
    allowance = void 0;
    login.forget();
    login.start();
  }
  function refused(error, isOld) {
    login.forget();
    allowance = void 0;
    const status = error?.status;
    const message = String(error?.message ?? error);
    const reason = { why: "token", message, error };
    if (status === 0 || status === 409)
      return lose(reason);
    if (isOld && !(status >= 429))
      return proveAgain();
    later(proveAgain, reason);
  }
  function silent() {
    lose({ why: "lost", message: "the server does not answer" });
  }
  function lose(reason) {
    const { code } = reason;
    const unheard = code === 3502;
    if (unheard || code === 3005)
      login.forgetShown();
    if (clock.now() - openedAt >= good)
      attempts = 0;
    if (unheard ? !token : /^(100[237]|[34][5-9]..)$/.test(`${code}`))
      return close(reason);
    if (!part(reason))
      return;
    if (isOffline())
      change({ name: "offline", reason });
    else
      later(open, reason);
  }
  function later(f, reason) {
    const retryInMs = delayOf(settings, attempts++, reason.code === 3013);
    timer.start(retryInMs, f);
    change({ name: "waiting", reason, retryInMs });
  }
  function close(reason = ended) {
    listen("remove");
    if (part(reason))
      change({ name: "closed", reason });
  }
  function part(reason) {
    const before = state;
    timer.stop();
    heartbeat.stop();
    login.stop();
    const longest = link?.longest;
    link?.drop();
    link = allowance = openedAt = void 0;
    events.lost(reason, longest);
    return state === before;
  }
  function listen(how) {
    for (const type of ["online", "pagehide", "pageshow"])
      page[`${how}EventListener`]?.(type, notice);
  }
  function isOffline() {
    return page.navigator?.onLine === false;
  }
  function notice({ type, persisted }) {
    if (type !== "online" && !persisted)
      return;
    if (type === "pagehide") {
      const reason = { why: "kept", message: "the page was left" };
      if (part(reason))
        change({ name: "waiting", reason });
    } else if (link)
      heartbeat.probe();
    else
      open();
  }
  function change(to) {
    state = to;
    events.changed(to);
  }
  return {
    get state() {
      return state;
    },
    get closed() {
      return state.name === "closed" && state.reason;
    },
    isUp,
    send,
    say: (text) => link?.send(text),
    open,
    close,
    renew,
    probe: heartbeat.probe,
    reopen() {
      login.forget();
      attempts = 0;
      if (part(ended))
        open();
    }
  };
}

// dist/parts.js
async function* parts(begin, limit) {
  const waiting = [];
  let wake = () => {
  };
  let end;
  const finish = (error) => {
    end ??= { error };
    wake();
  };
  const stop = begin({
    part(item) {
      if (end)
        return;
      if (waiting.push(item) > limit) {
        finish(localError("overflow", "too many wait", true));
        stop();
      }
      wake();
    },
    done: () => finish(),
    fail: finish
  });
  try {
    for (; ; )
      if (waiting.length > 0)
        yield waiting.shift();
      else if (!end)
        await new Promise((resolve) => {
          wake = resolve;
        });
      else if (end.error)
        throw end.error;
      else
        return;
  } finally {
    stop();
  }
}

// dist/questions.js
function makeQuestions(send) {
  const answerers = /* @__PURE__ */ new Map();
  const open = /* @__PURE__ */ new Map();
  function on(topic, answer) {
    answerers.set(topic, answer);
    return () => {
      if (answerers.get(topic) === answer)
        answerers.delete(topic);
    };
  }
  async function hear({ topic, payload, requestId }) {
    const over = new AbortController();
    open.set(requestId, over);
    let answer;
    try {
      const answerer = answerers.get(topic);
      if (!answerer)
        throw new FlamigoError({
          message: "nothing answers that here",
          status: 404,
          code: "unknown_strategy"
        });
      const what = await answerer(payload, { signal: over.signal });
      answer = jsonOf({ requestId, payload: copyOf(what ?? null) });
    } catch (error) {
      answer = jsonOf({ requestId, error: refusal(error) });
    }
    if (over.signal.aborted)
      return;
    open.delete(requestId);
    send(answer);
  }
  function end(requestId) {
    open.get(requestId)?.abort();
    open.delete(requestId);
  }
  function lost() {
    for (const requestId of open.keys())
      end(requestId);
  }
  return { on, hear, end, lost };
}
function refusal(error) {
  if (error instanceof FlamigoError) {
    const { message, status, code } = error;
    return { message, status, code };
  }
  console.error(error);
  return { message: "the client has failed", status: 500, code: "internal" };
}

// dist/client.js
function makeClient(settings) {
  const events = makeEmitter();
  const connection = makeConnection(settings, {
    ready: () => calls.pump(),
    heard: hear,
    lost(reason, longest) {
      calls.lost(reason, longest);
      questions.lost();
      channels.lost();
    },
    changed(state) {
      if (state.name === "closed") {
        calls.close();
        channels.close(localError("closed", state.reason.message));
      }
      events.emit("", state);
    },
    ask: (request) => calls.add(request)
  });
  const calls = makeCalls(settings, connection);
  const questions = makeQuestions(connection.say);
  const channels = makeChannels(settings, calls, events);
  function begin(topic, input, options, how) {
    const { signal, offline } = options;
    signal?.throwIfAborted();
    if (offline === "reject" && !connection.isUp())
      throw localError("offline", "no connection");
    if (calls.others.queue.length >= settings.maxQueued)
      throw localError("queue_full", "too many wait");
    const payload = copyOf(input ?? null);
    const then = (f) => (x) => {
      signal?.removeEventListener("abort", abort);
      f(x);
    };
    const pending = calls.add({
      ...options,
      ...how,
      topic,
      payload: () => payload,
      done: then(how.done),
      fail: then(how.fail)
    }, calls.others);
    const stop = then(() => calls.drop(pending));
    const abort = () => {
      stop();
      how.fail(signal.reason);
    };
    signal?.addEventListener("abort", abort);
    return stop;
  }
  function hear(frame) {
    const { topic, payload, ackId, requestId } = frame;
    if (requestId !== void 0)
      questions.hear(frame);
    else if (topic === "request:ended")
      questions.end(payload.requestId);
    else if (ackId !== void 0)
      calls.hear(frame);
    else if (topic === "error")
      events.emit(topic, new FlamigoError(payload));
    else
      channels.hear(frame);
  }
  connection.open();
  return {
    call: (topic, input, options = {}) => new Promise((done, fail) => begin(topic, input, options, { done, fail })),
    stream: (topic, input, options = {}) => parts((how) => begin(topic, input, options, how), options.maxBuffered ?? 1e4),
    on: events.on,
    channel: (topic, options = {}) => channels.use(topic, options),
    onRequest: questions.on,
    get state() {
      return connection.state;
    },
    onState: (f) => events.on("", f),
    reconnect: connection.reopen,
    close: () => connection.closed || connection.close()
  };
}

// dist/clock.js
var systemClock = {
  now: () => performance.now(),
  // A larger delay would be none.
  setTimeout: (f, ms) => setTimeout(f, Math.min(ms, 2 ** 31 - 1)),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random()
};

// dist/settings.js
function settingsOf(url, options) {
  const WebSocket = options.WebSocket ?? globalThis.WebSocket;
  if (!WebSocket)
    throw new TypeError("there is no WebSocket: give one, as of ws");
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== void 0));
  const where = new URL(url, globalThis.location?.href);
  where.protocol = where.protocol.replace("http", "ws");
  return {
    protocols: ["flamigo.v1"],
    timeout: 15e3,
    minDelay: 500,
    maxDelay: 2e4,
    heartbeat: 3e4,
    patience: 1e4,
    maxInFlight: 48,
    maxQueued: 1e3,
    namespace: "app",
    clock: systemClock,
    page: globalThis,
    ...given,
    url: where.href,
    WebSocket
  };
}

// dist/connect.js
function connect(url, options = {}) {
  return makeClient(settingsOf(url, options));
}
export {
  FlamigoError,
  connect
};
