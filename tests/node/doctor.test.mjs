// `flamigo doctor --running` at deployments that are well, and at such as real
// proxies spoil.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Proxy } from "./proxies.mjs";
import { Server, bin } from "./server.mjs";

const tool = path.join(bin, "flamigo");
let server;

before(async () => {
  server = await Server.start("flamigo-sse-server", "--ping-interval=1s");
});

after(() => server?.stop());

/** What it says of one thing, and how it ends. */
async function examine(url, ...args) {
  const said = await new Promise((resolve) =>
    execFile(tool, ["doctor", "--running", url, ...args],
      (error, stdout, stderr) =>
        resolve({ status: error?.code ?? 0, stdout, stderr })));
  said.of = (what) => said.stdout.split("\n")
    .find((line) => line.slice(11).startsWith(`${what} `))?.trim() ?? "";
  return said;
}

test("a program that is well", async () => {
  const said = await examine(`http://127.0.0.1:${server.port}`);
  assert.equal(said.status, 0, said.stdout);
  for (const what of ["reach", "ready", "upgrade", "origin", "answers",
    "streams", "ping"])
    assert.match(said.of(what), /^ok /, said.stdout);
});

test("what is no address, and where nobody is", async () => {
  const wrong = await examine("localhost:8080");
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /write http:\/\/ or https:\/\//);
  const nobody = await examine("http://127.0.0.1:1");
  assert.equal(nobody.status, 1);
  assert.match(nobody.of("reach"), /^wrong .*Connection refused/);
});

test("another path", async () => {
  const said = await examine(`ws://127.0.0.1:${server.port}/socket`);
  assert.equal(said.status, 1);
  assert.match(said.of("upgrade"), /^wrong .* 404: .*say the path/);
});

test("pages of any origin", async () => {
  const open = await Server.start("flamigo-sse-server", "--ping-interval=1s",
    "--allowed-origins=*");
  const said = await examine(`http://127.0.0.1:${open.port}`);
  await open.stop();
  assert.equal(said.status, 0);
  assert.match(said.of("origin"), /^doubtful /);
});

test("nginx as it is by default passes no upgrade on", async () => {
  const proxy = await Proxy.start("nginx", [server.port], {});
  const said = await examine(`http://127.0.0.1:${proxy.port}`);
  await proxy.stop();
  assert.equal(said.status, 1);
  assert.match(said.of("upgrade"), /^wrong .*Upgrade/, said.stdout);
});

test("nginx that waits for less than a ping takes cuts", async () => {
  const slow = await Server.start("flamigo-sse-server", "--ping-interval=9s");
  const { location } = Proxy.upgrades("nginx");
  const proxy = await Proxy.start("nginx", [slow.port],
    { location: `${location} proxy_read_timeout 1s;` });
  const said = await examine(`http://127.0.0.1:${proxy.port}`);
  await proxy.stop();
  await slow.stop();
  assert.equal(said.status, 1);
  assert.match(said.of("ping"), /^wrong .*cut without a close frame/,
    said.stdout);
});

test("what passes on whole answers only keeps streams back", async () => {
  const keeper = http.createServer((request, response) => {
    const onward = http.request({ port: server.port, host: "127.0.0.1",
      method: request.method, path: request.url, headers: request.headers },
    (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        response.writeHead(answer.statusCode, answer.headers);
        response.end(Buffer.concat(parts));
      });
      answer.on("error", () => response.destroy());
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(keeper, "listening");
  const said = await examine(`http://127.0.0.1:${keeper.address().port}`);
  keeper.close();
  assert.equal(said.status, 1);
  assert.match(said.of("ready"), /^ok /);
  assert.match(said.of("streams"), /^wrong .*proxy_buffering off/, said.stdout);
});

/** A doctor that waits for the end, which this brings about. */
async function examineEnd(end) {
  const ending = await Server.start("flamigo-sse-server", "--ping-interval=1s");
  const child = spawn(tool, ["doctor", "--running",
    `http://127.0.0.1:${ending.port}`, "--drain", "60"]);
  let said = "";
  let ended = false;
  child.stdout.on("data", (text) => {
    said += text;
    if (ended || !said.includes("restart the program now")) return;
    ended = true;
    end(ending);
  });
  const [status] = await once(child, "close");
  return { status, said };
}

test("a program that drains, and one that is killed", async () => {
  const child = await examineEnd((x) => x.stop());
  assert.equal(child.status, 0, child.said);
  const killed = await examineEnd((x) => x.child.kill("SIGKILL"));
  assert.equal(killed.status, 1);
});

/** Files of a certificate of one's own, while `use` runs. */
async function withCertificate(use) {
  const folder = mkdtempSync(path.join(tmpdir(), "flamigo-doctor-"));
  const file = (name) => path.join(folder, name);
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt",
    "ec_paramgen_curve:P-256", "-nodes", "-days", "5", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
    file("key.pem"), "-out", file("ca.pem")], { stdio: "ignore" });
  writeFileSync(file("both.pem"),
    readFileSync(file("ca.pem"), "utf8") + readFileSync(file("key.pem"), "utf8"));
  try {
    await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a token is for nobody whose certificate is not to be trusted", () =>
  withCertificate(async (file) => {
    const shown = [];
    const other = https.createServer({ cert: readFileSync(file("ca.pem")),
      key: readFileSync(file("key.pem")) }, (request, response) => {
      shown.push(request.headers.authorization);
      response.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    other.on("upgrade", (request, socket) => {
      shown.push(request.headers.authorization);
      socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
    await once(other, "listening");
    const url = `https://127.0.0.1:${other.address().port}`;
    await examine(url, "--token", "secret");
    assert.ok(shown.length > 1);
    assert.deepEqual(shown.filter(Boolean), []);
    await examine(url, "--token", "secret", "--ca", file("ca.pem"));
    assert.ok(shown.includes("Bearer secret"));
    other.close();
  }));

test("a certificate of one's own", () => withCertificate(async (file) => {
  const secure = await Server.start("flamigo-sse-server", "--tls-port", "0",
    `--tls-certificates=["${file("both.pem")}"]`, "--ping-interval=1s");
  const url = `https://127.0.0.1:${secure.tlsPort}`;
  const known = await examine(url, "--ca", file("ca.pem"));
  const stranger = await examine(url);
  await secure.stop();
  assert.equal(known.status, 0, known.stdout);
  assert.match(known.of("tls"), /^doubtful .*[45] days left: renew/);
  assert.equal(stranger.status, 1);
  assert.match(stranger.of("tls"), /^wrong .*refuse.*self.signed/);
  // The rest is looked at all the same.
  assert.match(stranger.of("ping"), /^ok /);
}));
