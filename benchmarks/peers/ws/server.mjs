// A peer to compare with: Node's ws. node server.mjs PORT

import { WebSocketServer } from "ws";

const subscribers = new Map(); // topic -> set of sockets

const strategies = {
  "app::bench:echo": (socket, payload) => payload,

  "app::bench:subscribe": (socket, { topic }) => {
    if (!subscribers.has(topic)) subscribers.set(topic, new Set());
    subscribers.get(topic).add(socket);
    socket.topics.add(topic);
    return null;
  },

  "app::bench:publish": (socket, payload) => {
    const event = JSON.stringify({ topic: "bench:message", payload });
    for (const other of subscribers.get(payload.topic) ?? []) other.send(event);
    return null;
  },
};

function answer(socket, data) {
  let topic, payload, ackId;
  try {
    ({ topic, payload, ackId } = JSON.parse(data));
  } catch {
    return { topic: "error", payload: { message: "malformed" } };
  }
  const strategy = strategies[topic];
  if (!strategy)
    return { topic: "error", payload: { message: "unknown strategy" }, ackId };
  return { topic, payload: strategy(socket, payload), ackId };
}

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(process.argv[2]),
  backlog: 4096,
  perMessageDeflate: false,
});

server.on("connection", (socket) => {
  socket.topics = new Set();
  socket.on("message", (data) => {
    socket.send(JSON.stringify(answer(socket, data)));
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    for (const topic of socket.topics) {
      const all = subscribers.get(topic);
      all.delete(socket);
      if (all.size === 0) subscribers.delete(topic);
    }
  });
});
