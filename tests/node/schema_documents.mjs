// Random documents for a JSON Schema as the library makes it: valid ones, and
// ones that are nearly so. Values are trees of which the texts are made, so that
// a number can be written in any way: { number }, { text }, { list }, { members }
// (an array of [name, value]) or { plain } for true, false and null.

/** A generator of numbers from 0 to 1, the same for each seed. */
export function randomOf(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function textOf(value) {
  if ("number" in value) return value.number;
  if ("text" in value) return JSON.stringify(value.text);
  if ("list" in value) return `[${value.list.map(textOf).join(",")}]`;
  if ("members" in value) {
    const members = value.members.map(
      ([name, each]) => `${JSON.stringify(name)}:${textOf(each)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value.plain);
}

// What a double still tells apart.
const exact = Number.MAX_SAFE_INTEGER;

export class Documents {
  constructor(document, random) {
    this.document = document;
    this.random = random;
  }

  below(n) {
    return Math.floor(this.random() * n);
  }

  pick(values) {
    return values[this.below(values.length)];
  }

  /** A valid document. */
  valid() {
    return this.value(this.document, 0);
  }

  /** One with one to three changes, which is valid by chance. */
  nearly() {
    const root = { list: [this.valid()] };
    for (let i = this.below(3); i >= 0; --i) this.change(root);
    return root.list[0] ?? { plain: null };
  }

  // -- valid values -----------------------------------------------------------

  definition(ref) {
    return this.document.$defs[ref.slice("#/$defs/".length)];
  }

  value(schema, depth) {
    if (schema.oneOf) {
      const one = this.pick(schema.oneOf);
      const result = this.value(this.definition(one.$ref), depth + 1);
      const at = this.below(result.members.length + 1);
      result.members.splice(at, 0,
        ["type", { text: one.properties.type.const }]);
      return result;
    }
    if (schema.$ref) return this.value(this.definition(schema.$ref), depth + 1);
    if (schema.anyOf)
      return this.random() < 0.3 || depth > 12
        ? { plain: null } : this.value(schema.anyOf[0], depth + 1);
    switch (schema.type) {
      case "boolean": return { plain: this.random() < 0.5 };
      case "integer": return this.integer(schema);
      case "number": return this.real(schema);
      case "string": return { text: this.string(schema) };
      case "array": return this.array(schema, depth);
      case "object": return this.object(schema, depth);
    }
    return this.any();
  }

  any() {
    return this.pick([
      () => ({ plain: null }), () => ({ plain: true }),
      () => ({ number: "0" }), () => ({ number: "-1" }),
      () => ({ number: "1.5" }), () => ({ number: "300" }),
      () => ({ text: "" }), () => ({ text: "red" }), () => ({ list: [] }),
      () => ({ list: [{ number: "1" }, { text: "a" }] }),
      () => ({ members: [] }), () => ({ members: [["x", { plain: false }]] }),
    ])();
  }

  integer({ minimum, maximum, multipleOf = 1 }) {
    const low = Math.max(minimum, -exact), high = Math.min(maximum, exact);
    let x = this.pick([low, high, 0, 1, Math.round(low + this.random() * (high - low))]);
    x = Math.trunc(Math.min(Math.max(x, low), high) / multipleOf) * multipleOf;
    return { number: this.spelled(x) };
  }

  /** The number in one of the ways of writing it. */
  spelled(x) {
    const plain = Object.is(x, -0) ? "-0" : String(x);
    if (!Number.isInteger(x) || /e/.test(plain)) return plain;
    switch (this.below(6)) {
      case 0: return `${plain}.0`;
      case 1: return `${plain}e0`;
      case 2: return x ? `${plain}0E-1` : plain;
      case 3: return x % 100 ? plain : `${x / 100}e+2`;
      default: return plain;
    }
  }

  real({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
    const low = minimum ?? -1e300, high = maximum ?? 1e300;
    const inside = (exclusiveMaximum ?? high) * (this.random() * 2 - 1);
    const x = this.pick([0, -0.25, 1, 1e-300, 123456.789, inside,
      minimum ?? exclusiveMinimum * 0.9999 ?? low]);
    const kept = Math.min(Math.max(Number.isNaN(x) ? 0 : x, low), high);
    return { number: this.spelled(kept) };
  }

  string(schema) {
    if (schema.enum) return this.pick(schema.enum);
    if (schema.contentEncoding) {
      const bytes = Array.from({ length: this.below(7) }, () => this.below(256));
      return Buffer.from(bytes).toString("base64");
    }
    if (schema.format === "date") return this.date();
    if (schema.format === "date-time") return this.time();
    return this.pick(["", "a", "red", "ü€😀", "\n\"\\\0", "room/1", "x".repeat(70)]);
  }

  // Within the years that nanoseconds in 64 bits can tell.
  date() {
    const pad = (x) => String(x).padStart(2, "0");
    const year = 1700 + this.below(500);
    const day = this.random() < 0.2 ? "02-29"
      : `${pad(1 + this.below(12))}-${pad(1 + this.below(28))}`;
    return `${day === "02-29" ? year - (year % 4) - (year % 100 < 4 ? 4 : 0) : year}-${day}`;
  }

  time() {
    const pad = (n) => String(this.below(n)).padStart(2, "0");
    const zone = this.pick(["Z", "z", `+${pad(24)}:${pad(60)}`, `-${pad(24)}:${pad(60)}`]);
    const fraction = this.pick(["", ".0", ".123", `.${this.below(1e9)}`, ".1234567890123"]);
    return `${this.date()}${this.pick("Tt")}${pad(24)}:${pad(60)}:${pad(60)}${fraction}${zone}`;
  }

  array(schema, depth) {
    if (schema.prefixItems)
      return { list: schema.prefixItems.map((each) => this.value(each, depth + 1)) };
    const size = schema.minItems
      ?? (depth > 8 ? 0 : this.below(depth > 4 ? 2 : 4));
    const list = Array.from({ length: size },
      () => this.value(schema.items, depth + 1));
    if (!schema.uniqueItems) return { list };
    const seen = new Map(list.map((each) =>
      [JSON.stringify(JSON.parse(textOf(each))), each]));
    return { list: [...seen.values()] };
  }

  object(schema, depth) {
    const members = [];
    for (const [name, each] of Object.entries(schema.properties ?? {}))
      if (schema.required?.includes(name) || (this.random() < 0.6 && depth < 12))
        members.push([name, this.value(each, depth + 1)]);
    if (schema.additionalProperties) {
      const names = new Set(Array.from({ length: depth > 8 ? 0 : this.below(4) },
        () => this.name(schema.propertyNames ?? {})));
      for (const name of names)
        members.push([name, this.value(schema.additionalProperties, depth + 1)]);
    }
    if (!schema.propertyNames && this.random() < 0.1 && schema.properties)
      members.push(["another", this.any()]);
    // In any order.
    return { members: members.sort(() => this.random() - 0.5) };
  }

  name({ $ref, pattern }) {
    if ($ref) return this.pick(this.definition($ref).enum);
    if (!pattern) return this.pick(["a", "b", "red", "", "ü", "1", "x.y"]);
    const known = ["0", "1", "-1", "9", "127", "-128", "128", "255", "32767",
      "65535", "9223372036854775807", "-9223372036854775808",
      "18446744073709551615"];
    const allowed = new RegExp(pattern, "u");
    return this.pick(known.filter((each) => allowed.test(each)));
  }

  // -- changes ----------------------------------------------------------------

  /** All places below a value, as what to look at and what to put there. */
  places(value, found = []) {
    if (value.list)
      value.list.forEach((each, i) => {
        found.push({ each, put: (x) => { value.list[i] = x; } });
        this.places(each, found);
      });
    if (value.members)
      value.members.forEach((member) => {
        found.push({ each: member[1], put: (x) => { member[1] = x; } });
        this.places(member[1], found);
      });
    return found;
  }

  change(root) {
    const { each, put } = this.pick(this.places(root));
    if (this.random() < 0.2) put(this.any());
    else if ("number" in each) put({ number: this.otherNumber(each.number) });
    else if ("text" in each) put({ text: this.otherText(each.text) });
    else if (each.list) this.changeList(each.list);
    else if (each.members) this.changeMembers(each.members);
    else put(this.pick([{ plain: null }, { plain: true }, { plain: false }, this.any()]));
  }

  otherNumber(text) {
    const x = Number(text);
    const others = [x + 1, x - 1, -x, x + 0.5, x * 1000, x / 10, 0, 127.5, 256,
      -129, 2147483648, -2147483649, 4294967296, 3.5e38, 65536, 86400000];
    const fit = others.filter((y) => !Number.isInteger(y) || Math.abs(y) <= exact
      || /[.e]/.test(String(y)) || Math.abs(y) > 1e20);
    return this.spelled(this.pick(fit));
  }

  otherText(text) {
    const at = this.below(text.length + 1);
    const changed = this.pick([
      () => text.slice(0, at) + text.slice(at + 1),
      () => text.slice(0, at) + this.pick("09:-+.ZTtz=A/ x") + text.slice(at),
      () => text.slice(0, at) + this.pick("0123456789") + text.slice(at + 1),
      () => text.toUpperCase(), () => text.toLowerCase(),
      () => this.date(), () => this.time(), () => `${text}=`, () => text.trim(),
    ])();
    // A pair of surrogates stays one.
    return changed.toWellFormed();
  }

  changeList(list) {
    const at = this.below(list.length + 1);
    switch (this.below(4)) {
      case 0: list.splice(at, 1); break;
      case 1: list.splice(at, 0, this.any()); break;
      case 2: if (list.length) list.splice(at, 0, this.pick(list)); break;
      default: list.reverse();
    }
  }

  changeMembers(members) {
    const at = this.below(members.length + 1);
    const name = this.pick(["type", "next", "extra", "-0", "01", "1e0", "256",
      "-129", "9223372036854775808", "18446744073709551616", "red", "Red", "2"]);
    const free = (wanted) => !members.some(([each]) => each === wanted);
    switch (this.below(3)) {
      case 0: members.splice(at, 1); break;
      case 1: if (free(name)) members.splice(at, 0, [name, this.any()]); break;
      default: {
        const changed = at < members.length && this.otherText(members[at][0]);
        if (changed !== false && free(changed)) members[at] = [changed, members[at][1]];
      }
    }
  }
}
