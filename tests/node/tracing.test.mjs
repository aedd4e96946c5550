// What OpenTelemetry's own schema makes of the traces, and others of the log.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { io } from "socket.io-client";
import root from "@opentelemetry/otlp-transformer/build/src/generated/root.js";
import { Client, Server } from "./server.mjs";

const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
const traceId = "0af7651916cd43dd8448eb211c80319c";
const handshake = "11111111111111112222222222222222";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

let folder, file, server;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "flamigo-tracing-"));
  file = path.join(folder, "spans.jsonl");
  server = await Server.start("flamigo-metrics-server", "--trace-sample=1",
    "--trace-file", file, "--trace-service=desk", "--log-format=json");
});

after(async () => {
  await server?.stop();
  fs.rmSync(folder, { recursive: true });
});

/** What a collector's receiver of files reads: ids are hexadecimal there. */
function decode(line) {
  const hexToBase64 = (name, value) =>
    /^(trace|span|parentSpan)Id$/.test(name) ? Buffer.from(value, "hex").toString("base64") : value;
  const given = JSON.parse(line, hexToBase64);
  const message = Request.fromObject(given);
  assert.equal(Request.verify(message), null);
  // What the schema does not know, or has another type for, is gone by now.
  const read = Request.toObject(Request.decode(Request.encode(message).finish()),
    { longs: String, bytes: String });
  assert.deepEqual(read, given);
  return JSON.parse(line).resourceSpans[0];
}

/** The steps that were written, once there are so many. */
async function spans(count, where = file) {
  for (;;) {
    const lines = fs.readFileSync(where, "utf8").split("\n");
    lines.pop();
    if (lines.length >= count) return lines.map(decode);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("traces have the shape of OpenTelemetry's", async () => {
  const client = await Client.open(server.url,
    { headers: { traceparent: `00-${handshake}-3333333333333333-01` } });
  await client.ask({ topic: "app::websocket:auth", payload: { token: "good" }, ackId: 1 });
  await client.ask({ topic: "app::desk:echo", payload: "hi", ackId: 2, traceparent });
  await client.ask({ topic: "app::test:throw", ackId: 3, traceparent });
  await client.close();
  const all = await spans(4);
  for (const { resource } of all)
    assert.deepEqual(resource.attributes,
      [{ key: "service.name", value: { stringValue: "desk" } }]);
  const [auth, hosted, asked, failed] = all.map((x) => x.scopeSpans[0].spans[0]);
  assert.equal(auth.name, "app::websocket:auth");
  assert.notEqual(auth.traceId, traceId);
  assert.equal(hosted.traceId, traceId);
  assert.equal(hosted.parentSpanId, asked.spanId);
  assert.equal(asked.parentSpanId, "b7ad6b7169203331");
  assert.equal(asked.kind, 2);
  assert.deepEqual(asked.links, [{ traceId: handshake, spanId: "3333333333333333" }]);
  assert.deepEqual(failed.status, { message: "internal error", code: 2 });
  assert.ok(!fs.readFileSync(file, "utf8").includes("good"), "no token is written");
});

test("each line of the log is an object", async () => {
  await server.logged("app::test:throw");
  for (const line of server.log) {
    const { time, level, message } = JSON.parse(line);
    assert.equal(new Date(time).toISOString().slice(0, 19), time.slice(0, 19));
    assert.match(level, /^(info|warning|error)$/);
    assert.equal(typeof message, "string");
  }
  const failure = server.log.map((x) => JSON.parse(x)).find((x) => x.message.includes("app::test:throw"));
  assert.equal(failure.trace_id, traceId);
  assert.match(failure.span_id, /^[0-9a-f]{16}$/);
  assert.ok(failure.connection);
});

/** One request of each kind of client whose handshake had a trace. */
const others = {
  async sse({ port }, headers) {
    const url = `http://127.0.0.1:${port}/sse`;
    const stream = await fetch(url, { headers: { ...headers, cookie: "token=good" } });
    const text = stream.body.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    const until = async (what) => {
      while (!what.test(heard)) heard += (await text.read()).value;
      return what.exec(heard)[1];
    };
    const session = await until(/"session":"([^"]*)"/);
    await fetch(`${url}?session=${session}`, { method: "POST",
      body: JSON.stringify({ topic: "app::t:who", payload: null, ackId: 1 }) });
    await until(/("ackId":1)/);
    await text.cancel();
  },
  async socketio({ port }, extraHeaders) {
    const socket = io(`http://127.0.0.1:${port}`, { extraHeaders });
    await socket.timeout(5000).emitWithAck("app::t:echo", 1);
    socket.close();
  },
};

for (const [kind, ask] of Object.entries(others))
  test(`the handshake of ${kind} is linked as well`, { timeout: 30_000 }, async () => {
    const where = path.join(folder, kind);
    const other = await Server.start(`flamigo-${kind}-server`, "--trace-sample=1",
      "--trace-file", where, ...(kind === "sse" ? ["--auth-cookie", "token"] : []));
    try {
      await ask(other, { traceparent: `00-${handshake}-3333333333333333-01` });
      // Who the client is may have been asked before.
      let asked;
      for (let count = 1; !asked; ++count)
        asked = (await spans(count, where)).map((x) => x.scopeSpans[0].spans[0])
          .find((x) => x.name.startsWith("app::t:"));
      assert.deepEqual(asked.links, [{ traceId: handshake, spanId: "3333333333333333" }]);
      assert.notEqual(asked.traceId, handshake);
    } finally {
      await other.stop();
    }
  });
