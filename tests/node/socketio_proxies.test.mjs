// Stock clients of Socket.IO behind proxies that buffer as they do by default.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { io } from "socket.io-client";
import { Proxy } from "./proxies.mjs";
import { Server } from "./server.mjs";

const kinds = {
  "default options": {},
  "WebSocket only": { transports: ["websocket"] },
  "polling only": { transports: ["polling"] },
};

let server;
before(async () => {
  server = await Server.start("flamigo-socketio-server", "--threads", "2");
});
after(() => server.stop());

/** Ten requests at a time, until `done`; one at least. */
async function talk(socket, done) {
  do {
    const wanted = Array.from({ length: 10 }, (_, i) => i);
    const answers = await Promise.all(wanted.map((i) =>
      socket.timeout(10_000).emitWithAck("app::t:late", i)));
    assert.deepEqual(answers.map((x) => x.payload), wanted);
  } while (!done());
}

for (const name of Proxy.names)
  test(`behind ${name}`, { timeout: 60_000 }, async () => {
    const proxy = await Proxy.start(name, [server.port]);
    for (const [kind, options] of Object.entries(kinds)) {
      const socket = io(`http://127.0.0.1:${proxy.port}`,
        { forceNew: true, reconnection: false, ...options });
      const failed = new Promise((_, reject) =>
        ["connect_error", "disconnect"].forEach((x) => socket.on(x, reject)));
      failed.catch(() => {});
      await Promise.race([failed, new Promise((resolve) => socket.once("hello", resolve))]);
      const wanted = kind === "polling only" ? "polling" : "websocket";
      const arrived = () => socket.io.engine.transport.name === wanted;
      await Promise.race([failed, talk(socket, arrived)]);
      // An event is not held back until there is more to say.
      const came = new Promise((resolve) => socket.once("news", resolve));
      socket.emit("app::t:publish", { text: kind });
      assert.equal(await Promise.race([failed, came]), kind);
      const { payload } = await socket.emitWithAck("app::t:who");
      assert.equal(payload.transport, wanted, kind);
      socket.off("disconnect");
      socket.disconnect();
    }
    await proxy.stop();
  });
