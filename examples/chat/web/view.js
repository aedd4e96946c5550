// What is on the page: messages, people and errors.

/** @returns {any} */
export const byId = (id) => document.getElementById(id);

const [problem, missed, log, messages, empty, people] =
  ["problem", "missed", "log", "messages", "empty", "people"].map(byId);
const maxMessages = 200;

// -- messages -----------------------------------------------------------------

/** With `remove`, a function of the id, the message has a button for that. */
export function addMessage({ id, author, text, time }, remove) {
  const date = new Date(time);
  const when = element("time",
    date.toLocaleTimeString([], { timeStyle: "short" }));
  when.dateTime = date.toISOString();
  const item = element("li",
    element("span", when, " ", element("strong", author), " ", text));
  item.dataset.id = id;
  if (remove) {
    const button = element("button", "Delete");
    button.type = "button";
    button.setAttribute("aria-label", `Delete message ${id}`);
    button.addEventListener("click", () => remove(id));
    item.append(button);
  }
  messages.append(item);
  if (messages.childElementCount > maxMessages) messages.firstChild.remove();
  empty.hidden = true;
  log.scrollTop = log.scrollHeight;
}

export function removeMessage(id) {
  const item = findMessage(id);
  // The focus would be lost with its button.
  if (item?.contains(document.activeElement)) log.focus();
  item?.remove();
  empty.hidden = messages.childElementCount > 0;
}

export function findMessage(id) {
  return messages.querySelector(`[data-id="${id}"]`);
}

export function showMessages(list, remove) {
  messages.replaceChildren();
  for (const message of list) addMessage(message, remove);
  empty.hidden = list.length > 0;
}

// -- people -------------------------------------------------------------------

/** Who stays keeps the place: only who comes and who goes is read aloud. */
export function showPeople(list) {
  const items = new Map([...people.children].map((x) => [x.dataset.key, x]));
  for (const { key, state: { name } } of list) {
    const item = items.get(key) ?? people.appendChild(element("li"));
    item.dataset.key = key;
    if (item.textContent !== name) item.textContent = name;
    items.delete(key);
  }
  for (const item of items.values()) item.remove();
}

/** An element with these texts and elements in it; nothing is read as HTML. */
function element(tag, ...content) {
  const result = document.createElement(tag);
  result.append(...content);
  return result;
}

// -- what was missed ----------------------------------------------------------

/** Stays until the person does something. */
export function showMissed(what) {
  keepEnd(() => {
    missed.textContent = what;
    missed.hidden = what === "";
  });
}

// -- errors -------------------------------------------------------------------

/** Runs an action and shows why it failed, if it did. */
export async function attempt(action) {
  clearProblem();
  showMissed("");
  try {
    await action();
  } catch (error) {
    showProblem(error);
  }
}

function showProblem(error) {
  const fields = error.fieldErrors ?? [];
  keepEnd(() => {
    problem.textContent = fields.length > 0
      ? fields.map(({ field, error: why }) => `${field} ${why}`).join("; ")
      : error.message;
    problem.hidden = false;
  });
  for (const { field } of fields)
    byId(field)?.setAttribute("aria-invalid", "true");
  byId(fields[0]?.field)?.focus();
}

function clearProblem() {
  keepEnd(() => {
    problem.hidden = true;
    problem.textContent = "";
  });
  for (const input of document.querySelectorAll("[aria-invalid]"))
    input.removeAttribute("aria-invalid");
}

/** The log changes its height with the rest; if it was at its end, it stays. */
function keepEnd(change) {
  const rest = log.scrollHeight - log.clientHeight - log.scrollTop;
  change();
  if (rest < 2) log.scrollTop = log.scrollHeight;
}
