// Stock clients of Socket.IO that have to come back, or show another token.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { io } from "socket.io-client";
import { Server } from "./server.mjs";

let guarded;
before(async () => {
  guarded = await Server.start("flamigo-socketio-server", "--guarded=true",
    "--auth-expiry-grace", "0s");
});
after(() => guarded.stop());

const connect = (server, options = {}) => io(`http://127.0.0.1:${server.port}`,
  { forceNew: true, reconnectionDelay: 10, ...options });

const once = (what, name) => new Promise((resolve) => what.once(name, (...x) => resolve(x)));

for (const transports of [["polling", "websocket"], ["websocket"], ["polling"]]) {
  test(`a server is restarted: ${transports}`, { timeout: 30_000 }, async () => {
    let server = await Server.start("flamigo-socketio-server");
    const { port } = server;
    const socket = connect(server, { transports });
    await once(socket, "hello");
    const [end, gone] = [once(socket, "close"), once(socket, "disconnect")];
    assert.equal(await server.stop(), 0);
    assert.equal((await end)[0].code, 3001);
    // Node's client polls by a new connection each time, and nobody listens.
    assert.match((await gone)[0], /^transport (close|error)$/);
    const back = once(socket, "hello");
    server = await Server.run(server.child.spawnfile, { port });
    await back;
    assert.deepEqual(await socket.emitWithAck("app::t:echo", 1), { payload: 1 });
    socket.disconnect();
    await server.stop();
  });

  test(`a token expires: ${transports}`, { timeout: 30_000 }, async () => {
    const tokens = ["short", "good"];
    const socket = connect(guarded,
      { transports, auth: (show) => show({ token: tokens.shift() }) });
    await once(socket, "hello");
    const [end, gone] = [once(socket, "close"), once(socket, "disconnect")];
    assert.equal((await end)[0].code, 3005);
    assert.equal((await gone)[0], "transport close");
    await once(socket, "hello");
    const { payload } = await socket.emitWithAck("app::t:who");
    assert.equal(payload.user, "ada");
    socket.disconnect();
  });

  test(`a token is refreshed: ${transports}`, { timeout: 30_000 }, async () => {
    const socket = connect(guarded, { transports, auth: { token: "short" } });
    // Ends when that of the first one would, and was shown after it.
    const other = connect(guarded, { transports, auth: { token: "short" }, reconnection: false });
    await Promise.all([once(socket, "hello"), once(other, "hello")]);
    const ended = once(other, "disconnect");
    const lost = once(socket, "disconnect").then(([why]) => assert.fail(why));
    const { payload } = await socket.emitWithAck("app::websocket:auth", { token: "good" });
    assert.equal(payload.success, true);
    await Promise.race([ended, lost]);
    const who = await Promise.race([socket.emitWithAck("app::t:who"), lost]);
    assert.equal(who.payload.user, "ada");
    socket.off("disconnect");
    socket.disconnect();
  });
}
