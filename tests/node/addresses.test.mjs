// Whose address a server sees behind proxies, by their headers and by the PROXY
// protocol, in the clear and with TLS behind it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Proxy } from "./proxies.mjs";
import { Client, Server } from "./server.mjs";

// Proxies come from 127.0.0.1, and clients from here.
const localAddress = "127.0.0.2";
const folder = mkdtempSync(path.join(tmpdir(), "flamigo-addresses-"));
const file = (name) => path.join(folder, name);
let ca;

const start = (...options) =>
  Server.start("flamigo-protocol-server", "--trusted-proxies=127.0.0.1",
    "--tls-port", "0", `--tls-certificates=${file("chain.pem")}`,
    `--tls-keys=${file("key.pem")}`, ...options);

before(() => {
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt",
    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
    "-keyout", file("key.pem"), "-out", file("chain.pem")], { stdio: "ignore" });
  ca = readFileSync(file("chain.pem"));
});
after(() => rmSync(folder, { recursive: true }));

/** What a GET of the address is answered: status and body. */
async function get(port, { secure = false, ...options } = {}) {
  const { request } = secure ? https : http;
  const asked = request({ host: "127.0.0.1", port, path: "/address", ca,
    localAddress, agent: false, ...options }).end();
  const [answer] = await once(asked, "response");
  let body = "";
  for await (const text of answer) body += text;
  return { status: answer.statusCode, body, headers: answer.headers };
}

/** The address in the claims of a WebSocket. */
async function claimed(port, { secure = false, ...options } = {}) {
  const scheme = secure ? "wss" : "ws";
  const client = await Client.open(`${scheme}://127.0.0.1:${port}/ws`,
    { localAddress, ca, ...options });
  const { payload } = await client.ask(
    { topic: "app::test:address", payload: null, ackId: 1 });
  await client.close();
  return payload;
}

/** Those that say in a header who the client is, and how they are told to. */
const byHeader = {
  nginx: {
    location: `proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`,
  },
  haproxy: { proxy: "option forwardfor" },
  caddy: {},
};

for (const [name, settings] of Object.entries(byHeader))
  test(`${name} says in a header who the client is`, { timeout: 60_000 }, async () => {
    const server = await start();
    const proxy = await Proxy.start(name, [server.port], settings);
    assert.equal((await get(proxy.port)).body, localAddress);
    assert.equal(await claimed(proxy.port), localAddress);
    // What the client says of himself makes no difference.
    for (const headers of [{ "X-Forwarded-For": "192.0.2.1" },
      { "X-Forwarded-For": "\"" }, { Forwarded: "for=192.0.2.1" }]) {
      assert.equal((await get(proxy.port, { headers })).body, localAddress);
      assert.equal(await claimed(proxy.port, { headers }), localAddress);
    }
    // Nor does it without a proxy.
    const headers = { "X-Forwarded-For": "192.0.2.1" };
    assert.match((await get(server.port, { headers })).body, /^127\.0\.0\.2:\d+$/);
    await proxy.stop();
    assert.equal(await server.stop(), 0);
  });

test("HAProxy says it in the standard's header", { timeout: 60_000 }, async () => {
  const server = await start();
  const proxy = await Proxy.start("haproxy", [server.port], {
    proxy: `http-request del-header X-Forwarded-For
  http-request set-header Forwarded for=%[src]`,
  });
  const headers = { "X-Forwarded-For": "192.0.2.1", Forwarded: "for=192.0.2.1" };
  assert.equal((await get(proxy.port, { headers })).body, localAddress);
  assert.equal(await claimed(proxy.port, { headers }), localAddress);
  await proxy.stop();
  assert.equal(await server.stop(), 0);
});

const byProtocol = [
  ...["send-proxy", "send-proxy-v2", "send-proxy-v2-ssl-cn"].map((server) =>
    ["haproxy", { mode: "tcp", server }]),
  ["nginx", { stream: "proxy_protocol on;" }],
];

for (const [name, settings] of byProtocol)
  test(`${name} says it by ${Object.values(settings)}`, { timeout: 60_000 }, async () => {
    const server = await start("--proxy-protocol=true");
    const known = /^127\.0\.0\.2:\d+$/;
    for (const secure of [false, true]) {
      const proxy = await Proxy.start(name,
        [secure ? server.tlsPort : server.port], settings);
      // A client is no proxy, whatever he says.
      const options = { secure, headers: { "X-Forwarded-For": "192.0.2.1" } };
      assert.match((await get(proxy.port, options)).body, known);
      assert.match(await claimed(proxy.port, options), known);
      await proxy.stop();
    }
    // Others come as before.
    assert.match((await get(server.port)).body, known);
    assert.match(await claimed(server.tlsPort, { secure: true }), known);
    assert.equal(await server.stop(), 0);
  });

test("HAProxy's checks do no harm", { timeout: 60_000 }, async () => {
  const server = await start("--proxy-protocol=true");
  const proxy = await Proxy.start("haproxy", [server.port],
    { mode: "tcp", server: "send-proxy-v2 check inter 20ms" });
  const until = Date.now() + 500;
  while (Date.now() < until)
    assert.match((await get(proxy.port)).body, /^127\.0\.0\.2:\d+$/);
  await proxy.stop();
  assert.deepEqual(server.log.filter((x) => x.includes("PROXY")), []);
  assert.equal(await server.stop(), 0);
});

test("a trusted proxy that sends no header is closed", async () => {
  const server = await start("--proxy-protocol=true");
  await assert.rejects(get(server.port, { localAddress: "127.0.0.1" }));
  await server.logged("has sent no header of the PROXY protocol");
  const socket = net.connect({ port: server.port, host: "127.0.0.1" });
  socket.write("PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n"
    + "GET /address HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  let heard = "";
  for await (const text of socket) heard += text;
  assert.match(heard, /\r\n\r\n192\.0\.2\.1:1$/);
  assert.equal(await server.stop(), 0);
});

test("an address has its bound, behind a proxy as well", { timeout: 60_000 }, async () => {
  const server = await start("--max-connections-per-address=2");
  const proxy = await Proxy.start("nginx", [server.port], byHeader.nginx);
  const open = (from, port = proxy.port) =>
    Client.open(`ws://127.0.0.1:${port}/ws`, { localAddress: from });
  const clients = [await open("127.0.0.2"), await open("127.0.0.2")];
  await assert.rejects(open("127.0.0.2"), /429/);
  clients.push(await open("127.0.0.3"));
  // Without it, he is the same one.
  const { status, headers } = await get(server.port);
  assert.deepEqual([status, headers["retry-after"]], [429, "5"]);
  await clients[0].close();
  // The server hears of the end of a connection when its proxy does.
  let again;
  for (let i = 0; !again && i < 200; ++i)
    again = await open("127.0.0.2").catch(() => undefined);
  assert.ok(again);
  for (const client of [...clients.slice(1), again]) await client.close();
  await proxy.stop();
  assert.equal(await server.stop(), 0);
});
