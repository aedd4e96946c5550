// The same page for the stock client of Socket.IO, which the program is given.
import { io } from "/socket.io.esm.min.js";
import { addMessage, attempt, byId, findMessage, removeMessage, showMessages,
  showPeople } from "/view.js";

const [status, room, name, text] =
  ["status", "room", "name", "text"].map(byId);

name.value = `Guest ${1000 + Math.floor(9000 * Math.random())}`;
/** Who we are. */
let user = name.value;
/** The channel that we are in, { topic, room }. */
let here;
/** Names of those who are there, by key. */
const people = new Map();
let joining = Promise.resolve();

// Whenever it connects, also after a loss, it shows a fresh token.
const socket = io({
  auth: (show) => login(user).then(show, (error) => attempt(() => { throw error; })),
});

async function login(name) {
  const response = await fetch("/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const answer = await response.json();
  if (!response.ok) throw answer;
  return answer;
}

/**
 * What a strategy answers; fails with { message, status, code, fieldErrors }.
 * `take` has it at once, before whatever the server says next.
 */
function call(strategy, input, take = (payload) => payload) {
  return new Promise((resolve, reject) => {
    socket.timeout(10_000).emit(strategy, input, (lost, answer) => {
      if (lost || answer.error) reject(lost ?? answer.error);
      else resolve(take(answer.payload));
    });
  });
}

// -- the connection -----------------------------------------------------------

socket.on("connect", () => {
  status.textContent = "connected";
  // Where we were before, and what we have missed, the server brings back.
  if (!socket.recovered) attempt(enter);
});

socket.on("connect_error", ({ message }) => {
  status.textContent = `not connected (${message})`;
});

/** Why the server ends it, which it says first. */
let closing;

socket.on("close", (why) => { closing = why; });

socket.on("disconnect", (how) => {
  const why = closing ? `${closing.code}: ${closing.reason}` : how;
  closing = undefined;
  showWho([]);
  status.textContent = `not connected (${why})`
    + (socket.active ? ", trying again …" : "");
});

// -- the channel --------------------------------------------------------------

socket.on("chat:message", (message) => {
  // Of the room that was left just now, something may still be on its way.
  if (message.room === here?.room && !findMessage(message.id))
    addMessage(message);
});

socket.on("chat:deleted", ({ room, id }) => {
  if (room === here?.room) removeMessage(id);
});

socket.on("presence", ({ topic, presence, joined, left }) => {
  if (topic !== here?.topic) return;
  // All of it, when we have come back.
  if (presence) return showWho(presence);
  for (const { key } of left) people.delete(key);
  for (const { key, state } of joined) people.set(key, state);
  showWho();
});

socket.on("unsubscribed", ({ topic }) => {
  if (topic !== here?.topic) return;
  here = undefined;
  showWho([]);
  showMessages([]);
});

/** Those who are there; in their place, if given, what the server says. */
function showWho(list) {
  if (list) {
    people.clear();
    for (const { key, state } of list) people.set(key, state);
  }
  showPeople([...people].map(([key, state]) => ({ key, state })));
}

// -- the room -----------------------------------------------------------------

/** Enters the room that the form says, and leaves the one before. */
async function enter() {
  const topic = `rooms/${encodeURIComponent(room.value)}`;
  const wanted = { topic, room: room.value };
  let was;
  await call("app::websocket:subscribe", { topic, presence: true },
    ({ presence }) => {
      [was, here] = [here, wanted];
      showWho(presence);
    });
  if (was && was.topic !== topic)
    await call("app::websocket:unsubscribe", { topic: was.topic });
  const { messages } = await call("app::chat:history", { room: wanted.room });
  if (here === wanted) showMessages(messages);
}

/** One join after the other. */
function join() {
  joining = joining.then(become, become);
  return joining;
}

/** Enters the room as whoever the form says. */
async function become() {
  if (name.value === user) return enter();
  // A name that is refused changes nothing.
  await login(name.value);
  user = name.value;
  here = undefined;
  // A connection stays who it is; the new one enters when it opens.
  socket.disconnect().connect();
}

async function post() {
  if (room.value !== here?.room || name.value !== user) await join();
  const message = { room: room.value, text: text.value };
  await call("app::chat:post", message);
  if (text.value === message.text) text.value = "";
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
