// The files in deploy/: each as its own tools read it, and what Kubernetes is told to
// start, started here.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { natsServer } from "./nats.mjs";
import { balancer, freePort, Proxy } from "./proxies.mjs";
import { bin, Server } from "./server.mjs";

const deploy = fileURLToPath(new URL("../../deploy/", import.meta.url));
const chat = path.join(bin, "flamigo-chat");
const dir = mkdtempSync(path.join(os.tmpdir(), "flamigo-deploy-"));
const running = [];

after(async () => {
  for (const { child, exited } of running.reverse()) {
    child.kill("SIGKILL");
    await exited;
  }
  rmSync(dir, { recursive: true });
});

const read = (name) => readFileSync(path.join(deploy, name), "utf8");

function has(tool) {
  try {
    execFileSync("which", [tool], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** All objects that Kubernetes is told of. */
const objects = ["kubernetes/nats.yaml", "kubernetes/chat.yaml"].flatMap((name) =>
  parseAllDocuments(read(name)).map((x) => x.toJS()));

const find = (kind, name) =>
  objects.find((x) => x.kind === kind && x.metadata.name === name);

const podOf = (x) => x.spec.template.spec;

/** What the chat says of options that it does not take. */
function takes(args) {
  const secret = path.join(dir, "secret");
  writeFileSync(secret, "s".repeat(32));
  execFileSync(chat, [...args, `--token-secret-file=${secret}`, "--list-strategies"]);
}

// -- Kubernetes ------------------------------------------------------------------

test("Kubernetes' own schemas take the manifests", async () => {
  assert.ok(objects.length > 6);
  for (const what of objects) {
    const models = await import(`kubernetes-models/${what.apiVersion}`);
    new models[what.kind](what).validate();
  }
});

test("each field of the manifests is one of Kubernetes'", () => {
  const typed = (what, i) => `import type { I${what.kind} as T${i} } from `
    + `"kubernetes-models/${what.apiVersion}";\nexport const x${i}: T${i} = `
    + `${JSON.stringify(what)};\n`;
  const wrong = structuredClone(find("Deployment", "chat"));
  wrong.spec.template.spec.containers[0].readinesProbe = {};
  const last = typed(wrong, objects.length).replace("export", "// @ts-expect-error\nexport");
  writeFileSync(path.join(dir, "manifests.ts"), objects.map(typed).join("") + last);
  const modules = fileURLToPath(new URL("node_modules", import.meta.url));
  symlinkSync(modules, path.join(dir, "node_modules"));
  execFileSync(path.join(modules, ".bin/tsc"), ["--noEmit", "--strict", "--skipLibCheck",
    "--typeRoots", "none", "--module", "preserve", "manifests.ts"], { cwd: dir, encoding: "utf8" });
});

test("kubectl makes one list of the manifests", { skip: !has("kubectl") }, () => {
  const list = parseAllDocuments(execFileSync("kubectl",
    ["kustomize", path.join(deploy, "kubernetes")], { encoding: "utf8" }));
  assert.equal(list.length, objects.length);
});

test("services, budgets and policies are about pods that there are", () => {
  const pods = objects.filter((x) => x.spec?.template).map((x) => x.spec.template);
  for (const what of objects) {
    const labels = what.spec.selector?.matchLabels ?? what.spec.podSelector?.matchLabels
      ?? what.spec.selector;
    assert.ok(pods.some((x) => Object.entries(labels).every(([key, value]) =>
      x.metadata.labels[key] === value)), `${what.kind} ${what.metadata.name}`);
  }
});

test("nobody is root there, and there is time to drain", () => {
  for (const what of [find("StatefulSet", "nats"), find("Deployment", "chat")]) {
    const pod = podOf(what);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    for (const { name, securityContext, ...probes } of pod.containers) {
      assert.equal(securityContext.allowPrivilegeEscalation, false, name);
      assert.equal(securityContext.readOnlyRootFilesystem, true, name);
      assert.deepEqual(securityContext.capabilities.drop, ["ALL"], name);
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
        assert.ok(probes[probe], `${name} has no ${probe}`);
    }
  }
  const pod = podOf(find("Deployment", "chat"));
  const [{ args, lifecycle }] = pod.containers;
  const drain = Number(args.find((x) => x.startsWith("--drain-timeout")).match(/\d+/));
  const wait = Number(lifecycle.preStop.exec.command[1]);
  assert.ok(pod.terminationGracePeriodSeconds > drain + wait + 2);
});

/** What an argument becomes in a pod. */
const expand = (text, env) => text.replace(/\$\((\w+)\)/g, (_, name) => env[name]);

/** Asks until it is answered well: a history may not be there yet. */
async function insist(client, what, limit) {
  for (;;) {
    const answer = await client.ask({ ...what, ackId: "1" });
    if (answer.topic !== "error") return answer;
    assert.ok(Date.now() < limit, JSON.stringify(answer));
    await pause(100);
  }
}

async function logIn(node) {
  const answer = await fetch(`http://127.0.0.1:${node.port}/login`,
    { method: "POST", body: JSON.stringify({ name: "Ada" }) });
  const client = await node.connect();
  const { token } = await answer.json();
  await client.ask({ topic: "app::websocket:auth", payload: { token }, ackId: "0" });
  return client;
}

/** What is said in the lobby from now on, with its offsets. */
async function listenTo(node, limit) {
  const client = await logIn(node);
  await insist(client, { topic: "app::websocket:subscribe",
    payload: { topic: "rooms/lobby" } }, limit);
  const result = [];
  client.ws.on("message", (data) => {
    const { topic, payload, offsets } = JSON.parse(data.toString());
    if (topic === "chat:message") result.push([payload.text, offsets["rooms/lobby"]]);
  });
  return result;
}

async function post(node, text, limit) {
  const client = await logIn(node);
  await insist(client, { topic: "app::chat:post", payload: { room: "lobby", text } }, limit);
  await client.close();
}

test("what Kubernetes is told to start is one system", async () => {
  // Of digits, which a configuration file of NATS would take for a number.
  const NATS_TOKEN = "12345678901234567890";
  const places = [0, 1, 2];
  const ports = { client: [], cluster: [], http: [] };
  for (const of of Object.values(ports))
    for (const _ of places) of.push(await freePort());
  const local = (text) => places.reduce((all, i) => all
    .replaceAll(`nats-${i}.nats:4222`, `127.0.0.1:${ports.client[i]}`)
    .replaceAll(`nats-${i}.nats:6222`, `127.0.0.1:${ports.cluster[i]}`), text);
  const nats = podOf(find("StatefulSet", "nats")).containers[0];
  for (const i of places) {
    const args = nats.args.map((x) => local(expand(x, { POD_NAME: `nats-${i}`, NATS_TOKEN })
      .replace("0.0.0.0:6222", `127.0.0.1:${ports.cluster[i]}`).replace("=8222", "=0")
      .replace("=/data", `=${path.join(dir, `nats-${i}`)}`)));
    const child = spawn(natsServer,
      ["-a", "127.0.0.1", "-p", String(ports.client[i]), ...args], { stdio: "ignore" });
    running.push({ child, exited: once(child, "close") });
  }
  writeFileSync(path.join(dir, "key"), "k".repeat(32));
  const { args } = podOf(find("Deployment", "chat")).containers[0];
  const nodes = [];
  for (const i of places) {
    const own = args.map((x) => local(expand(x, { POD_NAME: `chat-${i}`, NATS_TOKEN }))
      .replace("/run/secrets/chat/token-secret", path.join(dir, "key"))
      .replace("0.0.0.0", "127.0.0.1").replace("=9464", "=0"));
    const node = await Server.run(chat, { port: ports.http[i] }, ...own);
    nodes.push(node);
    running.push(node);
  }
  for (const node of nodes)
    for (const other of nodes)
      if (other !== node) await node.logged(`node chat-${nodes.indexOf(other)} is there`);
  const proxy = await Proxy.start("haproxy", ports.http, balancer);
  try {
    const ready = await fetch(`http://127.0.0.1:${proxy.port}/readyz`);
    assert.equal(ready.status, 200);
    // As a probe asks, of a node.
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const { httpGet } = podOf(find("Deployment", "chat")).containers[0][probe];
      assert.equal((await fetch(`http://127.0.0.1:${nodes[0].port}${httpGet.path}`)).status, 200);
    }
    const limit = Date.now() + 40_000;
    const heard = await listenTo(nodes[2], limit);
    await post(nodes[1], "before", limit);
    // One of the servers of NATS may be away.
    running[0].child.kill("SIGKILL");
    await post(nodes[1], "behind", limit);
    while (heard.length < 2) {
      assert.ok(Date.now() < limit, nodes[2].log.join("\n"));
      await pause(50);
    }
    assert.deepEqual(heard, [["before", 1], ["behind", 2]]);
    for (const node of nodes)
      while ((await fetch(`http://127.0.0.1:${node.port}/readyz`)).status !== 200) {
        assert.ok(Date.now() < limit, node.log.join("\n"));
        await pause(50);
      }
  } finally {
    await proxy.stop();
  }
  for (const node of nodes) assert.equal(await node.stop(), 0);
});

// -- compose ---------------------------------------------------------------------

test("compose has three nodes, which take what they are told", () => {
  const { services, networks, secrets } = parse(read("compose.yaml"), { merge: true });
  for (const [name, service] of Object.entries(services)) {
    for (const other of service.depends_on ?? []) assert.ok(services[other], `${name}: ${other}`);
    for (const network of service.networks) assert.ok(network in networks, name);
    for (const secret of service.secrets ?? []) assert.ok(secret in secrets, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
  }
  for (const name of ["one", "two", "three"]) {
    const { command, stop_grace_period: patience } = services[name];
    takes(command.filter((x) => !x.startsWith("--token-secret-file")));
    const drain = command.find((x) => x.startsWith("--drain-timeout"));
    assert.ok(Number.parseInt(patience) > Number(drain.match(/\d+/)) + 2);
    assert.equal(services.balancer.environment[`NODE_${name.toUpperCase()}`], `${name}:8080`);
  }
});

test("the image has what the program needs", () => {
  const needed = execFileSync("ldd", [chat], { encoding: "utf8" });
  const [, packages] = read("Dockerfile").match(/no-install-recommends \\\n +(lib.*) \\\n/);
  const installed = packages.split(" ").map((x) => x.replace(/[\d.]+$/, ""));
  for (const [, name] of needed.matchAll(/^\s*lib(caf_\w+|nats|spdlog|ssl)\.so/gm))
    assert.ok(installed.includes(`lib${name.replace("_", "-")}`), name);
});

// -- systemd ---------------------------------------------------------------------

test("systemd takes the unit, and finds it well guarded", { skip: !has("systemd-analyze") },
  () => {
    // The program is somewhere else here.
    const unit = path.join(dir, "flamigo-chat@1.service");
    writeFileSync(unit, read("systemd/flamigo-chat@.service")
      .replace("/usr/local/bin/flamigo-chat", chat));
    const said = execFileSync("systemd-analyze", ["verify", "--man=no", unit],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    assert.equal(said, "");
    // Of 100; as they come, units have 95.
    execFileSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", unit],
      { stdio: "pipe" });
  });

test("the program takes the configuration and the options of the unit", () => {
  const exec = read("systemd/flamigo-chat@.service").replaceAll("\\\n", "")
    .match(/^ExecStart=(.*)$/m)[1].split(/\s+/).slice(1);
  takes(exec.filter((x) => !x.startsWith("--token-secret-file"))
    .map((x) => x.replaceAll("%i", "1").replaceAll("%H", "host")
      .replace("/etc/flamigo-chat", path.join(deploy, "systemd"))));
});

test("NATS takes what is added to its unit", () => {
  const exec = read("systemd/nats-server.conf").match(/^ExecStart=\/(.*)$/m)[1].split(" ").slice(1);
  const conf = path.join(dir, "nats-server.conf");
  // As Debian has it.
  writeFileSync(conf, "host: 127.0.0.1\nport: 4222\n");
  execFileSync(natsServer, [...exec.map((x) => x.replace("/etc/nats-server.conf", conf)
    .replace("/var/lib", dir)), "-t"], { stdio: "pipe" });
});

test("the script that restarts all is one", () => {
  execFileSync("sh", ["-n", path.join(deploy, "systemd/rolling-restart")]);
});
