import { Connection, RequestError } from "/flamigo.js";
import { addMessage, attempt, byId, findMessage, removeMessage, showMessages,
  showMissed, showPeople } from "/view.js";

const [status, room, name, text] =
  ["status", "room", "name", "text"].map(byId);

name.value = `Guest ${1000 + Math.floor(9000 * Math.random())}`;
/** Who we are. */
let user = name.value;
/** The channel that we are in, { topic, room, name }, or are about to be. */
let here;
let arrival;
/** What we were told of when we came back: { until: an offset, messages }. */
let missed;
let joining = Promise.resolve();
/** What deletes a message, if we may. */
let remove;

const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const connection = new Connection(`${scheme}//${location.host}/ws`,
  { authenticate: () => login(user) });

async function login(name) {
  const response = await fetch("/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new RequestError(answer.payload);
  return answer;
}

// -- the connection -----------------------------------------------------------

connection.addEventListener("open", () => {
  status.textContent = "connected";
  // Where we were before, the connection has brought us back to.
  if (here) return;
  arrival = enter();
  attempt(() => arrival);
});

connection.addEventListener("close", ({ detail }) => {
  showWho();
  const why = detail.reason ? `: ${detail.reason}` : "";
  status.textContent = `not connected (${detail.code}${why})`
    + (detail.retry ? ", trying again …" : "");
});

connection.addEventListener("message", ({ detail }) => {
  const { topic, payload, offsets } = detail;
  // Of the room that was left just now, something may still be on its way.
  if (payload.room !== here?.room) return;
  if (topic === "chat:deleted") removeMessage(payload.id);
  if (topic !== "chat:message" || findMessage(payload.id)) return;
  addMessage(payload, remove);
  if (offsets[here.topic] <= missed?.until) countMissed();
});

// -- the channel --------------------------------------------------------------

connection.addEventListener("subscribed", ({ detail }) => {
  missed = undefined;
  if (detail.topic !== here?.topic) return;
  if (detail.recovered) missed = { until: detail.offset, messages: 0 };
  else if (detail.recovered === false)
    attempt(showRoom).then(() => showMissed("You may have missed messages."));
});

connection.addEventListener("presence", showWho);

connection.addEventListener("unsubscribed", ({ detail }) => {
  if (detail.topic !== here?.topic) return;
  here = undefined;
  showWho();
  showMessages([]);
  attempt(() => { throw new Error("you may not be in this room any more"); });
});

function countMissed() {
  const count = ++missed.messages;
  showMissed(`You missed ${count} message${count === 1 ? "" : "s"}.`);
}

/** Who is in the room, whoever has changed. */
function showWho() {
  showPeople(here ? connection.people(here.topic) : []);
}

/** What was said in the room, as the server has it. */
async function showRoom() {
  const { room } = here;
  const { messages } = await connection.request("app::chat:history", { room });
  if (room === here?.room) showMessages(messages, remove);
}

// -- the room -----------------------------------------------------------------

/** Enters the room that the form says, and leaves the one before. */
async function enter() {
  // Whatever was typed is one segment of a topic; the server says if it is a room.
  const topic = `rooms/${encodeURIComponent(room.value)}`;
  const wanted = { topic, room: room.value, name: user };
  const me = await connection.request("app::chat:whoami");
  const moderates = me.permissions?.includes("chat:moderate");
  await connection.subscribe(topic, { presence: true });
  remove = moderates ? (id) => attempt(() => deleteMessage(id)) : undefined;
  const left = topic === here?.topic ? undefined : leave();
  here = wanted;
  showWho();
  await left;
  await showRoom();
}

async function leave() {
  const was = here;
  here = undefined;
  showWho();
  if (was) await connection.unsubscribe(was.topic);
}

/** One join after the other: what is said meanwhile waits for the last. */
function join() {
  joining = joining.then(become, become);
  return joining;
}

/** Enters the room as whoever the form says. */
async function become() {
  const wanted = name.value;
  if (wanted === user) return enter();
  // A name that is refused changes nothing.
  await login(wanted);
  await leave();
  user = wanted;
  // A connection stays who it is; the new one enters when it opens.
  await connection.reopen();
  return arrival;
}

async function post() {
  // Whoever typed another name or room, and did not join, means to.
  if (room.value !== here?.room || name.value !== here?.name) await join();
  const message = { room: here.room, text: text.value };
  text.value = "";
  try {
    const { id } = await connection.request("app::chat:post", message);
    // The event has shown it already, unless it came to nothing.
    if (message.room === here?.room && !findMessage(id)) {
      const author = here.name;
      addMessage({ ...message, id, author, time: Date.now() }, remove);
    }
  } catch (error) {
    text.value ||= message.text;
    throw error;
  }
}

async function deleteMessage(id) {
  const where = here?.room;
  await connection.request("app::chat:delete", { room: where, id });
  // The event has done it already, unless it came to nothing.
  if (where === here?.room) removeMessage(id);
}

// -- the forms ----------------------------------------------------------------

byId("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(join);
});

byId("post-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(post);
});
