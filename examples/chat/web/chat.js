import { Connection, RequestError } from "/flamigo.js";
import { addMessage, addPerson, attempt, byId, findMessage, removeMessage,
  removePerson, showMessages, showPeople } from "/view.js";

const [status, room, name, text] =
  ["status", "room", "name", "text"].map(byId);

name.value = `Guest ${1000 + Math.floor(9000 * Math.random())}`;
/** Who we are. */
let user = name.value;
/** What the server last let us join: { room, name }, on its way in `arrival`. */
let here;
let arrival;
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
  leave();
  arrival = enter();
  attempt(() => arrival);
});

connection.addEventListener("close", ({ detail }) => {
  leave();
  const why = detail.reason ? `: ${detail.reason}` : "";
  status.textContent = `not connected (${detail.code}${why})`
    + (detail.retry ? ", trying again …" : "");
});

connection.addEventListener("message", ({ detail: { topic, payload } }) => {
  // Of the room that was left just now, something may still be on its way.
  if (payload.room !== here?.room) return;
  if (topic === "chat:message") addMessage(payload, remove);
  else if (topic === "chat:deleted") removeMessage(payload.id);
  else if (topic === "chat:joined") addPerson(payload.name);
  else if (topic === "chat:left") removePerson(payload.name);
});

// -- the room -----------------------------------------------------------------

async function enter() {
  const wanted = { room: room.value, name: user };
  const [me, { members, messages }] = await Promise.all([
    connection.request("app::chat:whoami"),
    connection.request("app::chat:join", { room: wanted.room }),
  ]);
  here = wanted;
  const moderates = me.permissions?.includes("chat:moderate");
  remove = moderates ? (id) => attempt(() => deleteMessage(id)) : undefined;
  showPeople(members);
  showMessages(messages, remove);
}

function leave() {
  here = undefined;
  showPeople([]);
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
