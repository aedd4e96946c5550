// TLS, through clients that are not ours: Node, curl, openssl and Chromium.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync }
  from "node:fs";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { executablePath, skip } from "./chromium.mjs";
import { Client, Server } from "./server.mjs";

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), "flamigo-tls-"));
const file = (name) => path.join(folder, name);
let ca;
let server;

function openssl(...args) {
  return execFileSync("openssl", args, { stdio: ["ignore", "pipe", "ignore"] });
}

/** A certificate for these names, signed by ours, in name.pem. */
function issue(name, names, kind = ["ec", "-pkeyopt",
  "ec_paramgen_curve:P-256"]) {
  openssl("req", "-new", "-newkey", ...kind, "-nodes", "-subj", `/CN=${name}`,
    "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`));
  writeFileSync(file(`${name}.ext`), `subjectAltName=${names}`);
  openssl("x509", "-req", "-in", file(`${name}.csr`), "-CA", file("ca.pem"),
    "-CAkey", file("ca.key"), "-CAcreateserial", "-days", "2",
    "-extfile", file(`${name}.ext`), "-out", file(`${name}.new`));
  writeFileSync(file(`${name}.both`),
    readFileSync(file(`${name}.new`), "utf8")
    + readFileSync(file(`${name}.key`), "utf8"));
  renameSync(file(`${name}.both`), file(`${name}.pem`));
}

before(async () => {
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Test CA",
    "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", file("ca.key"),
    "-out", file("ca.pem"));
  ca = readFileSync(file("ca.pem"));
  issue("localhost", "DNS:localhost,IP:127.0.0.1");
  issue("other", "DNS:*.other.test", ["rsa:2048"]);
  server = await Server.start("flamigo-chat", "--tls-port", "0",
    `--tls-certificates=["${file("localhost.pem")}","${file("other.pem")}"]`,
    "--tls-hsts=1h");
});

after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const port = () => server.tlsPort;

/** A request that nobody serves is answered, too. */
async function answered(client) {
  const answer = await client.ask({ topic: "app::no:such", ackId: "1" });
  assert.equal(answer.ackId, "1");
}

async function handshake(options = {}) {
  const socket = tls.connect({ host: "127.0.0.1", port: port(), ca,
    servername: "localhost", ...options });
  await once(socket, "secureConnect");
  return socket;
}

test("Node's https and ws are served", async () => {
  const [response] = await once(https.get(
    { host: "127.0.0.1", port: port(), ca, servername: "localhost" }),
  "response");
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["strict-transport-security"], "max-age=3600");
  response.resume();
  const client = await Client.open(`wss://127.0.0.1:${port()}/ws`,
    { ca, servername: "localhost" });
  await answered(client);
  client.close();
});

test("curl is served, by TLS 1.2 and 1.3", async () => {
  for (const version of ["1.2", "1.3"]) {
    const { stdout } = await run("curl", ["-sS", "--cacert", file("ca.pem"),
      "--tlsv" + version, "--tls-max", version, "-w", "%{http_code}", "-o",
      file("page"), `https://localhost:${port()}/`,
      "--resolve", `localhost:${port()}:127.0.0.1`]);
    assert.equal(stdout, "200");
  }
  await assert.rejects(run("curl", ["-sS", "--cacert", file("ca.pem"),
    "--tls-max", "1.1", `https://localhost:${port()}/`]));
});

test("openssl s_client finds the chain good", async () => {
  const child = run("openssl", ["s_client", "-connect", `127.0.0.1:${port()}`,
    "-servername", "localhost", "-CAfile", file("ca.pem"),
    "-verify_return_error"]);
  child.child.stdin.end();
  const { stdout } = await child;
  assert.match(stdout, /Verify return code: 0 \(ok\)/);
});

test("each name has its certificate", async () => {
  for (const [servername, expected] of [["localhost", "localhost"],
    ["a.other.test", "other"]]) {
    const socket = await handshake({ servername });
    assert.equal(socket.getPeerCertificate().subject.CN, expected);
    socket.destroy();
  }
});

test("a session goes on", async () => {
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"]) {
    const first = tls.connect({ host: "127.0.0.1", port: port(), ca,
      servername: "localhost", maxVersion });
    // With 1.3 behind the handshake, with 1.2 in it.
    const [ticket] = await once(first, "session");
    first.destroy();
    const second = await handshake({ maxVersion, session: ticket });
    assert.ok(second.isSessionReused(), maxVersion);
    second.destroy();
  }
});

test("new certificates are taken, and connections stay", async () => {
  const client = await Client.open(`wss://127.0.0.1:${port()}/ws`,
    { ca, servername: "localhost" });
  const before = await handshake();
  const serial = before.getPeerCertificate().serialNumber;
  before.destroy();
  issue("localhost", "DNS:localhost,IP:127.0.0.1");
  server.child.kill("SIGHUP");
  await server.logged("the certificates were read again on SIGHUP");
  const next = await handshake();
  assert.notEqual(next.getPeerCertificate().serialNumber, serial);
  next.destroy();
  // And what cannot be used changes nothing.
  const good = readFileSync(file("localhost.pem"));
  writeFileSync(file("localhost.pem"), "nothing");
  server.child.kill("SIGHUP");
  await server.logged("holds no certificate in PEM");
  writeFileSync(file("localhost.pem"), good);
  (await handshake()).destroy();
  await answered(client);
  client.close();
});

test("the log says when files have changed by themselves", async () => {
  issue("localhost", "DNS:localhost,IP:127.0.0.1");
  await server.logged("the certificates have changed and were read again");
  (await handshake()).destroy();
});

test("plain HTTP on the port of TLS is told what is wrong", async () => {
  const socket = net.connect(port(), "127.0.0.1");
  socket.setEncoding("utf8");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  let got = "";
  socket.on("data", (text) => { got += text; });
  await once(socket, "close");
  assert.match(got, /^HTTP\/1\.1 400 [^]*this port speaks TLS/);
});

test("a start without a good certificate ends with 2 and a sentence",
  async () => {
    writeFileSync(file("bad.pem"), "nothing");
    const child = Server.start("flamigo-chat", "--tls-port=0",
      `--tls-certificates=["${file("bad.pem")}"]`);
    await assert.rejects(child, /ended with 2:\n.*bad\.pem holds no certificate/);
    const busy = Server.start("flamigo-chat", `--tls-port=${port()}`,
      `--tls-certificates=["${file("localhost.pem")}"]`);
    await assert.rejects(busy,
      /ended with 2:\ncannot listen on .*choose another --host or --tls-port/);
  });

test("plain requests are sent to TLS", async () => {
  const other = await Server.start("flamigo-chat", "--tls-port=0",
    "--tls-redirect", `--tls-certificates=["${file("localhost.pem")}"]`);
  const { stdout } = await run("curl", ["-sSL", "--cacert", file("ca.pem"),
    "-w", "%{url_effective} %{http_code}", "-o", file("page"),
    `http://localhost:${other.port}/`]);
  assert.equal(stdout, `https://localhost:${other.tlsPort}/ 200`);
  await other.stop();
});

test("a page in Chromium speaks wss", { skip }, async () => {
  const home = file("home");
  const store = `sql:${home}/.pki/nssdb`;
  execFileSync("mkdir", ["-p", `${home}/.pki/nssdb`]);
  execFileSync("certutil", ["-d", store, "-N", "--empty-password"]);
  execFileSync("certutil", ["-d", store, "-A", "-t", "C,,", "-n", "test ca",
    "-i", file("ca.pem")]);
  const browser = await chromium.launch({ executablePath,
    env: { ...process.env, HOME: home },
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-background-networking", "--disable-component-update"] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(`https://localhost:${port()}/`);
    await page.getByRole("status").filter({ hasText: /^connected$/ }).waitFor();
    const scheme = await page.evaluate(() => location.protocol);
    assert.equal(scheme, "https:");
  } finally {
    await browser.close();
  }
});
