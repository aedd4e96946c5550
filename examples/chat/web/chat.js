import { Connection } from "/flamigo.js";

const byId = (id) => document.getElementById(id);
const [status, problem, list, empty] = ["status", "problem", "messages",
  "empty"].map(byId);
const [roomForm, postForm] = ["room-form", "post-form"].map(byId);

const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const connection = new Connection(`${scheme}//${location.host}/ws`);

connection.addEventListener("open", () => {
  status.textContent = "connected";
  showHistory();
});

connection.addEventListener("close", ({ detail }) => {
  const why = detail.reason ? `: ${detail.reason}` : "";
  status.textContent = `not connected (${detail.code}${why})`
    + (detail.retry ? ", trying again …" : "");
});

roomForm.addEventListener("submit", (event) => {
  event.preventDefault();
  showHistory();
});

postForm.addEventListener("submit", (event) => {
  event.preventDefault();
  post();
});

async function showHistory() {
  clearProblem();
  try {
    const room = byId("room").value;
    const { messages } = await connection.request("app::chat:history", { room });
    list.replaceChildren(...messages.map(toItem));
  } catch (error) {
    list.replaceChildren();
    // A room that nobody has written to yet is nothing to worry about.
    if (error.code !== "unknown_room") showProblem(error);
  }
  settleList();
}

async function post() {
  clearProblem();
  const [room, author, text] = ["room", "author", "text"]
    .map((id) => byId(id).value);
  const item = toItem({ author, text, time: Date.now() });
  item.classList.add("pending");
  list.append(item);
  settleList();
  try {
    const { id } = await connection.request("app::chat:post",
      { room, author, text });
    item.classList.remove("pending");
    item.dataset.id = id;
    byId("text").value = "";
  } catch (error) {
    item.remove();
    settleList();
    showProblem(error);
  }
}

function toItem({ id, author, text, time }) {
  const item = document.createElement("li");
  if (id !== undefined) item.dataset.id = id;
  const when = document.createElement("time");
  const date = new Date(time);
  when.dateTime = date.toISOString();
  when.textContent = date.toLocaleTimeString();
  const who = document.createElement("strong");
  who.textContent = author;
  item.append(when, " ", who, " ", text);
  return item;
}

function settleList() {
  empty.hidden = list.childElementCount > 0;
  list.scrollTop = list.scrollHeight;
}

function showProblem(error) {
  const fields = error.fieldErrors ?? [];
  problem.textContent = fields.length > 0
    ? fields.map(({ field, error: why }) => `${field} ${why}`).join("; ")
    : error.message;
  problem.hidden = false;
  for (const { field } of fields)
    byId(field)?.setAttribute("aria-invalid", "true");
  byId(fields[0]?.field ?? "text")?.focus();
}

function clearProblem() {
  problem.hidden = true;
  problem.textContent = "";
  for (const input of document.querySelectorAll("[aria-invalid]"))
    input.removeAttribute("aria-invalid");
}
