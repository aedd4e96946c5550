// Real servers, and clients of theirs.
import { createHmac } from "node:crypto";
import WebSocket from "ws";
import { connect } from "../dist/index.js";
import { Server } from "../../../tests/node/server.mjs";

export { Server };

const secret = "0123456789abcdef0123456789abcdef";

/** The server of these tests, client_server.cpp. */
export function startServer(...args) {
  process.env.AUTH_SECRET = secret;
  return Server.start("flamigo-client-server", ...args);
}

/** A token of a user of it, for so many seconds. */
export function tokenOf(name, seconds = 600) {
  const encode = (what) =>
    Buffer.from(JSON.stringify(what)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${
    encode({ sub: name, name, aud: "test", exp })}`;
  const mac = createHmac("sha256", secret).update(text).digest("base64url");
  return `${text}.${mac}`;
}

/** A client of a server, as a user if there is a name. */
export function join(port, name, options = {}) {
  return connect(`ws://127.0.0.1:${port}/ws`, { WebSocket,
    ...name && { token: () => tokenOf(name) }, ...options });
}

/** Waits until something is so, and fails after a minute, as `what` says then. */
export async function until(condition, what) {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(
    `it never came to this: ${typeof what === "function" ? what() : what}`);
}

/** The next state of that name. */
export function state(api, name) {
  return new Promise((resolve) => {
    if (api.state.name === name) return resolve(api.state);
    const off = api.onState((state) => {
      if (state.name !== name) return;
      off();
      resolve(state);
    });
  });
}
