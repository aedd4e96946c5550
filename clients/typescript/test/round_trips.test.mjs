// How often a message has to cross the network until the first answer is there,
// as a user, beside other clients.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import net from "node:net";
import { test } from "node:test";
import * as signalR from "@microsoft/signalr";
import { Centrifuge } from "centrifuge";
import { io } from "socket.io-client";
import WebSocket, { WebSocketServer } from "ws";
import { Server, join, startServer } from "./real.mjs";

/**
 * Runs `body` with a way to a port, and counts how often it had to wait for the
 * server: what the server says is one further than what it has heard, and what the
 * client says as far as what has reached it. That is no matter of time.
 */
async function count(port, body) {
  const sockets = [];
  let reached = 0;
  const proxy = net.createServer((near) => {
    const far = net.connect(port, "127.0.0.1");
    let heard = 0;
    near.on("data", (data) => {
      heard = Math.max(heard, reached);
      far.write(data);
    });
    // Late enough for what the client says of its own accord.
    far.on("data", (data) => {
      const distance = heard + 1;
      setTimeout(() => {
        reached = Math.max(reached, distance);
        near.write(data);
      }, 20);
    });
    for (const [socket, other] of [[near, far], [far, near]]) {
      sockets.push(socket.setNoDelay(true));
      socket.on("error", () => {});
      socket.on("close", () => setTimeout(() => other.destroy(), 40));
    }
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  let end;
  try {
    end = await body(proxy.address().port);
    return reached;
  } finally {
    await end?.();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
}

/** A server that says what the clients of others wait for. */
async function speak(answer) {
  const http = createServer((_, response) => response.end(JSON.stringify({
    connectionId: "1", connectionToken: "1", negotiateVersion: 1,
    availableTransports: [{ transport: "WebSockets", transferFormats: ["Text"] }],
  })));
  new WebSocketServer({ server: http }).on("connection", (ws) =>
    ws.on("message", (data) => {
      for (const part of answer(data.toString())) ws.send(part);
    }));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return http;
}

const clients = {
  async flamigo() {
    const server = await startServer();
    return { port: server.port, stop: () => server.stop(), async run(port) {
      const api = join(port, "Ada");
      assert.equal(await api.call("app::t:echo", 1), 1);
      return () => api.close();
    } };
  },

  async "socket.io-client"() {
    const server = await Server.start("flamigo-chat");
    return { port: server.port, stop: () => server.stop(), async run(port) {
      const socket = io(`http://127.0.0.1:${port}`);
      const answer = await socket.emitWithAck("app::chat:whoami");
      assert.ok("payload" in answer, JSON.stringify(answer));
      return () => socket.close();
    } };
  },

  async centrifuge() {
    const http = await speak((text) => text.split("\n").map((line) => {
      const { id, connect } = JSON.parse(line);
      return JSON.stringify(connect
        ? { id, connect: { client: "1", version: "1" } }
        : { id, rpc: { data: 1 } });
    }));
    return { port: http.address().port, stop: () => http.close(),
      async run(port) {
        const client = new Centrifuge(`ws://127.0.0.1:${port}`, {
          websocket: WebSocket, token: "t" });
        client.connect();
        assert.equal((await client.rpc("echo", 1)).data, 1);
        return () => client.disconnect();
      } };
  },

  async "@microsoft/signalr"() {
    const end = "\x1e";
    const http = await speak((text) =>
      text.split(end).filter(Boolean).flatMap((part) => {
        const { protocol, invocationId, type } = JSON.parse(part);
        return protocol ? [`{}${end}`] : type !== 1 ? []
          : [JSON.stringify({ type: 3, invocationId, result: 1 }) + end];
      }));
    return { port: http.address().port, stop: () => http.close(),
      async run(port) {
        const connection = new signalR.HubConnectionBuilder()
          .withUrl(`http://127.0.0.1:${port}/hub`,
            { accessTokenFactory: () => "t" })
          .configureLogging(signalR.LogLevel.None).build();
        await connection.start();
        assert.equal(await connection.invoke("echo", 1), 1);
        return () => connection.stop();
      } };
  },
};

test("the first answer takes fewer round trips than elsewhere", async (t) => {
  const result = {};
  for (const [name, begin] of Object.entries(clients)) {
    const { port, stop, run } = await begin();
    try {
      result[name] = await count(port, run);
      t.diagnostic(`${name}: ${result[name]}`);
    } finally {
      await stop();
    }
  }
  const { flamigo, ...others } = result;
  assert.equal(flamigo, 2, "one to connect, one to ask, as a user");
  for (const [name, theirs] of Object.entries(others))
    assert.ok(flamigo < theirs, name);
});
