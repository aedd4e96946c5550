// @ts-check
// The page, on the client that is in client.js. The tests compile it with what
// `flamigo contract --typescript` makes of the program.
import { connect, FlamigoError } from "./client.js";
import { addMessage, attempt, byId, findMessage, removeMessage, showMessages,
  showMissed, showPeople } from "./view.js";

/** @typedef {import("./contract.js").Contract} Contract */

const [status, room, name, text] =
  ["status", "room", "name", "text"].map(byId);

name.value = `Guest ${1000 + Math.floor(9000 * Math.random())}`;
/** Who we are. */
let user = name.value;
/** @type {ReturnType<typeof use> | undefined} The room that we are in. */
let here;
let joining = Promise.resolve();
/** @type {((id: number) => void) | undefined} What deletes a message, if we may. */
let remove;

/** @type {import("./client.js").Api<Contract>} */
const api = connect("/ws", { token: () => login(user) });

/** @param {string} name */
async function login(name) {
  const response = await fetch("/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new FlamigoError(answer);
  return { token: answer.token, expiresInMs: 1000 * answer.expiresIn };
}

// -- the connection -----------------------------------------------------------

/** Whether it is told why there is no connection. */
let isTold = false;

api.onState((state) => {
  showWho();
  if (state.name === "open") {
    isTold = false;
    status.textContent = "connected";
  }
  if (!("reason" in state) || !state.reason) return;
  const { code, why, message } = state.reason;
  // That nobody answers the next attempt is nothing new.
  if (isTold && why === "lost") return;
  isTold = true;
  status.textContent = `not connected (${code ?? why}: ${message})`
    + (state.name === "closed" ? "" : ", trying again …");
});

// -- the room -----------------------------------------------------------------

/**
 * A room that we enter, and come back to; until we are in it nothing shows.
 *
 * @param {string} room
 */
function use(room) {
  // Whatever was typed is one segment of a topic; the server says if it is a room.
  const channel = api.channel(`rooms/${encodeURIComponent(room)}`,
    { presence: true });
  const it = { room, name: user, channel };
  /** What we were told of when we came back: how much of it has come. */
  let missed = { until: 0, messages: 0 };
  channel.on("subscribed", ({ recovered, offset = 0 }) => {
    missed = { until: recovered ? offset : 0, messages: 0 };
    if (it === here && recovered === false)
      attempt(showRoom).then(() => showMissed("You may have missed messages."));
  });
  channel.on("chat:message", (message, { offset = 0 }) => {
    if (it !== here || findMessage(message.id)) return;
    addMessage(message, remove);
    if (offset > missed.until) return;
    const count = ++missed.messages;
    showMissed(`You missed ${count} message${count === 1 ? "" : "s"}.`);
  });
  channel.on("chat:deleted", ({ id }) => it === here && removeMessage(id));
  channel.on("presence", showWho);
  channel.on("unsubscribed", ({ error }) => {
    if (it !== here) return;
    leave();
    showMessages([]);
    attempt(() => { throw error; });
  });
  return it;
}

/** Who is in the room, whoever has changed; nobody without a connection. */
function showWho() {
  showPeople(here?.channel.isJoined ? here.channel.members : []);
}

/** What was said in the room, as the server has it. */
async function showRoom() {
  const it = here;
  if (!it) return;
  const { messages } = await api.call("app::chat:history", { room: it.room },
    { idempotent: true });
  if (it === here) showMessages(messages, remove);
}

/** Enters the room that the form says, and leaves the one before. */
async function enter() {
  const me = await api.call("app::chat:whoami", null, { idempotent: true });
  const next = use(room.value);
  await next.channel.ready;
  remove = me.permissions?.includes("chat:moderate")
    ? (id) => void attempt(() => deleteMessage(id)) : undefined;
  leave();
  here = next;
  showWho();
  await showRoom();
}

function leave() {
  const was = here;
  here = undefined;
  was?.channel.leave();
  showWho();
}

/** One join after the other: what is said meanwhile waits for the last. */
function join() {
  joining = joining.then(become, become);
  return joining;
}

/** Enters the room as whoever the form says. */
async function become() {
  const wanted = name.value;
  if (wanted !== user) {
    // A name that is refused changes nothing.
    await login(wanted);
    leave();
    user = wanted;
    // A connection stays who it is.
    api.reconnect();
  }
  await enter();
}

async function post() {
  // Whoever typed another name or room, and did not join, means to.
  if (room.value !== here?.room || name.value !== here?.name) await join();
  const it = here;
  if (!it) return;
  const message = { room: it.room, text: text.value };
  text.value = "";
  try {
    const { id } = await api.call("app::chat:post", message);
    // The event has shown it already, unless it came to nothing.
    if (it === here && !findMessage(id))
      addMessage({ ...message, id, author: it.name, time: Date.now() }, remove);
  } catch (error) {
    text.value ||= message.text;
    throw error;
  }
}

/** @param {number} id */
async function deleteMessage(id) {
  const it = here;
  if (!it) return;
  await api.call("app::chat:delete", { room: it.room, id });
  // The event has done it already, unless it came to nothing.
  if (it === here) removeMessage(id);
}

// -- the forms ----------------------------------------------------------------

/**
 * @param {string} id
 * @param {() => Promise<void>} action
 */
function submits(id, action) {
  byId(id).addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    attempt(action);
  });
}

submits("join-form", join);
submits("post-form", post);
attempt(join);
