// A node to compare with: Socket.IO with its adapter for Redis.
// node server.mjs PORT REDIS_PORT [EVENTS_A_SECOND SECONDS]

import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const [port, redisPort, rate = 0, seconds = 0] = process.argv.slice(2).map(Number);

const pub = createClient({ url: `redis://127.0.0.1:${redisPort}` });
const sub = pub.duplicate();
await Promise.all([pub.connect(), sub.connect()]);

const http = createServer();
const io = new Server(http, { adapter: createAdapter(pub, sub) });
io.on("connection", (socket) => socket.join("rooms/1"));
http.listen(port, "127.0.0.1");

// As bench_node.cpp does.
function publish() {
  const goal = rate * seconds;
  const begun = performance.now();
  const before = process.cpuUsage();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(goal, Math.floor(((performance.now() - begun) * rate) / 1000));
    while (sent < due)
      io.to("rooms/1").emit("news", {
        number: ++sent,
        at: Math.round(performance.now() * 1e6),
        text: "this is the text of a message of an ordinary length",
      });
    if (sent < goal) return;
    clearInterval(timer);
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ published: sent, cpu: (user + system) / 1e6 }));
  }, 1);
}

if (rate > 0) setTimeout(publish, 2000);
