// The client of python-socketio, as the distribution has it.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Server } from "./server.mjs";

// That of the distribution, whatever else is on the path.
const python = "/usr/bin/python3";
const skip = spawnSync(python, ["-c", "import socketio, requests, websocket"]).status === 0
  ? false : "there is no python3-socketio on this machine: scripts/bootstrap test";
const script = fileURLToPath(new URL("socketio_client.py", import.meta.url));

test("it talks over each transport", { skip, timeout: 60_000 }, async () => {
  const server = await Server.start("flamigo-socketio-server", "--threads", "2");
  const { stdout } = await promisify(execFile)(python, [script, `http://127.0.0.1:${server.port}`]);
  assert.equal(stdout.match(/^talked over /gm).length, 3);
  await server.stop();
});
