/** A request as it is sent; without an `ackId` nothing is answered. */
export function encode(topic: string, payload: unknown, ackId?: string): string {
  return jsonOf({ topic, payload, ackId });
}

/** What JSON makes of it now. Throws a `TypeError` where there is none. */
export function copyOf(what: unknown): any {
  return JSON.parse(jsonOf(what));
}

/** JSON as the server takes it. Throws a `TypeError` where there is none. */
export function jsonOf(what: unknown): string {
  const text = JSON.stringify(what);
  if (!text) throw new TypeError("this is no JSON");
  // The escape of a lone surrogate, as JSON.stringify writes it, is malformed to
  // the server.
  return text.replace(/\\(ud...|.)/g,
    (all, escaped) => escaped[1] ? "\ufffd" : all);
}
