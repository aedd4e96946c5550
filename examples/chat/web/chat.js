import { Connection } from "/flamigo.js";

const byId = (id) => document.getElementById(id);
const [status, problem, log, messages, empty, people] = ["status", "problem",
  "log", "messages", "empty", "people"].map(byId);
const [room, name, text] = ["room", "name", "text"].map(byId);
const maxMessages = 200;

/** What the server last let us join: { room, name }. */
let here;

name.value = `Guest ${1000 + Math.floor(9000 * Math.random())}`;
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const connection = new Connection(`${scheme}//${location.host}/ws`);

// -- the connection -----------------------------------------------------------

connection.addEventListener("open", () => {
  status.textContent = "connected";
  attempt(join);
});

connection.addEventListener("close", ({ detail }) => {
  here = undefined;
  people.replaceChildren();
  const why = detail.reason ? `: ${detail.reason}` : "";
  status.textContent = `not connected (${detail.code}${why})`
    + (detail.retry ? ", trying again …" : "");
});

connection.addEventListener("message", ({ detail: { topic, payload } }) => {
  // Of the room that was left just now, something may still be on its way.
  if (payload.room !== here?.room) return;
  if (topic === "chat:message") addMessage(payload);
  else if (topic === "chat:joined") addPerson(payload.name);
  else if (topic === "chat:left") removePerson(payload.name);
});

// -- the forms ----------------------------------------------------------------

byId("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(join);
});

byId("post-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(post);
});

async function join() {
  const wanted = { room: room.value, name: name.value };
  const answer = await connection.request("app::chat:join", wanted);
  here = wanted;
  people.replaceChildren();
  answer.members.forEach(addPerson);
  messages.replaceChildren();
  answer.messages.forEach(addMessage);
  empty.hidden = answer.messages.length > 0;
}

async function post() {
  // Whoever typed another name or room, and did not join, means to.
  if (room.value !== here?.room || name.value !== here?.name) await join();
  const message = { room: here.room, author: here.name, text: text.value };
  text.value = "";
  try {
    const { id } = await connection.request("app::chat:post", message);
    // The event has shown it already, unless it came to nothing.
    if (message.room === here?.room && !messages.querySelector(`[data-id="${id}"]`))
      addMessage({ ...message, id, time: Date.now() });
  } catch (error) {
    text.value ||= message.text;
    throw error;
  }
}

// -- what is on the page ------------------------------------------------------

function addMessage({ id, author, text, time }) {
  const date = new Date(time);
  const when = element("time",
    date.toLocaleTimeString([], { timeStyle: "short" }));
  when.dateTime = date.toISOString();
  const item = element("li", when, " ", element("strong", author), " ", text);
  item.dataset.id = id;
  messages.append(item);
  if (messages.childElementCount > maxMessages) messages.firstChild.remove();
  empty.hidden = true;
  log.scrollTop = log.scrollHeight;
}

function addPerson(name) {
  people.append(element("li", name));
}

/** Two people may have the same name: one of them goes. */
function removePerson(name) {
  [...people.children].find((item) => item.textContent === name)?.remove();
}

/** An element with these texts and elements in it; nothing is read as HTML. */
function element(tag, ...content) {
  const result = document.createElement(tag);
  result.append(...content);
  return result;
}

// -- errors -------------------------------------------------------------------

async function attempt(action) {
  clearProblem();
  try {
    await action();
  } catch (error) {
    showProblem(error);
  }
}

function showProblem(error) {
  const fields = error.fieldErrors ?? [];
  problem.textContent = fields.length > 0
    ? fields.map(({ field, error: why }) => `${field} ${why}`).join("; ")
    : error.message;
  problem.hidden = false;
  for (const { field } of fields)
    byId(field)?.setAttribute("aria-invalid", "true");
  byId(fields[0]?.field)?.focus();
}

function clearProblem() {
  problem.hidden = true;
  problem.textContent = "";
  for (const input of document.querySelectorAll("[aria-invalid]"))
    input.removeAttribute("aria-invalid");
}
