// What RFC 6455 and a rude peer bring, byte by byte, and the limits of a server.
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import {
  close, continuation, fin, frame, ping, pong, RawClient, text,
} from "./raw_client.mjs";
import { Server } from "./server.mjs";

let server;
before(async () => {
  server = await Server.start("flamigo-protocol-server");
});
after(() => server.stop());

async function withRaw(body, port = server.port) {
  const client = await RawClient.open(port);
  try {
    await body(client);
  } finally {
    client.end();
  }
}

const echo = (payload, ackId = 1) =>
  JSON.stringify({ topic: "app::test:echo", payload, ackId });
const payloadOf = (got) => JSON.parse(got.payload.toString()).payload;

describe("frames", () => {
  test("a message in fragments, with a ping in the middle", () =>
    withRaw(async (c) => {
      const message = Buffer.from(echo("früh"));
      c.send(frame(text, message.subarray(0, 10)),
        frame(fin | ping, "are you there"),
        frame(continuation, message.subarray(10, 30)),
        frame(continuation),
        frame(fin | continuation, message.subarray(30)));
      const answer = await c.next();
      assert.equal(answer.opcode, pong);
      assert.equal(answer.payload.toString(), "are you there");
      assert.equal(payloadOf(await c.next()), "früh");
    }));

  test("frames that are cut at every byte", () => withRaw(async (c) => {
    const bytes = Buffer.concat([frame(fin | text, echo("a")),
      frame(fin | text, echo("b".repeat(200)))]);
    for (const byte of bytes) {
      c.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(payloadOf(await c.next()), "a");
    assert.equal(payloadOf(await c.next()), "b".repeat(200));
  }));

  test("a thousand frames in one segment are answered in order", () =>
    withRaw(async (c) => {
      c.send(...Array.from({ length: 1000 }, (_, i) =>
        frame(fin | text, echo(i))));
      for (let i = 0; i < 1000; ++i)
        assert.equal(payloadOf(await c.next()), i);
    }));

  test("frames of every size that has a header of its own", () =>
    withRaw(async (c) => {
      for (const size of [0, 1, 80, 125, 126, 127, 1500, 1536, 1537, 4096,
        30000, 65000]) {
        c.send(frame(fin | text, echo("x".repeat(size))));
        assert.equal(payloadOf(await c.next()).length, size);
      }
    }));

  const broken = {
    "1002 for an unmasked frame": [1002,
      frame(fin | text, echo(1), { masked: false })],
    "1002 for a reserved bit": [1002, frame(fin | 0x40 | text, echo(1))],
    "1002 for an unknown opcode": [1002, frame(fin | 3, "x")],
    "1002 for a continuation of nothing": [1002, frame(fin | continuation, "x")],
    "1002 for a fragmented ping": [1002, frame(ping, "x")],
    "1002 for a ping that is too long": [1002,
      frame(fin | ping, "x".repeat(126))],
    "1007 for invalid UTF-8": [1007,
      frame(fin | text, Buffer.from([0x22, 0xff, 0x22]))],
    "1009 for a frame that only announces too much": [1009,
      frame(fin | text, "x".repeat(65537)).subarray(0, 100)],
    // With its header it would be 2^64 bytes: none.
    "1009 for a length that overflows": [1009,
      Buffer.from("81fffffffffffffffff201020304", "hex")],
    "1009 for fragments that are too much together": [1009,
      Buffer.concat([frame(text, "x".repeat(40000)),
        frame(fin | continuation, "x".repeat(40000))])],
    "1000 in answer to a close": [1000,
      frame(fin | close, Buffer.from([0x03, 0xe8]))],
  };
  for (const [name, [code, bytes]] of Object.entries(broken))
    test(name, () => withRaw(async (c) => {
      c.send(bytes);
      assert.equal(await c.closeCode(), code);
    }));

  test("requests behind the handshake in one segment", async () => {
    const client = new RawClient(server.port);
    client.socket.write(Buffer.concat([Buffer.from(
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
      + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"),
    frame(fin | text, echo("early"))]));
    while (!client.bytes.includes("early")) await once(client.socket, "progress");
    client.end();
  });
});

describe("slow consumers", () => {
  /** Reads on after a while; resolves with the frames and the close code. */
  async function readOn(c) {
    c.socket.resume();
    const acks = [];
    for (;;) {
      const got = await c.next();
      if (got === null || got.opcode === close)
        return { acks, code: got?.payload.readUInt16BE(0) };
      acks.push(JSON.parse(got.payload.toString()).ackId);
    }
  }

  const untilLogged = async (other, words) => {
    for (let i = 0; i < 200; ++i) {
      if (other.log.some((line) => line.includes(words))) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`the log does not say ${words}`);
  };

  const checkPrefix = (acks) => {
    assert.ok(acks.length > 0);
    acks.forEach((ack, i) => assert.equal(ack, i));
  };

  test("3008 when too many bytes wait, and no gap before it", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--close-timeout", "60s");
    await withRaw(async (c) => {
      c.socket.pause();
      const filler = "x".repeat(60000);
      for (let i = 0; i < 400; ++i) c.send(frame(fin | text, echo(filler, i)));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { acks, code } = await readOn(c);
      assert.equal(code, 3008);
      assert.ok(acks.length < 400);
      checkPrefix(acks);
      await withRaw(async (innocent) => {
        innocent.send(frame(fin | text, echo("still there")));
        assert.equal(payloadOf(await innocent.next()), "still there");
      }, other.port);
    }, other.port);
    assert.equal(await other.stop(), 0);
    await untilLogged(other, "3008");
  });

  test("3008 when bytes wait for too long", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--backlog-timeout", "300ms", "--max-backlog-bytes", "1000000000",
      "--close-timeout", "1s");
    await withRaw(async (c) => {
      c.socket.pause();
      const filler = "x".repeat(60000);
      for (let i = 0; i < 200; ++i) c.send(frame(fin | text, echo(filler, i)));
      await untilLogged(other, "code 3008");
    }, other.port);
    assert.equal(await other.stop(), 0);
  });
});

describe("slow readers of HTTP", () => {
  const ask = (port) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return socket;
  };

  test("a response that makes progress takes its time", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--handshake-timeout", "300ms", "--backlog-timeout", "1500ms");
    let size = 0;
    const began = Date.now();
    // What is on its way waits in the kernel's buffers, the rest in the server.
    for await (const part of ask(other.port)) {
      size += part.length;
      const due = size / (1 << 20) * 100 - (Date.now() - began);
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    }
    assert.ok(size > 32 << 20);
    assert.equal(await other.stop(), 0);
  });

  test("one of which nothing is taken is cut", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--backlog-timeout", "300ms");
    const socket = ask(other.port);
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    let size = 0;
    for await (const part of socket) size += part.length;
    assert.ok(size < 32 << 20);
    assert.equal(await other.stop(), 0);
  });
});

describe("limits of the server", () => {
  const status = (port, path, headers = {}) => new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port, path, headers, agent: false }, (res) => {
      res.resume();
      res.on("end", () => resolve(res.statusCode));
    }).on("error", reject);
  });

  test("503 beyond the maximum of connections", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--max-connections", "2");
    await withRaw((_) => withRaw(async (_) => {
      assert.equal(await status(other.port, "/"), 503);
    }, other.port), other.port);
    assert.equal(await other.stop(), 0);
  });

  test("a handshake that takes too long is cut", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--handshake-timeout", "300ms");
    const socket = net.connect(other.port, "127.0.0.1");
    socket.write("GET /ws HTTP/1.1\r\n");
    await once(socket, "close");
    assert.equal(await other.stop(), 0);
  });

  test("an allowed origin may connect, and * is warned of", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--allowed-origins", '["*"]');
    const client = await other.connect({ origin: "http://anywhere.example" });
    client.ws.terminate();
    assert.equal(await other.stop(), 0);
    assert.ok(other.log.some((line) => /warning .*allowed-origins/.test(line)));
  });

  test("running out of descriptors does not stop the listener", async () => {
    const other = await Server.start("flamigo-protocol-server",
      "--max-connections", "100000");
    const { execFileSync } = await import("node:child_process");
    execFileSync("prlimit", ["--pid", String(other.pid), "--nofile=40:40"]);
    const sockets = Array.from({ length: 60 }, () =>
      net.connect(other.port, "127.0.0.1"));
    for (const socket of sockets) socket.on("error", () => {});
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const socket of sockets) socket.destroy();
    assert.equal(await status(other.port, "/"), 200);
    assert.ok(other.log.some((line) => line.includes("cannot accept")));
    assert.equal(await other.stop(), 0);
  });

  test("a port that is taken is refused with a sentence", async () => {
    await assert.rejects(
      Server.start("flamigo-protocol-server", "--port", String(server.port)),
      /cannot listen on 127\.0\.0\.1/);
  });
});
