// Tables that are filled again and again: what has not changed stays, so that
// nothing that one has opened, marked or is about to press goes away.

/** An element with a text, which is never markup. */
export function element(name, { text, className, ...rest } = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return Object.assign(made, rest);
}

/** Writes a text if it is another one. */
export function write(to, text) {
  if (to.textContent !== text) to.textContent = text;
}

/**
 * A table. Each of the columns has a `name`; a `text(row)`, or a `make()` for
 * what stands there and an `update(made, row)`; a `className`, and perhaps a
 * `mark(row)` for a class of that row only.
 */
export class Table {
  #body = document.createElement("tbody");
  #columns;
  #key;
  #none;
  #rows = new Map();

  /** `key(row)` tells rows apart; `none` is said where there are none. */
  constructor(table, columns, key, none) {
    this.#columns = columns;
    this.#key = key;
    this.#none = none;
    const head = element("thead");
    head.append(element("tr"));
    for (const { name, className } of columns)
      head.firstChild.append(
        element("th", { text: name, className, scope: "col" }));
    table.append(head, this.#body);
  }

  fill(rows) {
    const before = this.#rows;
    this.#rows = new Map();
    const shown = rows.map((row) => {
      const key = this.#key(row);
      const line = before.get(key) ?? this.#make();
      this.#rows.set(key, line);
      this.#columns.forEach((column, i) => this.#update(column, line, i, row));
      return line.tr;
    });
    if (shown.length === 0) shown.push(this.#empty());
    // Those that are in their places already are not touched.
    shown.forEach((tr, i) => {
      if (this.#body.children[i] !== tr)
        this.#body.insertBefore(tr, this.#body.children[i] ?? null);
    });
    while (this.#body.children.length > shown.length)
      this.#body.lastChild.remove();
  }

  #make() {
    const tr = element("tr");
    const made = this.#columns.map((column) => {
      const td = element("td", { className: column.className });
      td.dataset.label = column.name;
      const inside = column.make?.() ?? element("span");
      td.append(...[inside].flat());
      tr.append(td);
      return inside;
    });
    return { tr, made };
  }

  #update({ text, update, mark, className = "" }, line, i, row) {
    if (update) update(line.made[i], row);
    else write(line.made[i], text(row));
    if (mark) line.tr.children[i].className = `${className} ${mark(row)}`;
  }

  #empty() {
    const tr = element("tr");
    tr.append(element("td", { text: this.#none, className: "quiet wide",
      colSpan: this.#columns.length }));
    return tr;
  }
}

// -- figures as people read them ------------------------------------------------

const round = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export function number(x) {
  return x === undefined ? "–" : x >= 1000
    ? Math.round(x).toLocaleString("en") : round.format(x);
}

export function bytes(x) {
  if (x === undefined) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let i = 0;
  for (; x >= 1000 && i < units.length - 1; ++i) x /= 1024;
  return `${round.format(x)} ${units[i]}`;
}

/** Of seconds. */
export function duration(x) {
  if (x === undefined) return "–";
  if (x === Infinity) return "> 10 s";
  if (x < 0.001) return `${round.format(x * 1e6)} µs`;
  if (x < 1) return `${round.format(x * 1e3)} ms`;
  if (x < 60) return `${round.format(x)} s`;
  const minutes = Math.floor(x / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
